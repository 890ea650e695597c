"""Password, reset link, second factor and API tokens."""

from datetime import timedelta

import pyotp
import pytest

from incubator.accounts import passwords, totp
from incubator.accounts.models import ApiToken, PasswordReset
from incubator.kernel import clock, sealing
from tests.accounts.helpers import OTHER_PASSWORD, PASSWORD, a_user, audited, is_in, link_in, log_in, mails_to, said, text_of
from tests.builders import an_organisation


@pytest.fixture
def user(session):
    return a_user(an_organisation())


def code_of(user, after=0):
    return pyotp.TOTP(sealing.unseal(user.totp_secret)).at(clock.now() + timedelta(seconds=30 * after))


def switch_on(client, user):
    """The whole way to a second factor; returns the page with the recovery codes."""
    client.post("/profile/second-factor", data={"password": PASSWORD})
    secret = text_of(client.get("/profile/second-factor/scan")).partition('<span class="code">')[2].partition("<")[0].replace(" ", "")
    return client.post("/profile/second-factor/scan", data={"code": pyotp.TOTP(secret).at(clock.now())})


def test_changing_the_password_needs_the_present_one(client, session, user):
    log_in(client, user)
    wrong = client.post("/profile/password", data={"present_password": "no", "new_password": OTHER_PASSWORD})
    assert wrong.status_code == 422 and "not your present password" in text_of(wrong)
    weak = client.post("/profile/password", data={"present_password": PASSWORD, "new_password": "short"})
    assert weak.status_code == 422 and "at least 12" in text_of(weak)
    assert (
        client.post("/profile/password", data={"present_password": PASSWORD, "new_password": OTHER_PASSWORD}).location
        == "/profile/security"
    )
    session.refresh(user)
    assert passwords.matches(user.password_hash, OTHER_PASSWORD) and audited("user.password_change") == 1
    assert "Your password was changed" in mails_to(user.email)[-1].subject


def test_a_forgotten_password(client, session, user):
    assert client.post("/forgot", data={"email": "nonsense"}).status_code == 422
    known, unknown = client.post("/forgot", data={"email": user.email}), client.post("/forgot", data={"email": "nobody@example.com"})
    assert said(known, user.email) == said(unknown, "nobody@example.com") and known.status_code == 200
    assert not mails_to("nobody@example.com")
    path = link_in(user.email)
    assert client.get(path).status_code == 200
    assert client.post(path, data={"new_password": "password1234"}).status_code == 422
    assert client.post(path, data={"new_password": OTHER_PASSWORD}).location == "/sign-in"
    assert not is_in(client) and log_in(client, user, OTHER_PASSWORD).status_code == 302


def test_a_closed_account_gets_no_link(client, session, user):
    user.disabled_at = clock.now()
    client.post("/forgot", data={"email": user.email})
    assert not mails_to(user.email) and not session.query(PasswordReset).count()


def test_a_second_factor_from_scan_to_sign_in(client, session, user):
    log_in(client, user)
    assert client.get("/profile/second-factor/scan").location == "/profile/security"
    assert client.post("/profile/second-factor", data={"password": "wrong"}).status_code == 422
    shown = switch_on(client, user)
    assert "Recovery codes" in text_of(shown) and text_of(shown).count('<li class="code">') == totp.RECOVERY_CODES
    session.refresh(user)
    assert user.totp_secret.startswith("gAAAA") and all(len(d) == 64 for d in user.recovery_codes)
    client.post("/sign-out")
    assert log_in(client, user, next="/profile").location == "/sign-in/code?next=/profile"
    assert not is_in(client)
    wrong = client.post("/sign-in/code", data={"code": "000000"})
    assert wrong.status_code == 422
    assert client.post("/sign-in/code", data={"code": code_of(user, 1), "next": "/profile"}).location == "/profile"
    assert is_in(client)


