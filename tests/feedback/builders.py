"""Rows for the tests of feedback: a brand whose SKUs sold, the factories that made them, and packs led to any state through the services."""

from datetime import date, timedelta
from typing import Any

from incubator.feedback import action_service, compiling, finding_service, service
from incubator.feedback.models import FeedbackPack
from incubator.kernel import access, clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import SkuFactory
from incubator.sales import grading
from incubator.sales.models import SkuWeek, SkuWeekReason
from tests import builders
from tests.builders import put
from tests.sales.desk import a_channel, a_sku

WEEK = timedelta(weeks=1)


def last_week() -> date:
    return grading.last_complete_week(clock.now().date())


class Desk:
    """A brand with a product, two factories that take part in it, and two SKUs of the first: one sells well, one comes back too often."""

    def __init__(self, brand: Any = None, factory: Any = None, user: Any = None, maker: Any = None) -> None:
        self.brand = brand or builders.an_organisation("brand", None, short_name="源选")
        self.user = user or builders.a_person(self.brand, manager=True)
        self.actor = builders.an_actor(self.brand, self.user)
        self.factory = factory or builders.an_organisation("factory", None, short_name="竹溪座椅")
        self.maker = maker or builders.a_person(self.factory, manager=True, locale="zh", timezone="Asia/Shanghai")
        self.maker_actor = builders.an_actor(self.factory, self.maker)
        self.rival = builders.an_organisation("factory", None, short_name="对手厂")
        self.rival_user = builders.a_person(self.rival, manager=True)
        self.rival_actor = builders.an_actor(self.rival, self.rival_user)
        self.product = builders.a_product(builders.a_programme(self.brand), "launch", category="家具", owner_id=self.user.id)
        for factory in (self.factory, self.rival):
            builders.a_participant(self.product, factory)
        self.channel = a_channel(self.brand, name=f"店 {self.brand.id}")
        self.week = last_week()
        self.good = self.sku("GOOD-1", planned_units_per_week=50)
        self.bad = self.sku("BAD-1", planned_units_per_week=50)
        self.sold(self.good, [60] * 12, [1] * 12)
        self.sold(self.bad, [50] * 12, [1, 1, 1, 1, *[12] * 8], "smell")
        db.session.flush()

    def sku(self, code: str, factory: Any = None, **values: Any) -> Any:
        sku = a_sku(self.product, code, factory or self.factory, **values)
        put(SkuFactory(sku_id=sku.id, organisation_id=(factory or self.factory).id, from_on=self.week - 60 * WEEK, created_at=clock.now()))
        return sku

    def moved(self, sku: Any, factory: Any, from_on: date) -> None:
        put(SkuFactory(sku_id=sku.id, organisation_id=factory.id, from_on=from_on, created_at=clock.now()))
        sku.factory_organisation_id = factory.id

    def sold(self, sku: Any, units: list[int], returned: list[int], reason: str = "quality", week: date | None = None) -> None:
        """Weeks that end with `week`, oldest first."""
        last = week or self.week
        for n, (sold, back) in enumerate(zip(reversed(units), reversed(returned), strict=True)):
            own = {"brand_id": self.brand.id, "sku_id": sku.id, "channel_id": self.channel.id, "week": last - n * WEEK}
            put(
                SkuWeek(
                    **own,
                    units=sold,
                    orders=sold,
                    returned_units=back,
                    returned_orders=back,
                    revenue_minor=777_000,
                    refunded_minor=0,
                    currency="CNY",
                    table_version=3,
                )
            )
            if back:
                put(SkuWeekReason(**own, reason=reason, units=back, orders=back))

    def drafts(self) -> dict[int, compiling.Draft]:
        """As the job makes them: what is more than chance is looked for first."""
        finding_service.look_if_new(self.brand.id, self.week, clock.now())
        return compiling.drafts(self.brand.id, self.week)

    def pack(self, state: str = "sent", factory: Any = None) -> FeedbackPack:
        """The pack of the factory of the last week, led to `state`."""
        wanted = (factory or self.factory).id
        draft = self.drafts()[wanted]
        pack = service.compile_pack(self.brand.id, self.week, draft, self.actor, clock.now())
        if pack is None:
            query = access.select_visible(FeedbackPack, SYSTEM).where(FeedbackPack.factory_id == wanted, FeedbackPack.week == self.week)
            pack = db.session.scalars(query).one()
        self.lead(pack, state)
        return pack

    def lead(self, pack: FeedbackPack, state: str) -> None:
        now = clock.now()
        order = ("compiled", "sent", "read", "acknowledged", "acted")
        steps: dict[str, Any] = {
            "sent": lambda: service.send(pack, self.actor, now),
            "read": lambda: service.read(pack, self.maker_actor, now),
            "acknowledged": lambda: (self.answer(pack), service.acknowledge(pack, self.maker_actor, now)),
            "acted": lambda: [
                action_service.finish(s.action, clock.today("Asia/Shanghai"), "换了垫圈", (), self.maker_actor, now)
                for s in pack.sections
                if s.action
            ],
        }
        for name in order[order.index(pack.state) + 1 : order.index(state) + 1]:
            steps[name]()
        db.session.flush()

    def answers(self, pack: FeedbackPack) -> dict[int, dict[str, Any]]:
        """A fix for what comes back, a reorder for the other."""
        day = clock.today() + timedelta(days=9)
        fix = {"choice": "fix", "what": "换密封圈", "lot": "L-7", "on": day}
        reorder = {"choice": "reorder", "quantity": 400, "on": day}
        return {s.id: fix if s.code.startswith("BAD") else reorder for s in pack.sections}

    def answer(self, pack: FeedbackPack, actor: Any = None, expected: int | None = None) -> None:
        service.answer(pack, self.answers(pack), actor or self.maker_actor, clock.now(), expected)
