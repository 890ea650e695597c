"""Mail is a row in the caller's transaction: no commit, no mail. An address with a line break is refused; nothing is sent here."""

import re
from datetime import datetime
from email.utils import parseaddr

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from incubator.kernel.errors import Invalid
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.upsert import insert_once

CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
LONGEST_SUBJECT = 200


def queue_mail(to: str, subject: str, body: str, now: datetime, key: str | None = None, link: str | None = None) -> int | None:
    """Queue one mail in the present locale; returns its id, or None when `key` was queued before.

    `body` is plain text as typed; `link` (absolute) becomes its button. Line breaks in the subject become spaces, because
    people type them; in the address they are an attack and raise Invalid.
    """
    return insert_once(
        OutboxMail,
        to_address=_address(to),
        locale=str(get_locale() or "en"),
        subject=CONTROLS.sub(" ", subject).strip()[:LONGEST_SUBJECT],
        text=body,
        link=link,
        key=key,
        created_at=now,
        next_try_at=now,
    )


def _address(text: str) -> str:
    address = parseaddr(text)[1]
    if CONTROLS.search(text) or "@" not in address or " " in address or len(address) > 254:
        raise Invalid({"email": [_l("This is not an e-mail address.")]})
    return address
