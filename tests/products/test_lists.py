"""The list, the board and their filters: what is asked is what is shown, and the number of queries stays put."""

from datetime import date, timedelta

import pytest

from incubator.kernel import clock
from incubator.portals import todo
from incubator.products import queries, views
from incubator.products.filters import Filters, escaped
from incubator.products.models import SavedView
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted, sign_in


@pytest.fixture
def brand(session):
    return an_organisation("brand")


def names(page):
    return [row.name for row in page.rows]


def test_each_filter_narrows(brand):
    actor, factory = an_actor(brand), an_organisation("factory")
    first, second = a_programme(brand), a_programme(brand)
    chair = a_product(first, "sampling", "椅子 100%", category="家具", owner_id=actor.user_id, risk="red")
    a_product(second, "brief", "kettle_x", type="basic", code="K-9")
    a_participant(chair, factory)
    a_product(name="椅子 of another brand")
    for given, expected in (
        ({"stage": "sampling"}, ["椅子 100%"]), ({"programme": second.id}, ["kettle_x"]), ({"type": "basic"}, ["kettle_x"]),
        ({"owner": actor.user_id}, ["椅子 100%"]), ({"risk": "red"}, ["椅子 100%"]), ({"category": "家具"}, ["椅子 100%"]),
        ({"participant": factory.id}, ["椅子 100%"]), ({"q": "子"}, ["椅子 100%"]), ({"q": "k-9"}, ["kettle_x"]), ({"q": "KETTLE"}, ["kettle_x"]),
        ({"q": "0%"}, ["椅子 100%"]), ({"q": "e_x"}, ["kettle_x"]), ({"q": "%"}, ["椅子 100%"]), ({"q": "_"}, ["kettle_x"]), ({"q": "\\"}, []),
        ({"stage": "brief", "risk": "red"}, []),
    ):  # fmt: skip
        page = queries.page(Filters.read(given), actor, None)
        assert (names(page), page.total) == (expected, len(expected)), given


def test_every_sort_pages_forwards_and_back(brand):
    actor, programme, now = an_actor(brand), a_programme(brand), clock.now()
    for i in range(7):
        launch = date(2027, 1, 1 + i % 3) if i % 2 else None
        a_product(
            programme, name=f"n{i % 4}", state_since=now - timedelta(days=i % 3), updated_at=now - timedelta(hours=i // 2), launch_on=launch
        )
    for sort in ("updated", "name", "code", "since", "launch", "due"):
        for direction in ("", "-"):
            filters = Filters.read({"sort": direction + sort})
            whole = [row.id for row in queries.page(filters, actor, None).rows]
            first = queries.page(filters, actor, None, 3)
            second = queries.page(filters, actor, first.next, 3)
            third = queries.page(filters, actor, second.next, 3)
            assert [r.id for p in (first, second, third) for r in p.rows] == whole, sort
            assert [r.id for r in queries.page(filters, actor, second.previous, 3).rows] == whole[:3]
            assert third.next is None


def test_the_number_of_queries_does_not_grow(client, brand):
    programme = a_programme(brand)
    user = a_person(brand)
    sign_in(client, user)
    for path in ("/products", "/products/board", "/products/timeline", "/milestones", "/"):
        while_few = [a_product(programme, "sampling", owner_id=user.id) for _ in range(5)]
        with counted() as few:
            assert client.get(path).status_code == 200
        more = [a_product(programme, "sampling", owner_id=user.id) for _ in range(45)]
        with counted() as many:
            assert client.get(path).status_code == 200
        assert len(few) == len(many), path
        assert len(many) <= (12 + len(todo.SOURCES) if path == "/" else 12), many
        for product in while_few + more:
            product.owner_id = None


def test_the_list_asks_little(client, brand):
    a_product(a_programme(brand))
    sign_in(client, a_person(brand))
    with counted() as statements:
        client.get("/products?stage=signal&sort=name")
    frame = [s for s in statements if "user_session" in s or "notification" in s or "gate_review" in s or s.count("membership") > 3]
    assert len(statements) <= 8, statements
    assert frame


def test_the_board_counts_all_and_shows_twenty(brand):
    actor, programme = an_actor(brand), a_programme(brand)
    for i in range(23):
        a_product(programme, "sampling", f"s{i:02d}", updated_at=clock.now() + timedelta(seconds=i))
    cards = queries.board(Filters(), actor, ("sampling", "brief"))
    assert [c.name for c in cards["sampling"]] == [f"s{i:02d}" for i in range(22, 2, -1)]
    assert cards["brief"] == []
    assert queries.stage_counts(Filters(), actor)["sampling"] == 23
    assert queries.stage_counts(Filters.read({"q": "s22"}), actor)["sampling"] == 1


def test_options_are_ones_own(brand):
    actor, factory = an_actor(brand), an_organisation("factory", "甲厂")
    product = a_product(a_programme(brand, "Mine"), category="家具")
    a_product(product.programme, category="茶具")
    a_product(product.programme, category="")
    a_participant(product, factory)
    theirs = a_product(a_programme(name="Theirs"), category="secret")
    a_participant(theirs, an_organisation("factory", "乙厂"))
    views.save("list", "late ones", Filters.read({"risk": "red"}), actor)
    offered = queries.options(actor, "list")
    assert [name for _, name in offered["programme"]] == ["Mine"]
    assert [name for _, name in offered["participant"]] == ["甲厂"]
    assert sorted(name for _, name in offered["category"]) == sorted(["家具", "茶具"])
    assert [name for _, name in offered["view"]] == ["late ones"]
    assert [i for i, _ in offered["owner"]] == [actor.user_id]


def test_saved_views_are_kept_replaced_and_deleted(client, brand):
    a_product(a_programme(brand), "sampling")
    sign_in(client, a_person(brand))
    answer = client.post("/products/views", data={"view": "board", "name": "打样", "stage": "sampling", "sort": "x'", "page": "evil"})
    assert answer.headers["Location"] == "/products/board?stage=sampling"
    client.post("/products/views", data={"view": "board", "name": "打样", "stage": "brief"})
    with client.application.app_context():
        from incubator.kernel.db import db

        view = db.session.query(SavedView).one()
        assert view.query == {"stage": "brief"}
        view_id = view.id
    assert client.get(f"/products/views/{view_id}").headers["Location"] == "/products/board?stage=brief"
    assert client.post(f"/products/views/{view_id}/delete").status_code == 302
    assert client.get(f"/products/views/{view_id}").status_code == 404
    assert client.post("/products/views", data={"view": "nowhere", "name": "x"}).status_code == 422


def test_fifty_saved_views_are_enough(brand):
    actor = an_actor(brand)
    for i in range(views.MOST):
        views.save("list", f"v{i}", Filters(), actor)
    with pytest.raises(views.Refused):
        views.save("list", "one more", Filters(), actor)
    views.save("list", "v1", Filters(), actor)


def test_the_export_is_what_the_list_shows(client, brand):
    programme = a_programme(brand)
    a_product(programme, "sampling", "=1+1 椅")
    a_product(programme, "brief", "not this")
    sign_in(client, a_person(brand))
    body = client.get("/products/export.csv?stage=sampling").get_data(as_text=True)
    assert "'=1+1 椅" in body
    assert "not this" not in body
    book = client.get("/products/export.xlsx?stage=sampling")
    assert book.data[:2] == b"PK"


def test_text_that_means_something_to_sql_means_itself():
    assert escaped("100%_\\") == "100\\%\\_\\\\"
