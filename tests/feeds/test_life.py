"""In whose name a feed imports, how it rests and stops, what is told, and when it is due."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from incubator.accounts.models import Membership, User
from incubator.feeds import jobs, service, taking, timing
from incubator.feeds.models import Feed
from incubator.feeds.service import Wish
from incubator.imports import jobs as imports
from incubator.imports import kinds, mapping_service, reading, work
from incubator.imports import service as importing
from incubator.imports.models import ColumnMapping, DataImport, MappingVersion
from incubator.kernel import access, clock
from incubator.kernel import jobs as queue
from incubator.kernel.actor import SYSTEM
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from tests.builders import an_actor, an_organisation
from tests.feeds.desk import SHEET, FeedDesk

STRANGE = b"a,b\nchair,5\n"


def leave(desk, actor):
    desk.session.scalars(select(Membership).where(Membership.user_id == actor.user_id)).one().ended_at = clock.now()
    desk.session.commit()


def hand_in(desk, feed, data=SHEET, name="words.csv", actor=None):
    taken = taking.upload(feed, name, data, actor or desk.actor, clock.now())
    desk.session.commit()
    return taken


def test_a_feed_whose_owner_left_stops_with_the_reason_and_is_taken_over(desk):
    feed, waiting = desk.feed("push"), desk.feed("upload")
    taken = hand_in(desk, waiting, STRANGE)
    desk.work()
    leave(desk, desk.actor)
    assert jobs.is_due(clock.now())
    assert desk.tick() == {"looks": 0, "stopped": 2}
    feed = desk.all(Feed)[0]
    assert (feed.state, feed.reason) == ("halted", "owner") and desk.told()[-1] == "feed.halted"
    service.know_owner(feed)
    with pytest.raises(Refused, match="Take the feed over"):
        service.fire(feed, "resume", feed.version, desk.colleague, clock.now())
    desk.session.rollback()
    for one in desk.all(Feed):
        service.take_over(one, desk.colleague, clock.now())
        service.fire(one, "resume", one.version, desk.colleague, clock.now())
    desk.session.commit()
    made = access.get_visible(DataImport, taken.import_id, desk.colleague)
    assert made.status == "mapping" and access.get_visible(StoredFile, made.file_id, desk.colleague)
    importing.set_mapping(made, ["a", "b"], {"word": "a", "size": "b"}, desk.colleague, clock.now())
    desk.session.commit()
    assert imports.check_now(made.id, desk.colleague, lambda *_: None).status == "checked"


def test_a_file_whose_owner_left_in_between_is_not_imported_but_can_be_again(desk):
    feed = desk.feed("upload")
    taken = hand_in(desk, feed)
    leave(desk, desk.actor)
    desk.work()
    assert desk.words() == {} and desk.all(Feed)[0].state == "halted"
    feed = desk.all(Feed)[0]
    service.take_over(feed, desk.colleague, clock.now())
    taking.retry(taken, desk.colleague, clock.now())
    desk.session.commit()
    desk.work()
    assert desk.words() == {"chair": "5", "table": "6"} and desk.import_of(taken).user_id == desk.colleague.user_id
    with pytest.raises(Refused):
        taking.retry(taken, desk.colleague, clock.now())


def test_headings_that_nobody_knows_wait_for_the_owner_and_are_known_the_next_time(desk):
    feed = desk.feed("upload")
    taken = hand_in(desk, feed, STRANGE)
    desk.work()
    made = desk.import_of(taken)
    assert made.status == "mapping" and desk.told() == ["feed.mapping"]
    importing.set_mapping(made, ["a", "b"], {"word": "a", "size": "b"}, desk.actor, clock.now())
    desk.session.commit()
    hand_in(desk, feed, b"a,b\nlamp,7\n", "next.csv")
    desk.work()
    assert desk.words() == {"lamp": "7"} and desk.told() == ["feed.mapping"]
    version = desk.session.scalars(select(MappingVersion)).one()
    assert desk.import_of(desk.files(feed)[1]).mapping_version_id == version.id


def test_a_feed_reads_by_the_present_version_of_its_mapping_where_that_fits(desk):
    first = desk.hand_in("a,b,c\nchair,5,9\n")
    desk.check(first)
    importing.set_mapping(first, ["a", "b", "c"], {"word": "a", "size": "b"}, desk.actor, clock.now())
    desk.session.commit()
    known = desk.session.scalars(select(ColumnMapping)).one()
    feed = desk.feed("upload", mapping_id=known.id)
    hand_in(desk, feed, b"A,b,c,d\nchair,5,9,?\n", "wider.csv")
    desk.work()
    again = desk.check(desk.hand_in("a,b,c\nlamp,5,9\n"))
    importing.set_mapping(again, ["a", "b", "c"], {"word": "a", "size": "c"}, desk.actor, clock.now())
    desk.session.commit()
    hand_in(desk, feed, b"a,b,c,d\ntable,5,9,?\n", "wider 2.csv")
    hand_in(desk, feed, SHEET.replace(b"chair", b"bed"), "plain.csv")
    desk.work()
    assert desk.words() == {"chair": "5", "table": "9", "bed": "5"} | {"table": "6"}
    used = [desk.import_of(taken).mapping_version_id for taken in desk.files(feed)]
    versions = {v.id: v.number for v in desk.all(MappingVersion)}
    assert [versions.get(v) for v in used] == [1, 2, None]
    mapping_service.restore(known, 1, desk.colleague, clock.now())
    desk.session.commit()
    hand_in(desk, feed, b"a,b,c,d\nsofa,1,2,?\n", "wider 3.csv")
    desk.work()
    assert desk.words()["sofa"] == "1" and known.number == 3
    assert [v.again_of for v in desk.all(MappingVersion)] == [None, None, 1]


def test_a_file_without_a_right_line_is_not_applied_and_told(desk):
    feed = desk.feed("upload")
    taken = hand_in(desk, feed, b"word,size\nchair,x\n")
    desk.work()
    assert desk.import_of(taken).status == "checked" and desk.told() == ["feed.refused"]
    whole = desk.feed("upload", kind="words.whole")
    refused = hand_in(desk, whole, b"word,size\nchair,x\nlamp,5\n")
    desk.work()
    assert desk.import_of(refused).status == "failed" and desk.told()[-1] == "feed.failed" and desk.words() == {}


def test_case_44_an_import_cut_off_at_any_piece_goes_on_and_is_whole(desk, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", 3)
    feed = desk.feed("upload")
    lines = "".join(f"w{n},{n}\n" for n in range(10)).encode()
    taken = hand_in(desk, feed, b"word,size\n" + lines)
    made = imports.check_now(taken.import_id, desk.actor, lambda *_: None)
    importing.ask_to_apply(made, desk.actor, clock.now(), queue=False)
    desk.session.commit()
    steps = work.apply(made, desk.actor, clock.now(), lambda *_: None)
    next(steps)
    desk.session.commit()
    next(steps)
    desk.session.rollback()
    steps.close()
    assert len(desk.words()) == 3
    desk.work()
    made = desk.import_of(taken)
    assert made.status == "applied" and made.counts["new"] == 10 and len(desk.words()) == 10 and made.is_balanced


def test_a_dead_worker_s_run_is_rescued_and_takes_nothing_twice(desk):
    from incubator.kernel import job_runner

    feed = desk.feed("folder")
    desk.drop("words.csv")
    queued = service.look_now(feed, desk.actor, clock.now())
    desk.session.commit()
    job_runner.claim("dead", clock.now() - timedelta(minutes=5), queued.id) or job_runner.claim("dead", clock.now(), queued.id)
    desk.session.get_one(JobRun, queued.id).heartbeat_at = clock.now() - timedelta(minutes=5)
    desk.session.commit()
    assert job_runner.rescue(clock.now()) == 1
    desk.session.get_one(JobRun, queued.id).error = None
    desk.work()
    assert len(desk.files(feed)) == 1 and desk.words() == {"chair": "5", "table": "6"}


def test_case_39_four_ticks_in_the_same_second_queue_one_look(desk, app):
    desk.feed("folder")
    start, counts = threading.Barrier(4), []

    def one():
        with app.app_context():
            start.wait()
            counts.append(jobs.collect(None, clock.now())["looks"])

    threads = [threading.Thread(target=one) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(counts) == [0, 0, 0, 1]
    assert len(desk.all(JobRun, JobRun.job == "feeds.look")) == 1


def test_a_feed_at_rest_does_not_look(desk):
    feed = desk.feed("folder")
    desk.drop("words.csv")
    service.fire(feed, "pause", feed.version, desk.colleague, clock.now())
    assert feed.next_at is None and not jobs.is_due(clock.now())
    desk.look(feed)
    assert desk.files(feed) == []
    with pytest.raises(Refused):
        service.look_now(feed, desk.actor, clock.now())
    stale = feed.version
    service.fire(feed, "close", stale, desk.actor, clock.now())
    desk.session.commit()
    for act in (
        lambda: service.fire(feed, "resume", feed.version, desk.actor, clock.now()),
        lambda: service.edit(feed, Wish("x", place="shop"), feed.version, desk.actor, clock.now()),
        lambda: service.take_over(feed, desk.colleague, clock.now()),
        lambda: taking.upload(feed, "a.csv", SHEET, desk.actor, clock.now()),
    ):
        with pytest.raises((Refused, Conflict)):
            act()
        desk.session.rollback()


def test_case_47_nobody_else_acts_on_a_feed(desk):
    feed, stranger, factory = desk.feed("folder"), an_actor(), an_actor(an_organisation("factory"))
    for actor in (stranger, factory):
        with pytest.raises(NotFound):
            access.get_visible(Feed, feed.id, actor)
        for act in (
            lambda: service.edit(feed, Wish("x", place="shop"), feed.version, actor, clock.now()),  # noqa: B023
            lambda: service.fire(feed, "pause", feed.version, actor, clock.now()),  # noqa: B023
            lambda: service.take_over(feed, actor, clock.now()),  # noqa: B023
            lambda: service.look_now(feed, actor, clock.now()),  # noqa: B023
            lambda: service.create(kinds.find("words"), "push", Wish("x"), factory, clock.now()),
        ):
            with pytest.raises(Forbidden):
                act()


def test_case_6_a_mapping_of_another_organisation_is_none(desk, session):
    other = FeedDesk(desk.app, session)
    made = other.check(other.hand_in("a,b\nchair,5\n"))
    importing.set_mapping(made, ["a", "b"], {"word": "a", "size": "b"}, other.actor, clock.now())
    session.commit()
    with pytest.raises(NotFound):
        desk.feed("upload", mapping_id=session.scalars(select(ColumnMapping.id)).one())


def test_two_feeds_of_one_name_are_refused(desk):
    desk.feed("push", name="天猫")
    with pytest.raises(Invalid) as refused:
        desk.feed("push", name="天猫")
    assert "name" in refused.value.fields


def test_every_change_is_on_the_record(desk):
    feed = desk.feed("pull", place="https://example.com/a.csv?token=s3cret", proof="bearer", secret="s3cret")
    wish = Wish("new", place="https://example.com/b.csv?token=s3cret", proof="bearer", secret="other")
    service.edit(feed, wish, feed.version, desk.colleague, clock.now())
    service.take_over(feed, desk.colleague, clock.now())
    service.fire(feed, "pause", feed.version, desk.actor, clock.now())
    desk.session.commit()
    entries = desk.all(AuditEntry, AuditEntry.record_type == "feed")
    assert [entry.event for entry in entries] == ["feed.create", "feed.edit", "feed.take_over", "feed.pause"]
    assert entries[1].data["changed"] == ["name", "place", "secret"] and "s3cret" not in str([e.data for e in entries])


SHANGHAI, LONDON, AZORES = "Asia/Shanghai", "Europe/London", "Atlantic/Azores"


@pytest.mark.parametrize(
    ("rhythm", "hour", "zone", "now", "then"),
    [
        ("quarter", 0, "UTC", "2026-03-02T08:07:30", "2026-03-02T08:15:00"),
        ("quarter", 0, "UTC", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        ("hour", 0, SHANGHAI, "2026-03-02T08:00:00", "2026-03-02T09:00:00"),
        ("day", 8, SHANGHAI, "2026-03-01T23:59:59", "2026-03-02T00:00:00"),
        ("day", 8, SHANGHAI, "2026-03-02T00:00:00", "2026-03-03T00:00:00"),
        ("day", 1, LONDON, "2026-03-28T12:00:00", "2026-03-29T01:00:00"),  # 01:00 is skipped: 02:00 summer time
        ("day", 1, LONDON, "2026-10-24T12:00:00", "2026-10-25T00:00:00"),  # 01:00 comes twice: the first
        ("day", 1, LONDON, "2026-10-25T00:00:00", "2026-10-26T01:00:00"),
        ("day", 0, AZORES, "2026-03-28T12:00:00", "2026-03-29T01:00:00"),
    ],
)
def test_case_40_a_look_is_due_once_on_every_day(rhythm, hour, zone, now, then):
    found = timing.next_after(rhythm, hour, zone, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)


def test_case_40_a_clock_that_is_set_back_looks_no_second_time(desk):
    feed = desk.feed("folder", rhythm="hour")
    now = clock.now()
    with clock.frozen(now):
        assert desk.tick()["looks"] == 1
    with clock.frozen(now - timedelta(hours=3)):
        assert desk.tick()["looks"] == 0
    with clock.frozen(now + timedelta(hours=1)):
        assert desk.tick()["looks"] == 1 and feed


def test_pauses_grow_to_two_hours():
    assert [timing.pause_after(n).total_seconds() / 60 for n in (1, 2, 3, 8, 50)] == [1, 2, 4, 120, 120]


def test_the_tick_costs_nothing_when_nothing_is_due(desk):
    assert not jobs.is_due(clock.now())
    assert queue.find("feeds.collect").due is jobs.is_due
    assert SYSTEM.is_system and desk.session.scalar(select(User.id).limit(1))


def test_the_command_looks_and_imports_beside_the_scheduler(desk, app):
    feed = desk.feed("folder")
    desk.drop("words.csv")
    run = app.test_cli_runner().invoke
    answer = run(args=["feeds", "run"])
    assert '"looks": 1, "files": 1, "done": 1, "waiting": 0, "failed": 0' in answer.output, answer.output
    assert len(desk.files(feed)) == 1 and desk.words() == {"chair": "5", "table": "6"}
    desk.drop("more.csv", b"word,size\nlamp,1\n")
    assert '"looks": 0, "files": 0' in run(args=["feeds", "run"]).output
    assert '"looks": 1, "files": 1' in run(args=["feeds", "run", str(feed.id)]).output and desk.words()["lamp"] == "1"
    assert run(args=["feeds", "run", "987654"]).exit_code == 1


def test_the_command_goes_on_with_what_a_killed_one_left_and_calls_nothing_failed_that_waits(desk, app):
    feed = desk.feed("push")
    for key in ("left", "later"):
        taking.push(feed, key, f"{key}.csv", b"word,size\n" + key.encode() + b",7\n", desk.actor, clock.now())
    desk.session.commit()
    left, later = desk.all(JobRun, JobRun.job == "feeds.import")
    left.status, left.worker, left.heartbeat_at = "running", "command:1", clock.now() - timedelta(minutes=10)
    left.attempt, later.next_try_at = 1, clock.now() + timedelta(minutes=10)
    desk.session.commit()
    answer = app.test_cli_runner().invoke(args=["feeds", "run"])
    assert '"files": 1, "done": 1, "waiting": 0, "failed": 0' in answer.output, answer.output
    assert desk.words() == {"left": "7"}
