"""One line of voices: filler, dates, scores, moods, languages, topics. Pure."""

from datetime import date

import pytest

from incubator.signals import curated, lexicon, reading

BACKENDS = ("sqlite",)
FILLER = (
    "此用户未填写评价内容", "此用户未及时填写评价内容", "您没有填写评价内容", "您没有填写内容，默认好评", "该用户觉得商品不错", "该用户觉得商品非常好",
    "此用户没有填写评价。", "用户未填写评价", "系统默认好评!", "买家默认好评", "评价方未及时做出评价,系统默认好评!", "该用户未填写评价内容 ",
    "The buyer left no comment", "N/A", "No comment",
)  # fmt: skip
SAID = (
    "好", "系统默认安装的软件太多", "空调还没安装完成就给我默认签收了？？", "用户体验很好", "没有填写发票，客服也不理", "不错", "评价方案不清楚", "None of it works",
    "差评！以旧换新没有成功，系统完全没有任何提示！", "没有评价的必要，垃圾",
)  # fmt: skip


@pytest.mark.parametrize("text", FILLER)
def test_what_the_platform_wrote_is_filler(text):
    assert reading.is_filler(text)


@pytest.mark.parametrize("text", SAID)
def test_what_somebody_said_is_not(text):
    assert not reading.is_filler(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("2021/8/21 17:30", date(2021, 8, 21)), ("2019-09-06", date(2019, 9, 6)), ("2021年8月1日", date(2021, 8, 1)),
     ("2026-03-05T10:00:00", date(2026, 3, 5)), ("", None)],
)  # fmt: skip
def test_days_are_read(text, found):
    assert reading.day(text) == found


@pytest.mark.parametrize("text", ["21/8/2021", "2021-13-01", "yesterday", "2021", "2021-02-30", "0000-01-01", "2021-08-21x"])
def test_other_days_are_refused(text):
    with pytest.raises(ValueError):
        reading.day(text)


def test_scores_and_moods():
    assert [reading.score(t) for t in ("5", "4.0", "3星", "")] == [5, 4, 3, None]
    assert [reading.mood(t, p) for t, p in (("1", None), ("0", 5), ("差评", None), ("", 1), ("", 3), ("", 5), ("", None))] == [
        "good", "bad", "bad", "bad", "mixed", "good", "unknown",
    ]  # fmt: skip
    for text in ("6", "0", "4.5", "NaN", "inf", "many"):
        with pytest.raises(ValueError):
            reading.score(text)
    with pytest.raises(ValueError):
        reading.mood("purple", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [("坐久了腰酸", "zh"), ("iPad 很好用", "zh"), ("Very noisy fan", "en"), ("Très bien, merci", "en"), ("とても良い", "other"), ("Очень", "other"), ("12!", "other")],
)  # fmt: skip
def test_languages(text, language):
    assert lexicon.language(text) == language


def test_topics_are_heard_in_both_languages():
    ear = lexicon.ear({1: ("噪音\n太吵", "noise\nnoisy"), 2: ("腰酸", "back pain"), 3: ("味", "")})
    assert ear.topics("噪音大，坐久了腰酸") == {1, 2}
    assert ear.topics("Noise all night; my back pain is worse") == {1, 2}
    assert ear.topics("a noiseless, painless one") == set()
    assert ear.topics("NOISY, 有味") == {1, 3}
    assert ear.topics("") == set()


def test_the_curated_topics_are_whole():
    words = {code: (curated.words_of(zh), curated.words_of(en)) for code, (_, _, zh, en) in curated.TOPICS.items()}
    assert len(words) > 30 and all(zh and en for zh, en in words.values())
    assert all(len(word) <= lexicon.LONGEST_WORD for zh, en in words.values() for word in (*zh, *en))
    assert {len(code) <= 40 for code in words} == {True} and "well made" in words["quality"][1]


def test_words_stand_once_each_in_order():
    assert lexicon.words("吵，很吵\n 吵 ;loud, ") == ["吵", "很吵", "loud"]
