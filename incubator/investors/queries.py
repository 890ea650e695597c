"""Reads of commitments and tranches for pages: always scoped, columns instead of rows, the same number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.investors import conditions
from incubator.investors.models import Commitment, Tranche, TrancheCondition, TrancheOutcome, TrancheProposal
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.filters import contains
from incubator.products.models import Product, Programme

MOST_EXPORTED = 100_000
COUNTED = 100
BY_SIGNING = paging.Order(Commitment.signed_on, "signed_on", descending=True)
BY_DUE = paging.Order(Tranche.due_on, "due_on")
OPEN = ("planned", "due")


@dataclass(frozen=True)
class Sums:
    """What was promised and what has come, in one currency."""

    committed: Money
    drawn: Money

    @property
    def undrawn(self) -> Money:
        return Money(self.committed.minor - self.drawn.minor, self.committed.currency)


def _commitments(actor: Actor, filters: dict[str, Any], *columns: Any) -> Select[Any]:
    query = access.select_visible(Commitment, actor, *columns).join(Programme, Programme.id == Commitment.programme_id)
    other = Commitment.investor_id if actor.role == "brand" else Commitment.brand_id
    query = query.join(Organisation, Organisation.id == other)
    if filters.get("programme"):
        query = query.where(Commitment.programme_id == filters["programme"])
    if filters.get("investor") and actor.role == "brand":
        query = query.where(Commitment.investor_id == filters["investor"])
    if text := filters.get("q"):
        query = query.where(or_(contains(Commitment.reference, text), contains(Organisation.name, text), contains(Programme.name, text)))
    return query


def _commitment_rows(actor: Actor, filters: dict[str, Any]) -> Select[Any]:
    """`other` is the investor for the brand, and the brand for the investor."""
    c = Commitment
    columns = (
        c.id, c.reference, c.amount_minor, c.currency, c.signed_on, c.contact, c.programme_id, Programme.name.label("programme"),
        Organisation.name.label("other"), Organisation.id.label("other_id"),
    )  # fmt: skip
    return _commitments(actor, filters, *columns)


def commitments(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of commitments, the latest signed first; `filters`: programme, investor, q (contract, investor, programme)."""
    count = _commitments(actor, filters, Commitment.id)
    return paging.fetch(_commitment_rows(actor, filters), Commitment.id, BY_SIGNING, cursor, size, count)


def commitments_export(actor: Actor, filters: dict[str, Any]) -> list[Any]:
    query = _commitment_rows(actor, filters).order_by(Commitment.signed_on.desc(), Commitment.id.desc())
    return list(db.session.execute(query.limit(MOST_EXPORTED)))


def drawn(actor: Actor, commitment_ids: Iterable[int]) -> dict[int, int]:
    """Minor units released, by commitment."""
    query = access.select_visible(TrancheOutcome, actor, Tranche.commitment_id, func.sum(TrancheOutcome.amount_minor)).join(Tranche)
    query = query.where(Tranche.commitment_id.in_(list(commitment_ids))).group_by(Tranche.commitment_id)
    return {commitment_id: int(total) for commitment_id, total in db.session.execute(query)}


def sums(actor: Actor, programme_id: int | None = None) -> list[Sums]:
    """Committed and drawn by currency, of everything that the actor sees."""
    chosen = [Commitment.programme_id == programme_id] if programme_id else []
    promised = access.select_visible(Commitment, actor, Commitment.currency, func.sum(Commitment.amount_minor)).where(*chosen)
    came = access.select_visible(TrancheOutcome, actor, Commitment.currency, func.sum(TrancheOutcome.amount_minor))
    came = (
        came.join(Tranche, Tranche.id == TrancheOutcome.tranche_id).join(Commitment, Commitment.id == Tranche.commitment_id).where(*chosen)
    )
    have = {currency: int(total) for currency, total in db.session.execute(came.group_by(Commitment.currency))}
    rows = db.session.execute(promised.group_by(Commitment.currency).order_by(Commitment.currency))
    return [Sums(Money(int(total), currency), Money(have.get(currency, 0), currency)) for currency, total in rows]


def commitment(commitment_id: int, actor: Actor) -> Commitment:
    """With its programme, both parties, tranches, conditions and outcomes, in a fixed number of queries."""
    parties = (joinedload(Commitment.programme), joinedload(Commitment.investor), joinedload(Commitment.brand))
    tranches = selectinload(Commitment.tranches).options(joinedload(Tranche.outcome), _conditions())
    found: Commitment = access.get_visible(Commitment, commitment_id, actor, *parties, tranches)
    return found


