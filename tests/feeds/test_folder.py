"""Watched folders: each finished file once, nothing through a link, nothing half written, nothing outside."""

import os
from datetime import UTC, datetime

import pytest

from incubator.feeds import folder, jobs, places, service
from incubator.feeds.models import Feed
from incubator.feeds.service import Wish
from incubator.imports import kinds
from incubator.kernel import blobs, clock
from incubator.kernel.errors import Invalid
from incubator.kernel.file_table import StoredFile
from tests.feeds.desk import MINUTE, SHEET, FeedDesk

BACKENDS = ("sqlite",)  # what a database does differently is in test_push and test_life


def test_a_file_is_taken_imported_and_left_where_it_is(desk):
    feed = desk.feed("folder", place="tmall/orders")
    path = desk.drop("words.csv", place="tmall/orders")
    assert desk.tick() == {"looks": 1, "stopped": 0}
    [taken] = desk.files(feed)
    made = desk.import_of(taken)
    assert (taken.name, taken.size, made.status, made.user_id) == ("words.csv", len(SHEET), "applied", desk.actor.user_id)
    assert desk.words() == {"chair": "5", "table": "6"} and path.read_bytes() == SHEET and desk.told() == []
    [feed] = desk.all(Feed)
    assert feed.next_at > clock.now() and feed.looked_at and feed.failures == 0


def test_a_file_is_taken_once_whatever_is_touched(desk):
    feed = desk.feed("folder")
    path = desk.drop("words.csv")
    desk.look(feed)
    then = clock.now().timestamp() - 60
    os.utime(path, (then, then))
    desk.look(feed)
    [taken] = desk.files(feed)
    assert taken.mark.endswith(str(int(path.stat().st_mtime_ns)))
    path.unlink()
    desk.drop("again.csv")
    desk.look(feed)
    assert len(desk.files(feed)) == 2, "another name is another file"


def test_a_file_that_changed_is_taken_again(desk):
    feed = desk.feed("folder")
    desk.drop("words.csv")
    desk.look(feed)
    desk.drop("words.csv", b"word,size\nchair,7\n")
    desk.look(feed)
    assert len(desk.files(feed)) == 2 and desk.words() == {"chair": "7", "table": "6"}


def test_a_growing_file_waits_and_is_looked_for_again_within_a_minute(desk):
    feed = desk.feed("folder", rhythm="day", hour=3)
    path = desk.drop("words.csv", SHEET[:14], age=5)
    desk.tick()
    [feed] = desk.all(Feed)
    assert desk.files(feed) == [] and clock.now() < feed.next_at <= clock.now() + MINUTE
    path.write_bytes(SHEET)
    with clock.frozen(clock.now() + 2 * MINUTE):
        desk.tick()
    assert [taken.size for taken in desk.files(feed)] == [len(SHEET)]


def test_a_file_that_grows_while_it_is_read_is_not_taken(desk, monkeypatch):
    feed = desk.feed("folder")
    path = desk.drop("words.csv")
    real = folder.look

    def slow(*given):
        found = real(*given)
        with path.open("ab") as file:
            file.write(b"lamp,9\n")
        return found

    monkeypatch.setattr(folder, "look", slow)
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert desk.files(feed) == [] and feed.next_at <= clock.now() + MINUTE


def test_what_is_no_finished_sheet_is_left_alone(desk):
    feed = desk.feed("folder")
    for name in (".hidden.csv", "~$words.xlsx", "words.csv.part", "notes.doc", "words"):
        desk.drop(name)
    (folder.root(desk.brand.id) / "shop" / "folder.csv").mkdir()
    os.mkfifo(folder.root(desk.brand.id) / "shop" / "pipe.csv")
    desk.look(feed)
    assert desk.files(feed) == []


def test_no_link_is_followed(desk, tmp_path):
    feed = desk.feed("folder")
    (tmp_path / "secret.csv").write_bytes(SHEET)
    here = folder.root(desk.brand.id)
    (here / "shop" / "linked.csv").symlink_to(tmp_path / "secret.csv")
    desk.look(feed)
    assert desk.files(feed) == []
    (here / "shop" / "linked.csv").unlink()
    (here / "shop").rmdir()
    (here / "shop").symlink_to(tmp_path)
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert desk.files(feed) == [] and feed.failures == 1 and "link" in feed.error


