"""An enquiry until its closing: written, issued, re-issued, extended, closed, cancelled."""

from datetime import UTC, datetime

import pytest

from incubator.briefs.models import Requirement
from incubator.kernel import clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.sourcing import asking, invitation_service, quotation_service, service, words
from incubator.sourcing.models import RfqAddendum
from tests import builders as spine
from tests.factories.builders import a_factory
from tests.sourcing import builders
from tests.sourcing.builders import DAY, a_draft, a_house, a_maker, a_quotation, an_invitation, an_rfq, of, terms


@pytest.fixture
def house(session):
    return a_house()


def test_only_an_accepted_brief_is_sent_out(house):
    brief = spine.a_brief(spine.a_product(spine.a_programme(house.brand), "brief"))
    with pytest.raises(Refused, match="accepted brief"):
        service.create(brief, terms(), house.buyer, clock.now())
    stranger = a_house()
    brief = spine.a_brief(spine.a_product(spine.a_programme(house.brand), "sourcing"), state="accepted")
    with pytest.raises(Forbidden):
        service.create(brief, terms(), stranger.buyer, clock.now())


def test_codes_follow_the_product_and_the_requirements_the_brief(house):
    rfq = a_draft(house)
    again = service.create(rfq.brief, terms(), house.buyer, clock.now())
    assert again.code == f"{rfq.code}-2"
    assert [(r.position, r.attribute) for r in rfq.requirements] == [(1, "属性 0"), (2, "属性 1"), (3, "属性 2")]
    assert not hasattr(rfq.requirements[0], "evidence")


def test_what_an_issue_keeps_holds_no_target_and_no_evidence(house):
    rfq = an_rfq(house, a_maker())
    (addendum,) = rfq.addenda
    text = str(addendum.content)
    assert addendum.kind == "issue" and "属性 0" in text
    for secret in ("吐槽", "45000", "450.00", "5556", "margin", "target_price"):
        assert secret not in text


def test_nobody_is_asked_before_everything_is_there(house):
    rfq = a_draft(house)
    with pytest.raises(Refused, match="a factory to ask"):
        service.issue(rfq, house.buyer, clock.now())
    an_invitation(rfq, a_maker())
    with pytest.raises(Invalid):
        service.issue(rfq, house.buyer, rfq.deadline)
    assert rfq.state == "draft"
    with pytest.raises(Forbidden):
        service.issue(rfq, a_maker(), clock.now())


def test_a_draft_is_edited_and_a_stale_editor_is_told_the_difference(house):
    """Case 36: the second of two editors."""
    rfq = a_draft(house)
    version = rfq.version
    service.save(rfq, terms(title="第一稿"), house.buyer, clock.now(), version)
    with pytest.raises(Conflict) as conflict:
        service.save(rfq, terms(title="第二稿"), house.colleague, clock.now(), version)
    assert ("Title", "第二稿", "第一稿") in conflict.value.details["difference"]
    an_invitation(rfq, a_maker())
    service.issue(rfq, house.buyer, clock.now())
    with pytest.raises(Refused, match="re-issue"):
        service.save(rfq, terms(), house.buyer, clock.now())


