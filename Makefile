.PHONY: run test catalogues lock lifecycle format clean

run:  ## start the platform here; installs what is missing, asks nothing
	@exec sh bin/run

test:  ## style, types and tests
	@exec sh bin/test

catalogues:  ## bring the translations up to date with the source
	@exec sh bin/catalogues

lock:  ## compile requirements*.txt from pyproject.toml
	@exec sh bin/lock

lifecycle:  ## write docs/lifecycle.md from the transition tables
	@.venv/bin/python -m flask --app app lifecycle

format:  ## lay out the code
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

clean:  ## forget the virtual environment and caches; the data stays
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache
