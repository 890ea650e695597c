"""`flask --app app backup FILE` and `restore FILE`: SQLite, uploaded files, the sales table and the local secret as one archive, taken while people work.

It refuses PostgreSQL and object storage, whose own tools (pg_dump, bucket versioning) do this better.
"""

import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import make_url

from incubator.config import SECRET_FILE

DATABASE, FILES, SALES = "incubator.sqlite3", "files", "sales"


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
def backup(archive: Path) -> None:
    """Write everything to ARCHIVE (.tar.gz), readable by its owner alone."""
    if archive.exists():
        raise click.ClickException(f"{archive} exists. Choose a new name, for instance with the date.")
    partial = archive.with_name(archive.name + ".partial")
    with (
        os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream,
        tarfile.open(fileobj=stream, mode="w:gz") as tar,
    ):
        number = write(tar)
    partial.rename(archive)
    click.echo(f"{archive}: the database and {number} files.")


def _harmless(tar: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """The members, all of them plain files and folders below the place of unpacking; Debian 12's Python has no `filter` yet."""
    members = tar.getmembers()
    for member in members:
        path = Path(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise click.ClickException(f"{member.name}: not a backup of ours.")
    return members


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(archive: Path) -> None:
    """Put ARCHIVE into an empty DATA_DIR. It never overwrites a database."""
    database, files = _places()
    if database.exists():
        raise click.ClickException(f"{database} exists. Stop the server, move the folder away, and say DATA_DIR=… to restore beside it.")
    with tarfile.open(archive) as tar, tempfile.TemporaryDirectory(dir=database.parent) as folder:
        tar.extractall(folder, members=_harmless(tar))  # noqa: S202 - plain files below the folder only
        unpacked = Path(folder)
        _check(unpacked / DATABASE)
        beside = ((name, database.parent / name) for name in (SALES, SECRET_FILE))
        for source, target in ((FILES, files), *beside, (DATABASE, database)):
            if (unpacked / source).exists():
                (unpacked / source).replace(target)
    click.echo(f"Restored into {database.parent}. Next: flask --app app audit-verify")


def write(tar: tarfile.TarFile) -> int:
    """Files before and after the database, so that every file that its rows name is there; how many.

    Of the sales table the log comes first (its name sorts so): what it names has been written before it.
    """
    database, files = _places()
    seen: set[Path] = set()
    _add_files(tar, files, seen)
    _add_files(tar, Path(current_app.config["DATA_DIR"]) / SALES, seen, SALES)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        tar.add(copy, DATABASE)
    _add_files(tar, files, seen)
    if (secret := database.parent / SECRET_FILE).exists():
        tar.add(secret, SECRET_FILE)
    return len(seen)


def _add_files(tar: tarfile.TarFile, folder: Path, seen: set[Path], name: str = FILES) -> None:
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        if path.is_file() and path not in seen:
            try:
                tar.add(path, f"{name}/{path.relative_to(folder)}")
            except FileNotFoundError:
                click.echo(f"{path.name} was removed meanwhile.", err=True)
            seen.add(path)


def _places() -> tuple[Path, Path]:
    """Where the SQLite file and the uploaded files are."""
    config = current_app.config
    url = make_url(config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() != "sqlite" or not config["FILES_URL"].startswith("file://"):
        raise click.ClickException(
            "PostgreSQL is saved with pg_dump and restored with pg_restore; a bucket by its versioning. README.md says how."
        )
    return Path(str(url.database)), Path(config["FILES_URL"].removeprefix("file://"))


def _check(database: Path) -> None:
    if not database.exists():
        raise click.ClickException("The archive holds no database: not a backup of ours.")
    with closing(sqlite3.connect(database)) as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise click.ClickException(f"The archive is damaged: {answer}")
