"""The pages of samples from the request to the seal, by role, through HTTP; lists, exports, errors and hostile input."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from incubator.kernel import clock
from incubator.samples import service
from incubator.samples.models import GoldenSample, SampleDecision, SampleReading, SampleRound
from tests.builders import a_participant, a_person, an_organisation, counted, sign_in
from tests.samples.builders import GOOD, Desk, a_photo

BACKENDS = ("sqlite",)  # the sweeps open every page on both


def png(name="a.png"):
    data = BytesIO()
    Image.new("RGB", (60, 40), "green").save(data, "PNG")
    data.seek(0)
    return data, name


def cells(round, values):
    """The fields of the measuring table: {attribute: [value per piece]}."""
    data, n = {"version": round.version}, 0
    for r in round.requirements:
        for piece, value in enumerate(values.get(r.attribute, ()), 1):
            field = "met" if value in ("yes", "no") else "value"
            data |= {f"readings-{n}-requirement_id": r.id, f"readings-{n}-piece": piece, f"readings-{n}-{field}": value}
            n += 1
    return data


@pytest.fixture
def desk(session):
    return Desk()


@pytest.fixture
def sides(desk, app):
    """(a browser of the brand, one of the factory)."""
    return sign_in(app.test_client(), desk.user), sign_in(app.test_client(), desk.maker)


def test_the_whole_way_through_the_pages(desk, sides, session):
    brand, factory = sides
    new = f"/products/{desk.product.id}/samples/new"
    assert "5 requirements of brief" in brand.get(new).text
    day = (clock.today() + timedelta(days=9)).isoformat()
    answer = brand.post(new, data={"factory_id": desk.factory.id, "kind": "approval", "quantity": 3, "due_on": day, "instructions": "灰色"})
    assert answer.status_code == 302, answer.text
    round = session.scalars(select(SampleRound)).one()
    path = f"/samples/{round.id}"
    assert "灰色" in factory.get(path).text and path in factory.get("/").text
    assert factory.post(f"{path}/start", data={"version": round.version}).status_code == 302
    shipped = {"carrier": "顺丰", "tracking_number": "SF 123", "shipped_on": clock.today().isoformat()}
    assert factory.post(f"{path}/ship", data=shipped).status_code == 302
    came = {"received_on": clock.today().isoformat(), "condition": "intact", "pieces": 2}
    assert brand.post(f"{path}/receive", data=came).location.endswith(f"{path}/measure")
    assert path in brand.get("/").text
    session.expire_all()
    some = brand.post(f"{path}/measure", data=cells(round, {"承重": ["126.4", "127"]}))
    assert some.location.endswith("/measure")
    session.expire_all()
    early = brand.post(f"{path}/measure", data={**cells(round, {"噪音": ["44"]}), "finish": "1"}, follow_redirects=True)
    assert "Saved, but not finished" in early.text and round.state == "received"
    session.expire_all()
    rest = {"座高行程": ["96.2", "95"], "色差 ΔE": ["1.8"], "包装": ["yes", "yes"]}
    assert brand.post(f"{path}/measure", data={**cells(round, rest), "finish": "1"}).location.endswith(path)
    session.expire_all()
    assert round.state == "measured" and session.scalar(select(SampleReading.value).where(SampleReading.value == "96.2"))
    shade = next(r.id for r in round.requirements if r.attribute == "色差 ΔE")
    verdict = {"outcome": "approved_with_comments", "reason": "可以", "comments-0-requirement_id": shade, "comments-0-comment": ""}
    silent = brand.post(f"{path}/decide", data=verdict)
    assert silent.status_code == 422 and "Comment on what is outside its tolerance" in silent.text
    assert brand.post(f"{path}/decide", data={**verdict, "comments-0-comment": "换色板"}).status_code == 302
    assert "换色板" in factory.get(path).text
    seal = {"storage_place": "B 柜", "kept_by_brand": "y", "photos": [png(), png("b.png")]}
    answer = brand.post(f"{path}/seal", data=seal, content_type="multipart/form-data")
    golden = session.scalars(select(GoldenSample)).one()
    assert answer.location.endswith(f"/golden-samples/{golden.id}")
    for browser in sides:
        assert golden.number in browser.get(answer.location).text
        assert golden.number in browser.get("/golden-samples?q=B 柜").text
    session.expire_all()
    assert desk.product.state == "codevelopment"


def test_wrong_readings_are_named_and_nothing_is_saved(desk, sides, session):
    round = desk.round("received")
    session.commit()
    values = {"承重": ["1,5", "NaN"], "噪音": ["44"], "包装": ["yes"]}
    answer = sides[0].post(f"/samples/{round.id}/measure", data=cells(round, values))
    assert answer.status_code == 422
    assert "承重, piece 1: Write a decimal point: 1.5" in answer.text and "承重, piece 2" in answer.text
    assert 'value="1,5"' in answer.text and 'value="44"' in answer.text, "what was typed stays"
    assert session.scalars(select(SampleReading)).all() == []


def test_a_tick_is_no_number_and_a_number_no_tick(desk, sides, session):
    round = desk.round("received")
    session.commit()
    both = cells(round, {"承重": ["yes"], "包装": ["12"]})
    answer = sides[0].post(f"/samples/{round.id}/measure", data=both)
    assert answer.status_code == 422
    assert "whether it passes is computed" in answer.text and "Tick whether it is met" in answer.text


@pytest.mark.parametrize(
    "bad", [{"readings-0-piece": 3}, {"readings-0-piece": -1}, {"readings-0-requirement_id": 10**17}, {"readings-0-piece": "x"}]
)
def test_a_cell_that_is_not_there_is_refused(desk, sides, session, bad):
    round = desk.round("received")
    session.commit()
    answer = sides[0].post(f"/samples/{round.id}/measure", data={**cells(round, {"承重": ["1"]}), **bad})
    assert answer.status_code == 422 and session.scalars(select(SampleReading)).all() == []


def test_case_36_a_stale_table_shows_the_difference(desk, sides, session):
    round = desk.round("received")
    session.commit()
    first, second = cells(round, {"承重": ["126"]}), cells(round, {"承重": ["130"]})
    assert sides[0].post(f"/samples/{round.id}/measure", data=first).status_code == 302
    answer = sides[0].post(f"/samples/{round.id}/measure", data=second)
    assert answer.status_code == 409 and "130" in answer.text and "126" in answer.text


def test_case_8_nothing_but_the_fields_of_the_form_is_taken(desk, sides, session):
    round = desk.round("shipped")
    session.commit()
    data = {"received_on": clock.today().isoformat(), "condition": "intact", "pieces": 1, "state": "sealed", "brand_id": 1, "number": 99}
    assert sides[0].post(f"/samples/{round.id}/receive", data=data).status_code == 302
    session.expire_all()
    assert (round.state, round.number) == ("received", 1)


def test_a_step_out_of_turn_is_a_conflict(desk, sides, session):
    round = desk.round("requested")
    session.commit()
    brand, factory = sides
    came = {"received_on": clock.today().isoformat(), "condition": "intact", "pieces": 1}
    assert brand.post(f"/samples/{round.id}/receive", data=came).status_code == 409
    assert brand.post(f"/samples/{round.id}/decide", data={"outcome": "approved", "reason": "?"}).status_code == 409
    assert factory.post(f"/samples/{round.id}/start", data={"version": 99}).status_code == 409
    assert session.scalars(select(SampleDecision)).all() == []


def test_photos_are_added_by_both_and_removed_by_their_own_side(desk, sides, session):
    brand, factory = sides
    round = desk.round("in_making")
    session.commit()
    path, requirement = f"/samples/{round.id}", round.requirements[0].id
    assert factory.post(f"{path}/photos", data={"photos": [png("工厂.png")], "requirement_id": requirement}).status_code == 302
    assert brand.post(f"{path}/photos", data={"photos": [png("brand.png")], "requirement_id": 0}).status_code == 302
    mine = photo_id(session, "工厂.png")
    assert f"/files/{mine}/thumbnail" in brand.get(path).text
    assert brand.post(f"{path}/photos/{mine}/remove").status_code == 409
    assert factory.post(f"{path}/photos/{mine}/remove").status_code == 302
    assert photo_id(session, "工厂.png") is None
    text = BytesIO(b"not a picture"), "a.png"
    assert brand.post(f"{path}/photos", data={"photos": [text], "requirement_id": 0}).status_code == 422
    foreign = desk.round("requested").requirements[0].id
    session.commit()
    assert brand.post(f"{path}/photos", data={"photos": [png()], "requirement_id": foreign}).status_code == 422


def photo_id(session, name):
    from incubator.kernel.file_table import StoredFile

    return session.scalar(select(StoredFile.id).where(StoredFile.name == name))


def test_a_file_of_the_product_is_not_removed_through_a_round(desk, sides, session):
    first, second = desk.round("received"), desk.round("received")
    photo = service.photograph(first, [a_photo()], 0, desk.actor, clock.now())[0]
    session.commit()
    assert sides[0].post(f"/samples/{second.id}/photos/{photo.id}/remove").status_code == 404


def test_what_was_asked_is_changed_by_its_form(desk, sides, session):
    round = desk.round("requested")
    session.commit()
    day = (clock.today() + timedelta(days=30)).isoformat()
    path = f"/samples/{round.id}/edit"
    assert sides[0].get(path).status_code == 200
    data = {"factory_id": desk.factory.id, "kind": "counter", "quantity": 5, "due_on": day, "version": round.version}
    assert sides[0].post(path, data=data).status_code == 302
    session.expire_all()
    assert (round.kind, round.quantity, round.due_on.isoformat()) == ("counter", 5, day)
    desk.lead(round, "in_making")
    session.commit()
    assert sides[0].get(path).status_code == 302


def test_the_list_filters_sorts_and_exports_what_it_shows(desk, sides, session):
    desk.product.name = "=HYPERLINK(1)"
    desk.round("received")
    desk.round("approved")
    session.commit()
    brand = sides[0]
    main = brand.get("/samples").text.split("<tbody")[1]
    assert "Received" in main and "Approved" not in main, "open rounds alone"
    assert "Approved" in brand.get("/samples?state=approved").text.split("<tbody")[1]
    assert brand.get("/samples?state=&kind=counter").text.count("<tbody") == 0
    assert brand.get("/samples?state=&q=%25").text.count("<tbody") == 0, "a percent sign means itself"
    csv = brand.get("/samples/export.csv?state=").data.decode("utf-8-sig")
    assert csv.count("\n") == 3 and "'=HYPERLINK(1)" in csv
    assert brand.get("/samples/export.xlsx").data.startswith(b"PK")
    assert brand.get("/samples?cursor=xx").status_code == 422
    for odd in ("state=x", "sort=x", "factory_id=9999999999999999", "factory_id=-1", "q=%00'\"--", "kind[]=1"):
        assert brand.get(f"/samples?{odd}").status_code == 200, odd


def test_the_register_finds_by_number_product_and_place_and_exports(desk, sides, session):
    golden = desk.round("sealed").golden
    golden.storage_place = "@B 柜"
    session.commit()
    brand = sides[0]
    for text in (golden.number, "托腰", "B 柜"):
        assert golden.number in brand.get(f"/golden-samples?q={text}").text, text
    assert "No golden sample fits" in brand.get("/golden-samples?q=nothing").text
    assert golden.number not in brand.get("/golden-samples?state=superseded").text
    assert "'@B 柜" in brand.get("/golden-samples/export.csv").data.decode("utf-8-sig")


def test_the_seal_card_is_printed_in_both_languages(desk, sides, session):
    golden = desk.round("sealed").golden
    session.commit()
    for browser, language in zip(sides, ("zh", "en"), strict=True):
        answer = browser.get(f"/golden-samples/{golden.id}/seal-card-{language}.pdf")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
        assert golden.number in answer.headers["Content-Disposition"]


def test_case_26_what_people_write_is_shown_as_typed(desk, sides, session):
    evil = "<script>alert(1)</script>{{7*7}}%(x)s"
    round = desk.ask(instructions=evil)
    desk.lead(round, "measured", {**GOOD, "噪音": "60"})
    desk.decide(round, "rejected", {"噪音": evil}, reason=evil)
    follower = desk.ask(follows=round)
    session.commit()
    for browser in sides:
        for path in (f"/samples/{round.id}", f"/samples/{follower.id}", "/notifications", "/"):
            page = browser.get(path).text
            assert "<script>alert" not in page and "49%(x)s" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}%(x)s" in browser.get(f"/samples/{round.id}").text


def test_the_tab_is_offered_where_something_may_be_seen(desk, session, app):
    for kind, there in (("design_firm", True), ("mould_factory", True), ("investor", False), ("operator", False)):
        party = an_organisation(kind)
        a_participant(desk.product, party)
        browser = sign_in(app.test_client(), a_person(party))
        path = f"/products/{desk.product.id}/samples"
        assert (path in browser.get(f"/products/{desk.product.id}").text) is there, kind
        assert browser.get(path).status_code == (200 if there else 404)


def test_the_homes_and_the_navigation_count_what_waits(desk, sides, session):
    brand, factory = sides
    desk.round("requested")
    desk.round("received")
    desk.round("measured")
    late = desk.round("in_making")
    late.due_on = clock.today() - timedelta(days=2)
    session.commit()
    assert 'href="/samples"' in brand.get("/").text
    rail = brand.get("/search").text.split('href="/samples"')[1].split("</a>")[0]
    assert '<span class="count">2' in rail
    assert '<span class="count">2' in factory.get("/search").text.split('href="/samples"')[1].split("</a>")[0]
    assert "2 days late" in factory.get("/").text and "is to be measured" in brand.get("/").text


def test_pages_ask_a_fixed_number_of_questions(desk, sides, session):
    brand = sides[0]
    round = desk.round("measured")
    session.commit()
    paths = ("/samples?state=", f"/products/{desk.product.id}/samples", f"/samples/{round.id}", "/golden-samples", "/")
    few = {path: questions(brand, path) for path in paths}
    for n in range(4):
        desk.round("sealed" if n == 3 else "measured")
    service.photograph(round, [a_photo(f"{n}.png") for n in range(3)], round.requirements[0].id, desk.actor, clock.now())
    session.commit()
    for path in paths:
        assert questions(brand, path) <= few[path] + 1, path  # one for the photos of requirements, or the sealed round's decision


def questions(browser, path):
    browser.get(path)
    with counted() as asked:
        assert browser.get(path).status_code == 200
    return len(asked)
