"""Empties the outbox: by SMTP, or into DATA_DIR/mail as .eml files while no SMTP_URL is set. It logs no address and no body.

A mail is claimed before it is sent and its Message-ID never changes, so that a crash in between at worst repeats a mail that
the receiver can recognise.
"""

import re
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from flask_babel import force_locale
from sqlalchemy import or_, select, update

from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail

log = structlog.get_logger("mail")

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 8
LONGEST_PAUSE = timedelta(hours=2)
BATCH = 200
TIMEOUT = 20  # seconds
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRET_LINK = re.compile(r"(https?://[^\s/]+/\S*?)[A-Za-z0-9_-]{32,}")  # nothing else in our addresses is as long as a token


def has_waiting(now: datetime) -> bool:
    return db.session.scalar(select(OutboxMail.id).where(_is_due(now)).limit(1)) is not None


def _is_due(now: datetime) -> Any:
    """Waiting, or claimed by a process that has been silent for the length of the lease."""
    return or_(OutboxMail.status == "waiting", OutboxMail.status == "sending") & (OutboxMail.next_try_at <= now)


def deliver(run: Any, now: datetime) -> dict[str, int]:
    """Send what is due, one claim and one commit per mail; a server that does not answer ends the batch."""
    counts = {"sent": 0, "failed": 0}
    with Transport() as transport:
        for _ in range(BATCH):
            mail = _claim(clock.now())
            if mail is None or run.stopping:
                break
            try:
                transport.send(mail)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                _put_back(mail, error)
                counts["failed"] += 1
                if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError):
                    break
                continue
            mail.status, mail.sent_at, mail.error = "sent", clock.now(), None
            if not goes_to_folder():
                mail.link, mail.text = None, without_secrets(mail.text)  # it has gone out; a copy would only help who reads our tables
            db.session.commit()
            counts["sent"] += 1
    return counts


def _claim(now: datetime) -> OutboxMail | None:
    first = (
        select(OutboxMail.id).where(_is_due(now)).order_by(OutboxMail.next_try_at, OutboxMail.id).limit(1).with_for_update(skip_locked=True)
    )
    claimed = db.session.scalar(
        update(OutboxMail)
        .where(OutboxMail.id == first.scalar_subquery())
        .values(status="sending", attempts=OutboxMail.attempts + 1, next_try_at=now + LEASE)
        .returning(OutboxMail.id)
    )
    db.session.commit()
    return db.session.get(OutboxMail, claimed, populate_existing=True) if claimed else None


def _put_back(mail: OutboxMail, error: Exception) -> None:
    """Wait 1, 2, 4 … minutes, at most 2 hours; after eight attempts, or when the address is refused for good, give up."""
    refused = isinstance(error, smtplib.SMTPRecipientsRefused | ValueError)
    over = mail.attempts >= MOST_ATTEMPTS or refused
    mail.status = "failed" if over else "waiting"
    mail.error = f"{type(error).__name__}: {_said(error)}"[:500]
    mail.next_try_at = clock.now() + min(LONGEST_PAUSE, timedelta(minutes=2 ** (mail.attempts - 1)))
    log.warning("mail_failed", mail=mail.id, attempt=mail.attempts, given_up=over, kind=type(error).__name__)
    db.session.commit()


def _said(error: Exception) -> str:
    """The server's words; never the address book or the password that an exception may carry."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the server refused our name and password"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"
    return "the server refused the address" if isinstance(error, smtplib.SMTPRecipientsRefused) else str(error)


def without_secrets(text: str) -> str:
    """`text` with the tokens of its links taken out: who has such a link is whom it was sent to."""
    return SECRET_LINK.sub(r"\1…", text)


def goes_to_folder() -> bool:
    return not current_app.config["SMTP_URL"]


class Transport:
    """One SMTP connection for a batch, opened by the first mail; or the folder."""

    def __init__(self) -> None:
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *_error: Any) -> None:
        if self.server is not None:
            self.server.close()

    def send(self, mail: OutboxMail) -> None:
        message = compose(mail)
        if goes_to_folder():
            _write(message, Path(current_app.config["DATA_DIR"]) / "mail" / f"{mail.id:08d}.eml")
            return
        db.session.commit()  # a slow server must not hold the database
        self.server = self.server or connect(current_app.config["SMTP_URL"])
        self.server.send_message(message)


def connect(url: str) -> smtplib.SMTP:
    """smtps:// speaks TLS from the first byte; smtp:// takes STARTTLS wherever the server is not on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        if host not in LOOPBACK:
            server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def compose(mail: OutboxMail) -> EmailMessage:
    """Plain text with an HTML twin, in the reader's language; what people typed is shown as typed."""
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<outbox-{mail.id}-{mail.created_at:%Y%m%d%H%M%S%f}@{urlsplit(current_app.config['BASE_URL']).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    link = mail.link if mail.link and mail.link not in mail.text else None
    message.set_content(f"{mail.text}\n\n{link}\n" if link else mail.text)
    with force_locale(mail.locale):
        template = current_app.jinja_env.get_template("kernel/mail.html")  # without the frame, which belongs to a request
        html = template.render(mail=mail, paragraphs=[p for p in mail.text.split("\n\n") if p.strip()])
    message.add_alternative(html, subtype="html")
    return message


def _write(message: EmailMessage, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".part")
    partial.write_bytes(message.as_bytes())
    partial.rename(path)


def try_again(mail: OutboxMail, now: datetime) -> bool:
    """Queue a mail that was given up once more; False when it was not given up."""
    if mail.status != "failed":
        return False
    mail.status, mail.next_try_at, mail.attempts = "waiting", now, 0
    return True
