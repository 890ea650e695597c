"""Pages of what was learnt: what to order again, how a SKU is supplied, what the brand settles, and how sure it all is."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, charts, clock, exports, paging, web
from incubator.kernel.forms import Confirmation
from incubator.launches import words as launch_words
from incubator.launches.models import Sku
from incubator.products import activity
from incubator.sales import festivals, outlook_charts, outlook_queries, settling, supply, words
from incubator.sales.blueprint import blueprint
from incubator.sales.outlook_forms import HeroForm, SettingsForm, SupplyForm
from incubator.sales.outlook_models import HeroRule

EXPORT_LIMIT = 100_000
FOUR_WEEKS = timedelta(weeks=3)  # from the first Monday of four weeks to the last
SPANS = {"now": 0, "month": 28}
SERVICE_BP, REVIEW_DAYS, CURRENCY = 9500, 28, "CNY"  # until the brand has settled them
activity.register(words.ACTS)


def _filters() -> dict[str, Any]:
    """What is due now (or in four weeks, or at any time), and a text."""
    span = request.args.get("due", "now")
    found: dict[str, Any] = {"due": span if span in SPANS or span == "all" else "now"}
    if found["due"] in SPANS:
        found["until"] = clock.today(web.actor().timezone) + timedelta(days=SPANS[found["due"]])
    if text := request.args.get("q", "").replace("\x00", "").strip()[:80]:
        found["q"] = text
    return found


@blueprint.get("/sales/reorders")
@web.allow("brand")
def reorders() -> str:
    actor, filters, sort = web.actor(), _filters(), request.args.get("sort", "day")
    page = outlook_queries.reorders(actor, filters, sort, request.args.get("cursor"))
    return render_template(
        "sales/reorders.html", page=page, filters={k: v for k, v in filters.items() if k != "until"}, words=words, named=launch_words.named,
        sort=sort if sort in outlook_queries.REORDER_SORTS else "day", variant=launch_words.variant, week=outlook_queries.latest_week(actor),
        unknown=outlook_queries.without_stock(actor), today=clock.today(actor.timezone),
    )  # fmt: skip


@blueprint.get("/sales/reorders.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_reorders(fmt: str) -> Response:
    """The proposals with their arithmetic."""
    heads = [
        _l("SKU code"), _l("Name in Chinese"), _l("Factory"), _l("Order quantity"), _l("Order on"), _l("Ready on"), _l("At hand"), _l("On order"),
        _l("Stock of"), _l("Cover in weeks"), _l("Expected in four weeks"), _l("Lead time, days"), _l("Reorder point"), _l("Order up to"),
        _l("Needed"), _l("Minimum order"), _l("Ordered in packs of"), _l("Service level, %"), _l("Terms"),
    ]  # fmt: skip
    return exports.download([str(h) for h in heads], (_cells(row) for row in _every_row()), fmt, gettext("reorders"))


def _cells(row: Any) -> list[Any]:
    found = row.reorder
    return [
        row.code, row.name_zh, row.factory_name or "", row.quantity, row.order_on, row.ready_on, found["on_hand"], found["on_order"],
        found["stock_on"], row.cover, row.next4, found["lead_days"], found["point"], found["up_to"], found["needed"], found["moq"],
        found["multiple"], round(found["service"] * 100, 2), str(words.SUPPLY_SOURCES[found["source"]]),
    ]  # fmt: skip


def _every_row() -> Iterator[Any]:
    cursor, actor, filters = None, web.actor(), _filters()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = outlook_queries.reorders(actor, filters, request.args.get("sort", "day"), cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.route("/skus/<int:sku_id>/supply", methods=["GET", "POST"])
@web.allow("brand")
def sku_supply(sku_id: int) -> Any:
    """How a SKU is ordered again."""
    actor = web.actor()
    sku, row = access.get_visible(Sku, sku_id, actor), supply.of_sku(sku_id, actor)
    form = SupplyForm(obj=row, service=Decimal(row.service_bp) / 100 if row and row.service_bp else None)
    if form.validate_on_submit():
        with form.shows_refusals():
            supply.change(sku, form.values(), form.version.data, actor, clock.now())
            flash(gettext("Saved. The proposal follows tomorrow morning."), "success")
            return redirect(url_for("launches.sku", sku_id=sku_id))
    quoted = supply.terms(sku.brand_id, [sku_id])[sku_id]
    page = render_template("sales/supply.html", form=form, sku=sku, named=launch_words.named, words=words, quoted=quoted)
    return page, 422 if form.errors else 200


@blueprint.route("/sales/settings", methods=["GET", "POST"])
@web.allow("brand")
def settings() -> Any:
    actor = web.actor()
    form = SettingsForm(data=_settled())
    if form.validate_on_submit():
        with form.shows_refusals():
            values = {"service_bp": form.service.bp or 0, "review_days": form.review_days.data or 0, "currency": form.currency.data}
            settling.settle(values, form.version.data, actor, clock.now())
            flash(gettext("Saved. Proposals follow tomorrow morning."), "success")
            return redirect(url_for("sales.settings"))
    return _settings_page(form, _hero_form()), 422 if form.errors else 200


@blueprint.post("/sales/heroes")
@web.allow("brand")
def add_hero_rule() -> Any:
    form, actor = _hero_form(), web.actor()
    if form.validate_on_submit():
        with form.shows_refusals():
            settling.add_rule(form.values(_currency()), actor, clock.now())
            flash(gettext("Saved. It holds from the next grading on."), "success")
            return redirect(url_for("sales.settings"))
    return _settings_page(SettingsForm(formdata=None, data=_settled()), form), 422


@blueprint.post("/sales/heroes/<int:rule_id>/remove")
@web.allow("brand")
def remove_hero_rule(rule_id: int) -> Any:
    Confirmation().require()
    settling.remove_rule(access.get_visible(HeroRule, rule_id, web.actor()), web.actor(), clock.now())
    flash(gettext("Taken away. Grades that stand stay as they are."), "success")
    return redirect(url_for("sales.settings"))


def _settled() -> dict[str, Any]:
    """The form as it stands."""
    row = outlook_queries.settings(web.actor())
    bp, days = (row.service_bp, row.review_days) if row else (SERVICE_BP, REVIEW_DAYS)
    return {"service": Decimal(bp) / 100, "review_days": days, "currency": _currency(), "version": row.version if row else 0}


def _currency() -> str:
    row = outlook_queries.settings(web.actor())
    return str(row.currency if row else CURRENCY)


def _hero_form() -> HeroForm:
    form = HeroForm()
    form.programme_id.choices = [(0, gettext("Every programme")), *outlook_queries.programme_choices(web.actor())]
    return form


def _settings_page(form: SettingsForm, hero: HeroForm) -> str:
    actor = web.actor()
    return render_template(
        "sales/settings.html", form=form, hero=hero, rules=outlook_queries.hero_rules(actor), words=words, currency=_currency(),
        price=launch_words.price, categories=outlook_queries.categories(actor),
    )  # fmt: skip


@blueprint.get("/sales/accuracy")
@web.allow("brand")
def accuracy() -> str:
    """How well earlier forecasts and hit probabilities came true."""
    actor = web.actor()
    found = outlook_queries.learning(actor)
    score = found.hit_model["score"] if found else None
    drawn = charts.payload(outlook_charts.reliability(score["reliability"])) if score else None
    records = outlook_queries.records(actor)
    misses = festivals.missed((row.week, row.record) for row in records)
    return render_template(
        "sales/accuracy.html", learning=found, score=score, data=drawn, records=records, misses=misses, words=words, weeks=FOUR_WEEKS
    )
