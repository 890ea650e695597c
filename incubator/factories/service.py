"""The verbs of the directory: enter a factory, change its profile or propose a change, connect it with its account, entrust it to an agent."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.accounts.models import Organisation, User
from incubator.factories import content, normal, notifying, uscc
from incubator.factories.evidence_models import FactoryChange
from incubator.factories.models import Caseload, Factory, IndustrialCluster
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused

Data = dict[str, Any]


def create(data: Data, actor: Actor, now: datetime) -> Factory:
    """Enter a prospect; `data` are the parts of a profile (`content.snapshot`). A field agent takes it into care at once."""
    access.require("factory.create", actor)
    brought_by = actor.organisation_id if actor.role == "brand" else None
    return _enter(Factory(brought_by_id=brought_by, state_since=now), data, actor, now)


def begin_own(actor: Actor, now: datetime) -> Factory:
    """The profile of the actor's own organisation, begun with what its account says; the one that there is, if there is one."""
    found: Factory | None = db.session.scalar(access.select_visible(Factory, actor))
    if found is not None:
        return found
    organisation: Organisation = access.get_visible(Organisation, actor.organisation_id or 0, actor)
    number = uscc.cleaned(organisation.registration_number)
    data = {
        "name_zh": organisation.name if not organisation.name.isascii() else "",
        "name_en": organisation.name if organisation.name.isascii() else "",
        "short_name": organisation.short_name,
        "country": organisation.country,
        "city": organisation.city,
        "website": organisation.website,
        "uscc": number if uscc.is_valid(number) else "",
        "registration_number": "" if uscc.is_valid(number) else organisation.registration_number,
    }
    return _enter(Factory(organisation_id=organisation.id, source="own", state_since=now), data, actor, now)


def _enter(factory: Factory, data: Data, actor: Actor, now: datetime) -> Factory:
    _require_cluster(data)
    content.apply(factory, data)
    factory.source_key = normal.record_key(factory.name_zh or factory.name_en, factory.country or "CN", factory.address or "")
    db.session.add(factory)
    db.session.flush()
    db.session.refresh(factory, ["name"])
    if actor.role == "field_agent":
        db.session.add(Caseload(factory_id=factory.id, agent_user_id=actor.user_id, created_at=now))
        db.session.flush()
    audit.record("factory.create", factory, actor, now, name=factory.name)
    return factory


def _require_cluster(data: Data) -> None:
    chosen = data.get("cluster_id")
    if (
        chosen
        and db.session.scalar(access.select_visible(IndustrialCluster, SYSTEM, IndustrialCluster.id).where(IndustrialCluster.id == chosen))
        is None
    ):
        raise Invalid({"cluster_id": [_l("Choose a cluster from the list.")]})


def save(factory: Factory, data: Data, actor: Actor, now: datetime, expected: int | None = None) -> FactoryChange:
    """Change the profile: at once by whoever looks after it, as a proposal by the factory itself.

    A stale `expected` version is refused with the difference to what stands. Refused when nothing differs.
    """
    may_publish = access.may("factory.keep", actor, factory)
    if not may_publish:
        access.require("factory.propose", actor, factory)
    db.session.refresh(factory, with_for_update={"of": Factory})
    stands = content.snapshot(factory)
    _refuse_stale(factory, stands, data, expected, actor)
    changed = content.changed_parts(stands, data)
    if not changed:
        raise Refused(_l("Nothing differs from what is published."))
    _require_cluster(changed)
    _withdraw_open(factory, actor, now)
    change = _propose(factory, stands, changed, actor, now)
    if may_publish:
        workflow.fire(change, "approve", actor, now=now)
    else:
        notifying.proposed(factory, now)
    return change


def _refuse_stale(factory: Factory, stands: Data, data: Data, expected: int | None, actor: Actor) -> None:
    if expected is None or expected == factory.version:
        return
    lines = content.difference(data, stands, cluster_name)
    raise Conflict(what=workflow.last_act(factory, actor), difference=[(line.label, line.before, line.after) for line in lines])


def _propose(factory: Factory, stands: Data, changed: Data, actor: Actor, now: datetime) -> FactoryChange:
    factory.revision += 1
    before = {name: stands[name] for name in changed}
    change = FactoryChange(
        factory_id=factory.id,
        number=factory.revision,
        author_id=actor.user_id,
        before=before,
        content=changed,
        state_since=now,
        created_at=now,
    )
    db.session.add(change)
    db.session.flush()
    return change


