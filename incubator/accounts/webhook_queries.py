"""Reads of webhooks for their page; no query here brings a key, and an address leaves it only masked."""

from typing import Any, NamedTuple

from sqlalchemy import case, func

from incubator.accounts import chat_formats
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.kernel import access, paging, sealing
from incubator.kernel.actor import Actor
from incubator.kernel.db import db

ORDER = paging.Order(WebhookDelivery.id, "id", descending=True)


class Line(NamedTuple):
    """A webhook as the page shows it."""

    id: int
    name: str
    kind: str
    language: str
    events: list[str]
    paused_at: Any
    address: str
    is_signed: bool
    sent_at: Any
    waiting: int
    failed: int


def listing(actor: Actor) -> list[Line]:
    """The organisation's webhooks with how their messages fare: two queries."""
    columns = (Webhook.id, Webhook.name, Webhook.kind, Webhook.language, Webhook.events, Webhook.paused_at, Webhook.url)
    signed = (Webhook.secret != "").label("is_signed")
    rows = db.session.execute(access.select_visible(Webhook, actor, *columns, signed).order_by(Webhook.id)).all()
    fare = _fare(actor)
    return [_line(row, *fare.get(row.id, (None, 0, 0))) for row in rows]


def _line(row: Any, sent_at: Any, waiting: int, failed: int) -> Line:
    address = chat_formats.masked(sealing.unseal(row.url))
    return Line(row.id, row.name, row.kind, row.language, row.events, row.paused_at, address, row.is_signed, sent_at, waiting, failed)


def _fare(actor: Actor) -> dict[int, tuple[Any, int, int]]:
    d = WebhookDelivery
    query = access.select_visible(
        d, actor, d.webhook_id, func.max(d.sent_at), func.count(case((d.status.in_(("waiting", "sending")), 1))),
        func.count(case((d.status == "failed", 1))),
    )  # fmt: skip
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(query.group_by(d.webhook_id))}


def deliveries(actor: Actor, filters: dict[str, Any], cursor: str | None) -> paging.Page:
    """One page of messages, the latest first. `filters` may hold status and webhook_id."""
    d = WebhookDelivery
    columns = (d.id, d.event, d.text, d.params, d.path, d.status, d.attempts, d.created_at, d.sent_at, d.next_try_at, d.error)
    rows = access.select_visible(d, actor, *columns, Webhook.name.label("webhook"), Webhook.language).join(Webhook)
    count = access.select_visible(d, actor, d.id)
    for name in ("status", "webhook_id"):
        if filters.get(name):
            rows, count = rows.where(getattr(d, name) == filters[name]), count.where(getattr(d, name) == filters[name])
    return paging.fetch(rows, d.id, ORDER, cursor, count=count)
