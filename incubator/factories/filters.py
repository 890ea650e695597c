"""What the directory is narrowed to and sorted by, read from the address. Whatever is not understood is ignored, never run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_

from incubator.factories.evidence_models import CERTIFICATE_KINDS, TIERS, Certificate
from incubator.factories.models import FACTORY_STATES, Capability, Factory, FactoryCategory
from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.products.filters import contains

LONGEST_TEXT = 80
LARGEST = 10**12
SORTS = {"updated": (Factory.updated_at, "updated_at"), "name": (Factory.name, "name"), "since": (Factory.state_since, "state_since")}
DEFAULT_SORT = "-updated"
WORDS = ("category", "process", "material", "q")
NUMBERS = ("cluster", "capacity", "moq")


@dataclass(frozen=True)
class Filters:
    """The criteria of one page; an empty one narrows nothing. `capacity` is a month's at least, `moq` at most, both of one and the same capability."""

    q: str = ""
    state: str = ""
    cluster: int = 0
    category: str = ""
    process: str = ""
    material: str = ""
    capacity: int = 0
    moq: int = 0
    certificate: str = ""
    tier: str = ""
    sort: str = DEFAULT_SORT

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Filters":
        """From request arguments."""
        text = {name: " ".join(str(args.get(name) or "").replace("\x00", "").split())[:LONGEST_TEXT] for name in (*WORDS, "sort")}
        number = {name: _whole(args.get(name)) for name in NUMBERS}
        return cls(
            q=text["q"], category=text["category"], process=text["process"], material=text["material"],
            cluster=number["cluster"], capacity=number["capacity"], moq=number["moq"],
            state=_known(args.get("state"), FACTORY_STATES),
            certificate=_known(args.get("certificate"), CERTIFICATE_KINDS),
            tier=_known(args.get("tier"), TIERS),
            sort=text["sort"] if text["sort"].removeprefix("-") in SORTS else DEFAULT_SORT,
        )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What narrows or sorts, for addresses."""
        return {k: v for k, v in vars(self).items() if v and not (k == "sort" and v == DEFAULT_SORT)}

    def narrowing(self) -> dict[str, Any]:
        return {k: v for k, v in self.given().items() if k != "sort"}

    def without(self, name: str) -> dict[str, Any]:
        return {k: v for k, v in self.given().items() if k != name}

    def sorted_by(self, key: str) -> dict[str, Any]:
        """The address of the same list in the order of `key`, or in the other direction when it is so already."""
        return replace(self, sort=f"-{key}" if self.sort == key else key).given() | {"sort": f"-{key}" if self.sort == key else key}

    @property
    def order(self) -> paging.Order:
        column, attribute = SORTS[self.sort.removeprefix("-")]
        return paging.Order(column, attribute, descending=self.sort.startswith("-"))


def _known(value: Any, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


def _whole(value: Any) -> int:
    text = str(value or "").replace(",", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 and int(text) < LARGEST else 0


def narrow(query: Select[Any], filters: Filters, actor: Actor, today: date) -> Select[Any]:
    """`query` over Factory with the criteria of `filters`; pointers to a merged one are in no list."""
    query = query.where(Factory.merged_into_id.is_(None))
    for name, column in (("state", Factory.state), ("cluster", Factory.cluster_id)):
        if value := getattr(filters, name):
            query = query.where(column == value)
    if filters.tier:
        query = query.where(Factory.tier == filters.tier, Factory.tier_until >= today)
    if filters.category:
        query = query.where(Factory.id.in_(in_category(filters.category, actor)))
    if filters.certificate:
        query = query.where(Factory.id.in_(certified(filters.certificate, actor, today)))
    for part in _capable(filters, actor):
        query = query.where(Factory.id.in_(part))
    return query.where(matches(filters.q)) if filters.q else query


def in_category(name: str, actor: Actor) -> Select[Any]:
    return access.select_visible(FactoryCategory, actor, FactoryCategory.factory_id).where(FactoryCategory.name == name)


def certified(kind: str, actor: Actor, today: date) -> Select[Any]:
    """Ids of the factories with a certificate of `kind` that counts on `today`."""
    began = or_(Certificate.valid_from.is_(None), Certificate.valid_from <= today)
    return access.select_visible(Certificate, actor, Certificate.factory_id).where(
        Certificate.kind == kind, Certificate.state == "valid", Certificate.expires_on >= today, began
    )


def _capable(filters: Filters, actor: Actor) -> list[Select[Any]]:
    """One condition for the process with its quantities, one for the material."""
    found = []
    if filters.process or filters.capacity or filters.moq:
        found.append(capable(actor, filters.process, filters.capacity, filters.moq))
    if filters.material:
        found.append(capable(actor, filters.material, kinds=("material",)))
    return found


def capable(actor: Actor, text: str = "", capacity: int = 0, moq: int = 0, kinds: tuple[str, ...] = ("process", "line")) -> Select[Any]:
    """Ids of the factories with a capability that is named like `text`, yields `capacity` a month and starts at `moq` or less."""
    query = access.select_visible(Capability, actor, Capability.factory_id).where(Capability.kind.in_(kinds))
    if text:
        query = query.where(or_(contains(Capability.name_zh, text), contains(Capability.name_en, text)))
    if capacity:
        query = query.where(Capability.monthly_capacity >= capacity)
    return query.where(Capability.moq <= moq) if moq else query


def matches(text: str) -> Any:
    """SQL: every word stands in a name, the code, the place or the address, in either language."""
    columns = (Factory.name_zh, Factory.name_en, Factory.short_name, Factory.uscc, Factory.province, Factory.city, Factory.address)
    return and_(*(or_(*(contains(column, word) for column in columns)) for word in text.split()[:6]))
