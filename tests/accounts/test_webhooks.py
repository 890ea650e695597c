"""Webhooks: what each robot is asked, what its answer means, and that a message goes once, late but surely, and to no address inside (case 25)."""

import base64
import hashlib
import hmac
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from incubator.accounts import chat_formats, throttle, webhook_sender, webhook_service, webhooks
from incubator.accounts import jobs as account_jobs
from incubator.accounts.chat_formats import Message
from incubator.accounts.models import User
from incubator.accounts.webhook_models import Webhook, WebhookDelivery
from incubator.app_factory import create_app
from incubator.kernel import access, clock, jobs, sealing
from incubator.kernel.errors import Forbidden, Invalid, Refused
from tests import builders, loopback
from tests.builders import put, sign_in

NOW = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
MESSAGE = Message(
    "7-1", "sent", "标题 <@all>", "源选：第 47 周 [x](http://evil) *b*", "https://incubator.example.com/feedback/packs/1", "打开", NOW
)
OK = {
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}', "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "feishu": b'{"code":0,"msg":"success"}', "generic": b"thanks",
}  # fmt: skip
PARAMS = {"brand": "源选", "factory": "竹溪座椅", "week": "2026-11-16", "due": "2026-11-28"}


class Run:
    stopping = False


def asked(kind, secret=""):
    return chat_formats.ask(kind, "https://host.example/send?access_token=abc", secret, MESSAGE, NOW)


def test_dingtalk_is_asked_as_its_page_says():
    got = asked("dingtalk", "SECkey")
    query = parse_qs(urlsplit(got.url).query)
    moment = str(int(NOW.timestamp() * 1000))
    wanted = base64.b64encode(hmac.new(b"SECkey", f"{moment}\nSECkey".encode(), hashlib.sha256).digest()).decode()
    assert (query["timestamp"], query["sign"], query["access_token"]) == ([moment], [wanted], ["abc"])
    body = json.loads(got.body)
    assert body["msgtype"] == "markdown" and "packs/1" in body["markdown"]["text"]
    assert "sign=" not in asked("dingtalk").url


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
@pytest.mark.parametrize(
    "typed",
    ["@all 快看", "<at id=all></at>", "<@all>", "@所有人", "[点我](https://evil.example)", "![x](https://evil.example/p.png)", "源\u202e选\u2066x",
     "a\u2028# b", "x\r\n\r\n# 大标题", "`code`", "**粗**", "<font color=red>红</font>", "a\u200bb"],
)  # fmt: skip
def test_no_robot_reads_a_call_a_link_or_a_mark_in_what_people_typed(kind, typed):
    message = Message("1", "sent", typed, f"{typed} 问了一句", MESSAGE.url, "打开", NOW)
    body = chat_formats.ask(kind, "https://host.example/send", "", message, NOW).body.decode()
    own = body.replace(f"[打开]({MESSAGE.url})", "").replace("#### ", "", 1)
    for sign in ("@", "<", "](", "![", "`", "# ", "\u202e", "\u2066", "\u2028", "\u200b", "\\r", "\\n#"):
        assert sign not in own, sign


def test_wecom_is_asked_in_less_than_it_takes():
    body = json.loads(asked("wecom").body)
    assert body["msgtype"] == "markdown"
    long = Message("1", "sent", "题" * 3000, "字" * 9000, MESSAGE.url, "打开", NOW)
    content = json.loads(chat_formats.ask("wecom", "https://x", "", long, NOW).body)["markdown"]["content"]
    assert len(content.encode()) <= 4096


