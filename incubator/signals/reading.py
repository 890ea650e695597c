"""One line of a file of voices: its text, score, mood and dates; and whether it says anything of its own. Pure but for its messages."""

import hashlib
import re
from datetime import date
from typing import Any

from flask_babel import force_locale, gettext

from incubator.imports.kinds import Refusal
from incubator.signals import lexicon, words

LONGEST = 20_000
DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T\s].*)?", re.DOTALL)
BARE = re.compile(r"[\s，。！!,.～~…?？;；、:：\"'“”‘’]+")
FILLER = re.compile(
    r"(?:[此该本]?(?:用户|买家|顾客|会员|评价方)|您)?(?:[还暂]?(?:未|没有?)(?:能)?(?:及时)?(?:填写|做出|作出|发表|评价|评论|留下)(?:任何)?"
    r"(?:评价内容|评论内容|文字评价|文字内容|评价|评论|内容|文字)?)(?:系统)?(?:自动)?(?:默认)?(?:给出)?(?:好评|评价)?"
    r"|(?:系统|买家|用户)?(?:自动)?默认(?:给出)?好评|系统(?:自动)?默认评价"
    r"|[此该]用户(?:觉得|认为)商品(?:不错|很好|较好|非常好|好|一般|较差|很差|非常差|差)"
    r"|(?:the)?(?:buyer|customer|user)(?:left|has|did)(?:no|notleft|notleave)(?:a|any)?(?:comment|comments|review|feedback)"
    r"|no(?:review|comment|written)(?:text|review|comment)?|n/?a|none|null|nil",
)
GOOD_WORDS = {"good", "positive", "1", "好", "好评", "正面", "满意", "praise"}
BAD_WORDS = {"bad", "negative", "0", "-1", "差", "差评", "负面", "不满意", "complaint"}
MIXED_WORDS = {"mixed", "neutral", "中", "中评", "中性", "一般"}


def is_filler(text: str) -> bool:
    """Whether the platform wrote it in the buyer's stead ("此用户未填写评价内容" and its family)."""
    return len(text) < 60 and FILLER.fullmatch(BARE.sub("", text).lower()) is not None


def clean(text: str) -> str:
    """The words as they were said, without the marks that files leave at their edges."""
    return text.strip("\ufeff\u200b \t\r\n")


def day(text: str) -> date | None:
    """A day from "2021/8/21 17:30", "2019-09-06" or "2021年8月21日"; None for a blank. ValueError for anything else."""
    if not text:
        return None
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, number = map(int, found.groups())
    return date(year, month, number)


def score(text: str) -> int | None:
    """1 to 5 from "5", "4.0", "5星"; None for a blank, ValueError for anything else."""
    if not text:
        return None
    number = float(text.removesuffix("星").removesuffix("分").strip())
    if number not in (1, 2, 3, 4, 5):
        raise ValueError(text)
    return int(number)


def mood(text: str, points: int | None) -> str:
    """What the source says of the mood, else what the score does; ValueError for a word that nobody knows."""
    if not text:
        return "unknown" if points is None else "bad" if points < 3 else "good" if points > 3 else "mixed"
    for name, known in (("good", GOOD_WORDS), ("bad", BAD_WORDS), ("mixed", MIXED_WORDS)):
        if text.lower() in known:
            return name
    raise ValueError(text)


def digest(*parts: Any) -> str:
    """What makes a voice this voice, in 128 bits."""
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:32]


class Reader:
    """Reads one line after another; dates, scores and choices that were read before are not read again."""

    def __init__(self, source: str, channel: str, buyer_kind: str, today: date) -> None:
        self.source, self.channel, self.buyer_kind, self.latest = source, channel, buyer_kind, today
        self.known: dict[tuple[str, str], Any] = {}
        self.refusals: list[Refusal] = []

    def row(self, values: dict[str, str]) -> dict[str, Any]:
        """The columns of a Voice; what could not be read is in `refusals`."""
        self.refusals = []
        text = clean(values["text"])
        if not text or len(text) > LONGEST:
            message = gettext("A voice has between 1 and %(most)s characters.", most=LONGEST)
            self.refusals.append(Refusal("text", values["text"][:200], message))
        points = self._read("score", values)
        said, bought = self._read("said_on", values), self._read("bought_on", values)
        return {
            "digest": digest(self.source, values["product_ref"], values["product"], values["category"], values["said_on"], values["bought_on"],
                             values["score"], values["mood"], text),
            "text": text, "category": values["category"][:80], "product": values["product"][:300], "product_ref": values["product_ref"][:80],
            "channel": self._read("channel", values) or self.channel, "buyer_kind": self._read("buyer_kind", values) or self.buyer_kind,
            "language": lexicon.language(text), "mood": self._mood(values["mood"], points), "score": points,
            "said_on": said and said.isoformat(), "bought_on": bought and bought.isoformat(),
        }  # fmt: skip

    def _read(self, name: str, values: dict[str, str]) -> Any:
        text = values[name].strip()
        if (name, text) not in self.known:
            try:
                self.known[name, text] = PARSERS[name](text)
            except (ValueError, OverflowError):
                self.refusals.append(Refusal(name, text, str(REMEDIES[name]())))
                return None
        found = self.known[name, text]
        if isinstance(found, date) and found > self.latest:
            self.refusals.append(Refusal(name, text, gettext("This day has not come yet.")))
        return found

    def _mood(self, text: str, points: int | None) -> str:
        try:
            return mood(text.strip(), points)
        except ValueError:
            self.refusals.append(Refusal("mood", text, gettext("Write good, mixed or bad; or 1 and 0.")))
            return "unknown"


def _choice(table: dict[str, Any]) -> Any:
    """A parser of a choice: its code, or its word in either language; "" for a blank."""

    def parse(text: str) -> str:
        if not text:
            return ""
        for locale in ("zh", "en"):
            with force_locale(locale):
                known = {str(word).lower(): code for code, word in table.items()}
            if found := known.get(text.lower()):
                return found
        if text.lower() not in table:
            raise ValueError(text)
        return text.lower()

    return parse


def _say_day() -> str:
    return gettext("Write the day as 2027-03-01.")


PARSERS = {
    "score": score,
    "said_on": day,
    "bought_on": day,
    "channel": _choice(words.CHANNELS),
    "buyer_kind": _choice(words.BUYER_KINDS),
}
REMEDIES = {
    "score": lambda: gettext("A score is a whole number from 1 to 5."),
    "said_on": _say_day,
    "bought_on": _say_day,
    "channel": lambda: gettext("This channel is not known."),
    "buyer_kind": lambda: gettext("This kind of buyer is not known."),
}