def tranche(tranche_id: int, actor: Actor) -> Tranche:
    """With its commitment and conditions, and for the brand the people behind the payment."""
    whole = joinedload(Tranche.commitment).options(
        joinedload(Commitment.programme), joinedload(Commitment.investor), joinedload(Commitment.brand)
    )
    outcome = joinedload(Tranche.outcome)
    if actor.role == "brand":
        outcome = outcome.options(joinedload(TrancheOutcome.decided_by), joinedload(TrancheOutcome.proposed_by))
    found: Tranche = access.get_visible(Tranche, tranche_id, actor, whole, outcome, _conditions())
    return found


def _conditions() -> Any:
    return selectinload(Tranche.conditions).joinedload(TrancheCondition.product)


def proposal(tranche_id: int, actor: Actor) -> TrancheProposal | None:
    """The payment that waits to be released; the brand's alone."""
    query = access.select_visible(TrancheProposal, actor).where(TrancheProposal.tranche_id == tranche_id)
    return db.session.scalars(query.options(joinedload(TrancheProposal.proposed_by))).one_or_none()


def _tranches(actor: Actor, filters: dict[str, Any], *columns: Any) -> Select[Any]:
    query = access.select_visible(Tranche, actor, *columns).join(Commitment, Commitment.id == Tranche.commitment_id)
    query = query.join(Programme, Programme.id == Commitment.programme_id)
    query = query.join(Organisation, Organisation.id == (Tranche.investor_id if actor.role == "brand" else Tranche.brand_id))
    if filters.get("state") == "open":
        query = query.where(Tranche.state.in_(OPEN))
    elif filters.get("state"):
        query = query.where(Tranche.state == filters["state"])
    if filters.get("programme"):
        query = query.where(Commitment.programme_id == filters["programme"])
    if filters.get("investor") and actor.role == "brand":
        query = query.where(Tranche.investor_id == filters["investor"])
    return query


def _tranche_rows(actor: Actor, filters: dict[str, Any]) -> Select[Any]:
    columns = (
        Tranche.id, Tranche.name, Tranche.amount_minor, Commitment.currency, Tranche.due_on, Tranche.state, Tranche.commitment_id,
        Commitment.reference, Programme.name.label("programme"), Commitment.programme_id, Organisation.name.label("other"),
        TrancheOutcome.paid_on, TrancheOutcome.amount_minor.label("paid_minor"), TrancheOutcome.bank_reference, TrancheOutcome.reason,
    )  # fmt: skip
    return _tranches(actor, filters, *columns).outerjoin(TrancheOutcome, TrancheOutcome.tranche_id == Tranche.id)


def tranches(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of tranches by the day on which they are expected; `filters`: state (or "open"), programme, investor."""
    return paging.fetch(_tranche_rows(actor, filters), Tranche.id, BY_DUE, cursor, size, _tranches(actor, filters, Tranche.id))


def tranches_export(actor: Actor, filters: dict[str, Any]) -> list[Any]:
    return list(db.session.execute(_tranche_rows(actor, filters).order_by(Tranche.due_on, Tranche.id).limit(MOST_EXPORTED)))


def waits_of(tranche_ids: Iterable[int], actor: Actor) -> dict[int, list[tuple[str, bool]]]:
    """By tranche, its conditions as sentences and whether each has been seen to hold: what the tranche itself says, not the product."""
    t = TrancheCondition
    columns = (t.id, t.tranche_id, t.kind, t.stage, t.on_date, t.met_at, Product.name.label("product"))
    query = access.select_visible(t, actor, *columns).outerjoin(Product, Product.id == t.product_id)
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for r in db.session.execute(query.where(t.tranche_id.in_(list(tranche_ids))).order_by(t.id)):
        found[r.tranche_id].append((conditions.sentence(r, r.product), r.met_at is not None))
    return found


def due_count(actor: Actor, _today: date) -> Any:
    """A scalar subquery: the tranches that are due, up to a hundred."""
    due = access.select_visible(Tranche, actor, Tranche.id).where(Tranche.state == "due").limit(COUNTED).subquery()
    return select(func.count()).select_from(due).scalar_subquery()


def options(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """The programmes and, for the brand, the investors that the filters offer: those with a commitment."""
    programme = access.select_visible(Commitment, actor, Programme.id, Programme.name).join(Programme).distinct().order_by(Programme.name)
    found = {"programme": [(r.id, r.name) for r in db.session.execute(programme)], "investor": []}
    if actor.role == "brand":
        investor = access.select_visible(Commitment, actor, Organisation.id, Organisation.name)
        investor = investor.join(Organisation, and_(Organisation.id == Commitment.investor_id)).distinct().order_by(Organisation.name)
        found["investor"] = [(r.id, r.name) for r in db.session.execute(investor)]
    return found


def find(actor: Actor, text: str, limit: int) -> list[Any]:
    """Commitments by contract number, programme or, for the brand, investor."""
    return list(db.session.execute(_commitment_rows(actor, {"q": text}).order_by(Commitment.signed_on.desc(), Commitment.id).limit(limit)))
