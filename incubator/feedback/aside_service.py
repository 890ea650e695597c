"""Setting a finding aside: the brand says why, the factory is told of it no more, and it can be taken up again. A new change takes it up by itself.

What a pack that was sent has told stays told; one that still waits to be sent is compiled anew without it.
"""

from collections.abc import Iterable
from datetime import datetime

from incubator.feedback import finding_words, service
from incubator.feedback.finding_models import Finding
from incubator.feedback.models import FeedbackPack, PackSection
from incubator.kernel import access, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db


def set_aside(finding: Finding, note: str, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Keep the reason with what was known. Refused while the sales of a pack that must be compiled anew are being rolled up."""
    cause = finding_words.cause(finding.reason, finding.topic)
    workflow.fire(finding, "set_aside", actor, note=note, now=now, expected=expected, code=finding.sku.code, cause=cause)
    finding.aside = {"week": finding.last_week.isoformat(), "high": finding.high}
    finding.aside_note, finding.aside_by_id, finding.updated_at = note.strip(), actor.user_id, now
    db.session.flush()
    for pack in _unsent(finding, actor):
        service.recompile(pack, actor, now)


def reopen(finding: Finding, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """Take it up again, as a new one: the factory is told with the next pack in which it is found. Why it was set aside stays on the record."""
    workflow.fire(finding, "reopen", actor, now=now, expected=expected, code=finding.sku.code)
    finding.aside, finding.updated_at = None, now
    db.session.flush()


def _unsent(finding: Finding, actor: Actor) -> Iterable[FeedbackPack]:
    """Packs that nobody but the brand has seen, and that would tell of it."""
    sections = access.select_visible(PackSection, actor, PackSection.pack_id, PackSection.findings)
    sections = sections.join(FeedbackPack, FeedbackPack.id == PackSection.pack_id)
    rows = db.session.execute(sections.where(PackSection.sku_id == finding.sku_id, FeedbackPack.state == "compiled"))
    ids = [row.pack_id for row in rows if any(told["id"] == finding.id for told in row.findings or ())]
    return [access.get_visible(FeedbackPack, pack_id, actor) for pack_id in ids]
