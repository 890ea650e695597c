"""Findings and effects in words, for pages, PDF, export and mail alike: what was found, against what, since when, and how sure."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel.i18n import day
from incubator.sales import words as sales_words

KINDS: dict[str, Any] = {"change": _l("More than before"), "level": _l("More than comparable SKUs")}
STEPS: dict[str, Any] = {
    "fix": _l("Ask the factory to mend it"),
    "inspect": _l("Look at what came back"),
    "listing": _l("Look at the listing and the price"),
    "delivery": _l("Look at the delivery"),
}
ACTS: dict[str, Any] = {
    "finding.find": _l("found that more comes back than chance explains, %(ratio)s times"),
    "finding.tell": _l("told the factory of a finding"),
    "finding.act": _l("noted that something was done about a finding"),
    "finding.end": _l("noted that a finding is gone"),
    "finding.return": _l("found again what was gone or set aside"),
    "finding.set_aside": _l("set aside a finding of %(code)s: %(cause)s"),
    "finding.reopen": _l("took up again a finding of %(code)s"),
}


def cause(reason: str, topic: str) -> str:
    """Why it came back, in words; whatever the reason, where none is named."""
    if not reason:
        return gettext("All returns")
    word = str(sales_words.REASONS.get(reason, reason))
    return f"{word} · {topic_word(topic)}" if topic else word


def topic_word(topic: str) -> str:
    """The part or fault of a topic."""
    words: dict[str, Any] = getattr(sales_words, "TOPICS", {})
    return str(words.get(topic, topic))


def times(figures: Any) -> str:
    """A ratio with its interval: "2.3 times (1.6–3.2)"."""
    ratio, low, high = (_number(_get(figures, name)) for name in ("ratio", "low", "high"))
    return gettext("%(ratio)s times (%(low)s–%(high)s)", ratio=ratio, low=low, high=high)


def _get(figures: Any, name: str) -> Any:
    return figures[name] if isinstance(figures, dict) else getattr(figures, name)


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def against(found: Any) -> str:
    """What the ratio of a finding is against, and since when: for the brand."""
    if found.kind == "level":
        peers = found.evidence.get("peers") if isinstance(found.evidence, dict) else "category"
        return gettext("the rate of comparable SKUs of its category") if peers == "category" else gettext("the rate of all other SKUs")
    return gettext("its own earlier rate, %(since)s", since=since(found.since, found.lot))


def since(monday: date | str | None, lot: str) -> str:
    """ "since the week from 3 Aug 2026, lot L17"."""
    if monday is None:
        return ""
    shown = day(date.fromisoformat(monday) if isinstance(monday, str) else monday)
    if lot:
        return gettext("since the week from %(week)s, lot %(lot)s", week=shown, lot=lot)
    return gettext("since the week from %(week)s", week=shown)


def told(entry: dict[str, Any]) -> str:
    """One finding of a pack as a sentence to its factory; it names nobody else's figures."""
    after = entry["after"]
    counts = gettext("%(back)s of %(orders)s orders came back", back=after["returned"], orders=after["sold"])
    if entry["against"] == "peers":
        what = gettext("%(times)s the rate of comparable SKUs (of %(n)s other factories or more)", times=times(entry), n=5)
        return gettext("%(what)s; %(counts)s", what=what, counts=counts)
    before = entry["before"]
    earlier = gettext("before it was %(back)s of %(orders)s", back=before["returned"], orders=before["sold"])
    when = since(entry["since"], entry["lot"]) or gettext("in the last 13 weeks")
    what = gettext("%(times)s your own earlier rate, %(since)s", times=times(entry), since=when)
    return gettext("%(what)s; %(counts)s, %(earlier)s", what=what, counts=counts, earlier=earlier)


def all_told(entries: list[dict[str, Any]] | None) -> str:
    """Every finding of a section in one cell."""
    return "; ".join(f"{cause(e['reason'], e['topic'])}: {told(e)}" for e in entries or ())


def span(found: Any) -> str:
    """When a rise likely began, at 80%."""
    days = [day(date.fromisoformat(text)) for text in found.evidence.get("span", [])]
    return "" if not days else days[0] if days[0] == days[-1] else gettext("%(first)s to %(last)s", first=days[0], last=days[-1])


def q_value(q: float) -> str:
    """The false-discovery rate at which it is found: "0.3%"."""
    return "<0.1%" if q < 0.001 else f"{q * 100:.1f}%"


def change(effect: dict[str, Any] | None) -> str:
    """The ratio of an effect: "0.45 times (0.22–0.93)"."""
    if not effect or effect["ratio"] is None:
        return "–"
    return gettext("%(ratio)s times (%(low)s–%(high)s)", **{name: f"{effect[name]:.2f}" for name in ("ratio", "low", "high")})


def beside(effect: dict[str, Any] | None) -> str:
    """What an effect was reckoned against, without a name."""
    if not effect or effect["ratio"] is None:
        return gettext("Too little was sold or came back to reckon with.")
    if effect["controls"]:
        return gettext("Beside %(n)s comparable SKUs of which nothing was changed.", n=effect["controls"])
    return gettext(
        "Before and after of this SKU alone: there are too few comparable ones that may be told of, so a trend that all share is not taken out."
    )
