"""What one revision's page shows: its picture with the marks on it, its files beside those of the revision before. It reads no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from incubator.codevelopment.annotation_models import Annotation
from incubator.codevelopment.differences import Difference, compare
from incubator.codevelopment.models import DeliverableRevision, RevisionFile
from incubator.codevelopment.revision_service import pictures


@dataclass(frozen=True)
class Mark:
    """An annotation as seen from the shown revision; `was_on` is the earlier revision that it was made on."""

    annotation: Annotation
    was_on: int | None


@dataclass(frozen=True)
class View:
    """The shown revision, its picture (or None), the marks on that picture and those elsewhere, and what changed."""

    revision: DeliverableRevision | None
    is_current: bool = True
    pictures: list[RevisionFile] = field(default_factory=list)
    picture: RevisionFile | None = None
    marks: list[Mark] = field(default_factory=list)
    elsewhere: list[Mark] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    open_by_file: dict[str, int] = field(default_factory=dict)


def build(
    revisions: Sequence[DeliverableRevision], annotations: Sequence[Annotation], number: int | None, file_id: int | None
) -> View:  # fmt: skip
    """The view of revision `number` (the latest when it does not exist) at picture `file_id` (the first when it is not there)."""
    if not revisions:
        return View(None)
    revision = next((r for r in revisions if r.number == number), revisions[-1])
    shown = pictures(revision)
    picture = next((row for row in shown if row.file_id == file_id), shown[0] if shown else None)
    marks = [Mark(a, None if a.revision_id == revision.id else a.revision.number) for a in annotations if _belongs(a, revision)]
    here = [m for m in marks if picture is not None and m.annotation.file_name == picture.name]
    before = next((r for r in reversed(revisions) if r.number < revision.number), None)
    return View(
        revision=revision,
        is_current=revision is revisions[-1],
        pictures=shown,
        picture=picture,
        marks=here,
        elsewhere=[m for m in marks if m not in here],
        differences=compare(before.files if before else [], revision.files),
        open_by_file=_open_by_file(marks),
    )


def _belongs(annotation: Annotation, revision: DeliverableRevision) -> bool:
    """Its own revision's, and what was left open on an earlier one: a question does not go away with a new file."""
    if annotation.revision_id == revision.id:
        return True
    return annotation.revision.number < revision.number and annotation.resolved_at is None


def _open_by_file(marks: Sequence[Mark]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for mark in marks:
        if mark.annotation.resolved_at is None:
            counted[mark.annotation.file_name] = counted.get(mark.annotation.file_name, 0) + 1
    return counted
