"""The parts of a draft: promises of its parties, and things that will be owned."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.codevelopment import agreement_forms, agreement_queries, agreement_service
from incubator.codevelopment.agreement_models import Agreement, AgreementPromise, OwnershipItem
from incubator.codevelopment.blueprint import blueprint
from incubator.kernel import access, clock, web
from incubator.kernel.errors import NotFound
from incubator.kernel.forms import Confirmation
from incubator.products import frame


def _found(agreement_id: int) -> Agreement:
    agreement = agreement_queries.whole(agreement_id, web.actor())
    if request.method == "GET":
        access.require("agreement.edit", web.actor(), agreement)
    return agreement


def _part(model: Any, part_id: int | None, agreement: Agreement) -> Any:
    if part_id is None:
        return None
    row = access.get_visible(model, part_id, web.actor())
    if row.agreement_id != agreement.id:
        raise NotFound()
    return row


def _to(agreement: Agreement, anchor: str) -> Any:
    return redirect(url_for("codevelopment.agreement", agreement_id=agreement.id, _anchor=anchor))


def _page(template: str, form: Any, agreement: Agreement, **more: Any) -> Any:
    context = frame.frame_context(agreement.product, web.actor(), "codevelopment")
    return render_template(f"codevelopment/{template}.html", form=form, agreement=agreement, **more, **context), 422 if form.errors else 200


@blueprint.route("/agreements/<int:agreement_id>/promises/new", methods=["GET", "POST"], endpoint="new_promise")
@blueprint.route("/agreements/<int:agreement_id>/promises/<int:promise_id>", methods=["GET", "POST"])
@web.allow("brand")
def promise(agreement_id: int, promise_id: int | None = None) -> Any:
    """Add what a party promises, or change it."""
    agreement = _found(agreement_id)
    row: AgreementPromise | None = _part(AgreementPromise, promise_id, agreement)
    form = agreement_forms.PromiseForm(data=_promise_values(row) if row else {"currency": agreement.currency})
    form.organisation_id.choices = [("", gettext("Choose…")), *((p.organisation_id, p.organisation.name) for p in agreement.parties)]
    if form.validate_on_submit():
        with form.shows_refusals():
            agreement_service.set_promise(agreement, row, form.organisation_id.data, form.amounts(), web.actor(), clock.now())
            return _to(agreement, "promises")
    return _page("promise", form, agreement, promise=row)


def _promise_values(row: AgreementPromise) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("organisation_id", "kind", "description", "currency", "unit", "due_on")}
    return plain | {
        "value": "" if row.kind == "design_hours" else str(row.value.major),
        "hourly": str(row.hourly.major) if row.hourly else "",
        "quantity": row.quantity_hundredths / 100 if row.quantity_hundredths else None,
    }


@blueprint.post("/agreements/<int:agreement_id>/promises/<int:promise_id>/remove")
@web.allow("brand")
def remove_promise(agreement_id: int, promise_id: int) -> Any:
    agreement = _found(agreement_id)
    row = _part(AgreementPromise, promise_id, agreement)
    Confirmation().require()
    agreement_service.remove_promise(agreement, row, web.actor(), clock.now())
    return _to(agreement, "promises")


@blueprint.route("/agreements/<int:agreement_id>/items/new", methods=["GET", "POST"], endpoint="new_item")
@blueprint.route("/agreements/<int:agreement_id>/items/<int:item_id>", methods=["GET", "POST"])
@web.allow("brand")
def item(agreement_id: int, item_id: int | None = None) -> Any:
    """Add a thing that will be owned, or change who owns it."""
    agreement = _found(agreement_id)
    row: OwnershipItem | None = _part(OwnershipItem, item_id, agreement)
    form = agreement_forms.ItemForm(data=_item_values(row) if row else None)
    for owner in form.owners:
        owner.form.organisation_id.choices = [("", "–"), *((p.organisation_id, p.organisation.name) for p in agreement.parties)]
    if form.validate_on_submit():
        data = {"kind": form.kind.data, "title": form.title.data, "licence": form.licence.data, "buy_back": form.buy_back.data}
        with form.shows_refusals():
            agreement_service.set_item(agreement, row, data | {"shares": form.shares()}, web.actor(), clock.now())
            return _to(agreement, "items")
    return _page("item", form, agreement, item=row)


def _item_values(row: OwnershipItem) -> dict[str, Any]:
    owners = [{"organisation_id": s.organisation_id, "share": s.share_bp / 100} for s in row.shares]
    return {"kind": row.kind, "title": row.title, "licence": row.licence, "buy_back": row.buy_back, "owners": owners}


@blueprint.post("/agreements/<int:agreement_id>/items/<int:item_id>/remove")
@web.allow("brand")
def remove_item(agreement_id: int, item_id: int) -> Any:
    agreement = _found(agreement_id)
    row = _part(OwnershipItem, item_id, agreement)
    Confirmation().require()
    agreement_service.remove_item(agreement, row, web.actor(), clock.now())
    return _to(agreement, "items")
