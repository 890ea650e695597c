"""Characters as the ones that they look like or stand for: letters of other scripts and phonetic ones, drawn letters, numerals, traditional Chinese. Pure.

Latin letters are told by their Unicode names, so that no table of them grows old; look-alikes of other scripts stand in a small table.
"""

import re
import unicodedata
from functools import lru_cache

from incubator.feedback.han_forms import SIMPLIFIED

# Cyrillic, Greek, Armenian and Cherokee letters that look like Latin ones, lower case; radicals that look like the character itself.
ALIKE = str.maketrans(
    "асеорхуіѕјкмтвнԁһӏԛԝѵгп" "αβερονικτυχγηωζ" "օսոհցզ" "ꭺꭼꭵꭻꮃꮇꮋꮓꮤ" "ƅƨ" "⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⺠⺩⺝",
    "aceopxyisjkmtbhdhlqwvrn" "abeponiktuxynwz" "ounhgq" "aeijwmhzt" "bs" "虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙民王月",
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
NUMERALS = str.maketrans("〇零○一壹弌〡二贰貳弍〢三叁叄弎〣四肆〤五伍〥六陆陸〦七柒〧八捌〨九玖〩", "000111122222333334445556666777888999")
LARGER = str.maketrans({"拾": "十", "廿": "2十", "卅": "3十"})  # not one for one
TENS = re.compile(r"(\d?)十(\d?)")


def plain(text: str) -> str:
    """A folded text with every character as what it looks like."""
    return "".join(map(_as_latin, text)).translate(ALIKE).translate(SIMPLIFIED)


def counted(text: str) -> str:
    """The same with Chinese numerals as digits, up to ninety-nine: 十七 is 17, 一七 and 拾柒 too."""
    return TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), text.translate(NUMERALS).translate(LARGER))


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
