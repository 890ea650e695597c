"""The checklist of a product on a channel: start it from its template, add, assign, do with proof, reopen."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.accounts import notices
from incubator.accounts.models import Organisation, User
from incubator.kernel import access, audit, files
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.launches import checklists, listing_checks
from incubator.launches.launch_models import ChecklistItem
from incubator.launches.models import Channel
from incubator.products import people
from incubator.products.models import Participant, Product

notices.register({"checklist.assigned": _l("“%(title)s” for “%(name)s” is yours to do.")})


def start(product: Product, channel: Channel, launch_on: date | None, actor: Actor, now: datetime) -> list[ChecklistItem]:
    """Every task of the channel's template that the product does not have yet, due so many days before `launch_on`."""
    access.require("checklist.edit", actor, product)
    if channel.closed_at:
        raise Refused(_l("This channel is closed. Reopen it, or choose another."))
    db.session.refresh(product, with_for_update={"of": Product})
    here = access.select_visible(ChecklistItem, SYSTEM, ChecklistItem.key).where(ChecklistItem.product_id == product.id)
    known = set(db.session.scalars(here.where(ChecklistItem.channel_id == channel.id)))
    items = [
        ChecklistItem(
            product_id=product.id, brand_id=product.brand_id, channel_id=channel.id, key=task.key, position=n, is_required=task.is_required,
            owner_id=product.owner_id, due_on=launch_on - timedelta(days=task.days) if launch_on else None, created_at=now, updated_at=now,
        )
        for n, task in enumerate(checklists.TEMPLATES[channel.platform]) if task.key not in known
    ]  # fmt: skip
    db.session.add_all(items)
    db.session.flush()
    if items:
        audit.record("checklist.start", product, actor, now, channel=channel.name_zh, tasks=len(items))
    return items


def add(
    product: Product, channel: Channel, title: str, is_required: bool, due_on: date | None, actor: Actor, now: datetime
) -> ChecklistItem:
    """A task of one's own beside those of the template."""
    access.require("checklist.edit", actor, product)
    last = access.select_visible(ChecklistItem, SYSTEM, func.max(ChecklistItem.position))
    position = db.session.scalar(last.where(ChecklistItem.product_id == product.id, ChecklistItem.channel_id == channel.id)) or 0
    item = ChecklistItem(
        product_id=product.id, brand_id=product.brand_id, channel_id=channel.id, key=f"own-{secrets.token_hex(6)}", title=title,
        position=position + 1, is_required=is_required, owner_id=product.owner_id, due_on=due_on, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    audit.record("checklist.add", item, actor, now, title=title)
    return item


def partners_of(product_id: int) -> list[tuple[int, str]]:
    """(organisation id, name) of the launch partners that take part now, for a caller that was shown the product."""
    query = access.select_visible(Participant, SYSTEM, Organisation.id, Organisation.name).join(Organisation)
    query = query.where(Participant.product_id == product_id, Participant.part == "launch_partner", Participant.left_at.is_(None))
    return [(i, name) for i, name in db.session.execute(query.order_by(Organisation.name))]


def assign(
    item: ChecklistItem, owner_id: int | None, organisation_id: int | None, due_on: date | None, actor: Actor, now: datetime
) -> ChecklistItem:
    """Whose task it is and until when; a launch partner that it is newly given to is told."""
    access.require("checklist.edit", actor, item)
    people.require_colleague(owner_id, item.brand_id)
    if organisation_id is not None and organisation_id not in dict(partners_of(item.product_id)):
        raise Invalid({"organisation_id": [_l("Choose a launch partner that takes part in the product.")]})
    newly = organisation_id is not None and organisation_id != item.organisation_id
    mine = owner_id is not None and owner_id not in (item.owner_id, actor.user_id)
    item.owner_id, item.organisation_id, item.due_on, item.updated_at = owner_id, organisation_id, due_on, now
    db.session.flush()
    audit.record("checklist.assign", item, actor, now, title=title_of(item), due=due_on)
    if newly and organisation_id is not None:
        _tell(item, notices.people_of(organisation_id), organisation_id, now)
    if mine:
        colleague = access.select_visible(User, SYSTEM).where(User.id == owner_id, User.disabled_at.is_(None))
        _tell(item, list(db.session.scalars(colleague)), item.brand_id, now)
    return item


def _tell(item: ChecklistItem, who: list[User], organisation_id: int, now: datetime) -> None:
    notices.notify(who, "checklist.assigned", f"/checklist/{item.id}", now, organisation_id, title=title_of(item), name=item.product.name)


def title_of(item: ChecklistItem) -> str:
    return str(checklists.label(item.key, item.channel.platform, item.title))


def do(item: ChecklistItem, proof: str, actor: Actor, now: datetime, upload: Any = None) -> ChecklistItem:
    """The task is done, with a note or a file as proof. Refused with the reason where the platform can see that it is not."""
    access.require("checklist.do", actor, item)
    db.session.refresh(item, with_for_update={"of": ChecklistItem})
    if item.done_at:
        raise Conflict()
    if not proof and not upload:
        raise Invalid({"proof": [gettext("Say what proves it, or add a file.")]})
    if reason := listing_checks.against(item.key, item.product, item.channel, now):
        raise Refused(reason if actor.role == "brand" else _l("The brand still has to prepare something for this task; write to it."))
    if upload:
        item.file_id = files.store(upload, actor, now, subject=("checklist_item", item.id), product_id=item.product_id).id
    item.proof, item.done_at, item.done_by_id, item.updated_at = proof, now, actor.user_id, now
    db.session.flush()
    audit.record("checklist.done", item, actor, now, note=proof or None, title=title_of(item))
    return item


def reopen(item: ChecklistItem, actor: Actor, now: datetime) -> ChecklistItem:
    """It was not done after all; the proof stays to be read."""
    access.require("checklist.edit", actor, item)
    if item.done_at:
        item.done_at = item.done_by_id = None
        item.updated_at = now
        audit.record("checklist.undo", item, actor, now, title=title_of(item))
    return item
