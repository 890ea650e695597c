"""The page of suspected duplicates: both records side by side with the reasons, and the verdict."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.factories import duplicate_service, profile_queries, words
from incubator.factories.blueprint import blueprint
from incubator.factories.evidence_models import PAIR_STATES, DuplicatePair
from incubator.factories.forms import MergeForm
from incubator.factories.models import Factory
from incubator.kernel import access, clock, jobs, web, workflow
from incubator.kernel.forms import Confirmation

DECIDERS = ("brand", "administrator")


@blueprint.get("/factories/duplicates")
@web.allow(*DECIDERS)
def duplicates() -> Any:
    actor, asked = web.actor(), request.args.get("state", "open")
    state = asked if asked in PAIR_STATES else "open"
    page = profile_queries.pairs(actor, request.args.get("cursor"), state)
    return render_template(
        "factories/duplicates.html", page=page, sides=profile_queries.sides(page.rows, actor), words=words, state=state,
        machine=workflow.machines[DuplicatePair], states=workflow.machines[Factory],
    )  # fmt: skip


@blueprint.post("/factories/duplicates/search")
@web.allow(*DECIDERS)
def search_duplicates() -> Any:
    Confirmation().require()
    run = jobs.enqueue("factories.duplicates", web.actor(), clock.now(), key=f"asked:{clock.now():%Y%m%d%H%M}")
    return redirect(
        url_for("kernel.job_progress", run_id=run.id) if run.requested_by == web.actor().user_id else url_for("factories.duplicates")
    )


@blueprint.post("/factories/duplicates/<int:pair_id>/merge")
@web.allow(*DECIDERS)
def merge(pair_id: int) -> Any:
    pair = access.get_visible(DuplicatePair, pair_id, web.actor())
    form = MergeForm()
    form.require()
    kept = duplicate_service.merge(pair, form.kept_id.data, web.actor(), clock.now(), form.version.data)
    flash(_("Merged into “%(name)s”.", name=kept.label), "success")
    return redirect(url_for("factories.duplicates"))


@blueprint.post("/factories/duplicates/<int:pair_id>/differ")
@web.allow(*DECIDERS)
def differ(pair_id: int) -> Any:
    pair = access.get_visible(DuplicatePair, pair_id, web.actor())
    Confirmation().require()
    duplicate_service.differ(pair, web.actor(), clock.now())
    flash(_("Remembered: they are two."), "success")
    return redirect(url_for("factories.duplicates"))
