"""People with passwords, the mails they get, and what their cookie holds."""

import re
from typing import Any

from sqlalchemy import select

from incubator.accounts import passwords
from incubator.accounts.models import UserSession
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from tests.builders import a_person

PASSWORD = "four unrelated words"
OTHER_PASSWORD = "three quiet green chairs"
HASH = passwords.hashed(PASSWORD)


def a_user(organisation: Any = None, **values: Any) -> Any:
    """A person who signs in with PASSWORD."""
    user = a_person(organisation, **values)
    user.password_hash = HASH
    db.session.commit()
    return user


def log_in(client: Any, user: Any, password: str = PASSWORD, **values: Any) -> Any:
    """The sign-in form, as a browser sends it."""
    email = user if isinstance(user, str) else user.email
    return client.post("/sign-in", data={"email": email, "password": password, **values})


def is_in(client: Any) -> bool:
    return client.get("/profile").status_code == 200


def mails_to(address: str) -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.to_address == address).order_by(OutboxMail.id)))


def link_in(address: str) -> str:
    """The path of the latest mail's single-use link."""
    links = [m.link for m in mails_to(address) if re.search(r"/(reset|invitation)/", m.link or "")]
    return re.sub(r"^https?://[^/]+", "", links[-1])


def sessions_of(user: Any) -> list[UserSession]:
    query = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def audited(event: str) -> int:
    return len(db.session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all())


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


def said(response: Any, *addresses: str) -> str:
    """The page without what differs by the second and by what was typed: form tokens and `addresses`."""
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", text_of(response))
    for address in addresses:
        text = text.replace(address, "")
    return text
