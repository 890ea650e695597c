"""What a hostile file, a hostile author and a hostile address can do to the feedback loop: cases 7, 25 and 31 where issue 4 made them new."""

from datetime import date

import pytest
from sqlalchemy import text

from incubator.feedback import anonymity, playbook_service
from incubator.feedback.anonymity import Known
from incubator.kernel import clock, outbound
from incubator.kernel.errors import Invalid
from incubator.sales import lines
from tests.feedback.builders import Desk
from tests.feedback.test_playbooks import proposed

BACKENDS = ("sqlite",)
SHANGHAI = lines.Setting(2, "Asia/Shanghai", "Asia/Shanghai", date(2026, 11, 22), "general", "CNY")
LINE = {"order_no": "1", "code": "KF-1", "quantity": "2", "at": "2026-03-01", "price": "5", "amount": ""}
LARGE = {"quantity": "9999999", "price": "9999999999"}


def read(source, *rows):
    with lines.Reader(source, SHANGHAI) as reader:
        return reader.read(list(range(2, 2 + len(rows))), {name: [row.get(name, "") for row in rows] for name in rows[0]})


@pytest.mark.parametrize(
    ("source", "cells", "column"),
    [
        ("", LARGE, "amount"),
        ("uk_shop", LARGE, "amount"),
        ("", {"quantity": "1", "amount": "9999999999", "discount": "-9999999999"}, "amount"),
        ("", {"quantity": "0", "amount": "5"}, "quantity"),
        ("returns", {"quantity": "0", "refund": "5"}, "quantity"),
    ],
)
def test_case_31_a_line_that_cannot_be_reckoned_is_refused_and_the_rest_of_the_file_goes_in(source, cells, column):
    """Units times price beyond 64 bits, and an amount for no units, were an error of the whole file."""
    blank = {"refund": "", "discount": ""}
    found = read(source, blank | LINE | cells, blank | LINE | {"order_no": "2"})
    assert [(w.line, w.check.column) for w in found.wrong] == [(2, column)] and found.lines == 1
    assert str(found.wrong[0].check.says("9999999999"))


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("organisation", "竹溪座椅", "竹\u200b溪\u2060座\ufe0f椅"),
        ("organisation", "竹溪座椅", "竹\u3164溪，座*椅"),
        ("organisation", "Zhuxi", "by Z.h.u.x.i, twice"),
        ("organisation", "Zhuxi", "by Z\u00adhuxi1"),
        ("organisation", "Zhuxi", "by Zhúxi"),
        ("organisation", "Ｚｈｕｘｉ", "by zhuxi"),
        ("code", "CABLE-01", "САBLE:01"),
        ("code", "A1", "A\u200b1 steel"),
        ("lot", "L-7", "from L–7 on"),
    ],
)
def test_case_07_a_name_does_not_hide_behind_unseen_or_foreign_characters(kind, name, words):
    assert anonymity.standing({"what": words}, [Known(kind, name)])


@pytest.mark.parametrize(
    "words", ["138\u200b0000\u200b1234", "(138) 0000–1234", "chen @ zhuxi . com", "zhuxi.com", "微信：zhuxi_1988", "QQ 12345678"]
)
def test_case_07_nor_does_a_number_or_an_address(words):
    assert anonymity.standing({"what": words}, [])


@pytest.mark.parametrize(
    ("name", "words"),
    [("Atop", "a top layer"), ("Tea", "steam, te a"), ("A1", "A12 steel"), ("Chen", "kitchen"), ("L-7", "XL-7 size")],
)
def test_words_that_only_look_alike_still_stand(name, words):
    assert not anonymity.standing(
        {"what": words + "，60℃ 烘 8 小时，0.12 元/件，5000 次，M3.5 螺钉"}, [Known("code" if "1" in name else "lot", name)]
    )


def test_case_07_the_part_that_a_playbook_is_about_names_nobody_either(session):
    desk = Desk()
    book = proposed(session, desk, topic="竹溪座椅的密封圈")
    with pytest.raises(Invalid) as refused:
        playbook_service.publish(book, desk.actor, clock.now())
    assert "竹溪座椅" in str(refused.value.fields) and book.state == "proposed"


def test_case_07_a_name_that_a_colleague_writes_in_meanwhile_is_not_published(session):
    desk = Desk()
    book = proposed(session, desk)
    assert book.what  # read by this session, and written by another
    session.execute(text("UPDATE playbook SET what = '竹溪座椅的做法', version = version + 1"))
    with pytest.raises(Invalid):
        playbook_service.publish(book, desk.actor, clock.now())
    assert book.state == "proposed"


@pytest.mark.parametrize("address", ["fec0::1", "feff::1", "64:ff9b::a00:1", "::ffff:10.0.0.1", "2002:a00:1::", "100.64.0.1"])
def test_case_25_an_address_that_networks_route_inside_is_not_public(address):
    assert not outbound.is_public(address)
