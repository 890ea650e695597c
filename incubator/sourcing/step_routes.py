"""The steps of an enquiry that the brand takes by hand: issue, re-issue, extend, close, cancel."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from incubator.kernel import clock, web
from incubator.sourcing import forms, intake, page, queries, service, words
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.models import Rfq


def to_rfq(rfq: Rfq) -> Any:
    return redirect(url_for("sourcing.show", rfq_id=rfq.id))


@blueprint.post("/rfqs/<int:rfq_id>/issue")
@web.allow("brand")
def issue(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.StepForm()
    form.require()
    service.issue(rfq, web.actor(), clock.now(), form.version.data)
    flash(gettext("Issued. Every factory has been told, each by itself."), "success")
    return to_rfq(rfq)


@blueprint.route("/rfqs/<int:rfq_id>/reissue", methods=["GET", "POST"])
@web.allow("brand")
def reissue(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    if not rfq.takes_quotations and request.method == "GET":
        return to_rfq(rfq)
    form = forms.ReissueForm(data=intake.rfq_values(rfq))
    if request.method == "POST" and form.validate():
        with form.shows_refusals():
            service.reissue(rfq, intake.rfq_data(form), form.reissue_note.data, actor, clock.now(), form.version.data)
            flash(gettext("Re-issued. Every factory has been told what changed."), "success")
            return to_rfq(rfq)
        rfq = queries.whole(rfq_id, actor)
    drawn = render_template("sourcing/reissue.html", form=form, **page.context(rfq, actor, "show"))
    return drawn, 422 if form.is_submitted() else 200


@blueprint.post("/rfqs/<int:rfq_id>/extend")
@web.allow("brand")
def extend(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.ExtendForm()
    form.require()
    service.extend(rfq, form.deadline, web.actor(), clock.now(), form.version.data)
    flash(gettext("The deadline is now %(at)s.", at=words.at(rfq.deadline, rfq.deadline_zone)), "success")
    return to_rfq(rfq)


@blueprint.post("/rfqs/<int:rfq_id>/close")
@web.allow("brand")
def close(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.StepForm()
    form.require()
    service.close(rfq, web.actor(), clock.now(), form.note.data, form.version.data)
    flash(gettext("Closed. What was received waits for the technical review."), "success")
    return to_rfq(rfq)


@blueprint.post("/rfqs/<int:rfq_id>/cancel")
@web.allow("brand")
def cancel(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.StepForm()
    form.require()
    service.cancel(rfq, form.note.data, web.actor(), clock.now(), form.version.data)
    flash(gettext("Cancelled. Every factory that was asked has been told."), "success")
    return to_rfq(rfq)
