"""The page of one report, its documents, its sources, and the questions about it. An investor's first look is noted."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from incubator.investors import burn_charts, presenting, receipts, report_forms, report_queries, report_service, sections, verifying, words
from incubator.investors.blueprint import blueprint
from incubator.investors.commitment_routes import BOTH
from incubator.investors.report_models import ProgressReport, ReportDocument
from incubator.kernel import access, charts, clock, files, names, web, workflow
from incubator.kernel.errors import NotFound
from incubator.products import comments
from incubator.products import words as product_words


def language() -> str:
    return "zh" if str(get_locale()) == "zh" else "en"


def body(lines: dict[str, list[Any]]) -> dict[str, Any]:
    """What `_report_body.html` needs beside the lines."""
    spec = burn_charts.frozen(lines["burn_months"])
    return {
        "lines": lines, "chart": charts.payload(spec) if spec else None, "say": presenting, "words": words, "product_words": product_words,
        "lang": language(),
    }  # fmt: skip


@blueprint.get("/reports/<int:report_id>")
@web.allow(*BOTH)
def report(report_id: int) -> Any:
    """The report: computed now while it is a draft, as frozen from then on."""
    return _page(report_id, None)


def _page(report_id: int, remark_form: Any) -> Any:
    actor, now = web.actor(), clock.now()
    found = report_queries.report(report_id, actor)
    if found.state == "draft":
        as_of, computed = report_service.preview(found, actor, now)
        lines = sections.grouped(computed)
    else:
        as_of, lines = found.freeze.as_of, report_queries.frozen(found, actor)  # type: ignore[union-attr]
    page = render_template(
        "investors/report.html", report=found, as_of=as_of, state=workflow.state_of(found), threads=_threads(found),
        remark_form=remark_form or report_forms.RemarkForm(formdata=None), editions=report_queries.editions(found, actor),
        documents=report_queries.documents(found, actor), **_for_the_brand(found), **body(lines),
    )  # fmt: skip
    response = make_response(page, 422 if remark_form is not None and remark_form.errors else 200)
    return receipts.note(response, found.id, "page", actor, now)


def _for_the_brand(found: ProgressReport) -> dict[str, Any]:
    """What nobody else may know: the steps, the readers, who opened it."""
    actor = web.actor()
    if actor.role != "brand":
        return {"is_brand": False, "offers": {"freeze": None, "release": None}, "openings": [], "audience": [], "may": {}}
    may = {verb: access.may(f"report.{verb}", actor, found) for verb in ("edit", "renew")}
    may["renew"] = may["renew"] and report_service.successor_of(found) is None
    offers = {"freeze": None, "release": None} | {o.event: o for o in workflow.available(found, actor)}
    return {
        "is_brand": True, "offers": offers, "openings": report_queries.openings(found, actor),
        "audience": [a.organisation for a in found.audience], "may": may,
    }  # fmt: skip


def _threads(found: ProgressReport) -> list[dict[str, Any]]:
    """Per investor what was asked and answered, safe to draw; an investor has one thread, its own."""
    actor = web.actor()
    by_side: dict[int | None, dict[str, Any]]
    if found.released_at is None:
        return []
    if actor.role == "brand":
        by_side = {a.organisation_id: {"id": a.organisation_id, "name": a.organisation.label, "remarks": []} for a in found.audience}
    else:
        by_side = {actor.organisation_id: {"id": None, "name": found.brand.label, "remarks": []}}
    for remark in report_queries.remarks(found, actor):
        by_side[remark.investor_id]["remarks"].append((remark, comments.render_body(remark.body)))
    return list(by_side.values())


@blueprint.post("/reports/<int:report_id>/remarks")
@web.allow(*BOTH)
def remark(report_id: int) -> Any:
    """Ask the brand, or answer one investor."""
    actor, form = web.actor(), report_forms.RemarkForm()
    found = report_queries.report(report_id, actor)
    if form.validate():
        with form.shows_refusals():
            report_service.remark(found, form.body.data, form.investor_id.data, actor, clock.now())
            flash(_("Sent."), "success")
            return redirect(url_for("investors.report", report_id=report_id, _anchor="questions"))
    return _page(report_id, form)


@blueprint.get("/reports/<int:report_id>/document-<any(zh,en):lang>.pdf")
@web.allow(*BOTH)
def document(report_id: int, lang: str) -> Response:
    """The stored PDF as it was made: an investor's own; for the brand that of the investor `for`, or the first."""
    actor = web.actor()
    found = report_queries.report(report_id, actor)
    wanted = request.args.get("for", type=int) if actor.role == "brand" else actor.organisation_id
    fitting = [d for d in report_queries.documents(found, actor) if d.language == lang and wanted in (None, d.organisation_id)]
    kept: ReportDocument | None = next(iter(fitting), None)
    if kept is None:
        raise NotFound()
    try:
        response = Response(files.open_stream(kept.file), mimetype="application/pdf")
    except FileNotFoundError as error:
        raise NotFound() from error
    response.headers["Content-Disposition"] = names.disposition(f"{found.title} {found.period_label} {lang}.pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.content_length = kept.size
    return receipts.note(response, found.id, "pdf", actor, clock.now())


@blueprint.get("/reports/<int:report_id>/sources")
@web.allow("brand")
def sources(report_id: int) -> Any:
    """Every frozen figure with where it comes from, and whether it can be rebuilt bit for bit."""
    actor = web.actor()
    found = report_queries.report(report_id, actor)
    if found.freeze is None:
        raise NotFound()
    return render_template(
        "investors/sources.html", report=found, verdict=verifying.verify(found, actor), say=presenting, lang=language(),
        investors={a.organisation_id: a.organisation.label for a in found.audience},
    )  # fmt: skip
