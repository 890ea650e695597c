"""The pages, exports and JSON of findings and effects, by role (cases 1, 2, 6, 7 and 9), and the list of sales sorted by what comes back."""

import csv
import io

import pytest
from sqlalchemy import select

from incubator.feedback import finding_service, jobs, printing, queries
from incubator.feedback.finding_models import Finding
from incubator.feedback.models import FeedbackEffect
from incubator.kernel import clock
from incubator.sales import grading
from tests import builders, world
from tests.builders import counted, sign_in
from tests.feedback.builders import Desk
from tests.feedback.test_findings import Run, acted_on, peers

BACKENDS = ("sqlite",)


def looked(**more):
    desk = Desk(**more)
    finding_service.look(desk.brand.id, desk.week, clock.now())
    return desk


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_brand_reads_what_was_found_and_how_much_was_asked(session, client):
    desk = looked()
    session.commit()
    body = sign_in(client, desk.user).get("/feedback/findings").text
    finding = session.scalars(select(Finding)).one()
    run = finding_service.run_of(desk.brand.id, desk.week)
    assert "BAD-1" in body and f"/feedback/findings/{finding.id}" in body and "style=" not in body
    assert f"of {run.tested} questions" in body and "Smell" in body


def test_a_finding_shows_everything_that_stands_behind_it(session, client):
    desk = looked()
    desk.pack("sent")
    session.commit()
    finding = session.scalars(select(Finding)).one()
    body = sign_in(client, desk.user).get(f"/feedback/findings/{finding.id}").text
    for said in (
        "BAD-1",
        "data-chart",
        "96 of 400",
        "False-alarm share",
        "<summary>For those who reckon</summary>",
        f"/skus/{desk.bad.id}",
    ):
        assert said in body
    assert f"/feedback/findings/{finding.id}" in client.get(f"/skus/{desk.bad.id}").text
    assert "/feedback/findings/" not in client.get(f"/skus/{desk.good.id}").text.split("<main")[1]


@pytest.mark.parametrize(
    "query", ["", "?state=", "?state=gone", "?reason=smell&kind=change&sort=sure", "?reason=all&sort=size", "?q=BAD&category=%00x"]
)
def test_filters_narrow_the_list_and_its_export(session, client, query):
    desk = looked()
    session.commit()
    sign_in(client, desk.user)
    page, sheet = client.get(f"/feedback/findings{query}"), rows_of(client.get(f"/feedback/findings/export.csv{query}"))
    assert page.status_code == 200
    held = "BAD-1" in page.text
    assert held is (len(sheet) == 2) is (query not in ("?state=gone", "?reason=all&sort=size", "?q=BAD&category=%00x"))
    assert len({len(row) for row in sheet}) == 1


@pytest.mark.parametrize("query", ["state=x&sort='", "cursor=%00", "kind=<script>", "sort=sure&cursor=W2ZhbHNlLCJuYW4iLDFd"])
def test_hostile_addresses_find_nothing_new(session, client, query):
    desk = looked()
    session.commit()
    assert sign_in(client, desk.user).get(f"/feedback/findings?{query}").status_code in (200, 400, 422)


def test_nobody_but_the_brand_finds_a_page_of_findings(session, client):
    desk, other = looked(), looked()
    session.commit()
    finding = session.scalars(select(Finding).where(Finding.brand_id == desk.brand.id)).one()
    for person in (desk.maker, desk.rival_user, builders.a_person(builders.an_organisation("investor"))):
        sign_in(client, person)
        for path in ("/feedback/findings", "/feedback/findings/export.csv", f"/feedback/findings/{finding.id}"):
            assert client.get(path).status_code == 404, person.name
    sign_in(client, other.user)
    assert client.get(f"/feedback/findings/{finding.id}").status_code == 404
    assert str(desk.bad.id) not in client.get("/feedback/findings/export.csv").text.split("\n")[0]


def test_a_new_brand_is_told_what_to_do_first(session, client):
    desk = Desk()
    session.commit()
    assert "/imports" in sign_in(client, desk.user).get("/feedback/findings").text
    stranger = builders.a_person(builders.an_organisation("brand"), manager=True)
    assert sign_in(client, stranger).get("/feedback/findings").status_code == 200


def test_a_list_asks_no_more_for_more_findings(session, client):
    desk = looked()
    session.commit()
    sign_in(client, desk.user).get("/feedback/findings")
    with counted() as few:
        client.get("/feedback/findings")
    first = session.scalars(select(Finding)).one()
    for n in range(60):
        sku = desk.sku(f"MORE-{n}")
        values = {c.name: getattr(first, c.name) for c in first.__table__.columns if c.name not in ("id", "sku_id", "version")}
        builders.put(Finding(**{**values, "sku_id": sku.id, "ratio": 2 + n / 10, "q": n / 1000}))
    session.commit()
    for sort in ("new", "sure", "size"):
        with counted() as many:
            page = client.get(f"/feedback/findings?sort={sort}").text
        assert len(many) <= len(few) and page.count("/feedback/findings/") >= 50
        following = next(part.split('"')[0] for part in page.split('href="') if "cursor=" in part.split('"')[0]).replace("&amp;", "&")
        assert client.get(following).status_code == 200, sort


