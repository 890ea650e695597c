"""The pages of audits: list and plan, score, note findings, decide, close findings."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.factories import audit_service, frame, profile_queries, words
from incubator.factories.audit_models import FactoryAudit
from incubator.factories.blueprint import blueprint
from incubator.factories.evidence_forms import AuditForm, ClosingForm, FindingForm, ReportForm, ScoresForm
from incubator.factories.forms import DecisionForm
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.errors import Forbidden, Invalid

KEEPERS = ("brand", "administrator", "field_agent")


@blueprint.route("/factories/<int:factory_id>/audits", methods=["GET", "POST"])
@web.allow(*KEEPERS, "factory")
def audits(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    form = AuditForm()
    if request.method == "POST" and not access.may("factory.keep", actor, factory):
        raise Forbidden()
    if request.method == "POST" and form.validate():
        data = {name: form[name].data for name in ("kind", "audited_on", "auditor")}
        made = audit_service.plan(factory, data, actor, clock.now())
        return redirect(url_for("factories.audit", factory_id=factory.id, audit_id=made.id))
    page = render_template(
        "factories/audits.html", **frame.context(factory, actor, "audits"), rows=profile_queries.audits(factory, actor), form=form,
        machine=workflow.machines[FactoryAudit],
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _find(factory_id: int, audit_id: int) -> FactoryAudit:
    actor = web.actor()
    return profile_queries.audit(frame.find(factory_id, actor), audit_id, actor)


def _back(made: FactoryAudit, anchor: str | None = None) -> Any:
    return redirect(url_for("factories.audit", factory_id=made.factory_id, audit_id=made.id, _anchor=anchor))


@blueprint.get("/factories/<int:factory_id>/audits/<int:audit_id>")
@web.allow(*KEEPERS, "factory")
def audit(factory_id: int, audit_id: int) -> Any:
    return _draw(frame.find(factory_id, web.actor()), audit_id, FindingForm(formdata=None))


def _draw(factory: Any, audit_id: int, finding_form: FindingForm) -> Any:
    actor = web.actor()
    made = profile_queries.audit(factory, audit_id, actor)
    rows = [
        {"code": c.code, "score": "na" if c.does_not_apply else "" if c.score is None else str(c.score), "note": c.note}
        for c in made.checks
    ]
    keeps = access.may("factory.keep", actor, factory)
    page = render_template(
        "factories/audit.html", **frame.context(factory, actor, "audits"), audit=made, audit_state=workflow.state_of(made),
        checks=words.CHECKS[made.kind], form=ScoresForm(formdata=None, data={"checks": rows, "version": made.version}),
        finding_form=finding_form, may_edit=access.may("audit.edit", actor, made), may_close=access.may("audit.close_finding", actor, made),
        audit_offers=workflow.available(made, actor) if keeps else [],
    )  # fmt: skip
    return page, 422 if finding_form.errors else 200


@blueprint.post("/factories/<int:factory_id>/audits/<int:audit_id>/scores")
@web.allow(*KEEPERS)
def score(factory_id: int, audit_id: int) -> Any:
    made = _find(factory_id, audit_id)
    form = ScoresForm()
    form.require()
    audit_service.score(made, form.scores(), web.actor(), clock.now(), form.version.data)
    flash(_("Saved."), "success")
    return _back(made)


@blueprint.post("/factories/<int:factory_id>/audits/<int:audit_id>/findings")
@web.allow(*KEEPERS)
def note_finding(factory_id: int, audit_id: int) -> Any:
    made = _find(factory_id, audit_id)
    form = FindingForm()
    if form.validate():
        with form.shows_refusals():
            data = {name: form[name].data for name in ("severity", "text", "due_on")}
            audit_service.note_finding(made, data, web.actor(), clock.now())
            return _back(made, "findings")
    return _draw(frame.find(factory_id, web.actor()), audit_id, form)


@blueprint.post("/factories/<int:factory_id>/audits/<int:audit_id>/findings/<int:finding_id>/close")
@web.allow(*KEEPERS)
def close_finding(factory_id: int, audit_id: int, finding_id: int) -> Any:
    made = _find(factory_id, audit_id)
    finding = profile_queries.finding(made, finding_id, web.actor())
    form = ClosingForm()
    form.require()
    audit_service.close_finding(finding, form.note.data, web.actor(), clock.now())
    return _back(made, "findings")


@blueprint.post("/factories/<int:factory_id>/audits/<int:audit_id>/report")
@web.allow(*KEEPERS)
def attach_report(factory_id: int, audit_id: int) -> Any:
    made = _find(factory_id, audit_id)
    ReportForm().require()
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": [_("Choose a file.")]})
    audit_service.attach(made, upload, web.actor(), clock.now())
    return _back(made)


@blueprint.post("/factories/<int:factory_id>/audits/<int:audit_id>/<any(cancel, condition, fail, pass):event>")
@web.allow(*KEEPERS)
def decide_audit(factory_id: int, audit_id: int, event: str) -> Any:
    made = _find(factory_id, audit_id)
    form = DecisionForm()
    form.require()
    workflow.fire(made, event, web.actor(), note=form.note.data, now=clock.now(), expected=form.version.data)
    return _back(made)
