"""The first administrator of an installation, made on its own command line. Nothing on the network reaches this."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from incubator.accounts import invitation_service, passwords, service
from incubator.accounts.models import User
from incubator.kernel import audit
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid


def create_administrator(email: str, name: str, password: str, now: datetime) -> User:
    """A new administrator; Conflict when the address has an account, which another administrator may promote in the app."""
    address = service.normal_email(email)
    if "@" not in address or any(c.isspace() for c in address):
        raise Invalid({"email": [_l("This is not an e-mail address, like name@company.cn.")]})
    if bad := passwords.problems(password, address):
        raise Invalid({"password": bad})
    if service.user_by_email(address):
        raise Conflict(_l("This address has an account. Use --link, or let another administrator change its role."))
    user = User(email=address, name=name, password_hash=passwords.hashed(password), staff_role="administrator")
    db.session.add(user)
    audit.record("user.create", user, SYSTEM, now, staff_role="administrator")
    return user


def invite_administrator(email: str, now: datetime) -> str:
    """A link, good once and for a week, that makes its reader administrator. It is mailed as well."""
    _row, token = invitation_service.invite(email, SYSTEM, now, staff_role="administrator")
    return invitation_service.link_of(token)
