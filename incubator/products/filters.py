"""What a list of products is narrowed to and sorted by, read from the address. Whatever is not understood is ignored, never run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select

from incubator.kernel import access, paging
from incubator.kernel.actor import Actor
from incubator.kernel.db import is_sqlite
from incubator.products.models import PRODUCT_TYPES, RISKS, STAGES, Participant, Product

LARGEST_ID = 2**62
LONGEST_TEXT = 80
ESCAPE = "\\"
SORTS = {
    "updated": (Product.updated_at, "updated_at"),
    "name": (Product.name, "name"),
    "code": (Product.code, "code"),
    "since": (Product.state_since, "state_since"),
    "launch": (Product.launch_key, "launch_key"),
    "due": (Product.due_key, "due_key"),
}
DEFAULT_SORT = "-updated"


@dataclass(frozen=True)
class Filters:
    """The criteria of one page; an empty one narrows nothing."""

    stage: str = ""
    programme: int = 0
    type: str = ""
    owner: int = 0
    risk: str = ""
    category: str = ""
    participant: int = 0
    q: str = ""
    sort: str = DEFAULT_SORT

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Filters":
        """From request arguments or a saved view."""
        given = {name: str(args.get(name) or "").replace("\x00", "").strip() for name in ("stage", "type", "risk", "category", "q", "sort")}
        return cls(
            stage=_known(given["stage"], STAGES),
            type=_known(given["type"], PRODUCT_TYPES),
            risk=_known(given["risk"], RISKS),
            category=given["category"][:LONGEST_TEXT],
            q=given["q"][:LONGEST_TEXT],
            sort=given["sort"] if given["sort"].removeprefix("-") in SORTS else DEFAULT_SORT,
            programme=_id(args.get("programme")),
            owner=_id(args.get("owner")),
            participant=_id(args.get("participant")),
        )

    def given(self) -> dict[str, Any]:
        """What narrows or sorts, for addresses and saved views."""
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


def _known(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


def _id(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) < LARGEST_ID else 0


def narrow(query: Select[Any], filters: Filters, actor: Actor) -> Select[Any]:
    """`query` over Product with the criteria of `filters`."""
    for name, column in (
        ("stage", Product.state), ("programme", Product.programme_id), ("type", Product.type),
        ("owner", Product.owner_id), ("risk", Product.risk), ("category", Product.category),
    ):  # fmt: skip
        if value := getattr(filters, name):
            query = query.where(column == value)
    if filters.participant:
        joined = access.select_visible(Participant, actor, Participant.product_id)
        query = query.where(Product.id.in_(joined.where(Participant.organisation_id == filters.participant, Participant.left_at.is_(None))))
    return query.where(matches(filters.q)) if filters.q else query


def matches(text: str) -> Any:
    """SQL: the name or the code contains `text`."""
    return contains(Product.name, text) | contains(Product.code, text)


def contains(column: Any, text: str) -> Any:
    """SQL: `column` contains `text`, whatever its case; % and _ mean themselves."""
    pattern = f"%{escaped(text)}%"
    # LIKE on SQLite ignores the case of ASCII by itself, and lower() would double the cost.
    return column.like(pattern, escape=ESCAPE) if is_sqlite() else column.ilike(pattern, escape=ESCAPE)


def escaped(text: str) -> str:
    return text.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")
