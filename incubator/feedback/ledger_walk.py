"""Gathers the rows of one walk of the ledger, as far as the actor may read them; `ledger` lays them out in time."""

from collections.abc import Iterator
from typing import Any

from incubator.feedback import ledger, ledger_queries, playbook_queries, queries
from incubator.feedback.ledger import Step
from incubator.feedback.models import FeedbackAction
from incubator.kernel.actor import Actor


def of_action(action: FeedbackAction, actor: Actor) -> list[Step]:
    """From the first complaint to what was measured, and what others made of it."""
    complaints = (step for row in ledger_queries.complaints_before(action, actor) for step in ledger.of_complaint(row))
    return ledger.in_order([*complaints, *_promise(action, actor)])


def of_complaint(row: Any, actor: Actor) -> list[Step]:
    """From the complaint over every promise that followed it to its closure."""
    steps = list(ledger.of_complaint(row))
    for action in ledger_queries.followed_by(row.id, actor):
        steps += _promise(queries.action(action.id, actor), actor)
    return ledger.in_order(steps)


def _promise(action: FeedbackAction, actor: Actor) -> Iterator[Step]:
    section, pack = action.section, action.pack
    yield from ledger.of_section(section, pack.week, actor.role == "brand")
    yield from ledger.of_pack(pack)
    yield from ledger.of_questions(ledger_queries.questions_of(section.id, actor))
    yield from ledger.of_action(action, ledger_queries.promised_by(action), ledger_queries.book_used(action, actor))
    if action.effect:
        yield from ledger.of_effect(action.effect)
    book = playbook_queries.of_action(action.id, actor)
    if book is not None and book.state == "published":
        yield from ledger.of_playbook(book, playbook_queries.counts([book.id]).get(book.id))
