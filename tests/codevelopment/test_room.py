"""The data room: what is shared, for how long, and who took what."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from incubator.codevelopment import room_queries, room_service
from incubator.codevelopment.room_models import RoomShare
from incubator.kernel import access, clock
from incubator.kernel.errors import Forbidden, Invalid, NotFound
from incubator.kernel.file_table import StoredFile
from tests.builders import an_organisation
from tests.codevelopment.builders import DAY, Scene

BACKENDS = ("sqlite",)


def test_a_folder_is_seen_by_whom_it_is_shared_with_and_by_nobody_else(session):
    scene = Scene()
    folder = scene.folder("报告", scene.firm)
    kept = scene.kept(folder)
    assert room_queries.file(kept.id, scene.designer) is kept
    for look in (room_queries.folder, lambda _id, actor: room_queries.file(kept.id, actor)):
        with pytest.raises(NotFound):
            look(folder.id, scene.toolmaker)
    assert [f.name for f in room_queries.folders(scene.product, scene.toolmaker)] == []
    assert [(f.name, f.files) for f in room_queries.folders(scene.product, scene.designer)] == [("报告", 1)]


def test_no_file_of_the_room_is_read_by_its_own_address(session):
    scene = Scene()
    kept = scene.kept(scene.folder("报告", scene.firm))
    for actor in (scene.leader, scene.designer):
        with pytest.raises(NotFound):
            access.get_visible(StoredFile, kept.file_id, actor)


def test_taking_back_is_immediate_and_a_share_expires(session):
    scene = Scene()
    folder = scene.folder("报告", scene.firm)
    room_service.revoke(session.scalar(select(RoomShare)), scene.leader, clock.now())
    with pytest.raises(NotFound):
        room_queries.folder(folder.id, scene.designer)
    with pytest.raises(NotFound):
        room_service.revoke(session.scalar(select(RoomShare)), scene.leader, clock.now())
    room_service.share(folder, scene.firm.id, "read", clock.today(), scene.leader, clock.now())
    assert room_queries.folder(folder.id, scene.designer)
    with clock.frozen(clock.now() + timedelta(days=1)), pytest.raises(NotFound):
        room_queries.folder(folder.id, scene.designer)


def test_a_new_right_replaces_the_old_one(session):
    scene = Scene()
    folder = scene.folder("报告", scene.firm, right="upload")
    room_service.share(folder, scene.firm.id, "read", None, scene.leader, clock.now())
    assert not room_service.may_upload(folder, scene.designer)
    living = [s for s in room_queries.shares(folder, scene.leader) if s.is_live(clock.today())]
    assert [s.access for s in living] == ["read"]


def test_only_who_may_upload_uploads_and_two_parties_never_see_each_other(session):
    scene = Scene()
    folder = scene.folder("试模", scene.firm, scene.maker, right="upload")
    scene.kept(folder, name="brand.csv")
    theirs = scene.kept(folder, scene.toolmaker, "maker.csv")
    assert {f.name for f in room_queries.files_of(folder, scene.leader, None).rows} == {"brand.csv", "maker.csv"}
    assert [f.name for f in room_queries.files_of(folder, scene.designer, None).rows] == ["brand.csv"]
    with pytest.raises(NotFound):
        room_queries.file(theirs.id, scene.designer)
    reading = scene.folder("只读", scene.firm)
    with pytest.raises(Forbidden):
        scene.kept(reading, scene.designer)


def test_a_download_is_written_down_for_good(session):
    scene = Scene()
    folder = scene.folder("报告", scene.firm)
    kept = scene.kept(folder)
    room_service.download(kept, scene.designer, clock.now())
    assert [(d.file_name, d.organisation) for d in room_queries.downloads(folder, scene.leader)] == [("report.csv", "木石设计")]
    assert room_queries.downloads(folder, scene.designer) == []
    assert [(r.folder, r.name, r.downloads) for r in room_queries.index(scene.product, scene.leader)] == [("报告", "report.csv", 1)]
    room_service.remove(kept, scene.leader, clock.now())
    session.commit()
    assert room_queries.downloads(folder, scene.leader)[0].file_name == "report.csv"
    with pytest.raises(DatabaseError):
        session.execute(text("DELETE FROM room_download"))
    session.rollback()


def test_a_party_removes_only_what_it_put_there(session):
    scene = Scene()
    folder = scene.folder("试模", scene.maker, right="upload")
    ours, theirs = scene.kept(folder), scene.kept(folder, scene.toolmaker)
    with pytest.raises(Forbidden):
        room_service.remove(ours, scene.toolmaker, clock.now())
    room_service.remove(theirs, scene.toolmaker, clock.now())
    assert len(room_queries.files_of(folder, scene.leader, None).rows) == 1


def test_what_cannot_be_shared(session):
    scene = Scene()
    folder = scene.folder("报告")
    for organisation, until in ((an_organisation("factory"), None), (scene.firm, clock.today() - DAY)):
        with pytest.raises(Invalid):
            room_service.share(folder, organisation.id, "read", until, scene.leader, clock.now())
    with pytest.raises(Invalid):
        scene.folder("报告")
    with pytest.raises(Forbidden):
        room_service.create_folder(scene.product, "我的", "", scene.designer, clock.now())
