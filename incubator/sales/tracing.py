"""From a week of a SKU back to the lines that it was made of: which file, which line of it, whose words. It reads the sales table, in small pieces."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from incubator.imports.models import DataImport
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.launches.models import Channel, Sku
from incubator.sales import engine, lake, service

SHOWN, MOST = 200, 100_000
COLUMNS = (
    "day", "kind", "order_no", "code", "units", "amount_minor", "currency", "reason", "topic", "reason_text", "lot", "segment", "channel", "import_id", "line",
)  # fmt: skip
LINES = f"""
    SELECT {", ".join(COLUMNS)} FROM ({{lines}}) AS l SEMI JOIN meant ON l.channel = meant.channel AND l.code = meant.code
    WHERE week = $week AND kind IN ('sale', 'return') AND ($kind = '' OR kind = $kind) ORDER BY day, channel, import_id, line LIMIT $most
"""


def lines_of(sku: Sku, week: date, kind: str, most: int) -> list[dict[str, Any]]:
    """The lines of the ISO week that begins on `week`, by day; `kind` is "sale", "return" or "" for both."""
    table = lake.opened()
    files = [] if table is None else lake.files_of(table, sku.brand_id, lake.months_of([week]))
    codes = [(channel, code) for channel, code, sku_id, _ in service.meaning_of(sku.brand_id) if sku_id == sku.id]
    if not files or not codes:
        return []
    known = engine.table(codes, (("channel", "int64"), ("code", "utf8")))  # noqa: F841 - the query names it
    with engine.connection() as duck:
        duck.execute("CREATE TABLE meant AS SELECT * FROM known")
        rows = duck.execute(LINES.format(lines=lake.scan(duck, files)), {"week": week, "kind": kind, "most": most}).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def sources(rows: Sequence[dict[str, Any]], actor: Actor) -> tuple[dict[int, Any], dict[int, Any], set[int]]:
    """(import → its name and day, channel → its names, imports whose page the actor may open) of these lines."""
    ids = {row["import_id"] for row in rows}
    made = access.select_visible(DataImport, SYSTEM, DataImport.id, DataImport.name, DataImport.created_at)
    made = made.where(DataImport.id.in_(ids), DataImport.organisation_id == actor.organisation_id)
    channels = access.select_visible(Channel, actor, Channel.id, Channel.name_zh, Channel.name_en)
    own = access.select_visible(DataImport, actor, DataImport.id).where(DataImport.id.in_(ids))
    found = {row.id: row for row in db.session.execute(made)}
    return found, {row.id: row for row in db.session.execute(channels)}, set(db.session.scalars(own))
