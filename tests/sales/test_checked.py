"""What a check found is applied without reading the file again; whatever has changed since, and the file is read."""

import os
import shutil
from pathlib import Path

import pytest

from incubator.imports import jobs, reading, service
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.sales import checked, lines
from tests.sales.desk import HEAD, Desk, line, outcomes
from tests.sales.test_import import table

TEXT = (
    HEAD
    + line("1", "K-1", 2, "2026-03-02", reason="")
    + line("2", "K-2", 1, "tomorrow")
    + line("3", "K-1", -1, "2026-03-10", reason="拉链坏了")
    + line("3", "K-1", -1, "2026-03-10", reason="拉链坏了")
)
FOUND = {"read": 4, "facts": 1, "returns": 1, "refused": 1, "duplicates": 1}


@pytest.fixture
def read(monkeypatch):
    """How many pieces were read since the test looked."""
    found = []
    whole = lines.Reader.read
    monkeypatch.setattr(lines.Reader, "read", lambda self, *given: found.append(1) or whole(self, *given))
    return found


def folders(app) -> list[Path]:
    return sorted((Path(app.config["DATA_DIR"]) / "cache" / "checked").glob("*"))


def test_a_file_is_read_once(app, session, read, monkeypatch):
    monkeypatch.setattr(reading, "MANY", 2)
    monkeypatch.setattr(reading, "SMALL", 1)
    desk = Desk()
    made = desk.check(TEXT)
    assert len(read) == 2 and len(folders(app)) == 1
    assert outcomes(desk.apply(made)) == FOUND and len(read) == 2
    assert folders(app) == []
    kept = table()
    assert outcomes(desk.hand_in(TEXT)) == {"read": 4, "unchanged": 2, "refused": 1, "duplicates": 1} and table() == kept


@pytest.mark.parametrize("change", ["gone", "half", "zone", "release", "piece gone", "torn", "swapped", "earlier form"])
def test_a_file_is_read_again_when_what_was_kept_no_longer_holds(app, session, read, monkeypatch, change):
    desk = Desk()
    made = desk.check(TEXT)
    (folder,) = folders(app)
    if change == "gone":
        shutil.rmtree(folder)
    elif change == "half":
        (folder / checked.CONTENTS).unlink()
    elif change == "zone":
        desk.channel.timezone = "America/New_York"
        db.session.commit()
    elif change == "piece gone":
        (folder / "0.parquet").unlink()
    elif change == "torn":  # the power failed: its length is right
        (folder / "0.parquet").write_bytes(bytes((folder / "0.parquet").stat().st_size))
    elif change == "swapped":
        other = Desk()
        other.check(HEAD + line("9", "K-9", 9, "2026-03-09"))
        shutil.copy(folders(app)[-1] / "0.parquet", folder)
        read.pop()
    elif change == "earlier form":
        (folder / checked.CONTENTS).write_text('[{"size": 4, "outcomes": {}, "refused": 0, "lines": 4}]')
    else:
        monkeypatch.setattr(lines, "FACTS", lines.FACTS + " ORDER BY line")
    assert outcomes(desk.apply(made)) == FOUND and len(read) == 2


def test_a_check_that_was_cut_off_begins_anew(app, session, monkeypatch):
    desk = Desk()
    monkeypatch.setattr(checked.Checked, "finish", lambda _self: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        desk.check(TEXT)
    monkeypatch.undo()
    assert outcomes(desk.hand_in(TEXT)) == FOUND


def test_what_nobody_applies_is_forgotten_after_two_days(app, session):
    desk = Desk()
    desk.check(TEXT)
    (folder,) = folders(app)
    assert checked.forget_old(clock.now()) == 0
    os.utime(folder, (0, 0))
    assert checked.forget_old(clock.now()) == 1 and folders(app) == []


def test_a_check_needs_no_room_beside_the_application(app, session, read, monkeypatch):
    """Case 27: the disk is full, or somebody took the folder away."""
    desk = Desk()
    monkeypatch.setattr(checked.Checked, "_file", lambda self, number: self.folder / "away" / str(number))
    made = desk.check(TEXT)
    assert made.status == "checked" and folders(app) == []
    monkeypatch.undo()
    assert outcomes(desk.apply(made)) == FOUND


@pytest.mark.parametrize("first", ["pieces.json", "0.parquet"])
def test_an_import_that_was_killed_while_it_tidied_up_comes_to_its_end(app, session, monkeypatch, first):
    """Whatever of the folder went first: the lines are written already, and the import is not stuck."""
    desk = Desk()
    made = desk.check(TEXT)
    (folder,) = folders(app)

    whole = shutil.rmtree

    def killed(path, **more):
        if path != folder:
            return whole(path, **more)
        (path / first).unlink(missing_ok=True)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.apply(made)
    db.session.rollback()
    assert folder.exists() and db.session.get(type(made), made.id).status == "applying"
    kept = table()
    assert outcomes(jobs.apply_now(made.id, desk.actor, clock.now(), lambda *_: None)) == FOUND and table() == kept


def test_an_import_keeps_one_check_only(app, session):
    """Headings that are said otherwise a thousand times leave one folder, not a thousand."""
    desk = Desk()
    made = desk.check(TEXT)
    before = folders(app)
    service.set_mapping(made, TEXT.split("\n")[0].split(","), {**made.mapping, "reason": ""}, desk.actor, clock.now())
    db.session.commit()
    jobs.check_now(made.id, desk.actor, lambda *_: None)
    assert len(folders(app)) == 1 and folders(app) != before
