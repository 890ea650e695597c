"""The import of voices: its columns, the sources that are known by their headings, and who does the work."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.imports.kinds import Cells, Column, Kind, Line, Preset
from incubator.imports.models import DataImport
from incubator.kernel.actor import Actor
from incubator.signals import import_service, reading
from incubator.signals.forms import VoiceImportOptions

ALSO: dict[str, tuple[str, ...]] = {  # headings of shops and tools besides our own
    "text": ("review", "comment", "content", "评论内容", "评价内容", "评论", "评价", "内容", "review_text", "body", "voice", "原话"),
    "score": ("rating", "stars", "打分", "评分", "星级"),
    "mood": ("label", "sentiment", "情感", "好评差评"),
    "said_on": ("date", "review_date", "评论时间", "评价时间", "评论日期", "日期", "时间"),
    "bought_on": ("purchase_date", "购买时间", "购买日期", "下单时间"),
    "product": ("name", "product_name", "商品名称", "商品", "产品", "title"),
    "product_ref": ("asin", "sku", "商品ID", "商品编号", "item_id", "货号"),
    "category": ("cat", "类目", "品类", "分类"),
    "channel": ("渠道",),
    "buyer_kind": ("人群", "买家类型"),
}
EXAMPLE = {
    "text": "坐满八小时腰还是酸，腰托太硬。", "score": 2, "said_on": "2026-05-18", "bought_on": "2026-05-02", "product": "某品牌人体工学椅",
    "product_ref": "100008847233", "category": "办公家具",
}  # fmt: skip
TOLD = (
    ("text", _l("Text"), _l("What was said, word for word.")),
    ("score", _l("Score"), _l("A whole number from 1 to 5.")),
    ("mood", _l("Mood"), _l("Good, mixed or bad, where the source says so; 1 and 0 are taken, too.")),
    ("said_on", _l("Said on"), _l("A day, like 2027-03-01.")),
    ("bought_on", _l("Bought on"), _l("A day, like 2027-03-01.")),
    ("product", _l("Product"), _l("What it is about, as the source calls it.")),
    ("product_ref", _l("Product number"), _l("The source's own number of the product.")),
    ("category", _l("Category"), ""),
    ("channel", _l("Channel"), _l("Where it was said; else as chosen for the whole file.")),
    ("buyer_kind", _l("Buyers"), _l("Who said it; else as chosen for the whole file.")),
)
COLUMNS = tuple(Column(name, label, name == "text", meaning, EXAMPLE.get(name, ""), ALSO[name]) for name, label, meaning in TOLD)
PRESETS = (
    Preset("cn_reviews", _l("Shop reviews by category (cat, label, review)"), {"cat": "category", "label": "mood", "review": "text"}),
    Preset(
        "cn_jd_reviews",
        _l("JD comments"),
        {
            "商品ID": "product_ref", "会员等级": "", "总打分数": "", "总回复数": "", "购买时间": "bought_on", "评论时间": "said_on",
            "评论天数间隔": "", "打分": "score", "商品名称": "product", "评论内容": "text",
        },
        encoding="gb18030",
    ),
    Preset(
        "en_reviews",
        _l("Amazon reviews (asin, name, date, rating, review)"),
        {"asin": "product_ref", "name": "product", "date": "said_on", "rating": "score", "review": "text"},
    ),
)  # fmt: skip


def read(cells: Iterable[Cells], made: DataImport, actor: Actor) -> Iterator[Line]:
    """Each line as a voice, a duplicate of an earlier line, the platform's filler, or what is wrong with it."""
    options = made.options
    reader = reading.Reader(options["source"], options["channel"], options["buyer_kind"], made.created_at.date())
    labels, seen = {column.name: str(column.label) for column in COLUMNS}, set[bytes]()
    for number, values in cells:
        if reading.is_filler(values["text"]):
            yield Line(number, outcome="filler")
            continue
        row = reader.row(values)
        if reader.refusals:
            yield Line(number, refusals=[replace(r, column=labels[r.column]) for r in reader.refusals])
            continue
        mark = bytes.fromhex(row["digest"])
        if mark in seen:
            yield Line(number, outcome="duplicates")
            continue
        seen.add(mark)
        yield Line(number, row | {"line": number})


def options(_actor: Actor, **given: Any) -> VoiceImportOptions:
    return VoiceImportOptions(**given)


VOICES = Kind(
    name="signals.voices",
    title=_l("Voices of buyers"),
    rule="signals.import",
    columns=COLUMNS,
    read=read,
    apply=import_service.apply,
    presets=PRESETS,
    options=options,
    outcomes={"filler": _l("Without words of their own")},
    help=_l("Reviews, chats, notes of visits: kept word for word, each once, and heard for topics."),
    done="signals.voices",
    done_label=_l("To the voices"),
)
KINDS = (VOICES,)
