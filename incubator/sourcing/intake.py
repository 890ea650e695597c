"""From a validated form to the data that the services take, and back. The same for pages and JSON."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import FieldList

from incubator.briefs.fields import percent_to_bp
from incubator.briefs.models import ProductBrief
from incubator.kernel.money import Money
from incubator.sourcing import asking, words
from incubator.sourcing.decision_models import CostBasis
from incubator.sourcing.forms import BasisForm, RfqForm
from incubator.sourcing.landed_cost import LEGS
from incubator.sourcing.models import Rfq
from incubator.sourcing.quotation_forms import MOST_TYPED, QuotationForm

Data = dict[str, Any]
PLAIN = tuple(name for name in asking.TERMS if name != "deadline")
AMOUNTS = tuple(f"{leg}_{part}" for leg in LEGS for part in ("shipment", "unit"))
QUOTED = (
    "lead_days", "sample_days", "tooling_days", "moq", "monthly_capacity", "technical_note", "currency", "mould_owner", "incoterm", "place",
    "payment_terms", "valid_until", "commercial_note",
)  # fmt: skip
LONGEST_TYPED = 8000


def rfq_data(form: RfqForm) -> Data:
    criteria = [{"name": row.form.name.data, "weight": row.form.weight.data} for row in form.criteria if row.form.name.data]
    return {**{name: form[name].data for name in PLAIN}, "deadline": form.deadline, "criteria": criteria}


def rfq_values(rfq: Rfq) -> Data:
    """What the editor shows of an existing enquiry."""
    local = rfq.deadline.astimezone(ZoneInfo(rfq.deadline_zone))
    return {
        **{name: getattr(rfq, name) for name in PLAIN},
        "deadline_on": local.date(),
        "deadline_time": local.time().replace(second=0, microsecond=0),
        "criteria": [{"name": c.name, "weight": c.weight} for c in rfq.criteria],
        "version": rfq.version,
    }


def values_for(brief: ProductBrief, criteria: Iterable[tuple[str, int]]) -> Data:
    """What a new enquiry begins with, out of the brief: a first order, a quarter and a year."""
    first = brief.first_order_quantity or brief.moq or 500
    year = max(brief.annual_quantity, first * 10)
    return {
        "title": brief.title,
        "scenario": brief.scenario if brief.scenario in words.SCENARIOS else "small_wholesale",
        "quantity_1": first,
        "quantity_2": max(first + 1, year // 4),
        "quantity_3": max(first + 2, year // 4 + 1, year),
        "criteria": [{"name": str(name), "weight": weight} for name, weight in criteria],
    }


def quotation_data(form: QuotationForm) -> Data:
    """Fields, price breaks (with Money) and answers of a valid quotation."""
    currency = form.currency.data
    rows = [row.form for row in form.breaks if not row.form.is_blank]
    return {
        **{name: form[name].data for name in QUOTED},
        "tooling": form.tooling.money(currency) if form.tooling.data else Money(0, currency),
        "breaks": [{"quantity_from": row.quantity_from.data, "price": row.unit_price.money(currency)} for row in rows],
        "answers": [
            {"requirement": r.form.requirement.data, "verdict": r.form.verdict.data, "note": r.form.note.data} for r in form.answers
        ],
    }


def typed(form: QuotationForm) -> dict[str, str]:
    """What was typed into the fields that the form has, as typed; bounded, because a draft is kept unchecked."""
    pairs = {name: value for field in form for name, value in _typed_of(field)}
    return {name: value for name, value in list(pairs.items())[:MOST_TYPED] if name not in ("csrf_token", "version")}


def _typed_of(field: Any) -> Iterable[tuple[str, str]]:
    if isinstance(field, FieldList):
        for row in field:
            for part in row.form:
                yield from _typed_of(part)
    elif field.raw_data:
        yield field.name, str(field.raw_data[0]).replace("\x00", "")[:LONGEST_TYPED]


def first_rows(quantities: Iterable[int]) -> dict[str, str]:
    """What a blank quotation begins with, as typed: a price line for each quantity that is asked."""
    return {f"breaks-{n}-quantity_from": str(quantity) for n, quantity in enumerate(quantities)}


def answer_rows(requirements: Iterable[Any], given: dict[int, tuple[str, str]]) -> dict[str, str]:
    """The answer lines as typed, one per requirement in its present order; `given`: requirement id → verdict and note."""
    found: dict[str, str] = {}
    for n, requirement in enumerate(requirements):
        verdict, note = given.get(requirement.id, ("", ""))
        found |= {f"answers-{n}-requirement": str(requirement.position), f"answers-{n}-verdict": verdict, f"answers-{n}-note": note}
    return found


def basis_data(form: BasisForm) -> Data:
    currency = form.currency.data
    amounts = {f"{name}_minor": form[name].money(currency).minor if form[name].data else 0 for name in AMOUNTS}
    rates = {f"{name}_bp": percent_to_bp(form[name].data) or 0 for name in ("insurance", "duty")}
    return {**amounts, **rates, "currency": currency, "amortise_over": form.amortise_over.data, "duty_on": form.duty_on.data}


def basis_values(basis: CostBasis) -> Data:
    amounts = {name: str(basis.amount(name)) if getattr(basis, f"{name}_minor") else "" for name in AMOUNTS}
    rates = {name: f"{getattr(basis, f'{name}_bp') / 100:g}" for name in ("insurance", "duty")}
    return {**amounts, **rates, "currency": basis.currency, "amortise_over": basis.amortise_over, "duty_on": basis.duty_on}
