"""What plans do when something happens elsewhere: a person's calendar link ends with their sessions."""

from incubator.kernel.events import Event, Reaction
from incubator.schedule import feed_service


def end_feeds(event: Event) -> None:
    """Password, second factor or role changed, or the person was disabled: whoever held the link holds nothing."""
    feed_service.end_all(event.record, event.at)


REACTIONS: dict[str, list[Reaction]] = {"user.end_everywhere": [end_feeds]}
