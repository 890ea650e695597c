"""Enquiries in every state, made through the services: `an_rfq(house, factory)`, `a_quotation(rfq, maker, "12.00")`, `opened(rfq, …)`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from incubator.accounts.models import Organisation, User
from incubator.kernel import clock
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.sourcing import award_service, comparison_queries, quotation_service, review_service, service
from incubator.sourcing.award_service import Choice
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation
from tests import builders
from tests.factories.builders import a_factory

DAY = timedelta(days=1)
CRITERIA = [{"name": "工艺", "weight": 60}, {"name": "质量", "weight": 40}]
PRICES = ((100, "20.00"), (1000, "18.00"), (10_000, "15.00"))


@dataclass
class House:
    """A brand with a buyer and a colleague."""

    brand: Organisation
    buyer: Actor
    colleague: Actor
    user: User


def a_house(name: str | None = None) -> House:
    brand = builders.an_organisation("brand", name)
    user = builders.a_person(brand, manager=True)
    return House(brand, builders.an_actor(brand, user), builders.an_actor(brand, builders.a_person(brand)), user)


def a_maker(name: str | None = None) -> Actor:
    """Somebody of an approved factory."""
    organisation = builders.an_organisation("factory", name)
    a_factory(organisation=organisation, name_zh=organisation.name)
    return builders.an_actor(organisation, role="factory")


def terms(**values: Any) -> dict[str, Any]:
    """What an enquiry asks."""
    return {
        "title": "人体工学椅", "scenario": "bulk", "quantity_1": 100, "quantity_2": 1000, "quantity_3": 10_000, "incoterm": "FOB",
        "destination": "宁波港", "tooling_wanted": True, "tooling_note": "一模四腔", "sample_due_on": None, "deadline": clock.now() + 10 * DAY,
        "deadline_zone": "Asia/Shanghai", "currencies": ["CNY", "USD"], "technical_threshold": 60, "note": "", "criteria": CRITERIA, **values,
    }  # fmt: skip


def a_draft(house: House, **values: Any) -> Rfq:
    """An enquiry that nobody has read."""
    product = builders.a_product(builders.a_programme(house.brand), "sourcing")
    brief = builders.a_brief(product, state="accepted")
    return service.create(brief, terms(**values), house.buyer, clock.now())


def an_rfq(house: House, *makers: Actor, **values: Any) -> Rfq:
    """An issued enquiry in which `makers` were asked."""
    rfq = a_draft(house, **values)
    for maker in makers:
        an_invitation(rfq, maker)
    return service.issue(rfq, house.buyer, clock.now())


def an_invitation(rfq: Rfq, maker: Actor) -> Quotation:
    """`maker` on the list of a draft, put there directly: whether it may be asked is another test's matter."""
    now = clock.now()
    return builders.put(Quotation(rfq=rfq, brand_id=rfq.brand_id, organisation_id=maker.organisation_id, state_since=now, invited_at=now))


def of(rfq: Rfq, maker: Actor) -> Quotation:
    return next(q for q in rfq.quotations if q.organisation_id == maker.organisation_id)


def quoted(rfq: Rfq, prices: Any = PRICES, **values: Any) -> dict[str, Any]:
    """What a factory offers; `prices` are (from, price) or one price for all."""
    currency = values.get("currency", "CNY")
    breaks = ((1, prices),) if isinstance(prices, str) else prices
    return {
        "lead_days": 30, "sample_days": 7, "tooling_days": 25, "moq": 100, "monthly_capacity": 20_000, "technical_note": "", "currency": currency,
        "tooling": Money.parse("10000", currency), "mould_owner": "brand", "incoterm": "FOB", "place": "宁波", "payment_terms": "deposit_30",
        "valid_until": clock.today() + 90 * DAY, "commercial_note": "", "breaks": [{"quantity_from": n, "price": Money.parse(p, currency)} for n, p in breaks],
        "answers": [{"requirement": r.position, "verdict": "meets", "note": ""} for r in rfq.requirements], **values,
    }  # fmt: skip


def a_quotation(rfq: Rfq, maker: Actor, prices: Any = PRICES, now: datetime | None = None, **values: Any) -> Quotation:
    """A submitted quotation of `maker`."""
    return quotation_service.submit(of(rfq, maker), quoted(rfq, prices, **values), {"place": "宁波"}, maker, now or clock.now())


def closed(rfq: Rfq) -> Rfq:
    return service.close(rfq, SYSTEM, clock.now())


def in_review(rfq: Rfq, *reviewers: Actor) -> Rfq:
    """Closed, with `reviewers` at work."""
    closed(rfq)
    return review_service.start(rfq, [r.user_id for r in reviewers], reviewers[0], clock.now())


def scored(rfq: Rfq, *reviewers: Actor, score: int = 4) -> Rfq:
    """Under review with every score in."""
    in_review(rfq, *reviewers)
    for quotation in review_service.received(rfq):
        for reviewer in reviewers:
            a_score(rfq, quotation, reviewer, score)
    return rfq


def a_score(rfq: Rfq, quotation: Quotation, reviewer: Actor, score: int = 4) -> Any:
    return review_service.score(rfq, quotation, {c.id: score for c in rfq.criteria}, "看过了", reviewer, clock.now())


def opened(rfq: Rfq, *reviewers: Actor, score: int = 4) -> Rfq:
    """With its prices open."""
    scored(rfq, *reviewers, score=score)
    review_service.open_prices(rfq, reviewers[0], clock.now())
    return rfq


def awarded(rfq: Rfq, maker: Actor, buyer: Actor, **values: Any) -> Any:
    choice = Choice(of(rfq, maker).id, values.pop("quantity", rfq.quantity_2), **values)
    return award_service.award(rfq, choice, "样品好，交期稳。", buyer, clock.now())


def compared(rfq: Rfq, actor: Actor) -> Any:
    db.session.flush()
    return comparison_queries.compare(rfq, actor)
