"""`flask briefs import` and its like: one JSON line that accounts for every line, and an exit code that says whether a file was refused."""

import json
import zipfile

import pytest
from sqlalchemy import func, select

from incubator.briefs.models import ProductBrief
from incubator.imports import cli, kinds
from incubator.imports.models import DataImport
from tests.briefs.test_import import a_row, a_sheet
from tests.builders import a_programme, an_actor, an_organisation
from tests.imports.desk import Desk


@pytest.fixture
def run(app, session):
    def call(*arguments):
        session.commit()
        command = cli._command("words") if arguments[0] == "words" else app.cli.commands["briefs"].commands["import"]
        answer = app.test_cli_runner().invoke(command, [str(a) for a in arguments[1:]])
        session.expire_all()
        return answer

    return call


def test_briefs_are_imported_by_command(run, session, tmp_path):
    desk = Desk(session)
    a_programme(desk.brand)
    path = tmp_path / "briefs.csv"
    path.write_bytes(a_sheet([a_row(n) for n in range(5)]))
    for outcome in ("new", "unchanged"):
        answer = run("briefs", path)
        assert answer.exit_code == 0, answer.output
        said = json.loads(answer.output)
        assert said == {
            "kind": "briefs",
            "files": 1,
            "read": 5,
            "new": 0,
            "changed": 0,
            "unchanged": 0,
            "duplicates": 0,
            "refused": 0,
            "balanced": True,
        } | {outcome: 5}
    assert session.scalar(select(func.count(ProductBrief.id))) == 5


def test_a_refused_file_is_a_failure(run, session, tmp_path):
    a_programme(Desk(session).brand)
    path = tmp_path / "briefs.csv"
    path.write_bytes(a_sheet([a_row(1), a_row(2, title="")]))
    answer = run("briefs", path)
    said = json.loads(answer.output)
    assert answer.exit_code == 1 and (said["read"], said["refused"], said["held"], said["balanced"]) == (2, 1, 1, True)
    assert said["reasons"]["briefs.csv"]
    assert said["refused_files"] == ["briefs.csv"] and session.scalar(select(func.count(ProductBrief.id))) == 0


def test_a_zip_is_read_as_its_files_in_name_order(run, session, tmp_path):
    desk, path = Desk(session), tmp_path / "days.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("day2.csv", "word,size\nchair,6\nlamp,x\n")
        archive.writestr("read me.txt", "no")
        archive.writestr("day1.csv", "word,size\nchair,5\n")
    answer = run("words", path)
    said = json.loads(answer.output)
    assert answer.exit_code == 0 and (said["files"], said["read"], said["new"], said["changed"], said["refused"]) == (2, 3, 1, 1, 1)
    assert desk.words() == {"chair": "6"}
    assert session.scalars(select(DataImport.name).order_by(DataImport.id)).all() == ["day1.csv", "day2.csv"]


def test_an_unreadable_file_is_refused_and_the_others_are_not(run, session, tmp_path):
    desk = Desk(session)
    (tmp_path / "a.csv").write_bytes(b'word,size\n"open,1\n' + b"x" * 200_000)
    (tmp_path / "b.csv").write_text("word,size\nchair,5\n")
    (tmp_path / "c.csv").write_text("headings,of others\n1,2\n")
    answer = run("words", tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv", "--kind", "words")
    said = json.loads(answer.output)
    assert answer.exit_code == 1 and said["refused_files"] == ["a.csv", "c.csv"] and said["new"] == 1 and said["balanced"]
    assert desk.words() == {"chair": "5"}


def test_who_imports_is_named_or_the_only_one(run, session, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("word,size\nchair,5\n")
    assert "Nobody here may import this" in run("words", path).output
    first, second = Desk(session), Desk(session)
    second.brand.short_name = "源选"
    factory = an_actor(an_organisation("factory"))
    session.commit()
    assert "Several organisations may import this" in run("words", path).output
    assert "Nobody here may import this" in run("words", path, "--organisation", factory.organisation_id).output
    assert run("words", path, "--organisation", "源选").exit_code == 0
    assert run("words", path, "--organisation", first.brand.id).exit_code == 0
    assert first.words() == second.words() == {"chair": "5"}


def test_a_choice_that_does_not_exist_is_refused(run, session, tmp_path):
    a_programme(Desk(session).brand)
    path = tmp_path / "a.csv"
    path.write_bytes(a_sheet([a_row(1)]))
    answer = run("briefs", path, "--set", "programme_id=987654")
    assert answer.exit_code == 1 and "choice" in answer.output
    assert run("briefs", path, "--preset", "unknown").exit_code == 2
    assert set(kinds.declared()) >= {"briefs", "words"}
