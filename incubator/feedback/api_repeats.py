"""Whether a request of the factory's own system asks for what stands already: its line may break before the answer comes, and it asks again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from incubator.feedback import queries, service
from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackPack
from incubator.kernel.actor import Actor

PARTS = ("choice", "quantity", "on", "what", "lot", "note")


def answers_stand(pack: FeedbackPack, answers: Mapping[int, dict[str, Any]], actor: Actor) -> bool:
    """Whether every one of these answers is what was saved, word for word."""
    saved = queries.answers(pack, actor)
    for section_id, data in answers.items():
        wanted = FeedbackAnswer()
        service.fill(wanted, data)
        found = saved.get(section_id)
        if found is None or any(getattr(found, name) != getattr(wanted, name) for name in PARTS):
            return False
    return pack.waits


def is_acknowledged_by(pack: FeedbackPack, actor: Actor) -> bool:
    return pack.acknowledged_at is not None and pack.acknowledged_by_id == actor.user_id


def is_finished_so(action: FeedbackAction, done_on: date, actor: Actor) -> bool:
    return action.state == "done" and action.done_on == done_on and action.closed_by_id == actor.user_id


def is_dropped_so(action: FeedbackAction, note: str, actor: Actor) -> bool:
    return action.state == "dropped" and action.closing_note == note.strip() and action.closed_by_id == actor.user_id
