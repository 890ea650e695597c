"""Order lines through the import: each has one outcome, the same lines again change nothing, a correction replaces."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from incubator.imports.models import ImportRefusal
from incubator.sales import engine, lake
from incubator.sales.models import FeedCode, StaleWeek
from tests.sales.desk import HEAD, UK_HEAD, Desk, line, outcomes

REAL = Path(__file__).parents[2].parent / "shared" / "realdata"
UK = REAL / "uk_online_retail" / "by-day.zip"
TMALL = REAL / "cn_tmall_orders" / "orders.csv"


def table() -> list[tuple]:
    """Every line of the table, without where it came from."""
    opened = lake.opened()
    if opened is None:
        return []
    with engine.connection() as duck:
        columns = "line_id, kind, code, day, units, amount_minor, reason"
        return duck.execute(f"SELECT {columns} FROM read_parquet($f) ORDER BY ALL", {"f": opened.file_uris()}).fetchall()


def test_lines_come_in_once(session):
    desk = Desk()
    text = (
        HEAD
        + line("1", "K-1", 2, "2026-03-02")
        + line("2", "K-2", 1, "2026-03-09")
        + line("2", "K-2", 1, "2026-03-09")
        + line("3", "K-1", -1, "2026-03-10")
    )
    assert outcomes(desk.hand_in(text)) == {"read": 4, "facts": 2, "returns": 1, "duplicates": 1}
    before, version = table(), lake.version()
    assert outcomes(desk.hand_in(text)) == {"read": 4, "unchanged": 3, "duplicates": 1}
    assert table() == before and lake.version() == version
    assert [w.isoformat() for w in session.scalars(select(StaleWeek.week).order_by(StaleWeek.week))] == ["2026-03-02", "2026-03-09"]


def test_wrong_lines_are_refused_and_the_others_go_in(session):
    desk = Desk()
    made = desk.hand_in(HEAD + line("1", "K-1", 2, "2026-03-02") + line("2", "K-2", 1, "tomorrow") + line("3", "", 1, "2026-03-02"))
    assert outcomes(made) == {"read": 3, "facts": 1, "refused": 2}
    refused = session.execute(select(ImportRefusal.line, ImportRefusal.value).order_by(ImportRefusal.line)).all()
    assert [tuple(r) for r in refused] == [(3, "tomorrow"), (4, "")]


def test_a_corrected_line_replaces_the_old_one_even_in_another_month(session):
    desk = Desk()
    desk.hand_in(HEAD + line("1", "K-1", 2, "2026-03-31", key="1") + line("1", "K-2", 1, "2026-03-31", key="2"))
    assert outcomes(desk.hand_in(HEAD + line("1", "K-1", 3, "2026-04-01", key="1"))) == {"read": 1, "changed": 1}
    assert {(r[2], str(r[3]), r[4]) for r in table()} == {("K-1", "2026-04-01", 3), ("K-2", "2026-03-31", 1)}
    assert session.scalars(select(StaleWeek.week)).all()


def test_unknown_codes_wait_with_what_they_sold(session):
    desk = Desk()
    desk.hand_in(HEAD + line("1", "K-1", 2, "2026-03-02") + line("2", "K-1", -1, "2026-03-09"))
    desk.hand_in(HEAD + line("3", "K-1", 5, "2026-02-01"))
    (code,) = session.scalars(select(FeedCode)).all()
    assert (code.code, code.lines, code.units, code.amount_minor, str(code.first_on), str(code.last_on)) == (
        "K-1",
        3,
        7,
        7000,
        "2026-02-01",
        "2026-03-09",
    )


def test_two_brands_never_meet_in_the_table(session):
    first, second = Desk(), Desk()
    text = HEAD + line("1", "K-1", 2, "2026-03-02")
    assert outcomes(first.hand_in(text)) == outcomes(second.hand_in(text)) == {"read": 1, "facts": 1}
    opened = lake.opened()
    assert len(lake.files_of(opened, first.brand.id)) == len(lake.files_of(opened, second.brand.id)) == 1


def test_compaction_loses_nothing(session):
    desk = Desk()
    for n in range(5):
        desk.hand_in(HEAD + line(str(n), "K-1", 1, f"2026-03-0{n + 1}"))
    before = table()
    assert lake.compact()["joined"] == 5 and table() == before


@pytest.mark.skipif(not UK.exists(), reason="the real files of the UK shop are not here")
def test_the_uk_shops_real_days_reconcile_to_the_line(app, session, tmp_path):
    desk = Desk("GBP")
    with zipfile.ZipFile(UK) as archive:
        days = sorted(archive.namelist())[:3]
        texts = [archive.read(day).decode() for day in days]
    few = tmp_path / "days.zip"
    with zipfile.ZipFile(few, "w") as archive:
        for day, text in zip(days, texts, strict=True):
            archive.writestr(day, text)
    rows = [tuple(r) for text in texts for r in list(csv.reader(io.StringIO(text)))[1:]]
    answers = []
    for _ in range(2):
        session.commit()
        command = app.cli.commands["sales"].commands["import"]
        done = app.test_cli_runner().invoke(command, [str(few), "--preset", "uk_shop", "--set", f"channel_id={desk.channel.id}"])
        assert done.exit_code == 0, done.output
        answers.append(json.loads(done.output))
    first, second = answers
    assert first["read"] == len(rows) and first["duplicates"] == len(rows) - len(set(rows)) and first["balanced"]
    assert first["read"] == sum(first[n] for n in ("facts", "returns", "adjustments", "duplicates", "refused"))
    kinds = Counter(kind for _, kind, *_rest in table())
    assert (kinds["sale"], kinds["return"], kinds["adjustment"]) == (first["facts"], first["returns"], first["adjustments"])
    assert kinds["return"] == sum(1 for r in set(rows) if r[0][0] == "C" and r[1] not in ("D", "M", "POST", "S", "CRUK", "BANK CHARGES"))
    assert (second["unchanged"], second["facts"]) == (len(set(rows)), 0)


@pytest.mark.skipif(not TMALL.exists(), reason="the real order report is not here")
def test_the_real_order_report_reconciles(session):
    desk = Desk()
    made = desk.hand_in(TMALL.read_text(encoding="utf-8"), "tmall_orders")
    rows = list(csv.DictReader(TMALL.open(encoding="utf-8")))
    paid = [r for r in rows if r["订单付款时间 "].strip()]
    found = outcomes(made)
    assert found["read"] == len(rows) == 17_772 and found["unpaid"] == len(rows) - len(paid)
    assert found["returns"] == sum(1 for r in paid if float(r["退款金额"])) and found.get("refused", 0) == 0
    sums = Counter()
    for _, kind, _code, _day, _units, amount, _reason in table():
        sums[kind] += amount
    assert sums["sale"] == round(sum(float(r["总金额"]) * 100 for r in paid)) and sums["return"] == round(
        sum(float(r["退款金额"]) * 100 for r in paid)
    )


def test_a_free_line_and_postage_are_kept_and_count_nowhere(session):
    desk = Desk("GBP")
    uk = "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850,France\n536366,22752,BOX,1,2010-12-01 08:26:00,0.0,,France\n"
    assert outcomes(desk.hand_in(UK_HEAD + uk, "uk_shop")) == {"read": 2, "adjustments": 2}
    assert session.scalars(select(FeedCode)).all() == []


def test_an_order_without_line_numbers_that_comes_again_in_another_state_is_corrected(session):
    desk = Desk()
    head = "订单编号,商家编码,购买数量,订单创建时间,总金额,订单状态,退款金额\n"
    orders = [("1", "K-1", 2, "20.00"), ("1", "K-1", 1, "8.00"), ("2", "K-2", 1, "30.00")]

    def told(status, refund="0.00"):
        return head + "".join(
            f"{order},{code},{units},2026-03-02 10:00:00,{sum_},{status},{refund}\n" for order, code, units, sum_ in orders
        )

    assert outcomes(desk.hand_in(told("买家已付款"))) == {"read": 3, "facts": 3}
    before = [row[:-1] for row in table()]
    assert outcomes(desk.hand_in(told("卖家已发货"))) == {"read": 3, "changed": 3}
    assert [row[:-1] for row in table()] == before
    assert outcomes(desk.hand_in(told("交易成功", "8.00"))) == {"read": 3, "changed": 3}
    assert sorted((kind, units, amount) for _, kind, _, _, units, amount, _ in table()) == [
        ("return", 0, 800), ("return", 0, 800), ("return", 1, 800), ("sale", 1, 800), ("sale", 1, 3000), ("sale", 2, 2000),
    ]  # fmt: skip
    assert outcomes(desk.hand_in(told("交易关闭"))) == {"read": 3, "changed": 3}
    assert {kind for _, kind, *_ in table()} == {"cancelled"}
