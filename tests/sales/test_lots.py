"""Lots from entry to figures: they add up to the weeks, follow every change, and belong to the brand and to the factory that made them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.imports import jobs as import_jobs
from incubator.kernel import access, clock
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from incubator.launches.models import SkuFactory
from incubator.sales import jobs, laying, lot_queries, lot_service, service
from incubator.sales.lot_models import ProductionLot, SkuLotReason, SkuLotWeek, StaleLots
from incubator.sales.models import SkuWeek, SkuWeekReason
from tests import builders
from tests.builders import put
from tests.sales.desk import Desk, a_channel, a_sku
from tests.sales.test_weeks import MONDAY

HEAD = "order_no,code,quantity,at,price,kind,reason,line_key,lot,sold_on\n"


def a_line(order, code, quantity, day, reason="", lot="", sold_on=""):
    return f"{order},{code},{quantity},{day},10.00,,{reason},,{lot},{sold_on}\n"


def a_lot(desk, sku, code, days, units, **data):
    day = MONDAY + timedelta(days=days)
    return lot_service.enter(sku, {"code": code, "available_on": day, "units": units, **data}, desk.actor, clock.now())


def laid(desk, session):
    while service.roll_up(desk.brand.id):
        session.commit()
    number = laying.lay(desk.brand.id)
    session.commit()
    return number


def told(session, sku):
    """lot code → (units, returned) over all weeks."""
    columns = (ProductionLot.code, func.sum(SkuLotWeek.units), func.sum(SkuLotWeek.returned_units))
    query = (
        select(*columns).select_from(SkuLotWeek).outerjoin(ProductionLot).where(SkuLotWeek.sku_id == sku.id).group_by(ProductionLot.code)
    )
    return {code: (int(units), int(back)) for code, units, back in session.execute(query)}


def agree(session):
    """The lots of every SKU and week against its weeks over all channels."""
    names = ("units", "orders", "returned_units", "returned_orders")
    sums = [
        {(r[0], r[1]): tuple(map(int, r[2:])) for r in session.execute(select(m.sku_id, m.week, *(func.sum(getattr(m, n)) for n in names)).group_by(m.sku_id, m.week))}
        for m in (SkuWeek, SkuLotWeek)
    ]  # fmt: skip
    reasons = [
        {r[:-1]: int(r[-1]) for r in session.execute(select(m.sku_id, m.week, m.reason, m.topic, func.sum(m.units)).group_by(m.sku_id, m.week, m.reason, m.topic))}
        for m in (SkuWeekReason, SkuLotReason)
    ]  # fmt: skip
    return sums[0] == sums[1] and reasons[0] == reasons[1]


def test_lots_are_laid_out_and_add_up_to_the_weeks(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    a_lot(desk, sku, "l1", 0, 30)
    a_lot(desk, sku, "L2", 14, 30)
    other = a_channel(desk.brand, "拼多多店")
    text = HEAD + "".join(a_line(f"o{n}", "K-1", 2, MONDAY + timedelta(days=n)) for n in range(20))
    text += a_line("o3", "K-1", -1, MONDAY + timedelta(days=25), "拉链坏了") + a_line(
        "x", "K-1", -1, MONDAY + timedelta(days=29), "异味", lot="L2"
    )
    desk.hand_in(text)
    desk.hand_in(HEAD + a_line("p1", "K-1", 30, MONDAY + timedelta(days=18)) + a_line("o3", "K-1", 1, MONDAY), channel=other)
    assert laid(desk, session) == 1 and agree(session)
    assert told(session, sku) == {"L1": (30, 1), "L2": (30, 1), None: (11, 0)}
    reasons = select(ProductionLot.code, SkuLotReason.reason, SkuLotReason.topic).select_from(SkuLotReason).join(ProductionLot)
    assert {tuple(row) for row in session.execute(reasons)} == {("L1", "quality", "zip"), ("L2", "smell", "smell")}
    guessed = session.execute(select(func.sum(SkuLotWeek.estimated_units), func.sum(SkuLotWeek.estimated_returned_units))).one()
    assert tuple(map(int, guessed)) == (60, 1)
    assert laid(desk, session) == 0


def test_a_line_that_changes_a_week_lays_the_sku_out_again(session):
    desk = Desk()
    first, second, without = (a_sku(desk.product, code, desk.factories[0]) for code in ("K-1", "K-2", "K-3"))
    a_lot(desk, first, "L1", 0, 5)
    a_lot(desk, second, "M1", 0, 5)
    desk.hand_in(HEAD + "".join(a_line(f"o{n}", code, 3, MONDAY) for n, code in enumerate(("K-1", "K-2", "K-3"))))
    assert laid(desk, session) == 2
    desk.hand_in(HEAD + a_line("later", "K-1", 4, MONDAY + timedelta(days=8)) + a_line("later", "K-3", 4, MONDAY + timedelta(days=8)))
    while service.roll_up(desk.brand.id):
        session.commit()
    assert session.scalars(select(StaleLots.sku_id)).all() == [first.id]
    assert laid(desk, session) == 1 and told(session, first) == {"L1": (5, 0), None: (2, 0)} and told(session, without) == {}


def test_a_lot_that_is_corrected_or_taken_out_moves_its_units(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    lot = a_lot(desk, sku, "L1", 0, 5)
    desk.hand_in(HEAD + a_line("1", "K-1", 8, MONDAY))
    laid(desk, session)
    data = {"code": "L1", "available_on": lot.available_on, "units": 7, "note": "recounted"}
    lot_service.correct(lot, data, lot.version, desk.actor, clock.now())
    session.commit()
    assert laid(desk, session) == 1 and told(session, sku) == {"L1": (7, 0), None: (1, 0)}
    with pytest.raises(Conflict):
        lot_service.correct(lot, {**data, "units": 9}, lot.version - 1, desk.actor, clock.now())
    session.rollback()
    lot_service.remove(lot, desk.actor, clock.now())
    session.commit()
    assert laid(desk, session) == 1 and told(session, sku) == {} and session.scalar(select(func.count(ProductionLot.id))) == 0


def test_a_lot_has_one_code_a_maker_and_sensible_days(session):
    desk = Desk()
    first, second = desk.factories
    sku = a_sku(desk.product, "K-1", second)
    for factory, days in ((first, -60), (second, 0)):
        put(SkuFactory(sku_id=sku.id, organisation_id=factory.id, from_on=MONDAY + timedelta(days=days), created_at=clock.now()))
    session.commit()
    lot = a_lot(desk, sku, " l1 ", 5, 5, made_on=MONDAY - timedelta(days=9))
    assert (lot.code, lot.factory_organisation_id) == ("L1", first.id)
    assert a_lot(desk, sku, "L2", 5, 5).factory_organisation_id == second.id
    stranger = builders.an_organisation("factory")
    for wrong in (
        {"code": "L1"},
        {"code": "L9", "made_on": MONDAY + timedelta(days=9)},
        {"code": "L9", "factory_organisation_id": stranger.id},
    ):
        with pytest.raises(Invalid):
            a_lot(desk, sku, wrong.pop("code"), 5, 5, **wrong)


def test_a_factory_keeps_its_own_lots_until_a_measurement_rests_on_them(session):
    desk = Desk()
    own, rival = (builders.an_actor(factory, builders.a_person(factory)) for factory in desk.factories)
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    session.commit()
    data = {"code": "L1", "available_on": MONDAY, "units": 5}
    lot = lot_service.enter(sku, {**data, "factory_organisation_id": desk.factories[1].id}, own, clock.now())
    session.commit()
    assert lot.factory_organisation_id == desk.factories[0].id and lot.brand_id == desk.brand.id
    lot_service.correct(lot, {**data, "units": 6}, lot.version, own, clock.now())
    session.commit()
    with pytest.raises(NotFound):
        access.get_visible(ProductionLot, lot.id, rival)
    with pytest.raises(Forbidden):
        lot_service.correct(lot, data, None, rival, clock.now())
    session.rollback()
    lot_service.mark_used([lot.id], clock.now())
    session.commit()
    with pytest.raises(Forbidden):
        lot_service.correct(lot, data, None, own, clock.now())
    session.rollback()
    lot_service.correct(lot, {**data, "units": 9}, None, desk.actor, clock.now())
    with pytest.raises(Refused):
        lot_service.remove(lot, desk.actor, clock.now())
    for model in (SkuLotWeek, SkuLotReason, StaleLots):
        assert session.scalars(access.select_visible(model, own)).all() == []


LOT_HEAD = "货号,批次,数量,可售日期,生产日期,工厂,备注\n"


def hand_in_lots(desk, text):
    import io

    from werkzeug.datastructures import FileStorage

    from incubator.imports import kinds
    from incubator.imports import service as imports
    from incubator.kernel.db import db

    made = imports.start(kinds.find("sales.lots"), FileStorage(io.BytesIO(text.encode()), "lots.csv"), desk.actor, clock.now())
    db.session.commit()
    made = import_jobs.check_now(made.id, desk.actor, lambda *_: None, ask=False)
    if made.status == "checked":
        imports.ask_to_apply(made, desk.actor, clock.now())
        db.session.commit()
        made = import_jobs.apply_now(made.id, desk.actor, clock.now(), lambda *_: None)
    return made


def test_lots_are_imported_whole_and_again_without_a_duplicate(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    put(SkuFactory(sku_id=sku.id, organisation_id=desk.factories[0].id, from_on=MONDAY, created_at=clock.now()))
    session.commit()
    rows = [f"k-1,l{n},{100 + n},2026-03-{n + 1:02},,{desk.factories[0].name},\n" for n in range(5)]
    made = hand_in_lots(desk, LOT_HEAD + "".join(rows))
    assert made.status == "applied" and made.counts["new"] == 5
    assert {lot.factory_organisation_id for lot in session.scalars(select(ProductionLot))} == {desk.factories[0].id}
    rows[0] = rows[0].replace(",100,", ",170,")
    made = hand_in_lots(desk, LOT_HEAD + "".join(rows))
    assert (made.counts["changed"], made.counts["unchanged"], made.counts["new"]) == (1, 4, 0)
    assert session.scalar(select(func.count(ProductionLot.id))) == 5 and session.scalar(select(func.max(ProductionLot.units))) == 170
    wrong = (
        "K-9,L1,5,2026-03-01,,,\nK-1,L1,-5,2026-03-01,,,\nK-1,L2,5,nie,,,\nK-1,L3,5,2026-03-01,2026-04-01,,\nK-1,L4,5,2026-03-01,,Nobody,\n"
    )
    made = hand_in_lots(desk, LOT_HEAD + rows[1] + rows[1] + wrong)
    assert made.status == "failed" and made.counts["refused"] == 6 and session.scalar(select(func.count(ProductionLot.id))) == 5


def test_the_job_does_it_once(session):
    desk = Desk()
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    a_lot(desk, sku, "L1", 0, 5)
    desk.hand_in(HEAD + a_line("1", "K-1", 4, MONDAY))

    class Run:
        def progress(self, *_): ...

    jobs.roll_up(Run(), clock.now())
    assert jobs.lay_lots(Run(), clock.now()) == {"skus": 1} and jobs.lay_lots(Run(), clock.now()) == {"skus": 0}
    assert told(session, sku) == {"L1": (4, 0)}


def test_a_factory_lays_no_sales_of_the_maker_before_it_to_a_lot_of_its_own(session):
    """Case 1: a lot of the days when a rival made the SKU would be laid what the rival sold and had back, and the pack would tell it."""
    desk = Desk()
    sku, (first, second) = a_sku(desk.product, "K-1", desk.factories[1]), desk.factories
    for factory, days in ((first, 0), (second, 28)):
        put(SkuFactory(sku_id=sku.id, organisation_id=factory.id, from_on=MONDAY + timedelta(days=days), created_at=clock.now()))
    desk.hand_in(HEAD + "".join(a_line(f"{n}", "K-1", 2, MONDAY + timedelta(days=n)) for n in range(35)))
    maker, data = builders.an_actor(second), {"code": "MINE", "units": 1_000_000}
    session.commit()
    session.refresh(sku)

    def day(days):
        return MONDAY + timedelta(days=days)

    def made(_sku_id, on):
        return (first if on < day(28) else second).id

    for wrong in ({"available_on": day(0)}, {"available_on": day(27)}, {"made_on": day(27), "available_on": day(29)}):
        with pytest.raises(Invalid):
            lot_service.enter(sku, data | wrong, maker, clock.now())
        session.rollback()
    lot = lot_service.enter(sku, data | {"made_on": day(28), "available_on": day(28)}, maker, clock.now())
    session.commit()
    with pytest.raises(Invalid):
        lot_service.correct(lot, data | {"available_on": day(0)}, None, maker, clock.now())
    session.rollback()
    laid(desk, session)
    assert told(session, sku) == {"MINE": (14, 0), None: (56, 0)}
    own = lot_queries.for_packs(desk.brand.id, [sku.id], MONDAY + timedelta(weeks=6), made)[sku.id, second.id]
    assert [told["units"] for told in own] == [14]
    lot_service.correct(lot, data | {"made_on": day(28), "available_on": day(28), "note": "复检"}, None, maker, clock.now())
    assert (
        lot_service.enter(sku, {"code": "OLD", "available_on": day(0), "units": 5}, desk.actor, clock.now()).factory_organisation_id
        == first.id
    )
    desk.hand_in(HEAD + a_line("r", "K-1", 7, day(3), lot="L1"))
    lot_service.enter(sku, {"code": "L1", "available_on": day(28), "units": 10}, maker, clock.now())
    session.commit()
    laid(desk, session)
    assert told(session, sku)["L1"] == (7, 0), "the code of the line names the lot, whoever entered it"
    own = lot_queries.for_packs(desk.brand.id, [sku.id], MONDAY + timedelta(weeks=6), made)
    assert [told["code"] for told in own[sku.id, second.id]] == ["MINE"], "but the days are the rival's"
