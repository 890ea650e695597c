"""What the sweeps need of plans: a link, a template, closing days, rules of reminding and a calendar link of brand A."""

from datetime import date
from typing import Any

from incubator.accounts.identity import actor_for
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.schedule.models import Milestone
from tests.builders import a_milestone
from tests.schedule import builders

FEED = "feed-of-the-sweeps"


def populate(world: Any, manager: Any, partners: list[Any]) -> None:
    product = db.session.get(Product, world.values["product_id"])
    first = db.session.get(Milestone, world.values["milestone_id"])
    factory = partners[0]
    after = a_milestone(product, "T1 试模", owner_part="factory", organisation_id=factory.id, duration_days=5)
    link = builders.a_link(first, after)
    template = builders.a_template(actor_for(manager, manager.memberships[0]))
    closure = builders.a_closure(manager.memberships[0].organisation, date(2027, 2, 1), date(2027, 2, 14))
    builders.a_setting(product.programme)
    builders.a_feed(manager, FEED)
    world.values |= {
        "link_id": link.id, "template_id": template.id, "closure_id": closure.id, "key": "hero", ("schedule.read_feed", "token"): FEED,
    }  # fmt: skip
