"""Sales that arrive again, out of order, cut in half, twice at once, or in a process that is killed: the facts are those of a clean run."""

import os
import random
import signal
import sys
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from incubator.imports import jobs, kinds, reading, service
from incubator.imports.models import DataImport, ImportRefusal
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.sales import engine, lake
from incubator.sales import service as sales
from incubator.sales.models import FeedCode, SkuWeek, SkuWeekReason
from tests.processes import environment, running
from tests.sales.desk import Desk, a_sku, outcomes
from tests.uploads import an_upload

HEAD = "order_no,code,quantity,at,price,reason,line_key,refund,updated_at\n"
PIECE = 50  # lines that are checked, applied and committed together
FACTS = "line_id, content, kind, order_no, code, day, week, units, price_e4, amount_minor, reason, sold_on, base_minor, said_at"


def a_day(n, lines=40, draw=None):
    """A day's file: sales and returns with and without keys of their own, and lines that were said again since."""
    draw = draw or random.Random(n)
    day, rows = date(2026, 3, 2) + timedelta(days=n), []
    for k in range(lines):
        key = f"k{k}" if k % 3 else ""
        back = k % 11 == 0
        refund = "5.00" if key and k % 7 == 0 and not back else ""
        rows.append(
            f"{n}-{k},C-{k % 5},{-1 if back else draw.randint(1, 4)},{day},{draw.randint(5, 90)}.50,{'坏了' if back else ''},{key},{refund},{day}T09:00:00Z"
        )
    if n:
        earlier = day - timedelta(days=1)
        rows += [f"{n - 1}-{k},C-{k % 5},9,{earlier},7.00,,k{k},,{day}T09:00:00Z" for k in (1, 7, 13)]
        rows.append(f"{n - 1}-14,C-4,2,{day},7.00,,k14,,{day}T09:00:00Z")
    return "\n".join(rows) + "\n"


def facts(brand):
    """What the table says; a refund that was taken back says nothing."""
    files = lake.files_of(lake.opened(), brand.id)
    with engine.connection() as duck:
        return duck.execute(f"SELECT {FACTS} FROM ({lake.scan(duck, files)}) WHERE content <> 'superseded' ORDER BY ALL").fetchall()


def stands(desk, session):
    """What pages read of a brand: weeks, reasons and codes without their ids."""
    while sales.roll_up(desk.brand.id):
        session.commit()
    session.expire_all()
    codes = {sku.id: sku.code for sku in desk.skus}
    weeks = [
        (codes[w.sku_id], w.week, w.units, w.orders, w.revenue_minor, w.returned_units, w.returned_orders, w.refunded_minor)
        for w in session.scalars(select(SkuWeek).where(SkuWeek.brand_id == desk.brand.id))
    ]
    reasons = [
        (codes[r.sku_id], r.week, r.reason, r.units)
        for r in session.scalars(select(SkuWeekReason).where(SkuWeekReason.brand_id == desk.brand.id))
    ]
    unknown = session.scalars(select(FeedCode).where(FeedCode.brand_id == desk.brand.id))
    return sorted(weeks), sorted(reasons), sorted((c.code, c.lines, c.units, c.amount_minor, c.first_on, c.last_on) for c in unknown)


def a_desk():
    desk = Desk()
    desk.skus = [a_sku(desk.product, f"C-{n}", desk.factories[0]) for n in range(4)]  # C-4 nobody knows
    db.session.commit()
    return desk


def clean(session, texts):
    desk = a_desk()
    for text in texts:
        made = desk.hand_in(HEAD + text)
        assert made.status == "applied" and outcomes(made).get("refused", 0) == 0
    return desk, facts(desk.brand), stands(desk, session)


def same(session, desk, wanted):
    return facts(desk.brand) == wanted[1] and stands(desk, session)[:2] == wanted[2][:2]


@pytest.mark.parametrize("order", [(0, 1, 2, 0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1, 1)])
def test_case_41_files_again_and_out_of_order_make_the_same_facts(session, order):
    days = [a_day(n) for n in range(3)]
    wanted = clean(session, days)
    desk = a_desk()
    for n in order:
        desk.hand_in(HEAD + days[n])
    assert same(session, desk, wanted)


def test_an_order_and_its_correction_in_one_file_make_what_two_files_make(session):
    """The correction tells of no refund any more: the one that the order told of goes, whichever comes first."""
    told, corrected = "1-1,C-1,2,2026-03-02,10.00,,k1,5.00,2026-03-02T09:00:00Z\n", "1-1,C-1,2,2026-03-02,10.00,,k1,,2026-03-03T09:00:00Z\n"
    wanted = clean(session, [told, corrected])
    assert [fact[2] for fact in wanted[1]] == ["sale"]
    for text in (told + corrected, corrected + told):
        desk = a_desk()
        desk.hand_in(HEAD + text)
        assert same(session, desk, wanted)


