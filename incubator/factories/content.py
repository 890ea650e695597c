"""What a profile says, as JSON: the fields, categories, capabilities and contacts of a factory, and the readable difference of two profiles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.factories import words
from incubator.factories.models import Capability, Factory, FactoryCategory, FactoryContact
from incubator.kernel.i18n import listed

LABELS: dict[str, Any] = {
    "name_zh": _l("Chinese name"),
    "name_en": _l("English name"),
    "short_name": _l("Short name"),
    "uscc": _l("Unified social credit code"),
    "registration_number": _l("Company registration number"),
    "country": _l("Country or region"),
    "province": _l("Province"),
    "city": _l("City"),
    "address": _l("Postal address"),
    "cluster_id": _l("Industrial cluster"),
    "founded_year": _l("Founded in"),
    "staff_count": _l("Staff"),
    "floor_area": _l("Floor area, m²"),
    "export_share": _l("Share exported, %"),
    "website": _l("Website"),
    "introduction": _l("Introduction"),
}
FIELDS = tuple(LABELS)
NUMBERS = ("cluster_id", "founded_year", "staff_count", "floor_area", "export_share")
CAPABILITY_FIELDS = ("kind", "name_zh", "name_en", "monthly_capacity", "unit", "moq", "lead_days", "note")
CAPABILITY_NUMBERS = ("monthly_capacity", "moq", "lead_days")
CONTACT_FIELDS = ("name", "title", "phone", "email", "wechat")
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One line of a difference; the values are words, ready to be shown."""

    label: Any
    before: str
    after: str


def snapshot(factory: Factory) -> Snapshot:
    """What the published profile says now."""
    return {
        **{name: getattr(factory, name) for name in FIELDS},
        "categories": [category.name for category in factory.categories],
        "capabilities": snapshot_of_capabilities(factory),
        "contacts": [{name: getattr(row, name) for name in CONTACT_FIELDS} for row in factory.contacts],
    }


def snapshot_of_capabilities(factory: Factory) -> list[dict[str, Any]]:
    """What the factory can make; public to whoever sees the factory."""
    return [{name: getattr(row, name) for name in CAPABILITY_FIELDS} for row in factory.capabilities]


def apply(factory: Factory, content: Snapshot) -> None:
    """Publish `content`; parts that it lacks stay."""
    for name in FIELDS:
        if name in content:
            setattr(factory, name, content[name])
    if "categories" in content:
        kept = {category.name: category for category in factory.categories}
        factory.categories[:] = [kept.get(name) or FactoryCategory(name=name) for name in content["categories"]]
    if "capabilities" in content:
        factory.capabilities[:] = [Capability(position=n, **row) for n, row in enumerate(content["capabilities"])]
    if "contacts" in content:
        factory.contacts[:] = [FactoryContact(position=n, **row) for n, row in enumerate(content["contacts"])]


def changed_parts(before: Snapshot, after: Snapshot) -> Snapshot:
    """What of `after` is not as it was."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def difference(before: Snapshot, after: Snapshot, cluster: Callable[[int], str]) -> list[Change]:
    """The lines that differ, in the order of the form. `cluster` names an industrial cluster by its id."""
    found = []
    for name, label in LABELS.items():
        if name in after and before.get(name) != after[name]:
            found.append(Change(label, _text(name, before.get(name), cluster), _text(name, after[name], cluster)))
    if "categories" in after and before.get("categories") != after["categories"]:
        found.append(Change(_l("Categories"), listed(before.get("categories") or ()), listed(after["categories"])))
    found += _rows(before, after, "capabilities", _l("Capability"), capability_text)
    return found + _rows(before, after, "contacts", _l("Contact"), contact_text)


def _text(name: str, value: Any, cluster: Callable[[int], str]) -> str:
    if value is None or value == "":
        return ""
    return cluster(value) if name == "cluster_id" else str(value)


def _rows(before: Snapshot, after: Snapshot, part: str, label: Any, text: Callable[[dict[str, Any]], str]) -> list[Change]:
    """Rows that went and rows that came; two that share their name stand in one line."""
    if part not in after:
        return []
    old, new = list(before.get(part) or ()), list(after[part])
    gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
    lines = []
    for row in gone:
        twin = next((other for other in come if _same_name(row, other)), None)
        if twin is not None:
            come.remove(twin)
        lines.append(Change(label, text(row), text(twin) if twin else ""))
    return lines + [Change(label, "", text(row)) for row in come]


def _same_name(row: dict[str, Any], other: dict[str, Any]) -> bool:
    names = ("kind", "name_zh", "name_en") if "kind" in row else ("name",)
    return all(row.get(name) == other.get(name) for name in names)


def capability_text(row: dict[str, Any]) -> str:
    """A capability in one line."""
    parts = [f"{words.CAPABILITIES[row['kind']]}: {row['name_zh'] or row['name_en']}"]
    if row["monthly_capacity"] is not None:
        parts.append(str(_l("%(n)s %(unit)s a month", n=row["monthly_capacity"], unit=words.UNITS[row["unit"]])))
    if row["moq"] is not None:
        parts.append(str(_l("MOQ %(n)s", n=row["moq"])))
    if row["lead_days"] is not None:
        parts.append(str(_l("%(n)s days", n=row["lead_days"])))
    return listed([*parts, *([row["note"]] if row["note"] else [])])


def contact_text(row: dict[str, Any]) -> str:
    """A contact in one line."""
    return listed(row[name] for name in CONTACT_FIELDS if row[name])
