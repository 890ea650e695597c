"""Webhooks hear of events: a row per webhook that wants one, in the caller's transaction. Nothing is sent here, and no text holds a figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incubator.accounts.models import Organisation
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.upsert import insert_once

TEST = "test"


@dataclass(frozen=True)
class Event:
    """A kind of message that one may want: its words, the organisations that can get it, and the notices (`notices.TEXTS`) that belong to it."""

    label: Any
    kinds: tuple[str, ...]
    texts: tuple[str, ...]


EVENTS: dict[str, Event] = {}


def register(events: dict[str, Event]) -> None:
    """Take a package's events."""
    EVENTS.update(events)


def offered(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    """(name, words) of the events that an organisation can get."""
    return ((name, event.label) for name, event in EVENTS.items() if organisation.kind in event.kinds)


def queue(organisation_id: int, text: str, path: str, now: datetime, key: str, **params: Any) -> int:
    """Write the message to every webhook of the organisation that wants such events; twice with one key is once. How many were written."""
    wanted = {name for name, event in EVENTS.items() if text in event.texts}
    query = access.select_visible(Webhook, SYSTEM).where(
        Webhook.organisation_id == organisation_id, Webhook.removed_at.is_(None), Webhook.paused_at.is_(None)
    )
    chosen = [(w, name) for w in db.session.scalars(query) for name in wanted if name in w.events]
    return sum(write(webhook, name, text, path, now, f"{text}:{key}", **params) is not None for webhook, name in chosen)


def write(webhook: Webhook, event: str, text: str, path: str, now: datetime, key: str, **params: Any) -> int | None:
    """One message; its id, or None when the key was used."""
    return insert_once(
        WebhookDelivery, webhook_id=webhook.id, key=key[:120], event=event, text=text, params=params, path=path, status="waiting", attempts=0,
        created_at=now, next_try_at=now, error="",
    )  # fmt: skip
