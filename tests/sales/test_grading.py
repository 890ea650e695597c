"""Grading as it is written: several that grade one brand at once, on both databases."""

from datetime import date

from sqlalchemy import func, select

from incubator.kernel.db import db
from incubator.sales import grading, service
from incubator.sales.models import SkuGrade
from tests.hardening.test_concurrency import all_at_once
from tests.sales.desk import HEAD, Desk, a_sku, line


def test_a_brand_is_graded_by_several_at_once(app, session):
    """The job of every minute, that of the morning, and whoever compiles packs: the rows of a week stand once, and nobody fails."""
    desk = Desk()
    for n in range(30):
        a_sku(desk.product, f"K-{n}", desk.factories[0])
    desk.hand_in(HEAD + "".join(line(f"{n}", f"K-{n}", 2, "2026-03-04") for n in range(30)))
    service.roll_up(desk.brand.id)
    brand_id, week = desk.brand.id, date(2026, 3, 16)
    session.commit()

    def graded():
        with app.app_context():
            found = grading.grade(brand_id, week)
            db.session.commit()
            return found

    for _ in range(2):
        assert all_at_once([graded] * 3) == [30] * 3
    assert session.scalar(select(func.count(SkuGrade.id))) == 30
