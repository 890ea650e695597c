"""What people did, as sentences from the audit trail. A package adds its own with `register`; it shows nobody another party's acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel import access, acts, paging
from incubator.kernel.actor import Actor
from incubator.kernel.audit import AuditEntry
from incubator.products import words
from incubator.products.models import Product

PHRASES: dict[str, Any] = {
    "product.create": _l("created the product"),
    "product.edit": _l("changed %(fields)s"),
    "product.join": _l("asked %(organisation)s to take part"),
    "product.leave": _l("ended the part of %(organisation)s"),
    "product.squad_join": _l("put %(person)s into the squad"),
    "product.squad_leave": _l("took %(person)s out of the squad"),
    "product.stop": _l("stopped the product"),
    "comment.add": _l("wrote a comment"),
    "file.add": _l("added the file %(file)s"),
    "file.remove": _l("removed the file %(file)s"),
    "programme.create": _l("created the programme %(name)s"),
    "programme.edit": _l("changed the programme %(name)s"),
    "programme.close": _l("closed the programme %(name)s"),
    "programme.reopen": _l("reopened the programme %(name)s"),
}
FIELDS: dict[str, Any] = {
    "name": _l("the name"), "code": _l("the code"), "type": _l("the type"), "category": _l("the category"),
    "programme_id": _l("the programme"), "owner_id": _l("the owner"), "launch_on": _l("the launch date"),
}  # fmt: skip
COLUMNS = (
    AuditEntry.id, AuditEntry.at, AuditEntry.event, AuditEntry.actor_name, AuditEntry.actor_user_id, AuditEntry.data, AuditEntry.note, AuditEntry.product_id,
)  # fmt: skip


acts.register(PHRASES, FIELDS)
register = acts.register


@dataclass(frozen=True)
class Line:
    """One act in words, of somebody, at a moment."""

    who: str
    text: str
    at: datetime
    note: str | None
    product_id: int | None
    product_name: str | None = None


def of_product(product: Product, actor: Actor, cursor: str | None) -> paging.Page:
    """One page of the acts on a product that the actor may read, latest first."""
    query = access.select_visible(AuditEntry, actor, *COLUMNS).where(AuditEntry.product_id == product.id)
    page = paging.fetch(query, AuditEntry.id, paging.Order(AuditEntry.id, "id", descending=True), cursor)
    return paging.Page([line(row) for row in page.rows], page.next, page.previous, page.total)


def line(row: Any, product_name: str | None = None) -> Line:
    """An audit row as a sentence in the present language. Data are shown as typed."""
    return Line(
        row.actor_name or str(_l("The system")), _sentence(row.event, row.data or {}), row.at, row.note, row.product_id, product_name
    )


def _sentence(event: str, data: dict[str, Any]) -> str:
    target = data.get("after")
    if event not in PHRASES and event.startswith("product.") and isinstance(target, str) and target in words.STAGE:
        return str(_l("moved the product to “%(stage)s”", stage=words.STAGE[target]))
    return acts.tell(event, data) or str(_l("did “%(act)s”", act=event))
