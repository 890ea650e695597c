"""What a report is made of, read once: the programme's products as they stood, its briefs, verdicts, milestones and factories. It writes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import or_

from incubator.accounts.models import Organisation
from incubator.briefs.gate_models import GateDecision, GateReview
from incubator.briefs.models import ProductBrief
from incubator.investors import history
from incubator.investors.history import History, Move
from incubator.kernel import access, i18n
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.products.models import Participant, Product, Programme
from incubator.schedule.models import Milestone


@dataclass(frozen=True)
class Facts:
    """Rows with the ids of their records; `since` and `as_of` bound the period, the latter being the moment of everything else."""

    programme: Programme
    since: datetime
    as_of: datetime
    now: datetime
    history: History
    briefs: list[Any]
    verdicts: list[Any]
    milestones: list[Any]
    factories: list[Any]

    @property
    def moved(self) -> list[Move]:
        """The steps made in the period."""
        return [step for step in self.history.steps if step.at >= self.since]

    @property
    def decided(self) -> list[Any]:
        """The verdicts given in the period."""
        return [v for v in self.verdicts if v.decided_at >= self.since]


def bounds(report: Any, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The first moment of the report's period where its writer is, and its last, or now while it runs."""
    local = i18n.local(now, zone)
    starts = datetime.combine(report.starts_on, time.min, local.tzinfo).astimezone(UTC)
    ends = datetime.combine(report.ends_on, time.max, local.tzinfo).astimezone(UTC)
    return starts, min(now, ends)


def read(programme: Programme, since: datetime, as_of: datetime, now: datetime) -> Facts:
    """In six queries, however many products there are."""
    return Facts(
        programme, since, as_of, now, history.of(programme, as_of), _briefs(programme), _verdicts(programme, as_of),
        _milestones(programme, as_of), _factories(programme, as_of),
    )  # fmt: skip


def _ours(model: Any, programme: Programme, *columns: Any) -> Any:
    return (
        access.select_visible(model, SYSTEM, *columns)
        .join(Product, Product.id == model.product_id)
        .where(Product.programme_id == programme.id)
    )


def _briefs(programme: Programme) -> list[Any]:
    query = _ours(ProductBrief, programme, ProductBrief.product_id, ProductBrief.segment, ProductBrief.moq)
    return list(db.session.execute(query.order_by(ProductBrief.id)))


def _verdicts(programme: Programme, as_of: datetime) -> list[Any]:
    columns = (
        GateReview.id,
        GateReview.number,
        GateDecision.outcome,
        GateDecision.decided_at,
        Product.id.label("product_id"),
        Product.name,
    )
    query = (
        access.select_visible(GateDecision, SYSTEM, *columns)
        .join(GateReview)
        .join(ProductBrief)
        .join(Product, Product.id == ProductBrief.product_id)
    )
    query = query.where(Product.programme_id == programme.id, GateDecision.decided_at <= as_of)
    return list(db.session.execute(query.order_by(GateDecision.decided_at, GateDecision.id)))


def _milestones(programme: Programme, as_of: datetime) -> list[Any]:
    """Those promised by then; `done_at` as it is now, and its reader compares it with the moment."""
    m = Milestone
    query = _ours(m, programme, m.id, m.name, m.product_id, m.baseline_on, m.due_on, m.done_at, Product.name.label("product"))
    return list(db.session.execute(query.where(m.created_at <= as_of).order_by(m.due_on, m.id)))


def _factories(programme: Programme, as_of: datetime) -> list[Any]:
    p = Participant
    query = _ours(p, programme, p.organisation_id, p.product_id).join(Organisation, Organisation.id == p.organisation_id)
    live = or_(p.left_at.is_(None), p.left_at > as_of)
    return list(db.session.execute(query.where(p.part == "factory", p.created_at <= as_of, live).order_by(p.organisation_id, p.product_id)))
