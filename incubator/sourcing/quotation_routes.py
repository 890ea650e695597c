"""Where a factory quotes: editor, steps, files. It names its enquiry; its quotation is found by who asks, so no address counts quotations."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from incubator.kernel import access, clock, web
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import Confirmation
from incubator.sourcing import intake, queries, quotation_forms, quotation_pages, quotation_queries, quotation_service
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_forms import QuotationForm
from incubator.sourcing.quotation_models import Quotation


class EnvelopeForm(Confirmation):
    """A file and the envelope that it goes into; the view reads both."""

    also_expected = frozenset({"file", "envelope"})


def _both(rfq_id: int) -> tuple[Rfq, Quotation]:
    rfq = queries.whole(rfq_id, web.actor())
    return rfq, quotation_queries.own(rfq, web.actor())


def prepare(form: QuotationForm, rfq: Rfq) -> QuotationForm:
    """Let the form take this enquiry's currencies and requirements."""
    form.currency.choices = [(c, c) for c in rfq.currencies]
    form.numbers = [r.position for r in rfq.requirements]
    return form


def to_rfq(rfq: Rfq) -> Any:
    return redirect(url_for("sourcing.show", rfq_id=rfq.id))


@blueprint.route("/rfqs/<int:rfq_id>/quotation", methods=["GET", "POST"])
@web.allow("factory")
def quote(rfq_id: int) -> Any:
    """The editor. One button keeps a draft as it is, the other checks and submits."""
    rfq, quotation = _both(rfq_id)
    if request.method == "GET":
        if not quotation_pages.around(rfq, quotation, web.actor())["may_quote"]:
            return to_rfq(rfq)
        return _editor(rfq, quotation, _blank(rfq, quotation))
    form = prepare(QuotationForm(), rfq)
    try:
        return _taken(rfq, quotation, form)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal.message))
        return _editor(*_both(rfq_id), form)[0], refusal.status


def _taken(rfq: Rfq, quotation: Quotation, form: QuotationForm) -> Any:
    actor, now = web.actor(), clock.now()
    if request.form.get("act") == "draft":
        quotation_service.save_draft(quotation, intake.typed(form), actor, now, form.version.data)
        flash(gettext("Kept as a draft; only you can read it."), "success")
        return redirect(url_for("sourcing.quote", rfq_id=rfq.id))
    if not form.validate():
        return _editor(rfq, quotation, form)
    quotation_service.submit(quotation, intake.quotation_data(form), intake.typed(form), actor, now, form.version.data)
    flash(gettext("Submitted and sealed. You may revise it until the deadline."), "success")
    for warning in quotation_forms.warnings(form, rfq.quantities):
        flash(warning, "warning")
    return to_rfq(rfq)


def _blank(rfq: Rfq, quotation: Quotation) -> QuotationForm:
    form = prepare(QuotationForm(formdata=MultiDict(quotation_queries.typed(quotation, web.actor()))), rfq)
    form.version.data = quotation.version
    return form


def _editor(rfq: Rfq, quotation: Quotation, form: QuotationForm) -> Any:
    actor = web.actor()
    drawn = render_template(
        "sourcing/quote.html", form=form, blank=quotation_forms.BreakForm(prefix="breaks-__n__-"),
        requirements={r.position: r for r in rfq.requirements}, files=quotation_queries.files(quotation, actor),
        draft=quotation_queries.draft(quotation, actor), **quotation_pages.around(rfq, quotation, actor),
    )  # fmt: skip
    return drawn, 422 if form.errors else 200


@blueprint.post("/rfqs/<int:rfq_id>/quotation/<any(confirm, withdraw):step>")
@web.allow("factory")
def quotation_step(rfq_id: int, step: str) -> Any:
    rfq, quotation = _both(rfq_id)
    form = quotation_forms.QuotationStepForm()
    form.require()
    verb = quotation_service.confirm if step == "confirm" else quotation_service.withdraw
    verb(quotation, web.actor(), clock.now(), form.version.data)
    flash(gettext("Confirmed.") if step == "confirm" else gettext("Withdrawn. It is kept as a draft that only you can read."), "success")
    return to_rfq(rfq)


@blueprint.post("/rfqs/<int:rfq_id>/quotation/decline")
@web.allow("factory")
def decline(rfq_id: int) -> Any:
    rfq, quotation = _both(rfq_id)
    form = quotation_forms.DeclineForm()
    form.require()
    quotation_service.decline(quotation, form.note.data, web.actor(), clock.now(), form.version.data)
    flash(gettext("The brand knows that you will not quote. You may change your mind until the deadline."), "success")
    return to_rfq(rfq)


@blueprint.post("/rfqs/<int:rfq_id>/quotation/files")
@web.allow("factory")
def attach_to_quotation(rfq_id: int) -> Any:
    rfq, quotation = _both(rfq_id)
    EnvelopeForm().require()
    for upload in request.files.getlist("file"):
        if upload.filename:
            quotation_service.attach(quotation, upload, request.form.get("envelope", ""), web.actor(), clock.now())
    return redirect(url_for("sourcing.quote", rfq_id=rfq.id, _anchor="files"))


@blueprint.post("/rfqs/<int:rfq_id>/quotation/files/<int:file_id>/remove")
@web.allow("factory")
def detach_from_quotation(rfq_id: int, file_id: int) -> Any:
    rfq, quotation = _both(rfq_id)
    file: StoredFile = access.get_visible(StoredFile, file_id, web.actor())
    if (file.subject_type, file.subject_id) not in [(kind, quotation.id) for kind in quotation_service.ENVELOPES]:
        raise NotFound()
    Confirmation().require()
    quotation_service.detach(quotation, file, web.actor(), clock.now())
    return redirect(url_for("sourcing.quote", rfq_id=rfq.id, _anchor="files"))
