"""Names and addresses of suppliers, made comparable in Chinese and in Latin letters. Pure; it knows no pinyin and guesses no translation."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from babel import Locale

from incubator.factories.vocabulary import COUNTRIES, LEGAL, PROVINCES, ROMAN, SHORT, ZH_COMMON

ZH_LEGAL = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|股份公司|责任公司|集团公司|分公司|集团|总公司|公司|制造厂|加工厂|个体工商户|经营部|工厂|厂)$"
)
ZH_PLACE = re.compile(r"(中国|[\u4e00-\u9fff]{2,3}?(省|自治区|特别行政区)|[\u4e00-\u9fff]{2,4}?(市|县|区|镇|乡|街道))")
HAN = re.compile(r"[\u3400-\u9fff]")
DIGITS = re.compile(r"\d+")


def folded(text: str) -> str:
    """Lower case, half width, without accents."""
    flat = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("ø", "o"))
    return "".join(c for c in flat if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Names in English and Chinese, and codes, to the ISO code."""
    found: dict[str, str] = {}
    for language in ("en", "zh"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(re.sub(r"\W", "", folded(name)), code)
                found.setdefault(code.lower(), code)
    return found | COUNTRIES


def country_code(text: str) -> str | None:
    """ "China", "CN", "CHINA", "中国" to "CN"; None for what names no country."""
    return _countries().get(re.sub(r"\W", "", folded(text)))


def record_key(name: str, country: str, address: str) -> str:
    """The same for one supplier written with other capitals, blanks or punctuation; SHA-256 in hex."""
    parts = (re.sub(r"\W", "", folded(part)) for part in (name, country, address))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def joined(words: list[str]) -> list[str]:
    """Runs of single letters as one word: scanned lists write "m e r c u r y", and "s. a." is a legal form."""
    found: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            found.append(run)
            run = ""
        if word:
            found.append(word)
    return found


def name_words(name: str) -> list[str]:
    """The words of a Latin name without its legal form: "Vogue Tex (Pvt) Ltd." to ["vogue", "tex"]."""
    text = folded(name).replace("d.0.0", "d.o.o").replace("&", " and ")
    text = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", text.replace("'", "").replace("’", ""))
    text = re.sub(r"(?<=[a-z])\.(?=[a-z]{1,3}\b)", " ", text)
    words = joined(re.findall(r"[a-z]+|\d+", text))
    return [word for word in words if word not in LEGAL] or words


def is_scattered(name: str) -> bool:
    """Whether blanks stand inside words ("so nm e z i nte r nati o nal"), so that words mean nothing."""
    pieces = re.findall(r"[a-z]+", folded(name))
    return len(pieces) > 5 and sum(map(len, pieces)) < 3.2 * len(pieces)


def marks(name: str) -> frozenset[str]:
    """What tells one site of a firm from another: "unit 6", "(2)", "II"."""
    words = name_words(name)
    numbers = {str(int(word)) for word in words if word.isdigit()}
    return frozenset(numbers | {ROMAN[word] for word in words[1:] if word in ROMAN})


def zh_name(name: str) -> str:
    """A Chinese name without legal form, brackets and place: "佛山市恒屹小家电（科技）有限公司" to "恒屹小家电科技"."""
    text = re.sub(r"[\s（）()·\-—“”\"]", "", unicodedata.normalize("NFKC", name))
    stripped = ZH_LEGAL.sub("", text)
    for province in PROVINCES:
        stripped = stripped.removeprefix(province)
    shorter = ZH_PLACE.sub("", stripped)
    return shorter if len(shorter) >= 2 else stripped or text


def zh_core(name: str) -> str:
    """What is a firm's own in `zh_name`: without the words of its trade; the whole where nothing else is left."""
    whole = zh_name(name)
    own = ZH_COMMON.sub("", whole)
    return own if len(own) >= 2 else whole


def numbers(address: str) -> frozenset[str]:
    """House, block and plot numbers of an address, without leading zeros; five digits and more are a postal code."""
    return frozenset(str(int(n)) for n in DIGITS.findall(folded(address)) if len(n) < 5)


def address_words(address: str) -> list[str]:
    """The words of an address in full, without the country's name; a Chinese one character by character."""
    text = folded(address)
    words = [SHORT.get(word, word) for word in re.findall(r"[a-z]+|\d+|[\u3400-\u9fff]", text)]
    return [word for word in words if word not in _country_words()]


@lru_cache(maxsize=1)
def _country_words() -> frozenset[str]:
    return frozenset(folded(name) for name in Locale("en").territories.values() if " " not in name) | {"burma", "turkey", "中", "国"}
