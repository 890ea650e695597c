"""Cases 31 and 33: what nobody types by hand is refused with a 4xx, and never reaches the database."""

import base64
import json

import pytest

from tests.accounts.helpers import a_user, log_in
from tests.accounts.test_credentials import a_token
from tests.builders import an_organisation

CURSORS = {
    "half a character": [False, "\ud800", 5],
    "NUL": [False, "a\0b", 5],
    "before the first year": [False, "0001-01-01T00:00:00+23:59", 5],
    "after the last year": [False, "9999-12-31T23:59:59-23:59", 5],
    "no zone": [False, "2026-11-22T00:00:00", 5],
}
PAGES = [
    ("/briefs", {}), ("/briefs", {"sort": "title"}), ("/products", {}), ("/products", {"sort": "name"}), ("/notifications", {}),
    ("/api/v1/briefs", {}), ("/api/v1/briefs", {"sort": "title"}),
]  # fmt: skip
BODIES = {
    "half a character": (b'{"title": "\\uD800"}', 422),
    "NUL": (b'{"title": "a\\u0000"}', 422),
    "half a name": (b'{"\\udfff": 1}', 422),
    "a long integer": (b'{"programme_id": ' + b"9" * 5000 + b"}", 400),
    "a deep list": (b"[" * 100_000, 400),
    **{f"NUL in {e}": ('{"title": "a\\u0000"}'.encode(e), 400) for e in ("utf-16", "utf-16-le", "utf-32-be")},
}


@pytest.fixture
def brand(client, session):
    """A signed-in client and the header of its token."""
    log_in(client, a_user(an_organisation("brand"), manager=True))
    return client, {"Authorization": f"Bearer {a_token(client)}"}


def packed(value) -> str:
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode()


DATES = [packed(value) for value in CURSORS.values() if value[1][:4].isdigit()]


def cursors() -> list[str]:
    return [packed(value) for value in CURSORS.values()] + [packed(b"[" * 2500), packed(b"9" * 1400), packed(b"a" * 90_000), "\u00e9", "\0"]


@pytest.mark.parametrize(("page", "sort"), PAGES)
def test_case_33_a_forged_cursor_is_refused_in_words(brand, page, sort):
    client, bearer = brand
    for cursor in cursors():
        answer = client.get(page, query_string={"cursor": cursor, **sort}, headers=bearer)
        is_a_text = sort and cursor in DATES
        assert answer.status_code == 200 if is_a_text else 400 <= answer.status_code < 500, (cursor[:60], answer.status_code)


@pytest.mark.parametrize("name", BODIES)
def test_case_31_json_that_cannot_be_stored_is_refused(app, brand, name):
    body, status = BODIES[name]
    answer = app.test_client().post("/api/v1/briefs", data=body, content_type="application/json", headers=brand[1])
    assert answer.status_code == status
    assert answer.json["message"]


@pytest.mark.parametrize("page", ["/briefs", "/products", "/notifications", "/search", "/api/v1/organisations", "/api/v1/briefs"])
def test_case_31_nul_and_half_characters_in_an_address_break_nothing(brand, page):
    client, bearer = brand
    for text in ("%00", "a%00b", "%ED%A0%80", "%FF"):
        query = "&".join(f"{name}={text}" for name in (["q"] if page.startswith("/api") else ["q", "state", "sort", "type", "stage"]))
        assert client.get(f"{page}?{query}", headers=bearer).status_code < 500
