"""What follows from a step in a factory's life: a change is published, people are told. It decides nothing."""

from typing import Any

from incubator.factories import audit_service, notifying, service, words
from incubator.kernel.events import Event, Reaction


def tell_its_people(event: Event) -> None:
    """The factory reads what was decided about it, and why."""
    factory, reason = event.record, (event.data.get("note") or "").strip()
    texts = {"approved": "approved", "conditional": "conditional", "prospect": "returned", "suspended": "suspended", "inactive": "inactive"}
    notifying.tell_factory(factory, texts[factory.state], event.at, reason=reason)


def ask_for_review(event: Event) -> None:
    notifying.tell_keepers(event.record, "pending", event.at)


def publish_the_change(event: Event) -> None:
    service.publish(event.record, event.actor, event.at)
    if event.record.author_id != event.actor.user_id:
        notifying.tell_factory(event.record.factory, "change_approved", event.at, "/changes")


def tell_of_the_return(event: Event) -> None:
    notifying.tell_factory(event.record.factory, "change_returned", event.at, "/changes", reason=(event.data.get("note") or "").strip())


def tell_of_the_certificate(event: Event) -> None:
    certificate = event.record
    params: dict[str, Any] = {"certificate": words.certificate(certificate.kind, certificate.title)}
    if certificate.state == "rejected":
        params["reason"] = (event.data.get("note") or "").strip()
    notifying.tell_factory(certificate.factory, f"certificate_{certificate.state}", event.at, "/certificates", **params)


def keep_the_decision(event: Event) -> None:
    audit_service.keep_decision(event.record, event.actor, event.data.get("note") or "", event.at)
    notifying.tell_factory(event.record.factory, "audit", event.at, f"/audits/{event.record.id}")


REACTIONS: dict[str, list[Reaction]] = {
    "factory.submit": [ask_for_review],
    **{f"factory.{step}": [tell_its_people] for step in ("approve", "condition", "return", "suspend", "reinstate", "deactivate")},
    "factory_change.approve": [publish_the_change],
    "factory_change.return": [tell_of_the_return],
    **{f"certificate.{step}": [tell_of_the_certificate] for step in ("accept", "reject", "revoke")},
    **{f"factory_audit.{step}": [keep_the_decision] for step in ("pass", "condition", "fail")},
}
