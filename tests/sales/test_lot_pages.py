"""The pages of lots and reasons: few queries, forms that say what is wrong, exports; a rival factory finds nothing of another's lot."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.accounts.models import Organisation
from incubator.kernel import clock
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.sales import grading, jobs, laying, lexicon_service, lot_charts, lot_queries, lot_service, reason_charts, service
from incubator.sales.lexicon_models import LexiconWord
from incubator.sales.lexicon_queries import Bar
from incubator.sales.lot_models import ProductionLot
from tests import builders
from tests.builders import counted, sign_in
from tests.sales.desk import Desk, a_sku
from tests.sales.test_lots import HEAD, a_line

BACKENDS = ("sqlite",)


def sold(session, lots=2):
    """A desk whose SKU sold from two lots, the second of which comes back; a text that nothing fits among its returns."""
    desk = Desk()
    sku = a_sku(desk.product, "K-1", desk.factories[0])
    last = grading.last_complete_week(clock.now().date())
    start = last - timedelta(weeks=5)
    text = HEAD + "".join(a_line(f"o{n}", "K-1", 1, start + timedelta(days=n % 40)) for n in range(120))
    text += "".join(a_line(f"o{n}", "K-1", -1, start + timedelta(days=41), "拉链坏了") for n in range(120) if n % 40 > 33)
    desk.hand_in(text + a_line("o1", "K-1", -1, last, "blurb zonk"))
    for n in range(lots):
        day = start + timedelta(days=24 * n)
        lot_service.enter(sku, {"code": f"L{n}", "available_on": day, "units": 72, "note": "=1+1"}, desk.actor, clock.now())
    while service.roll_up(desk.brand.id):
        session.commit()
    laying.lay(desk.brand.id)
    session.commit()
    return desk, sku


def test_the_brand_sees_what_each_lot_sold_and_had_back(client, session):
    desk, sku = sold(session)
    browser = sign_in(client, desk.user)
    page = browser.get("/lots").text
    assert "L0" in page and "L1" in page and "% estimated" in page and desk.factories[0].name in page
    assert "L1" in browser.get("/lots?q=L1").text and "L0" not in browser.get("/lots?q=L1").text
    assert "No lot fits" in browser.get("/lots?q=nothing").text and browser.get("/lots?cursor=forged").status_code == 422
    exported = browser.get(f"/lots/export.csv?sku_id={sku.id}").text
    assert "Return rate, %" in exported and "'=1+1" in exported and exported.count("\n") == 3
    card = browser.get(f"/skus/{sku.id}").text
    assert "Which lot was sold when" in card and "Above the others" in card and "first in, first out" in card and "Zip" in card


def test_a_lot_is_entered_corrected_and_taken_out_on_the_page(client, session):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    session.commit()
    browser = sign_in(client, desk.user)
    assert "No lots yet" in browser.get("/lots").text
    data = {"sku": "k-1", "code": "l7", "units": "50", "available_on": "2026-03-02", "factory_organisation_id": str(desk.factories[0].id)}
    wrong = browser.post("/lots/new", data={**data, "sku": "K-9", "factory_organisation_id": ""})
    assert wrong.status_code == 422 and "no SKU with the code" in wrong.text
    assert browser.post("/lots/new", data={**data, "units": "-3"}).status_code == 422
    assert browser.post("/lots/new", data=data).status_code == 302
    (lot,) = session.scalars(select(ProductionLot))
    again = browser.post("/lots/new", data=data)
    assert again.status_code == 422 and "has a lot of this code" in again.text
    changed = {**data, "units": "60", "version": str(lot.version)}
    assert browser.post(f"/lots/{lot.id}/edit", data=changed).status_code == 302
    assert browser.post(f"/lots/{lot.id}/edit", data={**changed, "units": "61"}).status_code == 409
    session.expire_all()
    assert session.scalars(select(ProductionLot.units)).one() == 60
    assert browser.post(f"/lots/{lot.id}/remove").status_code == 302 and session.scalars(select(ProductionLot)).all() == []


def test_case_1_a_rival_factory_finds_no_lot_of_another(app, session):
    desk, _ = sold(session)
    lot_id = session.scalars(select(ProductionLot.id)).first()
    maker, rival = (sign_in(app.test_client(), builders.a_person(factory)) for factory in desk.factories)
    own = maker.get("/lots").text
    assert "L0" in own and "estimated" not in own and "Return rate" not in own and "K-1" in own
    assert "Return rate" not in maker.get("/lots/export.csv").text
    assert "L0" not in rival.get("/lots").text and "L0" not in rival.get("/lots/export.csv").text
    absent = rival.get("/lots/987654/edit")
    for path, method in ((f"/lots/{lot_id}/edit", "get"), (f"/lots/{lot_id}/edit", "post"), (f"/lots/{lot_id}/remove", "post")):
        answer = getattr(rival, method)(path)
        assert answer.status_code == 404
        if method == "get":
            assert answer.text.replace(path, "") == absent.text.replace("/lots/987654/edit", "")
    stolen = {"sku": "K-1", "code": "X", "units": "5", "available_on": "2026-03-02"}
    assert rival.post("/lots/new", data=stolen).status_code == 422
    for kind in ORGANISATION_KINDS:
        if kind in ("brand", "factory"):
            continue
        browser = sign_in(app.test_client(), builders.a_person(builders.an_organisation(kind), manager=True))
        assert all(
            browser.get(path).status_code == 404 for path in ("/lots", "/sales/reasons", "/sales/reasons/export.csv", "/lots/export.csv")
        )
    assert all(maker.get(path).status_code == 404 for path in ("/sales/reasons", "/sales/reasons/texts.csv"))


def test_a_factory_enters_its_own_lot_and_names_no_other(app, session):
    desk = Desk()
    a_sku(desk.product, "K-1", desk.factories[0])
    session.commit()
    maker = sign_in(app.test_client(), builders.a_person(desk.factories[0]))
    assert desk.factories[1].name not in maker.get("/lots/new?sku=K-1").text
    data = {"sku": "K-1", "code": "F1", "units": "5", "available_on": "2026-03-02", "factory_organisation_id": str(desk.factories[1].id)}
    assert maker.post("/lots/new", data=data).status_code == 302
    lot = session.scalars(select(ProductionLot)).one()
    assert lot.factory_organisation_id == desk.factories[0].id and lot.brand_id == desk.brand.id
    lot.used_at = clock.now()
    session.commit()
    assert maker.get(f"/lots/{lot.id}/edit").status_code == 403 and "Measured" in maker.get("/lots").text


def test_the_page_of_reasons_tells_parts_examples_and_other_words(client, session):
    desk, _ = sold(session)
    browser = sign_in(client, desk.user)
    page = browser.get("/sales/reasons").text
    assert "Zip" in page and "拉链坏了" in page and "blurb zonk" in page and "Say what it means" in page
    assert (
        "Nothing came back here" in browser.get("/sales/reasons?q=nothing").text
        and "Zip" in browser.get("/sales/reasons?category=家具").text
    )
    assert "Zip" in browser.get("/sales/reasons/export.csv").text and "blurb zonk" in browser.get("/sales/reasons/texts.csv?weeks=52").text
    assert 'value="blurb"' in browser.get("/sales/reasons?word=blurb").text


def test_a_word_is_given_a_meaning_on_the_page(client, session):
    desk, _ = sold(session)
    browser = sign_in(client, desk.user)
    assert browser.post("/sales/reasons/words", data={"fragment": "blurb", "reason": ""}).status_code == 422
    assert browser.post("/sales/reasons/words", data={"fragment": "blurb", "reason": "quality", "topic": "zip"}).status_code == 302
    again = browser.post("/sales/reasons/words", data={"fragment": "BLURB", "reason": "size", "topic": ""})
    assert again.status_code == 422 and "has a meaning already" in again.text
    assert "being read again" in browser.get("/sales/reasons").text

    class Run:
        def progress(self, *_): ...

    jobs.reread(Run(), clock.now())
    jobs.roll_up(Run(), clock.now())
    page = browser.get("/sales/reasons").text
    assert "blurb zonk" not in page and "being read again" not in page and lexicon_service.edition(desk.brand.id) in page
    (word,) = session.scalars(select(LexiconWord.id))
    assert browser.post(f"/sales/reasons/words/{word}/remove").status_code == 302 and session.scalars(select(LexiconWord)).all() == []


def test_pages_ask_no_more_for_more_lots(client, session):
    desk, sku = sold(session, lots=25)
    browser = sign_in(client, desk.user)
    for path, most in (("/lots", 10), ("/sales/reasons", 16), (f"/skus/{sku.id}", 40)):
        browser.get(path)
        with counted() as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) <= most, (path, len(statements))


def test_a_pack_holds_the_lots_of_its_factory_alone(session):
    desk, sku = sold(session)
    second = session.scalars(select(ProductionLot).where(ProductionLot.code == "L1")).one()
    second.factory_organisation_id = desk.factories[1].id
    session.commit()
    week = grading.last_complete_week(clock.now().date())
    told = lot_queries.for_packs(desk.brand.id, [sku.id], week + timedelta(weeks=3), lambda *_: None)
    assert {key: [lot["code"] for lot in those] for key, those in told.items()} == {
        (sku.id, desk.factories[0].id): ["L0"], (sku.id, desk.factories[1].id): ["L1"],
    }  # fmt: skip
    lot = told[sku.id, desk.factories[0].id][0]
    assert lot["units"] == 72 and lot["low"] <= lot["rate"] <= lot["high"] and lot["estimated"] == 1.0
    names = session.scalars(select(Organisation.name))
    assert not any(name in str(told) for name in names)


def test_the_drawings_say_what_the_figures_say(app):
    bars = [Bar("quality", f"t{n}", 20 - n, 5, 0.05, 0.05 * (n + 1), None) for n in range(15)]
    with app.test_request_context():
        chart = reason_charts.pareto(bars)
        drawn = chart["data"]["values"]
        longest = max(v["units"] for v in drawn)
        assert chart["encoding"]["x"]["scale"]["domainMax"] > 1.3 * longest, "the share beside the longest bar is not cut off"
        assert len(drawn) == 13 and sum(value["units"] for value in drawn) == sum(bar.units for bar in bars) and drawn[-1]["sum"] == 100.0
        told = lot_queries.Told(sold=100, orders=100, returned=9, returned_orders=8)
        lot = type("Row", (), {"code": "L1"})
        values = lot_charts.rates([(lot, told), (None, told), (lot, lot_queries.Told(orders=3))], 0.08)["data"]["values"]
    assert len(values) == 1 and values[0]["low"] < values[0]["share"] == 8.0 < values[0]["high"]


@pytest.mark.parametrize(("orders", "back"), [(19, 3), (0, 0)])
def test_no_rate_is_told_of_a_few_orders(orders, back):
    assert lot_queries.Told(orders=orders, returned_orders=back).rate is None


def test_a_brand_that_sold_nothing_yet_is_told_what_to_import(session, client):
    user = builders.a_person(builders.an_organisation("brand"), manager=True)
    session.commit()
    body = builders.sign_in(client, user).get("/sales/reasons").text
    assert "/imports/new/sales.lines" in body and "Nothing to read yet" in body and "Every word is known" not in body
