"""Where the products of a programme stood at a moment, told from the audit trail, which nothing changes: so a year later it tells the same."""

from dataclasses import dataclass
from datetime import datetime

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.products.models import STAGES, Product, Programme

ON_MARKET = ("launch", "scale", "handed_over")
ENDED = ("handed_over", "stopped")


@dataclass(frozen=True)
class Move:
    """A product's step from one stage to the next."""

    entry_id: int
    product_id: int
    event: str
    source: str
    target: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """A product at the moment, with the stage in which it was then and since when."""

    id: int
    name: str
    type: str
    stage: str
    since: datetime
    began: datetime


@dataclass(frozen=True)
class History:
    """The products that existed at `as_of`, by name, and every step that they had made by then, in order."""

    products: list[Standing]
    steps: list[Move]

    def reached(self, event: str) -> dict[int, datetime]:
        """When each product made the step `event`, if it did."""
        return {step.product_id: step.at for step in self.steps if step.event == event}

    @property
    def on_market(self) -> list[Standing]:
        return [p for p in self.products if p.stage in ON_MARKET]


def of(programme: Programme, as_of: datetime) -> History:
    """In two queries. A product that had not moved by then stood where its first later step began."""
    every = _moves(programme)
    first: dict[int, str] = {}
    for step in every:
        first.setdefault(step.product_id, step.source)
    steps = [step for step in every if step.at <= as_of]
    last = {step.product_id: step for step in steps}
    columns = (Product.id, Product.name, Product.type, Product.state, Product.created_at)
    query = access.select_visible(Product, SYSTEM, *columns).where(Product.programme_id == programme.id, Product.created_at <= as_of)
    products = []
    for r in db.session.execute(query.order_by(Product.name, Product.id)):
        stage = last[r.id].target if r.id in last else first.get(r.id, r.state)
        products.append(Standing(r.id, r.name, r.type, stage, last[r.id].at if r.id in last else r.created_at, r.created_at))
    return History(products, steps)


def _moves(programme: Programme) -> list[Move]:
    e = AuditEntry
    ours = access.select_visible(Product, SYSTEM, Product.id).where(Product.programme_id == programme.id)
    query = access.select_visible(e, SYSTEM, e.id, e.record_id, e.event, e.data, e.at).where(
        e.record_type == Product.__tablename__, e.record_id.in_(ours), e.event.startswith("product.")
    )
    rows = [(r, r.data or {}) for r in db.session.execute(query.order_by(e.at, e.id))]
    return [
        Move(r.id, r.record_id, r.event.removeprefix("product."), data["before"], data["after"], r.at)
        for r, data in rows
        if _is_stage(data.get("before")) and _is_stage(data.get("after"))
    ]


def _is_stage(value: object) -> bool:
    return isinstance(value, str) and value in STAGES
