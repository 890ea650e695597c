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
from incubator.accounts.chat_formats import PER_MINUTE, Ask, Message, Refusal
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.accounts.webhooks import EVENTS
from incubator.kernel import access, outbound, sealing
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import AppError

log = structlog.get_logger("webhooks")
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
SECONDS, LARGEST_ANSWER = 10, 64 * 1024


def _next(now: datetime) -> Any:
    """The first message that is due: waiting, or claimed by a process that has been silent; of a live webhook that has not used up its minute.

    Organisations take turns: the one that was tried least in the last minute is first, so that slow addresses hold up their own messages alone.
    """
    lately = access.select_visible(WebhookDelivery, SYSTEM, WebhookDelivery.webhook_id, func.count(WebhookDelivery.id).label("number"))
    used = lately.where(WebhookDelivery.tried_at > now - MINUTE).group_by(WebhookDelivery.webhook_id).subquery()
    allowed = or_(*((Webhook.kind == kind) & (func.coalesce(used.c.number, 0) < most) for kind, most in PER_MINUTE.items()))
    query = access.select_visible(WebhookDelivery, SYSTEM, WebhookDelivery.id).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    query = query.outerjoin(used, used.c.webhook_id == WebhookDelivery.webhook_id).where(
        Webhook.paused_at.is_(None), Webhook.removed_at.is_(None)
    )
    query = query.where(WebhookDelivery.status.in_(("waiting", "sending")), WebhookDelivery.next_try_at <= now, allowed)
    return query.order_by(_turns(now), WebhookDelivery.next_try_at, WebhookDelivery.id).limit(1)


def _turns(now: datetime) -> Any:
    """SQL: how many messages of the webhook's organisation were tried in the last minute."""
    message, webhook = aliased(WebhookDelivery), aliased(Webhook)
    tried = select(func.count(message.id)).join(webhook, webhook.id == message.webhook_id).where(access.visible(WebhookDelivery, SYSTEM))
    own = tried.where(message.tried_at > now - MINUTE, webhook.organisation_id == Webhook.organisation_id)
    return own.correlate(Webhook).scalar_subquery()


def has_waiting(now: datetime) -> bool:
    return db.session.scalar(_next(now)) is not None


def claim(now: datetime) -> WebhookDelivery | None:
    """Take the first message that is due; to be committed before it is sent."""
    first = _next(now).with_for_update(of=WebhookDelivery, skip_locked=True)
    statement = update(WebhookDelivery).where(WebhookDelivery.id == first.scalar_subquery())
    values = {"status": "sending", "attempts": WebhookDelivery.attempts + 1, "next_try_at": now + LEASE, "tried_at": now}
    claimed = db.session.scalar(statement.values(values).returning(WebhookDelivery.id))
    query = access.select_visible(WebhookDelivery, SYSTEM).where(WebhookDelivery.id == claimed).options(joinedload(WebhookDelivery.webhook))
    return db.session.scalars(query.execution_options(populate_existing=True)).one() if claimed else None


def prepared(delivery: WebhookDelivery, now: datetime) -> tuple[str, Ask]:
    """The kind of robot and what it is to be asked."""
    webhook = delivery.webhook
    return webhook.kind, chat_formats.ask(
        webhook.kind, sealing.unseal(webhook.url), webhook.secret and sealing.unseal(webhook.secret), message_of(delivery), now
    )


def post(kind: str, asked: Ask) -> Refusal | None:
    """Ask the address once; None when the message has arrived. No transaction should be open: the other side may be slow."""
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


def note(delivery: WebhookDelivery, refused: Refusal | None, now: datetime) -> None:
    """Arrived; or wait 1, 2, 4 … minutes, at most 2 hours; or given up, after eight attempts or when nothing would change."""
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
