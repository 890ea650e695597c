"""The lines of a report about money: burn against plan for everybody, and for each investor its own commitments and tranches."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from incubator.investors import conditions, runway
from incubator.investors.facts import Facts
from incubator.investors.figures import LOCALES, RECIPES, Line, both, row, same
from incubator.investors.models import Commitment, Tranche, TrancheCondition
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

SUMS = (
    ("budget", _l("Budget")),
    ("planned", _l("Planned so far")),
    ("spent", _l("Spent so far")),
    ("revenue", _l("Revenue so far")),
    ("left", _l("Left of the budget, revenue added")),
)
OWN = (("committed", _l("Committed")), ("drawn", _l("Drawn")), ("undrawn", _l("Not drawn yet")))
RECIPES.update({f"burn_{name}@1": lambda inputs, name=name: getattr(runway.from_inputs(inputs), name) for name, _label in SUMS})  # type: ignore[misc]
RECIPES["burn_months@1"] = lambda inputs: runway.from_inputs(inputs).months


def burn(facts: Facts) -> list[Line]:
    """Sums, the runway in months, and one line per month."""
    programme, source = facts.programme, f"/programmes/{facts.programme.id}/burn"
    months = runway.months_of(programme, facts.as_of.date())
    inputs = runway.as_inputs(programme.budget_minor, months)
    found, made = runway.measure(programme.budget_minor, months), []
    for name, label in SUMS:
        value = getattr(found, name)
        made.append(Line("burn", f"burn_{name}", both(label), value, programme.currency, facts.as_of, source, f"burn_{name}@1", inputs))
    label = both(_l("Months that the rest lasts at the pace of the last three"))
    made.append(Line("burn", "burn_months", label, found.months, "months", facts.as_of, source, "burn_months@1", inputs))
    for m in months:
        value = {"month": m.month.isoformat(), "planned": m.planned, "spent": m.spent, "revenue": m.revenue}
        made.append(row("burn_months", f"burn.{m.month:%Y-%m}", same(f"{m.month:%Y-%m}"), value, programme.currency, facts.as_of, source))
    return made


def of_investors(facts: Facts, investor_ids: Sequence[int]) -> list[Line]:
    """For each of the investors what it committed, what of it was drawn, and its tranches as they stand; in four queries."""
    query = access.select_visible(Commitment, SYSTEM).where(
        Commitment.programme_id == facts.programme.id, Commitment.investor_id.in_(investor_ids), Commitment.signed_on <= facts.as_of.date()
    )
    loaded = selectinload(Commitment.tranches).options(
        selectinload(Tranche.conditions).joinedload(TrancheCondition.product), joinedload(Tranche.outcome)
    )
    commitments = db.session.scalars(query.options(loaded).order_by(Commitment.investor_id, Commitment.signed_on, Commitment.id)).all()
    tranches = [t for c in commitments for t in c.tranches]
    judged = _sentences(tranches, facts)
    by_currency: dict[tuple[int, str], list[Commitment]] = defaultdict(list)
    for c in commitments:
        by_currency[c.investor_id, c.currency].append(c)
    made = []
    for (investor_id, currency), own in by_currency.items():
        made += _sums(facts, investor_id, currency, own)
        made += [_tranche(facts, investor_id, currency, t, judged[t.id]) for c in own for t in c.tranches if t.created_at <= facts.as_of]
    return made


def _sums(facts: Facts, investor_id: int, currency: str, own: list[Commitment]) -> list[Line]:
    committed = sum(c.amount_minor for c in own)
    drawn = sum(t.outcome.amount_minor for c in own for t in c.tranches if t.outcome and t.outcome.decided_at <= facts.as_of)
    values = {"committed": committed, "drawn": drawn, "undrawn": committed - drawn}
    return [
        row("commitments", f"{name}.{currency}", both(label), values[name], currency, facts.as_of, "/investors", investor_id)
        for name, label in OWN
    ]


def _tranche(facts: Facts, investor_id: int, currency: str, tranche: Tranche, waits: dict[str, list[str]]) -> Line:
    """A tranche as it stood: what ended after the moment was still planned or due then."""
    ended = tranche.outcome if tranche.outcome and tranche.outcome.decided_at <= facts.as_of else None
    state = ended.outcome if ended else ("due" if _is_due(tranche, facts) else "planned")
    value: dict[str, Any] = {
        "amount": tranche.amount_minor, "due_on": tranche.due_on.isoformat(), "state": state,
        "paid": ended.amount_minor if ended else 0, "paid_on": ended.paid_on.isoformat() if ended and ended.paid_on else None,
        "waits": {} if ended else waits,
    }  # fmt: skip
    return row(
        "tranches", f"tranche.{tranche.id}", same(tranche.name), value, currency, facts.as_of, f"/tranches/{tranche.id}", investor_id
    )


def _is_due(tranche: Tranche, facts: Facts) -> bool:
    """As far as can be told: its day had come by then, or it is due since before."""
    return tranche.due_on <= facts.as_of.date() or (tranche.state == "due" and tranche.state_since <= facts.as_of)


def _products(facts: Facts) -> dict[int, conditions.Standing]:
    """How the products stood at the moment, with the latest verdict by then."""
    verdicts = {v.product_id: v.outcome for v in facts.verdicts}
    return {p.id: conditions.Standing(p.name, p.stage, verdicts.get(p.id, "")) for p in facts.history.products}


def _sentences(tranches: list[Tranche], facts: Facts) -> dict[int, dict[str, list[str]]]:
    """By tranche, what it still waits for, in both languages."""
    found: dict[int, dict[str, list[str]]] = {t.id: {} for t in tranches}
    products = _products(facts)
    for locale in LOCALES:
        with force_locale(locale):
            for tranche_id, judged in conditions.judge(tranches, facts.as_of.date(), products).items():
                found[tranche_id][locale] = [text for _c, text, met in judged if not met]
    return found
