"""`flask --app app <package> import FILE…`: the same import as on the pages, without a person to ask. One JSON line says what became of every line."""

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext

from incubator.imports import forms, jobs, kinds, people, queries, service
from incubator.imports.kinds import Kind
from incubator.imports.models import DataImport
from incubator.kernel import clock, files, names, sheets
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, Invalid, TooLarge
from incubator.kernel.forms import Cells

MOST_MEMBERS = 5000
MOST_NAMED = 50  # choices in one message


def install(app: Flask) -> None:
    """One group per package that has a kind of import; its other commands may join it later."""
    for kind in kinds.declared().values():
        group = app.cli.commands.setdefault(kind.package, AppGroup(kind.package, help=f"Commands of {kind.package}."))
        assert isinstance(group, AppGroup)
        if "import" not in group.commands:
            group.add_command(_command(kind.package))


def _command(package: str) -> click.Command:
    own = {kind.name: kind for kind in kinds.declared().values() if kind.package == package}
    presets = sorted({preset.name for kind in own.values() for preset in kind.presets})

    @click.command("import")
    @click.argument("paths", nargs=-1, required=True, metavar="FILE…", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--kind", "kind_name", type=click.Choice(sorted(own)), default=next(iter(own)), show_default=True)
    @click.option("--preset", type=click.Choice(presets), help="Where the files come from.")
    @click.option("--organisation", default="", help="Its number or name; needed where there are several.")
    @click.option("--user", default="", help="The e-mail of who imports; else a manager of the organisation.")
    @click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="What the page asks for beside the file.")
    @with_appcontext
    def run(paths: tuple[Path, ...], kind_name: str, preset: str | None, organisation: str, user: str, given: tuple[str, ...]) -> None:
        """Import CSV or XLSX files, or zip archives of CSV files in name order."""
        kind = own[kind_name]
        try:
            actor = people.importer(kind, organisation, user)
            options = _options(kind, actor, dict(pair.partition("=")[::2] for pair in given))
        except AppError as error:
            raise click.ClickException(_said(error)) from error
        raise SystemExit(0 if _import_all(kind, paths, actor, preset or "", options) else 1)

    return run


def _said(error: AppError) -> str:
    reasons = [str(m) for messages in getattr(error, "fields", {}).values() for m in messages]
    return " ".join(reasons) or str(error.message)


def _options(kind: Kind, actor: Actor, given: dict[str, str]) -> dict[str, Any]:
    """As the page would take them. What has but one choice is that; what somebody must choose is refused with the choices and how to name one."""
    blank = forms.options_form(kind, actor, formdata=Cells(), meta={"csrf": False})
    for field in (blank[name] for name in blank.asked if name not in given):
        if len(field.choices) > 1:
            raise Invalid({field.name: [_which(field)]})
    first = {field.name: str(field.choices[0][0]) for field in blank if getattr(field, "choices", None)}
    form = forms.options_form(kind, actor, formdata=Cells(first | given), meta={"csrf": False})
    form.require()
    return form.values()


def _which(field: Any) -> str:
    choices = [(value, label) for value, label in field.choices if value]
    named = "; ".join(f"--set {field.name}={value} ({label})" for value, label in choices[:MOST_NAMED])
    more = "; …" if len(choices) > MOST_NAMED else ""
    return gettext("%(field)s: there are %(n)s. Name one: %(choices)s", field=field.label.text, n=len(choices), choices=named + more)


def _import_all(kind: Kind, paths: tuple[Path, ...], actor: Actor, preset: str, options: dict[str, Any]) -> bool:
    """Import every file, print the reconciliation; whether none was refused and every line has one outcome."""
    total: Counter[str] = Counter(dict.fromkeys(("read", *kinds.OUTCOMES, *kind.outcomes), 0))
    number, failed, balanced = 0, list[str](), True
    reasons: dict[str, str] = {}
    try:
        for name, data in _files(paths):
            number += 1
            made = _import_one(kind, name, data, actor, preset, options)
            total.update(made.counts)
            balanced &= made.is_balanced
            if made.status != "applied":
                failed.append(name)
                reasons[name] = _first_refusal(made, actor)
    except AppError as error:
        failed.append(_said(error))
    answer = {"kind": kind.name, "files": number, **total, "balanced": balanced}
    click.echo(json.dumps(answer | ({"refused_files": failed, "reasons": reasons} if failed else {}), ensure_ascii=False))
    return balanced and not failed


def _first_refusal(made: DataImport, actor: Actor) -> str:
    return next((row.message for row in queries.refusals(made, actor, None, 1).rows), "")


def _import_one(kind: Kind, name: str, data: bytes, actor: Actor, preset: str, options: dict[str, Any]) -> Any:
    stored = files.keep(data, names.clean_name(name), "text/csv", actor, clock.now(), kind="import")
    made = service.keep(kind, stored, actor, clock.now(), preset=preset, options=options)
    db.session.commit()
    made = jobs.check_now(made.id, actor, lambda *_: None, ask=False)
    if made.status == "checked":
        service.ask_to_apply(made, actor, clock.now(), queue=False)
        db.session.commit()
        made = jobs.apply_now(made.id, actor, clock.now(), lambda *_: None)
    return made


def _files(paths: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file, and of each CSV of an archive; TooLarge for what unpacks to more than a file may have."""
    for path in paths:
        if path.suffix.lower() != ".zip":
            yield path.name, path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            members = sorted((m for m in archive.infolist() if m.filename.lower().endswith(".csv")), key=lambda m: m.filename)
            if not members:
                raise Invalid({"file": [gettext("There is no CSV file in this archive.")]})
            if len(members) > MOST_MEMBERS or any(m.file_size > sheets.MOST_STREAMED_BYTES for m in members):
                raise TooLarge()
            yield from ((m.filename, archive.read(m)) for m in members)
