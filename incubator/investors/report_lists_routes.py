"""Lists of reports: all that the reader may know, and those of one programme; and the figures of one report as a sheet."""

from typing import Any

from flask import render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.investors import intake, presenting, queries, report_queries, words
from incubator.investors.blueprint import blueprint
from incubator.investors.commitment_routes import BOTH, report_states
from incubator.investors.report_models import PERIODS, REPORT_STATES
from incubator.kernel import exports, web
from incubator.products import programme_frame, programmes

programme_frame.register_tab("reports", _l("Reports"), "investors.programme_reports", 30)


def _filters() -> dict[str, Any]:
    return intake.filters(request.args, state=REPORT_STATES, period=PERIODS)


def _list(template: str, filters: dict[str, Any], **more: Any) -> str:
    page = report_queries.listing(web.actor(), filters, request.args.get("cursor"))
    return render_template(
        template, page=page, filters=filters, states=report_states(), words=words, label=report_queries.period_label,
        is_brand=web.actor().role == "brand", **more,
    )  # fmt: skip


@blueprint.get("/reports")
@web.allow(*BOTH)
def reports() -> str:
    """The brand's reports; for an investor those that were released to it."""
    return _list("investors/reports.html", _filters(), options=queries.options(web.actor()))


@blueprint.get("/programmes/<int:programme_id>/reports")
@web.allow("brand")
def programme_reports(programme_id: int) -> str:
    found = programmes.find(programme_id, web.actor())
    tabs = programme_frame.tabs(found, "reports")
    return _list("investors/programme_reports.html", {**_filters(), "programme": found.id}, programme=found, tabs=tabs)


@blueprint.get("/reports/export.<any(csv,xlsx):fmt>")
@web.allow(*BOTH)
def export_reports(fmt: str) -> Any:
    states = {name: str(state.label) for name, state in report_states().items()}
    heads = [_("Period"), _("Title"), _("Programme"), _("Brand"), _("Edition"), _("State"), _("Released")]
    cells = (
        (report_queries.period_label(r), r.title, r.programme, r.brand, r.edition, states[r.state], r.released_at)
        for r in report_queries.export(web.actor(), _filters())
    )
    return exports.download(heads, cells, fmt, "reports")


@blueprint.get("/reports/<int:report_id>/figures.<any(csv,xlsx):fmt>")
@web.allow(*BOTH)
def export_figures(report_id: int, fmt: str) -> Any:
    """The frozen figures that the reader may know, with their moment and hash; sources for the brand."""
    actor, language = web.actor(), "zh" if str(get_locale()) == "zh" else "en"
    report = report_queries.report(report_id, actor)
    source = [_("Source"), _("Recipe")] if actor.role == "brand" else []
    heads = [_("Section"), _("Figure"), _("Value"), _("Unit"), _("As of"), *source, _("Hash")]
    groups = report_queries.frozen(report, actor)
    cells = (
        (
            str(presenting.TITLES[line.section]), line.label[language], presenting.plain(line, language), presenting.unit(line.unit), line.as_of,
            *([line.source, line.recipe] if source else []), line.digest,
        )
        for lines in groups.values()
        for line in lines
    )  # fmt: skip
    return exports.download(heads, cells, fmt, f"{report.title} {report.period_label}")
