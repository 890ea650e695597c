"""The frozen lines of a report in words: values with their unit, dates, states. It computes nothing, so it cannot change what was frozen."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.investors import words
from incubator.investors.models import Tranche
from incubator.kernel import i18n, workflow
from incubator.kernel.money import COMMON_CURRENCIES, Money
from incubator.products import words as product_words

TITLES: dict[str, Any] = {
    "texts": _l("Summary"),
    "kpis": _l("What the programme is measured by"),
    "objectives": _l("Objectives and key results"),
    "stages": _l("Products by stage"),
    "products": _l("Where every product stands"),
    "moves": _l("What moved in the period"),
    "gates": _l("Gates decided in the period"),
    "burn": _l("Burn against plan"),
    "burn_months": _l("Burn by month"),
    "commitments": _l("Your commitment"),
    "tranches": _l("Your tranches"),
    "risks": _l("Late or later than promised"),
}

SOURCES: dict[str, Any] = {
    "texts": _l("the brand"),
    "kpis": _l("products, briefs and milestones"),
    "objectives": _l("the programme"),
    "stages": _l("the products' audit trail"),
    "products": _l("the products' audit trail"),
    "moves": _l("the products' audit trail"),
    "gates": _l("the value gate"),
    "burn": _l("the programme's books"),
    "burn_months": _l("the programme's books"),
    "commitments": _l("the contract"),
    "tranches": _l("the contract"),
    "risks": _l("the products' plans"),
}
MEANINGS: dict[str, Any] = {
    "niches": _l("Different segments of the briefs whose product is launched, scaling or handed over."),
    "heroes": _l("Products of type hero that are launched, scaling or handed over."),
    "repeating": _l("Factories that take part in two or more products that are launched, scaling or handed over."),
    "gate_passed": _l("Verdicts “go” and “go, with conditions” as a share of all verdicts so far."),
    "days_to_sample": _l("Days from passing the value gate to the sealed sample, the middle one of all products that have both."),
    "days_to_market": _l("Days from the first record of a product to its launch, the middle one of all launched products."),
    "promises": _l("Milestones done by the day that was promised first, as a share of those whose day has come."),
    "minimum": _l("The smallest order that the briefs allow, the middle one of all briefs that name it."),
    "hits": _l("SKUs of the programme whose last weekly grade is hit, by the rule that stands on each SKU's page."),
    "return_rate": _l(
        "Units that came back as a share of the units sold in the last eight complete weeks, over all SKUs of the programme."
    ),
    "improved": _l("Changes that factories made after feedback, whose effect was measured and is better with certainty."),
    "handed_over": _l("Products that a factory or brand company has taken over."),
}

PARTS: dict[str, Any] = {
    "objective": _l("Objective"), "start": _l("Start value"), "current": _l("Now"), "target": _l("Goal"), "progress": _l("Progress"),
    "due_on": _l("Due"), "stage": _l("Stage"), "since": _l("In stage since"), "type": _l("Type"), "from": _l("From stage"), "to": _l("To stage"),
    "on": _l("Day"), "outcome": _l("Verdict"), "number": _l("Review"), "month": _l("Month"), "planned": _l("Planned"), "spent": _l("Spent"),
    "revenue": _l("Revenue"), "amount": _l("Amount"), "state": _l("State"), "paid": _l("Paid"), "paid_on": _l("Paid on"), "waits": _l("Waits for"),
    "product": _l("Product"), "late": _l("Days late"), "slip": _l("Days moved"),
}  # fmt: skip


def unit(code: str) -> str:
    """The unit in the present language; one that people typed, as typed."""
    return str(words.UNITS.get(code, code))


def value(line: Any) -> str:
    """A single figure with its unit; a dash for what could not be measured."""
    if line.value is None:
        return "–"
    if line.unit in COMMON_CURRENCIES:
        return i18n.whole_money(Money(line.value, line.unit))
    number = i18n.number(line.value)
    if line.unit == "percent":
        return f"{number}%"
    return f"{number} {unit(line.unit)}".strip()


def plain(line: Any, language: str) -> Any:
    """A cell for a sheet: numbers as numbers, the rest in one line."""
    found = line.value
    if isinstance(found, dict):
        if line.section == "texts":
            return found[language]
        return " · ".join(
            f"{PARTS[name]} {_cell(name, cell, line, language)}" for name, cell in found.items() if cell not in (None, "", [], {})
        )
    return Money(found, line.unit).major if line.unit in COMMON_CURRENCIES and found is not None else found


def _cell(name: str, cell: Any, line: Any, language: str) -> str:
    if name == "waits":
        return i18n.listed(cell.get(language, ()))
    if name in ("stage", "from", "to"):
        return str(product_words.STAGE[cell])
    if name in ("outcome", "type"):
        return str({**words.OUTCOMES, **product_words.PRODUCT_TYPE}[cell])
    if name == "state":
        return str(tranche_state(cell).label)
    if name in ("amount", "paid", "planned", "spent", "revenue"):
        return str(Money(cell, line.unit).major)
    return str(cell)


def amount(minor: int, currency: str) -> Money:
    return Money(minor, currency)


def day(text: str | None) -> str:
    return i18n.day(date.fromisoformat(text)) if text else "–"


def tranche_state(name: str) -> Any:
    return workflow.machines[Tranche].state(name)


def whole(line: Any, name: str) -> str:
    """A part of a line as a sum without cents."""
    return i18n.whole_money(Money(line.value[name], line.unit))