def test_feishu_signs_in_the_body():
    body = json.loads(asked("feishu", "key").body)
    moment = str(int(NOW.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{moment}\nkey".encode(), b"", hashlib.sha256).digest()).decode()
    assert (body["timestamp"], body["sign"], body["msg_type"]) == (moment, wanted, "interactive")
    assert body["card"]["elements"][1]["actions"][0]["url"] == MESSAGE.url


def test_another_system_can_check_who_wrote_and_whether_it_had_it():
    got = asked("generic", "key")
    moment, signature = (part.split("=")[1] for part in got.headers["X-Incubator-Signature"].split(","))
    assert hmac.compare_digest(signature, hmac.new(b"key", moment.encode() + b"." + got.body, hashlib.sha256).hexdigest())
    assert got.headers["X-Incubator-Delivery"] == json.loads(got.body)["id"] == "7-1"


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_case_26_what_was_typed_is_no_mark_and_calls_nobody(kind):
    text = asked(kind).body.decode()
    assert "<@all>" not in text and "[x](" not in text and "＜＠all＞" in text


@pytest.mark.parametrize(
    ("kind", "status", "body", "expected"),
    [
        *((kind, 200, body, None) for kind, body in OK.items()),
        ("dingtalk", 200, b'{"errcode":310000,"errmsg":"sign not match"}', ("310000", True)),
        ("dingtalk", 200, b'{"errcode":410100,"errmsg":"send too fast"}', ("410100", False)),
        ("wecom", 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', ("93000", True)),
        ("wecom", 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', ("45009", False)),
        ("feishu", 200, b'{"code":19021,"msg":"sign match fail"}', ("19021", True)),
        ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', None),
        ("feishu", 200, b"<html>busy</html>", ("?", False)),
        ("dingtalk", 200, b"[1]", ("?", False)),
        ("generic", 301, b"", ("301", False)),
        ("generic", 404, b"", ("404", True)),
        ("generic", 429, b"", ("429", False)),
        ("generic", 503, b"", ("503", False)),
    ],
)
def test_an_answer_of_200_may_be_a_refusal(kind, status, body, expected):
    got = chat_formats.refusal(kind, status, body)
    assert (got and (got.code, got.is_final)) == expected


def test_an_address_is_shown_only_masked():
    shown = chat_formats.masked("https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef")
    assert shown == "https://oapi.dingtalk.com/…cdef"


def a_manager(kind="factory"):
    return builders.an_actor(builders.an_organisation(kind))


def organisation(actor):
    return access.get_visible(builders.Organisation, actor.organisation_id, actor)


def added(actor, url, kind="generic", **more):
    data = {"kind": kind, "name": "生产群", "url": url, "secret": "key", "language": "zh", "events": ["sent", "overdue"], **more}
    return webhook_service.add(organisation(actor), data, actor, clock.now())


@contextmanager
def receiver(app, body=b"ok", status=200):
    with loopback.serving() as server:
        app.config["OUTBOUND_ALLOW"] = frozenset({"127.0.0.1"})
        server.answers["/hook"] = (status, {}, body)
        try:
            yield server
        finally:
            app.config["OUTBOUND_ALLOW"] = frozenset()


def deliver(session):
    session.commit()
    return account_jobs.deliver(Run(), clock.now())


def test_a_message_is_written_with_its_cause_and_sent_once(app, session):
    actor = a_manager()
    with receiver(app) as server:
        webhook = added(actor, f"{server.url}/hook")
        for _ in range(2):
            webhooks.queue(actor.organisation_id, "feedback.sent", "/feedback/packs/1", clock.now(), "pack:1", **PARAMS)
        assert webhooks.queue(actor.organisation_id, "feedback.soon", "/x", clock.now(), "pack:1", **PARAMS) == 0, "not wanted"
        assert deliver(session) == {"sent": 1, "failed": 0}
        assert deliver(session) == {"sent": 0, "failed": 0}
    got = json.loads(server.asked[0].body)
    assert (len(server.asked), got["event"], got["url"]) == (1, "sent", "http://localhost/feedback/packs/1")
    assert "源选" in got["text"] and "2026年11月28日" in got["text"]
    assert session.scalars(select(WebhookDelivery)).one().webhook_id == webhook.id


def test_nothing_is_sent_when_the_cause_is_undone(app, session):
    actor = a_manager()
    with receiver(app) as server:
        added(actor, f"{server.url}/hook")
        session.commit()
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "pack:1", **PARAMS)
        session.rollback()
        assert deliver(session) == {"sent": 0, "failed": 0}
    assert server.asked == []


def test_a_refusal_that_passes_is_tried_again_later_and_a_lasting_one_is_given_up(app, session):
    actor = a_manager()
    with receiver(app, b"", 503) as server:
        added(actor, f"{server.url}/hook")
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
        assert deliver(session) == {"sent": 0, "failed": 1}
        row = session.scalars(select(WebhookDelivery)).one()
        assert (row.status, row.attempts, row.error[:3]) == ("waiting", 1, "503")
        assert deliver(session) == {"sent": 0, "failed": 0}, "not before its pause is over"
        server.answers["/hook"] = (404, {}, b"")
        row.next_try_at = clock.now()
        assert deliver(session) == {"sent": 0, "failed": 1}
        assert (row.status, row.attempts) == ("failed", 2)
        server.answers["/hook"] = (200, {}, b"")
        assert webhook_sender.try_again(row, clock.now()) and not webhook_sender.try_again(row, clock.now())
        assert deliver(session) == {"sent": 1, "failed": 0}
    keys = {r.headers["x-incubator-delivery"] for r in server.asked}
    assert len(server.asked) == 3 and len(keys) == 1, "whoever receives it can tell a repetition"


def test_after_eight_attempts_it_is_given_up(app, session):
    actor = a_manager()
    with receiver(app, b"", 500) as server:
        added(actor, f"{server.url}/hook")
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
        session.commit()
        row = session.scalars(select(WebhookDelivery)).one()
        for _ in range(9):
            row.next_try_at = clock.now()
            deliver(session)
    assert (row.status, row.attempts, len(server.asked)) == ("failed", 8, 8)


def test_a_chat_that_says_no_with_200_is_not_taken_for_a_yes(app, session):
    actor = a_manager()
    with receiver(app, b'{"errcode":310000,"errmsg":"keywords not in content"}') as server:
        added(actor, f"{server.url}/hook", "dingtalk", secret="")
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
        deliver(session)
    row = session.scalars(select(WebhookDelivery)).one()
    assert (row.status, row.error) == ("failed", "310000: keywords not in content")


def test_a_robot_is_not_asked_more_often_than_it_bears(app, session):
    actor = a_manager()
    with receiver(app, OK["dingtalk"]) as server:
        added(actor, f"{server.url}/hook", "dingtalk", secret="")
        for n in range(25):
            webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), str(n), **PARAMS)
        assert deliver(session)["sent"] == 18
        assert not webhook_sender.has_waiting(clock.now())
        for row in session.scalars(select(WebhookDelivery).where(WebhookDelivery.status == "sent")):
            row.tried_at -= timedelta(minutes=2)
        assert deliver(session)["sent"] == 7
    assert len(server.asked) == 25


def test_one_slow_organisation_does_not_hold_up_another(app, session):
    with receiver(app, OK["dingtalk"]) as server:
        busy, other = a_manager(), a_manager()
        for actor in (busy, other):
            added(actor, f"{server.url}/hook", "dingtalk", secret="")
        for n in range(19):
            webhooks.queue(busy.organisation_id, "feedback.sent", "/x", clock.now(), str(n), **PARAMS)
        webhooks.queue(other.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
        assert deliver(session)["sent"] == 19


def test_an_organisation_whose_addresses_are_slow_waits_for_the_others(app, session):
    """Twenty addresses that answer after ten seconds each would otherwise stand before everybody's messages."""
    flooding, other = a_manager(), a_manager()
    for actor, host in ((flooding, "slow-1"), (flooding, "slow-2"), (other, "quick")):
        added(actor, f"https://{host}.example.com/x")
    for n in range(5):
        webhooks.queue(flooding.organisation_id, "feedback.sent", "/x", clock.now() - timedelta(minutes=9), str(n), **PARAMS)
    webhooks.queue(other.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
    session.commit()
    claimed = [webhook_sender.claim(clock.now()).webhook.organisation_id for _ in range(3)]
    assert claimed == [flooding.organisation_id, other.organisation_id, flooding.organisation_id]


def test_a_claimed_message_whose_process_died_is_sent_after_its_lease(app, session):
    actor = a_manager()
    with receiver(app) as server:
        added(actor, f"{server.url}/hook")
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
        session.commit()
        claimed = webhook_sender.claim(clock.now())
        assert claimed is not None and webhook_sender.claim(clock.now()) is None, "claimed once"
        claimed.next_try_at = clock.now() - timedelta(seconds=1)
        assert deliver(session)["sent"] == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://2130706433/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
    ],
)
def test_case_25_an_address_inside_is_never_asked(session, url):
    """Whatever spelling; one that came into the table before it was forbidden is refused when it is asked."""
    actor = a_manager()
    row = put(
        Webhook(
            organisation_id=actor.organisation_id,
            kind="generic",
            name="x",
            url=sealing.seal(url),
            language="zh",
            events=["sent"],
            created_at=NOW,
        )
    )
    webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS)
    assert deliver(session) == {"sent": 0, "failed": 1}
    kept = session.scalars(select(WebhookDelivery).where(WebhookDelivery.webhook_id == row.id)).one()
    assert (kept.status, kept.error.split(":")[0]) == ("failed", "blocked") and url not in kept.error


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("dingtalk", "https://evil.example/robot/send?access_token=x"), ("wecom", "https://oapi.dingtalk.com/robot/send"), ("generic", "http://erp.example.com/x"),
        ("generic", "ftp://erp.example.com/x"), ("generic", "https://user:pw@erp.example.com/x"), ("feishu", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_a_key_goes_only_where_it_belongs(session, kind, url):
    with pytest.raises(Invalid):
        added(a_manager(), url, kind)


def test_the_robots_own_addresses_are_taken(session):
    actor = a_manager()
    for kind, hosts in chat_formats.HOSTS.items():
        for host in hosts:
            assert added(actor, f"https://{host}/robot?key=1", kind).id


def test_only_managers_and_only_of_their_own(session):
    actor = a_manager()
    webhook = added(actor, "https://erp.example.com/x")
    member = builders.an_actor(organisation(actor), builders.a_person(organisation(actor)), manager=False)
    for other in (member, a_manager(), a_manager("brand")):
        assert session.scalars(access.select_visible(Webhook, other)).all() == []
        with pytest.raises(Forbidden):
            webhook_service.pause(webhook, True, other, clock.now())


def test_what_is_paused_or_removed_hears_nothing(app, session):
    actor = a_manager()
    with receiver(app) as server:
        webhook = added(actor, f"{server.url}/hook")
        webhook_service.pause(webhook, True, actor, clock.now())
        assert webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "1", **PARAMS) == 0
        with pytest.raises(Refused):
            webhook_service.test(webhook, actor, clock.now())
        webhook_service.pause(webhook, False, actor, clock.now())
        webhooks.queue(actor.organisation_id, "feedback.sent", "/x", clock.now(), "2", **PARAMS)
        webhook_service.remove(webhook, actor, clock.now())
        assert deliver(session) == {"sent": 0, "failed": 0}
    assert (server.asked, webhook.url, webhook.secret) == ([], "", "")


