"""The wall: word for word, oldest first, closed only with proof, shown to a partner only on purpose."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from incubator.accounts.models import Notification, User
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.signals import jobs, subjects, wall_queries, wall_service
from incubator.signals.wall_models import Complaint, ComplaintReply
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, sign_in
from tests.factories.builders import a_factory
from tests.sales.desk import a_sku
from tests.samples.builders import Desk as Samples
from tests.signals.builders import a_complaint, a_voice


class Table:
    """A brand with a product, a factory that takes part, a rival that does too, and a complaint about the product."""

    def __init__(self, session, app):
        self.session, self.app = session, app
        self.brand, self.factory, self.rival = (an_organisation(k) for k in ("brand", "factory", "factory"))
        self.actor, self.colleague = an_actor(self.brand), an_actor(self.brand, manager=False)
        self.maker, self.other = an_actor(self.factory), an_actor(self.rival)
        self.product = a_product(a_programme(self.brand), "sampling")
        self.part = a_participant(self.product, self.factory)
        a_participant(self.product, self.rival)
        self.complaint = a_complaint(self.actor, self.product, a_voice(self.actor, "脚短了两毫米，放上就晃"))
        session.commit()

    def browser(self, actor):
        return sign_in(self.app.test_client(), self.session.get_one(User, actor.user_id))

    def share(self):
        wall_service.share(self.complaint, self.factory.id, self.actor, clock.now())
        self.session.commit()


@pytest.fixture
def table(session, app):
    return Table(session, app)


def close(table, actor=None, **values):
    given = {"note": "换了磁铁", "url": "https://example.com/8d", "upload": None, "expected": None, **values}
    return wall_service.close(table.complaint, **given, actor=actor or table.actor, now=clock.now())


def test_a_complaint_has_an_owner_and_a_subject(table):
    assert (table.complaint.state, table.complaint.product_id, table.complaint.subject_name) == (
        "open",
        table.product.id,
        table.product.name,
    )
    for owner in (None, table.maker.user_id):
        with pytest.raises(Invalid):
            wall_service.open_complaint(a_voice(table.actor), owner, None, table.actor, clock.now())


def test_only_proof_closes_and_only_owner_or_manager(table, session):
    with pytest.raises(Refused, match="proof"):
        close(table, url="")
    session.rollback()
    with pytest.raises(Refused, match="owner or a manager"):
        close(table, table.colleague)
    session.rollback()
    assert close(table).state == "closed" and table.complaint.closed_by_id == table.actor.user_id
    session.commit()


def test_what_is_closed_stays_closed(table, session):
    close(table)
    session.commit()
    for event in ("take", "close"):
        with pytest.raises(Conflict):
            workflow.fire(table.complaint, event, table.actor)
    with pytest.raises(Conflict):
        close(table, note="anders")
    session.rollback()
    assert table.complaint.proof_note == "换了磁铁"


def test_the_database_refuses_a_closure_without_proof(table, session):
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE complaint SET state = 'closed'"))
    session.rollback()


def test_a_reply_is_never_edited(table, session):
    wall_service.reply(table.complaint, "在看", None, table.actor, clock.now())
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE complaint_reply SET body = 'x'"))
    session.rollback()


def test_case_36_a_stale_page_takes_nothing_in_hand(table, session):
    stale = table.complaint.version
    wall_service.take(table.complaint, None, stale, table.actor, clock.now())
    session.commit()
    with pytest.raises(Conflict):
        close(table, expected=stale)
    session.rollback()
    assert table.complaint.state == "in_hand" and table.complaint.proof_note == ""


def test_case_7_a_partner_reads_only_what_it_was_shown(table, session):
    browser, rival = table.browser(table.maker), table.browser(table.other)
    path = f"/wall/{table.complaint.id}"
    assert browser.get(path).status_code == 404 and "脚短了" not in browser.get("/wall").text
    table.share()
    wall_service.reply(table.complaint, "内部：扣他们的款", None, table.actor, clock.now())
    wall_service.reply(table.complaint, "请今天看", table.factory.id, table.actor, clock.now())
    page = browser.get(path).text
    assert "脚短了" in page and "请今天看" in page and "内部" not in page and "手工记录" not in page
    assert "脚短了" in browser.get("/wall").text and "脚短了" in browser.get(f"/products/{table.product.id}/wall").text
    assert "脚短了" in browser.get("/wall/export.csv").get_data(as_text=True)
    assert rival.get(path).status_code == 404 and "脚短了" not in rival.get(f"/products/{table.product.id}/wall").text
    for hidden in (
        "/signals/voices",
        "/signals/topics",
        "/signals/segments",
        "/signals/voices/export.csv",
        f"/signals/voices/{table.complaint.voice_id}",
    ):
        assert browser.get(hidden).status_code == 404, hidden


def test_a_partner_that_leaves_reads_no_more(table, session):
    table.share()
    table.part.left_at = clock.now()
    assert table.browser(table.maker).get(f"/wall/{table.complaint.id}").status_code == 404


def test_a_partner_replies_to_the_brand_and_does_nothing_else(table, session):
    table.share()
    browser, path = table.browser(table.maker), f"/wall/{table.complaint.id}"
    assert browser.post(f"{path}/replies", data={"body": "已停线排查", "audience_id": ""}).status_code == 302
    reply = session.scalars(select(ComplaintReply)).one()
    assert (reply.organisation_id, reply.audience_id) == (table.factory.id, table.factory.id)
    assert "已停线排查" in table.browser(table.actor).get(path).text
    for act in ("take", "close", "share"):
        assert browser.post(f"{path}/{act}", data={"version": 1, "note": "x", "url": "https://x.y"}).status_code == 404
    with pytest.raises(Forbidden):
        wall_service.share(table.complaint, table.rival.id, table.maker, clock.now())


def test_it_is_shared_only_with_those_who_take_part_and_once(table, session):
    table.share()
    table.share()
    assert wall_queries.shared_with(table.complaint, table.actor) == [(table.factory.id, table.factory.name)]
    assert wall_queries.shared_with(table.complaint, table.maker) == []
    with pytest.raises(Invalid):
        wall_service.share(table.complaint, an_organisation("factory").id, table.actor, clock.now())
    with pytest.raises(Invalid):
        wall_service.reply(table.complaint, "?", table.rival.id, table.actor, clock.now())
    assert session.scalar(select(func.count(Notification.id)).where(Notification.text == "complaint.shared")) == 1


def test_a_complaint_about_a_partner_itself_may_be_shown_to_it(table, session):
    about = subjects.find("organisation", table.factory.id, table.actor)
    made = wall_service.open_complaint(a_voice(table.actor, "发货总是晚"), table.actor.user_id, about, table.actor, clock.now())
    wall_service.share(made, table.factory.id, table.actor, clock.now())
    assert table.browser(table.maker).get(f"/wall/{made.id}").status_code == 200


def test_the_whole_way_on_pages(table, session):
    browser = table.browser(table.actor)
    assert browser.get(f"/wall/new?subject=product:{table.product.id}").status_code == 200
    data = {
        "text": "味道大",
        "channel": "visit",
        "buyer_kind": "consumer",
        "owner_id": table.actor.user_id,
        "subject": f"product:{table.product.id}",
    }
    assert browser.post(f"/wall/new?subject=product:{table.product.id}", data={**data, "text": ""}).status_code == 422
    address = browser.post(f"/wall/new?subject=product:{table.product.id}", data=data).location
    assert browser.post(f"{address}/take", data={"version": 1, "promised_on": "2027-01-05"}).location == address
    assert browser.post(f"{address}/close", data={"version": 3, "note": ""}).status_code == 422
    assert browser.post(f"{address}/close", data={"version": 3, "note": "换料", "url": "javascript:alert(1)"}).status_code == 422
    proof = {"version": 3, "note": "换料", "file": (io.BytesIO(b"%PDF-1.4 proof"), "8D.pdf")}
    assert browser.post(f"{address}/close", data=proof, content_type="multipart/form-data").location == address
    page = browser.get(address).text
    assert "8D.pdf" in page and "Closed with proof" in page and "It came back" in page
    assert "味道大" not in browser.get("/wall").text and "味道大" in browser.get("/wall?state=closed").text


def test_what_comes_back_is_a_new_complaint_that_follows_the_old_one(table, session):
    close(table)
    session.commit()
    browser, old = table.browser(table.actor), table.complaint
    assert f"follows={old.id}" in browser.get(f"/wall/{old.id}").text
    data = {"channel": "visit", "buyer_kind": "consumer", "owner_id": table.colleague.user_id, "subject": f"product:{table.product.id}"}
    address = browser.post(f"/wall/new?follows={old.id}", data=data).location
    made = session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    assert (made.follows_id, made.voice_id, made.product_id, made.state) == (old.id, old.voice_id, table.product.id, "open")
    assert f"/wall/{old.id}" in browser.get(address).text and old.state == "closed"
    assert table.browser(table.maker).get(f"/wall/new?follows={old.id}").status_code == 404


def test_the_oldest_stands_first_and_ages_in_public(table, session):
    with clock.frozen(clock.now() - timedelta(days=40)):
        old = a_complaint(table.actor, voice=a_voice(table.actor, "四十天前的吐槽"))
    page = table.browser(table.colleague).get("/wall").text
    assert page.index("四十天前的吐槽") < page.index("脚短了") and "<strong>40</strong>" in page
    assert wall_queries.ages(table.actor, clock.now())["days"] == 40 and old.id


def test_owners_are_reminded_once_a_week(table, session):
    class Run:
        actor = None

        def progress(self, *_):
            return None

    later = clock.now() + timedelta(days=8)
    assert jobs.remind(Run(), later) == {"reminded": 1}
    assert jobs.remind(Run(), later) == {"reminded": 0}
    assert jobs.remind(Run(), later + timedelta(days=7)) == {"reminded": 1}
    assert session.scalar(select(func.count(Notification.id)).where(Notification.text == "complaint.waiting")) == 2


@pytest.mark.parametrize(
    "subject", ["product:1x", "product:", "nothing:1", "product:999999999999999999999", "organisation:-1", "product:987654"]
)
def test_a_strange_subject_is_not_found(table, subject):
    assert table.browser(table.actor).get(f"/wall/new?subject={subject}").status_code == 404


def test_a_foreign_brands_product_is_no_subject(table, session):
    foreign = a_product(stage="brief")
    assert table.browser(table.actor).get(f"/wall/new?subject=product:{foreign.id}").status_code == 404
    assert session.scalar(select(func.count(Complaint.id))) == 1


@pytest.mark.parametrize("kind", ["sku", "sample_round", "product_brief", "organisation"])
def test_a_complaint_is_about_what_its_page_names(app, session, kind):
    desk = Samples()
    page, record = {
        "sku": lambda: ("/skus/{}", a_sku(desk.product, "S-1", desk.factory)),
        "sample_round": lambda: ("/samples/{}", desk.round()),
        "product_brief": lambda: ("/briefs/{}", desk.brief),
        "organisation": lambda: ("/factories/{}", a_factory(organisation=desk.factory)),
    }[kind]()
    subject = f"{kind}:{desk.factory.id if kind == 'organisation' else record.id}"
    session.commit()
    client = sign_in(app.test_client(), desk.user)
    assert f"/wall/new?subject={subject}" in client.get(page.format(record.id)).text.replace("%3A", ":")
    sent = {"text": f"{kind} 让人不满意", "channel": "visit", "buyer_kind": "consumer", "owner_id": desk.user.id, "subject": subject}
    shown = client.post(f"/wall/new?subject={subject}", data=sent, follow_redirects=True).text
    assert "让人不满意" in shown and session.scalar(select(Complaint.subject_type)) == kind
    stranger = sign_in(app.test_client(), a_person(an_organisation("brand"), manager=True))
    if kind != "organisation":
        assert stranger.get(f"/wall/new?subject={subject}").status_code == 404
