"""Cases 2, 3, 6 and 7 for briefs and the gate: foreign parents, readers who write, and rivals."""

import io
import json
import re
import subprocess

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Notification, User
from incubator.briefs import service
from incubator.briefs.gate_models import ValueClaim
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.kernel import clock
from incubator.kernel.errors import Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.mail_table import OutboxMail
from incubator.products import comments
from tests.api.conftest import caller  # noqa: F401 - a fixture
from tests.builders import (
    a_brief,
    a_participant,
    a_person,
    a_product,
    a_programme,
    a_review,
    a_signature,
    an_actor,
    an_organisation,
    sign_in,
)

POINT = {
    "points-0-attribute": "噪音", "points-0-aspect": "function", "points-0-their_value": "60", "points-0-our_value": "45", "points-0-verdict": "better",
    "points-0-evidence": "实测",
}  # fmt: skip


def browser_of(app, session, who):
    return sign_in(app.test_client(), who if isinstance(who, User) else session.get_one(User, who.user_id))


class Table:
    """A brand with a basic brief in review, two rival factories and a design firm that were asked to sign it."""

    def __init__(self, session, *, open_review=True):
        self.session = session
        self.brand = an_organisation("brand", "源选")
        self.author, self.approver = an_actor(self.brand), an_actor(self.brand)
        self.factory = an_organisation("factory", "甲方座椅厂")
        self.rival = an_organisation("factory", "宿敌精工制造厂")
        self.reader = an_actor(self.factory, a_person(self.factory, "甲厂长", manager=True))
        self.rival_person = an_actor(self.rival, a_person(self.rival, "宿敌王厂长", manager=True))
        self.brief = a_brief(a_product(a_programme(self.brand), stage="brief", type="basic"), type="basic", first_order_quantity=300)
        target = session.scalars(select(BriefTarget).where(BriefTarget.brief_id == self.brief.id)).one()
        target.price_minor, target.cost_minor, target.margin_bp = 38_765, 17_531, 5478
        session.flush()
        self.review = a_review(self.brief, self.author, self.factory, self.rival) if open_review else None


@pytest.fixture
def table(session):
    return Table(session)


SECRETS = ("宿敌", "387.65", "38765", "175.31", "17531", "54.78", "5478", "0.7753", "0.78", "别人家的评语", "只给宿敌", "只给本品牌")
PAGES = (
    "/", "/products", "/products/{p}", "/products/{p}/files", "/products/{p}/people", "/products/{p}/activity", "/products/{p}/brief", "/briefs", "/briefs/{b}",
    "/reviews", "/reviews/{r}", "/notifications", "/search?q=Product", "/search?q=宿", "/products/{p}/mentions?q=", "/briefs/export.csv",
)  # fmt: skip


def text_of(pdf):
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def told_to(session, actor):
    """Mails and notifications of one person."""
    address = session.get_one(User, actor.user_id).email
    mails = session.execute(select(OutboxMail.subject, OutboxMail.text).where(OutboxMail.to_address == address)).all()
    notes = session.execute(
        select(Notification.text, Notification.params, Notification.url).where(Notification.user_id == actor.user_id)
    ).all()
    return [str(tuple(row)) for row in (*mails, *notes)]


def test_case_7_a_factory_reads_no_rival_and_no_target(app, session, table, caller):  # noqa: F811
    a_signature(table.review, table.rival_person, 5)
    table.review.signatories[2].signature.statement  # noqa: B018 - loaded
    comments.add(table.brief.product, table.brief, "只给宿敌看的话", table.rival.id, table.author, clock.now())
    comments.add(table.brief.product, table.brief, "只给本品牌看的话", None, table.author, clock.now())
    session.commit()
    browser, api = browser_of(app, session, table.reader), caller(actor=table.reader)
    for decided in (False, True):
        for path in PAGES:
            answer = browser.get(path.format(p=table.brief.product_id, b=table.brief.id, r=table.review.id))
            assert answer.status_code == 200 or (path.startswith("/products/{p}/brief") and answer.status_code == 302), (
                path,
                answer.status_code,
            )
            assert leaks(answer.get_data(as_text=True)) == [], path
        for path in (f"/briefs/{table.brief.id}", f"/reviews/{table.review.id}", "/briefs"):
            answer = api.get(path)
            assert answer.status_code == 200 and leaks(json.dumps(answer.json, ensure_ascii=False)) == [], path
        for language in ("zh", "en"):
            pdf = browser.get(f"/briefs/{table.brief.id}/brief-{language}.pdf")
            assert pdf.status_code == 200 and leaks(text_of(pdf.data)) == []
        session.rollback()
        assert [line for line in told_to(session, table.reader) if leaks(line)] == []
        if not decided:
            a_signature(table.review, table.reader)
            a_signature(table.review, table.approver)
            session.commit()
            brand = browser_of(app, session, table.approver)
            assert brand.post(f"/reviews/{table.review.id}/decide", data={"outcome": "go", "reason": "看过了"}).status_code == 302
    for path in (f"/briefs/{table.brief.id}/edit", f"/briefs/{table.brief.id}/versions", f"/briefs/{table.brief.id}/submit"):
        assert browser.get(path).status_code == 404


def leaks(text):
    return [secret for secret in SECRETS if re.search(rf"(?<![\d.]){re.escape(secret)}(?!\d)" if secret[0].isdigit() else secret, text)]


def test_case_7_the_number_of_scores_tells_nobody_how_many_were_asked(app, session, table, caller):  # noqa: F811
    for who in (table.rival_person, table.reader, table.approver):
        a_signature(table.review, who, 3)
    session.commit()
    brand, reader = browser_of(app, session, table.approver), browser_of(app, session, table.reader)
    assert brand.post(f"/reviews/{table.review.id}/decide", data={"outcome": "hold", "reason": "再议"}).status_code == 302
    path = f"/reviews/{table.review.id}"
    assert "3, 3, 3" in brand.get(path).text and "3, 3" not in reader.get(path).text
    assert all("scores" not in c for c in caller(actor=table.reader).get(path).json["criteria"])


