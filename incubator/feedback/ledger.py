"""One walk of the data-decision ledger (signal → decision → result) as steps in time, from rows that stand elsewhere. Pure; it copies no row.

A step without a day of its own (how a week came back) stands on the last day of its week, where it was first known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from incubator.feedback import finding_words, words
from incubator.kernel import i18n

SIGNAL, DECISION, RESULT = "signal", "decision", "result"
MOST_VOICES = 3
END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Step:
    """Something that happened: which part of the walk it is, when, in a few words, with a link to the row that says so."""

    part: str
    at: datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    tone: str = "neutral"
    quote: bool = False
    count: int = 1  # of steps that were drawn as this one


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By time; a signal before a decision before a result of the same moment. What says the same once more is drawn once, with its count."""
    rank = {SIGNAL: 0, DECISION: 1, RESULT: 2}
    found: list[Step] = []
    for step in sorted(steps, key=lambda s: (s.at, rank[s.part])):
        last = found[-1] if found else None
        if last and step.quote and (last.quote, last.text) == (True, step.text):
            found[-1] = Step(**{**vars(last), "count": last.count + 1})
        else:
            found.append(step)
    return found


def day_at(day: date, moment: time = time()) -> datetime:
    return datetime.combine(day, moment, tzinfo=UTC)


def of_section(section: Any, week: date, is_brand: bool) -> Iterator[Step]:
    """What a pack told of a SKU: voices, findings, how it came back."""
    known_on = day_at(week + timedelta(days=6), END_OF_DAY)
    url = f"/feedback/packs/{section.pack_id}/skus/{section.position + 1}"
    for voice in section.voices[:MOST_VOICES]:
        said = [voice["source"], words.theme(voice)]
        yield Step(
            SIGNAL,
            day_at(date.fromisoformat(voice["day"])),
            "voice",
            " · ".join(s for s in said if s) or _("A buyer said"),
            voice["quote"],
            quote=True,
        )
    for found in section.findings or ():
        title = _("Found: %(cause)s", cause=finding_words.cause(found["reason"], found["topic"]))
        yield Step(
            SIGNAL, known_on, "search", title, finding_words.told(found), f"/feedback/findings/{found['id']}" if is_brand else url, "bad"
        )
    if section.rate:
        rate = words.percent(section.rate["rate"])
        named = f" {words.reasons([r['reason'] for r in section.reasons[:2]])}" if section.reasons else ""
        text = _("%(rate)s of eight weeks came back (%(interval)s).", rate=rate, interval=words.interval(section.rate))
        yield Step(SIGNAL, known_on, "chart", _("Returns of the week from %(week)s", week=i18n.day(week)), text + named, url, "warn")


def of_pack(pack: Any) -> Iterator[Step]:
    """Sent and read."""
    url = f"/feedback/packs/{pack.id}"
    if pack.sent_at:
        yield Step(DECISION, pack.sent_at, "mail", _("Sent to the factory"), _("to be answered by %(day)s", day=i18n.day(pack.due_on)), url)
    if pack.read_at:
        yield Step(DECISION, pack.read_at, "eye", _("Read by the factory"), url=url)


def of_action(action: Any, promised_by: str, book: str = "") -> Iterator[Step]:
    """The promise, and how it ended."""
    url, kind = f"/feedback/actions/{action.id}", str(words.CHOICES[action.kind])
    parts = [action.what, _("%(n)s pieces", n=action.quantity) if action.quantity else "", _("by %(day)s", day=i18n.day(action.due_on))]
    parts += [_("from %(lot)s", lot=action.lot) if action.lot else "", _("after the playbook “%(title)s”", title=book) if book else ""]
    who = _("%(name)s promised: %(what)s", name=promised_by, what=kind) if promised_by else _("Promised: %(what)s", what=kind)
    yield Step(DECISION, action.created_at, words.ICONS[action.kind], who, " · ".join(p for p in parts if p), url, words.TONES[action.kind])
    if action.state == "done":
        lot = _("Done from %(lot)s", lot=action.lot) if action.lot else _("Done")
        yield Step(RESULT, day_at(action.done_on, time(12)), "check", lot, action.closing_note, url, "good")
    elif action.state == "dropped":
        yield Step(RESULT, action.state_since, "x", _("Dropped"), action.closing_note, url)


def of_effect(effect: Any) -> Iterator[Step]:
    """What was measured."""
    before, after = effect.rate_before, effect.rate_after
    text = ""
    if before and after:
        said = {
            "a": words.percent(before["rate"]),
            "b": words.percent(after["rate"]),
            "ai": words.interval(before),
            "bi": words.interval(after),
        }
        text = _("Return rate %(a)s (%(ai)s) → %(b)s (%(bi)s)", **said)
    if effect.change:
        text = " · ".join(part for part in (text, finding_words.change(effect.change)) if part)
    verdict, url = words.VERDICTS[effect.verdict], f"/feedback/actions/{effect.action_id}"
    tone = words.VERDICT_TONES[effect.verdict]
    yield Step(RESULT, effect.measured_at, "chart", _("Measured: %(verdict)s", verdict=verdict), text, url, tone)


def of_questions(questions: Sequence[Any]) -> Iterator[Step]:
    for q in questions:
        url = f"/feedback/packs/{q.pack_id}/skus/{q.position + 1}#questions"
        yield Step(DECISION, q.asked_at, "comment", _("The factory asked"), url=url)
        if q.state == "answered":
            yield Step(DECISION, q.state_since, "comment", _("The brand answered"), url=url)


def of_complaint(complaint: Any) -> Iterator[Step]:
    """Put on the wall, and closed with proof."""
    url = f"/wall/{complaint.id}"
    title = _("On the complaint wall; %(name)s answers for it", name=complaint.owner)
    yield Step(SIGNAL, complaint.opened_at, "flag", title, complaint.text, url, "bad", quote=True)
    if complaint.closed_at:
        yield Step(RESULT, complaint.closed_at, "shield", _("Complaint closed with proof"), complaint.proof_note, url, "good")


def of_playbook(book: Any, counts: Any) -> Iterator[Step]:
    """What was made of it for others."""
    used = _("used %(n)s times elsewhere, %(m)s improved", n=counts.used, m=counts.improved) if counts and counts.used else ""
    title = _("Became the playbook “%(title)s”", title=book.title)
    yield Step(RESULT, book.published_key, "book", title, used, f"/playbooks/{book.id}", "accent")
