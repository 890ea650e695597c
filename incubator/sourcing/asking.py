"""What an enquiry asks, as plain data: the snapshot that an issue keeps, and the readable difference of two. Never a target price."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.briefs.models import Requirement
from incubator.kernel import i18n
from incubator.sourcing import words
from incubator.sourcing.models import Rfq, RfqRequirement

TERMS = (
    "title", "scenario", "quantity_1", "quantity_2", "quantity_3", "incoterm", "destination", "tooling_wanted", "tooling_note",
    "sample_due_on", "deadline", "deadline_zone", "currencies", "technical_threshold", "note",
)  # fmt: skip
REQUIREMENT = ("attribute", "operator", "target", "unit", "tolerance", "priority")
Content = dict[str, Any]


def snapshot(rfq: Rfq, documents: list[str]) -> Content:
    """Everything that the invited factories read, as JSON data; `documents` are the names of the attached files."""
    return {
        **{name: plain(getattr(rfq, name)) for name in TERMS},
        "requirements": [{name: getattr(r, name) for name in REQUIREMENT} for r in rfq.requirements],
        "criteria": [{"name": c.name, "weight": c.weight} for c in rfq.criteria],
        "documents": documents,
    }


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def changes(before: Content, after: Content) -> list[dict[str, Any]]:
    """What differs: [{"field", "before", "after"}], in the order in which a factory reads it."""
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)} for name in words.ASKED if before.get(name) != after.get(name)
    ]


def rows(changed: list[dict[str, Any]], zone: str) -> list[tuple[str, str, str]]:
    """(word for the field, before, after) of each change, in the present language."""
    return [(str(words.ASKED[c["field"]]), shown(c["field"], c["before"], zone), shown(c["field"], c["after"], zone)) for c in changed]


def shown(field: str, value: Any, zone: str = "UTC") -> str:
    """A value of a change in words, in the present language."""
    if value in (None, "", []):
        return "–"
    if field == "deadline":
        return words.at(datetime.fromisoformat(value), zone)
    if field in ("requirements", "criteria", "documents", "currencies"):
        return i18n.listed(_row(field, row) for row in value)
    return str(_word(field, value))


def _row(field: str, row: Any) -> str:
    if field == "criteria":
        return f"{row['name']} {row['weight']}%"
    return f"{row['attribute']} {words.target(RfqRequirement(**row))}" if field == "requirements" else str(row)


def _word(field: str, value: Any) -> Any:
    if field == "tooling_wanted":
        return gettext("Wanted") if value else gettext("Not wanted")
    if field.startswith("quantity"):
        return i18n.number(value)
    tables = {"scenario": words.SCENARIOS, "incoterm": words.INCOTERMS, "deadline_zone": words.ZONES}
    return tables.get(field, {}).get(value, value)


def take_requirements(rfq: Rfq, requirements: list[Requirement]) -> None:
    """Let the enquiry ask what the brief says now. What it asked already keeps its row, and with it the answers that were given."""
    kept = {tuple(getattr(r, name) for name in REQUIREMENT): r for r in rfq.requirements}
    wanted = [tuple(getattr(r, name) for name in REQUIREMENT) for r in requirements]
    rows = [kept.get(values) or RfqRequirement(**dict(zip(REQUIREMENT, values, strict=True))) for values in dict.fromkeys(wanted)]
    for n, row in enumerate(rows, 1):
        row.position = n
    rfq.requirements[:] = rows
