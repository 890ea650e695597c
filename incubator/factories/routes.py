"""The directory of factories: list, export, entering one, and the steps of its life. Every view only parses, asks and draws."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.factories import (
    audit_routes,
    duplicate_routes,
    evidence_routes,
    frame,
    panels,
    profile_routes,
    queries,
    service,
    visit_routes,
    words,
)
from incubator.factories.blueprint import blueprint
from incubator.factories.editor import draw, editor_form
from incubator.factories.evidence_models import CERTIFICATE_KINDS, TIERS
from incubator.factories.filters import Filters
from incubator.factories.forms import DecisionForm, profile_data
from incubator.factories.guards import ZONE
from incubator.factories.models import Factory
from incubator.kernel import clock, exports, jobs, web, workflow
from incubator.kernel.actor import ROLES
from incubator.kernel.forms import Confirmation
from incubator.products import activity

__all__ = ["audit_routes", "blueprint", "duplicate_routes", "evidence_routes", "panels", "profile_routes", "visit_routes"]
LOOKERS = ("brand", "administrator", "field_agent")
MOST_EXPORTED = 100_000


@blueprint.get("/factories")
@web.allow(*LOOKERS)
def index() -> Any:
    actor, filters = web.actor(), Filters.read(request.args)
    page = queries.page(filters, actor, request.args.get("cursor"))
    return render_template(
        "factories/index.html", page=page, filters=filters, beside=queries.beside(page.rows, actor), words=words, tiers=TIERS,
        machine=workflow.machines[Factory], clusters=queries.clusters(actor), categories=queries.category_names(actor),
        certificate_kinds=CERTIFICATE_KINDS, waiting=queries.waiting_changes(actor), today=clock.today(ZONE),
    )  # fmt: skip


@blueprint.get("/factories/export.<any(csv, xlsx):fmt>")
@web.allow(*LOOKERS)
def export(fmt: str) -> Any:
    """What the list shows, every page of it; no contact, no audit."""
    actor, machine = web.actor(), workflow.machines[Factory]
    clusters = {cluster.id: cluster.name_zh for cluster in queries.clusters(actor)}
    heads = [
        _("Chinese name"), _("English name"), _("Short name"), _("State"), _("Tier"), _("Country or region"), _("Province"), _("City"),
        _("Industrial cluster"), _("Categories"), _("Capabilities"), _("Valid certificates"), _("Next expiry"), _("Founded in"), _("Staff"),
    ]  # fmt: skip
    cells = (_cells(row, more, machine, clusters) for row, more in queries.export(Filters.read(request.args), actor, MOST_EXPORTED))
    return exports.download(heads, cells, fmt, _("factories"))


def _cells(row: Any, more: Any, machine: Any, clusters: dict[int, str]) -> list[Any]:
    certificates = more["certificates"].get(row.id, (0, None))
    able = [capability.name_zh or capability.name_en for capability in more["capabilities"].get(row.id, [])]
    holds = row.tier and row.tier_until and row.tier_until >= clock.today(ZONE)
    return [
        row.name_zh, row.name_en, row.short_name, str(machine.state(row.state).label), str(words.TIERS[row.tier]) if holds else "", row.country,
        row.province, row.city, clusters.get(row.cluster_id, ""), "; ".join(more["categories"].get(row.id, [])), "; ".join(able),
        *certificates, row.founded_year, row.staff_count,
    ]  # fmt: skip


@blueprint.route("/factories/new", methods=["GET", "POST"])
@web.allow(*LOOKERS)
def create() -> Any:
    actor = web.actor()
    form = editor_form(None, actor)
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            factory = service.create(profile_data(form), actor, clock.now())
            jobs.enqueue("factories.duplicates", actor, clock.now(), key=f"after:{factory.id}")
            flash(
                _(
                    "The factory is entered as a prospect. If it looks like one that is there already, that will be shown under “Suspected duplicates”."
                ),
                "success",
            )
            return redirect(url_for("factories.show", factory_id=factory.id))
    return draw(form, None, actor)


@blueprint.get("/factories/mine")
@web.allow("factory")
def mine() -> Any:
    """The factory's own profile, or the invitation to begin it."""
    factory = queries.own(web.actor())
    if factory is None:
        return render_template("factories/begin.html")
    return redirect(url_for("factories.show", factory_id=factory.id))


@blueprint.post("/factories/mine")
@web.allow("factory")
def begin() -> Any:
    Confirmation().require()
    factory = service.begin_own(web.actor(), clock.now())
    return redirect(url_for("factories.edit", factory_id=factory.id))


@blueprint.post("/factories/<int:factory_id>/move/<any(approve, condition, deactivate, reinstate, reopen, return, submit, suspend):event>")
@web.allow(*LOOKERS, "factory")
def move(factory_id: int, event: str) -> Any:
    factory = frame.find(factory_id, web.actor())
    form = DecisionForm()
    form.require()
    workflow.fire(factory, event, web.actor(), note=form.note.data, now=clock.now(), expected=form.version.data)
    flash(_("The factory now is “%(state)s”.", state=workflow.state_of(factory).label), "success")
    return redirect(url_for("factories.show", factory_id=factory.id))


@blueprint.get("/clusters")
@web.allow(*ROLES)
def clusters() -> Any:
    """The industrial clusters, for whoever looks for a place that can make something."""
    return render_template("factories/clusters.html", clusters=queries.clusters(web.actor()), may_look=web.actor().role in LOOKERS)


activity.register(words.ACTS)
