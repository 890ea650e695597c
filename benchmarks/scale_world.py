"""The world of `scale`: a brand whose real lines are multiplied, with a SKU for every code, spread over ten products and twenty factories."""

import json
import zipfile
from typing import Any
from zlib import crc32

from sqlalchemy import select

from benchmarks.loop import a_gift_shop
from incubator import create_app
from incubator.imports import jobs, kinds
from incubator.imports import service as imports
from incubator.imports.people import importer
from incubator.kernel import clock, files
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db
from incubator.launches.models import Sku, SkuFactory
from incubator.sales import engine, lake
from tests import builders
from tests.conftest import make_schema

ARTICLES, FACTORIES, CATEGORIES, PIECE = 3, 20, 10, 9
COPIES = """
    SELECT f.* REPLACE (
        digest(line_id || a || '-' || o) AS line_id, '' AS content, code || if(a = 0, '', '-X' || a) AS code, order_no || '-' || a || '-' || o AS order_no)
    FROM first AS f CROSS JOIN (SELECT unnest(range($articles)) AS a) CROSS JOIN (SELECT unnest(range($after, $before)) AS o)
"""


def prepare(archive: str, lines: int) -> None:
    """A brand with ten products that twenty factories make, the shop as its channel, its lines multiplied, a SKU for every code."""
    with create_app().app_context():
        make_schema()
        brand = builders.an_organisation("brand", "源选")
        user = builders.a_person(brand, manager=True)
        programme = builders.a_programme(brand)
        products = [builders.a_product(programme, "launch", category=f"品类 {n}") for n in range(CATEGORIES)]
        factories = [builders.an_organisation("factory", f"Factory {n}") for n in range(FACTORIES)]
        for product in products:
            for factory in factories:
                builders.a_participant(product, factory)
        shop = a_gift_shop(brand.id)
        first = _real_lines(archive, brand.id, shop.id)
        number = _multiply(first, lines)
        skus = _skus(brand.id, [p.id for p in products], [f.id for f in factories])
        db.session.commit()
        print(json.dumps({"brand": brand.id, "channel": shop.id, "user": user.email, "lines": number, "skus": skus}))


def _real_lines(archive: str, brand_id: int, channel_id: int) -> Any:
    actor = importer(kinds.find("sales.lines"), str(brand_id), "")
    with zipfile.ZipFile(archive) as members:
        days = [members.read(name).decode().splitlines() for name in sorted(members.namelist())]
    text = "\n".join([days[0][0], *(line for day in days for line in day[1:])]) + "\n"
    bring_in(text.encode(), "uk_shop", channel_id, actor)
    with engine.connection() as duck:
        return engine.arrow(duck.sql(lake.scan(duck, lake.files_of(lake.opened(), brand_id))))


def bring_in(data: bytes, preset: str, channel_id: int, actor: Any) -> Any:
    options = {"channel_id": str(channel_id)}
    stored = files.keep(data, "lines.csv", "text/csv", actor, clock.now(), kind="import")
    made = imports.keep(kinds.find("sales.lines"), stored, actor, clock.now(), preset=preset, options=options)
    db.session.commit()
    made = jobs.check_now(made.id, actor, lambda *_: None, ask=False)
    imports.ask_to_apply(made, actor, clock.now(), queue=False)
    db.session.commit()
    return jobs.apply_now(made.id, actor, clock.now(), lambda *_: None)


def _multiply(first: Any, lines: int) -> int:
    """Write the copies month by month, some at a time; how many lines there are then."""
    from deltalake import write_deltalake

    copies = max(1, round(lines / first.num_rows / ARTICLES))
    write_deltalake(lake.location(), first.slice(0, 0), mode="overwrite", partition_by=lake.PARTITIONS)
    for begun in range(0, copies, PIECE):
        with engine.connection() as duck:
            given = {"articles": ARTICLES, "after": begun, "before": min(begun + PIECE, copies)}
            write_deltalake(lake.location(), duck.sql(COPIES, params=given), mode="append", partition_by=lake.PARTITIONS)
    return int(lake.opened().count())


def _skus(brand_id: int, products: list[int], factories: list[int]) -> int:
    """A legacy SKU for every code that sold."""
    with engine.connection() as duck:
        found = duck.sql(f"SELECT DISTINCT code FROM ({lake.scan(duck, lake.files_of(lake.opened(), brand_id))}) WHERE kind = 'sale'")
        codes = sorted(code for (code,) in found.fetchall())
    now = clock.now()
    rows = [
        {
            "code": c,
            "name_zh": c,
            "product_id": products[crc32(c.encode()) % len(products)],
            "factory_organisation_id": factories[crc32(c.encode()) % len(factories)],
        }
        for c in codes
    ]
    blank = dict.fromkeys(("gtin_exemption", "name_en", "colour", "size", "pack"), "") | {
        "units_per_carton": 0,
        "planned_units_per_week": 0,
    }
    same = {
        "brand_id": brand_id,
        "state": "listed",
        "state_since": now,
        "created_at": now,
        "updated_at": now,
        "is_legacy": True,
        "version": 1,
        "currency": "GBP",
    }
    insert_many(Sku, rows, **blank, **same)
    makers = [
        {"sku_id": i, "organisation_id": f, "from_on": "2010-11-01"}
        for i, f in db.session.execute(select(Sku.id, Sku.factory_organisation_id))
    ]
    insert_many(SkuFactory, makers, note="", created_at=now)
    return len(codes)
