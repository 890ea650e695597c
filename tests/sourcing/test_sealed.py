"""The seal. Before the opening no price of a factory is anywhere; a rival's is nowhere at any time. Cases 1, 6, 7."""

import json
import re

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import access, clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from incubator.sourcing import comparison_queries, queries, question_service, quotation_queries, quotation_service
from incubator.sourcing.models import Rfq, RfqQuestion
from incubator.sourcing.quotation_models import PriceBreak, Quotation, QuotationDraft, QuotationOffer, QuotationOutcome, QuotationTechnical
from tests import uploads
from tests.backends import on
from tests.builders import an_actor, sign_in
from tests.sourcing.builders import a_house, a_maker, a_quotation, an_rfq, awarded, closed, compared, in_review, of, opened, scored
from tests.world import a_token

SECRET = "7654.32"
SHAPES = (SECRET, "7,654.32", "765432")
PRICED = (QuotationOffer, PriceBreak)


@pytest.fixture
def house(session):
    return a_house()


def rows(model, actor):
    return list(db.session.scalars(access.select_visible(model, actor)))


def a_secret(house, *others):
    maker = a_maker("密封工厂")
    rfq = an_rfq(house, maker, *others)
    a_quotation(rfq, maker, SECRET)
    return rfq, maker


@pytest.mark.parametrize("state", ["issued", "closed", "technical_review", "cancelled"])
def test_the_database_gives_the_brand_no_price_before_the_opening(house, state):
    rfq, maker = a_secret(house)
    if state == "closed":
        closed(rfq)
    if state == "technical_review":
        scored(rfq, house.buyer)
    if state == "cancelled":
        from incubator.sourcing import service

        closed(rfq)
        service.cancel(rfq, "改方案", house.buyer, clock.now())
    assert rfq.state == state
    for model in PRICED:
        assert rows(model, house.buyer) == [] and len(rows(model, maker)) == 1
    assert compared(rfq, house.buyer) is None and comparison_queries.offers(rfq, house.buyer) == []
    assert len(rows(QuotationTechnical, house.buyer)) == (0 if state == "issued" else 1)


def test_after_the_opening_the_brand_reads_all_and_each_factory_its_own(house):
    rival = a_maker()
    rfq, maker = a_secret(house, rival)
    a_quotation(rfq, rival, "11.00")
    opened(rfq, house.buyer)
    stranger, investor = a_house().buyer, an_actor(role="investor")
    for model in (*PRICED, QuotationTechnical, Quotation):
        assert len(rows(model, house.buyer)) == 2 and len(rows(model, rival)) == 1
        assert rows(model, stranger) == rows(model, investor) == []
    assert quotation_queries.offer(of(rfq, maker), rival) is None
    assert rows(QuotationDraft, house.buyer) == []


def test_what_was_not_received_is_never_opened(house):
    withdrawn = a_maker()
    rfq, _ = a_secret(house, withdrawn)
    a_quotation(rfq, withdrawn)
    quotation_service.withdraw(of(rfq, withdrawn), withdrawn, clock.now())
    opened(rfq, house.buyer)
    assert quotation_queries.offer(of(rfq, withdrawn), house.buyer) is None
    assert len(compared(rfq, house.buyer).columns) == 1


def everything_said(client, paths):
    answers = [(path, client.get(path)) for path in paths]
    return {path: answer for path, answer in answers if answer.status_code == 200}


@on("sqlite")
def test_no_page_sheet_json_search_activity_notice_mail_or_audit_of_the_brand_holds_a_price(house, client, session):
    rfq, maker = a_secret(house)
    question_service.ask(of(rfq, maker), "?", maker, clock.now())
    in_review(rfq, house.buyer)
    quotation = of(rfq, maker)
    browser, token = sign_in(client, house.user), a_token(house.user)
    base, product = f"/rfqs/{rfq.id}", f"/products/{rfq.product_id}"
    paths = [
        base, f"{base}/invite", f"{base}/questions", f"{base}/review", f"{base}/review/{quotation.id}", f"{base}/comparison", f"{base}/award", f"{base}/rates",
        f"{base}/comparison.csv", f"{base}/comparison-en.pdf", "/rfqs", "/rfqs/export.csv", f"{product}/sourcing", f"{product}/activity", f"{product}/files", product,
        "/", "/search?q=椅", "/notifications",
    ]  # fmt: skip
    found = everything_said(browser, paths)
    assert len(found) > 14
    found |= {p: client.get(p, headers={"Authorization": f"Bearer {token}"}) for p in (f"/api/v1{base}", "/api/v1/rfqs")}
    for path, answer in found.items():
        assert not any(shape in answer.text for shape in SHAPES), path
        assert "10,000.00" not in answer.text, path  # the tooling
    for model, column in ((OutboxMail, OutboxMail.text), (AuditEntry, AuditEntry.data), (Notification, Notification.params)):
        said = json.dumps([str(row) for row in session.scalars(select(column).select_from(model))])
        assert not any(shape in said for shape in SHAPES), model


