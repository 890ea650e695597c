"""An import's verbs: hand in a file, say how its headings are read, check it, apply it. Applying a file again changes nothing. The work itself is in `work`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from incubator.imports import kinds, mapping_service
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
    kind: Kind, stored: StoredFile, actor: Actor, now: datetime, *, preset: str = "", options: Mapping[str, Any] | None = None,
    mapping_version_id: int | None = None,
) -> DataImport:  # fmt: skip
    """An import of a file that is stored already; nobody has queued its check. A mapping version is used where it fits the file."""
    made = DataImport(
        organisation_id=actor.organisation_id, user_id=actor.user_id, kind=kind.name, file_id=stored.id, sha256=stored.sha256,
        name=stored.name[:200], preset=preset, options=dict(options or {}), status="checking", created_at=now, counts={},
        mapping_version_id=mapping_version_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def set_mapping(made: DataImport, headings: Sequence[str], chosen: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Read the file's `headings` as `chosen` (column → heading) says, remember that, and queue the check; Refused once it runs or is applied."""
    if made.is_running or made.status == "applied":
        raise Refused(gettext("This import is being worked on, or was applied already."))
    made.mapping = {column: heading for column, heading in chosen.items() if heading}
    made.mapping_version_id = mapping_service.remember(made, headings, actor, now).id
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
