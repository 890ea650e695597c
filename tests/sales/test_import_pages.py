"""What somebody is asked before order lines come in: which channel, and how a line is known again."""

import io
import json

import pytest
from sqlalchemy import select

from incubator.imports import jobs, service
from incubator.imports.models import DataImport
from incubator.kernel import clock
from tests.builders import a_programme, sign_in
from tests.sales.desk import Desk, a_channel

BACKENDS = ("sqlite",)
KINDS = ("lines", "returns", "daily", "stock", "traffic")
STATES = "甲,乙,丙,丁,戊,己,庚\n1,椅子,K-1,1,2026-03-02,10.00,已付款\n"
PLAIN = "order number,sku,qty,date,total\n1,K-1,1,2026-03-02,10.00\n"


def handed_in(desk, browser, text, **more):
    answer = browser.post("/imports/new/sales.lines", data={"file": (io.BytesIO(text.encode()), "lines.csv"), **more})
    made = desk_import()
    if made is not None and made.status == "checking":
        jobs.check_now(made.id, desk.actor, lambda *_: None)
    return answer, made


def desk_import():
    from incubator.kernel.db import db

    return db.session.scalar(select(DataImport).order_by(DataImport.id.desc()).limit(1))


@pytest.mark.parametrize("kind", KINDS)
def test_of_several_channels_none_is_chosen_by_chance(client, session, kind):
    desk = Desk()
    browser = sign_in(client, desk.user)
    assert "– choose –" not in browser.get(f"/imports/new/sales.{kind}").text
    a_channel(desk.brand, "京东")
    session.commit()
    assert "– choose –" in browser.get(f"/imports/new/sales.{kind}").text
    for channel in ("", "987654"):
        refused = browser.post(f"/imports/new/sales.{kind}", data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv"), "channel_id": channel})
        assert refused.status_code == 422 and desk_import() is None
    assert "Choose a channel." in browser.post(f"/imports/new/sales.{kind}", data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}).text


def test_prices_and_briefs_ask_as_well(client, session):
    desk = Desk()
    a_channel(desk.brand, "京东")
    a_programme(desk.brand)
    session.commit()
    browser = sign_in(client, desk.user)
    for kind, said in (("launches.prices", "Choose a channel."), ("briefs", "Choose a programme.")):
        assert "– choose –" in browser.get(f"/imports/new/{kind}").text
        refused = browser.post(f"/imports/new/{kind}", data={"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")})
        assert refused.status_code == 422 and said in refused.text


def test_the_command_names_the_channels_and_how_to_say_one(app, session, tmp_path):
    desk, path = Desk(), tmp_path / "lines.csv"
    other = a_channel(desk.brand, "京东")
    session.commit()
    path.write_text(PLAIN)
    run, command = app.test_cli_runner().invoke, app.cli.commands["sales"].commands["import"]
    refused = run(command, [str(path)])
    assert refused.exit_code == 1 and desk_import() is None
    assert f"--set channel_id={desk.channel.id} (旗舰店)" in refused.output and f"--set channel_id={other.id} (京东)" in refused.output
    done = run(command, [str(path), "--set", f"channel_id={other.id}"])
    assert done.exit_code == 0 and json.loads(done.output)["facts"] == 1


def test_a_feed_whose_channel_is_closed_asks_for_another(client, session):
    from incubator.feeds import service as feeds
    from incubator.imports import kinds

    desk = Desk()
    gone = a_channel(desk.brand, "京东")
    feed = feeds.create(
        kinds.find("sales.lines"), "push", feeds.Wish("x", options={"channel_id": str(gone.id), "timezone": ""}), desk.actor, clock.now()
    )
    gone.closed_at = clock.now()
    session.commit()
    page = sign_in(client, desk.user).get(f"/feeds/{feed.id}/edit").text
    assert "– choose –" in page and "旗舰店" in page


def test_the_page_of_headings_says_how_a_line_is_known_again(client, session):
    desk = Desk()
    browser = sign_in(client, desk.user)
    _, made = handed_in(desk, browser, STATES, channel_id=desk.channel.id)
    assert made.status == "mapping"
    address = f"/imports/{made.id}/headings"
    chosen = {"column_order_no": "甲", "column_code": "丙", "column_quantity": "丁", "column_at": "戊", "column_amount": "己"}

    def shown(**more):
        return browser.post(address, data={**chosen, "column_status": "", **more, "step": "preview"}).text

    assert "would count once more" in shown() and "place among equal articles" in shown(column_status="庚")
    keyed = shown(column_status="庚", column_line_key="乙")
    assert "would count once more" not in keyed and "place among equal articles" not in keyed
    assert "would count once more" not in shown(column_at="")
    service.set_mapping(
        made, STATES.split()[0].split(","), {k.removeprefix("column_"): v for k, v in chosen.items()}, desk.actor, clock.now()
    )
    session.commit()
    jobs.check_now(made.id, desk.actor, lambda *_: None)
    assert "would count once more" in browser.get(f"/imports/{made.id}").text


def test_a_file_whose_headings_are_all_known_says_it_beside_its_result(client, session):
    desk = Desk()
    browser = sign_in(client, desk.user)
    _, made = handed_in(desk, browser, PLAIN, channel_id=desk.channel.id)
    assert made.status == "checked" and "would count once more" in browser.get(f"/imports/{made.id}").text


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_means_two_columns(app, kind):
    from incubator.imports import kinds, mapping

    columns = kinds.find(f"sales.{kind}").columns
    said = [(mapping.plain(word), column.name) for column in columns for word in {*map(mapping.plain, (*column.also, column.name))}]
    assert len({word for word, _ in said}) == len(said), sorted({word for word, _ in said if [w for w, _ in said].count(word) > 1})


@pytest.mark.parametrize(
    ("kind", "headings", "columns"),
    [
        ("lines", "单据 宝贝 款号 件数 下单时间 实付款 交易状态 买家昵称", "order_no description code quantity at amount status customer"),
        (
            "lines",
            "Order ID,Item,Item code,Units,Order date,Line total,Order status",
            "order_no description code quantity at amount status",
        ),
        (
            "returns",
            "原订单号 宝贝标题 商品编码 退款编号 件数 申请时间 退款额 退货理由",
            "order_no description code line_key quantity at refund reason",
        ),
        ("daily", "统计日期 商品编码 支付件数 支付金额 支付订单数", "at code quantity amount orders"),
        ("stock", "款号 日期 可用库存 在途库存 仓库", "code at on_hand on_order warehouse"),
        (
            "returns",
            "平台订单号 退货单号 商家编码 退货时间 数量 退款金额 退货原因 买家留言",
            "order_no line_key code at quantity refund reason reason_note",
        ),
        ("lots", "商家编码 批次号 生产日期 起售日期 数量 备注", "sku code made_on available_on units note"),
        ("lots", "款号 生产批号 件数 上架日期 工厂", "sku code units available_on factory"),
    ],
)
def test_words_of_real_exports_are_known(app, kind, headings, columns):
    from incubator.imports import kinds, mapping

    found = headings.split("," if "," in headings else " ")
    guessed = mapping.guess(kinds.find(f"sales.{kind}"), found)
    assert {heading: column for column, heading in guessed.mapping.items()} == dict(zip(found, columns.split(), strict=True))
    assert guessed.is_complete
