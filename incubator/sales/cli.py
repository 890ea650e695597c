"""Commands of sales beside `import`: roll up now, and make legacy SKUs of what was sold before."""

import json
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from incubator.imports import kinds, people
from incubator.kernel import access, clock
from incubator.kernel.db import db
from incubator.kernel.errors import AppError
from incubator.launches import service as launches
from incubator.products.models import Product
from incubator.sales import adoption, grading, service
from incubator.sales.models import FeedCode, SkuWeek

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
        last = db.session.scalar(
            select(db.func.max(SkuWeek.week)).where(SkuWeek.brand_id == brand_id, access.visible(SkuWeek, people.SYSTEM))
        )
        grades += grading.grade(brand_id, last) if last else 0
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
        product = db.session.scalar(access.select_visible(Product, actor).where(Product.code == code))
        if product is None:
            raise click.ClickException(f"There is no product {code}.")
        open_codes = list(db.session.scalars(access.select_visible(FeedCode, actor).where(FeedCode.state == "open")))
        factories = [i for i, _ in launches.factories_of(product.id)]
        number = adoption.adopt(open_codes, product, factories, actor, clock.now()) if open_codes else 0
        db.session.commit()
    except AppError as error:
        raise click.ClickException(str(error.message)) from error
    click.echo(json.dumps({"skus": number, "factories": len(factories), "rule": "crc32(code) modulo the number of factories: invented"}))
