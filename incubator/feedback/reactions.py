"""What follows from what happens: a remark on a SKU of a pack asks or answers; of a playbook the other side is told."""

from incubator.feedback import question_service, telling
from incubator.feedback.models import PackSection
from incubator.kernel.events import Event


def hear_remark(event: Event) -> None:
    if isinstance(event.record, PackSection):
        question_service.hear(event.record, event.data["comment"], event.actor, event.at)


def tell_of_playbook(event: Event) -> None:
    step = event.name.partition(".")[2]
    telling.of_playbook(event.record, step, event.actor, event.data.get("note") or "", event.at)


STEPS = ("propose", "publish", "decline", "withdraw")
REACTIONS = {"comment.add": [hear_remark], **{f"playbook.{step}": [tell_of_playbook] for step in STEPS}}
