"""What feedback does when something happens elsewhere: a remark on a SKU of a pack asks or answers."""

from incubator.feedback import question_service
from incubator.feedback.models import PackSection
from incubator.kernel.events import Event


def hear_remark(event: Event) -> None:
    if isinstance(event.record, PackSection):
        question_service.hear(event.record, event.data["comment"], event.actor, event.at)


REACTIONS = {"comment.add": [hear_remark]}
