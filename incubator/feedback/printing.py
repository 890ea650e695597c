"""A pack on paper and as rows for a spreadsheet: the same figures as on the page, nothing more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response
from flask_babel import gettext

from incubator.feedback import drawing, finding_words, pack_page, queries, words
from incubator.feedback.models import FeedbackPack
from incubator.kernel import clock, names, paging, pdf, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.launches import words as launch_words


def answer(pack: FeedbackPack, language: str, actor: Actor) -> Response:
    """The PDF as a download named after the week."""
    response = Response(document(pack, language, actor), mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"feedback-{pack.week.isoformat()}-{language}.pdf")
    return response


def document(pack: FeedbackPack, language: str, actor: Actor) -> bytes:
    """The PDF's bytes; `language` is "zh" or "en"."""
    cards = pack_page.cards_of(pack, queries.answers(pack, actor), None, actor)
    return pdf.document(
        "feedback/print.html", language, None, pack=pack, cards=cards, state=workflow.state_of(pack), words=words,
        weeks=pack_page.weeks(pack), named=launch_words.named, height=drawing.HEIGHT, width=drawing.WIDTH, printed_at=clock.now(), said=finding_words,
    )  # fmt: skip


def _fixed() -> list[str]:
    return [
        gettext("SKU code"), gettext("Name in Chinese"), gettext("Name in English"), gettext("Grade"), gettext("Return rate, %"),
        gettext("Why it came back"), gettext("Return findings"), gettext("Suggestion"), gettext("Reply"), gettext("Quantity"), gettext("Day"),
        gettext("What you change"),
    ]  # fmt: skip


def heads(pack: FeedbackPack) -> list[str]:
    days = [week.isoformat() for week in pack_page.weeks(pack)]
    return [*_fixed(), *(gettext("Sold %(week)s", week=d) for d in days), *(gettext("Came back %(week)s", week=d) for d in days)]


def rows(pack: FeedbackPack, actor: Actor) -> Iterator[list[Any]]:
    """A line per SKU."""
    answers = queries.answers(pack, actor)
    for s in pack.sections:
        given, proposed = answers.get(s.id), s.suggestion["choice"]
        reasons = "; ".join(f"{words.REASONS[r['reason']]} {r['units']}" for r in s.reasons)
        yield [
            s.code, s.name_zh, s.name_en, str(words.GRADES[s.grade]) if s.grade else "",
            round(s.rate["rate"] * 100, 1) if s.rate else None, reasons, finding_words.all_told(s.findings), str(words.CHOICES[proposed]) if proposed else "",
            str(words.CHOICES[given.choice]) if given and given.choice else "", given.quantity if given else None,
            given.on if given else None, given.what if given else "", *s.units, *s.returned,
        ]  # fmt: skip


def all_heads() -> list[str]:
    """The columns of `all_rows`: of which pack, as in `heads`, and the weeks counted backwards."""
    weeks = range(7, -1, -1)
    sold = [gettext("Sold, %(n)s weeks before", n=n) for n in weeks]
    back = [gettext("Came back, %(n)s weeks before", n=n) for n in weeks]
    return [gettext("Feedback pack"), gettext("Week from"), gettext("State"), *_fixed(), *sold, *back]


def all_rows(since: date, actor: Actor) -> Iterator[list[Any]]:
    """A line per SKU of every pack since a day; a pack at a time is in memory."""
    cursor = None
    while True:
        page = queries.listing(actor, {"since": since}, cursor, paging.LARGEST_PAGE)
        for row in page.rows:
            pack = queries.whole(row.id, actor)
            yield from ([row.id, row.week, row.state, *cells] for cells in rows(pack, actor))
            db.session.expire_all()
        cursor = page.next
        if cursor is None:
            return


def between_two(thread: Any, pack: FeedbackPack) -> Any:
    """The thread of a section: the brand writes to the pack's factory, unless it chooses to write to itself, and to no other party."""
    if not thread:
        return None
    return replace(thread, audiences=[pair for pair in thread.audiences if pair[0] == pack.factory_id], chosen=pack.factory_id)
