"""Deliverables as JSON values. Moments are UTC in ISO 8601; a party that only reads along gets no decision."""

from typing import Any

from incubator.codevelopment.models import Deliverable, DeliverableDecision, DeliverableRevision

ROW = ("id", "title", "kind", "state", "product_id", "owner_id", "current_number")


def row(found: Any) -> dict[str, Any]:
    """A deliverable in a list."""
    return {
        **{name: getattr(found, name) for name in ROW},
        "due_on": found.due_on.isoformat(),
        "review_due_on": found.review_due_on.isoformat() if found.review_due_on else None,
        "updated_at": found.updated_at.isoformat(),
    }


def deliverable(found: Deliverable, revisions: list[DeliverableRevision], decisions: dict[int, DeliverableDecision]) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in ("description", "acceptance", "review_days", "version")}
    return {**row(found), **plain, "revisions": [_revision(r, decisions.get(r.id)) for r in revisions]}


def _revision(revision: DeliverableRevision, decision: DeliverableDecision | None) -> dict[str, Any]:
    files = [{"file_id": f.file_id, "name": f.name, "sha256": f.sha256, "size": f.file.size} for f in revision.files]
    decided = decision and {"outcome": decision.outcome, "reason": decision.reason, "at": decision.decided_at.isoformat()}
    return {
        "number": revision.number, "note": revision.note, "submitted_by": revision.submitted_by.name,
        "submitted_at": revision.submitted_at.isoformat(), "files": files, "decision": decided,
    }  # fmt: skip
