"""What a buyer's words mean: reasons, parts and faults in Chinese, English and six more languages, with the traps of each."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import reasons as measured
from incubator.sales import folding, reasons, topics, words
from incubator.sales.models import REASONS
from incubator.sales.reasons import Heard, Own

BACKENDS = ("sqlite",)
ROOTS = (Path(__file__).parents[2].parent, Path(__file__).parents[2].parent.parent)
REAL = next((root / "shared" / "realdata" for root in ROOTS if (root / "shared" / "realdata").is_dir()), None)


@pytest.mark.parametrize(
    ("text", "reason", "topic"),
    [
        ("", "unstated", ""), (" 　\t", "unstated", ""), ("qwerty", "other", ""), ("SIZE_TOO_SMALL", "size", "size"), ("CR-DEFECTIVE", "malfunction", ""),
        ("UNWANTED_ITEM", "changed_mind", ""), ("7天无理由退换货", "changed_mind", ""), ("少件/漏发", "missing_part", ""), ("卖家发错货", "wrong_item", ""),
        ("拉链坏了", "quality", "zip"), ("拉鏈壞了", "quality", "zip"), ("ＺＩＰ broke", "quality", "zip"), ("The zipper broke after a week", "quality", "zip"),
        ("充不进电", "malfunction", "battery"), ("won't hold charge", "malfunction", "battery"), ("Akku lädt nicht mehr", "malfunction", "battery"),
        ("la batterie ne charge plus", "malfunction", "battery"), ("batteriet lader ikke", "malfunction", "battery"), ("la batteria non si carica", "malfunction", "battery"),
        ("la batería no carga", "malfunction", "battery"), ("accu kapot", "malfunction", "battery"), ("Netzkabel defekt", "malfunction", "cable"),
        ("stofzuigerslang gescheurd", "quality", "hose"), ("écran cassé", "malfunction", "display"), ("屏幕碎了", "damaged", "display"),
        ("洗一次就掉色", "quality", "colour"), ("起球", "quality", "pilling"), ("用了头皮发痒", "safety", "skin"), ("尺码偏小", "size", "size"),
        ("快递破损", "damaged", ""), ("物流太慢", "late", ""), ("客服态度差", "service", ""), ("刚买就降价", "price", ""), ("垃圾", "quality", ""),
        ("electric shock when I touched it", "safety", ""), ("missing screws", "missing_part", "case"), ("no charger in the box", "missing_part", "battery"),
    ],
)  # fmt: skip
def test_a_buyers_words(text, reason, topic):
    assert reasons.read(text) == Heard(reason, topic)


@pytest.mark.parametrize(
    ("text", "not_reason"),
    [
        ("no longer works", "changed_mind"), ("没有异味，但是拉链坏了", "smell"), ("no smell, but it leaks", "smell"), ("not late at all, just too big", "late"),
        ("质量很好，就是尺码偏大", "quality"), ("the battery is great but the zip broke", "malfunction"), ("profit", "size"), ("latest model is nice", "late"),
        ("no damage", "damaged"), ("heel mooi", "quality"), ("lack of space", "quality"),
    ],
)  # fmt: skip
def test_traps(text, not_reason):
    assert reasons.read(text).reason != not_reason


def test_the_longest_word_wins_and_a_praised_part_is_no_complaint():
    assert reasons.read("no longer needed").reason == "changed_mind" and reasons.read("no longer works").reason == "malfunction"
    assert reasons.read("the battery is great but the zip broke") == Heard("quality", "zip")
    assert reasons.read("味道很好闻，就是盖子漏水").topic in ("leak", "container")
    assert reasons.read("屏幕很清晰，喜欢").topic == ""


@given(st.text(max_size=200))
def test_anything_can_be_read(text):
    heard = reasons.read(text)
    assert heard.reason in REASONS and heard.topic in ("", *topics.TOPICS)
    assert folding.folded(folding.folded(text)) == folding.folded(text)


def test_every_reason_and_topic_has_a_name_a_word_and_a_home(app):
    told = {word.tells for word in topics.words()}
    assert set(topics.TOPICS) <= told and set(topics.TOPICS) == set(words.TOPICS) and set(REASONS) == set(words.REASONS)
    assert set(topics.TOPICS.values()) <= set(REASONS) and set(reasons.PRECEDENCE) == set(REASONS) - {"other", "unstated"}
    assert {word.kind for word in topics.words()} == {"fault", "part", "sign", "trait", "said", "named", "vague", "mark"}
    assert all(word.spelling.strip("*") for word in topics.words())
    with app.test_request_context():
        assert words.about("smell", "smell") == "Smell" and words.about("quality", "zip") == "Quality · Zip"


def test_own_words_win_the_longest_of_them_first():
    own = (Own("拉链", "changed_mind", ""), Own("拉链坏", "quality", "zip"), Own("Blurb", "size", "size"))
    assert reasons.read_many(["拉链松", "拉链坏了", "the BLURB", "blurbs", "开线"], own) == [
        Heard("changed_mind", ""), Heard("quality", "zip"), Heard("size", "size"), Heard("other", ""), Heard("quality", "stitching"),
    ]  # fmt: skip


def test_a_hostile_text_is_read_in_no_time():
    begun = time.process_time()
    for text in ("不" * 100_000, "no " * 50_000, "(" * 100_000, "a" * 100_000, "zip" * 50_000, "\x00\ud800"):
        reasons.read(text)
    assert time.process_time() - begun < 1


needs_real = pytest.mark.skipif(REAL is None, reason="needs the real texts in ../shared/realdata/open_repair")


@needs_real
@pytest.mark.parametrize(("name", "file", "least"), [("vacuums", "dustup.csv", 0.73), ("computers", "compcat_laptops.csv", 0.74)])
def test_real_texts_that_were_never_read_agree_with_people(name, file, least):
    assert REAL is not None
    found = [case for case in measured.cases(REAL / "open_repair" / name / file) if case.held_out]
    assert measured.accuracy(found) >= least and len(found) > 1500
    told = list(measured.of_set(name, found))
    assert sum(number for _, number, *_ in measured.scores(found)) == len(found) and any("Confusion" in line for line in told)


@needs_real
def test_most_bad_reviews_in_chinese_are_given_a_reason():
    assert REAL is not None
    with (REAL / "cn_reviews" / "reviews.csv").open(encoding="utf-8-sig", newline="") as file:
        bad = [row["review"] for row in csv.DictReader(file) if row["label"] == "0" and row["cat"] in ("衣服", "洗发水", "平板")][::20]
    assert sum(heard.reason != "other" for heard in reasons.read_many(bad)) / len(bad) > 0.85
