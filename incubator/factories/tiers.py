"""Whether the evidence of a factory meets the criteria of a tier. Pure: facts and criteria in, what is met and what is missing out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from incubator.factories.evidence_models import TierCriterion
from incubator.factories.models import Factory

LASTS = timedelta(days=365)
AUDIT_COUNTS = timedelta(days=365)


@dataclass(frozen=True)
class Met:
    """One criterion against the evidence; a `value` of None is not known, and does not count."""

    measure: str
    threshold: int
    at_most: bool
    value: int | None

    @property
    def is_met(self) -> bool:
        if self.value is None:
            return False
        return self.value <= self.threshold if self.at_most else self.value >= self.threshold


def facts(factory: Factory, today: date) -> dict[str, int | None]:
    """The evidence on `today`: expired certificates, unchecked clients and audits older than a year count nothing."""
    audits = [a for a in factory.audits if a.state == "passed" and a.audited_on + AUDIT_COUNTS >= today]
    latest = max(audits, key=lambda a: a.audited_on, default=None)
    return {
        "valid_certificates": sum(c.counts_on(today) for c in factory.certificates),
        "audit_score": latest.score if latest else None,
        "checked_clients": sum(entry.checked_at is not None for entry in factory.oem),
        "capabilities": sum(bool(row.monthly_capacity) for row in factory.capabilities),
        "staff_count": factory.staff_count,
        "years": today.year - factory.founded_year if factory.founded_year else None,
        "open_serious_findings": sum(
            finding.closed_at is None and finding.severity in ("critical", "major")
            for audit in factory.audits
            for finding in audit.findings
        ),
        "export_share": factory.export_share,
    }


def judged(criteria: Iterable[TierCriterion], known: Mapping[str, int | None]) -> list[Met]:
    """Each criterion beside what is known."""
    return [Met(c.measure, c.threshold, c.at_most, known.get(c.measure)) for c in criteria]


def last_day(factory: Factory, today: date) -> date:
    """A year, but not longer than the audit that it rests on counts."""
    audits = [a.audited_on for a in factory.audits if a.state == "passed" and a.audited_on + AUDIT_COUNTS >= today]
    return min([today + LASTS, *([max(audits) + AUDIT_COUNTS] if audits else [])])


def as_evidence(found: Iterable[Met]) -> list[dict[str, Any]]:
    """What an award keeps of the day on which it was given."""
    return [{"measure": m.measure, "threshold": m.threshold, "at_most": m.at_most, "value": m.value} for m in found]
