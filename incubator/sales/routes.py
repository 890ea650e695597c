"""Pages of sales: SKUs by grade, and exports of them and of their weeks."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import charts, exports, paging, web
from incubator.launches import words as launch_words
from incubator.products import activity
from incubator.sales import charts as drawings
from incubator.sales import (  # noqa: F401 - `panel` and `lot_panel` add their cards, the routes their views
    code_routes,
    lexicon_routes,
    lot_panel,
    lot_routes,
    outlook_routes,
    panel,
    queries,
    trace_routes,
    words,
)
from incubator.sales.blueprint import blueprint
from incubator.sales.models import GRADES

EXPORT_LIMIT = 100_000
activity.register(words.ACTS)


def _filters() -> dict[str, str]:
    """The known filters of the list; unknown values are left out."""
    found = {name: text for name in ("q", "category") if (text := request.args.get(name, "").replace("\x00", "").strip()[:80])}
    if request.args.get("grade") in (*GRADES, "none"):
        found["grade"] = request.args["grade"]
    if request.args.get("hero") == "1":
        found["hero"] = "1"
    return found


@blueprint.get("/sales")
@web.allow("brand")
def index() -> str:
    actor = web.actor()
    filters, sort = _filters(), request.args.get("sort", "pace")
    page = queries.listing(actor, filters, sort, request.args.get("cursor"))
    totals = queries.totals(actor)
    return render_template(
        "sales/index.html", page=page, filters=filters, sort=sort if sort in queries.SORTS else "pace", words=words, named=launch_words.named,
        variant=launch_words.variant, counts=queries.grade_counts(actor), heroes=queries.hero_count(actor), week=queries.latest_week(actor), totals=totals,
        data=charts.payload(drawings.weekly(totals, 140)) if totals else None,
    )  # fmt: skip


@blueprint.get("/sales/export.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export(fmt: str) -> Response:
    """The graded SKUs as the list shows them."""
    heads = [_l("SKU code"), _l("Name in Chinese"), _l("Product"), _l("Category"), _l("Grade"), _l("Units a week"), _l("Compared with"), _l("Index"),
             _l("Return rate, %"), _l("Lower end, %"), _l("Upper end, %"), _l("Week from"),
             _l("Hero SKU"), _l("Likely a hit, %"), _l("Expected in four weeks"), _l("Cover in weeks"),
             _l("Sell-through, %"), _l("Order on"), _l("Order quantity")]  # fmt: skip
    return exports.download([str(h) for h in heads], (_cells(row) for row in _every_row()), fmt, gettext("sales"))


def _every_row() -> Any:
    cursor = None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(web.actor(), _filters(), request.args.get("sort", "pace"), cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cells(row: Any) -> list[Any]:
    grade = str(words.GRADES[row.grade]) if row.grade else gettext("Too early")
    figures = row.figures
    told = figures.get("returns") or {"rate": row.return_rate}
    learnt = [
        gettext("Yes") if row.is_hero else "",
        _percent(row.hit),
        row.next4,
        row.cover,
        _percent(row.sell_through),
        row.order_on,
        row.quantity,
    ]
    return [
        row.code, row.name_zh, row.product_name, row.category, grade, row.pace, str(words.AGAINST[figures["against"]]), figures["index"],
        *(_percent(told.get(name)) for name in ("rate", "low", "high")), row.week, *learnt,
    ]  # fmt: skip


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


@blueprint.get("/sales/weeks.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_weeks(fmt: str) -> Response:
    """Every week of every SKU and channel."""
    heads = [_l("SKU code"), _l("Name in Chinese"), _l("Channel"), _l("Week from"), _l("Units"), _l("Orders"), _l("Revenue"), _l("Units returned"),
             _l("Refunded")]  # fmt: skip
    rows = (
        [r.code, r.name_zh, r.channel, r.week, r.units, r.orders, launch_words.price(r.revenue_minor, r.currency), r.returned_units,
         launch_words.price(r.refunded_minor, r.currency)]
        for r in queries.weeks_rows(web.actor(), None)
    )  # fmt: skip
    return exports.download([str(h) for h in heads], rows, fmt, gettext("sales-weeks"))
