"""Flask-Migrate, loaded only when somebody migrates: Alembic's import would be a third of every start."""

from functools import cached_property
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from incubator.config import ROOT
from incubator.kernel.db import db

EXTENSION = "migrate"


class Lazily:
    """Stands where Flask-Migrate keeps its settings, and becomes them at the first look."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def _settings(self) -> Any:
        from flask_migrate import Migrate  # noqa: PLC0415 - slow to load, and needed once per release

        Migrate(self.app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
        return self.app.extensions[EXTENSION]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._settings, name)


def install(app: Flask) -> None:
    app.extensions[EXTENSION] = Lazily(app)
    app.cli.add_command(migrations)


@click.command("db", add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.pass_context
@with_appcontext
def migrations(context: click.Context) -> None:
    """Flask-Migrate's own commands: upgrade, revision, current …"""
    from flask_migrate.cli import db as commands  # noqa: PLC0415 - slow to load, and needed once per release

    commands.main(args=context.args, standalone_mode=False)
