"""Prices from a sheet: refusals by line, periods that never overlap, unknown codes as legacy SKUs, and the same result twice."""

import io
from datetime import date, timedelta

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from incubator.imports import jobs, kinds, service
from incubator.imports.models import ImportRefusal
from incubator.kernel import audit, clock
from incubator.launches.models import Sku, SkuPrice
from tests.builders import a_person, sign_in
from tests.launches.builders import a_channel, a_price
from tests.launches.desk import Market

DAY = timedelta(days=1)
MARKETPLACES = """index, Sku , Catalog , TP 1, Ajio MRP, Amazon MRP, Myntra MRP
0, Os206_S , Moments , 538 , 2295 , 2295 , 2395
1, Os206_M , Moments , 538 , Nill , #REF! ,
2, Os206_L , Moments , #VALUE! , 2195.50 , 0 , 2395
3, , Moments , 538 , 2295 , 2295 , 2395
"""


class Desk(Market):
    def __init__(self, session):
        super().__init__()
        self.session, self.channel = session, a_channel(self.brand, "amazon", currency="INR")
        session.commit()

    def bring(self, text, preset="", product=None, valid_from="", channel=None):
        """Hand in, check and apply; the counts that are not nought."""
        options = {"channel_id": (channel or self.channel).id, "product_id": product.id if product else None, "valid_from": valid_from}
        file = FileStorage(io.BytesIO(text.encode("utf-8-sig")), "prices.csv")
        self.made = service.start(kinds.find("launches.prices"), file, self.actor, clock.now(), preset=preset, options=options)
        self.session.commit()
        checked = jobs.check_now(self.made.id, self.actor, lambda *_: None)
        assert checked.status == "checked", checked.status
        service.ask_to_apply(self.made, self.actor, clock.now())
        self.session.commit()
        jobs.apply_now(self.made.id, self.actor, clock.now(), lambda *_: None)
        self.session.expire_all()
        return {name: number for name, number in self.made.counts.items() if number}

    def refused(self):
        query = select(ImportRefusal.line, ImportRefusal.value).where(ImportRefusal.import_id == self.made.id)
        return [tuple(row) for row in self.session.execute(query.order_by(ImportRefusal.line))]

    def periods(self, sku):
        query = select(SkuPrice.price_minor, SkuPrice.valid_from, SkuPrice.valid_to).where(SkuPrice.sku_id == sku.id)
        return [tuple(row) for row in self.session.execute(query.order_by(SkuPrice.valid_from))]


def test_nill_ref_and_blank_are_refused_with_line_and_value(session):
    desk = Desk(session)
    for code in ("Os206_S", "Os206_M", "Os206_L"):
        desk.a_sku(code=code)
    assert desk.bring(MARKETPLACES, "marketplaces.amazon") == {"read": 4, "new": 1, "refused": 3}
    assert desk.refused() == [(3, "#REF!"), (4, "0"), (5, "")]
    assert desk.bring(MARKETPLACES, "marketplaces.ajio", channel=a_channel(desk.brand, currency="INR")) == {
        "read": 4,
        "new": 2,
        "refused": 2,
    }
    assert (3, "Nill") in desk.refused()
    assert sorted(session.scalars(select(SkuPrice.price_minor))) == [219_550, 229_500, 229_500]
    assert audit.first_broken() is None


def test_the_same_sheet_twice_changes_nothing(session):
    desk = Desk(session)
    sku = desk.a_sku(code="A")
    sheet = "SKU code,Price,Valid from\nA,10.00,2026-01-01\n"
    assert desk.bring(sheet)["new"] == 1
    assert desk.bring(sheet) == {"read": 1, "unchanged": 1}
    assert desk.bring(sheet.replace("10.00", "12.00"))["changed"] == 1
    assert desk.periods(sku) == [(1200, date(2026, 1, 1), None)]