@on("sqlite")
def test_case_07_a_rival_learns_no_name_no_price_and_no_number_of_bidders(house, client, session):
    """Case 7: HTML, JSON, sheet, search, mail; also after the decision."""
    rival, others = a_maker("对手工厂"), [a_maker(f"旁人{n}") for n in range(3)]
    rfq, _ = a_secret(house, rival, *others)
    a_quotation(rfq, rival, "11.00")
    for n, other in enumerate(others):
        a_quotation(rfq, other, f"700{n}.55")
    opened(rfq, house.buyer)
    awarded(rfq, others[0], house.buyer)
    user = next(q.organisation for q in rfq.quotations if q.organisation_id == rival.organisation_id)
    person = session.get_one(Rfq, rfq.id) and _person_of(user, session)
    browser, token = sign_in(client, person), a_token(person)
    found = everything_said(browser, [f"/rfqs/{rfq.id}", "/rfqs", "/rfqs/export.csv", "/search?q=椅", "/", "/notifications"])
    assert len(found) == 6
    found |= {p: client.get(p, headers={"Authorization": f"Bearer {token}"}) for p in (f"/api/v1/rfqs/{rfq.id}", "/api/v1/rfqs")}
    secrets = ("密封工厂", "旁人", *SHAPES, "7000.55", "7,000.55", "700055", "45000", "450.00", "55.56", "吐槽", "asked", "answered")
    for path, answer in found.items():
        plain = re.sub(r"<[^>]+>", " ", answer.text) if path.startswith("/rfqs") else answer.text
        for secret in secrets:
            if secret in ("asked", "answered") and not path.startswith("/api"):
                continue
            assert secret not in plain, (path, secret)
    body = found[f"/api/v1/rfqs/{rfq.id}"].json
    assert "quotations" not in body and "id" not in body["quotation"]
    mails = session.scalars(select(OutboxMail.text).where(OutboxMail.to_address == person.email)).all()
    assert mails and not any("旁人" in text or "密封" in text for text in mails)


def _person_of(organisation, session):
    from incubator.accounts.models import Membership

    return session.scalars(select(Membership).where(Membership.organisation_id == organisation.id)).first().user


@on("sqlite")
def test_a_factorys_page_names_no_quotation_question_or_invitation(house, client, session):
    """Ids must not leak counts: a factory's addresses hold the enquiry's number alone."""
    maker = a_maker()
    rfq = an_rfq(house, a_maker(), a_maker(), maker)
    question_service.ask(of(rfq, maker), "颜色？", maker, clock.now())
    person = _person_of(of(rfq, maker).organisation, session)
    browser = sign_in(client, person)
    for path in (f"/rfqs/{rfq.id}", f"/rfqs/{rfq.id}/quotation"):
        page = browser.get(path).text
        addresses = set(re.findall(r'(?:href|action)="(/rfqs[^"]*)"', page))
        assert addresses and all(re.fullmatch(rf"/rfqs(/{rfq.id}(/[a-z/-]+(\.pdf)?)?)?(\?.*)?", a) for a in addresses), addresses


def test_files_follow_their_envelope(house, session):
    rfq, maker = a_secret(house, rival := a_maker())
    from incubator.kernel.file_table import StoredFile

    quotation = of(rfq, maker)
    for envelope in ("quotation_technical", "quotation_offer"):
        picture = uploads.an_upload(uploads.a_picture("PNG", (20, 20)), f"{envelope}.png")
        quotation_service.attach(quotation, picture, envelope, maker, clock.now())

    def names(actor):
        return {f.name for f in rows(StoredFile, actor)}

    both = {"quotation_technical.jpg", "quotation_offer.jpg"}
    kinds = {n.rpartition(".")[0] for n in names(maker)}
    assert kinds == {"quotation_technical", "quotation_offer"} and names(rival) == names(house.buyer) == set()
    scored(rfq, house.buyer)
    assert {n.rpartition(".")[0] for n in names(house.buyer)} == {"quotation_technical"}
    from incubator.sourcing import review_service

    review_service.open_prices(rfq, house.buyer, clock.now())
    assert len(names(house.buyer)) == len(both) and names(rival) == set()


def test_lists_and_counts_are_ones_own(house, session):
    rival = a_maker()
    rfq, maker = a_secret(house, rival)
    own = queries.own_listing(maker, {}, "latest", None)
    assert own.total == 1 and not {"asked", "answered", "owner"} & set(own.rows[0]._fields)
    assert queries.own_listing(a_maker(), {}, "latest", None).total == 0
    assert queries.listing(a_house().buyer, {}, "recent", None).total == 0
    (mine,) = queries.listing(house.buyer, {}, "recent", None).rows
    assert (mine.asked, mine.answered) == (2, 1)
    before = rfq.updated_at, rfq.version
    a_quotation(rfq, rival)
    session.refresh(rfq)
    assert (rfq.updated_at, rfq.version) == before, "what one factory does would show in another's list"


def test_a_draft_enquiry_is_nobodys_but_the_brands(house):
    from incubator.kernel.errors import NotFound
    from tests.sourcing.builders import a_draft, an_invitation

    maker = a_maker()
    rfq = a_draft(house)
    an_invitation(rfq, maker)
    assert rows(Rfq, maker) == rows(Quotation, maker) == []
    with pytest.raises(NotFound):
        queries.whole(rfq.id, maker)
    assert rows(RfqQuestion, maker) == rows(QuotationOutcome, maker) == []
