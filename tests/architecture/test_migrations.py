"""Migrations are numbered without gap, in one line, and `migrations/head` names the last."""

import re

from incubator.config import ROOT

FOLDER = ROOT / "migrations"


def test_migrations_are_one_numbered_line():
    paths = sorted((FOLDER / "versions").glob("*.py"))
    assert [path.name[:5] for path in paths] == [f"{n:04}_" for n in range(1, len(paths) + 1)]
    for number, path in enumerate(paths, 1):
        found = dict(re.findall(r"^(revision|down_revision) = (?:['\"](\w+)['\"]|None)$", path.read_text(), re.MULTILINE))
        assert found == {"revision": f"{number:04}", "down_revision": f"{number - 1:04}" if number > 1 else ""}


def test_the_head_file_names_the_last():
    """Two branches that both add a migration meet here, as a conflict of this one line."""
    assert (FOLDER / "head").read_text().strip() == sorted((FOLDER / "versions").glob("*.py"))[-1].name[:4]


def test_migrations_do_not_import_the_product():
    assert not [path.name for path in (FOLDER / "versions").glob("*.py") if "incubator" in path.read_text()]
