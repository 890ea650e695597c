"""What a brief says, as plain data: the snapshot of a revision, its hash, and the readable difference of two. Never the targets."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs import words
from incubator.kernel import i18n
from incubator.kernel.money import Money

FIELDS = (
    "title", "type", "segment", "buyer_kind", "scenario", "need", "reason_to_choose", "customisation", "customisation_notes",
    "compliance", "first_order_quantity", "annual_quantity", "moq", "launch_from", "launch_to",
)  # fmt: skip
REQUIREMENT_FIELDS = ("attribute", "operator", "target", "unit", "tolerance", "priority", "evidence")
REFERENCE_FIELDS = ("name", "maker", "url", "price_minor", "currency", "notes")
POINT_FIELDS = ("attribute", "aspect", "their_value", "our_value", "verdict", "evidence")

LABELS = {
    "title": _l("Title"), "type": _l("Type"), "segment": _l("Segment"), "buyer_kind": _l("Buyers"), "scenario": _l("Demand scenario"),
    "need": _l("Need beyond price"), "reason_to_choose": _l("Reason to choose"), "customisation": _l("Customisation"),
    "customisation_notes": _l("Customisation notes"), "compliance": _l("Compliance"),
    "first_order_quantity": _l("First order"), "annual_quantity": _l("Volume per year"), "moq": _l("MOQ"),
    "launch_from": _l("Launch from"), "launch_to": _l("Launch until"),
    "requirements": _l("Requirement"), "references": _l("Reference product"), "claims": _l("Value claim"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One line of a difference; `before` or `after` is None where something was added or removed."""

    label: Any
    what: str
    before: str | None
    after: str | None

    @property
    def heading(self) -> str:
        """The field's word, with the row's name where it is a row."""
        return str(self.label) if self.what in FIELDS else f"{self.label}: {self.what}"


def snapshot(brief: Any) -> dict[str, Any]:
    """The whole public content of a ProductBrief as JSON data."""
    names = {r.id: r.name for r in brief.references}
    return {
        **{name: as_json(getattr(brief, name)) for name in FIELDS},
        "requirements": requirements(brief),
        "references": [{n: getattr(r, n) for n in REFERENCE_FIELDS} for r in brief.references],
        "claims": [
            {
                "kind": c.kind,
                "statement": c.statement,
                "evidence": c.evidence,
                "points": [{"reference": names.get(p.reference_id, ""), **{n: getattr(p, n) for n in POINT_FIELDS}} for p in c.points],
            }
            for c in brief.claims
        ],
    }


def requirements(brief: Any) -> list[dict[str, Any]]:
    return [{n: getattr(r, n) for n in REQUIREMENT_FIELDS} for r in brief.requirements]


def as_json(value: Any) -> Any:
    """Dates become ISO text; everything else stays."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON; what a signature is given on."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What changed from one snapshot to another, field by field and row by row (rows are matched by their name)."""
    return [
        *_changed_fields(before, after),
        *(c for part in ("requirements", "references", "claims") for c in _changed_rows(part, before, after)),
    ]


def _changed_fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in FIELDS:
        old, new = before.get(name), after.get(name)
        if old != new:
            yield Change(LABELS[name], name, _text(old), _text(new))


def _changed_rows(part: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    old, new = _by_name(part, before), _by_name(part, after)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield Change(LABELS[part], key[0], _row_text(part, old.get(key)), _row_text(part, new.get(key)))


def _by_name(part: str, content: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """Rows keyed by name and occurrence, so that two rows of one name stay two."""
    key = {"requirements": "attribute", "references": "name", "claims": "statement"}[part]
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for row in content.get(part, []):
        n = sum(1 for name, _ in rows if name == row[key])
        rows[(row[key], n)] = row
    return rows


def _row_text(part: str, row: dict[str, Any] | None) -> str | None:
    if row is None:
        return None
    return " · ".join(str(v) for v in ROW_WORDS[part](row) if v not in ("", None))


def _requirement_words(row: dict[str, Any]) -> list[Any]:
    target = f"{words.word('operator', row['operator'])} {row['target']}" + (f" ± {row['tolerance']}" if row["tolerance"] else "")
    return [f"{target} {row['unit']}".strip(), words.word("priority", row["priority"]), row["evidence"]]


def _reference_words(row: dict[str, Any]) -> list[Any]:
    return [row["maker"], row["url"], i18n.money(Money(row["price_minor"], row["currency"])), row["notes"]]


def _claim_words(row: dict[str, Any]) -> list[Any]:
    points = (
        f"{p['reference']} · {p['attribute']}: {p['their_value']} → {p['our_value']} ({words.VERDICTS[p['verdict']]})"
        for p in row["points"]
    )
    return [words.CLAIM_KINDS[row["kind"]], row["evidence"], "; ".join(points)]


ROW_WORDS = {"requirements": _requirement_words, "references": _reference_words, "claims": _claim_words}


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
