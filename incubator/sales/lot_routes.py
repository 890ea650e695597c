"""Pages of production lots: the list with its export, a lot's form. A factory sees and keeps the lots that it made, without any sales."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.launches import words as launch_words
from incubator.launches.models import Sku
from incubator.sales import lot_queries, lot_service, queries
from incubator.sales.blueprint import blueprint
from incubator.sales.lot_forms import LotForm, NewLotForm
from incubator.sales.lot_models import ProductionLot

EXPORT_LIMIT = 100_000


def _filters() -> dict[str, Any]:
    found: dict[str, Any] = {}
    if text := request.args.get("q", "").replace("\x00", "").strip()[:80]:
        found["q"] = text
    names = ("sku_id", "factory_id") if web.actor().role == "brand" else ("sku_id",)
    found |= {name: number for name in names if (number := request.args.get(name, type=int)) and 0 < number <= access.LARGEST_ID}
    return found


@blueprint.get("/lots")
@web.allow("brand", "factory")
def lots() -> str:
    actor, filters = web.actor(), _filters()
    page = lot_queries.listing(actor, filters, request.args.get("cursor"))
    told = lot_queries.figures(actor, [row.id for row in page.rows]) if actor.role == "brand" else {}
    return render_template(
        "sales/lots.html", page=page, filters=filters, told=told, is_brand=actor.role == "brand", named=launch_words.named,
        may=lambda lot: actor.role == "brand" or lot.used_at is None,
    )  # fmt: skip


@blueprint.get("/lots/export.<any(csv, xlsx):fmt>")
@web.allow("brand", "factory")
def export_lots(fmt: str) -> Response:
    """The lots as the list shows them; what they sold is the brand's alone."""
    heads = [_l("SKU code"), _l("Name in Chinese"), _l("Lot"), _l("Factory"), _l("Made on"), _l("On sale from"), _l("Units"), _l("Note")]
    if web.actor().role == "brand":
        heads += [_l("Units sold"), _l("Estimated, %"), _l("Orders"), _l("Orders returned"), _l("Units returned"), _l("Return rate, %"),
                  _l("From, %"), _l("To, %")]  # fmt: skip
    return exports.download([str(h) for h in heads], _cells(), fmt, gettext("lots"))


def _cells() -> Iterator[list[Any]]:
    actor, cursor = web.actor(), None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = lot_queries.listing(actor, _filters(), cursor, paging.LARGEST_PAGE)
        told = lot_queries.figures(actor, [row.id for row in page.rows]) if actor.role == "brand" else {}
        for row in page.rows:
            plain = [row.sku_code, row.name_zh, row.code, row.factory_name or "", row.made_on, row.available_on, row.units, row.note]
            yield plain + (_figures(told.get(row.id, lot_queries.Told())) if actor.role == "brand" else [])
        cursor = page.next
        if cursor is None:
            return


def _figures(told: lot_queries.Told) -> list[Any]:
    rate = [round(share * 100, 2) for share in told.rate] if told.rate else [None] * 3
    return [told.sold, round(told.estimated_share * 100), told.orders, told.returned_orders, told.returned, *rate]


@blueprint.route("/lots/new", methods=["GET", "POST"])
@web.allow("brand", "factory")
def new_lot() -> Any:
    """With ?sku=…, the form holds its code already."""
    form = NewLotForm(sku=request.args.get("sku", "").replace("\x00", "")[:60])
    _offer(form, queries.sku_named(form.sku.data or "", web.actor()))
    if form.validate_on_submit():
        with form.shows_refusals():
            lot = lot_service.enter(_sku(form.sku.data), form.values(), web.actor(), clock.now())
            flash(gettext("Lot %(code)s is entered. Its sales are being laid out.", code=lot.code), "success")
            return redirect(url_for("sales.lots", sku_id=lot.sku_id))
    return render_template("sales/lot_form.html", form=form, lot=None), 422 if form.errors else 200


def _sku(code: str) -> Sku:
    found = queries.sku_named(code, web.actor())
    if found is None:
        raise Invalid({"sku": [gettext("You have no SKU with the code “%(code)s”.", code=code)]})
    return found


def _offer(form: LotForm, sku: Sku | None) -> None:
    """The factories that made the SKU, for the brand to choose from."""
    if web.actor().role != "brand":
        del form.factory_organisation_id
        return
    makers = lot_service.makers_of(sku) if sku is not None else []
    form.factory_organisation_id.choices = [("", gettext("Who made the SKU on that day")), *makers]


@blueprint.route("/lots/<int:lot_id>/edit", methods=["GET", "POST"])
@web.allow("brand", "factory")
def edit_lot(lot_id: int) -> Any:
    actor = web.actor()
    lot = access.get_visible(ProductionLot, lot_id, actor)
    access.require("sales.lot", actor, lot)
    form = LotForm(obj=lot)
    _offer(form, lot.sku)
    if form.validate_on_submit():
        with form.shows_refusals():
            lot_service.correct(lot, form.values(), form.version.data, actor, clock.now())
            flash(gettext("Saved. Its sales are being laid out anew."), "success")
            return redirect(url_for("sales.lots", sku_id=lot.sku_id))
    return render_template("sales/lot_form.html", form=form, lot=lot), 422 if form.errors else 200


@blueprint.post("/lots/<int:lot_id>/remove")
@web.allow("brand", "factory")
def remove_lot(lot_id: int) -> Any:
    Confirmation().require()
    lot = access.get_visible(ProductionLot, lot_id, web.actor())
    lot_service.remove(lot, web.actor(), clock.now())
    flash(gettext("Taken out."), "success")
    return redirect(url_for("sales.lots"))
