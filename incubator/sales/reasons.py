"""Why things come back: a buyer's words, in either language, to one reason of the taxonomy. Words that fit none are counted as such, never dropped."""

from collections.abc import Sequence
from typing import NamedTuple

from incubator.sales.models import REASONS

# The first reason one of whose words stands in the text; the more telling reasons come first.
LEXICON: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("missing_part", ("少件", "缺件", "漏发", "配件", "少发", "missing", "incomplete", "part not")),
    ("wrong_item", ("发错", "错发", "错货", "wrong item", "wrong colour", "wrong color", "different item")),
    ("smell", ("异味", "味道", "刺鼻", "甲醛", "smell", "odour", "odor", "stink")),
    ("damaged", ("破损", "碎", "压坏", "运输", "漏液", "包装坏", "damage", "broken on arrival", "crushed", "leak")),
    ("size", ("尺码", "尺寸", "大小", "偏大", "偏小", "太大", "太小", "不合身", "size", "too big", "too small", "fit")),
    ("not_as_described", ("不符", "色差", "描述", "图片", "假货", "not as described", "described", "colour differs", "looks different")),
    ("quality", ("质量", "坏", "断", "做工", "开线", "脱胶", "掉色", "起球", "故障", "不耐用",
                 "quality", "defect", "faulty", "broke", "stopped working", "tear", "zip")),
    ("late", ("太慢", "延误", "迟", "未收到", "没收到", "物流", "late", "slow delivery", "never arrived", "not received")),
    ("price", ("降价", "便宜", "价格", "差价", "cheaper", "price")),
    ("changed_mind", ("不想要", "不喜欢", "拍错", "七天无理由", "7天无理由", "无理由", "多拍",
                      "changed mind", "no longer", "don't like", "mistake", "unwanted")),
)  # fmt: skip


class Heard(NamedTuple):
    """What a text says: the reason, and the part or fault ("": none heard)."""

    reason: str
    topic: str = ""


def read(text: str) -> Heard:
    return Heard(reason_of(text))


def read_many(texts: Sequence[str]) -> list[Heard]:
    return [read(text) for text in texts]


def reason_of(text: str) -> str:
    """One of `models.REASONS`: "unstated" for a blank, "other" for words that the lexicon does not know."""
    said = text.strip().lower()
    if not said:
        return "unstated"
    if said in REASONS:
        return said
    return next((reason for reason, words in LEXICON if any(word in said for word in words)), "other")
