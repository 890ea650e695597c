"""Feedback packs as JSON values: what the page shows, nothing more."""

from typing import Any

from incubator.feedback import pack_page, queries
from incubator.feedback.models import FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel.actor import Actor

SECTION = (
    "id", "code", "name_zh", "name_en", "variant", "units", "returned", "orders", "grade", "compared", "reasons", "requirements", "voices", "suggestion",
    "findings",
)  # fmt: skip
ANSWER = ("choice", "quantity", "what", "lot", "note")


def row(found: Any) -> dict[str, Any]:
    """A pack in a list."""
    return {
        "id": found.id, "week": found.week.isoformat(), "state": found.state, "other": found.other, "skus": found.skus,
        "due_on": found.due_on.isoformat() if found.due_on else None,
    }  # fmt: skip


def whole(pack: FeedbackPack, actor: Actor) -> dict[str, Any]:
    """A pack with its sections, and the answers that the actor may read."""
    answers, weeks = queries.answers(pack, actor), [week.isoformat() for week in pack_page.weeks(pack)]
    return {
        "id": pack.id, "week": pack.week.isoformat(), "state": pack.state, "brand": pack.brand.name, "factory": pack.factory.name,
        "due_on": pack.due_on.isoformat() if pack.due_on else None, "drafts": pack.drafts,
        "sections": [_section(s, answers.get(s.id), weeks) for s in pack.sections],
    }  # fmt: skip


def _section(section: PackSection, answer: FeedbackAnswer | None, weeks: list[str]) -> dict[str, Any]:
    given = {name: getattr(answer, name) for name in ANSWER} | {"on": answer.on.isoformat() if answer.on else None} if answer else None
    return {**{name: getattr(section, name) for name in SECTION}, "weeks": weeks, "return_rate": section.rate, "answer": given}
