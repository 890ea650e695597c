"""The words for the choices of signals; briefs use those for buyers, comparisons and priorities too."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

TYPED = "手工记录 · By hand"  # one source of each brand, whoever types

BUYER_KINDS = {
    "consumer": _l("Consumers"),
    "live_streamer": _l("Live streamers"),
    "creator": _l("Creators"),
    "group_leader": _l("Group-buying leaders"),
    "cross_border": _l("Cross-border sellers"),
    "stay_home_parent": _l("Stay-at-home parents"),
    "discount_group": _l("Discount groups"),
    "student": _l("Students"),
    "private_domain": _l("Private-domain sellers"),
    "market_stall": _l("Market stalls"),
    "big_buyer": _l("Big buyers"),
    "brand_buyer": _l("Brand buyers"),
}
OPERATORS = {"eq": "=", "le": "≤", "ge": "≥", "between": _l("between"), "is": _l("is")}
PRIORITIES = {"must": _l("Must"), "should": _l("Should"), "could": _l("Could")}
CHANNELS = {
    "shop_review": _l("Shop reviews"),
    "social": _l("Social notes"),
    "live_room": _l("Live rooms"),
    "chat_group": _l("Chat groups"),
    "customer_service": _l("Customer service"),
    "survey": _l("Surveys"),
    "visit": _l("Visits"),
    "trial_order": _l("Trial orders"),
    "wall": _l("Complaint wall"),
    "other": _l("Other"),
}
MOODS = {"good": _l("Praise"), "mixed": _l("Mixed"), "bad": _l("Complaint"), "unknown": _l("Not judged")}
TONES = {"good": "good", "mixed": "warn", "bad": "bad", "unknown": "neutral"}
LANGUAGES = {"zh": _l("Chinese"), "en": _l("English"), "other": _l("Other language")}
ACTS: dict[str, Any] = {
    "complaint.open": _l("put a complaint on the wall"),
    "complaint.take": _l("took a complaint in hand"),
    "complaint.close": _l("closed a complaint with proof"),
    "complaint.reply": _l("replied to a complaint"),
    "complaint.share": _l("shared a complaint with %(with)s"),
    "segment.brief": _l("wrote the brief of the segment"),
}


def source_name(name: str) -> str:
    """The name of a source as the reader calls it: what people typed has a word in each language, the others keep theirs."""
    return gettext("Noted by hand") if name == TYPED else name
