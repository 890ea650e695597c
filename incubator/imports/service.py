"""An import's verbs: hand in a file, say how its headings are read, check it, apply it. Applying a file again changes nothing. The work itself is in `work`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.imports import kinds
from incubator.imports.kinds import Kind
from incubator.imports.models import DataImport
from incubator.kernel import access, audit, files, jobs
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.file_table import StoredFile


def start(
    kind: Kind, upload: Any, actor: Actor, now: datetime, *, preset: str = "", options: Mapping[str, Any] | None = None
) -> DataImport:
    """Keep an uploaded file and queue its check."""
    access.require(kind.rule, actor)
    made = keep(kind, files.store(upload, actor, now, kind="import"), actor, now, preset=preset, options=options)
    made.run_id = jobs.enqueue("imports.check", actor, now, import_id=made.id).id
    return made


def keep(
    kind: Kind, stored: StoredFile, actor: Actor, now: datetime, *, preset: str = "", options: Mapping[str, Any] | None = None
) -> DataImport:
    """An import of a file that is stored already; nobody has queued its check."""
    made = DataImport(
        organisation_id=actor.organisation_id, user_id=actor.user_id, kind=kind.name, file_id=stored.id, sha256=stored.sha256,
        name=stored.name[:200], preset=preset, options=dict(options or {}), status="checking", created_at=now, counts={},
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def set_mapping(made: DataImport, chosen: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Read the headings as `chosen` (column → heading) says, and queue the check; Refused once the import runs or is applied."""
    if made.is_running or made.status == "applied":
        raise Refused(gettext("This import is being worked on, or was applied already."))
    made.mapping = {column: heading for column, heading in chosen.items() if heading}
    made.status = "checking"
    made.run_id = jobs.enqueue("imports.check", actor, now, import_id=made.id).id


def ask_to_apply(made: DataImport, actor: Actor, now: datetime, *, queue: bool = True) -> DataImport:
    """Queue the application of an import that was checked; asking twice is asking once."""
    access.require(kinds.find(made.kind).rule, actor)
    if made.status != "checked":
        raise Refused(gettext("Only a checked import can be applied."))
    made.status, made.position = "applying", 0
    if queue:
        made.run_id = jobs.enqueue("imports.apply", actor, now, key=f"import:{made.id}:{made.version}", import_id=made.id).id
    audit.record("import.apply", made, actor, now, kind=made.kind, name=made.name)
    return made
