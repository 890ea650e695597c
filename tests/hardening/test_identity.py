"""Cases 8–15 of docs/hardening.md as far as accounts go: whose is it, and who is it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.accounts import admin_service, invitation_service
from incubator.accounts.models import ApiToken, Invitation, Membership, PasswordReset, User
from incubator.kernel import clock
from tests.accounts.helpers import OTHER_PASSWORD, PASSWORD, a_user, is_in, link_in, log_in, mails_to, said, sessions_of, text_of
from tests.accounts.test_credentials import a_token, switch_on
from tests.builders import a_person, an_actor, an_organisation

SMUGGLED = {
    "role": "administrator",
    "staff_role": "administrator",
    "organisation_id": "1",
    "approved_by": "1",
    "state": "x",
    "email": "evil@example.com",
}


def invite(session, email="guest@example.com", organisation=None):
    invitation_service.invite(email, an_actor(role="administrator"), clock.now(), organisation=organisation or an_organisation())
    session.commit()
    return link_in(email)


def test_case_8_extra_fields_are_ignored_and_logged(client, session, caplog):
    path = invite(session)
    with caplog.at_level(logging.WARNING):
        client.post(path, data={"name": "Guest", "password": PASSWORD, "is_manager": "y", **SMUGGLED})
    user = session.scalars(select(User).where(User.email == "guest@example.com")).one()
    assert user.staff_role is None and not user.memberships[0].is_manager
    assert "unexpected_fields" in caplog.text and "organisation_id" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        client.post("/profile", data={"name": "Guest", "locale": "en", "timezone": "UTC", "theme": "auto", **SMUGGLED, "disabled_at": ""})
        client.post("/notifications/read-all", data={"user_id": "1"})
    session.refresh(user)
    assert (user.staff_role, user.email) == (None, "guest@example.com")
    assert caplog.text.count("unexpected_fields") == 2


def test_case_9_no_session_no_data(app, client, session):
    user = a_person(an_organisation("factory", "Hidden Works"), "Hidden Person", staff_role="administrator")
    session.commit()
    public = {name for name, view in app.view_functions.items() if getattr(view, "allowed_roles", None) == frozenset()}
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("accounts") and r.endpoint not in public]
    assert len(rules) > 30
    for rule in rules:
        words = {"act": "enable", "fmt": "csv", "verb": "pause"}
        values = {a: words.get(a, user.id) for a in rule.arguments}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(path, method=method)
            assert answer.status_code == 401 or (answer.status_code == 302 and answer.location.startswith("/sign-in")), path
            assert "Hidden" not in text_of(answer)


def test_case_10_an_invitation_works_once(client, session):
    path = invite(session)
    assert client.post(path, data={"name": "A", "password": PASSWORD}).status_code == 302
    client.delete_cookie("incubator")
    again = client.post(path, data={"name": "B", "password": PASSWORD})
    assert again.status_code == 404 and said(again) == said(client.post("/invitation/guessed-token"))
    assert session.scalar(select(func.count(User.id)).where(User.email == "guest@example.com")) == 1


def test_case_10_two_posts_at_once_make_one_account(app, session):
    path = invite(session)

    def post(_n):
        return app.test_client().post(path, data={"name": "A", "password": PASSWORD}).status_code

    session.commit()
    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(post, range(4)))
    assert answers[0] == 302 and set(answers[1:]) <= {404, 403, 409, 200}
    assert answers.count(302) == 1
    assert session.scalar(select(func.count(Membership.id)).join(User).where(User.email == "guest@example.com")) == 1


def test_case_10_late_and_withdrawn_links_are_dead(client, session):
    path = invite(session)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"name": "A", "password": PASSWORD}).status_code == 404
    session.scalars(select(Invitation)).one().revoked_at = clock.now()
    assert client.post(path, data={"name": "A", "password": PASSWORD}).status_code == 404


def test_case_10_it_cannot_be_turned_to_another_address_or_organisation(client, session):
    factory, brand = an_organisation("factory"), an_organisation("brand")
    path = invite(session, organisation=factory)
    client.post(path, data={"name": "A", "password": PASSWORD, "email": "evil@example.com", "organisation_id": brand.id})
    user = session.scalars(select(User).where(User.name == "A")).one()
    assert user.email == "guest@example.com" and [m.organisation_id for m in user.memberships] == [factory.id]


def test_case_11_another_persons_session_is_not_there(app, client, session):
    organisation = an_organisation()
    victim, colleague, admin = a_user(organisation), a_user(organisation, manager=True), a_user(staff_role="administrator")
    theirs = app.test_client()
    log_in(theirs, victim)
    row = sessions_of(victim)[0]
    for attacker in (colleague, admin):
        browser = app.test_client()
        log_in(browser, attacker)
        missing = browser.post("/profile/sessions/999999/end")
        answer = browser.post(f"/profile/sessions/{row.id}/end")
        assert answer.status_code == missing.status_code == 404 and said(answer) == said(missing)
    assert is_in(theirs)


def test_case_12_a_cookie_planted_before_sign_in_is_dead_after(app, client, session):
    user = a_user(an_organisation())
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "planted", "by the attacker"
    planted = client.get_cookie("incubator").value
    log_in(client, user)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie and cookie["_user_id"] != "planted"
    attacker = app.test_client()
    attacker.set_cookie("incubator", planted)
    assert not is_in(attacker)


def test_case_12_signing_in_again_gives_another_token(client, session):
    user = a_user(an_organisation())
    tokens = set()
    for _ in range(2):
        log_in(client, user)
        with client.session_transaction() as cookie:
            tokens.add(cookie["_user_id"])
    assert len(tokens) == 2


def by_password(client, user, admin):
    client.post("/profile/password", data={"present_password": PASSWORD, "new_password": OTHER_PASSWORD})


def by_second_factor(client, user, admin):
    switch_on(client, user)


CHANGES = {
    "password": by_password,
    "second factor": by_second_factor,
    "manager": lambda c, user, admin: admin_service.set_manager(user.memberships[0], True, admin, clock.now()),
    "membership": lambda c, user, admin: admin_service.end_membership(user.memberships[0], admin, clock.now()),
    "staff role": lambda c, user, admin: admin_service.set_staff_role(user, "field_agent", admin, clock.now()),
    "disabling": lambda c, user, admin: admin_service.disable_user(user, admin, clock.now()),
    "organisation": lambda c, user, admin: admin_service.disable_organisation(user.memberships[0].organisation, admin, clock.now()),
    "factor reset": lambda c, user, admin: admin_service.reset_second_factor(user, admin, clock.now()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_case_13_other_sessions_and_tokens_die(app, client, session, change):
    user, admin = a_user(an_organisation()), an_actor(role="administrator")
    elsewhere = app.test_client()
    log_in(elsewhere, user)
    log_in(client, user)
    bearer = {"Authorization": f"Bearer {a_token(client)}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    CHANGES[change](client, user, admin)
    session.commit()
    assert not is_in(elsewhere) and app.test_client().get("/api/v1/me", headers=bearer).status_code == 401
    assert is_in(client) is (change in ("password", "second factor"))
    assert session.scalars(select(ApiToken)).one().revoked_at


def test_case_13_a_reset_ends_every_session(app, client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    app.test_client().post("/forgot", data={"email": user.email})
    app.test_client().post(link_in(user.email), data={"new_password": OTHER_PASSWORD})
    assert not is_in(client)


def test_case_14_the_link_uses_the_configured_address_and_unknown_hosts_get_400(app, client, session, monkeypatch):
    user = a_user(an_organisation())
    monkeypatch.setitem(app.config, "BASE_URL", "https://incubator.company.cn")
    client.post("/forgot", data={"email": user.email}, headers={"X-Forwarded-Host": "evil.example"})
    assert mails_to(user.email)[-1].link.startswith("https://incubator.company.cn/reset/")
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    before = len(mails_to(user.email))
    for host in ("evil.example", "localhost.evil.example", "evil.example:80"):
        assert client.post("/forgot", data={"email": user.email}, headers={"Host": host}).status_code == 400
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400
    assert len(mails_to(user.email)) == before


def test_case_15_a_reset_link_is_for_one_person_once_within_an_hour(client, session):
    user, victim = a_user(an_organisation()), a_user(an_organisation())
    client.post("/forgot", data={"email": user.email})
    first = link_in(user.email)
    client.post("/forgot", data={"email": user.email})
    second = link_in(user.email)
    before = victim.password_hash
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert client.post(first, data={"new_password": OTHER_PASSWORD}).status_code == 404
    extra = {"user_id": victim.id, "email": victim.email}
    assert client.post(first, data={"new_password": OTHER_PASSWORD, **extra}).status_code == 302
    client.get("/sign-in")
    for used in (first, second, "/reset/guessed"):
        answer = client.post(used, data={"new_password": PASSWORD})
        assert answer.status_code == 404 and said(answer) == said(client.post("/reset/other-guess"))
    session.refresh(victim)
    assert victim.password_hash == before


def test_case_15_a_password_change_kills_open_links(client, session):
    user = a_user(an_organisation())
    client.post("/forgot", data={"email": user.email})
    log_in(client, user)
    by_password(client, user, None)
    assert client.get(link_in(user.email)).status_code == 404
    assert session.scalars(select(PasswordReset)).one().used_at
