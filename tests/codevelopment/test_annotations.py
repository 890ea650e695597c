"""Marks on pictures: where they may stand, on which revision, and who resolves them."""

import pytest

from incubator.codevelopment import annotation_service, page_queries
from incubator.kernel import clock
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.codevelopment.builders import Scene, a_picture, a_text

BACKENDS = ("sqlite",)


def test_marks_are_numbered_and_answered_by_both_sides(session):
    scene = Scene()
    found = scene.submitted()
    first, second = scene.annotation(found), scene.annotation(found, scene.designer, "说明一下", width=1000, height=500)
    assert [(a.number, a.shape) for a in (first, second)] == [(1, "pin"), (2, "rectangle")]
    annotation_service.answer(first, found, "已加厚", scene.designer, clock.now())
    seen = page_queries.annotations(found, scene.designer)
    assert [[r.body for r in a.remarks] for a in seen] == [["太薄", "已加厚"], ["说明一下"]]


def test_a_mark_is_resolved_once_and_reopened(session):
    scene = Scene()
    found = scene.submitted()
    mark = scene.annotation(found)
    annotation_service.settle(mark, found, True, scene.leader, clock.now())
    assert mark.resolved_by_id == scene.leader.user_id
    with pytest.raises(Conflict):
        annotation_service.settle(mark, found, True, scene.designer, clock.now())
    annotation_service.settle(mark, found, False, scene.designer, clock.now())
    assert mark.resolved_at is None


def test_a_revision_that_was_replaced_takes_no_new_mark(session):
    scene = Scene()
    found = scene.submitted(a_picture("a.png"))
    old = scene.picture_of(found).file_id
    scene.submit(found, a_picture("a.png", "red"))
    with pytest.raises(Refused, match="Revision 2"):
        annotation_service.add(found, old, "pin", {"x": 1, "y": 1, "width": 0, "height": 0}, "?", scene.leader, clock.now())
    assert scene.annotation(found).revision.number == 2


def test_a_picture_that_was_kept_can_still_be_marked(session):
    scene = Scene()
    found = scene.submitted(a_picture("a.png"))
    kept = scene.picture_of(found).file_id
    scene.submit(found, keep=[kept])
    mark = scene.annotation(found)
    assert (mark.file_id, mark.revision.number) == (kept, 2)


def test_only_pictures_of_this_deliverable(session):
    scene = Scene()
    found, other = scene.submitted(a_text()), scene.submitted(title="别的")
    notes = page_queries.revisions(found, scene.leader)[0].files[0].file_id
    where = {"x": 0, "y": 0, "width": 0, "height": 0}
    with pytest.raises(Invalid):
        annotation_service.add(found, notes, "pin", where, "?", scene.leader, clock.now())
    for file_id in (scene.picture_of(other).file_id, 987_654):
        with pytest.raises(NotFound):
            annotation_service.add(found, file_id, "pin", where, "?", scene.leader, clock.now())


def test_who_reads_along_marks_nothing_and_an_accepted_one_is_closed(session):
    scene = Scene()
    found = scene.submitted()
    with pytest.raises(Forbidden):
        scene.annotation(found, scene.toolmaker)
    mark = scene.annotation(found)
    with pytest.raises(Invalid):
        annotation_service.answer(mark, found, "  ", scene.designer, clock.now())
    with pytest.raises(Forbidden):
        annotation_service.answer(mark, found, "我也看看", scene.toolmaker, clock.now())
    scene.decide(found)
    with pytest.raises(Forbidden):
        scene.annotation(found)
    annotation_service.answer(mark, found, "量产时再看", scene.designer, clock.now())
