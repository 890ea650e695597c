"""Search: by name and code, in Chinese and English, and only what one may see."""

import pytest

from incubator.portals import search
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted, sign_in


def found(actor, text, limit=6):
    return {group["label"]: [item["label"] for item in group["items"]] for group in search.find(text, actor, limit)}


@pytest.fixture
def brand(session, app):
    with app.test_request_context():
        yield an_organisation("brand")


def test_products_are_found_by_a_part_of_name_or_code(brand):
    actor, programme = an_actor(brand), a_programme(brand, "椅子计划")
    a_product(programme, name="云朵托腰人体工学椅", code="P-00012")
    a_product(programme, name="Ergonomic chair 100%", code="X_1")
    a_product(name="别家的椅子")
    assert found(actor, "椅") == {"Products": ["云朵托腰人体工学椅"], "Programmes": ["椅子计划"]}
    assert found(actor, "p-00012") == {"Products": ["云朵托腰人体工学椅"]}
    assert found(actor, "00012") == {"Products": ["云朵托腰人体工学椅"]}
    assert found(actor, "CHAIR") == {"Products": ["Ergonomic chair 100%"]}
    assert found(actor, "0%") == found(actor, "x_") == {"Products": ["Ergonomic chair 100%"]}
    assert found(actor, "%_%") == found(actor, "'; --") == {}


def test_what_begins_with_the_text_comes_first(brand):
    programme = a_programme(brand)
    for name in ("折叠椅", "椅子", "小椅"):
        a_product(programme, name=name)
    assert found(an_actor(brand), "椅", 2)["Products"][0] == "椅子"
    assert len(found(an_actor(brand), "椅", 2)["Products"]) == 2


def test_a_party_finds_its_products_without_their_codes(brand):
    factory = an_organisation("factory")
    a_participant(a_product(a_programme(brand), name="云朵椅", code="P-77"), factory)
    a_product(a_programme(brand), name="云朵凳")
    groups = search.find("云朵", an_actor(factory))
    assert [item["label"] for group in groups for item in group["items"]] == ["云朵椅"]
    assert "P-77" not in str(groups)


def test_the_administrator_finds_organisations_and_people(brand):
    a_person(an_organisation("factory", "竹溪椅业"), "竹内")
    administrator = an_actor(role="administrator")
    assert found(administrator, "竹") == {"Organisations": ["竹溪椅业"], "People": ["竹内"]}


def test_page_and_json_and_few_queries(client, session):
    brand = an_organisation("brand")
    a_product(a_programme(brand), name="云朵椅", code="P-00001")
    sign_in(client, a_person(brand))
    with counted() as statements:
        answer = client.get("/search?q=云朵", headers={"Accept": "application/json"})
    assert len([s for s in statements if "LIKE" in s.upper()]) <= 6
    body = answer.get_json()
    assert body["groups"][0]["items"][0] == {"label": "云朵椅", "hint": "P-00001 · Signal", "url": "/products/1"}
    assert body["more_url"].startswith("/search?q=")
    assert "云朵椅" in client.get("/search?q=云朵").get_data(as_text=True)
    assert "Nothing found" in client.get("/search?q=%00%25zz").get_data(as_text=True)
    assert "What are you looking for?" in client.get("/search").get_data(as_text=True)
    assert client.get("/search?q=" + "x" * 5000).status_code == 200