@pytest.mark.parametrize("view", ["all", "sku"])
def test_the_factory_reads_its_own_findings_and_no_other_figures(session, client, view):
    desk = looked()
    peers(desk)
    pack = desk.pack("sent")
    session.commit()
    path = f"/feedback/packs/{pack.id}?view=all" if view == "all" else f"/feedback/packs/{pack.id}/skus/2"
    body = sign_in(client, desk.maker).get(path).text
    assert "异味" in body and "96" in body and 'class="told"' in body
    for secret in ("PEER-", "RIVAL", desk.rival.label, "q 值", "/feedback/findings"):
        assert secret not in body


def test_packs_on_paper_as_rows_and_as_json_tell_the_same(session, client):
    desk = looked()
    pack = desk.pack("sent")
    token = world.a_token(desk.maker)
    session.commit()
    sign_in(client, desk.maker)
    sheet = rows_of(client.get(f"/feedback/packs/{pack.id}/skus.csv"))
    at = sheet[0].index("退货发现")
    assert any("异味" in row[at] and "96" in row[at] for row in sheet[1:])
    json = client.get(f"/api/v1/feedback-packs/{pack.id}", headers={"Authorization": f"Bearer {token}"}).json
    (entry,) = next(s["findings"] for s in json["sections"] if s["code"] == "BAD-1")
    assert (entry["against"], entry["after"]["returned"]) == ("own", 96) and not {"p", "q"} & set(entry)
    assert printing.document(queries.whole(pack.id, desk.maker_actor), "zh", desk.maker_actor).startswith(b"%PDF")


def test_findings_as_json_are_the_brands(session, client):
    desk = looked()
    tokens = [world.a_token(person) for person in (desk.user, desk.maker)]
    session.commit()
    answers = [client.get("/api/v1/findings?state=standing", headers={"Authorization": f"Bearer {token}"}) for token in tokens]
    assert [a.status_code for a in answers][1] in (403, 404)
    (item,) = answers[0].json["items"]
    assert (item["code"], item["reason"], item["kind"], item["state"]) == ("BAD-1", "smell", "change", "open") and item["q"] <= 0.1
    run = answers[0].json["runs"][0]
    assert run["tested"] >= run["found"] == 1


def test_the_brand_alone_reads_who_the_comparable_skus_are(session, client):
    desk = Desk()
    for n in range(6):
        desk.sold(desk.sku(f"OTHER-{n}", builders.an_organisation("factory")), [40] * 26, [2] * 26)
    action = acted_on(desk)
    session.commit()
    jobs.measure(Run(), clock.now())
    session.commit()
    effect = session.scalars(select(FeedbackEffect).where(FeedbackEffect.action_id == action.id)).one()
    shown = {person: sign_in(client, person).get(f"/feedback/actions/{action.id}").text for person in (desk.user, desk.maker)}
    assert "OTHER-3" in shown[desk.user] and "OTHER" not in shown[desk.maker]
    for body in shown.values():
        assert f"{effect.change['ratio']:.2f}" in body
    sign_in(client, desk.maker)
    assert "OTHER" not in client.get("/feedback/actions/export.csv?state=").text
    assert f"{effect.change['ratio']}" in client.get("/feedback/actions/export.csv?state=").text


def test_before_it_is_measured_the_page_says_when(session, client):
    desk = Desk()
    pack = desk.pack("acted")
    session.commit()
    action = next(s.action for s in pack.sections if s.code == "BAD-1")
    assert "为时尚早" in sign_in(client, desk.maker).get(f"/feedback/actions/{action.id}").text


def test_sales_are_sorted_by_what_comes_back_past_the_first_page(session, client):
    """Decimals in a cursor were taken for a damaged link."""
    desk = Desk()
    for n in range(60):
        desk.sold(desk.sku(f"MANY-{n:02d}"), [40] * 8, [n % 4] * 8)
    grading.grade(desk.brand.id, desk.week)
    session.commit()
    sign_in(client, desk.user)
    for sort in ("returns", "pace"):
        page = client.get(f"/sales?sort={sort}").text
        following = next(part.split('"')[0] for part in page.split('href="') if "cursor=" in part.split('"')[0]).replace("&amp;", "&")
        more = client.get(following)
        assert more.status_code == 200 and "MANY-" in more.text, sort
    first = client.get("/sales?sort=returns").text
    assert first.index("BAD-1") < first.index("MANY-03")
    sheet = rows_of(client.get("/sales/export.csv"))
    assert all(float(row[9]) <= float(row[8]) <= float(row[10]) for row in sheet[1:])
