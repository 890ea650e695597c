"""The ledger: one contribution's page, deliveries with evidence, the brand's verification, the export."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.codevelopment import agreement_forms, agreement_queries, forms, ledger_service, words
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.deliverable_routes import ROLES
from incubator.codevelopment.ledger_models import Contribution
from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.kernel.errors import Forbidden
from incubator.kernel.money import Money
from incubator.products import frame
from incubator.products.models import Product

HEADS = (
    _l("Party"), _l("Kind"), _l("What"), _l("State"), _l("Hours or units"), _l("Unit"), _l("Worth"), _l("Currency"), _l("In the programme’s currency"),
    _l("Pledged"), _l("Programme currency"), _l("Due"), _l("Delivered on"),
)  # fmt: skip
EXPORT_LIMIT = 20_000


def uploads() -> list[Any]:
    return [upload for upload in request.files.getlist("files") if upload.filename]


def to(contribution: Contribution) -> Any:
    return redirect(url_for("codevelopment.contribution", contribution_id=contribution.id))


@blueprint.get("/contributions/<int:contribution_id>")
@web.allow(*ROLES)
def contribution(contribution_id: int) -> Any:
    return _page(agreement_queries.contribution(contribution_id, web.actor()))


def _page(found: Contribution, form: Any = None) -> Any:
    actor = web.actor()
    offers = workflow.available(found, actor)
    may_deliver = any(o.event == "deliver" for o in offers) and access.may("contribution.deliver", actor, found)
    page = render_template(
        "codevelopment/contribution.html", contribution=found, words=words, state=workflow.state_of(found),
        evidence=ledger_service.evidence(found, actor), form=(form or _blank(found)) if may_deliver else None,
        offers=[o for o in offers if o.event != "deliver"], money=Money,
        **frame.frame_context(found.product, actor, "codevelopment"),
    )  # fmt: skip
    return page, 422 if form is not None and form.errors else 200


def _blank(found: Contribution) -> agreement_forms.DeliverForm:
    quantity = found.quantity_hundredths / 100 if found.quantity_hundredths else None
    values = {"version": found.version, "currency": found.currency, "value": str(found.value.major), "quantity": quantity}
    return agreement_forms.DeliverForm(formdata=None, data=values | {"delivered_on": clock.today(web.actor().timezone)})


@blueprint.post("/contributions/<int:contribution_id>/deliver")
@web.allow(*ROLES)
def deliver(contribution_id: int) -> Any:
    """The party says that it arrived, how much and when, with the evidence."""
    actor = web.actor()
    found = agreement_queries.contribution(contribution_id, actor)
    if actor.organisation_id != found.organisation_id:
        raise Forbidden()
    form = agreement_forms.DeliverForm(data={"currency": found.currency})
    form.currency.data = found.currency
    if form.validate():
        hours = found.hourly is not None
        value = None if hours or not form.value.data else form.value.money(found.currency)
        quantity = int(form.quantity.data * 100) if form.quantity.data else None
        with form.shows_refusals():
            ledger_service.deliver(
                found, form.delivered_on.data, quantity, value, uploads(), actor, clock.now(), form.version.data
            )  # fmt: skip
            flash(gettext("Recorded. The brand verifies it."), "success")
            return to(found)
        found = agreement_queries.contribution(contribution_id, actor)
    return _page(found, form)


@blueprint.post("/contributions/<int:contribution_id>/<any(verify, send_back, release):event>")
@web.allow("brand")
def settle_contribution(contribution_id: int, event: str) -> Any:
    found = agreement_queries.contribution(contribution_id, web.actor())
    form = forms.StepForm()
    form.require()
    ledger_service.settle(found, event, web.actor(), clock.now(), form.note.data, form.version.data)
    return to(found)


@blueprint.route("/products/<int:product_id>/contributions/new", methods=["GET", "POST"])
@web.allow(*ROLES)
def book(product_id: int) -> Any:
    """A contribution on top of what was promised."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = agreement_forms.BookForm(data={"currency": product.programme.currency, "delivered_on": clock.today(actor.timezone)})
    if form.validate_on_submit():
        with form.shows_refusals():
            made = ledger_service.book(product, form.amounts(), form.delivered_on.data, uploads(), actor, clock.now())
            flash(gettext("Recorded. The brand verifies it."), "success")
            return to(made)
        product = frame.find(product_id, actor)
    page = render_template("codevelopment/book.html", form=form, **frame.frame_context(product, actor, "codevelopment"))
    return page, 422 if form.errors else 200


@blueprint.get("/products/<int:product_id>/contributions/export.<any(csv, xlsx):fmt>")
@web.allow(*ROLES)
def export_ledger(product_id: int, fmt: str) -> Response:
    product = frame.find(product_id, web.actor())
    machine = workflow.machines[Contribution]
    rows = (
        (
            r.party, str(words.CONTRIBUTION_KINDS[r.kind]), r.description, str(machine.state(r.state).label),
            r.quantity_hundredths / 100 if r.quantity_hundredths else None, r.unit, Money(r.value_minor, r.currency), r.currency,
            Money(r.base_minor, r.base_currency), Money(r.promised_minor, r.base_currency), r.base_currency, r.due_on, r.delivered_on,
        )
        for r in _every_row(product)
    )  # fmt: skip
    return exports.download(HEADS, rows, fmt, gettext("contributions"))


def _every_row(product: Product) -> Any:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = agreement_queries.ledger(product, actor, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return
