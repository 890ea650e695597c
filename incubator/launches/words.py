"""The words for this package's choices and acts, one table each, for forms, pages, exports and PDF alike."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.i18n import language
from incubator.kernel.money import Money

PLATFORMS: dict[str, Any] = {
    "tmall": _l("Tmall"), "taobao": _l("Taobao"), "1688": "1688", "jd": _l("JD.com"), "douyin": _l("Douyin"), "pinduoduo": _l("Pinduoduo"),
    "shopify": "Shopify", "amazon": "Amazon", "uk_shop": _l("UK shop"), "offline": _l("Shops and counters"), "other": _l("Another place"),
}  # fmt: skip
METRICS: dict[str, Any] = {
    "units_per_week": _l("Units sold per week"), "conversion": _l("Conversion, %"), "return_rate": _l("Return rate, %"),
    "price_accepted": _l("Price accepted"), "review_score": _l("Review score of 5"),
}  # fmt: skip
UNITS: dict[str, Any] = {
    "units_per_week": _l("units a week"), "conversion": "%", "return_rate": "%", "price_accepted": "", "review_score": _l("of 5"),
}  # fmt: skip
DIRECTIONS: dict[str, Any] = {"at_least": _l("at least"), "at_most": _l("at most")}
SIGNS = {"at_least": "≥", "at_most": "≤"}
VERDICTS: dict[str, Any] = {"supported": _l("Supported"), "refuted": _l("Refuted"), "inconclusive": _l("Inconclusive")}
NEXT_STEPS: dict[str, Any] = {"continue": _l("Continue"), "pivot": _l("Pivot"), "stop": _l("Stop")}
NEXT_TONES = {"continue": "good", "pivot": "warn", "stop": "bad"}
OUTCOMES: dict[str, Any] = {"go": _l("Go"), "conditional": _l("Conditional"), "stop": _l("Stop")}
OUTCOME_TONES = {"go": "good", "conditional": "warn", "stop": "bad"}
ACTS: dict[str, Any] = {
    "sku.create": _l("created the SKU %(code)s"),
    "sku.edit": _l("changed the SKU %(code)s"),
    "sku.make_ready": _l("marked a SKU as ready"),
    "sku.reopen": _l("opened a SKU again"),
    "sku.list": _l("put a SKU on sale"),
    "sku.retire": _l("retired a SKU"),
    "sku.factory": _l("gave %(code)s to %(factory)s from %(day)s"),
    "sku.alias": _l("added the code %(alias)s to %(code)s"),
    "sku.alias_removed": _l("removed the code %(alias)s from %(code)s"),
    "sku.price": _l("set the price of %(code)s on %(channel)s from %(day)s"),
    "sku.price_end": _l("ended the price of %(code)s on %(channel)s"),
    "sku.photo": _l("added a photo to %(code)s"),
    "channel.create": _l("opened the channel %(name)s"),
    "channel.edit": _l("changed the channel %(name)s"),
    "channel.close": _l("closed the channel %(name)s"),
    "channel.reopen": _l("reopened the channel %(name)s"),
    "channel.prices": _l("imported %(prices)s prices of %(name)s"),
    "preproduction.plan": _l("stated the first order and the factory's capacity"),
    "preproduction.proof": _l("noted the proof for “%(need)s”"),
    "preproduction.go": _l("let series production begin"),
    "preproduction.conditional": _l("let series production begin, with conditions"),
    "preproduction.stop": _l("stopped it before series production"),
    "probe.plan": _l("planned test launch %(number)s"),
    "probe.edit": _l("changed test launch %(number)s"),
    "probe.start": _l("started a test launch"),
    "probe.reading": _l("noted a reading of test launch %(number)s"),
    "probe.supported": _l("judged a test launch: supported"),
    "probe.refuted": _l("judged a test launch: refuted"),
    "probe.inconclusive": _l("judged a test launch: inconclusive"),
    "checklist.start": _l("started the checklist of %(channel)s"),
    "checklist.add": _l("added “%(title)s” to a checklist"),
    "checklist.assign": _l("assigned “%(title)s”"),
    "checklist.done": _l("did “%(title)s”"),
    "checklist.undo": _l("reopened “%(title)s”"),
    "launch.plan": _l("planned launch %(number)s for %(day)s"),
    "launch.edit": _l("changed launch %(number)s"),
    "launch.go_live": _l("launched"),
    "launch.cancel": _l("cancelled a launch"),
}


def named(row: Any) -> str:
    """The name of a SKU or channel in the reader's language; what has no English name keeps its Chinese one."""
    return row.name_en if language() == "en" and row.name_en else row.name_zh


def variant(row: Any) -> str:
    """Colour, size and pack in one line."""
    return " · ".join(part for part in (row.colour, row.size, row.pack) if part)


def measured(value_x100: int) -> str:
    """A threshold or reading as people write it: 4.5, 120."""
    return f"{value_x100 / 100:g}" if value_x100 < 10**8 else str(value_x100 // 100)


def price(minor: int | None, currency: str) -> Money | None:
    """A column of minor units as Money; None stays None."""
    return None if minor is None else Money(minor, currency)


def names(links: Iterable[Any]) -> list[str]:
    """The channel names behind rows that have a `channel`."""
    return [named(link.channel) for link in links]
