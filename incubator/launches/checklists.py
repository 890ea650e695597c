"""What must be done before a product goes on sale, per platform, as data. Pure: it reads nothing and writes nothing.

The longest titles are defaults: 30 Chinese characters, counted as 60 half-widths, on Taobao, Tmall and 1688; 200 characters with
spaces on Amazon (Seller Central, "Product title requirements"). Platforms change them by category; the proof of a task says by
which rule it was done.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

WIDE = ("W", "F")


@dataclass(frozen=True)
class Task:
    """A row of a template: `days` before the launch it is due; an optional one never holds a launch up."""

    key: str
    label: Any
    days: int
    is_required: bool = True


@dataclass(frozen=True)
class Title:
    """The longest listing title: `most` characters, a Chinese one counting `wide`; and whose name is the title, "zh" or "en"."""

    most: int
    wide: int = 2
    language: str = "zh"


TITLES = {
    "tmall": Title(60), "taobao": Title(60), "1688": Title(60), "jd": Title(90), "douyin": Title(60), "pinduoduo": Title(60),
    "shopify": Title(255, 1, "en"), "amazon": Title(200, 1, "en"), "uk_shop": Title(150, 1, "en"), "offline": Title(60), "other": Title(120, 1),
}  # fmt: skip

TITLE = Task("title", _l("Listing title fits the channel"), 14)
GTIN = Task("gtin", _l("GTIN registered for every SKU"), 21)
PRICE = Task("price", _l("Price on this channel, within the brief's target band"), 10)
COMPLIANCE = Task("compliance", _l("Compliance certificates handed in at the channel"), 21)
SCRIPT = Task("script", _l("Customer-service script with the ten likely questions"), 7)
STOCK = Task("stock", _l("Stock in place and counted"), 3)
DOMESTIC = (
    TITLE,
    Task("pictures", _l("Five main pictures, square, 800 px or more, the first on white"), 14),
    GTIN, COMPLIANCE, PRICE,
    Task("returns", _l("Seven-day return without reason set up, with who pays the freight"), 7),
    SCRIPT, STOCK,
)  # fmt: skip
ABROAD = (
    TITLE, Task("pictures", _l("Pictures and five selling points in the buyer's language"), 14), GTIN, COMPLIANCE, PRICE,
    Task("returns", _l("Return address and return policy in the buyer's country"), 7), SCRIPT, STOCK,
)  # fmt: skip
SHORT_VIDEO = Task("video", _l("Short video of the reason to choose, in 15 seconds"), 7, False)

TEMPLATES: dict[str, tuple[Task, ...]] = {
    "tmall": (*DOMESTIC, SHORT_VIDEO),
    "taobao": (*DOMESTIC, SHORT_VIDEO),
    "jd": (*DOMESTIC, Task("warehouse", _l("Stock booked into the platform's warehouse"), 10)),
    "pinduoduo": (*DOMESTIC, Task("group_price", _l("Group price and single price set"), 7)),
    "1688": (
        *DOMESTIC, Task("price_breaks", _l("Price breaks, MOQ and dropship terms set"), 7),
        Task("sample_order", _l("Sample order open to small buyers"), 7, False),
    ),
    "douyin": (*DOMESTIC, Task("live_room", _l("Sample in the live room, script and mechanism agreed"), 7), SHORT_VIDEO),
    "shopify": (*ABROAD, Task("test_order", _l("One order paid, shipped and refunded as a test"), 3)),
    "amazon": (*ABROAD, Task("labels", _l("FNSKU labels on units and cartons"), 14), Task("content", _l("A+ content approved"), 7, False)),
    "uk_shop": (*ABROAD, Task("test_order", _l("One order paid, shipped and refunded as a test"), 3)),
    "offline": (
        GTIN, COMPLIANCE, PRICE, Task("shelf", _l("Shelf place, price label and bar code tried at the till"), 5),
        Task("staff", _l("Shop staff know the reason to choose"), 3), Task("returns", _l("Who takes returns, and where they go"), 7), STOCK,
    ),
    "other": (TITLE, GTIN, COMPLIANCE, PRICE, SCRIPT, STOCK),
}  # fmt: skip
LABELS: dict[tuple[str, str], Any] = {(platform, task.key): task.label for platform, tasks in TEMPLATES.items() for task in tasks}


def label(key: str, platform: str, title: str = "") -> Any:
    """The words of a task: its own title, or its template's."""
    return title or LABELS.get((platform, key), key)


def width(text: str, wide: int) -> int:
    """How long a channel counts `text`, a Chinese character (or other wide one) counting `wide`."""
    return sum(wide if unicodedata.east_asian_width(c) in WIDE else 1 for c in text)


def too_long(text: str, platform: str) -> int:
    """By how much a listing title is longer than the channel takes; 0 when it fits."""
    limit = TITLES[platform]
    return max(0, width(text, limit.wide) - limit.most)
