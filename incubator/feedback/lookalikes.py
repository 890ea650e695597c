"""Characters as the ones that they look like or stand for: letters of other scripts and phonetic ones, drawn letters, numerals, traditional Chinese. Pure.

Latin letters are told by their Unicode names, so that no table of them grows old; look-alikes of other scripts stand in a small table.
"""

import re
import unicodedata
from functools import lru_cache

from incubator.feedback.han_forms import SIMPLIFIED

# Cyrillic, Greek, Armenian and Cherokee letters that look like Latin ones; lower case.
ALIKE = str.maketrans(
    "асеорхуіѕјкмтвнԁһӏԛԝѵгп" "αβερονικτυχγηωζ" "օսոհցզ" "ꭺꭼꭵꭻꮃꮇꮋꮓꮤ" "ƅƨ",
    "aceopxyisjkmtbhdhlqwvrn" "abeponiktuxynwz" "ounhgq" "aeijwmhzt" "bs",
)  # fmt: skip
LATIN = re.compile(
    r"(?:.* )?(?:LATIN (?:SMALL |CAPITAL |SUBSCRIPT )*LETTER|REGIONAL INDICATOR SYMBOL LETTER|LATIN LETTER)(?: [A-Z]+)*? ([A-Z])(?: WITH .*)?"
)
NAMED = re.compile(
    r"LATIN (?:SMALL |CAPITAL )*LETTER (?:SMALL CAPITAL )?(ALPHA|OPEN E|IOTA|UPSILON|ETH|ENG|GAMMA|CHI|OMEGA|BETA|SCHWA|ESH|EZH)(?: WITH .*)?"
)
SOUNDS = {
    "ALPHA": "a", "OPEN E": "e", "IOTA": "i", "UPSILON": "u", "ETH": "d", "ENG": "n", "GAMMA": "y", "CHI": "x", "OMEGA": "w", "BETA": "b", "SCHWA": "e",
    "ESH": "s", "EZH": "z",
}  # fmt: skip
NUMERALS = str.maketrans("〇零○一壹弌二贰貳弍三叁叄弎四肆五伍六陆陸七柒八捌九玖", "000111222233334455666778899")
TENS = re.compile(r"(\d?)十(\d?)")


def plain(text: str) -> str:
    """A folded text with every character as what it looks like."""
    return "".join(map(_as_latin, text)).translate(ALIKE).translate(SIMPLIFIED)


def counted(text: str) -> str:
    """The same with Chinese numerals as digits, up to ninety-nine: 十七 is 17, 一七 too."""
    return TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), text.translate(NUMERALS))


def as_typed(seen: str) -> str:
    """A text of the same length in which addresses and numbers are told by their shape."""
    return "".join(map(_as_latin, seen.translate(ALIKE))).translate(NUMERALS)


@lru_cache(maxsize=4096)
def _as_latin(character: str) -> str:
    """One character: a digit, a small letter, or itself."""
    if character.isascii():
        return character
    number = unicodedata.digit(character, None)
    if number is not None:
        return str(number)
    name = unicodedata.name(character, "")
    if sound := NAMED.fullmatch(name):
        return SOUNDS[sound[1]]
    letter = LATIN.fullmatch(name)
    return letter[1].lower() if letter else character