def test_case_2_a_brief_keeps_its_programme_and_brand(app, session, caller):  # noqa: F811
    table = Table(session, open_review=False)
    own, foreign = a_programme(table.brand), a_programme()
    api, browser = caller(actor=table.author), browser_of(app, session, table.author)
    before = (table.brief.product.programme_id, table.brief.brand_id, table.brief.product_id)
    for programme in (own, foreign):
        assert api("PATCH", f"/briefs/{table.brief.id}", {"programme_id": programme.id}).status_code == 422
        answer = browser.post(
            f"/briefs/{table.brief.id}/edit",
            data={"title": "改", "type": "basic", "programme_id": programme.id, "brand_id": foreign.brand_id},
        )
        assert answer.status_code in (302, 422)
        assert api.post("/briefs", {"title": "新", "programme_id": foreign.id}).status_code in (404, 422)
    session.expire_all()
    assert (table.brief.product.programme_id, table.brief.brand_id, table.brief.product_id) == before
    assert session.scalar(select(func.count()).where(ProductBrief.brand_id == foreign.brand_id)) == 0


def test_case_2_references_and_claims_belong_to_their_own_brief(app, session, caller):  # noqa: F811
    table = Table(session, open_review=False)
    sister = a_brief(a_product(table.brief.product.programme, stage="brief"))
    stranger = a_brief(a_product(stage="brief"))
    session.commit()
    browser, api, mine = browser_of(app, session, table.author), caller(actor=table.author), f"/briefs/{table.brief.id}"
    for other in (sister, stranger):
        reference, claim = other.references[0].id, other.claims[0].id
        session.rollback()
        for path in (f"{mine}/references/{reference}", f"{mine}/claims/{claim}"):
            assert browser.get(path).status_code == 404
            assert (
                browser.post(path, data={"name": "改", "price": "1", "currency": "CNY", "kind": "function", "statement": "改"}).status_code
                == 404
            )
            assert browser.post(f"{path}/remove").status_code == 404
            assert api("DELETE", path).status_code == 404
        point = {"kind": "function", "statement": "新主张", "points-0-reference_id": reference, **POINT}
        assert browser.post(f"{mine}/claims/new", data=point).status_code == 422
        body = {
            "statement": "新主张",
            "kind": "function",
            "points": [{**{k.removeprefix("points-0-"): v for k, v in POINT.items()}, "reference_id": reference}],
        }
        assert api.post(f"{mine}/claims", body).status_code == 422
    session.expire_all()
    data = {
        "kind": "function",
        "statement": "x",
        "points": [{"reference_id": sister.references[0].id, "attribute": "a", "aspect": "function", "verdict": "better"}],
    }
    with pytest.raises(Refused):
        service.add_claim(table.brief, data, table.author, clock.now())
    session.rollback()
    assert [len(b.references) for b in (table.brief, sister, stranger)] == [1, 1, 1]
    assert session.scalar(select(func.count(ValueClaim.id)).where(ValueClaim.statement == "新主张")) == 0


def everything_a_writer_does(brief, review):
    b, reference, claim = f"/briefs/{brief.id}", brief.references[0].id, brief.claims[0].id
    new = {"name": "改", "price": "1", "currency": "CNY"}
    return [
        (f"{b}/edit", {"title": "改"}), (f"{b}/clone", {}), (f"{b}/move/close", {}), (f"{b}/submit", {}), (f"{b}/references/new", new),
        (f"{b}/references/{reference}", new), (f"{b}/references/{reference}/remove", {}), (f"{b}/claims/new", {"statement": "改"}),
        (f"{b}/claims/{claim}", {"statement": "改"}), (f"{b}/claims/{claim}/remove", {}), (f"{b}/files", {"file": (io.BytesIO(b"x"), "x.txt")}),
        (f"/reviews/{review.id}/decide", {"outcome": "go", "reason": "我说行"}),
    ]  # fmt: skip


def test_case_3_a_reader_changes_nothing(app, session, table, caplog):
    a_participant(table.brief.product, an_organisation("design_firm"))
    session.commit()
    before = (table.brief.version, table.brief.revision, table.review.version, session.scalar(select(func.count(StoredFile.id))))
    acts = everything_a_writer_does(table.brief, table.review)
    readers = [table.reader, table.rival_person, an_actor(an_organisation("brand")), an_actor(role="administrator")]
    for who in readers:
        browser = browser_of(app, session, who)
        for path, data in acts:
            caplog.clear()
            answer = browser.post(path, data={k: (io.BytesIO(b"x"), v[1]) if isinstance(v, tuple) else v for k, v in data.items()})
            assert answer.status_code == 404, (who.role, path, answer.status_code)
            assert "denied" in caplog.text, path
    session.expire_all()
    assert (table.brief.version, table.brief.revision, table.review.version, session.scalar(select(func.count(StoredFile.id)))) == before


def test_case_6_what_may_be_chosen_is_ones_own(app, session, table):
    a_programme(name="别家的计划")
    a_brief(a_product(stage="brief", name="别家的产品"))
    session.commit()
    browser = browser_of(app, session, table.author)
    for path in (
        "/briefs/new",
        "/imports/new/briefs",
        "/briefs",
        "/search?q=别家",
        f"/briefs/{table.brief.id}/submit",
        f"/products/{table.brief.product_id}/people",
    ):
        assert "别家的" not in browser.get(path).text.replace("别家</", ""), path