def test_the_job_is_declared_and_asks_nothing_while_nothing_waits(session):
    job = jobs.find("webhooks.deliver")
    assert job.due is not None and not job.due(clock.now())


def form(**more):
    return {
        "kind": "generic",
        "name": "ERP",
        "url": "https://erp.example.com/in?token=TOPSECRET1234",
        "secret": "HUSHHUSH",
        "language": "zh",
        "events": ["sent"],
        **more,
    }


def test_the_page_adds_changes_and_never_shows_a_secret_again(session, client):
    factory = builders.an_organisation("factory")
    manager = builders.a_person(factory, manager=True)
    sign_in(client, manager)
    assert client.post("/organisation/webhooks", data=form()).status_code == 302
    row = session.scalars(select(Webhook)).one()
    for page in ("/organisation/webhooks", f"/organisation/webhooks/{row.id}", "/organisation/webhooks/messages"):
        body = client.get(page).text
        assert "TOPSECRET" not in body and "HUSHHUSH" not in body, page
    assert "…1234" in client.get("/organisation/webhooks").text
    changed = {"name": "ERP 2", "language": "en", "events": ["overdue"], "url": "", "secret": "", "version": str(row.version)}
    assert client.post(f"/organisation/webhooks/{row.id}", data=changed).status_code == 302
    session.expire_all()
    assert (row.name, sealing.unseal(row.secret), row.events, sealing.unseal(row.url)[-4:]) == ("ERP 2", "HUSHHUSH", ["overdue"], "1234")
    assert client.post(f"/organisation/webhooks/{row.id}", data=changed).status_code == 409
    assert client.post(f"/organisation/webhooks/{row.id}/remove").status_code == 302
    assert client.get(f"/organisation/webhooks/{row.id}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"url": "https://"}, {"url": ""}, {"events": []}, {"events": ["acknowledged"]}, {"kind": "irc"}, {"name": ""}]
)
def test_what_is_wrong_is_said_and_nothing_is_kept(session, client, wrong):
    sign_in(client, builders.a_person(builders.an_organisation("factory"), manager=True))
    assert client.post("/organisation/webhooks", data=form(**wrong)).status_code == 422
    assert session.scalars(select(Webhook)).all() == []


