"""What follows when weeks were rolled up anew: the words of their returns for the page of reasons, and the SKUs whose lots are to be laid out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import insert_many
from incubator.kernel.db import db
from incubator.kernel.upsert import insert_once
from incubator.sales import engine, lake
from incubator.sales.lexicon_models import LONGEST_TEXT, HeardText
from incubator.sales.lot_models import ProductionLot, SkuLotWeek, StaleLots
from incubator.sales.models import SkuWeek
from incubator.sales.rules import RETURN

OTHERS, EXAMPLES = 500, 5  # texts kept of a week: that fit nothing, and of each reason and topic
MEANT = (("channel", "int64"), ("code", "utf8"), ("sku_id", "int64"), ("buyers", "utf8"))
TEXTS = f"""
    WITH said AS (
        SELECT week, reason, coalesce(topic, '') AS topic, trim(replace(coalesce(reason_text, ''), chr(0), ''))[:{LONGEST_TEXT}] AS text,
            sum(units)::BIGINT AS units, count(DISTINCT order_no) AS orders
        FROM (%s) AS l JOIN meant AS m USING (channel, code) WHERE kind = '{RETURN}' AND list_contains($weeks, week) GROUP BY ALL
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY week, reason, topic ORDER BY units DESC, text)
            <= CASE WHEN reason = 'other' THEN {OTHERS} ELSE {EXAMPLES} END AS kept FROM said
    )
    SELECT strftime(week, '%%Y-%%m-%%d') AS week, reason, topic, CASE WHEN kept THEN text ELSE '' END AS text, sum(units)::BIGINT AS units,
        sum(orders)::BIGINT AS orders
    FROM ranked WHERE reason = 'other' OR (kept AND text <> '') GROUP BY ALL
"""


def weeks(brand_id: int, changed: Sequence[date], meaning: Sequence[Any]) -> None:
    """Follow up `changed` weeks of a brand, in the caller's transaction; `meaning` is that of the roll-up."""
    db.session.execute(delete(HeardText).where(HeardText.brand_id == brand_id, HeardText.week.in_(changed)))
    insert_many(HeardText, _texts(brand_id, changed, meaning), brand_id=brand_id)
    has_lots = access.select_visible(ProductionLot, SYSTEM, ProductionLot.sku_id).where(ProductionLot.brand_id == brand_id)
    sold, laid = (
        access.select_visible(model, SYSTEM, model.sku_id).where(model.brand_id == brand_id, model.week.in_(changed))
        for model in (SkuWeek, SkuLotWeek)
    )
    both = sold.union(laid).subquery()
    skus(brand_id, list(db.session.scalars(select(both.c.sku_id).where(both.c.sku_id.in_(has_lots)))))


def skus(brand_id: int, ids: Sequence[int]) -> None:
    """The lots of these SKUs are to be laid out anew."""
    for sku_id in sorted(set(ids)):
        insert_once(StaleLots, brand_id=brand_id, sku_id=sku_id)


def _texts(brand_id: int, changed: Sequence[date], meaning: Sequence[Any]) -> list[dict[str, Any]]:
    table = lake.opened()
    files = lake.files_of(table, brand_id, lake.months_of(changed)) if table is not None and meaning else []
    if not files:
        return []
    codes = engine.table(meaning, MEANT)  # noqa: F841 - the query names it
    with engine.connection() as duck:
        duck.execute("CREATE TABLE meant AS FROM codes")
        found = duck.execute(TEXTS % lake.scan(duck, files), {"weeks": list(changed)})
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
