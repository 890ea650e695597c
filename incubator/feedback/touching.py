"""Which requirement of a brief a return points to: one whose name speaks of the same part or fault. Pure, and no judgement.

A name is read by the lexicon of returns (`sales.topics`) and by the words of test plans below; where it names a fault or a property ("mesh colour
difference"), the part beside it does not count. A return without a part or fault points to a requirement only where its reason is one itself: a
smell, a size, a damage, a missing part. Otherwise nothing is touched, and the pages say so, rather than that the nearest requirement is blamed.
"""

from collections.abc import Iterable
from functools import cache
from re import Pattern

from incubator.sales import folding, hearing, topics

Cause = tuple[str, str]  # reason, topic
MISSING = "missing_part"  # no topic, but requirements have it
OF_REASON = {
    "smell": ("smell",),
    "size": ("size",),
    "damaged": ("impact", "packaging"),
    MISSING: (MISSING,),
    "not_as_described": ("colour", "style"),
}
KIN = {"impact": ("packaging",), "packaging": ("impact",), "breakage": ("impact", "packaging"), "attachment": (MISSING,)}
# How test plans call what buyers complain of; whole names and parts of names, in both languages.
PLANNED = {
    "colour": "色牢度|耐摩擦色|耐洗色|变色|*fastness*|*yellowing*", "stitching": "接缝|针距|缝口|*seam*|*stitch*",
    "shrinkage": "水洗|尺寸变化|耐洗|洗后|*laundering*|*dimensional change*|wash|washes|washing", "fabric": "克重|充绒|蓬松|跑毛|gsm|fill power",
    "impact": "跌落|抗摔|运输试验|drop|drops|*transit*", "packaging": "堆码|stacking", "breakage": "承重|抗压|载荷|抗弯|抗折|load|loads|load capacity",
    "wobble": "倾倒|稳定性|倾斜|*stability*|tilt|tip over", "moisture": "盐雾|防锈|防潮|耐腐蚀|*corrosion*|salt spray",
    "leak": "防水|气密|耐水压|ipx|*waterproof*|*watertight*|*airtight*", "battery": "充电时间|充放电|*charging*|mah",
    "power": "功率|断电|待机|wattage|power consumption", "heating": "温升|温控|保温|控温|*temperature*|heat retention", "circuit": "绝缘|耐压|*insulation*",
    "size": "行程|座高|座宽|长度|宽度|公差|*height*|*width*|*length*|*dimensions*|*tolerance*", "smell": "甲醛|tvoc|voc|*formaldehyde*|*odour*|*odor*",
    "surface": "附着力|光洁|镀层|*coating*|*adhesion*|*finish*", "suction": "*airflow*|风量", "style": "外观|*appearance*",
    MISSING: "配件|附件|装箱清单|零件|parts list|*accessor*|*packing list*",
}  # fmt: skip


def touched(name: str, causes: Iterable[Cause]) -> list[str]:
    """The reasons, of causes (reason, topic), that a requirement of this name may answer for, each once and in their order."""
    named = topics_of(name)
    return list(dict.fromkeys(reason for reason, topic in causes if named & _meant(reason, topic)))


def _meant(reason: str, topic: str) -> set[str]:
    """The topics that a cause points to; none where only the whole article is known to be at fault."""
    return {topic, *KIN.get(topic, ())} if topic else set(OF_REASON.get(reason, ()))


def topics_of(name: str) -> set[str]:
    """What a requirement's name speaks of: its faults and properties, or, where it names none, its parts."""
    pattern, meaning = _lexicon()
    heard = {about for _, _, word in hearing.found(pattern, folding.folded(name)) if word for about in meaning[word]}
    faults = {topic for topic, kind in heard if kind != "part"}
    return faults or {topic for topic, _ in heard}


@cache
def _lexicon() -> tuple[Pattern[str], dict[str, set[Cause]]]:
    """The expression that finds the words, and what each (without stars) tells: topic and kind."""
    known = [(word.spelling, word.tells, word.kind) for word in topics.words() if word.tells in topics.TOPICS]
    known += [(topics.spelled(word), topic, "planned") for topic, words in PLANNED.items() for word in words.split("|")]
    meaning: dict[str, set[Cause]] = {}
    for spelling, topic, kind in known:
        meaning.setdefault(spelling.strip("*"), set()).add((topic, kind))
    return hearing.expression({spelling for spelling, _, _ in known}), meaning
