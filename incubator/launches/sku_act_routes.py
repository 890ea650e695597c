"""What is done on the page of a SKU: change its factory, its other codes, its prices and photos. Each answers with the page again."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.kernel import files as store
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import AppForm, Confirmation
from incubator.launches import channel_service, launch_queries, queries, service, sku_forms, words
from incubator.launches.blueprint import blueprint
from incubator.launches.models import Channel, Sku, SkuAlias, SkuPrice
from incubator.launches.sku_routes import sku_page


class PhotoForm(AppForm):
    """A photo; the view reads it from the request."""

    also_expected = frozenset({"photo"})


def _back(sku: Sku, anchor: str) -> Any:
    return redirect(url_for("launches.sku", sku_id=sku.id, _anchor=anchor))


def _try(sku: Sku, form: Any, name: str, act: Callable[[], Any], anchor: str) -> Any:
    """Do it when the form is right, else show the page with what is wrong beside its field."""
    if form.validate():
        with form.shows_refusals():
            act()
            flash(gettext("Saved."), "success")
            return _back(sku, anchor)
    return sku_page(queries.whole(sku.id, web.actor()), **{name: form}), 422


@blueprint.post("/skus/<int:sku_id>/factory")
@web.allow("brand")
def change_factory(sku_id: int) -> Any:
    actor, sku, form = web.actor(), queries.whole(sku_id, web.actor()), sku_forms.MakerForm()
    form.factory_id.choices = service.factories_of(sku.product_id)
    return _try(
        sku, form, "maker_form",
        lambda: service.give_to_factory(sku, form.factory_id.data, form.from_on.data, form.note.data or "", actor, clock.now()), "factory",
    )  # fmt: skip


@blueprint.post("/skus/<int:sku_id>/aliases")
@web.allow("brand")
def add_alias(sku_id: int) -> Any:
    actor, sku, form = web.actor(), queries.whole(sku_id, web.actor()), sku_forms.AliasForm()
    form.channel_id.choices = [("", gettext("Every channel")), *_channel_choices()]
    return _try(
        sku, form, "alias_form", lambda: service.add_alias(sku, form.code.data, _channel(form.channel_id.data), actor, clock.now()), "codes"
    )


def _channel_choices() -> list[tuple[int, str]]:
    return [(c.id, words.named(c)) for c in launch_queries.channels(web.actor(), only_open=True)]


def _channel(channel_id: int | None) -> Channel | None:
    return access.get_visible(Channel, channel_id, web.actor()) if channel_id else None


@blueprint.post("/skus/<int:sku_id>/aliases/<int:alias_id>/remove")
@web.allow("brand")
def remove_alias(sku_id: int, alias_id: int) -> Any:
    Confirmation().require()
    sku, alias = access.get_visible(Sku, sku_id, web.actor()), access.get_visible(SkuAlias, alias_id, web.actor())
    if alias.sku_id != sku.id:
        raise NotFound()
    service.remove_alias(alias, sku, web.actor(), clock.now())
    return _back(sku, "codes")


@blueprint.post("/skus/<int:sku_id>/prices")
@web.allow("brand")
def set_price(sku_id: int) -> Any:
    actor, sku, form = web.actor(), queries.whole(sku_id, web.actor()), sku_forms.PriceForm()
    form.channel_id.choices = _channel_choices()

    def act() -> None:
        channel = access.get_visible(Channel, form.channel_id.data, actor)
        price = form.money(channel.currency)
        channel_service.set_price(sku, channel, price, form.valid_from.data, form.valid_to.data, actor, clock.now())

    return _try(sku, form, "price_form", act, "prices")


@blueprint.post("/skus/<int:sku_id>/prices/<int:price_id>/end")
@web.allow("brand")
def end_price(sku_id: int, price_id: int) -> Any:
    """The price holds until the day given, and no longer."""
    actor = web.actor()
    sku, row = access.get_visible(Sku, sku_id, actor), access.get_visible(SkuPrice, price_id, actor)
    if row.sku_id != sku.id:
        raise NotFound()
    form = sku_forms.EndPriceForm()
    form.require()
    channel_service.end_price(row, sku, form.valid_to.data, actor, clock.now())
    return _back(sku, "prices")


@blueprint.post("/skus/<int:sku_id>/photos")
@web.allow("brand")
def add_photos(sku_id: int) -> Any:
    PhotoForm().require()
    sku = access.get_visible(Sku, sku_id, web.actor())
    for upload in request.files.getlist("photo"):
        if upload.filename:
            service.add_photo(sku, upload, web.actor(), clock.now())
    return _back(sku, "photos")


@blueprint.post("/skus/<int:sku_id>/photos/<int:file_id>/remove")
@web.allow("brand")
def remove_photo(sku_id: int, file_id: int) -> Any:
    Confirmation().require()
    sku, file = access.get_visible(Sku, sku_id, web.actor()), access.get_visible(StoredFile, file_id, web.actor())
    if (file.subject_type, file.subject_id) != ("sku", sku.id):
        raise NotFound()
    access.require("sku.edit", web.actor(), sku)
    store.remove(file)
    return _back(sku, "photos")