def test_a_file_cut_in_half_leaves_nothing_that_the_whole_one_does_not(session):
    text, draw = HEAD + a_day(1), random.Random(5)
    wanted = clean(session, [a_day(1)])
    desk = a_desk()
    for at in sorted(draw.sample(range(len(HEAD) + 60, len(text) - 1), 6)):
        cut = text[:at]
        made = desk.hand_in(cut)
        if not cut.endswith("\n"):
            refusals = session.scalars(select(ImportRefusal).where(ImportRefusal.import_id == made.id)).all()
            assert [r.line for r in refusals] == [cut.count("\n") + 1], "the line in which the file ends is not believed"
        assert set(facts(desk.brand)) <= set(wanted[1])
    desk.hand_in(text)
    assert same(session, desk, wanted)


def ask(desk, text):
    """The id of a checked import whose application was asked for, of a file that nobody works on."""
    options = {"channel_id": str(desk.channel.id)}
    made = service.start(kinds.find("sales.lines"), an_upload(text.encode(), "lines.csv"), desk.actor, clock.now(), options=options)
    db.session.commit()
    made = jobs.check_now(made.id, desk.actor, lambda *_: None, ask=False)
    service.ask_to_apply(made, desk.actor, clock.now(), queue=False)
    db.session.commit()
    return made.id


class Applier:
    """Children that apply imports; `begin` gives their ids, `ended` waits for one."""

    def __init__(self, app, folder, piece):
        command = [sys.executable, "-m", "tests.faults.applier", str(piece)]
        self.log = folder / "applier.log"
        self.running = running(command, environment(app, LOG_LEVEL="ERROR"), self.log)

    def __enter__(self):
        self.process = self.running.__enter__()
        self.seen = 0
        return self

    def __exit__(self, *failure):
        self.running.__exit__(*failure)

    def begin(self, *pairs):
        db.session.rollback()  # the test itself holds no lock meanwhile
        self.process.stdin.write((" ".join(f"{i}:{b}" for i, b in pairs) + "\n").encode())
        self.process.stdin.flush()
        return [int(self.next("started")[1]) for _ in pairs]

    def ended(self):
        """The status of a child that has ended; a failure of its own is shown."""
        status = int(self.next("ended")[2])
        assert status in (0, signal.SIGKILL), self.log.read_text()[-3000:]
        return status

    def next(self, word):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            said = [line.split() for line in self.log.read_text().splitlines() if line.startswith(("started ", "ended "))]
            if len(said) > self.seen:
                self.seen += 1
                assert said[self.seen - 1][0] == word
                return said[self.seen - 1]
            time.sleep(0.01)
        raise AssertionError(self.log.read_text()[-3000:])


@pytest.fixture
def applier(app, session, tmp_path, monkeypatch):
    """Here and there a file is read in small pieces."""
    monkeypatch.setattr(reading, "MANY", PIECE)
    monkeypatch.setattr(reading, "SMALL", PIECE)
    with Applier(app, tmp_path, PIECE) as found:
        yield found


def test_case_41_an_import_of_sales_killed_at_ten_moments_is_that_of_a_clean_run(session, applier):
    text = "".join(a_day(n, 100) for n in range(12))
    desk, wanted, told = clean(session, [text])
    desk = a_desk()
    import_id, draw, cut = ask(desk, HEAD + text), random.Random(41), 0
    for _ in range(10):
        (child,) = applier.begin((import_id, desk.brand.id))
        time.sleep(draw.uniform(0.01, 0.25))
        os.kill(child, signal.SIGKILL)
        cut += applier.ended() == signal.SIGKILL
    applier.begin((import_id, desk.brand.id))
    assert applier.ended() == 0 and cut >= 5
    session.expire_all()
    made = session.get_one(DataImport, import_id)
    assert made.status == "applied" and made.is_balanced
    assert facts(desk.brand) == wanted and stands(desk, session) == told


def test_two_imports_of_one_file_at_once_make_it_once(session, applier):
    text = "".join(a_day(n, 60) for n in range(3))
    _, wanted, told = clean(session, [text])
    desk = a_desk()
    ids = [ask(desk, HEAD + text) for _ in range(2)]
    applier.begin(*((i, desk.brand.id) for i in ids))
    assert [applier.ended(), applier.ended()] == [0, 0]
    session.expire_all()
    found = [outcomes(session.get_one(DataImport, i)) for i in ids]
    assert facts(desk.brand) == wanted and stands(desk, session)[:2] == told[:2]
    assert sorted("facts" in counts for counts in found) == [False, True], found
