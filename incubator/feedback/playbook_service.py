"""The verbs of a playbook: propose, write, publish, use, withdraw. Nothing is published while a name of anybody stands in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from incubator.accounts.models import Membership, Organisation, User
from incubator.feedback import anonymity, playbooks, words
from incubator.feedback.anonymity import Known, Standing
from incubator.feedback.models import FeedbackAction, FeedbackPack, PackSection
from incubator.feedback.playbook_models import Playbook, PlaybookUse
from incubator.kernel import access, audit, events, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.launches.models import Channel, Sku, SkuAlias

TEXTS = ("title", "problem", "topic", "what", "effort")
FIELDS = (*TEXTS, "reason", "days")


def propose(action: FeedbackAction, data: dict[str, Any], actor: Actor, now: datetime) -> Playbook:
    """Make a playbook of a promise that was measured as an improvement; its evidence is frozen. Refused for any other, or a second time."""
    access.require("playbook.propose", actor, action)
    if action.effect is None or action.effect.verdict != "improved":
        raise Refused(_l("Only what was measured as an improvement can become a playbook."))
    if db.session.scalar(access.select_visible(Playbook, SYSTEM, Playbook.id).where(Playbook.action_id == action.id)):
        raise Refused(_l("This promise is a playbook already."))
    playbook = Playbook(
        action_id=action.id, brand_id=action.brand_id, factory_id=action.factory_id, state="proposed", state_since=now, published_key=now,
        category=action.product.category, evidence=playbooks.evidence(action.effect), proposed_by_id=actor.user_id, created_at=now, updated_at=now,
    )  # fmt: skip
    _fill(playbook, data)
    db.session.add(playbook)
    db.session.flush()
    audit.record("playbook.propose", playbook, actor, now, title=playbook.title)
    events.publish("playbook.propose", playbook, actor, now)
    return playbook


def _fill(playbook: Playbook, data: dict[str, Any]) -> None:
    playbook.title, playbook.problem, playbook.what = data["title"].strip(), data["problem"].strip(), data["what"].strip()
    playbook.reason, playbook.topic = data["reason"], (data.get("topic") or "").strip()
    playbook.effort, playbook.days = (data.get("effort") or "").strip(), data.get("days")


def edit(playbook: Playbook, data: dict[str, Any], actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Change the words of a proposal. Conflict when somebody else has, meanwhile."""
    db.session.refresh(playbook, with_for_update={"of": Playbook})
    access.require("playbook.edit", actor, playbook)
    if expected is not None and expected != playbook.version:
        raise Conflict(what=workflow.last_act(playbook, actor))
    _fill(playbook, data)
    playbook.updated_at = now
    db.session.flush()
    audit.record("playbook.edit", playbook, actor, now, title=playbook.title)


def publish(playbook: Playbook, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Show it to every brand and factory. Invalid, with all that must go, while it names anybody; the lock lets nobody write a name in meanwhile."""
    access.require("playbook.move", actor, playbook)
    db.session.refresh(playbook, with_for_update={"of": Playbook})
    if found := still_named(playbook):
        messages = [gettext("“%(text)s” stands in “%(field)s”.", text=f.text, field=words.PLAYBOOK_FIELDS[f.field]) for f in found]
        raise Invalid({"names": messages})
    workflow.fire(playbook, "publish", actor, now=now, expected=expected)
    playbook.published_key = now


def move(playbook: Playbook, event: str, note: str, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Decline or withdraw it. Forbidden to whoever only reads it: a published one is every brand's and factory's to read."""
    access.require("playbook.move", actor, playbook)
    workflow.fire(playbook, event, actor, note=note, now=now, expected=expected)


def still_named(playbook: Playbook) -> list[Standing]:
    """Names and codes of the factory, the brand, the SKU, its product and their people that stand in the texts."""
    return anonymity.standing({name: getattr(playbook, name) for name in TEXTS}, _known(playbook))


def _known(playbook: Playbook) -> Iterator[Known]:
    action = playbook.action
    sides = (playbook.brand_id, playbook.factory_id)
    organisations = access.select_visible(Organisation, SYSTEM, Organisation.name, Organisation.short_name)
    for row in db.session.execute(organisations.where(Organisation.id.in_(sides))):
        yield from (Known("organisation", name) for name in row if name)
    people = access.select_visible(User, SYSTEM, User.name).join(Membership, Membership.user_id == User.id)
    yield from (Known("person", n) for n in db.session.scalars(people.where(Membership.organisation_id.in_(sides))))
    yield from (Known("product", n) for n in (action.product.name, action.section.name_zh, action.section.name_en) if n)
    yield from (Known("code", n) for n in (action.product.code, action.section.code) if n)
    if action.lot:
        yield Known("lot", action.lot)
    skus = access.select_visible(Sku, SYSTEM, Sku.code, Sku.gtin).where(Sku.product_id == action.product_id)
    yield from (Known("code", code) for row in db.session.execute(skus) for code in row if code)
    aliases = access.select_visible(SkuAlias, SYSTEM, SkuAlias.code).where(SkuAlias.sku_id == action.sku_id)
    yield from (Known("code", code) for code in db.session.scalars(aliases))
    channels = access.select_visible(Channel, SYSTEM, Channel.name_zh, Channel.name_en).where(Channel.brand_id == playbook.brand_id)
    yield from (Known("organisation", name) for row in db.session.execute(channels) for name in row if name)


def choose(section: PackSection, playbook_id: int | None, actor: Actor, now: datetime) -> None:
    """Take a playbook for the SKU of a pack, another one, or none; NotFound when it is not the actor's to read."""
    db.session.execute(delete(PlaybookUse).where(PlaybookUse.section_id == section.id, PlaybookUse.action_id.is_(None)))
    if playbook_id is None:
        return
    playbook = access.get_visible(Playbook, playbook_id, actor)
    if playbook.state != "published":
        raise Refused(_l("This playbook is not published."))
    pack = section.pack
    db.session.add(
        PlaybookUse(section_id=section.id, playbook_id=playbook.id, brand_id=pack.brand_id, factory_id=pack.factory_id, created_at=now)
    )
    db.session.flush()
    audit.record("playbook.use", section, actor, now, code=section.code, playbook=playbook.id)


def bind(pack: FeedbackPack) -> None:
    """What was taken counts from the acknowledgement on, where it became a promise to fix; the rest is forgotten."""
    of_pack = access.select_visible(PackSection, SYSTEM, PackSection.id).where(PackSection.pack_id == pack.id)
    promise = select(FeedbackAction.id).where(FeedbackAction.section_id == PlaybookUse.section_id, FeedbackAction.kind == "fix")
    mine = PlaybookUse.section_id.in_(of_pack)
    db.session.execute(
        update(PlaybookUse).where(mine).values(action_id=promise.scalar_subquery()), execution_options={"synchronize_session": False}
    )
    db.session.execute(delete(PlaybookUse).where(mine, PlaybookUse.action_id.is_(None)), execution_options={"synchronize_session": False})
