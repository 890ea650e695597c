"""Pages of imports: from the upload over the headings to the result; nobody else's."""

import csv
import io

import pytest
from sqlalchemy import select

from incubator.imports import jobs
from incubator.imports.models import DataImport
from tests.builders import an_actor, an_organisation, counted
from tests.imports.desk import Desk


def upload(browser, text, name="词语.csv", **more):
    data = {"file": (io.BytesIO(text.encode()), name), **more}
    return browser.post("/imports/new/words", data=data, content_type="multipart/form-data")


def test_upload_headings_check_apply(desk, app, session):
    browser = desk.browser(app)
    assert "Columns" in browser.get("/imports/new/words").text
    address = upload(browser, "a,b\nchair,5\ntable,x\n").location
    assert "Checking the file" in browser.get(address).text
    made = session.scalars(select(DataImport)).one()
    desk.check(made)
    assert browser.get(address).location == f"{address}/headings"
    page = browser.get(f"{address}/headings").text
    assert "Something needed was not found" in page and "chair" in page
    assert browser.post(f"{address}/headings", data={"column_word": "a"}).status_code == 422
    assert browser.post(f"{address}/headings", data={"column_word": "a", "column_size": "no such"}).status_code == 422
    assert browser.post(f"{address}/headings", data={"column_word": "a", "column_size": "b"}).location == address
    session.expire_all()
    desk.check(made)
    page = browser.get(address).text
    assert "Nothing has been written yet" in page and "A whole number, like 5." in page
    assert browser.post(f"{address}/apply").location == address
    session.expire_all()
    jobs.apply_now(made.id, desk.actor, made.created_at, lambda *_: None)
    assert "Applied" in browser.get(address).text and desk.words() == {"chair": "5"}
    assert browser.post(f"{address}/apply").status_code == 409
    assert "words.csv" in browser.get("/imports?kind=words&status=applied").text or "词语.csv" in browser.get("/imports").text
    assert "No such import" in browser.get("/imports?status=failed").text
    again = upload(browser, "a,b\nchair,5\ntable,x\n").location
    desk.check(session.scalars(select(DataImport).order_by(DataImport.id.desc())).first())
    assert "this very file before" in browser.get(again).text


def test_refusals_are_paged_and_downloaded(desk, app):
    made = desk.check(desk.hand_in("word,size\n" + "".join(f"w{n},=cmd|{n}\n" for n in range(230))))
    browser = desk.browser(app)
    page = browser.get(f"/imports/{made.id}").text
    assert "230" in page and "cursor=" in page
    rows = list(csv.reader(io.StringIO(browser.get(f"/imports/{made.id}/refusals.csv").get_data().decode("utf-8-sig"))))
    assert len(rows) == 231 and rows[1] == ["2", "Size", "'=cmd|0", "A whole number, like 5."]
    assert browser.get(f"/imports/{made.id}/refusals.xlsx").status_code == 200


@pytest.mark.parametrize("kind", ["words", "briefs"])
def test_the_example_can_be_imported(desk, app, kind):
    for fmt in ("csv", "xlsx"):
        assert desk.browser(app).get(f"/imports/new/{kind}/example.{fmt}").status_code == 200


def test_case_5_an_import_is_its_makers_alone(desk, app, session):
    made = desk.check(desk.hand_in("a,b\nchair,5\n"))
    for other in (an_actor(desk.brand), Desk(session).actor, an_actor(an_organisation("factory")), an_actor(role="administrator")):
        browser = desk.browser(app, other)
        for path in (f"/imports/{made.id}", f"/imports/{made.id}/headings", f"/imports/{made.id}/refusals.csv"):
            assert browser.get(path).status_code == 404, path
        for path in (f"/imports/{made.id}/apply", f"/imports/{made.id}/headings"):
            assert browser.post(path).status_code == 404, path
        assert "words.csv" not in browser.get("/imports").text


@pytest.mark.parametrize("kind", ["words", "nothing", "briefs'", "../words"])
def test_a_kind_that_is_not_ones_own_does_not_exist(desk, app, kind):
    factory = desk.browser(app, an_actor(an_organisation("factory")))
    assert factory.get(f"/imports/new/{kind}").status_code == 404
    assert factory.get(f"/imports/new/{kind}/example.csv").status_code == 404
    assert upload(factory, "word,size\n").status_code == 404


def test_an_upload_without_a_file_or_with_a_strange_one_comes_back(desk, app):
    browser = desk.browser(app)
    assert browser.post("/imports/new/words", data={}).status_code == 422
    assert upload(browser, "<html>", "a.csv").status_code == 422
    assert upload(browser, "word,size\n", preset="other").status_code == 422


def test_the_list_costs_the_same_for_many(desk, app):
    browser = desk.browser(app)
    for _ in range(3):
        desk.hand_in("word,size\nchair,5\n")
    browser.get("/imports")
    with counted() as few:
        browser.get("/imports")
    for _ in range(20):
        desk.hand_in("word,size\nchair,5\n")
    with counted() as many:
        browser.get("/imports")
    assert len(many) == len(few)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(99), b"\x1f\x8b" + bytes(99), b"PK\3\4" + bytes(99), "a,b\n1,é\n".encode("latin-1"),
                                  "a,b\n1,2\n".encode("utf-16-le"), b"%PDF-1.4\n%%EOF\n"])  # fmt: skip
def test_what_is_no_sheet_is_refused_with_what_to_send_instead(desk, app, session, data):
    answer = desk.browser(app).post("/imports/new/words", data={"file": (io.BytesIO(data), "a.csv")})
    assert answer.status_code == 422 and "Save it as CSV (UTF-8) or XLSX" in answer.text and session.scalar(select(DataImport.id)) is None
    empty = desk.browser(app).post("/imports/new/words", data={"file": (io.BytesIO(b""), "a.csv")})
    assert empty.status_code == 422 and "This file is empty" in empty.text


@pytest.mark.parametrize("data", ["a,b\n" + "," * 2_000_000 + "\n", 'a,b\n"' + "x" * 2_000_000, "a,b\n" + "\n" * 1_000_002])
def test_a_damaged_file_of_unknown_headings_has_errors_and_asks_nobody(desk, app, data):
    made = desk.check(desk.hand_in(data))
    page = desk.browser(app).get(f"/imports/{made.id}")
    assert made.status == "failed" and page.status_code == 200 and "Nothing was written" in page.text


def test_a_file_of_headings_alone_says_so_and_offers_nothing_to_apply(desk, app):
    made = desk.check(desk.hand_in("word,size\n"))
    page = desk.browser(app).get(f"/imports/{made.id}").text
    assert "no lines below its headings" in page and "Apply the import" not in page
