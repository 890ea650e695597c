"""The verbs of a webhook: add, change, try, pause, remove. What was removed keeps no address; its messages stay as a record."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, update

from incubator.accounts import notices, webhooks
from incubator.accounts.chat_formats import HOSTS
from incubator.accounts.models import Organisation
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.kernel import access, audit, outbound, sealing
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db, rows_changed
from incubator.kernel.errors import Conflict, Invalid, Refused

MOST = 20
notices.register({"webhook.test": _l("%(name)s: this message shows that the connection works.")})


def add(organisation: Organisation, data: dict[str, Any], actor: Actor, now: datetime) -> Webhook:
    """Keep an address with its key and the events it wants. Invalid for an address that is not of this kind of robot."""
    access.require("webhook.manage", actor, None)
    _require_address(data["kind"], data["url"])
    own = access.select_visible(Webhook, SYSTEM, func.count(Webhook.id)).where(
        Webhook.organisation_id == organisation.id, Webhook.removed_at.is_(None)
    )
    if (db.session.scalar(own) or 0) >= MOST:
        raise Refused(_l("There are %(n)s webhooks already. Remove one first.", n=MOST))
    webhook = Webhook(
        organisation_id=organisation.id, kind=data["kind"], name=data["name"], url=sealing.seal(data["url"]), secret=_sealed(data),
        language=data["language"], events=_known(organisation, data["events"]), created_by_id=actor.user_id, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(webhook)
    db.session.flush()
    audit.record("webhook.add", webhook, actor, now, name=webhook.name, kind=webhook.kind)
    return webhook


def _sealed(data: dict[str, Any]) -> str:
    """The key as it is kept; blank where there is none."""
    return sealing.seal(data["secret"]) if data.get("secret") else ""


def _require_address(kind: str, url: str) -> None:
    """The robots' own hosts over TLS, so that a key goes nowhere else; OUTBOUND_ALLOW names those of one's own network."""
    target = outbound.parse(url)
    if target.host in current_app.config["OUTBOUND_ALLOW"]:
        return
    if not target.is_tls:
        raise Invalid({"url": [gettext("The address must begin with https://")]})
    if kind in HOSTS and target.host not in HOSTS[kind]:
        raise Invalid({"url": [gettext("The address of such a robot begins with https://%(host)s/", host=HOSTS[kind][0])]})


def _known(organisation: Organisation, events: list[str]) -> list[str]:
    offered = dict(webhooks.offered(organisation))
    return [name for name in offered if name in events]


def change(webhook: Webhook, data: dict[str, Any], actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Other words, language or events; a new address or key only where one was typed."""
    access.require("webhook.manage", actor, webhook)
    db.session.refresh(webhook, with_for_update={"of": Webhook})
    if expected is not None and expected != webhook.version:
        raise Conflict()
    if data.get("url"):
        _require_address(webhook.kind, data["url"])
        webhook.url, webhook.secret = sealing.seal(data["url"]), _sealed(data)
    elif data.get("secret"):
        webhook.secret = _sealed(data)
    webhook.name, webhook.language = data["name"], data["language"]
    webhook.events, webhook.updated_at = _known(webhook.organisation, data["events"]), now
    db.session.flush()
    audit.record("webhook.change", webhook, actor, now, name=webhook.name)


def test(webhook: Webhook, actor: Actor, now: datetime) -> None:
    """Queue a message that says that it works; once a second at most."""
    access.require("webhook.manage", actor, webhook)
    if webhook.paused_at is not None:
        raise Refused(_l("This webhook is paused. Resume it first."))
    webhooks.write(
        webhook, webhooks.TEST, "webhook.test", "/organisation/webhooks", now, f"test:{now:%Y%m%d%H%M%S}", name=actor.organisation_name
    )
    audit.record("webhook.test", webhook, actor, now, name=webhook.name)


def pause(webhook: Webhook, on: bool, actor: Actor, now: datetime) -> None:
    """Send nothing there for a while: what happens meanwhile is not made up for; or begin again."""
    access.require("webhook.manage", actor, webhook)
    webhook.paused_at = now if on else None
    webhook.updated_at = now
    db.session.flush()
    audit.record("webhook.pause" if on else "webhook.resume", webhook, actor, now, name=webhook.name)


def remove(webhook: Webhook, actor: Actor, now: datetime) -> None:
    """Forget the address and the key, and give up what waits."""
    access.require("webhook.manage", actor, webhook)
    waiting = update(WebhookDelivery).where(
        access.visible(WebhookDelivery, SYSTEM),
        WebhookDelivery.webhook_id == webhook.id,
        WebhookDelivery.status.in_(("waiting", "sending")),
    )
    rows_changed(waiting.values(status="failed", error="removed").execution_options(synchronize_session=False))
    webhook.url, webhook.secret, webhook.removed_at, webhook.updated_at = "", "", now, now
    db.session.flush()
    audit.record("webhook.remove", webhook, actor, now, name=webhook.name)
