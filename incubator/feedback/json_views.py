"""Feedback packs as JSON values: what the page shows, nothing more."""

from typing import Any

from incubator.feedback import pack_page, queries
from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel.actor import Actor

SECTION = (
    "id", "code", "name_zh", "name_en", "variant", "units", "returned", "orders", "grade", "compared", "reasons", "requirements", "voices", "suggestion",
    "lots",
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
    photos = queries.photos("feedback_section", [s.id for s in pack.sections], actor)
    answers, weeks = queries.answers(pack, actor), [week.isoformat() for week in pack_page.weeks(pack)]
    return {
        "id": pack.id, "week": pack.week.isoformat(), "state": pack.state, "brand": pack.brand.name, "factory": pack.factory.name,
        "due_on": pack.due_on.isoformat() if pack.due_on else None, "drafts": pack.drafts,
        "sections": [{**_section(s, answers.get(s.id), weeks), "photos": photos.get(s.id, [])} for s in pack.sections],
    }  # fmt: skip


def _section(section: PackSection, answer: FeedbackAnswer | None, weeks: list[str]) -> dict[str, Any]:
    given = {name: getattr(answer, name) for name in ANSWER} | {"on": answer.on.isoformat() if answer.on else None} if answer else None
    return {**{name: getattr(section, name) for name in SECTION}, "weeks": weeks, "return_rate": section.rate, "answer": given}


PROMISE = ("id", "pack_id", "kind", "state", "quantity", "what", "lot", "note", "closing_note")


def promise_row(found: Any) -> dict[str, Any]:
    """A promise in a list."""
    own = {name: getattr(found, name) for name in PROMISE}
    return {**own, "code": found.code, "week": found.week.isoformat(), **_days(found), "verdict": found.verdict}


def promise(action: FeedbackAction) -> dict[str, Any]:
    """A promise with what was measured of it."""
    effect = action.effect
    measured = {
        "verdict": effect.verdict if effect else None, "rate_before": effect.rate_before if effect else None,
        "rate_after": effect.rate_after if effect else None,
    }  # fmt: skip
    own = {name: getattr(action, name) for name in (*PROMISE, "version", "section_id")}
    return {**own, "code": action.section.code, "week": action.pack.week.isoformat(), **_days(action), **measured}


def _days(found: Any) -> dict[str, str | None]:
    return {name: getattr(found, name).isoformat() if getattr(found, name) else None for name in ("due_on", "done_on")}
