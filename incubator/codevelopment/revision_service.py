"""Submitting a revision: numbered, with new files and those that did not change. What was submitted is never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from incubator.codevelopment.forms import MOST_FILES
from incubator.codevelopment.models import Deliverable, DeliverableRevision, RevisionFile
from incubator.codevelopment.service import page
from incubator.codevelopment.telling import tell_brand
from incubator.kernel import access, files, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid
from incubator.kernel.file_table import StoredFile


def submit(
    deliverable: Deliverable,
    note: str,
    uploads: Sequence[FileStorage],
    keep: Iterable[int],
    actor: Actor,
    now: datetime,
    expected: int | None = None,
) -> DeliverableRevision:
    """The next revision, of `uploads` and of the files `keep` (ids) of earlier revisions; it supersedes the one before.

    Conflict when the page was stale (a second press of the button included), Forbidden for anybody but the owner,
    Invalid without a file or with more than 30.
    """
    access.require("deliverable.submit", actor, deliverable)
    kept = _kept(deliverable, set(keep), actor)
    if not uploads and not kept:
        raise Invalid({"files": [_l("Choose at least one file.")]})
    if len(uploads) + len(kept) > MOST_FILES:
        raise Invalid({"files": [_l("A revision holds at most %(n)s files.", n=MOST_FILES)]})
    number = deliverable.current_number + 1
    workflow.fire(deliverable, "submit", actor, note or None, now, expected=expected, title=deliverable.title, number=number)
    assert actor.user_id is not None and actor.organisation_id is not None
    revision = DeliverableRevision(
        deliverable_id=deliverable.id, number=number, note=note, organisation_id=actor.organisation_id,
        submitted_by_id=actor.user_id, submitted_at=now,
    )  # fmt: skip
    db.session.add(revision)
    _take_files(deliverable, revision, uploads, kept, actor, now)
    deliverable.current_number, deliverable.submitted_by_id = number, actor.user_id
    deliverable.review_due_on, deliverable.reminded_for = now.date() + timedelta(days=deliverable.review_days), ""
    db.session.flush()
    tell_brand(
        deliverable.product, "deliverable.submitted", page(deliverable), now, actor,
        who=actor.organisation_name, number=number, title=deliverable.title,
    )  # fmt: skip
    return revision


def _kept(deliverable: Deliverable, ids: set[int], actor: Actor) -> list[RevisionFile]:
    """The named files, each as it stood in the latest revision that held it; one of another deliverable is refused."""
    if not ids:
        return []
    query = access.select_visible(RevisionFile, actor).join(DeliverableRevision, DeliverableRevision.id == RevisionFile.revision_id)
    query = query.where(DeliverableRevision.deliverable_id == deliverable.id, RevisionFile.file_id.in_(ids))
    found = {row.file_id: row for row in db.session.scalars(query.order_by(RevisionFile.id))}
    if set(found) != ids:
        raise Invalid({"keep": [_l("One of these files is not of this deliverable.")]})
    return sorted(found.values(), key=lambda row: row.id)


def _take_files(
    deliverable: Deliverable, revision: DeliverableRevision, uploads: Iterable[FileStorage], kept: Iterable[RevisionFile], actor: Actor, now: datetime
) -> None:  # fmt: skip
    taken: set[str] = set()
    for row in kept:
        revision.files.append(RevisionFile(file_id=row.file_id, name=_free(row.name, taken), sha256=row.sha256))
    for upload in uploads:
        stored = files.store(upload, actor, now, subject=("deliverable", deliverable.id), product_id=deliverable.product_id)
        revision.files.append(RevisionFile(file_id=stored.id, name=_free(stored.name, taken), sha256=stored.sha256))
    db.session.flush()


def _free(name: str, taken: set[str]) -> str:
    """A name that this revision has not used yet: phones call every photo alike."""
    path, free, n = PurePosixPath(name), name, 1
    while free in taken:
        n += 1
        free = f"{path.stem} ({n}){path.suffix}"
    taken.add(free)
    return free


def pictures(revision: DeliverableRevision) -> list[RevisionFile]:
    """The files that are shown in a page and can be annotated."""
    return [row for row in revision.files if is_picture(row.file)]


def is_picture(file: StoredFile) -> Any:
    return file.is_inline and file.width is not None
