"""Sample rounds as JSON: list, show, put measurements; bearer tokens, own rows, exact decimals."""

import pytest
from sqlalchemy import select

from incubator.samples.models import SampleReading
from tests.api.conftest import caller  # noqa: F401 - a fixture
from tests.builders import an_organisation
from tests.samples.builders import Desk


@pytest.fixture
def scene(session, caller):  # noqa: F811
    desk = Desk()
    return desk, desk.round("received"), caller(desk.brand)


def put(who, round, readings, **more):
    return who("PUT", f"/sample-rounds/{round.id}/measurements", {"version": round.version, "readings": readings, **more})


def test_a_round_is_listed_and_shown(scene):
    desk, round, brand = scene
    found = brand.get("/sample-rounds?state=open").json
    assert [r["id"] for r in found["items"]] == [round.id] and found["total"] == 1
    assert found["items"][0]["other"] == desk.factory.name
    body = brand.get(f"/sample-rounds/{round.id}").json
    assert body["requirements"][1] | {"id": 0} == {
        "id": 0, "attribute": "噪音", "operator": "le", "target": "45", "unit": "dB", "tolerance": "2", "priority": "must", "lower": None,
        "upper": "47", "readings": [], "verdict": "missing", "deciding": None, "delta": None, "trend": None,
    }  # fmt: skip
    assert body["decision"] is None and body["golden_sample"] is None


def test_measurements_are_put_cell_by_cell(scene, session):
    _desk, round, brand = scene
    ids = [r.id for r in round.requirements]
    answer = put(
        brand, round, [{"requirement_id": ids[1], "piece": 1, "value": "47.0"}, {"requirement_id": ids[4], "piece": 2, "met": "no"}]
    )
    assert answer.status_code == 200, answer.json
    lines = {r["attribute"]: r for r in answer.json["requirements"]}
    assert (lines["噪音"]["verdict"], lines["噪音"]["deciding"], lines["包装"]["verdict"]) == ("pass", "47.0", "fail")
    session.expire_all()
    assert put(brand, round, [{"requirement_id": ids[1], "piece": 1, "value": ""}]).json["requirements"][1]["verdict"] == "missing"


@pytest.mark.parametrize(
    "reading",
    [
        {"value": "NaN"}, {"value": "1e308"}, {"value": "1,5"}, {"value": 47.5}, {"piece": 3, "value": "1"}, {"piece": "1", "value": "1"}, {"met": "yes"},
        {"value": "1", "state": "sealed"}, {"requirement_id": 987_654, "value": "1"}, {"requirement_id": True, "value": "1"},
    ],
)  # fmt: skip
def test_case_31_what_is_no_reading_is_refused(scene, session, reading):
    _desk, round, brand = scene
    answer = put(brand, round, [{"requirement_id": round.requirements[1].id, "piece": 1, **reading}])
    assert answer.status_code == 422 and answer.json["fields"] and session.scalars(select(SampleReading)).all() == []


@pytest.mark.parametrize(
    "body", [{}, {"readings": []}, {"version": 1}, {"version": 1, "readings": [], "finish": "1"}, {"version": "1", "readings": []}]
)
def test_a_body_without_readings_or_version_is_refused(scene, body):
    _desk, round, brand = scene
    assert brand("PUT", f"/sample-rounds/{round.id}/measurements", body).status_code == 422


def test_a_stale_version_is_a_conflict(scene):
    _desk, round, brand = scene
    assert put(brand, round, [{"requirement_id": round.requirements[0].id, "piece": 1, "value": "1"}], version=1).status_code == 409


def test_rows_are_scoped(scene, session, caller):  # noqa: F811
    desk, round, _brand = scene
    maker, rival, firm = caller(desk.factory), caller(an_organisation("factory")), caller(an_organisation("design_firm"))
    assert maker.get(f"/sample-rounds/{round.id}").json["other"] == desk.brand.name
    assert put(maker, round, [{"requirement_id": 1, "piece": 1, "value": "1"}]).status_code == 404
    assert rival.get(f"/sample-rounds/{round.id}").status_code == 404
    assert rival.get("/sample-rounds").json == {"items": [], "next": None, "previous": None, "total": 0}
    assert firm.get("/sample-rounds").status_code == 404


def test_pages_follow_one_another(scene, session):
    desk, _round, brand = scene
    for _ in range(4):
        desk.round("requested")
    session.commit()
    first = brand.get("/sample-rounds?limit=3").json
    second = brand.get(f"/sample-rounds?limit=3&cursor={first['next']}").json
    assert len({r["id"] for r in first["items"] + second["items"]}) == 5 and second["next"] is None
    assert brand.get("/sample-rounds?limit=1000000").status_code == 422
