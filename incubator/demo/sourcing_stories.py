"""The enquiries of the demo, told through the services as people would have acted: asked, quoted in two envelopes, scored, opened, awarded."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from incubator.accounts.models import Organisation
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.demo import sourcing_told as told
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.models import Product
from incubator.sourcing import (
    award_service,
    basis_service,
    invitation_service,
    question_service,
    quotation_service,
    review_service,
    service,
)
from incubator.sourcing.award_service import Choice
from incubator.sourcing.landed_cost import rounded
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_models import Quotation

HOUR = timedelta(hours=1)
DAYS_OPEN = 10
NEAR_TARGET = Decimal("0.93")  # of the target cost: the middle price of the first offer
DEVIATION = {3: "色差 ΔE 2.0，量产可到 1.8。"}


def tell(world: Any) -> None:
    """Every story, the oldest first."""
    for n, story in enumerate(sorted(told.STORIES, key=lambda s: -s["weeks"])):
        _Story(world, story, n).tell()


class _Story:
    """One enquiry on its way to `story["state"]`."""

    def __init__(self, world: Any, story: dict[str, Any], n: int) -> None:
        self.world, self.story, self.n = world, story, n
        self.buyer: Actor = world.actor("shen.ke")
        self.began: datetime = world.ago(story["weeks"])
        closes = story.get("closes")
        last_day = world.now + timedelta(days=closes) if closes else self.began + timedelta(days=DAYS_OPEN)
        self.deadline = last_day.replace(hour=9, minute=0, second=0, microsecond=0)
        self.rfq: Rfq

    def tell(self) -> None:
        self._write()
        state = self.story["state"]
        if state != "draft":
            self._issue()
        if state == "cancelled":
            service.cancel(self.rfq, self.story["reason"], self.buyer, self.began + timedelta(days=3))
        if state in ("technical_review", "opened", "awarded"):
            self._judge(state)
        db.session.flush()
        self._date()

    def _write(self) -> None:
        product = db.session.scalars(select(Product).where(Product.name == self.story["product"])).one()
        brief = db.session.scalars(select(ProductBrief).where(ProductBrief.product_id == product.id)).one()
        at = self.began - timedelta(days=1)
        self.rfq = service.create(brief, self._terms(brief), self.buyer, at)
        asked = [q[0] for q in self.story["quotes"]] + list(self.story.get("asked", ())) + [f for f, _ in self.story.get("declined", ())]
        invitation_service.invite(self.rfq, [self.world.organisations[name].id for name in asked], self.buyer, at)
        basis_service.save(self.rfq, self._basis(), self.buyer, at)

    def _terms(self, brief: ProductBrief) -> dict[str, Any]:
        small, middle, large = self.story["quantities"]
        return {
            "title": self.story.get("title", brief.title), "scenario": self.story["scenario"], "quantity_1": small, "quantity_2": middle,
            "quantity_3": large, "incoterm": "FOB" if self.n % 2 else "FCA", "destination": "杭州余杭仓", "tooling_wanted": True,
            "tooling_note": told.TOOLING, "sample_due_on": (self.deadline + timedelta(days=25)).date(), "deadline": self.deadline,
            "deadline_zone": "Asia/Shanghai", "currencies": ["CNY", "USD"], "technical_threshold": 60, "note": told.NOTE,
            "criteria": [{"name": name, "weight": weight} for name, weight in told.CRITERIA],
        }  # fmt: skip

    def _basis(self) -> dict[str, Any]:
        amounts = {
            "origin_shipment": 180_000,
            "origin_unit": 20,
            "carriage_shipment": 420_000,
            "carriage_unit": 35,
            "delivery_shipment": 90_000,
            "delivery_unit": 15,
        }
        return {
            "currency": "CNY", "amortise_over": self.story["quantities"][2], "insurance_bp": 30, "duty_bp": 0, "duty_on": "cif",
            **{f"{name}_minor": minor for name, minor in amounts.items()},
        }  # fmt: skip

    def _issue(self) -> None:
        service.issue(self.rfq, self.buyer, self.began)
        for name, reason in self.story.get("declined", ()):
            quotation_service.decline(self._of(name), reason, self._maker(name), self.began + timedelta(days=2))
        for n, quote in enumerate(self.story["quotes"]):
            self._quote(quote, self.began + timedelta(days=1, hours=7 * n + 3))
        self._talk()
        if self.story.get("reissued") or self.story["state"] == "reissued":
            self._reissue()
        for name in self.story.get("drafted", ()):
            quotation_service.save_draft(self._of(name), {"lead_days": "20", "moq": "50"}, self._maker(name), self.world.now - HOUR)

    def _talk(self) -> None:
        """竹溪座椅 asks, because somebody can sign in there."""
        quotation = next((q for q in self.rfq.quotations if q.organisation.short_name == "竹溪座椅"), None)
        if quotation is None or self.story["state"] == "issued":
            return
        asked = question_service.ask(quotation, told.QUESTION, self._maker("竹溪座椅"), self.began + timedelta(days=2))
        if not self.story.get("open_question"):
            at = self.began + timedelta(days=2, hours=5)
            question_service.answer(self.rfq, asked, told.ANSWER, self.buyer, at, publish=True, public_question=told.PUBLIC_QUESTION)

    def _reissue(self) -> None:
        at = self.began + timedelta(days=4)
        small, middle, large = self.story["quantities"]
        data = self._terms(self.rfq.brief) | {"quantity_1": small + 100, "quantity_2": middle, "quantity_3": large, "incoterm": "FCA"}
        service.reissue(self.rfq, data, told.REISSUE_NOTE, self.buyer, at)
        if self.story["state"] != "reissued":
            for quote in self.story["quotes"]:
                quotation_service.confirm(self._of(quote[0]), self._maker(quote[0]), at + timedelta(days=1))

    def _quote(self, quote: told.Quote, at: datetime) -> None:
        name = quote[0]
        data = self._offer(quote, at)
        quotation_service.submit(self._of(name), data, as_typed(data), self._maker(name), at)

    def _offer(self, quote: told.Quote, at: datetime) -> dict[str, Any]:
        _, prices, tooling, currency, incoterm, place, lead, sample, moq, capacity, score, note = quote
        numbers = [r.position for r in self.rfq.requirements]
        missed = DEVIATION if score < 4 else {}
        return {
            "lead_days": lead, "sample_days": sample, "tooling_days": 30, "moq": moq, "monthly_capacity": capacity, "technical_note": note,
            "currency": currency, "tooling": Money.parse(tooling, currency), "mould_owner": "brand", "incoterm": incoterm, "place": place,
            "payment_terms": "deposit_30", "valid_until": (at + timedelta(days=120)).date(), "commercial_note": "",
            "breaks": [{"quantity_from": q, "price": self._price(p, currency)} for q, p in zip(self.story["quantities"], prices, strict=True)],
            "answers": [{"requirement": n, "verdict": "deviates" if n in missed else "meets", "note": missed.get(n, "")} for n in numbers],
        }  # fmt: skip

    def _price(self, told_price: str, currency: str) -> Money:
        """The told price on the scale of the brief's target cost, so that some offers meet the target and some do not."""
        query = select(BriefTarget.cost_minor).where(BriefTarget.brief_id == self.rfq.brief_id, BriefTarget.currency == "CNY")
        aim = Decimal(db.session.scalars(query).one()) / 100 * NEAR_TARGET / Decimal(self.story["quotes"][0][1][1])
        return rounded(Decimal(told_price) * aim, currency)

    def _judge(self, state: str) -> None:
        at = self.deadline + HOUR / 60
        service.close(self.rfq, SYSTEM, at)
        reviewers = [self.world.actor(handle) for handle in told.REVIEWERS]
        review_service.start(self.rfq, [r.user_id for r in reviewers], self.buyer, at + timedelta(days=1))
        for n, reviewer in enumerate(reviewers):
            if state != "technical_review" or n == 0:
                self._score(reviewer, n, at + timedelta(days=2, hours=n))
        if state != "technical_review":
            review_service.open_prices(self.rfq, self.buyer, at + timedelta(days=4))
        if state == "awarded":
            self._award(at + timedelta(days=6))

    def _score(self, reviewer: Actor, n: int, at: datetime) -> None:
        for quote in self.story["quotes"]:
            base = quote[10]
            scores = {c.id: max(0, min(5, base - (1 if (n + i) % 3 == 2 else 0))) for i, c in enumerate(self.rfq.criteria)}
            review_service.score(self.rfq, self._of(quote[0]), scores, "按样品与验厂记录评分。", reviewer, at)

    def _award(self, at: datetime) -> None:
        second = self.story.get("second")
        choice = Choice(
            self._of(self.story["winner"]).id, self.rfq.quantity_2, self.story.get("share", 100), self._of(second).id if second else None
        )
        award_service.award(self.rfq, choice, self.story["reason"], self.world.actor("zhou.heng"), at)

    def _of(self, name: str) -> Quotation:
        return next(q for q in self.rfq.quotations if q.organisation_id == self.world.organisations[name].id)

    def _maker(self, name: str) -> Actor:
        """Somebody of the factory: the demo's own person, or one without an account."""
        known: Actor | None = self.world.actor_of(name)
        organisation: Organisation = self.world.organisations[name]
        return known or Actor(role="factory", organisation_id=organisation.id, name="业务部", organisation_name=organisation.name)

    def _date(self) -> None:
        """Rows carry the day of their last act instead of the day of the import."""
        rows: list[tuple[Any, Any]] = [(Rfq, self.rfq), *((Quotation, q) for q in self.rfq.quotations)]
        for model, row in rows:
            db.session.execute(update(model).where(model.id == row.id).values(updated_at=row.state_since))


def as_typed(data: dict[str, Any]) -> dict[str, str]:
    """The offer as it would have been typed, for the factory's editor."""
    rows = {f"answers-{n}-{name}": str(a[name]) for n, a in enumerate(data["answers"]) for name in ("requirement", "verdict", "note")}
    breaks = {f"breaks-{n}-quantity_from": str(b["quantity_from"]) for n, b in enumerate(data["breaks"])}
    prices = {f"breaks-{n}-unit_price": str(b["price"].major) for n, b in enumerate(data["breaks"])}
    plain = {name: str(value) for name, value in data.items() if name not in ("answers", "breaks", "tooling")}
    return {**plain, "tooling": str(data["tooling"].major), **breaks, **prices, **rows}
