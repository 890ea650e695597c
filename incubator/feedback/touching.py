"""Which requirement of a brief a reason of returns points to: by the words of its name, in either language. Pure, and no judgement."""

from collections.abc import Iterable

WORDS: dict[str, tuple[str, ...]] = {
    "smell": ("气味", "异味", "甲醛", "voc", "smell", "odour", "odor"),
    "size": ("尺寸", "尺码", "长度", "宽度", "高度", "座高", "行程", "容量", "size", "length", "width", "height", "fit"),
    "not_as_described": ("色差", "颜色", "外观", "colour", "color", "shade"),
    "damaged": ("包装", "跌落", "运输", "pack", "drop", "transit"),
    "missing_part": ("配件", "清单", "parts", "accessor"),
    "quality": (
        "寿命", "强度", "牢度", "循环", "耐", "承重", "晃动", "回弹", "支撑", "起球", "水洗", "跑毛", "密封", "泄漏",
        "durab", "strength", "cycle", "wash", "load", "fastness", "seal",
    ),
}  # fmt: skip


def touched(attribute: str, reasons: Iterable[str]) -> list[str]:
    """Those of `reasons` that the requirement of this name may answer for, in their order."""
    name = attribute.lower()
    return [reason for reason in reasons if any(word in name for word in WORDS.get(reason, ()))]
