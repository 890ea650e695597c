"""The verbs of an audit: plan, score, note findings, decide, close findings. What was decided is not edited; a finding can only be closed."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.factories import words
from incubator.factories.audit_models import AuditCheck, AuditDecision, AuditFinding, FactoryAudit
from incubator.factories.models import Factory
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused

Data = dict[str, Any]


def plan(factory: Factory, data: Data, actor: Actor, now: datetime) -> FactoryAudit:
    """Plan an audit with the checklist of its kind; `data` holds kind, audited_on and auditor."""
    access.require("factory.keep", actor, factory)
    ordered_by = actor.organisation_id if actor.role == "brand" else None
    made = FactoryAudit(factory_id=factory.id, ordered_by_id=ordered_by, state_since=now, created_at=now, **data)
    made.checks = [AuditCheck(code=code) for code in words.CHECKS[data["kind"]]]
    db.session.add(made)
    db.session.flush()
    audit.record("factory_audit.plan", made, actor, now, kind=made.kind)
    return made


def score(made: FactoryAudit, scores: dict[str, Data], actor: Actor, now: datetime, expected: int | None = None) -> FactoryAudit:
    """Keep the scores by the code of the check: {"score": 0–5 or None, "does_not_apply", "note"}."""
    _require_open(made, actor, expected)
    for check in made.checks:
        if given := scores.get(check.code):
            check.does_not_apply = bool(given["does_not_apply"])
            check.score = None if check.does_not_apply else given["score"]
            check.note = given["note"]
    made.updated_at = now
    db.session.flush()
    audit.record("factory_audit.score", made, actor, now, score=made.score)
    return made


def _require_open(made: FactoryAudit, actor: Actor, expected: int | None = None) -> None:
    _look_again(made, expected, actor)
    if made.is_decided:
        raise Refused(_l("A decided audit is not edited. Findings can still be closed, and another audit may follow."))
    access.require("audit.edit", actor, made)


def _look_again(made: FactoryAudit, expected: int | None, actor: Actor) -> None:
    """Wait for whoever is at it, then refuse a stale page."""
    db.session.refresh(made, with_for_update={"of": FactoryAudit})
    if expected is not None and expected != made.version:
        raise Conflict(what=workflow.last_act(made, actor))


def note_finding(made: FactoryAudit, data: Data, actor: Actor, now: datetime) -> AuditFinding:
    """Note what is wrong, with severity, text and due_on."""
    _require_open(made, actor)
    if data["due_on"] < made.audited_on:
        raise Invalid({"due_on": [_l("A finding cannot be due before the audit.")]})
    finding = AuditFinding(audit=made, created_at=now, **data)
    db.session.add(finding)
    db.session.flush()
    audit.record("factory_audit.finding", made, actor, now, severity=finding.severity)
    return finding


def close_finding(finding: AuditFinding, note: str, actor: Actor, now: datetime) -> None:
    """Say how a finding was mended; closing twice is closing once."""
    access.require("audit.close_finding", actor, finding.audit)
    if not note.strip():
        raise Invalid({"note": [_l("Say how it was mended.")]})
    if finding.closed_at is None:
        finding.closed_at, finding.closed_by_id, finding.closing_note = now, actor.user_id, note.strip()
        db.session.flush()
        audit.record("factory_audit.close_finding", finding.audit, actor, now, finding=finding.id)


def attach(made: FactoryAudit, upload: Any, actor: Actor, now: datetime) -> None:
    """Keep the report with the audit, until it is decided."""
    _require_open(made, actor)
    made.file_id = files.store(upload, actor, now, subject=("factory_audit", made.id)).id
    db.session.flush()


def keep_decision(made: FactoryAudit, actor: Actor, reason: str, now: datetime) -> None:
    """The outcome as a row that nothing updates, with the scores and findings as they stood."""
    checks = [{"code": c.code, "score": c.score, "does_not_apply": c.does_not_apply, "note": c.note} for c in made.checks]
    findings = [
        {"severity": f.severity, "text": f.text, "due_on": f.due_on.isoformat(), "closed": f.closed_at is not None} for f in made.findings
    ]
    db.session.add(
        AuditDecision(
            audit_id=made.id, outcome=made.state, reason=reason.strip(), score=made.score, checks=checks, findings=findings,
            decided_at=now, decided_by_id=actor.user_id,
        )
    )  # fmt: skip
    db.session.flush()
