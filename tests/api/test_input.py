"""What the API refuses to take, and the one shape in which it says so."""

import pytest

from tests.api.test_journey import BRIEF, REFERENCE, a_claim
from tests.builders import a_brief, a_product, a_programme, an_organisation


class Desk:
    def __init__(self, caller):
        self.brand = an_organisation("brand")
        self.programme = a_programme(self.brand)
        self.brief = a_brief(a_product(self.programme, stage="brief"))
        self.who = caller(self.brand)

    def create(self, **values):
        return self.who.post("/briefs", {**BRIEF, "programme_id": self.programme.id, **values})


@pytest.fixture
def desk(caller, session):
    return Desk(caller)


def is_a_problem(answer, status):
    """JSON with a sentence, and messages by field as lists of texts."""
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    assert answer.mimetype == "application/json"
    body = answer.json
    assert isinstance(body["message"], str) and body["message"] and set(body) <= {"message", "fields", "what", "difference"}
    for messages in body.get("fields", {}).values():
        assert isinstance(messages, list) and all(isinstance(m, str) for m in messages)
    return body


@pytest.mark.parametrize("value", ["3", True, 3.5, 3.0, None, [], {}, "", -1, 1_000_000_001, 10**30])
def test_an_integer_is_an_integer(desk, value):
    assert "moq" in is_a_problem(desk.create(moq=value), 422)["fields"]


@pytest.mark.parametrize("value", ["3", True, 3.5, 10**30, -5])
def test_an_id_is_an_integer_too(desk, value):
    assert is_a_problem(desk.create(programme_id=value), 422)["fields"]
    is_a_problem(desk.who.post(f"/briefs/{desk.brief.id}/claims", a_claim(value)), 422)
    is_a_problem(desk.who.post(f"/briefs/{desk.brief.id}/submit", {"signatories": [value]}), 422)


@pytest.mark.parametrize(
    "name", ["role", "organisation_id", "state", "approved_by", "brand_id", "id", "code", "author_id", "product_id", "revision"]
)
def test_case_8_an_unknown_field_is_refused_by_name(desk, name):
    for answer in (
        desk.create(**{name: 1}), desk.who("PATCH", f"/briefs/{desk.brief.id}", {name: 1}), desk.who.post(f"/briefs/{desk.brief.id}/references", {**REFERENCE, name: 1}),
        desk.who.post(f"/briefs/{desk.brief.id}/claims", {**a_claim(1), name: 1}), desk.who.post(f"/briefs/{desk.brief.id}/submit", {"signatories": [], name: 1}),
    ):  # fmt: skip
        if answer.status_code == 422 and name not in answer.json.get("fields", {}):
            raise AssertionError(answer.text)
        is_a_problem(answer, 422)


@pytest.mark.parametrize(
    "price", ["NaN", "Infinity", "1e308", "-1", "0", "0.001", "9" * 5000, "1e-400", "1,2,3.4.5", "0x10", "", "null", "9" * 19]
)
def test_case_31_an_amount_is_an_amount(desk, price):
    body = is_a_problem(desk.who.post(f"/briefs/{desk.brief.id}/references", {**REFERENCE, "price": price}), 422)
    assert "price" in body["fields"] and len(str(body)) < 1000
    if price:
        is_a_problem(desk.create(targets=[{"currency": "CNY", "price": price}]), 422)


@pytest.mark.parametrize(
    "query",
    [
        "limit=1000000000",
        "limit=0",
        "limit=-1",
        "limit=NaN",
        "limit=1e3",
        "limit=",
        "sort=price;--",
        "state=x",
        "type='",
        "nope=1",
        "q=" + "x" * 101,
    ],
)
def test_case_31_a_query_is_checked(desk, query):
    is_a_problem(desk.who.get(f"/briefs?{query}"), 422)


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "W10", "WzEsIjIiLDNd", "WzEsIiciLC0xXQ", "%00", "'", "W2ZhbHNlLCAiMjAyNi0wMS0wMSIsIDldMQ", "WzAsMWUzMDgsMV0"]
)
def test_case_32_a_tampered_cursor_is_refused(desk, cursor):
    is_a_problem(desk.who.get(f"/briefs?cursor={cursor}"), 422)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{bad", "application/json", 400), (b"", "application/json", 400), (b"[]", "application/json", 422), (b"null", "application/json", 422),
     (b"\xff\xfe", "application/json", 400), (b"title=x", "application/x-www-form-urlencoded", 415), (b"[" * 100_000, "application/json", 400)],
)  # fmt: skip
def test_a_body_that_is_no_object_is_refused(desk, body, kind, status):
    answer = desk.who.client.post("/api/v1/briefs", data=body, content_type=kind, headers=desk.who.headers)
    is_a_problem(answer, answer.status_code)
    assert answer.status_code in (status, 422, 400)


def test_errors_under_api_are_json_whatever_was_asked_for(desk):
    html = {"Accept": "text/html"}
    is_a_problem(desk.who.get("/no-such-thing", headers=html), 404)
    is_a_problem(desk.who("DELETE", "/briefs", headers=html), 405)
    is_a_problem(desk.who.get(f"/briefs/{10**30}", headers=html), 404)
    is_a_problem(desk.who.client.get("/api/v1/briefs", headers=html), 401)


def test_nested_messages_stand_under_one_name_each(desk):
    body = is_a_problem(
        desk.create(
            requirements=[{"attribute": "高度", "operator": "bigger", "target": "10"}], targets=[{"currency": "XXX", "price": "1"}]
        ),
        422,
    )
    assert set(body["fields"]) == {"requirements.0.operator", "targets.0.currency"}


def test_five_megabytes_of_text_are_refused(desk):
    is_a_problem(desk.create(need="长" * 1_700_000), 422)
    is_a_problem(desk.create(requirements=[{"attribute": "a", "target": "1"}] * 100_000), 422)
    is_a_problem(desk.who.get("/briefs?q=" + "x" * 5000), 422)