def test_a_reissue_says_what_changed_and_unsettles_the_quotations(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    quotation = a_quotation(rfq, maker)
    rfq.brief.requirements.append(Requirement(position=9, attribute="噪音", operator="le", target="45", unit="dB", priority="must"))
    service.reissue(rfq, terms(quantity_1=200, title=rfq.title), "首单加量", house.buyer, clock.now())
    assert (rfq.state, rfq.issue_number) == ("reissued", 2)
    changed = {c["field"] for c in rfq.addenda[-1].changes}
    assert {"quantity_1", "requirements"} <= changed
    rows = {label: (before, after) for label, before, after in asking.rows(rfq.addenda[-1].changes, "UTC")}
    assert rows["Smallest quantity"] == ("100", "200") and "噪音 ≤ 45 dB" in rows["Requirements"][1]
    assert not quotation.answers_the_latest
    kept = {r.id for r in rfq.requirements if r.attribute.startswith("属性")}
    assert kept == {a.requirement_id for a in builders_answers(quotation)}


def builders_answers(quotation):
    from incubator.sourcing import quotation_queries

    return quotation_queries.technical(quotation, SYSTEM).answers


def test_a_reissue_needs_a_reason_a_change_and_time(house):
    rfq = an_rfq(house, a_maker())
    same = terms(title=rfq.title, deadline=rfq.deadline)
    with pytest.raises(Invalid):
        service.reissue(rfq, same, "没有变化", house.buyer, clock.now())
    with pytest.raises(Invalid):
        service.reissue(rfq, terms(quantity_1=7), " ", house.buyer, clock.now())
    with pytest.raises(Refused, match="deadline has passed"):
        service.reissue(rfq, terms(quantity_1=7), "晚了", house.buyer, rfq.deadline)


def test_an_extension_ends_later_and_asks_for_no_confirmation(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    quotation, before = a_quotation(rfq, maker), rfq.deadline
    with pytest.raises(Invalid):
        service.extend(rfq, before, house.buyer, clock.now())
    service.extend(rfq, before + DAY, house.buyer, clock.now())
    assert rfq.deadline == before + DAY and quotation.answers_the_latest
    assert [a.kind for a in rfq.addenda] == ["issue", "extension"] and rfq.issue_number == 1
    with pytest.raises(Refused):
        service.extend(rfq, before + 9 * DAY, house.buyer, rfq.deadline)


def test_closing_receives_what_answers_the_latest_issue(house):
    makers = [a_maker() for _ in range(5)]
    rfq = an_rfq(house, *makers)
    confirmed, silent, idle, declined, draft = makers
    for maker in (confirmed, silent):
        a_quotation(rfq, maker)
    quotation_service.decline(of(rfq, declined), "排产已满", declined, clock.now())
    quotation_service.save_draft(of(rfq, draft), {"moq": "5"}, draft, clock.now())
    service.reissue(rfq, terms(quantity_1=200), "加量", house.buyer, clock.now())
    quotation_service.confirm(of(rfq, confirmed), confirmed, clock.now())
    with pytest.raises(Invalid):
        service.close(rfq, house.buyer, clock.now())
    service.close(rfq, house.buyer, clock.now(), "都到齐了")
    states = {maker: (of(rfq, maker).state, of(rfq, maker).is_received) for maker in makers}
    assert states == {
        confirmed: ("submitted", True), silent: ("expired", False), idle: ("expired", False), declined: ("declined", False), draft: ("expired", False),
    }  # fmt: skip


def test_cancelling_ends_every_quotation_and_tells_the_reason(house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker)
    with pytest.raises(Invalid):
        service.cancel(rfq, "", house.buyer, clock.now())
    service.cancel(rfq, "方案改了", house.buyer, clock.now())
    assert (rfq.state, rfq.cancelled_reason, of(rfq, maker).state) == ("cancelled", "方案改了", "expired")
    with pytest.raises(Conflict):
        service.cancel(rfq, "again", house.buyer, clock.now())


def test_a_product_that_stops_ends_its_enquiries(house):
    from incubator.kernel import workflow

    rfq = an_rfq(house, a_maker())
    workflow.fire(rfq.product, "stop", house.buyer, note="动销率低", now=clock.now())
    assert rfq.state == "cancelled" and "动销率" not in rfq.cancelled_reason


def test_only_approved_factories_with_an_account_are_asked(house):
    rfq = a_draft(house)
    approved, pending = a_maker(), spine.an_organisation("factory")
    a_factory("pending", organisation=pending)
    firm = spine.an_organisation("design_firm")
    for wrong in (pending.id, firm.id, house.brand.id, 987_654):
        with pytest.raises(Invalid):
            invitation_service.invite(rfq, [wrong], house.buyer, clock.now())
    invitation_service.invite(rfq, [approved.organisation_id], house.buyer, clock.now())
    invitation_service.invite(rfq, [approved.organisation_id], house.buyer, clock.now())
    assert len(rfq.quotations) == 1
    invitation_service.uninvite(rfq, rfq.quotations[0], house.buyer, clock.now())
    assert rfq.quotations == []


def test_whoever_was_told_stays_asked_and_late_guests_are_told_at_once(house):
    rfq = an_rfq(house, a_maker())
    late = a_maker()
    invitation_service.invite(rfq, [late.organisation_id], house.buyer, clock.now())
    assert of(rfq, late).state == "invited"
    with pytest.raises(Refused):
        invitation_service.uninvite(rfq, of(rfq, late), house.buyer, clock.now())
    with pytest.raises(Refused):
        invitation_service.invite(rfq, [a_maker().organisation_id], house.buyer, rfq.deadline)
    builders.closed(rfq)
    with pytest.raises(Forbidden):
        invitation_service.invite(rfq, [a_maker().organisation_id], house.buyer, clock.now())


def test_an_issue_cannot_be_edited_even_by_hand(house, session):
    """Case 46: what was issued is append-only."""
    an_rfq(house, a_maker())
    session.flush()
    addendum = session.query(RfqAddendum).one()
    addendum.note = "anders"
    with pytest.raises(Exception, match="append-only"):
        session.flush()
    session.rollback()


def test_a_deadline_reads_where_it_is_meant(session):
    winter = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    assert words.at(winter, "Asia/Shanghai").startswith("27 Nov 2026, 17:00")
    summer = datetime(2026, 7, 27, 15, 0, tzinfo=UTC)
    assert words.at(summer, "Europe/Berlin") == "27 Jul 2026, 17:00 (Berlin)"