def test_a_link_put_in_place_between_the_look_and_the_reading_is_not_followed(desk, tmp_path, monkeypatch):
    feed = desk.feed("folder")
    (tmp_path / "secret.csv").write_bytes(SHEET)
    path = desk.drop("words.csv")
    real = folder.look

    def swapped(*given):
        found = real(*given)
        path.unlink()
        path.symlink_to(tmp_path / "secret.csv")
        return found

    monkeypatch.setattr(folder, "look", swapped)
    desk.look(feed)
    assert desk.files(feed) == []


STRANGE = (
    "",
    "..",
    "../1",
    "a/../b",
    "/etc",
    "a//b",
    "./a",
    ".git",
    "a/.b",
    "a\r\nb",
    "a\0b",
    "a\\b",
    "a/b/c/d/e/f",
    "x" * 70,
    "a.",
    "~root",
    "*",
)


def test_case_29_a_folder_is_a_name_below_the_root(desk):
    for place in STRANGE:
        with pytest.raises(Invalid) as refused:
            service.create(kinds.find("words"), "folder", Wish("bad", place=place), desk.actor, clock.now())
        assert "place" in refused.value.fields, place
    assert not (folder.root(desk.brand.id)).exists()


def test_names_in_chinese_are_folders_and_files(desk):
    feed = desk.feed("folder", place="天猫/每日订单")
    desk.drop("词语 3月.csv", place="天猫/每日订单")
    desk.look(feed)
    assert [taken.name for taken in desk.files(feed)] == ["词语 3月.csv"]


def test_case_29_names_that_no_name_should_be(desk):
    feed = desk.feed("folder")
    for name in ("a\r\nSet-Cookie: x.csv", "‮vsc.csv", os.fsdecode(b"\xff\xfe.csv"), "=cmd|'.csv"):
        desk.drop(name)
    desk.look(feed)
    names = [taken.name for taken in desk.files(feed)]
    assert len(names) == 4 and not any(c in name for name in names for c in "\r\n‮|")
    desk.look(feed)
    assert len(desk.files(feed)) == 4


def test_a_gigantic_file_is_not_read_but_told_once(desk, session, monkeypatch):
    feed = desk.feed("folder")
    path = desk.drop("huge.csv")
    os.truncate(path, places.MOST_BYTES + 1)
    os.utime(path, (0, 0))
    for _ in range(2):
        desk.look(feed)
    [taken] = desk.files(feed)
    assert taken.import_id is None and "128 MB" in taken.problem and taken.size == places.MOST_BYTES + 1
    assert desk.told() == ["feed.strange"] and desk.all(StoredFile) == []


