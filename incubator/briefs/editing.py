"""What every change of a brief goes through: it is the brand's, editable, not stale; and what it says afterwards is kept as a revision."""

from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.briefs import content, words
from incubator.briefs.models import BriefRevision, ProductBrief
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Refused

Data = dict[str, Any]


def require_editable(brief: ProductBrief, actor: Actor) -> None:
    _look_again(brief)
    if actor.organisation_id == brief.brand_id and not brief.is_editable:
        raise Refused(
            gettext("A brief is locked while it is in review and after it was accepted. Send it to review again to change the verdict.")
        )
    access.require("brief.edit", actor, brief)


def _look_again(brief: ProductBrief) -> None:
    """Wait for whoever is editing, then read what stands: on PostgreSQL two editors may have read the same version."""
    db.session.refresh(brief, with_for_update={"of": ProductBrief})
    db.session.expire(brief, ["requirements", "references", "claims"])


def refuse_gone(row: Any, rows: list[Any], brief: ProductBrief, actor: Actor) -> None:
    if row not in rows:
        raise Conflict(what=workflow.last_act(brief, actor))


def refuse_stale(brief: ProductBrief, data: Data, expected: int | None, actor: Actor) -> None:
    if expected is None or expected == brief.version:
        return
    mine = {**content.snapshot(brief), **{n: content.as_json(data[n]) for n in content.FIELDS if n in data}}
    changes = content.difference(mine, content.snapshot(brief))
    rows = [(c.heading, words.word(c.what, c.before), words.word(c.what, c.after)) for c in changes]
    raise Conflict(what=workflow.last_act(brief, actor), difference=rows)


def saved(brief: ProductBrief, actor: Actor, now: datetime, what: str) -> ProductBrief:
    brief.updated_at = now
    db.session.flush()
    keep_revision(brief, actor, now, what)
    audit.record(f"brief.{what}", brief, actor, now, revision=brief.revision)
    return brief


def keep_revision(brief: ProductBrief, actor: Actor, now: datetime, what: str) -> None:
    """Keep what the brief says now as its next revision, unless it says what it said."""
    db.session.flush()
    said = content.snapshot(brief)
    latest = access.select_visible(BriefRevision, SYSTEM, BriefRevision.content)
    if db.session.scalar(latest.where(BriefRevision.brief_id == brief.id, BriefRevision.number == brief.revision)) == said:
        return
    brief.revision += 1
    db.session.add(BriefRevision(brief_id=brief.id, number=brief.revision, at=now, author_id=actor.user_id, what=what, content=said))
    db.session.flush()
