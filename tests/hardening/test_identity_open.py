"""Cases 10, 13, 16 and 21: a stranger locks nobody out, reads no link in the outbox, and finds no open door to a demo."""

import re

import pytest
from sqlalchemy import select

from incubator import config
from incubator.accounts import queries, throttle
from incubator.accounts.models import Setting
from incubator.kernel import clock, mail, mail_sender
from incubator.kernel.mail_table import OutboxMail
from tests.accounts.helpers import a_user, link_in, log_in, said, text_of
from tests.accounts.test_credentials import switch_on
from tests.builders import a_person, an_organisation, put
from tests.kernel.test_mail import deliver, sink

__all__ = ["sink"]
TOKEN = "s3cret-token_of-43-characters-that-opens-it"


def browser_at(app, address: str):
    """A client elsewhere in the world."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_case_16_a_stranger_does_not_lock_the_owner_out(app, session):
    user = a_user(an_organisation())
    stranger, neighbour, owner = (browser_at(app, address) for address in ("203.0.113.9", "203.0.113.77", "198.51.100.4"))
    answers = {}
    for email in (user.email, "nobody@example.com"):
        codes = [log_in(stranger, email, "a guess").status_code for _ in range(60)]
        assert codes == [422] * 8 + [429] * 52
        assert log_in(neighbour, email, "a guess").status_code == 429
        answers[email] = said(log_in(stranger, email, "a guess"), email)
    assert len(set(answers.values())) == 1
    assert [stranger.post("/forgot", data={"email": user.email}).status_code for _ in range(9)] == [200] * 8 + [429]
    assert owner.post("/forgot", data={"email": user.email}).status_code == 200
    assert log_in(owner, user).status_code == 302


def test_case_16_many_networks_together_are_slowed_down_for_a_while(app, session):
    user = a_user(an_organisation())
    for email in (user.email, "nobody@example.com"):
        codes = [log_in(browser_at(app, f"198.18.{n}.1"), email, "a guess").status_code for n in range(60)]
        assert codes == [422] * 50 + [429] * 10
    with clock.frozen(clock.now() + throttle.FIRST_PAUSE):
        assert log_in(browser_at(app, "192.0.2.1"), user).status_code == 302


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"), ("::ffff:203.0.113.9", "203.0.113.0/24"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("unix", "unix"),
    ],
)  # fmt: skip
def test_case_16_a_network_is_what_one_customer_has(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert throttle.network() == network
    assert throttle.network() == ""


def a_mail(session, **more) -> OutboxMail:
    link = f"http://localhost/reset/{TOKEN}"
    mail.queue_mail("li@example.com", "s", f"Open {link} soon.\n\nBye.", clock.now(), link=link, **more)
    session.commit()
    return session.scalars(select(OutboxMail)).one()


def test_case_10_a_link_is_forgotten_once_it_has_gone_out(session, sink):
    kept = a_mail(session)
    assert deliver()["sent"] == 1
    session.refresh(kept)
    assert (kept.link, TOKEN in kept.text, kept.status) == (None, False, "sent")
    assert TOKEN in sink.messages[0].get_body(("plain",)).get_content()


def test_case_10_in_production_the_administrator_reads_no_link(app, client, session, monkeypatch):
    kept = a_mail(session)
    log_in(client, a_user(staff_role="administrator"))
    assert TOKEN in text_of(client.get(f"/admin/mail/{kept.id}")), "a demo has no other mailbox"
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    page = text_of(client.get(f"/admin/mail/{kept.id}"))
    assert TOKEN not in page and "Bye." in page and "http://localhost/reset/…" in page
    assert mail_sender.goes_to_folder() and deliver()["sent"] == 1
    [path] = (app.config["DATA_DIR"] / "mail").iterdir()
    assert TOKEN in path.read_text()


def test_case_10_tokens_of_ours_are_long_enough_to_be_recognised(client, session):
    user = a_user(an_organisation())
    client.post("/forgot", data={"email": user.email})
    assert re.fullmatch(r"http://localhost/reset/…", mail_sender.without_secrets(f"http://localhost{link_in(user.email)}"))


def settings(tmp_path, **env) -> bool:
    return config.from_environment({"DATA_DIR": str(tmp_path), **env})["DEMO_SIGN_IN"]


def test_case_21_one_click_is_for_this_machine_only(tmp_path):
    assert settings(tmp_path) and settings(tmp_path, HOST="localhost") and settings(tmp_path, HOST="::1", BASE_URL="http://[::1]:8000")
    for env in ({"HOST": "0.0.0.0"}, {"HOST": "192.168.1.5"}, {"BASE_URL": "https://demo.example.com"}):
        assert not settings(tmp_path, **env)
        assert settings(tmp_path, **env, DEMO_PUBLIC="1")
    assert not settings(tmp_path, INCUBATOR_ENV="production", SECRET_KEY="k" * 32, BASE_URL="http://localhost", DEMO_PUBLIC="1")


@pytest.fixture
def demo(session):
    put(Setting(key=queries.DEMO_SETTING))
    user = a_person(an_organisation("brand"), email="lin@demo.incubator.example")
    session.commit()
    return user


def test_case_21_no_open_door_beyond_this_machine(app, client, demo, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO_SIGN_IN", False)
    assert 'name="account"' not in text_of(client.get("/sign-in"))
    assert client.post("/sign-in/demo", data={"account": demo.id}).status_code == 404


def test_case_13_one_click_does_not_replace_the_second_factor(client, session, demo):
    client.post("/sign-in/demo", data={"account": demo.id})
    demo.password_hash = a_user(an_organisation()).password_hash
    session.commit()
    switch_on(client, demo)
    client.post("/sign-out")
    answer = client.post("/sign-in/demo", data={"account": demo.id})
    assert answer.location.startswith("/sign-in/code")
    assert client.get("/profile").status_code == 302
