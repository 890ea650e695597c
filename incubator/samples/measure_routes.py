"""The table of readings: requirement by requirement, piece by piece; saved in parts, judged by the computer."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.products import frame
from incubator.samples import forms, judging, measure_service, queries, results, words, workflow
from incubator.samples.blueprint import blueprint
from incubator.samples.models import SampleRound


@blueprint.route("/samples/<int:round_id>/measure", methods=["GET", "POST"])
@web.allow("brand")
def measure(round_id: int) -> Any:
    actor = web.actor()
    round = queries.whole(round_id, actor)
    if request.method == "GET" and not access.may("sample.measure", actor, round):
        flash(gettext("Measurements are written down from the arrival of the samples until the decision."), "info")
        return redirect(url_for("samples.show", round_id=round.id))
    form = forms.MeasureForm(data={"version": round.version})
    form.measures(round.requirements, round.pieces)
    if request.method == "POST" and form.validate():
        return _saved(round, form)
    return _page(round, form)


def _saved(round: SampleRound, form: forms.MeasureForm) -> Any:
    actor, now = web.actor(), clock.now()
    measure_service.read(round, form.cells, actor, now, form.version.data)
    if "finish" not in request.form or round.state != "received":
        flash(gettext("Saved."), "success")
        return redirect(url_for("samples.measure", round_id=round.id))
    if reason := workflow.every_must_is_measured(round, actor):
        flash(gettext("Saved, but not finished: %(why)s", why=reason), "warning")
        return redirect(url_for("samples.measure", round_id=round.id))
    measure_service.finish(round, actor, now)
    flash(gettext("Measured. The decision comes next."), "success")
    return redirect(url_for("samples.show", round_id=round.id))


def _page(round: SampleRound, form: forms.MeasureForm) -> Any:
    actor = web.actor()
    page = render_template(
        "samples/measure.html", round=round, form=form, cells=_cells(round, form), lines=results.lines(round, queries.previous(round, actor)),
        words=words, written=judging.shown, missing=len(results.unread(round, "must")), **frame.frame_context(round.product, actor, "samples"),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _cells(round: SampleRound, form: forms.MeasureForm) -> dict[tuple[int, int], Any]:
    """(requirement id, piece) → the form of the cell: what was sent, and for the rest what stands."""
    cells = {(row.form.requirement_id.data, row.form.piece.data): row.form for row in form.readings}
    stood = measure_service.standing(round)
    for requirement in round.requirements:
        for piece in range(1, round.pieces + 1):
            if (requirement.id, piece) not in cells:
                value, met = stood.get((requirement.id, piece), measure_service.BLANK)
                ticked = "" if met is None else "yes" if met else "no"
                row = {"requirement_id": requirement.id, "piece": piece, "value": value or "", "met": ticked}
                cells[requirement.id, piece] = form.readings.append_entry(row).form
    return cells
