"""A supplier list, line by line: headings and words in either language to the parts of a profile, or to reasons why not. Pure; it writes nothing.

A supplier is known again by its social credit code, else by name, country and address, so that a list can be imported twice.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts.forms import EMAIL
from incubator.factories import content, normal, uscc
from incubator.factories.forms import FIRST_YEAR, LAST_YEAR, MOST, MOST_CATEGORIES, split_names
from incubator.imports.kinds import Cells, Line, Refusal

LABELS: dict[str, Any] = {
    "name": _l("Name"),
    **{name: label for name, label in content.LABELS.items() if name != "cluster_id"},
    "categories": _l("Categories"),
    "processes": _l("Processes"),
    "contact_name": _l("Contact"),
    "contact_phone": _l("Telephone"),
    "contact_email": _l("E-mail"),
}
LONGEST = {
    "name": 200, "name_zh": 200, "name_en": 200, "short_name": 60, "uscc": 18, "registration_number": 40, "province": 60, "city": 60, "address": 300,
    "website": 300, "introduction": 8000, "contact_name": 80, "contact_phone": 40, "contact_email": 254,
}  # fmt: skip
RANGES = {"founded_year": (FIRST_YEAR, LAST_YEAR), "staff_count": (0, 1_000_000), "floor_area": (0, 100_000_000), "export_share": (0, 100)}
TEXTS = ("name_zh", "name_en", "short_name", "registration_number", "province", "city", "address", "website", "introduction")


def read(cells: Iterable[Cells]) -> Iterator[Line]:
    """One Line per line: the parts of a profile with its `key`, reasons to refuse it, or "duplicates" of an earlier line of the file."""
    seen: set[str] = set()
    for number, values in cells:
        given = {name: " ".join(value.replace("\x00", "").split()) for name, value in values.items()}
        if refusals := [refusal for refusal in _wrong(given) if refusal]:
            yield Line(number, refusals=refusals)
            continue
        row = _row(given)
        known = {f"k{row['key']}", *([f"u{row['uscc']}"] if row["uscc"] else [])}
        if known & seen:
            yield Line(number, outcome="duplicates")
        else:
            yield Line(number, row={"line": number, **row})
        seen |= known


def _wrong(given: dict[str, str]) -> Iterator[Refusal | None]:
    if not (given["name"] or given["name_zh"] or given["name_en"]):
        yield _refuse("name", "", gettext("Give the name in Chinese or in English."))
    for name, longest in LONGEST.items():
        if name != "uscc" and len(given[name]) > longest:
            yield _refuse(name, given[name], gettext("This is longer than %(n)s characters.", n=longest))
    if given["uscc"] and not uscc.is_valid(given["uscc"]):
        message = gettext("This is not a valid unified social credit code: 18 characters, the last of which checks the others.")
        yield _refuse("uscc", given["uscc"], message)
    if given["country"] and normal.country_code(given["country"]) is None:
        yield _refuse("country", given["country"], gettext("“%(value)s” is not a country or region.", value=given["country"][:60]))
    if given["website"] and not given["website"].startswith(("http://", "https://")):
        yield _refuse("website", given["website"], gettext("A link starts with https://."))
    if given["contact_email"] and not EMAIL.fullmatch(given["contact_email"]):
        yield _refuse("contact_email", given["contact_email"], gettext("This is not an e-mail address, like name@company.cn."))
    yield from (_wrong_number(name, given[name]) for name in RANGES)
    for name in ("categories", "processes"):
        if len(split_names(given[name])) > MOST_CATEGORIES or any(len(part) > 60 for part in split_names(given[name])):
            yield _refuse(name, given[name], gettext("At most %(n)s categories of at most 60 characters.", n=MOST_CATEGORIES))


def _wrong_number(name: str, value: str) -> Refusal | None:
    least, most = RANGES[name]
    if not value or ((found := _whole(value)) is not None and least <= found <= most):
        return None
    return _refuse(
        name, value, gettext("“%(value)s” is not a whole number from %(least)s to %(most)s.", value=value[:40], least=least, most=most)
    )


def _refuse(name: str, value: str, message: str) -> Refusal:
    return Refusal(str(LABELS[name]), value[:500], message)


def _whole(value: str) -> int | None:
    digits = value.replace(",", "").replace("，", "").removesuffix("%").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits[:12]) <= MOST and len(digits) < 12 else None


def _row(given: dict[str, str]) -> dict[str, Any]:
    """The parts of a profile: a name without a language is Chinese when it holds a Chinese character."""
    row: dict[str, Any] = {name: given[name] for name in TEXTS}
    if given["name"]:
        language = "name_zh" if normal.HAN.search(given["name"]) else "name_en"
        row[language] = row[language] or given["name"]
    row |= {name: _whole(given[name]) if given[name] else None for name in RANGES}
    row["uscc"] = uscc.cleaned(given["uscc"]) if given["uscc"] else ""
    row["country"] = normal.country_code(given["country"]) if given["country"] else "CN"
    row["categories"] = split_names(given["categories"])
    row["processes"] = split_names(given["processes"])
    row["contact"] = [
        given["contact_name"] or given["contact_email"] or given["contact_phone"],
        given["contact_phone"],
        given["contact_email"],
    ]
    row["key"] = normal.record_key(row["name_zh"] or row["name_en"], row["country"], row["address"])
    return row
