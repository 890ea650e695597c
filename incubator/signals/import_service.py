"""Writes voices set by set: those that are not there yet, with the topics that are heard in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incubator.imports import kinds
from incubator.imports.kinds import Counts, Row
from incubator.imports.models import DataImport
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import insert_many, text_set
from incubator.kernel.db import db
from incubator.signals import service, tagging
from incubator.signals.models import Voice


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Insert the voices that the brand does not have; what is there is never touched."""
    source = service.source_named(_source(made), made.options["channel"], actor, now)
    new = write(rows, source.id, actor, now, made.id)
    return {"new": new, "unchanged": len(rows) - new}


def write(rows: Sequence[Row], source_id: int, actor: Actor, now: datetime, import_id: int | None = None) -> int:
    """Insert those of `rows` (as `reading.Reader` gives them, each digest once) that are not there, and tag them; how many."""
    known = _known([row["digest"] for row in rows], actor)
    new = [row for row in rows if row["digest"] not in known]
    brand_id = actor.organisation_id
    insert_many(Voice, new, brand_id=brand_id, source_id=source_id, import_id=import_id, author_id=actor.user_id, created_at=now)
    tagging.tag_new(new, _known([row["digest"] for row in new], actor), brand_id, actor)
    return len(new)


def _source(made: DataImport) -> str:
    """What the person called it, else the preset's title, else the file's name."""
    preset = kinds.find(made.kind).preset(made.preset)
    return made.options["source"] or (str(preset.title) if preset else made.name)


def _known(digests: Sequence[str], actor: Actor) -> dict[str, int]:
    """Digest → id of those that the brand has."""
    if not digests:
        return {}
    query = access.select_visible(Voice, actor, Voice.digest, Voice.id)
    query = query.where(Voice.brand_id == actor.organisation_id, Voice.digest.in_(text_set(digests)))
    return {digest: voice_id for digest, voice_id in db.session.execute(query)}
