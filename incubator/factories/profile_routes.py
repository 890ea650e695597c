"""One factory's pages: profile, editor, changes; for the administrator its account and the agents in charge."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.factories import content, frame, profile_queries, service
from incubator.factories.blueprint import blueprint
from incubator.factories.editor import draw, editor_form
from incubator.factories.evidence_models import FactoryChange
from incubator.factories.forms import ChooseOrganisation, ChoosePerson, DecisionForm, profile_data
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.actor import ROLES
from incubator.kernel.errors import Forbidden

KEEPERS = ("brand", "administrator", "field_agent")


@blueprint.get("/factories/<int:factory_id>")
@web.allow(*ROLES)
def show(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    if factory.merged_into_id:
        return redirect(url_for("factories.show", factory_id=factory.merged_into_id))
    manages = access.may("factory.entrust", actor, factory)
    context = frame.context(factory, actor, "overview")
    return render_template(
        "factories/show.html", **context,
        contacts=profile_queries.contacts(factory, actor) if context["knows"] else [],
        agents=profile_queries.agents(factory, actor) if manages else [],
        organisations=profile_queries.free_organisations(actor) if manages and not factory.organisation_id else [],
        manages=manages, certificates=profile_queries.certificates(factory, actor), oem=profile_queries.oem(factory, actor),
        open_changes=profile_queries.changes(factory, actor, 5) if context["keeps"] or context["own"] else [],
        completeness=profile_queries.completeness(factory) if context["keeps"] or context["own"] else None,
    )  # fmt: skip


@blueprint.route("/factories/<int:factory_id>/edit", methods=["GET", "POST"])
@web.allow(*KEEPERS, "factory")
def edit(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    if not (access.may("factory.keep", actor, factory) or access.may("factory.propose", actor, factory)):
        raise Forbidden()
    proposals = [change.content for change in service.open_changes(factory)] if actor.role == "factory" else []
    form = editor_form(factory, actor, proposals[-1] if proposals else None)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            change = service.save(factory, profile_data(form), actor, clock.now(), form.version.data)
            if change.state == "proposed":
                flash(_("Your change is proposed. The published profile stays until it is approved."), "success")
                return redirect(url_for("factories.change", factory_id=factory.id, change_id=change.id))
            flash(_("Saved."), "success")
            return redirect(url_for("factories.show", factory_id=factory.id))
    return draw(form, factory, actor)


@blueprint.get("/factories/<int:factory_id>/changes")
@web.allow(*KEEPERS, "factory")
def changes(factory_id: int) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    rows = profile_queries.changes(factory, actor)
    return render_template(
        "factories/changes.html", **frame.context(factory, actor, "changes"), rows=rows, machine=workflow.machines[FactoryChange]
    )


@blueprint.get("/factories/<int:factory_id>/changes/<int:change_id>")
@web.allow(*KEEPERS, "factory")
def change(factory_id: int, change_id: int) -> Any:
    """The difference: of an open proposal to what is published now, of a decided one to what it replaced."""
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    found: FactoryChange = profile_queries.part_of(FactoryChange, factory, change_id, actor)
    stands = content.snapshot(factory) if found.state == "proposed" else found.before
    return render_template(
        "factories/change.html", **frame.context(factory, actor, "changes"), change=found, change_state=workflow.state_of(found),
        lines=content.difference(stands, found.content, service.cluster_name), change_offers=workflow.available(found, actor),
    )  # fmt: skip


@blueprint.post("/factories/<int:factory_id>/changes/<int:change_id>/<any(approve, return, withdraw):event>")
@web.allow(*KEEPERS, "factory")
def decide_change(factory_id: int, change_id: int, event: str) -> Any:
    actor = web.actor()
    factory = frame.find(factory_id, actor)
    found = profile_queries.part_of(FactoryChange, factory, change_id, actor)
    form = DecisionForm()
    form.require()
    service.decide(found, event, form.note.data, actor, clock.now(), form.version.data)
    flash(workflow.state_of(found).label, "success")
    return redirect(url_for("factories.change", factory_id=factory.id, change_id=found.id))


@blueprint.post("/factories/<int:factory_id>/organisation")
@web.allow("administrator")
def link(factory_id: int) -> Any:
    factory = frame.find(factory_id, web.actor())
    form = ChooseOrganisation()
    form.require()
    service.link(factory, form.organisation_id.data, web.actor(), clock.now())
    return redirect(url_for("factories.show", factory_id=factory.id))


@blueprint.post("/factories/<int:factory_id>/caseload/<any(entrust, release):act>")
@web.allow("administrator")
def caseload(factory_id: int, act: str) -> Any:
    factory = frame.find(factory_id, web.actor())
    form = ChoosePerson()
    form.require()
    verb = service.entrust if act == "entrust" else service.release
    verb(factory, form.agent_user_id.data, web.actor(), clock.now())
    return redirect(url_for("factories.show", factory_id=factory.id))