def test_a_later_price_ends_the_open_one_also_within_one_sheet(session):
    desk = Desk(session)
    sku = desk.a_sku(code="A")
    a_price(sku, desk.channel, 900, date(2025, 1, 1))
    counts = desk.bring("sku,price,valid_from\nA,12,2026-06-01\nA,11,2026-01-01\n")
    assert counts == {"read": 2, "changed": 2}
    assert desk.periods(sku) == [
        (900, date(2025, 1, 1), date(2025, 12, 31)), (1100, date(2026, 1, 1), date(2026, 5, 31)), (1200, date(2026, 6, 1), None),
    ]  # fmt: skip


def test_what_overlaps_a_price_with_an_end_is_refused(session):
    desk = Desk(session)
    sku = desk.a_sku(code="A")
    a_price(sku, desk.channel, 900, date(2026, 1, 1), date(2026, 3, 31))
    counts = desk.bring("sku,price,valid_from,valid_to\nA,10,2026-02-01,2026-02-10\nA,11,2026-04-01,\nA,9,2027-01-01,2026-12-01\n")
    assert (counts["new"], counts["refused"]) == (1, 2)
    assert len(desk.periods(sku)) == 2


def test_one_day_twice_is_a_duplicate_or_a_contradiction(session):
    desk = Desk(session)
    desk.a_sku(code="A")
    counts = desk.bring("sku,price\nA,10\nA,10.00\nA,11\n", valid_from="2026-01-01")
    assert counts == {"read": 3, "new": 1, "duplicates": 1, "refused": 1}


def test_aliases_of_the_channel_name_the_sku_and_retired_ones_are_refused(session):
    from incubator.launches import service as skus

    desk = Desk(session)
    one, gone = desk.a_sku(code="A"), desk.a_sku(code="OLD", state="retired")
    skus.add_alias(one, "AMZ-A", desk.channel, desk.actor, desk.now)
    skus.add_alias(one, "TM-A", a_channel(desk.brand), desk.actor, desk.now)
    counts = desk.bring("sku,price\nAMZ-A,10\nTM-A,10\nOLD,10\nNOBODY,10\n")
    assert counts == {"read": 4, "new": 1, "refused": 3}
    assert len(desk.periods(one)) == 1 and desk.periods(gone) == []


def test_row_74_unknown_codes_become_legacy_skus_of_a_product(session):
    desk = Desk(session)
    other = desk.product
    counts = desk.bring(MARKETPLACES, "marketplaces.myntra", product=other, valid_from="2021-03-01")
    assert counts == {"read": 4, "new": 2, "refused": 2}
    made = session.scalars(select(Sku).order_by(Sku.code)).all()
    assert [(s.code, s.name_zh, s.state, s.is_legacy, s.launch_price_minor) for s in made] == [
        ("Os206_L", "Moments", "draft", True, 239_500), ("Os206_S", "Moments", "draft", True, 239_500),
    ]  # fmt: skip
    assert desk.bring(MARKETPLACES, "marketplaces.myntra", product=other, valid_from="2021-03-01")["unchanged"] == 2


def test_another_brands_codes_stay_its_own(session):
    desk, other = Desk(session), Market()
    other.a_sku(code="THEIRS")
    assert desk.bring("sku,price\nTHEIRS,10\n") == {"read": 1, "refused": 1}


def test_only_a_brand_finds_the_import_and_only_its_own_channels(client, session, app):
    desk = Desk(session)
    other = a_channel(name_zh="别家的渠道")
    page = sign_in(client, a_person(desk.brand, manager=True)).get("/imports/new/launches.prices")
    assert page.status_code == 200 and desk.channel.name_zh in page.text and other.name_zh not in page.text
    for person in (a_person(desk.factory), a_person(desk.partner)):
        browser = sign_in(app.test_client(), person)
        assert "Import prices" not in browser.get("/skus").text
        assert browser.get("/imports/new/launches.prices").status_code == 404
