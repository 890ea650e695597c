"""Pages of sales: SKUs by grade, exports, and the codes of feeds that somebody has to explain."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, charts, clock, exports, paging, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.launches import service as launches
from incubator.launches import words as launch_words
from incubator.products import activity
from incubator.products.models import Product
from incubator.sales import (  # noqa: F401 - `panel` and `lot_panel` add their cards, the routes their views
    adoption,
    exclusion,
    forms,
    lexicon_routes,
    lot_panel,
    lot_routes,
    outlook_routes,
    panel,
    queries,
    service,
    trace_routes,
    words,
)
from incubator.sales import charts as drawings
from incubator.sales.blueprint import blueprint
from incubator.sales.models import CODE_STATUSES, GRADES, NonProduct

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


@blueprint.get("/sales/codes")
@web.allow("brand")
def codes() -> str:
    return _codes_page()


def _codes_page(**wrong: Any) -> str:
    actor = web.actor()
    status = request.args.get("status") if request.args.get("status") in CODE_STATUSES else "open"
    text = request.args.get("q", "").replace("\x00", "").strip()[:80]
    page = queries.codes(actor, str(status), text, request.args.get("cursor"))
    return render_template(
        "sales/codes.html", page=page, status=status, q=text, words=words, named=launch_words.named, price=launch_words.price,
        products=queries.products_with_factories(actor), rules=exclusion.rules(actor), **wrong,
    )  # fmt: skip


@blueprint.post("/sales/codes/resolve")
@web.allow("brand")
def resolve() -> Any:
    """The chosen codes mean one SKU."""
    form = forms.ResolveForm()
    form.require()
    actor = web.actor()
    chosen = service.feed_codes(form.codes.data, actor)
    sku = queries.sku_named(form.sku.data, actor)
    if sku is None:
        raise Invalid({"sku": [gettext("You have no SKU with the code “%(code)s”.", code=form.sku.data)]})
    service.resolve(chosen, sku, actor, clock.now())
    flash(gettext("%(n)s codes now mean %(code)s. Their sales are being rolled up.", n=len(chosen), code=sku.code), "success")
    return redirect(url_for("sales.codes"))


@blueprint.post("/sales/codes/ignore")
@web.allow("brand")
def ignore() -> Any:
    form = forms.CodesForm()
    form.require()
    chosen = service.feed_codes(form.codes.data, web.actor())
    service.ignore(chosen, web.actor(), clock.now())
    flash(gettext("%(n)s codes are no products. Their lines stay, and count in no week.", n=len(chosen)), "success")
    return redirect(url_for("sales.codes"))


@blueprint.post("/sales/codes/rules")
@web.allow("brand")
def exclude() -> Any:
    """Codes of a form are no products, now and from now on."""
    form = forms.NonProductForm()
    form.require()
    number = exclusion.add(form.pattern.data, web.actor(), clock.now())
    flash(gettext("The rule holds. It explained %(n)s codes that waited.", n=number), "success")
    return redirect(url_for("sales.codes"))


@blueprint.post("/sales/codes/rules/<int:non_product_id>/remove")
@web.allow("brand")
def remove_exclusion(non_product_id: int) -> Any:
    Confirmation().require()
    exclusion.remove(access.get_visible(NonProduct, non_product_id, web.actor()), web.actor(), clock.now())
    flash(gettext("The rule is gone. What it explained stays explained."), "success")
    return redirect(url_for("sales.codes"))


@blueprint.post("/sales/codes/adopt")
@web.allow("brand")
def adopt() -> Any:
    """The chosen codes become legacy SKUs of a product, spread over its factories by rule."""
    actor = web.actor()
    form = forms.AdoptForm()
    form.product_id.choices = queries.products_with_factories(actor)
    form.require()
    product = access.get_visible(Product, form.product_id.data, actor)
    chosen = service.feed_codes(form.codes.data, actor)
    number = adoption.adopt(chosen, product, [i for i, _ in launches.factories_of(product.id)], actor, clock.now())
    flash(gettext("%(n)s SKUs have been created. Their sales are being rolled up.", n=number), "success")
    return redirect(url_for("sales.codes"))
