"""Why things come back: reasons with their parts and faults, what the lexicon does not know, and the brand's own words for it."""

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, charts, clock, exports, web
from incubator.kernel.forms import Confirmation
from incubator.sales import lexicon_queries as queries
from incubator.sales import lexicon_service, reason_charts, words
from incubator.sales.blueprint import blueprint
from incubator.sales.lexicon_forms import WordForm
from incubator.sales.lexicon_models import LexiconWord

DEFAULT = 8


def _period() -> int:
    chosen = request.args.get("weeks", DEFAULT, type=int)
    return chosen if chosen in queries.PERIODS else DEFAULT


def _filters() -> dict[str, str]:
    return {name: text for name in ("q", "category") if (text := request.args.get(name, "").replace("\x00", "").strip()[:80])}


def _until() -> date:
    return queries.last_week(web.actor()) or clock.today()


@blueprint.get("/sales/reasons")
@web.allow("brand")
def reasons() -> str:
    """With ?word=…, the form holds it already."""
    return _page(WordForm(formdata=None, fragment=request.args.get("word", "").replace("\x00", "")[:120]))


def _page(form: WordForm) -> str:
    actor, weeks, filters, until = web.actor(), _period(), _filters(), _until()
    bars = queries.pareto(actor, until, weeks, filters)
    return render_template(
        "sales/reasons.html", bars=bars, weeks=weeks, periods=queries.PERIODS, filters=filters, until=until, form=form, words=words,
        others=queries.other_texts(actor, until, weeks), examples=queries.examples(actor, until, weeks), own=queries.words(actor),
        edition=lexicon_service.edition(actor.organisation_id), reading=actor.organisation_id in lexicon_service.unread_brands(),
        data=charts.payload(reason_charts.pareto(bars)) if bars else None, sold=queries.last_week(actor) is not None,
    )  # fmt: skip


@blueprint.get("/sales/reasons/export.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_reasons(fmt: str) -> Response:
    """Every reason and topic of the period."""
    heads = (
        _l("Return reason"),
        _l("Part or fault"),
        _l("Units"),
        _l("Orders"),
        _l("Share of all, %"),
        _l("Cumulated, %"),
        _l("Share before, %"),
    )
    bars = queries.pareto(web.actor(), _until(), _period(), _filters())
    rows = (
        [str(words.REASONS[b.reason]), str(words.TOPICS[b.topic]) if b.topic else "", b.units, b.orders, _percent(b.share),
         _percent(b.cumulated), _percent(b.earlier)]
        for b in bars
    )  # fmt: skip
    return exports.download([str(h) for h in heads], rows, fmt, gettext("return-reasons"))


@blueprint.get("/sales/reasons/texts.<any(csv, xlsx):fmt>")
@web.allow("brand")
def export_texts(fmt: str) -> Response:
    """Every text of the period that nothing fits."""
    heads = (_l("Buyers' words"), _l("Units"), _l("Orders"), _l("Last in the week from"))
    rows = (
        [row.text or gettext("rare words"), row.units, row.orders, row.last_week]
        for row in queries.every_text(web.actor(), _until(), _period())
    )
    return exports.download([str(h) for h in heads], rows, fmt, gettext("other-words"))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


@blueprint.post("/sales/reasons/words")
@web.allow("brand")
def add_word() -> Any:
    form = WordForm()
    if form.validate():
        with form.shows_refusals():
            word = lexicon_service.add_word(form.fragment.data, form.reason.data, form.topic.data, web.actor(), clock.now())
            said = {"word": word.fragment, "reason": words.about(word.reason, word.topic)}
            flash(gettext("“%(word)s” means %(reason)s from now on. Earlier returns are being read again.", **said), "success")
            return redirect(url_for("sales.reasons", weeks=_period(), _anchor="other"))
    return _page(form), 422


@blueprint.post("/sales/reasons/words/<int:word_id>/remove")
@web.allow("brand")
def remove_word(word_id: int) -> Any:
    Confirmation().require()
    word = access.get_visible(LexiconWord, word_id, web.actor())
    lexicon_service.remove_word(word, web.actor(), clock.now())
    flash(gettext("Taken back. Earlier returns are being read again."), "success")
    return redirect(url_for("sales.reasons", _anchor="own"))
