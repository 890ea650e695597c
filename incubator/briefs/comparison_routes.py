"""Pages of what a brief is compared with: reference products and value claims."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.briefs import intake, queries, service
from incubator.briefs.blueprint import blueprint
from incubator.briefs.forms import ClaimForm, PointForm, ReferenceForm
from incubator.briefs.gate_models import ValueClaim
from incubator.briefs.models import ProductBrief, ReferenceProduct
from incubator.kernel import access, clock, web
from incubator.kernel.errors import NotFound
from incubator.kernel.forms import Confirmation

BLANK_POINTS = 2


def _row(rows: list[Any], row_id: int) -> Any:
    """The row of this very brief; another brief's id does not exist here."""
    found = next((r for r in rows if r.id == row_id), None)
    if found is None:
        raise NotFound()
    return found


def _page(template: str, form: Any, brief: ProductBrief, **values: Any) -> Any:
    return render_template(template, form=form, brief=brief, **values), 422 if form.errors else 200


def _back(brief: ProductBrief, anchor: str) -> Any:
    return redirect(url_for("briefs.show", brief_id=brief.id, _anchor=anchor))


@blueprint.route("/briefs/<int:brief_id>/references/new", methods=["GET", "POST"])
@web.allow("brand")
def new_reference(brief_id: int) -> Any:
    brief, form = queries.whole(brief_id, web.actor()), ReferenceForm()
    access.require("brief.edit", web.actor(), brief)
    if request.method == "POST" and form.validate():
        service.add_reference(brief, intake.reference_data(form), web.actor(), clock.now(), request.files.get("photo") or None)
        return _back(brief, "references")
    return _page("briefs/reference.html", form, brief, reference=None)


@blueprint.route("/briefs/<int:brief_id>/references/<int:reference_id>", methods=["GET", "POST"])
@web.allow("brand")
def edit_reference(brief_id: int, reference_id: int) -> Any:
    brief = queries.whole(brief_id, web.actor())
    reference: ReferenceProduct = _row(brief.references, reference_id)
    form = ReferenceForm(data=_reference_values(reference))
    if request.method == "POST" and form.validate():
        service.change_reference(
            brief, reference, intake.reference_data(form), web.actor(), clock.now(), request.files.get("photo") or None
        )
        return _back(brief, "references")
    return _page("briefs/reference.html", form, brief, reference=reference)


def _reference_values(reference: ReferenceProduct) -> dict[str, Any]:
    names = ("name", "maker", "url", "currency", "notes")
    return {**{n: getattr(reference, n) for n in names}, "price": str(reference.price.major)}


@blueprint.post("/briefs/<int:brief_id>/references/<int:reference_id>/remove")
@web.allow("brand")
def remove_reference(brief_id: int, reference_id: int) -> Any:
    Confirmation().require()
    brief = queries.whole(brief_id, web.actor())
    service.remove_reference(brief, _row(brief.references, reference_id), web.actor(), clock.now())
    flash(gettext("The reference product and its comparisons are removed."), "success")
    return _back(brief, "references")


def _claim_form(brief: ProductBrief, values: dict[str, Any] | None = None) -> ClaimForm:
    form = ClaimForm(data=values)
    if request.method == "GET":
        for _ in range(BLANK_POINTS if values else max(BLANK_POINTS, len(brief.references))):
            form.points.append_entry()
    for row in form.points:
        row.form.reference_id.choices = _choices(brief)
    return form


def _choices(brief: ProductBrief) -> list[tuple[int, str]]:
    return [(r.id, r.name) for r in brief.references]


def _claim_page(form: ClaimForm, brief: ProductBrief, claim: ValueClaim | None) -> Any:
    blank = PointForm(prefix="points-__n__-")
    blank.reference_id.choices = _choices(brief)
    return _page("briefs/claim.html", form, brief, claim=claim, blank=blank)


@blueprint.route("/briefs/<int:brief_id>/claims/new", methods=["GET", "POST"])
@web.allow("brand")
def new_claim(brief_id: int) -> Any:
    brief = queries.whole(brief_id, web.actor())
    access.require("brief.edit", web.actor(), brief)
    form = _claim_form(brief)
    if request.method == "POST" and form.validate():
        service.add_claim(brief, intake.claim_data(form), web.actor(), clock.now())
        return _back(brief, "claims")
    return _claim_page(form, brief, None)


@blueprint.route("/briefs/<int:brief_id>/claims/<int:claim_id>", methods=["GET", "POST"])
@web.allow("brand")
def edit_claim(brief_id: int, claim_id: int) -> Any:
    brief = queries.whole(brief_id, web.actor())
    claim: ValueClaim = _row(brief.claims, claim_id)
    form = _claim_form(brief, _claim_values(claim))
    if request.method == "POST" and form.validate():
        service.change_claim(brief, claim, intake.claim_data(form), web.actor(), clock.now())
        return _back(brief, "claims")
    return _claim_page(form, brief, claim)


def _claim_values(claim: ValueClaim) -> dict[str, Any]:
    names = ("reference_id", "attribute", "aspect", "their_value", "our_value", "verdict", "evidence")
    points = [{n: getattr(p, n) for n in names} for p in claim.points]
    return {"kind": claim.kind, "statement": claim.statement, "evidence": claim.evidence, "points": points}


@blueprint.post("/briefs/<int:brief_id>/claims/<int:claim_id>/remove")
@web.allow("brand")
def remove_claim(brief_id: int, claim_id: int) -> Any:
    Confirmation().require()
    brief = queries.whole(brief_id, web.actor())
    service.remove_claim(brief, _row(brief.claims, claim_id), web.actor(), clock.now())
    return _back(brief, "claims")
