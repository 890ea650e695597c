"""The page of codes that stood in feeds and mean no SKU, and what somebody says of them. For the brand alone."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation
from incubator.launches import service as launches
from incubator.launches import words as launch_words
from incubator.products.models import Product
from incubator.sales import adoption, exclusion, forms, queries, service, words
from incubator.sales.blueprint import blueprint
from incubator.sales.models import CODE_STATUSES, NonProduct

EXPORT_LIMIT = 100_000


@blueprint.get("/sales/codes")
@web.allow("brand")
def codes() -> str:
    return _codes_page()


def _code_filters() -> dict[str, Any]:
    """What the address asks for, as it goes into the addresses of other pages."""
    channel, status = request.args.get("channel", ""), request.args.get("status", "")
    return {
        "status": status if status in CODE_STATUSES and status != "open" else None,
        "q": request.args.get("q", "").replace("\x00", "").strip()[:80] or None,
        "channel": int(channel) if channel.isascii() and channel.isdecimal() and len(channel) < 10 and int(channel) else None,
    }


def _codes_page(wrong: tuple[str, ...] = ()) -> str:
    """The page, also after an answer that was `wrong`: what was chosen and typed stands there still."""
    actor, filters = web.actor(), _code_filters()
    page = queries.codes(actor, filters["status"] or "open", filters["q"] or "", filters["channel"] or 0, request.args.get("cursor"))
    return render_template(
        "sales/codes.html", page=page, filters=filters, words=words, named=launch_words.named, price=launch_words.price,
        products=queries.products_with_factories(actor), channels=queries.code_channels(actor),
        rules=exclusion.rules(actor), wrong=wrong, chosen=set(request.form.getlist("codes")), typed=request.form.to_dict(),
    )  # fmt: skip


@blueprint.get("/sales/codes/export.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_codes(fmt: str) -> Response:
    """The codes as the list shows them."""
    heads = (_l("Code"), _l("Description"), _l("Channel"), _l("Lines"), _l("Units"), _l("Revenue"), _l("First"), _l("Last"))
    rows = (
        [
            r.code,
            r.description,
            launch_words.named(r),
            r.lines,
            r.units,
            launch_words.price(r.amount_minor, r.currency),
            r.first_on,
            r.last_on,
        ]
        for r in _every_code()
    )
    return exports.download([str(h) for h in heads], rows, fmt, gettext("codes"))


def _every_code() -> Iterator[Any]:
    actor, filters, cursor = web.actor(), _code_filters(), None
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.codes(actor, filters["status"] or "open", filters["q"] or "", filters["channel"] or 0, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _said_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be done as it was filled in is said above the same page."""

    @wraps(view)
    def guarded(**given: Any) -> Any:
        try:
            return view(**given)
        except Invalid as refused:
            db.session.rollback()
            return _codes_page(tuple(str(m) for messages in refused.fields.values() for m in messages)), 422

    return guarded


def _back() -> Any:
    return redirect(url_for("sales.codes", **_code_filters()))


@blueprint.post("/sales/codes/resolve")
@web.allow("brand")
@_said_again
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
    return _back()


@blueprint.post("/sales/codes/ignore")
@web.allow("brand")
@_said_again
def ignore() -> Any:
    form = forms.CodesForm()
    form.require()
    chosen = service.feed_codes(form.codes.data, web.actor())
    service.ignore(chosen, web.actor(), clock.now())
    flash(gettext("%(n)s codes are no products. Their lines stay, and count in no week.", n=len(chosen)), "success")
    return _back()


@blueprint.post("/sales/codes/rules")
@web.allow("brand")
@_said_again
def exclude() -> Any:
    """Codes of a form are no products, now and from now on."""
    form = forms.NonProductForm()
    form.require()
    number = exclusion.add(form.pattern.data, web.actor(), clock.now())
    flash(gettext("The rule holds. It explained %(n)s codes that waited.", n=number), "success")
    return _back()


@blueprint.post("/sales/codes/rules/<int:non_product_id>/remove")
@web.allow("brand")
def remove_exclusion(non_product_id: int) -> Any:
    Confirmation().require()
    exclusion.remove(access.get_visible(NonProduct, non_product_id, web.actor()), web.actor(), clock.now())
    flash(gettext("The rule is gone. What it explained stays explained."), "success")
    return _back()


@blueprint.post("/sales/codes/adopt")
@web.allow("brand")
@_said_again
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
    return _back()
