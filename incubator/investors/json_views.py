"""Commitments, tranches and reports as JSON values. Amounts are minor units with their currency; moments are UTC in ISO 8601."""

from typing import Any

from incubator.investors import report_queries
from incubator.investors.report_models import ProgressReport
from incubator.kernel.actor import Actor

FIGURE = ("section", "key", "label", "value", "unit", "digest")


def commitment(row: Any, drawn: int) -> dict[str, Any]:
    names = ("id", "reference", "amount_minor", "currency", "programme_id", "programme")
    return {**{n: getattr(row, n) for n in names}, "other_party": row.other, "signed_on": row.signed_on.isoformat(), "drawn_minor": drawn}


def tranche(row: Any, waits: list[tuple[str, bool]]) -> dict[str, Any]:
    names = ("id", "name", "amount_minor", "currency", "state", "commitment_id", "reference", "programme")
    return {
        **{n: getattr(row, n) for n in names},
        "due_on": row.due_on.isoformat(),
        "paid_on": row.paid_on.isoformat() if row.paid_on else None,
        "paid_minor": row.paid_minor or 0,
        "bank_reference": row.bank_reference or "",
        "reason": row.reason or "",
        "waits_for": [{"condition": text, "met": met} for text, met in waits],
    }


def report_row(row: Any) -> dict[str, Any]:
    names = ("id", "title", "period", "edition", "state", "brand", "is_read")
    released = row.released_at.isoformat() if row.released_at else None
    dates = {"label": report_queries.period_label(row), "starts_on": row.starts_on.isoformat(), "released_at": released}
    return {**{n: getattr(row, n) for n in names}, **dates}


def report(found: ProgressReport, lines: list[Any], documents: list[Any], actor: Actor) -> dict[str, Any]:
    """The whole report; sources and whose a figure is only for the brand."""
    freeze = found.freeze
    assert freeze is not None
    return {
        "id": found.id, "title": found.title, "period": found.period, "label": found.period_label, "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat(), "edition": found.edition, "state": found.state, "brand": found.brand.name,
        "released_at": found.released_at.isoformat() if found.released_at else None, "as_of": freeze.as_of.isoformat(),
        "frozen_at": freeze.frozen_at.isoformat(), "content_hash": freeze.content_hash, "figures": [_figure(line, actor) for line in lines],
        "documents": [{"language": d.language, "sha256": d.sha256, "size": d.size} for d in documents],
    }  # fmt: skip


def _figure(line: Any, actor: Actor) -> dict[str, Any]:
    figure = {**{n: getattr(line, n) for n in FIGURE}, "as_of": line.as_of.isoformat()}
    return {**figure, "source": line.source, "recipe": line.recipe, "investor_id": line.audience_id} if actor.role == "brand" else figure
