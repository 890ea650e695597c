"""The outbox: in the caller's transaction, sent once, tried again, never with a second header."""

import email
import email.policy
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from flask_babel import force_locale
from sqlalchemy import select, update

from incubator.kernel import clock, mail, mail_sender
from incubator.kernel.errors import Invalid
from incubator.kernel.mail_table import OutboxMail
from tests.processes import free_port

RUN = SimpleNamespace(stopping=False)


class Sink:
    """An SMTP server that keeps what it gets and refuses whom it is told to refuse."""

    def __init__(self):
        self.messages, self.refused, self.busy = [], set(), 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy:
            self.busy -= 1
            return "451 try again later"
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def sink(app):
    handler = Sink()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


def queue(session, to="li@example.com", subject="样品到了", body="你好，\n\n第二轮样品已寄出。", **more):
    mail.queue_mail(to, subject, body, clock.now(), **more)
    session.commit()


def deliver():
    return mail_sender.deliver(RUN, clock.now())


def the_mail(session) -> OutboxMail:
    session.rollback()
    return session.scalars(select(OutboxMail).execution_options(populate_existing=True)).one()


def test_a_mail_arrives_in_both_forms_with_its_words_as_typed(session, sink):
    with force_locale("zh"):
        queue(session, body="{{7*7}} %(x)s <b>{0.__class__}</b>", link="https://example.com/briefs/1")
    assert deliver() == {"sent": 1, "failed": 0}
    [message] = sink.messages
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert (message["Subject"], message["To"]) == ("样品到了", "li@example.com")
    assert "{{7*7}} %(x)s <b>{0.__class__}</b>" in text
    assert "https://example.com/briefs/1" in text
    assert "{{7*7}} %(x)s &lt;b&gt;{0.__class__}&lt;/b&gt;" in html
    assert 'lang="zh-CN"' in html


def test_no_commit_no_mail(session, sink):
    mail.queue_mail("li@example.com", "a", "b", clock.now())
    session.rollback()
    assert deliver() == {"sent": 0, "failed": 0}


def test_a_key_queues_once(session, sink):
    for _ in range(2):
        queue(session, key="reminder:7:2026-11-22")
    assert deliver()["sent"] == 1
    assert deliver()["sent"] == 0


def test_a_busy_server_is_asked_again_later(session, sink):
    sink.busy = 1
    queue(session)
    assert deliver() == {"sent": 0, "failed": 1}
    assert the_mail(session).status == "waiting"
    assert the_mail(session).next_try_at > clock.now() + timedelta(seconds=50)
    session.rollback()
    session.execute(update(OutboxMail).values(next_try_at=clock.now()))
    session.commit()
    assert deliver()["sent"] == 1
    assert the_mail(session).error is None


def test_a_refused_address_is_given_up_and_does_not_stop_the_others(session, sink):
    sink.refused.add("gone@example.com")
    queue(session, to="gone@example.com")
    queue(session, to="li@example.com")
    assert deliver() == {"sent": 1, "failed": 1}
    assert session.scalars(select(OutboxMail.status).order_by(OutboxMail.id)).all() == ["failed", "sent"]


def test_a_server_that_is_away_ends_the_batch_and_loses_nothing(app, session):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    for _ in range(3):
        queue(session)
    assert deliver() == {"sent": 0, "failed": 1}
    assert session.scalars(select(OutboxMail.status)).all() == ["waiting"] * 3


def test_two_senders_send_each_mail_once(app, session, sink):
    for number in range(30):
        queue(session, subject=f"mail {number}")

    def send():
        with app.app_context():
            deliver()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(m["Subject"] for m in sink.messages) == sorted(f"mail {n}" for n in range(30))


def test_a_claim_whose_sender_died_is_sent_after_its_lease_with_the_same_id(app, session, sink):
    queue(session)
    claimed = mail_sender._claim(clock.now())
    identity = mail_sender.compose(claimed)["Message-ID"]
    session.rollback()
    assert deliver()["sent"] == 0
    session.execute(update(OutboxMail).values(next_try_at=clock.now()))
    session.commit()
    assert deliver()["sent"] == 1
    assert sink.messages[0]["Message-ID"] == identity


def test_without_a_server_mails_are_files(app, session):
    queue(session)
    assert deliver()["sent"] == 1
    [path] = (app.config["DATA_DIR"] / "mail").iterdir()
    assert email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["Subject"] == "样品到了"


@pytest.mark.parametrize(
    "to", ["a@example.com\r\nBcc: all@example.com", "a@example.com\n", "nobody", "a b@example.com", "", f"{'a' * 250}@example.com"]
)
def test_case_46_an_address_with_a_line_break_is_refused(session, to):
    with pytest.raises(Invalid):
        mail.queue_mail(to, "s", "b", clock.now())


def test_case_46_a_subject_has_one_line(session, sink):
    queue(session, subject="Hello\r\nBcc: all@example.com\u2028X: y")
    deliver()
    assert sink.messages[0]["Subject"] == "Hello Bcc: all@example.com X: y"
    assert sink.messages[0]["Bcc"] is None