def test_what_is_no_sheet_is_put_aside_and_the_others_go_in(desk):
    feed = desk.feed("folder")
    desk.drop("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100))
    desk.drop("b.xlsx", b"<html><script>alert(1)</script>")
    desk.drop("c.csv")
    desk.look(feed)
    assert [bool(taken.problem) for taken in desk.files(feed)] == [True, True, False]
    assert desk.words() == {"chair": "5", "table": "6"}


def test_a_file_that_may_not_be_read_keeps_no_other_waiting(desk, monkeypatch):
    feed = desk.feed("folder")
    desk.drop("a.csv")
    desk.drop("b.csv")
    real = os.open

    def forbidden(path, *given, **more):
        if path == "a.csv":
            raise PermissionError
        return real(path, *given, **more)

    monkeypatch.setattr(folder.os, "open", forbidden)
    desk.look(feed)
    assert [(taken.name, bool(taken.problem)) for taken in desk.files(feed)] == [("a.csv", True), ("b.csv", False)]


def test_a_disk_that_is_full_is_an_error_of_the_feed_and_the_file_comes_later(desk, monkeypatch):
    feed = desk.feed("folder")
    desk.drop("words.csv")
    with monkeypatch.context() as full:
        full.setattr(blobs, "put", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        desk.look(feed)
    [feed] = desk.all(Feed)
    assert feed.failures == 1 and "could not be kept" in feed.error and desk.files(feed) == []
    desk.look(feed)
    assert len(desk.files(feed)) == 1 and desk.all(Feed)[0].error == ""


def test_many_files_come_in_the_order_of_their_time_and_the_rest_at_once(desk, monkeypatch):
    monkeypatch.setattr(places, "MOST_AT_ONCE", 3)
    feed = desk.feed("folder", rhythm="day")
    for n in range(5):
        desk.drop(f"{9 - n}.csv", f"word,size\nchair,{n}\n".encode(), age=1000 - n)
    desk.tick()
    assert [taken.name for taken in desk.files(feed)] == ["9.csv", "8.csv", "7.csv"]
    with clock.frozen(clock.now() + MINUTE):
        desk.tick()
    assert len(desk.files(feed)) == 5 and desk.words() == {"chair": "4"}


def test_the_same_file_in_two_feeds_is_taken_by_both_and_changes_nothing_the_second_time(desk):
    one, two = desk.feed("folder", place="one"), desk.feed("folder", place="two")
    desk.drop("words.csv", place="one")
    desk.drop("words.csv", place="two")
    desk.tick()
    counts = [desk.import_of(taken).counts for feed in (one, two) for taken in desk.files(feed)]
    assert sorted((c["new"], c["unchanged"]) for c in counts) == [(0, 2), (2, 0)]


def test_case_5_another_organisation_has_another_root(desk, session):
    mine = desk.feed("folder")
    other = FeedDesk(desk.app, session)
    theirs = other.feed("folder")
    desk.drop("words.csv")
    desk.tick()
    assert len(desk.files(mine)) == 1 and desk.files(theirs) == []


def test_a_killed_look_has_whole_files_or_none_and_goes_on(desk, session):
    feed = desk.feed("folder")
    for name in ("a.csv", "b.csv", "c.csv"):
        desk.drop(name, f"word,size\n{name[0]},1\n".encode())
    from incubator.feeds import collecting

    steps = collecting.look_into(feed.id, clock.now())
    next(steps)
    session.commit()
    next(steps)
    session.rollback()
    steps.close()
    session.rollback()
    assert len(desk.files(feed)) == 1
    desk.look(feed)
    assert len(desk.files(feed)) == 3 and desk.words() == {"a": "1", "b": "1", "c": "1"}


def test_a_folder_that_went_away_is_told_once_and_tried_again_with_longer_pauses(desk):
    feed = desk.feed("folder", rhythm="quarter")
    (folder.root(desk.brand.id) / "shop").rmdir()
    now, pauses = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC), []
    feed.next_at = now
    for _ in range(4):
        with clock.frozen(now):
            desk.tick()
        [feed] = desk.all(Feed)
        pauses.append((feed.next_at - now).total_seconds() / 60)
        now = feed.next_at
    assert pauses == [1, 2, 4, 8] and desk.told() == ["feed.failing"] and feed.failures == 4
    (folder.root(desk.brand.id) / "shop").mkdir()
    with clock.frozen(now):
        desk.tick()
    [feed] = desk.all(Feed)
    assert (feed.failures, feed.error, feed.state) == (0, "", "active")


def test_a_feed_that_fails_again_and_again_stops_and_is_resumed(desk):
    feed = desk.feed("folder")
    (folder.root(desk.brand.id) / "shop").rmdir()
    for _ in range(10):
        desk.look(feed)
    [feed] = desk.all(Feed)
    assert (feed.state, feed.reason, feed.next_at) == ("halted", "failures", None)
    assert desk.told() == ["feed.failing", "feed.halted"] and jobs.is_due(clock.now() + 100 * MINUTE) is False
    (folder.root(desk.brand.id) / "shop").mkdir()
    service.fire(feed, "resume", feed.version, desk.colleague, clock.now())
    assert (feed.state, feed.failures, feed.error, feed.reason) == ("active", 0, "", "")
    desk.drop("words.csv")
    desk.tick()
    assert len(desk.files(feed)) == 1
