"""What a complaint may be about: a product, a factory, and whatever later packages register. It refuses what the actor does not see."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from incubator.accounts.models import Organisation
from incubator.kernel import access
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.errors import NotFound
from incubator.products.models import Product


class Subject(NamedTuple):
    """A record: its registered kind, its id, its name, and the product that it belongs to."""

    kind: str
    id: int | None
    name: str
    product_id: int | None


class Registered(NamedTuple):
    model: Any
    label: Any
    name: Callable[[Any], str]
    product_id: Callable[[Any], int | None]
    page: Callable[[int], str]
    told: Collection[str]


NOTHING = Subject("", None, "", None)
_kinds: dict[str, Registered] = {}


def register(
    kind: str,
    label: Any,
    model: Any,
    *,
    name: Callable[[Any], str],
    page: Callable[[int], str],
    product_id: Callable[[Any], int | None] = lambda record: record.product_id,
    told: Collection[str] = ORGANISATION_KINDS,
) -> None:
    """Let complaints be about records of `model`; `page(id)` is the path of one.

    Beside the brand, only roles in `told` are told the name, and of them only who sees the record.
    """
    _kinds[kind] = Registered(model, label, name, product_id, page, told)


def find(kind: str, record_id: int, actor: Actor) -> Subject:
    """The record as a subject; NotFound when there is none that the actor sees."""
    if kind not in _kinds:
        raise NotFound()
    known = _kinds[kind]
    record = access.get_visible(known.model, record_id, actor)
    return Subject(kind, record.id, known.name(record), known.product_id(record))


def parse(text: str, actor: Actor) -> Subject | None:
    """From "product:12"; None for a blank."""
    kind, _, number = text.partition(":")
    if not text:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound()
    return find(kind, int(number), actor)


def told_to(role: str) -> list[tuple[str, Any]]:
    """(kind, model) of the records whose name a party of this role may be told."""
    return [(kind, known.model) for kind, known in _kinds.items() if role in known.told]


def label(kind: str) -> Any:
    return _kinds[kind].label if kind in _kinds else kind


def page(kind: str, record_id: int | None) -> str | None:
    return _kinds[kind].page(record_id) if kind in _kinds and record_id is not None else None


register("product", _l("Product"), Product, name=lambda p: p.name, page=lambda i: f"/products/{i}", product_id=lambda p: p.id)
register("organisation", _l("Partner"), Organisation, name=lambda o: o.label, page=lambda i: "/wall", product_id=lambda o: None)
