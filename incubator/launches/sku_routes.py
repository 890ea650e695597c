"""Pages of SKUs: list, export, the tab of a product, one SKU, and the form that makes and changes it."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.kernel.actor import Actor
from incubator.launches import forms, gtin, launch_queries, panels, printing, queries, service, sku_forms, words
from incubator.launches.blueprint import blueprint
from incubator.launches.models import Sku
from incubator.launches.policies import PARTNERS
from incubator.products import frame
from incubator.signals import subjects

READERS = ("brand", "factory", *PARTNERS)
EXPORT_LIMIT = 100_000
COLUMNS: dict[str, Any] = {
    "code": _l("SKU code"), "name_zh": _l("Name in Chinese"), "name_en": _l("Name in English"), "gtin": _l("GTIN"), "product_name": _l("Product"),
    "state": _l("State"), "colour": _l("Colour"), "size": _l("Article size"), "pack": _l("Pack"), "launch_on": _l("Launch day"),
    "factory_name": _l("Factory"), "launch_price_minor": _l("Planned launch price"), "currency": _l("Currency"),
    "units_per_carton": _l("Units per carton"), "planned_units_per_week": _l("Planned units per week"), "retail_minor": _l("Retail price"),
}  # fmt: skip
SHOWN = {
    "brand": tuple(name for name in COLUMNS if name != "retail_minor"),
    "factory": ("code", "name_zh", "name_en", "gtin", "product_name", "state", "colour", "size", "pack", "launch_on", "retail_minor", "currency"),
}  # fmt: skip
PARTY_SHOWN = ("name_zh", "name_en", "colour", "size", "pack", "product_name", "launch_on")


def list_filters(actor: Actor) -> dict[str, Any]:
    """The known filters of the list from the query string; unknown values, and those of another role, are left out."""
    args = request.args
    found: dict[str, Any] = {}
    mine = queries.FILTERS.get(actor.role, queries.PARTY_FILTERS)
    if "state" in mine and args.get("state") in {s.name for s in workflow.machines[Sku].states}:
        found["state"] = args["state"]
    for name in ("product_id", "channel_id", "factory_id"):
        if name in mine and args.get(name, "").isdecimal():
            found[name] = int(args[name][:15])
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


@blueprint.get("/skus")
@web.allow(*READERS)
def skus() -> str:
    actor = web.actor()
    filters, sort = list_filters(actor), request.args.get("sort", "recent")
    page = queries.listing(actor, filters, sort, request.args.get("cursor"))
    template = "launches/skus.html" if actor.role in SHOWN else "launches/skus_partner.html"
    return render_template(
        template, page=page, filters=filters, sort=sort, machine=workflow.machines[Sku], options=queries.options(actor), words=words,
        shown=gtin.shown, is_brand=actor.role == "brand",
    )  # fmt: skip


@blueprint.get("/skus/export.<any(csv, xlsx):fmt>")
@web.allow(*READERS)
def export_skus(fmt: str) -> Response:
    actor = web.actor()
    names = SHOWN.get(actor.role, PARTY_SHOWN)
    rows = _every_row(actor, list_filters(actor), request.args.get("sort", "recent"))
    return exports.download([str(COLUMNS[n]) for n in names], ([_cell(row, n) for n in names] for row in rows), fmt, gettext("SKUs"))


def _every_row(actor: Actor, filters: dict[str, Any], sort: str) -> Any:
    cursor = None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, sort, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if name == "gtin":
        return gtin.shown(value)
    if name in ("launch_price_minor", "retail_minor"):
        return words.price(value, row.currency)
    return str(workflow.machines[Sku].state(value).label) if name == "state" else value


@blueprint.get("/products/<int:product_id>/skus")
@web.allow(*READERS)
def skus_of_product(product_id: int) -> str:
    actor = web.actor()
    product = frame.find(product_id, actor)
    rows = queries.of_product(product, actor)
    return render_template(
        "launches/product_skus.html", rows=rows, machine=workflow.machines[Sku], words=words, shown=gtin.shown, role=actor.role,
        may_edit=access.may("sku.edit", actor, product) if actor.role == "brand" else False, **frame.frame_context(product, actor, "skus"),
    )  # fmt: skip


@blueprint.route("/products/<int:product_id>/skus/new", methods=["GET", "POST"])
@web.allow("brand")
def new_sku(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = _sku_form(product)
    if form.validate_on_submit():
        with form.shows_refusals():
            sku = service.create(product, form.values(), actor, clock.now(), form.factory_id.data)
            flash(gettext("“%(name)s” has been created.", name=sku.code), "success")
            return redirect(url_for("launches.sku", sku_id=sku.id))
    return render_template("launches/sku_form.html", form=form, product=product, sku=None), 422 if form.errors else 200


def _sku_form(product: Any, sku: Sku | None = None) -> sku_forms.SkuForm:
    """The form, filled from `sku`; a new one takes the product's name."""
    given: dict[str, Any] = {"name_zh": product.name}
    if sku:
        given = {name: getattr(sku, name) for name in service.FIELDS if name != "launch_price_minor"}
        given |= {"gtin": gtin.shown(sku.gtin), "price": str(sku.launch_price.major) if sku.launch_price else "", "version": sku.version}
    form = sku_forms.SkuForm(data=given)
    form.factory_id.choices = [("", gettext("Not known yet")), *service.factories_of(product.id)]
    return form


