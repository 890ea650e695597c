"""The pages of evidence: certificates, OEM history, tiers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.factories import evidence_service, frame, profile_queries
from incubator.factories import tiers as standards
from incubator.factories.blueprint import blueprint
from incubator.factories.evidence_forms import CertificateForm, OemForm
from incubator.factories.evidence_models import Certificate, TierAward
from incubator.factories.forms import DecisionForm, TierForm
from incubator.factories.models import Factory, OemEntry
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.actor import ROLES
from incubator.kernel.errors import Forbidden
from incubator.kernel.forms import Confirmation

KEEPERS = ("brand", "administrator", "field_agent")


@blueprint.route("/factories/<int:factory_id>/certificates", methods=["GET", "POST"])
@web.allow(*ROLES)
def certificates(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    form = CertificateForm()
    if request.method == "POST" and not access.may("factory.prove", actor, factory):
        raise Forbidden()
    if request.method == "POST" and form.validate():
        names = ("kind", "title", "number", "issuer", "valid_from", "expires_on")
        upload = request.files.get("file")
        with form.shows_refusals():
            data = {name: form[name].data for name in names}
            made = evidence_service.add_certificate(factory, data, upload if upload and upload.filename else None, actor, clock.now())
            flash(
                _("The certificate counts from now on.") if made.state == "valid" else _("The certificate waits to be checked."), "success"
            )
            return redirect(url_for("factories.certificates", factory_id=factory.id))
    rows = profile_queries.certificates(factory, actor)
    page = render_template(
        "factories/certificates.html", **frame.context(factory, actor, "certificates"), rows=rows, form=form,
        certificate_offers={c.id: workflow.available(c, actor) for c in rows} if access.may("factory.keep", actor, factory) else {},
        machine=workflow.machines[Certificate], may_prove=access.may("factory.prove", actor, factory),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.post("/factories/<int:factory_id>/certificates/<int:certificate_id>/<any(accept, reject, revoke):event>")
@web.allow(*KEEPERS)
def decide_certificate(factory_id: int, certificate_id: int, event: str) -> Any:
    actor = web.actor()
    certificate = profile_queries.part_of(Certificate, frame.find(factory_id, actor), certificate_id, actor)
    form = DecisionForm()
    form.require()
    workflow.fire(certificate, event, actor, note=form.note.data, now=clock.now(), expected=form.version.data)
    return redirect(url_for("factories.certificates", factory_id=factory_id))


@blueprint.route("/factories/<int:factory_id>/oem", methods=["GET", "POST"])
@web.allow(*ROLES)
def oem(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    form = OemForm(data={"is_confidential": True})
    if request.method == "POST" and not access.may("factory.oem", actor, factory):
        raise Forbidden()
    if request.method == "POST" and form.validate():
        names = ("client", "category", "from_year", "to_year", "is_confidential")
        evidence_service.add_oem(factory, {name: form[name].data for name in names}, actor, clock.now())
        return redirect(url_for("factories.oem", factory_id=factory.id))
    page = render_template(
        "factories/oem.html", **frame.context(factory, actor, "oem"), rows=profile_queries.oem(factory, actor), form=form,
        may_add=access.may("factory.oem", actor, factory), may_check=access.may("factory.oem_check", actor, factory),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post("/factories/<int:factory_id>/oem/<int:oem_id>/<any(check, remove):act>")
@web.allow("administrator", "field_agent", "factory")
def change_oem(factory_id: int, oem_id: int, act: str) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    entry = profile_queries.part_of(OemEntry, factory, oem_id, actor)
    Confirmation().require()
    verb = evidence_service.check_oem if act == "check" else evidence_service.remove_oem
    verb(factory, entry, actor, clock.now())
    return redirect(url_for("factories.oem", factory_id=factory.id))


@blueprint.get("/factories/<int:factory_id>/tiers")
@web.allow(*ROLES)
def tiers(factory_id: int) -> Any:
    """What the factory holds and held, and for those who know its evidence what each tier asks beside what is there."""
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    context = frame.context(factory, actor, "tiers")
    return render_template(
        "factories/tiers.html", **context, awards=profile_queries.tiers(factory, actor), standards=_standards(factory, context),
        form=TierForm(), may_grant=access.may("factory.tier", actor, factory), machine=workflow.machines[TierAward],
    )  # fmt: skip


def _standards(factory: Factory, context: dict[str, Any]) -> dict[str, list[Any]]:
    """Tier → (criterion, judged or None) for every tier."""
    known = standards.facts(factory, context["today"]) if context["keeps"] or context["own"] else None
    found: dict[str, list[Any]] = {}
    for criterion in profile_queries.criteria(web.actor()):
        met = standards.judged([criterion], known)[0] if known is not None else None
        found.setdefault(criterion.tier, []).append((criterion, met))
    return found


@blueprint.post("/factories/<int:factory_id>/tiers")
@web.allow("administrator")
def grant_tier(factory_id: int) -> Any:
    factory = frame.find(factory_id, web.actor())
    form = TierForm()
    form.require()
    evidence_service.grant_tier(factory, form.tier.data, form.note.data, web.actor(), clock.now())
    return redirect(url_for("factories.tiers", factory_id=factory.id))


@blueprint.post("/factories/<int:factory_id>/tiers/<int:tier_id>/revoke")
@web.allow("administrator")
def revoke_tier(factory_id: int, tier_id: int) -> Any:
    actor = web.actor()
    award = profile_queries.part_of(TierAward, frame.find(factory_id, actor), tier_id, actor)
    form = DecisionForm()
    form.require()
    evidence_service.end_tier(award, "revoke", form.note.data, actor, clock.now())
    return redirect(url_for("factories.tiers", factory_id=factory_id))
