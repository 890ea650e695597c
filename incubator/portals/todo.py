"""What is asked of a reader, of every stage, in one list: the most urgent first. A package adds its source to `SOURCES`."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.briefs import queries as briefs
from incubator.codevelopment import queries as codevelopment
from incubator.codevelopment.models import PARTIES
from incubator.feedback import queries as feedback
from incubator.feedback import screen_queries as feedback_screens
from incubator.feedback import words as feedback_words
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.i18n import day
from incubator.launches import launch_queries as launches
from incubator.launches.words import named
from incubator.samples import queries as samples
from incubator.schedule import queries as schedule
from incubator.sourcing import queries as sourcing

BRAND = ("brand",)
PER_SOURCE = 10
TO_REPLY = timedelta(days=2)  # a factory's question that waits longer holds up its answer


class Task(NamedTuple):
    """One thing to do: `why` says what is asked, `hint` of what; without a day it stands after those that have one."""

    title: str
    url: str
    hint: str
    due: date | None
    why: Any
    verb: Any = _l("Open")


class Source(NamedTuple):
    """Tasks of these roles: `tasks(actor, today, limit)`, the most urgent first, in one query."""

    roles: tuple[str, ...]
    tasks: Callable[[Actor, date, int], Iterable[Task]]


def _reviews(actor: Actor, _today: date, limit: int) -> Iterable[Task]:
    why = _("gate review waits for you") if actor.role == "brand" else _("your signature is asked for")
    return (Task(d.title, d.url, d.hint, d.due, why, _("Answer")) for d in briefs.decisions_for(actor, limit))


def _returned(actor: Actor, _today: date, limit: int) -> Iterable[Task]:
    return (Task(d.title, d.url, d.hint, None, _("came back with remarks")) for d in briefs.returned_to(actor, limit))


def _checklist(actor: Actor, today: date, limit: int) -> Iterable[Task]:
    return (Task(t.title, t.url, "", t.due, t.hint, _("Do it")) for t in launches.tasks_for(actor, today, limit))


CODEVELOPMENT = {
    "submit": _l("your deliverable is due"),
    "change": _l("changes are asked for"),
    "decide": _l("a revision waits for your review"),
    "answer": _l("you are invited to co-develop"),
    "sign": _l("your signature is asked for"),
    "verify": _l("a delivery waits to be verified"),
}


def _codevelopment(actor: Actor, today: date, limit: int) -> Iterable[Task]:
    asked = codevelopment.asked_of(actor, today, limit)
    return (Task(a.title, a.url, a.product if a.product != a.title else "", a.due, CODEVELOPMENT[a.what]) for a in asked)


ENQUIRY = {
    "closed": _l("the technical review may begin"),
    "technical_review": _l("technical scores are due"),
    "opened": _l("the award waits"),
}


def _enquiries(actor: Actor, _today: date, limit: int) -> Iterable[Task]:
    for e in sourcing.waiting_for(actor, limit):
        if actor.role == "factory":
            yield Task(e.title, e.url, e.hint, e.due, _("your quotation is asked for"), _("Quote"))
        else:
            yield Task(e.title, e.url, e.hint, e.due, ENQUIRY.get(e.state, _l("a question waits for your answer")))


def _milestones(actor: Actor, _today: date, limit: int) -> Iterable[Task]:
    return (
        Task(m.name, f"/products/{m.product_id}/plan", m.product_name, m.due_on, _("your milestone"))
        for m in schedule.asked_of(actor)[:limit]
    )


SAMPLE_STEPS = {
    "requested": (_l("sample round %(n)s is asked for"), _l("Answer")),
    "in_making": (_l("sample round %(n)s is to be shipped"), _l("Ship")),
    "received": (_l("sample round %(n)s is to be measured"), _l("Measure")),
    "measured": (_l("sample round %(n)s is to be decided"), _l("Decide")),
}


def _samples(actor: Actor, today: date, limit: int) -> Iterable[Task]:
    for w in samples.waiting_for(actor, today, limit):
        why, verb = SAMPLE_STEPS[w.state]
        due = w.due_on if w.state in ("requested", "in_making") else None
        yield Task(w.product, w.url, w.other, due, str(why) % {"n": w.number}, verb)


def _feedback(actor: Actor, today: date, limit: int) -> Iterable[Task]:
    why = _("the factory has not answered") if actor.role == "brand" else _("feedback on your SKUs waits for an answer")
    for w in feedback.waiting_for(actor, today, limit):
        title = _("Feedback of the week from %(week)s", week=day(date.fromisoformat(w.title)))
        yield Task(title, w.url, w.hint, w.due, why, _("Open") if actor.role == "brand" else _("Answer"))


def _questions(actor: Actor, _today: date, limit: int) -> Iterable[Task]:
    for q in feedback_screens.open_questions(actor, limit):
        why = _("a question waits for your answer") if actor.role == "brand" else _("you asked, the brand has not answered yet")
        url = f"/feedback/packs/{q.pack_id}/skus/{q.position + 1}#questions"
        due = q.asked_at.date() + TO_REPLY if actor.role == "brand" else None
        yield Task(f"{named(q)} {q.code}", url, q.variant, due, why, _("Answer") if actor.role == "brand" else _("Open"))


def _promises(actor: Actor, today: date, limit: int) -> Iterable[Task]:
    for p in feedback.promises_for(actor, today, limit):
        yield Task(f"{feedback_words.CHOICES[p.state]} · {p.title}", p.url, p.hint, p.due, _("you promised it"), _("Done"))


SOURCES = (
    Source(ORGANISATION_KINDS, _reviews),
    Source(BRAND, _returned),
    Source(tuple(k for k in ORGANISATION_KINDS if k != "brand"), _milestones),
    Source((*BRAND, "factory"), _enquiries),
    Source((*BRAND, "factory"), _samples),
    Source((*BRAND, "factory"), _feedback),
    Source((*BRAND, "factory"), _questions),
    Source(("factory",), _promises),
    Source((*BRAND, "launch_partner"), _checklist),
    Source((*BRAND, *PARTIES), _codevelopment),
)


def waiting(actor: Actor, today: date, limit: int = 12) -> list[Task]:
    """The actor's tasks of all sources, at most `limit`; one query per source."""
    found = [task for source in SOURCES if actor.role in source.roles for task in source.tasks(actor, today, PER_SOURCE)]
    return sorted(found, key=lambda task: (task.due is None, task.due or today))[:limit]
