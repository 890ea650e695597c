"""The page of the lines behind a week of a SKU, with its export. For the brand alone."""

from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, web
from incubator.launches import words as launch_words
from incubator.launches.models import Sku
from incubator.sales import grading, queries, tracing, words
from incubator.sales.blueprint import blueprint
from incubator.sales.lines import EARLIEST
from incubator.sales.rules import RETURN, SALE


def _asked(sku: Sku) -> tuple[date, str]:
    """The week and kind of the address; else the last week that has lines."""
    kind, day = request.args.get("kind", ""), _day(request.args.get("week", ""))
    if day is None or not EARLIEST <= day <= clock.now().date() + timedelta(days=1):
        weeks = queries.weeks_of(sku.id, web.actor(), 1)
        day = weeks[-1].week if weeks else grading.last_complete_week(clock.now().date())
    return day - timedelta(days=day.weekday()), kind if kind in (SALE, RETURN) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


@blueprint.get("/skus/<int:sku_id>/lines")
@web.allow("brand")
def lines(sku_id: int) -> str:
    actor = web.actor()
    sku = access.get_visible(Sku, sku_id, actor)
    week, kind = _asked(sku)
    rows = tracing.lines_of(sku, week, kind, tracing.SHOWN + 1)
    files, channels, own = tracing.sources(rows, actor)
    return render_template(
        "sales/lines.html", sku=sku, week=week, kind=kind, rows=rows[: tracing.SHOWN], more=len(rows) > tracing.SHOWN, files=files, own=own,
        channels=channels, words=words, named=launch_words.named, price=launch_words.price, weeks=queries.weeks_of(sku_id, actor),
        before=week - timedelta(weeks=1), after=week + timedelta(weeks=1),
    )  # fmt: skip


@blueprint.get("/skus/<int:sku_id>/lines.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_lines(sku_id: int, fmt: str) -> Response:
    """All lines of the week."""
    actor = web.actor()
    sku = access.get_visible(Sku, sku_id, actor)
    week, kind = _asked(sku)
    rows = tracing.lines_of(sku, week, kind, tracing.MOST)
    files, channels, _ = tracing.sources(rows, actor)
    heads = [_l("Day"), _l("Sale or return"), _l("Order"), _l("Article"), _l("Units"), _l("Amount"), _l("Reason of the return"), _l("Part or fault"),
             _l("The buyer's own words"), _l("Lot"), _l("Channel"), _l("File"), _l("Line")]  # fmt: skip
    cells = (_cells(row, files, channels) for row in rows)
    return exports.download([str(h) for h in heads], cells, fmt, gettext("lines of %(code)s", code=sku.code))


def _cells(row: dict[str, Any], files: dict[int, Any], channels: dict[int, Any]) -> list[Any]:
    file, channel = files.get(row["import_id"]), channels.get(row["channel"])
    return [
        row["day"], str(words.KINDS[row["kind"]]), row["order_no"], row["code"], row["units"], launch_words.price(row["amount_minor"], row["currency"]),
        str(words.REASONS[row["reason"]]) if row["reason"] else "", str(words.TOPICS[row["topic"]]) if row["topic"] else "", row["reason_text"] or "",
        row["lot"] or "", launch_words.named(channel) if channel else "", file.name if file else "", row["line"],
    ]  # fmt: skip