def test_case_16_messages_to_try_it_have_an_end_for_the_whole_organisation(app, session, monkeypatch):
    actor = a_manager()
    first, second = (added(actor, f"https://erp.example.com/{n}").id for n in range(2))
    colleague = builders.a_person(organisation(actor), manager=True)
    other = builders.a_person(builders.an_organisation("factory"), manager=True)
    session.commit()
    monkeypatch.setattr(throttle.limiter, "enabled", True)
    names = ("SQLALCHEMY_DATABASE_URI", "DATA_DIR", "SECRET_KEY", "TESTING", "LOG_LEVEL", "FILES_URL", "BASE_URL")
    limited = create_app({**{n: app.config[n] for n in names}, "RATELIMIT_ENABLED": True, "WTF_CSRF_ENABLED": False})
    one, two, stranger = (sign_in(limited.test_client(), person) for person in (session.get_one(User, actor.user_id), colleague, other))
    session.commit()
    codes = [one.post(f"/organisation/webhooks/{(first, second)[n % 2]}/test").status_code for n in range(8)]
    codes += [two.post(f"/organisation/webhooks/{first}/test").status_code for _ in range(4)]
    assert codes == [302] * 10 + [429] * 2
    assert two.post("/organisation/webhooks", data=form()).status_code == 429, "adding one sends one as well"
    assert two.post(f"/organisation/webhooks/{first}/pause").status_code == 302 and two.get("/organisation/webhooks").status_code == 200
    assert stranger.post(f"/organisation/webhooks/{first}/test").status_code == 404, "another organisation has its own count"


def test_members_and_other_organisations_find_nothing(session, client):
    actor = a_manager()
    webhook = added(actor, "https://erp.example.com/x?token=TOPSECRET")
    member = builders.a_person(organisation(actor))
    session.commit()
    for person in (member, builders.a_person(builders.an_organisation("factory"), manager=True)):
        sign_in(client, person)
        assert client.get(f"/organisation/webhooks/{webhook.id}").status_code == 404
        assert client.post(f"/organisation/webhooks/{webhook.id}/test").status_code == 404
        assert "TOPSECRET" not in client.get("/organisation/webhooks").text
