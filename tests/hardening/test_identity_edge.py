"""Cases 16–21: guessing, keys, headers, tokens of forms, redirects, and a fresh production start."""

import re
import statistics
import time

import pytest
from sqlalchemy import func, select

from incubator import config, create_app
from incubator.accounts import passwords, queries, throttle
from incubator.accounts.models import Setting, User
from incubator.kernel import clock, web
from tests.accounts.helpers import OTHER_PASSWORD, PASSWORD, a_user, is_in, link_in, log_in, said, sessions_of, text_of
from tests.accounts.test_credentials import code_of, switch_on
from tests.builders import a_person, an_organisation, put


@pytest.fixture
def hashes(monkeypatch):
    """Counts how often a password is compared."""
    seen = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, password: (seen.append(stored), real(stored, password))[1])
    return seen


@pytest.fixture
def protected(app, monkeypatch):
    """The application with the form tokens that tests otherwise do without."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def test_case_16_fifty_guesses_at_sign_in_are_throttled_before_hashing_known_or_not(client, session, hashes):
    user = a_user(an_organisation())
    answers = {}
    for email in (user.email, "nobody@example.com"):
        hashes.clear()
        tries = [log_in(client, email, f"guess number {n}") for n in range(50)]
        assert [t.status_code for t in tries] == [422] * 8 + [429] * 42 and len(hashes) == 8
        answers[email] = said(tries[-1], email)
    assert len(set(answers.values())) == 1
    assert log_in(client, user).status_code == 429, "the right password waits as well"
    with clock.frozen(clock.now() + throttle.FIRST_PAUSE):
        assert log_in(client, user).status_code == 302


def test_case_16_the_time_does_not_tell_who_has_an_account(client, session, monkeypatch):
    monkeypatch.setattr(throttle, "FREE_ATTEMPTS", 1000)
    user = a_user(an_organisation())

    def seconds(email):
        started = time.perf_counter()
        log_in(client, email, "not the password")
        return time.perf_counter() - started

    pairs = [(seconds(user.email), seconds("nobody@example.com")) for _ in range(15)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


def test_case_16_guessing_at_password_change(client, session, hashes):
    user = a_user(an_organisation())
    log_in(client, user)
    hashes.clear()
    data = {"present_password": "guess", "new_password": OTHER_PASSWORD}
    codes = [client.post("/profile/password", data=data).status_code for _ in range(50)]
    assert codes == [422] * 8 + [429] * 42 and len(hashes) == 8


def test_case_16_guessing_at_the_second_factor(client, session):
    user = a_user(an_organisation())
    log_in(client, user)
    switch_on(client, user)
    client.post("/sign-out")
    log_in(client, user)
    session.refresh(user)
    codes = [client.post("/sign-in/code", data={"code": f"{n:06}"}).status_code for n in range(50)]
    assert codes == [422] * 8 + [429] * 42
    assert client.post("/sign-in/code", data={"code": code_of(user, 1)}).status_code == 429


def test_case_16_asking_for_resets(client, session):
    user = a_user(an_organisation())
    for email in (user.email, "nobody@example.com"):
        codes = [client.post("/forgot", data={"email": email}).status_code for _ in range(50)]
        assert codes == [200] * 8 + [429] * 42


@pytest.fixture
def limited(app, monkeypatch):
    """Another application on the same database, with the limit per network address that tests otherwise do without."""
    monkeypatch.setattr(throttle.limiter, "enabled", True)
    settings = {
        name: app.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY", "TESTING", "LOG_LEVEL", "FILES_URL")
    }
    return create_app({**settings, "RATELIMIT_ENABLED": True, "WTF_CSRF_ENABLED": False})


def test_case_16_one_address_cannot_try_many_accounts(limited):
    browser = limited.test_client()
    codes = [log_in(browser, f"nobody{n}@example.com", "a guess").status_code for n in range(40)]
    assert codes == [422] * 30 + [429] * 10


def test_case_17_a_session_survives_the_rotation_of_the_key(app, client, session, monkeypatch):
    log_in(client, a_user(an_organisation()))
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-" * 3)
    assert not is_in(client)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert is_in(client)


def test_case_18_every_signed_in_answer_is_for_one_reader(client, session):
    log_in(client, a_user(an_organisation()))
    paths = ["/profile", "/people.json", "/nothing-here", "/admin/people", "/profile/sessions", "/sign-out", "/notifications?cursor=broken"]
    for path in paths:
        answer = client.get(path)
        assert answer.headers["Cache-Control"] in ("no-store", "private") and "Cookie" in answer.headers["Vary"], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post("/sign-out").headers["Cache-Control"] == "no-store"


def form_token(client, path="/sign-in"):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(client.get(path))).group(1)


def test_case_19_unsafe_methods_need_the_token_of_this_very_session(protected, client, session):
    user = a_user(an_organisation())
    data = {"email": user.email, "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 400
    stranger = protected.test_client()
    assert client.post("/sign-in", data={**data, "csrf_token": form_token(stranger)}).status_code == 400
    assert client.post("/sign-in", data={**data, "csrf_token": form_token(client)}).status_code == 302
    for path in ("/sign-out", "/profile", "/profile/sessions/end-others", "/locale", "/workspace", "/notifications/read-all"):
        assert client.post(path, data={"locale": "zh"}).status_code == 400, path
        assert client.post(path, data={"locale": "zh", "csrf_token": form_token(stranger)}).status_code == 400, path
    assert len(sessions_of(user)) == 1
    assert client.post("/sign-out", data={"csrf_token": form_token(client, "/profile")}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost.evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_case_19_a_foreign_origin_is_refused_even_with_the_right_token(client, session, headers):
    user = a_user(an_organisation())
    log_in(client, user)
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert log_in(client, user).status_code == 302 and len(sessions_of(user)) == 2
    assert client.post("/sign-out", headers={"Origin": "http://localhost"}).status_code == 302


def test_case_19_nothing_changes_by_get(app, client, session):
    user = a_user(staff_role="administrator")
    log_in(client, user)
    acts = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("accounts.") and "POST" in r.methods and "GET" not in r.methods]
    assert len(acts) > 12
    for rule in acts:
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{a: {"act": "enable", "verb": "pause"}.get(a, user.id) for a in rule.arguments})
        assert client.get(path).status_code in (404, 405), path


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil",
        " //evil",
    ],
)
def test_case_20_only_local_paths_are_followed(client, session, target):
    user = a_user(an_organisation())
    assert log_in(client, user, next=target).location == "/"
    assert client.post("/locale", data={"locale": "en", "next": target}).location == "/"
    assert web.local_path("/products?page=2", "/") == "/products?page=2"


def test_case_20_the_page_before_sign_in_comes_back(client, session):
    user = a_user(an_organisation())
    asked = client.get("/profile/tokens?x=1").location
    assert asked.startswith("/sign-in?next=")
    assert 'value="/profile/tokens?x=1"' in text_of(client.get(asked))
    assert log_in(client, user, next="/profile/tokens?x=1").location == "/profile/tokens?x=1"


def test_case_21_production_needs_a_key_and_offers_no_demo_accounts(app, client, session, monkeypatch, tmp_path):
    with pytest.raises(SystemExit):
        config.from_environment({"INCUBATOR_ENV": "production", "DATA_DIR": str(tmp_path), "BASE_URL": "https://x.cn"})
    with pytest.raises(SystemExit):
        config.from_environment({"INCUBATOR_ENV": "production", "DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 32})
    assert session.scalar(select(func.count(User.id))) == 0, "a fresh database knows nobody"
    put(Setting(key=queries.DEMO_SETTING))
    user = a_person(an_organisation("brand"), email="lin@demo.incubator.example")
    session.commit()
    assert 'name="account"' in text_of(client.get("/sign-in"))
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    assert 'name="account"' not in text_of(client.get("/sign-in"))
    assert client.post("/sign-in/demo", data={"account": user.id}).status_code == 404


def test_links_in_mails_hold_no_session(client, session):
    user = a_user(an_organisation())
    client.post("/forgot", data={"email": user.email})
    assert not is_in(client) and len(link_in(user.email)) > 40