def test_a_wrong_code_while_switching_on_comes_back(client, session, user):
    log_in(client, user)
    client.post("/profile/second-factor", data={"password": PASSWORD})
    assert client.post("/profile/second-factor/scan", data={"code": "000000"}).status_code == 422
    session.refresh(user)
    assert user.totp_secret is None


def test_a_code_is_good_once(app, client, session, user):
    log_in(client, user)
    switch_on(client, user)
    session.refresh(user)
    code = code_of(user, 1)
    for expected in (302, 422):
        browser = app.test_client()
        log_in(browser, user)
        assert browser.post("/sign-in/code", data={"code": code}).status_code == expected


def test_a_recovery_code_is_good_once(app, client, session, user):
    log_in(client, user)
    shown = text_of(switch_on(client, user))
    code = shown.partition('<li class="code">')[2].partition("<")[0]
    for expected in (302, 422):
        browser = app.test_client()
        log_in(browser, user)
        assert browser.post("/sign-in/code", data={"code": code.upper()}).status_code == expected
    session.refresh(user)
    assert len(user.recovery_codes) == totp.RECOVERY_CODES - 1


def test_half_a_sign_in_ends_after_ten_minutes(client, session, user):
    log_in(client, user)
    switch_on(client, user)
    client.post("/sign-out")
    log_in(client, user)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert client.get("/sign-in/code").location.startswith("/sign-in")


def test_switching_off_and_new_codes_need_the_password(client, session, user):
    log_in(client, user)
    assert client.post("/profile/second-factor/codes", data={"password": PASSWORD}).status_code == 409
    switch_on(client, user)
    assert client.post("/profile/second-factor", data={"password": PASSWORD}).status_code == 409
    session.refresh(user)
    before = list(user.recovery_codes)
    assert client.post("/profile/second-factor/codes", data={"password": "wrong"}).status_code == 422
    assert "no longer work" in text_of(client.post("/profile/second-factor/codes", data={"password": PASSWORD}))
    session.refresh(user)
    assert not set(before) & set(user.recovery_codes)
    assert client.post("/profile/second-factor/off", data={"password": "wrong"}).status_code == 422
    assert client.post("/profile/second-factor/off", data={"password": PASSWORD}).location == "/profile/security"
    session.refresh(user)
    assert user.totp_secret is None and user.recovery_codes == []


def a_token(client, scope="write", days=30):
    page = text_of(client.post("/profile/tokens", data={"name": "ERP", "scope": scope, "days": days}))
    return page.partition('readonly value="')[2].partition('"')[0]


def test_a_token_is_shown_once_and_can_be_revoked(client, session, user):
    log_in(client, user)
    text = a_token(client)
    assert text.startswith("inc_") and text not in text_of(client.get("/profile/tokens"))
    row = session.query(ApiToken).one()
    assert row.prefix == text[:10] and row.token_hash != text and row.expires_at.date() == (clock.now() + timedelta(days=30)).date()
    assert client.post(f"/profile/tokens/{row.id}/revoke").location == "/profile/tokens"
    assert client.post(f"/profile/tokens/{row.id}/revoke").status_code == 302
    session.refresh(row)
    assert row.revoked_at and "Revoked" in text_of(client.get("/profile/tokens"))


def test_a_token_needs_a_name_and_a_known_scope(client, session, user):
    log_in(client, user)
    assert client.post("/profile/tokens", data={"name": "", "scope": "admin", "days": 9999}).status_code == 422


def test_somebody_elses_token_is_not_there(client, session, user):
    log_in(client, user)
    a_token(client)
    client.post("/sign-out")
    log_in(client, a_user(an_organisation()))
    assert client.post(f"/profile/tokens/{session.query(ApiToken).one().id}/revoke").status_code == 404


def test_twenty_tokens_are_enough(client, session, user):
    log_in(client, user)
    assert all(a_token(client) for _ in range(20))
    assert client.post("/profile/tokens", data={"name": "ERP", "scope": "read", "days": 30}).status_code == 409
