"""Profile, sessions, notices, colleagues, and the pages of the administrator."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.accounts import admin_service, notices, queries
from incubator.accounts.models import Notification, Organisation, Setting, User
from incubator.kernel import access, clock
from incubator.kernel.actor import ORGANISATION_KINDS, SYSTEM
from incubator.kernel.errors import Refused
from tests.accounts.helpers import a_user, audited, is_in, log_in, mails_to, sessions_of, text_of
from tests.builders import a_person, an_actor, an_organisation, put, sign_in

NEW = {"name": "安吉竹溪椅业有限公司", "kind": "factory", "country": "CN", "city": "安吉", "website": "https://zhuxi.example"}


@pytest.fixture
def admin(client, session):
    user = a_person(staff_role="administrator", name="Ada")
    sign_in(client, user)
    return user


def test_a_profile_is_edited(client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    data = {"name": " 林晓岚 ", "locale": "zh", "timezone": "Asia/Shanghai", "theme": "dark"}
    assert client.post("/profile", data=data).location == "/profile"
    session.refresh(user)
    assert (user.name, user.locale, user.timezone, user.theme) == ("林晓岚", "zh", "Asia/Shanghai", "dark")
    assert audited("user.profile") == 1
    client.post("/profile", data=data)
    assert audited("user.profile") == 1
    assert client.post("/profile", data={**data, "timezone": "Mars/Olympus"}).status_code == 422


def test_own_sessions_are_listed_and_ended(app, client, session):
    user = a_user(an_organisation())
    other = app.test_client()
    other.post("/sign-in", data={"email": user.email, "password": "four unrelated words"}, headers={"User-Agent": "Firefox on Windows"})
    log_in(client, user)
    page = text_of(client.get("/profile/sessions"))
    assert "Firefox · Windows" in page and page.count("This one") == 1
    first = min(sessions_of(user), key=lambda row: row.id)
    assert client.post(f"/profile/sessions/{first.id}/end").location == "/profile/sessions"
    assert is_in(client) and not is_in(other)
    log_in(other, user)
    client.post("/profile/sessions/end-others")
    assert is_in(client) and not is_in(other)


def test_notices_are_read(client, session):
    user, stranger = a_user(an_organisation()), a_user(an_organisation())
    for _ in range(3):
        notices.notify([user, stranger], "account.factor_on", "/profile/security", clock.now())
    assert len(mails_to(user.email)) == 3
    log_in(client, user)
    assert text_of(client.get("/notifications")).count("was switched on") == 3
    rows = session.scalars(select(Notification).where(Notification.user_id == user.id)).all()
    assert client.post(f"/notifications/{rows[0].id}/open").location == "/profile/security"
    assert client.post(f"/notifications/{rows[1].id}/read", data={"next": "//evil.example"}).location == "/notifications"
    assert text_of(client.get("/notifications?show=unread")).count("was switched on") == 1
    client.post("/notifications/read-all")
    assert "All read" in text_of(client.get("/notifications?show=unread"))
    foreign = session.scalars(select(Notification).where(Notification.user_id == stranger.id)).first()
    assert client.post(f"/notifications/{foreign.id}/read").status_code == 404


def test_many_notices_are_paged(client, session):
    user = a_user(an_organisation())
    for n in range(60):
        notices.notify([user], "account.factor_on", "/", clock.now() - timedelta(minutes=n), by_mail=False)
    log_in(client, user)
    first = text_of(client.get("/notifications"))
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in first else ""
    assert first.count("was switched on") == 50
    following = following or first.rpartition('href="/notifications?cursor=')[2].partition('"')[0]
    path = following if following.startswith("/") else f"/notifications?cursor={following}"
    assert text_of(client.get(path.replace("&amp;", "&"))).count("was switched on") == 10


def test_a_notice_shows_what_was_typed(session):
    notices.register({"test.text": "%(name)s"})
    assert notices.sentence("test.text", {"name": "{{7*7}} %(x)s {0.__class__}"}) == "{{7*7}} %(x)s {0.__class__}"
    assert notices.sentence("unknown.text", {})


def test_a_brand_sees_whom_it_may_invite_and_others_only_themselves(session):
    brand, rival, factory = an_organisation("brand"), an_organisation("brand"), an_organisation("factory")
    closed = an_organisation("factory", disabled_at=clock.now())
    seen = {row.id for row in session.execute(queries.directory(an_actor(brand)))}
    assert seen == {brand.id, factory.id} and rival.id not in seen and closed.id not in seen
    assert [row.id for row in session.execute(queries.directory(an_actor(factory)))] == [factory.id]
    assert [r.id for r in session.execute(queries.directory(an_actor(brand), ["factory"], factory.name[:5]))] == [factory.id]
    for kind in ORGANISATION_KINDS[1:]:
        own = an_organisation(kind)
        assert session.scalars(access.select_visible(Organisation, an_actor(own))).all() == [own]


def test_organisations_are_made_edited_closed_and_exported(client, session, admin):
    assert client.post("/admin/organisations/new", data={**NEW, "website": "javascript:alert(1)"}).status_code == 422
    path = client.post("/admin/organisations/new", data=NEW).location
    made = session.scalars(select(Organisation)).one()
    assert path == f"/admin/organisations/{made.id}" and "Nobody is here yet" in text_of(client.get(path))
    taken = client.post("/admin/organisations/new", data=NEW)
    assert taken.status_code == 422 and "is there already" in text_of(taken)
    edited = {**NEW, "short_name": "竹溪", "version": made.version}
    assert client.post(f"{path}/edit", data=edited).location == path
    session.refresh(made)
    assert made.short_name == "竹溪" and audited("organisation.edit") == 1
    stale = client.post(f"{path}/edit", data={**edited, "city": "杭州"})
    assert stale.status_code == 409 and "杭州" in text_of(stale)
    assert "竹溪" in text_of(client.get("/admin/organisations.csv"))
    assert client.get("/admin/organisations.xlsx").data.startswith(b"PK")
    assert client.post(f"{path}/disable").location == path
    assert NEW["name"] not in text_of(client.get("/admin/organisations?state=open"))
    client.post(f"{path}/enable")
    session.refresh(made)
    assert made.disabled_at is None


def test_the_kind_is_fixed_once_there_are_people(client, session, admin):
    organisation = an_organisation("factory")
    a_person(organisation)
    data = {**NEW, "kind": "brand", "version": organisation.version}
    assert client.post(f"/admin/organisations/{organisation.id}/edit", data=data).status_code == 422


def test_the_list_of_organisations_is_filtered_sorted_and_paged(client, session, admin):
    for n in range(60):
        an_organisation("factory" if n % 2 else "brand", f"Organisation {n:02}")
    page = text_of(client.get("/admin/organisations?sort=-name"))
    assert page.index("Organisation 59") < page.index("Organisation 58") and "Organisation 05" not in page
    assert text_of(client.get("/admin/organisations?kind=brand")).count('<th scope="row">') == 30
    assert "Nothing fits these filters" in text_of(client.get("/admin/organisations?text=%25_"))
    assert client.get("/admin/organisations?sort=id;DROP&kind='x'&state=y").status_code == 200
    assert client.get("/admin/organisations?cursor=nonsense").status_code == 422


def test_people_are_listed_closed_opened_and_helped(client, session, admin):
    user = a_user(an_organisation("factory"), name="Chen Hao", totp_secret="JBSWY3DPEHPK3PXP")
    assert "Chen Hao" in text_of(client.get("/admin/people?kind=factory")) and "Chen Hao" not in text_of(
        client.get("/admin/people?kind=brand")
    )
    path = f"/admin/people/{user.id}"
    assert user.email in text_of(client.get(path))
    for act in ("send-reset", "reset-factor", "disable"):
        assert client.post(f"{path}/{act}").location == path
    session.refresh(user)
    assert user.totp_secret is None and user.disabled_at and mails_to(user.email)
    assert client.post(f"{path}/send-reset").status_code == 409
    client.post(f"{path}/enable")
    client.post(f"{path}/staff-role", data={"staff_role": "field_agent"})
    session.refresh(user)
    assert user.disabled_at is None and user.staff_role == "field_agent"
    assert client.post(f"{path}/staff-role", data={"staff_role": "emperor"}).status_code == 422


def test_an_administrator_invites_staff_and_withdraws_it(client, session, admin):
    data = {"email": "agent@example.com", "staff_role": "field_agent", "locale": "en"}
    assert client.post("/admin/people/invite", data=data).location == "/admin/people"
    page = text_of(client.get("/admin/people"))
    assert "agent@example.com" in page
    path = page.partition('action="/invitations/')[2].partition('"')[0]
    assert client.post(f"/invitations/{path}").location == "/admin/people"


def test_nobody_takes_themselves_or_the_last_administrator_away(client, session, admin):
    for act in ("disable", "reset-factor"):
        assert client.post(f"/admin/people/{admin.id}/{act}").status_code == 409
    assert client.post(f"/admin/people/{admin.id}/staff-role", data={"staff_role": ""}).status_code == 409
    with pytest.raises(Refused):
        admin_service.disable_user(admin, SYSTEM, clock.now())


def test_memberships_are_ended_and_promoted(client, session, admin):
    organisation = an_organisation()
    user = a_user(organisation)
    row = user.memberships[0]
    home = f"/admin/organisations/{organisation.id}"
    assert client.post(f"/memberships/{row.id}/manager", data={"is_manager": "y"}).location == home
    session.refresh(row)
    assert row.is_manager
    assert client.post(f"/memberships/{row.id}/end").location == home
    assert log_in(client, user).status_code == 409


def test_a_manager_acts_in_their_organisation_only_and_not_on_themselves(client, session):
    organisation = an_organisation()
    manager, colleague, stranger = a_user(organisation, manager=True), a_user(organisation), a_user(an_organisation())
    log_in(client, manager)
    assert client.post(f"/memberships/{colleague.memberships[0].id}/end").location == "/my-organisation"
    assert client.post(f"/memberships/{manager.memberships[0].id}/end").status_code == 409
    assert client.post(f"/memberships/{manager.memberships[0].id}/manager").status_code == 409
    assert client.post(f"/memberships/{stranger.memberships[0].id}/end").status_code == 404


def test_exchange_rates_are_added_and_never_changed(client, session, admin):
    rate = {"base": "USD", "quote": "CNY", "rate": "7.1234", "on_date": "2026-11-22", "source": "PBOC"}
    assert "No exchange rates yet" in text_of(client.get("/admin/exchange-rates"))
    assert client.post("/admin/exchange-rates", data=rate).location == "/admin/exchange-rates"
    assert "7.1234" in text_of(client.get("/admin/exchange-rates"))
    for wrong in ({}, {"quote": "USD"}, {"rate": "NaN"}, {"rate": "-1"}, {"rate": "1e308"}, {"rate": "Infinity"}, {"rate": "0"}):
        assert client.post("/admin/exchange-rates", data={**rate, **wrong}).status_code == 422, wrong
    assert audited("exchange_rate.add") == 1


def test_demo_accounts_are_offered_only_while_demo_data_is_loaded(client, session):
    user = a_person(an_organisation("factory"), email="chen@demo.incubator.example")
    other = a_person(an_organisation("brand"), email="real@company.cn")
    assert queries.demo_accounts() == [] and client.post("/sign-in/demo", data={"account": user.id}).status_code == 404
    put(Setting(key=queries.DEMO_SETTING))
    assert "Factory" in text_of(client.get("/sign-in"))
    assert client.post("/sign-in/demo", data={"account": other.id}).status_code == 404
    assert client.post("/sign-in/demo", data={"account": user.id, "next": "/profile"}).location == "/profile"
    assert is_in(client)


def test_one_demo_account_per_role_in_the_order_of_the_roles(session):
    put(Setting(key=queries.DEMO_SETTING))
    a_person(staff_role="administrator", email="admin@demo.incubator.example")
    for n, kind in enumerate(("factory", "factory", "brand")):
        a_person(an_organisation(kind), email=f"p{n}@demo.incubator.example")
    assert [queries.demo_role(user) for user in queries.demo_accounts()] == ["brand", "factory", "administrator"]
    assert session.scalars(select(User)).all()
