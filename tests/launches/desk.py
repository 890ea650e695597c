"""A brand with a product before its launch, its partners, and the people who act for them."""

from typing import Any

from incubator.kernel import clock
from tests.builders import a_brief, a_participant, a_product, a_programme, an_actor, an_organisation
from tests.launches.builders import a_channel, a_golden_sample, a_plan, a_price, a_sku


class Market:
    """A product at `stage` with an accepted brief; a factory, a rival factory, a design firm and a launch partner take part."""

    def __init__(self, stage: str = "preproduction", **brief: Any) -> None:
        self.brand = an_organisation("brand")
        self.actor, self.colleague = an_actor(self.brand), an_actor(self.brand)
        self.product = a_product(a_programme(self.brand), stage, owner_id=self.actor.user_id)
        self.brief = a_brief(self.product, state=brief.pop("state", "accepted"), **brief)
        self.factory, self.rival = an_organisation("factory"), an_organisation("factory")
        self.firm, self.partner = an_organisation("design_firm"), an_organisation("launch_partner")
        for organisation in (self.factory, self.rival, self.firm, self.partner):
            a_participant(self.product, organisation)
        a_golden_sample(self.brief, self.factory, self.actor.user_id)
        self.maker, self.other_maker = an_actor(self.factory), an_actor(self.rival)
        self.designer, self.seller = an_actor(self.firm), an_actor(self.partner)

    @property
    def now(self) -> Any:
        return clock.now()

    def a_sku(self, factory: Any = None, **values: Any) -> Any:
        return a_sku(self.product, factory or self.factory, **values)

    def for_sale(self, *platforms: str) -> tuple[Any, list[Any]]:
        """A complete SKU with a price near the brief's target (¥450) on new channels."""
        sku = self.a_sku(launch_price_minor=45_000)
        channels = [a_channel(self.brand, platform) for platform in platforms or ("tmall",)]
        for channel in channels:
            a_price(sku, channel, 45_000)
        a_plan(self.product)
        return sku, channels
