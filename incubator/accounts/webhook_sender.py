"""Empties the queue of messages to webhooks: claimed before it is sent, tried again with growing pauses, given up with a reason that people read.

A crash between sending and noting repeats a message once; the key in it tells a system that it had it. It logs no address.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased, joinedload

from incubator.accounts import chat_formats, notices
from incubator.accounts.chat_formats import PER_MINUTE, Message, Refusal
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.accounts.webhooks import EVENTS
from incubator.kernel import access, clock, outbound
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import AppError

log = structlog.get_logger("webhooks")
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
BATCH = 100
SECONDS, LARGEST_ANSWER = 10, 64 * 1024


def _due(now: datetime) -> Any:
    """Waiting, or claimed by a process that has been silent; of a webhook that is live and has not used up its minute."""
    queued = WebhookDelivery.status.in_(("waiting", "sending")) & (WebhookDelivery.next_try_at <= now)
    other = aliased(WebhookDelivery)
    lately = select(func.count(other.id)).where(other.webhook_id == WebhookDelivery.webhook_id, other.tried_at > now - MINUTE)
    allowed = or_(*((Webhook.kind == kind) & (lately.scalar_subquery() < most) for kind, most in PER_MINUTE.items()))
    return queued & Webhook.paused_at.is_(None) & Webhook.removed_at.is_(None) & allowed


def _next(now: datetime) -> Any:
    query = access.select_visible(WebhookDelivery, SYSTEM, WebhookDelivery.id).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    return query.where(_due(now)).order_by(WebhookDelivery.next_try_at, WebhookDelivery.id).limit(1)


def has_waiting(now: datetime) -> bool:
    return db.session.scalar(_next(now)) is not None


def deliver(run: Any, _now: datetime) -> dict[str, int]:
    """Send what is due, one claim and one commit per message; how many arrived and how many did not."""
    counts = {"sent": 0, "failed": 0}
    for _ in range(BATCH):
        delivery = _claim(clock.now())
        if delivery is None or run.stopping:
            break
        refused = send(delivery)
        _note(delivery, refused)
        counts["failed" if refused else "sent"] += 1
        db.session.commit()
    return counts


def _claim(now: datetime) -> WebhookDelivery | None:
    first = _next(now).with_for_update(of=WebhookDelivery, skip_locked=True)
    statement = update(WebhookDelivery).where(WebhookDelivery.id == first.scalar_subquery())
    values = {"status": "sending", "attempts": WebhookDelivery.attempts + 1, "next_try_at": now + LEASE, "tried_at": now}
    claimed = db.session.scalar(statement.values(values).returning(WebhookDelivery.id))
    db.session.commit()
    if claimed is None:
        return None
    query = access.select_visible(WebhookDelivery, SYSTEM).where(WebhookDelivery.id == claimed).options(joinedload(WebhookDelivery.webhook))
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def send(delivery: WebhookDelivery) -> Refusal | None:
    """Ask the address once, while no transaction is open; None when the message has arrived."""
    webhook, now = delivery.webhook, clock.now()
    kind, asked = webhook.kind, chat_formats.ask(webhook.kind, webhook.url, webhook.secret, message_of(delivery), now)
    db.session.commit()
    try:
        answer = outbound.request("POST", asked.url, asked.body, asked.headers, limit=LARGEST_ANSWER, seconds=SECONDS)
    except outbound.Blocked as error:
        return Refusal("blocked", str(error), is_final=True)
    except AppError as error:
        return Refusal("unreachable", str(error), is_final=False)
    return chat_formats.refusal(kind, answer.status, answer.body)


def message_of(delivery: WebhookDelivery) -> Message:
    """The sentence in the webhook's language; a link to the very item, which asks to sign in."""
    with force_locale(delivery.webhook.language):
        known = EVENTS.get(delivery.event)
        title = str(known.label) if known else gettext("A message to try the connection")
        text = notices.sentence(delivery.text, delivery.params)
        key = f"{delivery.webhook_id}-{delivery.id}"
        return Message(
            key, delivery.event, title, text, current_app.config["BASE_URL"] + delivery.path, gettext("Open"), delivery.created_at
        )


def _note(delivery: WebhookDelivery, refused: Refusal | None) -> None:
    """Arrived; or wait 1, 2, 4 … minutes, at most 2 hours; or given up, after eight attempts or when nothing would change."""
    now = clock.now()
    if refused is None:
        delivery.status, delivery.sent_at, delivery.error = "sent", now, ""
        return
    over = refused.is_final or delivery.attempts >= MOST_ATTEMPTS
    delivery.status = "failed" if over else "waiting"
    delivery.error = f"{refused.code}: {refused.said}"[:500]
    delivery.next_try_at = now + min(LONGEST_PAUSE, MINUTE * 2 ** (delivery.attempts - 1))
    log.warning("webhook_failed", delivery=delivery.id, attempt=delivery.attempts, given_up=over, code=refused.code)


def try_again(delivery: WebhookDelivery, now: datetime) -> bool:
    """Queue a message that was given up once more; False when it was not."""
    if delivery.status != "failed":
        return False
    delivery.status, delivery.next_try_at, delivery.attempts = "waiting", now, 0
    return True
