"""Commands of sales beside `import`: roll up now, and make legacy SKUs of what was sold before."""

import json
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from incubator.imports import kinds, people
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.errors import AppError
from incubator.sales import adoption, grading, service

group = AppGroup("sales", help="Commands of sales.")


def install(app: Flask) -> None:
    """Join the group that the import made, or make it."""
    found: Any = app.cli.commands.setdefault("sales", group)
    for command in (roll_up, adopt):
        found.add_command(command)


@click.command("roll-up")
@with_appcontext
def roll_up() -> None:
    """Roll up every week whose lines changed, grade at the end of the last week with sales, and say so in one JSON line."""
    weeks = grades = 0
    for brand_id in service.stale_brands():
        while done := service.roll_up(brand_id):
            weeks += done
            db.session.commit()
        grades += grading.grade_to_the_end(brand_id)
        db.session.commit()
    click.echo(json.dumps({"weeks": weeks, "grades": grades}))


@click.command("adopt")
@click.option("--organisation", default="", help="The brand's number or name; needed where there are several.")
@click.option("--user", default="", help="The e-mail of who does it; else a manager of the brand.")
@click.option("--product", "code", required=True, help="The code of the product that the SKUs belong to; its factories make them.")
@with_appcontext
def adopt(organisation: str, user: str, code: str) -> None:
    """Make a legacy SKU of every open code; factories by the rule crc32(code) modulo their number, noted as invented."""
    try:
        actor = people.importer(kinds.find("sales.lines"), organisation, user)
        made = adoption.adopt_every(code, actor, clock.now())
        db.session.commit()
    except AppError as error:
        raise click.ClickException(str(error.message)) from error
    click.echo(json.dumps({**made, "rule": "crc32(code) modulo the number of factories: invented"}))