def _withdraw_open(factory: Factory, actor: Actor, now: datetime) -> None:
    """A factory's new proposal replaces its open one; what staff publish leaves it for the reviewer."""
    if actor.role != "factory":
        return
    for change in open_changes(factory):
        workflow.fire(change, "withdraw", actor, now=now)


def open_changes(factory: Factory) -> list[FactoryChange]:
    """Proposals that wait for a decision, of a factory that the caller has."""
    query = access.select_visible(FactoryChange, SYSTEM).where(FactoryChange.factory_id == factory.id, FactoryChange.state == "proposed")
    return list(db.session.scalars(query.order_by(FactoryChange.number)))


def decide(change: FactoryChange, step: str, reason: str, actor: Actor, now: datetime, expected: int | None = None) -> FactoryChange:
    """Publish, return or take back a proposal; only the parts that it changes are published."""
    workflow.fire(change, step, actor, note=reason, now=now, expected=expected)
    change.reviewer_id, change.reason = actor.user_id, (reason or "").strip()
    db.session.flush()
    return change


def publish(change: FactoryChange, actor: Actor, now: datetime) -> None:
    """What follows from an approval: the profile says what the change says, and the change keeps what it replaced."""
    factory = change.factory
    db.session.refresh(factory, with_for_update={"of": Factory})
    stands = content.snapshot(factory)
    change.before = {name: stands.get(name) for name in change.content}
    change.reviewer_id = actor.user_id
    content.apply(factory, change.content)
    factory.updated_at = now
    db.session.flush()
    db.session.refresh(factory, ["name"])
    audit.record("factory.publish", factory, actor, now, number=change.number)


def cluster_name(cluster_id: int) -> str:
    """The name of a cluster for a difference."""
    query = access.select_visible(IndustrialCluster, SYSTEM, IndustrialCluster.name_zh).where(IndustrialCluster.id == cluster_id)
    return db.session.scalar(query) or ""


def link(factory: Factory, organisation_id: int, actor: Actor, now: datetime) -> None:
    """Connect a factory with the organisation that its people act for; each has one of the other."""
    access.require("factory.entrust", actor, factory)
    if factory.organisation_id:
        raise Refused(_l("This factory has its organisation already."))
    organisation = db.session.scalar(
        access.select_visible(Organisation, actor).where(Organisation.id == organisation_id, Organisation.kind == "factory")
    )
    taken = db.session.scalar(
        access.select_visible(Factory, SYSTEM, func.count(Factory.id)).where(Factory.organisation_id == organisation_id)
    )
    if organisation is None or taken:
        raise Invalid({"organisation_id": [_l("Choose a factory's organisation that has no profile yet.")]})
    factory.organisation_id = organisation.id
    db.session.flush()
    audit.record("factory.link", factory, actor, now, organisation=organisation.label)


def entrust(factory: Factory, agent_user_id: int, actor: Actor, now: datetime) -> Caseload:
    """Put a factory into a field agent's care, beside those who have it already."""
    access.require("factory.entrust", actor, factory)
    agent = db.session.scalar(
        access.select_visible(User, actor).where(User.id == agent_user_id, User.staff_role == "field_agent", User.disabled_at.is_(None))
    )
    if agent is None:
        raise Invalid({"agent_user_id": [_l("Choose a field agent from the list.")]})
    same = access.select_visible(Caseload, SYSTEM).where(Caseload.factory_id == factory.id, Caseload.agent_user_id == agent.id)
    care = db.session.scalar(same) or Caseload(factory_id=factory.id, agent_user_id=agent.id, created_at=now)
    care.ended_at = None
    db.session.add(care)
    db.session.flush()
    audit.record("factory.entrust", factory, actor, now, agent=agent.name)
    notifying.entrusted(factory, agent, now)
    return care


def release(factory: Factory, agent_user_id: int, actor: Actor, now: datetime) -> None:
    """Take a factory out of an agent's care; that it was there stays."""
    access.require("factory.entrust", actor, factory)
    query = access.select_visible(Caseload, actor).where(Caseload.factory_id == factory.id, Caseload.agent_user_id == agent_user_id)
    care = db.session.scalar(query.where(Caseload.ended_at.is_(None)))
    if care is not None:
        care.ended_at = now
        db.session.flush()
        audit.record("factory.release", factory, actor, now, agent=agent_user_id)
