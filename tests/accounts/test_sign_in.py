"""Signing in, out and elsewhere."""

from datetime import timedelta

from argon2 import PasswordHasher
from flask.sessions import SecureCookieSessionInterface

from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership
from incubator.accounts.queries import workspaces
from incubator.accounts.service import WRONG
from incubator.kernel import clock
from tests.accounts.helpers import HASH, PASSWORD, a_user, audited, is_in, log_in, said, sessions_of, text_of
from tests.builders import an_organisation, put


def test_the_right_password_opens_a_session_and_goes_on(client, session):
    user = a_user(an_organisation())
    answer = log_in(client, user.email.upper() + " ", next="/profile/sessions")
    assert (answer.status_code, answer.location) == (302, "/profile/sessions")
    assert is_in(client) and len(sessions_of(user)) == 1
    assert audited("session.sign_in") == 1


def test_the_cookie_names_a_session_and_no_person(app, client, session):
    user = a_user(an_organisation(), name="Lin Xiaolan")
    log_in(client, user)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_user_id", "_fresh", "_permanent", "csrf_token"}
        assert cookie["_user_id"] not in (str(user.id), user.email)
    assert SecureCookieSessionInterface().get_signing_serializer(app).loads(client.get_cookie("incubator").value)["_user_id"] != str(
        user.id
    )


def test_a_wrong_password_and_an_unknown_address_read_alike(client, session):
    user = a_user(an_organisation())
    wrong, unknown = log_in(client, user, "not the password"), log_in(client, "nobody@example.com", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert str(WRONG) in text_of(wrong) and said(wrong, user.email) == said(unknown, "nobody@example.com")
    assert not sessions_of(user)


def test_missing_fields_come_back_with_messages(client, session):
    answer = client.post("/sign-in", data={})
    assert answer.status_code == 422 and "Enter your e-mail address." in text_of(answer)


def test_a_closed_account_is_told_only_to_who_knows_the_password(client, session):
    user = a_user(an_organisation(), disabled_at=clock.now())
    assert "not open at the moment" not in text_of(log_in(client, user, "wrong password here"))
    answer = log_in(client, user)
    assert answer.status_code == 409 and "not open at the moment" in text_of(answer)


def test_nobody_acts_for_a_closed_organisation(client, session):
    assert log_in(client, a_user(an_organisation(disabled_at=clock.now()))).status_code == 409


def test_an_old_hash_is_renewed(client, session):
    user = a_user(an_organisation())
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    user.password_hash = weak.hash(PASSWORD)
    log_in(client, user)
    session.refresh(user)
    assert "m=19456,t=2,p=1" in user.password_hash
    assert HASH.startswith("$argon2id$")


def test_signing_out_ends_the_session_and_keeps_the_language(client, session):
    user = a_user(an_organisation(), locale="zh")
    log_in(client, user)
    assert client.post("/sign-out").location == "/sign-in"
    assert not is_in(client) and not sessions_of(user)
    with client.session_transaction() as cookie:
        assert cookie["locale"] == "zh"


def test_who_is_in_already_goes_on(client, session):
    log_in(client, a_user(an_organisation()))
    assert client.get("/sign-in?next=/profile").location == "/profile"


def test_a_person_of_two_organisations_switches_and_comes_back_to_the_last(client, session):
    brand, factory = an_organisation("brand"), an_organisation("factory")
    user = a_user(brand)
    second = put(Membership(user_id=user.id, organisation_id=factory.id))
    log_in(client, user)
    assert client.get("/my-organisation").get_data(as_text=True).count(brand.name)
    assert client.post("/workspace", data={"workspace": second.id}).location == "/"
    assert factory.name in text_of(client.get("/my-organisation"))
    client.post("/sign-out")
    log_in(client, user)
    assert factory.name in text_of(client.get("/my-organisation"))


def test_staff_switch_between_the_platform_and_their_organisation(client, session):
    user = a_user(an_organisation(), staff_role="administrator")
    log_in(client, user)
    assert client.get("/admin/people").status_code == 200
    client.post("/workspace", data={"workspace": user.memberships[0].id})
    assert client.get("/admin/people").status_code == 404
    client.post("/workspace", data={"workspace": "staff"})
    assert client.get("/admin/people").status_code == 200


def test_nobody_switches_to_what_is_not_theirs(client, session):
    user, other = a_user(an_organisation()), a_user(an_organisation())
    log_in(client, user)
    for place in (other.memberships[0].id, "staff", "x", "99999999999999999999"[:19]):
        assert client.post("/workspace", data={"workspace": place}).status_code == 404
    assert len(workspaces(actor_for(user, user.memberships[0]))) == 1


def test_sessions_end_by_age_and_by_idling(client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert is_in(client)
    row = sessions_of(user)[0]
    row.last_seen_at = clock.now() - timedelta(days=4)
    assert not is_in(client)


def test_last_seen_is_noted_after_the_answer_and_not_every_time(client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    row = sessions_of(user)[0]
    first = row.last_seen_at
    is_in(client)
    session.refresh(row)
    assert row.last_seen_at == first
    row.last_seen_at = clock.now() - timedelta(minutes=6)
    is_in(client)
    session.refresh(row)
    assert clock.now() - row.last_seen_at < timedelta(minutes=1)


def test_language_and_appearance_before_and_after_sign_in(client, session):
    assert client.post("/locale", data={"locale": "zh", "next": "/sign-in"}).location == "/sign-in"
    assert 'lang="zh-CN"' in text_of(client.get("/sign-in"))
    assert client.post("/locale", data={"locale": "tlh"}).status_code == 422
    user = a_user(an_organisation())
    log_in(client, user)
    client.post("/locale", data={"locale": "zh"})
    client.post("/theme", data={"theme": "dark"})
    session.refresh(user)
    assert (user.locale, user.theme) == ("zh", "dark")
