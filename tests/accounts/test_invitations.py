"""Inviting newcomers, owners of an account, and staff."""

import re
from datetime import timedelta

import pytest

from incubator.accounts import invitation_service
from incubator.accounts.models import Invitation, User
from incubator.kernel import clock
from incubator.kernel.errors import Forbidden, Invalid
from tests.accounts.helpers import PASSWORD, a_user, audited, is_in, link_in, log_in, mails_to, sessions_of, text_of
from tests.builders import a_person, an_actor, an_organisation, sign_in

GUEST = "guest@example.com"


def invited(session, organisation=None, email=GUEST, **values):
    """The path that the mail to `email` carries."""
    actor = an_actor(role="administrator")
    row, _ = invitation_service.invite(email, actor, clock.now(), organisation=organisation, **{"locale": "en", **values})
    session.commit()
    return row, link_in(email.strip().casefold())


def accept(client, path, **values):
    return client.post(path, data={"name": "Guest", "password": PASSWORD, **values})


def test_a_newcomer_gets_a_mail_makes_an_account_and_is_in(client, session):
    factory = an_organisation("factory")
    row, path = invited(session, factory, f" {GUEST.upper()} ", is_manager=True, locale="en")
    assert factory.name in mails_to(GUEST)[0].subject
    assert factory.name in text_of(client.get(path))
    assert accept(client, path).location == "/"
    user = session.query(User).filter_by(email=GUEST).one()
    assert is_in(client) and [(m.organisation_id, m.is_manager) for m in user.memberships] == [(factory.id, True)]
    session.refresh(row)
    assert row.used_at and audited("invitation.accept") == audited("user.create") == 1


def test_the_page_and_the_account_speak_the_language_of_the_invitation(client, session):
    _, path = invited(session, an_organisation(), locale="zh")
    assert 'lang="zh-CN"' in text_of(client.get(path))
    accept(client, path)
    assert session.query(User).filter_by(email=GUEST).one().locale == "zh"


def test_who_is_invited_may_change_the_language_first(client, session):
    _, path = invited(session, an_organisation(), locale="zh")
    client.get(path)
    assert client.post("/locale", data={"locale": "en", "next": path}).location == path
    assert 'lang="en"' in text_of(client.get(path))
    accept(client, path)
    assert session.query(User).filter_by(email=GUEST).one().locale == "en"


def test_the_first_person_of_an_organisation_is_offered_the_right_to_invite(client, session):
    brand = an_organisation("brand")
    sign_in(client, a_person(staff_role="administrator"))
    page = f"/admin/organisations/{brand.id}"
    assert re.search(r'name="is_manager"[^>]*checked|checked[^>]*name="is_manager"', text_of(client.get(page)))
    a_person(brand, manager=True)
    session.commit()
    assert not re.search(r'name="is_manager"[^>]*checked|checked[^>]*name="is_manager"', text_of(client.get(page)))


def test_who_may_not_invite_reads_who_may(client, session):
    brand = an_organisation("brand")
    sign_in(client, a_person(brand))
    assert "Nobody here may invite yet" in text_of(client.get("/my-organisation"))
    assert "Invite colleagues" not in text_of(client.get("/"))
    a_person(brand, name="Mia Manager", manager=True)
    session.commit()
    assert "Ask Mia Manager" in text_of(client.get("/my-organisation"))


def test_a_weak_password_or_a_missing_name_comes_back(client, session):
    _, path = invited(session, an_organisation())
    weak = accept(client, path, password="password1234")
    assert weak.status_code == 422 and "everyone tries first" in text_of(weak)
    assert accept(client, path, name=" ").status_code == 422
    assert accept(client, path).status_code == 302


def test_the_owner_of_an_account_signs_in_and_joins(client, session):
    brand, user = an_organisation("brand"), a_user(an_organisation("factory"))
    _, path = invited(session, brand, user.email)
    assert "has an account already" in text_of(client.get(path))
    assert accept(client, path).status_code == 403
    log_in(client, user, next=path)
    assert client.post(path).location == "/"
    session.refresh(user)
    assert brand.id in [m.organisation_id for m in user.memberships] and user.password_hash.startswith("$argon2id")


def test_somebody_else_who_is_signed_in_cannot_join(client, session):
    owner, other = a_user(an_organisation()), a_user(an_organisation())
    _, path = invited(session, an_organisation(), owner.email)
    log_in(client, other)
    page = client.get(path)
    assert "You are signed in with another address" in text_of(page)
    assert client.post(path).status_code == 403


def test_an_ended_membership_opens_again(client, session):
    factory = an_organisation("factory")
    user = a_user(factory, staff_role="field_agent")
    user.memberships[0].ended_at = clock.now()
    _, path = invited(session, factory, user.email)
    log_in(client, user)
    client.post(path)
    session.refresh(user.memberships[0])
    assert user.memberships[0].ended_at is None


def test_staff_are_invited_by_the_administrator_only(client, session):
    with pytest.raises(Forbidden):
        invitation_service.invite(GUEST, an_actor(role="brand"), clock.now(), staff_role="administrator")
    _, path = invited(session, None, GUEST, staff_role="field_agent")
    accept(client, path)
    assert session.query(User).filter_by(email=GUEST).one().staff_role == "field_agent"


def test_a_staff_role_for_somebody_who_has_an_account_ends_their_other_sessions(app, client, session):
    user = a_user(an_organisation())
    elsewhere = app.test_client()
    log_in(elsewhere, user)
    log_in(client, user)
    _, path = invited(session, None, user.email, staff_role="administrator")
    client.post(path)
    assert is_in(client) and not is_in(elsewhere)
    assert len(sessions_of(user)) == 1


def test_inviting_again_closes_the_earlier_link(client, session):
    organisation = an_organisation()
    _, first = invited(session, organisation)
    _, second = invited(session, organisation)
    assert client.get(first).status_code == 404 and client.get(second).status_code == 200


def test_who_is_there_is_not_invited(session):
    organisation = an_organisation()
    user = a_user(organisation)
    with pytest.raises(Invalid):
        invited(session, organisation, user.email)


def test_a_link_into_a_closed_organisation_is_dead(client, session):
    organisation = an_organisation()
    _, path = invited(session, organisation)
    organisation.disabled_at = clock.now()
    assert client.get(path).status_code == 404


def test_a_manager_invites_and_withdraws_colleagues_do_not(client, session):
    organisation = an_organisation()
    manager, colleague = a_user(organisation, manager=True), a_user(organisation)
    sign_in(client, manager)
    assert "Invite a colleague" in text_of(client.get("/my-organisation"))
    assert client.post(f"/organisations/{organisation.id}/invite", data={"email": "no address", "locale": "en"}).status_code == 422
    assert client.post(f"/organisations/{organisation.id}/invite", data={"email": GUEST, "locale": "en"}).location == "/my-organisation"
    row = session.query(Invitation).one()
    assert GUEST in text_of(client.get("/my-organisation")) and row.expires_at - row.created_at == timedelta(days=7)
    sign_in(client, colleague)
    assert GUEST not in text_of(client.get("/my-organisation"))
    assert client.post(f"/organisations/{organisation.id}/invite", data={"email": "x@example.com", "locale": "en"}).status_code == 403
    assert client.post(f"/invitations/{row.id}/revoke").status_code == 404
    sign_in(client, manager)
    assert client.post(f"/invitations/{row.id}/revoke").location == "/my-organisation"
    assert client.get(link_in(GUEST)).status_code == 404
