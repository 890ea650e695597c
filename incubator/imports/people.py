"""Who a command imports for: the organisation and person it names, or the only ones there are. It guesses nothing else."""

from flask_babel import gettext
from sqlalchemy import or_

from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, Organisation, User
from incubator.imports.kinds import Kind
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid


def importer(kind: Kind, organisation: str, email: str) -> Actor:
    """The first person, managers before others, who may import `kind`; Invalid when there is none or more than one organisation fits."""
    found = _staff(email) if email else []
    found += [actor_for(m.user, m) for m in _memberships(organisation, email)]
    allowed = [actor for actor in found if access.may(kind.rule, actor)]
    if not allowed:
        raise Invalid({"user": [gettext("Nobody here may import this. Name another organisation or person.")]})
    if len({actor.organisation_id for actor in allowed}) > 1:
        raise Invalid({"organisation": [gettext("Several organisations may import this. Name one.")]})
    return allowed[0]


def _staff(email: str) -> list[Actor]:
    query = access.select_visible(User, SYSTEM).where(User.email == email, User.staff_role.is_not(None), User.disabled_at.is_(None))
    return [actor_for(user, None) for user in db.session.scalars(query)]


def _memberships(organisation: str, email: str) -> list[Membership]:
    query = access.select_visible(Membership, SYSTEM).join(Organisation).join(User, User.id == Membership.user_id)
    query = query.where(Membership.ended_at.is_(None), Organisation.disabled_at.is_(None), User.disabled_at.is_(None))
    if organisation.isdecimal():
        query = query.where(Organisation.id == int(organisation))
    elif organisation:
        query = query.where(or_(Organisation.name == organisation, Organisation.short_name == organisation))
    if email:
        query = query.where(User.email == email)
    return list(db.session.scalars(query.order_by(Membership.is_manager.desc(), Membership.id)))
