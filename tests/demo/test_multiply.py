"""The demo in its larger sizes: every product with all that hangs on it, so many times, and nothing that points elsewhere."""

from sqlalchemy import func, select

from incubator.demo import multiply
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.sales import engine, lake
from tests import world
from tests.builders import sign_in
from tests.sales.desk import HEAD, Desk, line


def counts():
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in db.metadata.sorted_tables}


def test_everything_of_a_product_is_there_so_many_times(app, session):
    people = world.populated().insiders
    before = counts()
    copied = {table.name for table in multiply.tables()}
    products = multiply.multiply(3)
    session.commit()
    after = counts()
    assert products == after["product"] == 3 * before["product"] > 3
    assert {name: after[name] / n for name, n in before.items() if n and name in copied} == dict.fromkeys(
        (n for n in copied if before[n]), 3.0
    )
    assert {name for name in before if after[name] != before[name]} <= copied
    twins = session.scalars(select(Product).where(Product.code.endswith("-x3"))).all()
    assert len(twins) == before["product"] and all(twin.id > 2 * multiply.SPAN for twin in twins)
    page = sign_in(app.test_client(), people["brand"]).get(
        f"/products/{max(t.id for t in twins if t.brand_id == people['brand'].memberships[0].organisation_id)}"
    )
    assert page.status_code == 200
    stranger = sign_in(app.test_client(), people["factory"])
    assert stranger.get("/products").status_code == 200


def test_once_is_the_demo_as_it_is(app, session):
    world.populated()
    before = counts()
    multiply.multiply(1)
    assert counts() == before


def test_the_order_lines_are_multiplied_too(app, session):
    desk = Desk()
    desk.hand_in(HEAD + line("A-1", "S-1", 2, "2026-03-02") + line("A-2", "S-2", 1, "2026-04-09"))
    multiply.multiply(multiply.AT_ONCE + 3)
    with engine.connection() as duck:
        rows = duck.execute(
            "SELECT code, count(DISTINCT line_id), sum(units) FROM read_parquet($files, hive_partitioning = true) GROUP BY code",
            {"files": lake.opened().file_uris()},
        )
        found = {code: (lines, units) for code, lines, units in rows.fetchall()}
    assert len(found) == 2 * (multiply.AT_ONCE + 3)
    assert found["S-1-x53"] == found["S-1"] and found["S-1"] == (1, 2)
