"""An import from check to application: every line has one outcome, nothing twice, whatever is interrupted."""

import threading

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Setting
from incubator.imports import jobs, reading, service, work
from incubator.imports.models import ColumnMapping, DataImport
from incubator.kernel import clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Refused
from tests.imports.desk import WHOLE, Desk


def lines(*rows):
    return "word,size\n" + "".join(f"{row}\n" for row in rows)


def test_right_lines_go_in_and_wrong_ones_are_refused_by_line(desk):
    made = desk.hand_in(lines("chair,5", "table,x", "chair,6", "lamp,7"))
    assert {n: c for n, c in desk.check(made).counts.items() if c} == {"read": 4, "ready": 2, "duplicates": 1, "refused": 1}
    assert made.is_balanced and desk.words() == {}
    assert desk.apply(made) == {"read": 4, "new": 2, "duplicates": 1, "refused": 1}
    assert desk.words() == {"chair": "5", "lamp": "7"} and (made.lines, made.position) == (4, 4)
    assert [(r.line, r.column, r.value) for r in desk.refusals(made)] == [(3, "Size", "x")]


def test_the_same_file_again_changes_nothing_and_a_changed_line_one_row(desk):
    desk.apply(desk.hand_in(lines("chair,5", "table,x", "chair,6", "lamp,7")))
    assert desk.apply(desk.hand_in(lines("chair,5", "table,x", "chair,6", "lamp,7"))) == {
        "read": 4,
        "unchanged": 2,
        "duplicates": 1,
        "refused": 1,
    }
    assert desk.apply(desk.hand_in(lines("chair,5", "lamp,8"))) == {"read": 2, "unchanged": 1, "changed": 1}


def test_a_whole_file_is_refused_for_one_line(desk):
    made = desk.hand_in(lines("chair,5", "table,x"), WHOLE)
    assert desk.apply(made) == {"read": 2, "refused": 1, "held": 1}
    assert made.status == "failed" and desk.words() == {}


@pytest.mark.parametrize("whole", [False, True])
def test_rows_refused_while_they_are_written_are_refused_lines(desk, whole):
    made = desk.hand_in(lines("chair,5", "locked,6"), *([WHOLE] if whole else []))
    counts = desk.apply(made)
    if whole:
        assert counts == {"read": 2, "refused": 1, "held": 1} and made.status == "failed" and desk.words() == {}
        assert [r.message for r in desk.refusals(made)] == ["This word is locked."]
    else:
        assert counts == {"read": 2, "new": 1, "refused": 1} and desk.words() == {"chair": "5"}


def test_case_41_what_was_cut_off_goes_on_where_it_stopped(desk, session, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", 3)
    made = desk.check(desk.hand_in(lines(*(f"w{n},{n}" for n in range(10)), "w1,1")))
    service.ask_to_apply(made, desk.actor, clock.now())
    session.commit()
    steps = work.apply(made, desk.actor, clock.now(), lambda *_: None)
    next(steps)
    session.commit()
    next(steps)
    session.rollback()
    steps.close()
    assert (made.position, len(desk.words()), made.status) == (3, 3, "applying")
    jobs.apply_now(made.id, desk.actor, clock.now(), lambda *_: None)
    assert made.status == "applied" and {n: c for n, c in made.counts.items() if c} == {"read": 11, "new": 10, "duplicates": 1}
    assert len(desk.words()) == 10


def test_two_imports_of_one_file_at_once_one_wins_and_the_other_finds_it_unchanged(desk, app, session, monkeypatch):
    monkeypatch.setattr(reading, "PIECE", 20)
    text = lines(*(f"w{n},{n}" for n in range(100)))
    ids = [desk.check(desk.hand_in(text)).id for _ in range(2)]
    for made in session.scalars(select(DataImport)):
        service.ask_to_apply(made, desk.actor, clock.now())
    session.commit()
    found = {}

    def apply(import_id):
        with app.app_context():
            found[import_id] = jobs.apply_now(import_id, desk.actor, clock.now(), lambda *_: None).counts

    threads = [threading.Thread(target=apply, args=(i,)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((c["new"], c["unchanged"]) for c in found.values()) == [(0, 100), (100, 0)]


def test_a_hundred_thousand_lines_pass(desk, session):
    made = desk.check(desk.hand_in(lines(*(f"w{n % 3000},{n if n % 5 else 'x'}" for n in range(100_000)))))
    assert made.counts["read"] == 100_000 and made.is_balanced
    assert len(desk.refusals(made)) == made.counts["refused"] == 20_000


def test_a_file_that_cannot_be_read_is_a_failed_import(desk):
    made = desk.hand_in(b'word,size\n"' + b"x" * 1_100_000)
    assert desk.apply(made) == {} and made.status == "failed"
    assert [r.line for r in desk.refusals(made)] == [0]


def test_a_preset_gives_its_defaults_and_is_known_by_its_headings(desk):
    made = desk.check(desk.hand_in("w,s,junk\ncafé,5,?\n", preset="shop"))
    assert (made.status, made.preset, made.mapping) == ("checked", "shop", {"word": "w", "size": "s"})
    desk.apply(made)
    assert desk.words() == {"café": "5"}
    assert desk.check(desk.hand_in("s,w,junk\n5,chair,?\n")).preset == "shop"


def test_what_a_person_said_of_headings_is_remembered_for_the_organisation(desk, session):
    made = desk.check(desk.hand_in("a,b\nchair,5\n"))
    assert made.status == "mapping" and made.counts == {}
    service.set_mapping(made, ["a", "b"], {"word": "a", "size": "b", "note": ""}, desk.actor, clock.now())
    session.commit()
    assert desk.apply(made) == {"read": 1, "new": 1}
    assert desk.apply(desk.hand_in("b,a\n7,chair\n")) == {"read": 1, "changed": 1}
    assert session.scalar(select(func.count(ColumnMapping.id))) == 1
    other = Desk(session)
    assert other.check(other.hand_in("a,b\nchair,5\n")).status == "mapping"


def test_a_command_is_not_asked_but_refused(desk):
    made = desk.check(desk.hand_in("a,b\nchair,5\n"), ask=False)
    assert made.status == "failed" and [(r.line, r.column) for r in desk.refusals(made)] == [(1, "Word"), (1, "Size")]


def test_case_47_an_import_is_applied_once_and_only_after_its_check(desk, session):
    made = desk.hand_in(lines("chair,5"))
    with pytest.raises(Refused):
        service.ask_to_apply(made, desk.actor, clock.now())
    desk.apply(made)
    for act in (
        lambda: service.ask_to_apply(made, desk.actor, clock.now()),
        lambda: service.set_mapping(made, [], {}, desk.actor, clock.now()),
    ):
        with pytest.raises(Refused):
            act()
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event == "import.apply")) == 1


def test_a_kind_whose_outcomes_do_not_add_up_is_an_error_of_ours(desk, session, monkeypatch):
    made = desk.check(desk.hand_in(lines("chair,5")))
    service.ask_to_apply(made, desk.actor, clock.now())
    session.commit()
    from incubator.imports import kinds

    lazy = kinds.Kind("words", "?", "brief.create", kinds.find("words").columns, kinds.find("words").read, lambda *_: {"new": 2})
    kinds.register([lazy])
    with pytest.raises(RuntimeError, match="outcomes"):
        jobs.apply_now(made.id, desk.actor, clock.now(), lambda *_: None)
    session.rollback()
    assert session.scalar(select(func.count(Setting.id)).where(Setting.key.startswith(f"{desk.brand.id}:"))) == 0