@blueprint.route("/skus/<int:sku_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_sku(sku_id: int) -> Any:
    actor = web.actor()
    sku = queries.whole(sku_id, actor)
    access.require("sku.edit", actor, sku)
    form = _sku_form(sku.product, sku)
    if form.validate_on_submit():
        with form.shows_refusals():
            service.edit(sku, form.values(), form.version.data, actor, clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.sku", sku_id=sku.id))
    return render_template("launches/sku_form.html", form=form, product=sku.product, sku=sku), 422 if form.errors else 200


@blueprint.get("/skus/<int:sku_id>")
@web.allow(*READERS)
def sku(sku_id: int) -> str:
    actor = web.actor()
    if actor.role != "brand":
        return _for_party(sku_id, actor)
    found = queries.whole(sku_id, actor)
    return sku_page(found)


def sku_page(found: Sku, **wrong: Any) -> str:
    """The brand's page of a SKU; `wrong` holds a form that came back, by its name."""
    actor = web.actor()
    today = clock.today(actor.timezone)
    return render_template(
        "launches/sku.html", sku=found, words=words, shown=gtin.shown, state=workflow.state_of(found), offers=workflow.available(found, actor),
        may_edit=access.may("sku.edit", actor, found), aliases=queries.aliases_of(found.id, actor), prices=queries.prices_of(found.id, actor),
        photos=queries.photos_of(found.id, actor), launches=queries.launches_of_sku(found.id, actor), today=today,
        panels=panels.panels(found.id, actor), **{**_blank_forms(found, actor), **wrong},
    )  # fmt: skip


def _blank_forms(found: Sku, actor: Actor) -> dict[str, Any]:
    open_channels = [(c.id, words.named(c)) for c in launch_queries.channels(actor, only_open=True)]
    maker, alias, price = sku_forms.MakerForm(formdata=None), sku_forms.AliasForm(formdata=None), sku_forms.PriceForm(formdata=None)
    maker.from_on.data = price.valid_from.data = clock.today(actor.timezone)
    maker.factory_id.choices = [c for c in service.factories_of(found.product_id) if c[0] != found.factory_organisation_id]
    alias.channel_id.choices = [("", gettext("Every channel")), *open_channels]
    price.channel_id.choices = open_channels
    return {"maker_form": maker, "alias_form": alias, "price_form": price}


def _for_party(sku_id: int, actor: Actor) -> str:
    """What a factory or partner reads of a SKU: their own columns, and when it goes on sale."""
    row = queries.row(sku_id, actor)
    launches = queries.launches_of_sku(sku_id, actor)
    return render_template(
        "launches/sku_party.html", sku=row, words=words, shown=gtin.shown, role=actor.role, machine=workflow.machines[Sku], launches=launches,
        channels=launch_queries.channels_by_launch([launch.id for launch in launches], actor), photos=queries.photos_of(sku_id, actor),
        makers=queries.makers_of(sku_id, actor), panels=panels.panels(sku_id, actor),
    )  # fmt: skip


@blueprint.post("/skus/<int:sku_id>/move/<any(make_ready, reopen, list, retire):event>")
@web.allow("brand")
def move_sku(sku_id: int, event: str) -> Any:
    found = access.get_visible(Sku, sku_id, web.actor())
    form = forms.MoveForm()
    form.require()
    workflow.fire(found, event, web.actor(), note=form.note.data, now=clock.now(), expected=form.version.data)
    return redirect(url_for("launches.sku", sku_id=found.id))


@blueprint.get("/skus/<int:sku_id>/pack-<any(zh, en):language>.pdf")
@web.allow("brand")
def pack(sku_id: int, language: str) -> Response:
    """The listing pack of a SKU."""
    return printing.answer(queries.whole(sku_id, web.actor()), language, web.actor())


frame.register_tab("skus", _l("SKUs"), "launches.skus_of_product", 60, READERS, queries.count_of_product)
subjects.register(
    "sku", _l("SKU"), Sku, name=lambda sku: f"{sku.code} {sku.name_zh}", page=lambda i: f"/skus/{i}", told=("factory",)
)  # fmt: skip
