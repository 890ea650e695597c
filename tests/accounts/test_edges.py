"""Command line, job and JSON."""

from datetime import timedelta

from sqlalchemy import func, select

from incubator.accounts import jobs, throttle
from incubator.accounts.models import AttemptCounter, PasswordReset, User, UserSession
from incubator.kernel import clock, sealing
from tests.accounts.helpers import PASSWORD, a_user, is_in, log_in
from tests.accounts.test_credentials import a_token
from tests.builders import an_organisation

ADMIN = "boss@company.cn"


def run(app, *arguments, answers=""):
    return app.test_cli_runner().invoke(args=["create-admin", *arguments], input=answers)


def test_the_first_administrator_by_password(app, client, session):
    weak = run(app, ADMIN, "--name", "Boss", answers="password1234\npassword1234\n")
    assert weak.exit_code == 1 and "everyone tries first" in weak.output
    made = run(app, ADMIN, answers=f"Boss\n{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0 and PASSWORD not in made.output
    assert log_in(client, ADMIN).status_code == 302 and client.get("/admin/people").status_code == 200
    assert run(app, ADMIN, "--name", "Boss", answers=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 1
    assert run(app, "nonsense", "--name", "Boss", answers=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 1


def test_the_first_administrator_by_link(app, client, session):
    link = run(app, ADMIN, "--link").output.strip().splitlines()[-1]
    assert link.startswith("http://localhost/invitation/")
    client.post(link.removeprefix("http://localhost"), data={"name": "Boss", "password": PASSWORD})
    assert session.scalars(select(User)).one().staff_role == "administrator" and is_in(client)


def test_housekeeping_deletes_what_has_ended(client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    log_in(client, user, "wrong")
    client.post("/forgot", data={"email": user.email})
    later = clock.now() + timedelta(days=120)
    user.totp_secret = "JBSWY3DPEHPK3PXP"
    session.commit()
    assert jobs.prune(None, clock.now()) == {"counters": 0, "links": 0, "sessions": 0, "sealed": 1}
    assert sealing.unseal(user.totp_secret) == "JBSWY3DPEHPK3PXP"
    assert jobs.prune(None, later) == {"counters": 4, "links": 1, "sessions": 1, "sealed": 0}
    for model in (AttemptCounter, PasswordReset, UserSession):
        assert session.scalar(select(func.count(model.id))) == 0


def test_a_token_tells_who_it_is(app, client, session):
    brand = an_organisation("brand")
    factory = an_organisation("factory")
    user = a_user(brand)
    log_in(client, user)
    bearer = {"Authorization": f"Bearer {a_token(client, 'read')}"}
    browser = app.test_client()
    answer = browser.get("/api/v1/me", headers=bearer).json
    assert (answer["user_id"], answer["role"], answer["scope"], answer["organisation_id"]) == (user.id, "brand", "read", brand.id)
    assert {o["id"] for o in browser.get("/api/v1/organisations", headers=bearer).json["items"]} == {brand.id, factory.id}
    assert [o["id"] for o in browser.get("/api/v1/organisations?kind=factory", headers=bearer).json["items"]] == [factory.id]
    assert client.get("/api/v1/me").status_code == 401
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert browser.get("/api/v1/me", headers=bearer).status_code == 401


def test_counters_count_alike_for_the_known_and_the_unknown(session):
    now = clock.now()
    throttle.take("password", "nobody@example.com", now)
    rows = session.scalars(select(AttemptCounter)).all()
    assert [r.failed_attempts for r in rows] == [1, 1] and "nobody" not in rows[0].key + rows[1].key
    throttle.take("password", "nobody@example.com", now + timedelta(days=2))
    for row in rows:
        session.refresh(row)
    assert [r.failed_attempts for r in rows] == [1, 1]
    throttle.forgive("password", "nobody@example.com")
    assert session.scalar(select(func.count(AttemptCounter.id))) == 0
