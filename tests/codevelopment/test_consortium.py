"""The agreement: drafting, proposing, signing, versions; and the ledger that it opens."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from incubator.accounts.models import Membership, User
from incubator.codevelopment import agreement_queries, agreement_service, ledger_service, signing_service
from incubator.codevelopment.agreement_content import content_hash
from incubator.codevelopment.ledger_models import Contribution
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, Refused
from incubator.kernel.money import ExchangeRate, Money
from tests.backends import on
from tests.builders import an_actor, an_organisation, put
from tests.codevelopment.builders import DAY, Scene, a_text, cash, hours

BACKENDS = ("sqlite",)
BOTH = on("sqlite", "postgresql")


def reason(agreement, actor):
    return next(str(o.reason) for o in workflow.available(agreement, actor) if o.event == "propose")


def test_what_is_missing_is_said_before_anybody_signs(session):
    scene = Scene()
    draft = agreement_service.draft(scene.product, scene.leader, clock.now())
    assert len(draft.parties) == 3 and "promises nothing yet" in reason(draft, scene.leader)
    for party in (scene.brand, scene.firm, scene.maker):
        scene.promise(draft, party, cash("100"))
    assert "Say who will own" in reason(draft, scene.leader)
    half = {"kind": "ip", "title": "外观", "licence": "", "buy_back": "", "shares": [(scene.firm.id, 5000)]}
    agreement_service.set_item(draft, None, half, scene.leader, clock.now())
    assert "do not add to 100%" in reason(draft, scene.leader)
    agreement_service.edit(draft, "t", "", [], draft.version, scene.leader, clock.now())
    assert "at least two parties" in reason(draft, scene.leader)
    assert [p.organisation_id for p in draft.promises] == [scene.brand.id]


def test_shares_and_kinds_are_fixed_when_proposed(session):
    scene = Scene()
    found = scene.proposed()
    assert [(p.organisation.label, p.kinds, p.share_bp) for p in found.parties] == [
        ("源选", ["cash"], 7500), ("木石设计", ["design_hours"], 950), ("精岳模具", ["tooling"], 1550),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Only a draft"):
        scene.promise(found, scene.firm, cash("9"))
    with pytest.raises(Refused, match="being drafted or signed"):
        agreement_service.draft(scene.product, scene.leader, clock.now())


@BOTH
def test_the_last_signature_brings_it_into_force_and_opens_the_ledger(session):
    scene = Scene()
    found = scene.proposed()
    scene.sign(found, scene.leader, scene.designer)
    assert found.state == "proposed"
    with pytest.raises(Conflict):
        scene.sign(found, an_actor(scene.firm))
    scene.sign(found, scene.toolmaker)
    assert found.state == "in_force" and found.in_force_at
    rows = session.scalars(select(Contribution).order_by(Contribution.id)).all()
    assert [(c.organisation_id, c.kind, c.base_minor, c.promised_minor, c.state) for c in rows] == [
        (scene.brand.id, "cash", 30_000_000, 30_000_000, "promised"),
        (scene.firm.id, "design_hours", 3_800_000, 3_800_000, "promised"),
        (scene.maker.id, "tooling", 6_200_000, 6_200_000, "promised"),
    ]


def test_one_person_signs_for_one_organisation(session):
    scene = Scene()
    found = scene.proposed()
    both = session.get_one(User, scene.leader.user_id)
    put(Membership(user_id=both.id, organisation_id=scene.firm.id))
    session.expire(both, ["memberships"])
    scene.sign(found, scene.leader)
    with pytest.raises(Refused, match="another organisation"):
        scene.sign(found, an_actor(scene.firm, both))


def test_one_signs_what_one_has_read(session):
    scene = Scene()
    found = scene.proposed()
    digests = {a.role: content_hash(found, a.organisation_id) for a in (scene.leader, scene.designer)}
    assert len(set(digests.values())) == 2, "each party signs the common text and its own promises"
    with pytest.raises(Conflict):
        signing_service.sign(found, "0" * 64, scene.designer, clock.now())
    with pytest.raises(Forbidden):
        signing_service.sign(found, "0" * 64, an_actor(an_organisation("design_firm")), clock.now())


@BOTH
def test_a_signature_stays(session):
    scene = Scene()
    scene.in_force()
    session.commit()
    for statement in ("UPDATE agreement_signature SET id = id", "DELETE FROM agreement_signature"):
        with pytest.raises(DatabaseError):
            session.execute(text(statement))
        session.rollback()


@BOTH
def test_a_new_version_keeps_what_was_delivered_and_releases_what_is_gone(session):
    scene = Scene()
    first = scene.in_force()
    cash_row, hour_row, tool_row = session.scalars(select(Contribution).order_by(Contribution.id)).all()
    ledger_service.deliver(hour_row, clock.today(), None, None, [a_text()], scene.designer, clock.now())
    second = agreement_service.draft(scene.product, scene.leader, clock.now())
    assert second.number == 2 and [p.contribution_id for p in second.promises] == [cash_row.id, hour_row.id, tool_row.id]
    scene.promise(second, scene.brand, cash("350000"), second.promises[0])
    agreement_service.remove_promise(second, second.promises[2], scene.leader, clock.now())
    scene.promise(second, scene.maker, cash("70000", "tooling", what="新模具"))
    signing_service.propose(second, scene.leader, clock.now())
    assert first.state == "in_force", "the old version holds until the last signature"
    scene.sign(second)
    assert (first.state, second.state) == ("superseded", "in_force")
    assert (cash_row.promised_minor, cash_row.state) == (35_000_000, "promised")
    assert (hour_row.state, tool_row.state) == ("delivered", "released")
    assert session.scalar(select(Contribution.description).where(Contribution.description == "新模具"))
    assert [v.state for v in agreement_queries.versions(scene.product, scene.designer)] == ["in_force", "superseded"]


def test_a_proposal_can_be_withdrawn_and_a_draft_discarded(session):
    scene = Scene()
    found = scene.proposed()
    with pytest.raises(Invalid):
        signing_service.withdraw(found, scene.leader, clock.now(), None)
    signing_service.withdraw(found, scene.leader, clock.now(), "份额要再谈")
    draft = scene.draft()
    signing_service.withdraw(draft, scene.leader, clock.now(), None)
    assert (found.number, draft.number, draft.state) == (1, 2, "withdrawn")
    assert [v.number for v in agreement_queries.versions(scene.product, scene.designer)] == [1], "a draft is nobody else's"


def test_the_rate_is_frozen_when_proposed_and_kept_at_delivery(session):
    scene = Scene()
    today = clock.today()
    put(ExchangeRate(base="USD", quote="CNY", on_date=today - 9 * DAY, rate_e8=7_00000000, source="t"))
    draft = scene.draft()
    scene.promise(draft, scene.maker, cash("1000", currency="USD", what="差旅"))
    put(ExchangeRate(base="USD", quote="CNY", on_date=today - DAY, rate_e8=7_20000000, source="t"))
    signing_service.propose(draft, scene.leader, clock.now())
    put(ExchangeRate(base="USD", quote="CNY", on_date=today, rate_e8=9_00000000, source="t"))
    scene.sign(draft)
    row = session.scalar(select(Contribution).where(Contribution.description == "差旅"))
    assert (row.base_minor, row.rate_e8) == (720_000, 7_20000000)
    ledger_service.deliver(row, today, None, Money.parse("500", "USD"), [a_text()], scene.toolmaker, clock.now())
    assert (row.value_minor, row.base_minor, row.promised_minor) == (50_000, 360_000, 720_000)


def test_without_a_rate_nothing_is_promised_in_that_currency(session):
    scene = Scene()
    with pytest.raises(Refused, match="exchange rate"):
        scene.promise(scene.draft(), scene.firm, cash("5", currency="EUR"))


@BOTH
def test_hours_are_delivered_at_the_agreed_rate_with_evidence(session):
    scene = Scene()
    scene.in_force()
    row = session.scalar(select(Contribution).where(Contribution.kind == "design_hours"))
    today, now = clock.today(), clock.now()
    with pytest.raises(Invalid):
        ledger_service.deliver(row, today, 8000, None, [], scene.designer, now)
    with pytest.raises(Invalid):
        ledger_service.deliver(row, today + timedelta(days=1), 8000, None, [a_text()], scene.designer, now)
    with pytest.raises(Forbidden):
        ledger_service.deliver(row, today, 8000, None, [a_text()], scene.toolmaker, now)
    ledger_service.deliver(row, today, 8000, Money.parse("999999", "CNY"), [a_text()], scene.designer, now)
    assert (row.value_minor, row.base_minor, row.state) == (3_040_000, 3_040_000, "delivered")
    ledger_service.settle(row, "send_back", scene.leader, now, "少一张工时表")
    assert row.state == "promised"
    ledger_service.deliver(row, today, 7900, None, [], scene.designer, now)
    ledger_service.settle(row, "verify", scene.leader, now, None)
    assert (row.state, row.verified_by_id) == ("verified", scene.leader.user_id)
    totals = {t["name"]: t for t in agreement_queries.totals(scene.product, scene.leader)}
    assert totals["木石设计"]["verified"] == 79 * 38_000 and totals["源选"]["promised"] == 30_000_000
    assert totals["精岳模具"]["kinds"]["tooling"] == 6_200_000


def test_case_47_nobody_verifies_their_own_delivery(session):
    scene = Scene()
    scene.in_force()
    row = session.scalar(select(Contribution).where(Contribution.kind == "cash"))
    ledger_service.deliver(row, clock.today(), None, None, [a_text()], scene.leader, clock.now())
    with pytest.raises(Refused, match="colleague"):
        ledger_service.settle(row, "verify", scene.leader, clock.now(), None)
    ledger_service.settle(row, "verify", scene.colleague, clock.now(), None)
    with pytest.raises(Conflict):
        ledger_service.settle(row, "verify", scene.colleague, clock.now(), None)


def test_more_than_promised_is_booked_by_parties_only(session):
    scene = Scene()
    with pytest.raises(Forbidden):
        ledger_service.book(scene.product, hours(5, "100"), clock.today(), [a_text()], scene.designer, clock.now())
    scene.in_force()
    made = ledger_service.book(scene.product, hours(5, "100"), clock.today(), [a_text()], scene.designer, clock.now())
    assert (made.state, made.promised_minor, made.base_minor) == ("delivered", 0, 50_000)


def test_only_parties_own_and_promise(session):
    scene, stranger = Scene(), an_organisation("factory")
    draft = scene.draft()
    item = {"kind": "mould", "title": "模具", "licence": "", "buy_back": "", "shares": [(stranger.id, 10_000)]}
    with pytest.raises(Invalid):
        agreement_service.set_item(draft, None, item, scene.leader, clock.now())
    with pytest.raises(Invalid):
        scene.promise(draft, stranger, cash("1"))
    with pytest.raises(Invalid):
        agreement_service.edit(draft, "t", "", [stranger.id], draft.version, scene.leader, clock.now())
    with pytest.raises(Conflict):
        agreement_service.edit(draft, "t", "", [], draft.version - 1, scene.leader, clock.now())


def test_a_party_that_is_taken_out_takes_its_ownership_along(session):
    scene = Scene()
    draft = scene.draft()
    agreement_service.edit(draft, "t", "", [scene.maker.id], draft.version, scene.leader, clock.now())
    session.expire_all()
    assert [s.organisation_id for s in draft.items[0].shares] == [scene.brand.id]
    assert {p.organisation_id for p in draft.promises} == {scene.brand.id, scene.maker.id}
