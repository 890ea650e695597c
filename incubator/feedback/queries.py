"""Reads of packs, sections and promises for pages, always scoped; a page asks a fixed number of questions."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.accounts.models import Organisation
from incubator.feedback.models import WAITING, FeedbackAction, FeedbackAnswer, FeedbackEffect, FeedbackPack, PackSection
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.products.filters import contains
from incubator.products.models import Comment, Product

ORDER = paging.Order(FeedbackPack.week, "week", descending=True)
ACTION_ORDER = paging.Order(FeedbackAction.due_on, "due_on")
COUNTED = 100


class Waiting(NamedTuple):
    """A pack or a promise that waits for the actor's organisation."""

    title: str
    url: str
    hint: str
    due: date | None
    state: str


def _other(actor: Actor, model: Any) -> Any:
    return model.brand_id if actor.role == "factory" else model.factory_id


def _label() -> Any:
    return func.coalesce(func.nullif(Organisation.short_name, ""), Organisation.name)


def _number_of_sections() -> Any:
    own = access.select_visible(PackSection, SYSTEM, func.count(PackSection.id))
    own = own.where(PackSection.pack_id == FeedbackPack.id, PackSection.revision == FeedbackPack.revision)
    return own.correlate(FeedbackPack).scalar_subquery().label("skus")


def _number_of_promises(actor: Actor) -> Any:
    query = access.select_visible(FeedbackAction, actor, func.count(FeedbackAction.id))
    query = query.where(FeedbackAction.pack_id == FeedbackPack.id, FeedbackAction.state == "promised")
    return query.correlate(FeedbackPack).scalar_subquery().label("promises")


def _number_of_questions(actor: Actor) -> Any:
    query = access.select_visible(FeedbackQuestion, actor, func.count(FeedbackQuestion.id))
    query = query.where(FeedbackQuestion.pack_id == FeedbackPack.id, FeedbackQuestion.state == "open")
    return query.correlate(FeedbackPack).scalar_subquery().label("questions")


def listing(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of packs, the latest week first. `filters` may hold state ("waiting", "asked" or one), week, since and factory_id."""
    columns = (
        FeedbackPack.id, FeedbackPack.week, FeedbackPack.state, FeedbackPack.due_on, FeedbackPack.sent_at, FeedbackPack.read_at,
        FeedbackPack.acknowledged_at, FeedbackPack.language, FeedbackPack.factory_id, Organisation.name.label("other"),
        _label().label("other_short"), _number_of_sections(), _number_of_promises(actor), _number_of_questions(actor),
    )  # fmt: skip
    rows = access.select_visible(FeedbackPack, actor, *columns).join(Organisation, Organisation.id == _other(actor, FeedbackPack))
    count = access.select_visible(FeedbackPack, actor, FeedbackPack.id)
    return paging.fetch(_filtered(rows, filters), FeedbackPack.id, ORDER, cursor, size, _filtered(count, filters))


def _filtered(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    if state := filters.get("state"):
        asked = access.select_visible(FeedbackQuestion, SYSTEM, FeedbackQuestion.pack_id).where(FeedbackQuestion.state == "open")
        sets = {"waiting": FeedbackPack.state.in_(WAITING), "asked": FeedbackPack.id.in_(asked)}
        query = query.where(sets.get(state, FeedbackPack.state == state))
    if filters.get("week"):
        query = query.where(FeedbackPack.week == filters["week"])
    if filters.get("since"):
        query = query.where(FeedbackPack.week >= filters["since"])
    return query.where(FeedbackPack.factory_id == filters["factory_id"]) if filters.get("factory_id") else query


def factories(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the factories that have packs, for the brand's filter."""
    if actor.role != "brand":
        return []
    ids = access.select_visible(FeedbackPack, actor, FeedbackPack.factory_id).distinct()
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return [(i, name) for i, name in db.session.execute(query.order_by(Organisation.name))]


def weeks(actor: Actor) -> list[date]:
    """The weeks that have packs, the latest first."""
    query = access.select_visible(FeedbackPack, actor, FeedbackPack.week).distinct().order_by(FeedbackPack.week.desc())
    return list(db.session.scalars(query.limit(52)))


def whole(pack_id: int, actor: Actor) -> FeedbackPack:
    """A pack with its sections; answers, promises and photos are asked for on their own, as the actor may read them."""
    people = (joinedload(FeedbackPack.read_by), joinedload(FeedbackPack.acknowledged_by))
    sides = (joinedload(FeedbackPack.brand), joinedload(FeedbackPack.factory))
    pack: FeedbackPack = access.get_visible(FeedbackPack, pack_id, actor, *people, *sides, selectinload(FeedbackPack.sections))
    return pack


def section(section_id: int, actor: Actor) -> PackSection:
    pack = joinedload(PackSection.pack)
    found: PackSection = access.get_visible(
        PackSection, section_id, actor, pack.joinedload(FeedbackPack.brand), pack.joinedload(FeedbackPack.factory)
    )
    return found


def answers(pack: FeedbackPack, actor: Actor) -> dict[int, FeedbackAnswer]:
    """section id → answer that the actor may read."""
    query = access.select_visible(FeedbackAnswer, actor).where(FeedbackAnswer.pack_id == pack.id)
    return {answer.section_id: answer for answer in db.session.scalars(query)}


def actions_of(pack: FeedbackPack, actor: Actor) -> dict[int, FeedbackAction]:
    """section id → promise with its effect."""
    query = access.select_visible(FeedbackAction, actor).where(FeedbackAction.pack_id == pack.id)
    return {action.section_id: action for action in db.session.scalars(query.options(joinedload(FeedbackAction.effect)))}


def photos(subject: str, ids: list[int], actor: Actor) -> dict[int, list[StoredFile]]:
    """Pictures by the id of their section or promise."""
    query = access.select_visible(StoredFile, actor).where(StoredFile.subject_type == subject, StoredFile.subject_id.in_(ids))
    found: dict[int, list[StoredFile]] = {}
    for file in db.session.scalars(query.order_by(StoredFile.id)):
        found.setdefault(int(file.subject_id or 0), []).append(file)
    return found


def remarks(ids: list[int], actor: Actor) -> dict[int, int]:
    """section id → how many remarks the actor may read."""
    query = access.select_visible(Comment, actor, Comment.subject_id, func.count(Comment.id))
    query = query.where(Comment.subject_type == "feedback_section", Comment.subject_id.in_(ids)).group_by(Comment.subject_id)
    return {section_id: number for section_id, number in db.session.execute(query)}


def joined(product_ids: list[int], actor: Actor) -> set[int]:
    """Those of these products that the actor sees: on the others nobody of it writes remarks any more."""
    return set(db.session.scalars(access.select_visible(Product, actor, Product.id).where(Product.id.in_(product_ids))))


ACTION_COLUMNS = (
    FeedbackAction.id, FeedbackAction.kind, FeedbackAction.state, FeedbackAction.quantity, FeedbackAction.due_on, FeedbackAction.what,
    FeedbackAction.lot, FeedbackAction.note, FeedbackAction.done_on, FeedbackAction.closing_note, FeedbackAction.pack_id,
    FeedbackAction.sku_id, FeedbackPack.week, PackSection.code, PackSection.name_zh, PackSection.name_en, PackSection.variant,
    FeedbackEffect.verdict, FeedbackEffect.rate_before, FeedbackEffect.rate_after, FeedbackEffect.change,
)  # fmt: skip


def _actions(actor: Actor, *columns: Any) -> Select[Any]:
    query = access.select_visible(FeedbackAction, actor, *columns).join(FeedbackPack, FeedbackPack.id == FeedbackAction.pack_id)
    query = query.join(PackSection, PackSection.id == FeedbackAction.section_id)
    return query.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)


def actions(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of promises, the first due first. `filters` may hold state, kind, factory_id and q (code or name)."""
    rows = _actions(actor, *ACTION_COLUMNS, _label().label("other")).join(Organisation, Organisation.id == _other(actor, FeedbackAction))
    count = _actions(actor, FeedbackAction.id)
    return paging.fetch(_chosen(rows, filters), FeedbackAction.id, ACTION_ORDER, cursor, size, _chosen(count, filters))


def _chosen(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    for name in ("state", "kind", "factory_id"):
        if filters.get(name):
            query = query.where(getattr(FeedbackAction, name) == filters[name])
    if filters.get("since"):
        query = query.where(FeedbackAction.due_on >= filters["since"])
    if text := filters.get("q"):
        query = query.where(contains(PackSection.code, text) | contains(PackSection.name_zh, text) | contains(PackSection.name_en, text))
    return query


def action(action_id: int, actor: Actor) -> FeedbackAction:
    """A promise with its pack, section and effect."""
    pack = joinedload(FeedbackAction.pack)
    found: FeedbackAction = access.get_visible(
        FeedbackAction, action_id, actor, pack.joinedload(FeedbackPack.factory), pack.joinedload(FeedbackPack.brand),
        joinedload(FeedbackAction.section), joinedload(FeedbackAction.effect),
    )  # fmt: skip
    return found


TOLD = (
    PackSection.id, PackSection.sku_id, PackSection.code, PackSection.name_zh, PackSection.name_en, PackSection.variant, PackSection.grade,
    PackSection.units, PackSection.returned, PackSection.rate, FeedbackPack.id.label("pack_id"), FeedbackPack.week, FeedbackPack.state,
    FeedbackAction.id.label("action_id"), FeedbackAction.kind, FeedbackAction.state.label("action_state"), FeedbackAction.due_on, FeedbackEffect.verdict,
)  # fmt: skip


def _told(actor: Actor, *columns: Any) -> Select[Any]:
    """What packs told of SKUs, with what was promised and what came of it."""
    query = access.select_visible(PackSection, actor, *columns).join(FeedbackPack, FeedbackPack.id == PackSection.pack_id)
    query = query.outerjoin(FeedbackAction, FeedbackAction.section_id == PackSection.id)
    return query.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)


def of_sku(sku_id: int, actor: Actor, limit: int = 8) -> list[Any]:
    """The latest packs that told of a SKU, with grade, units and what was promised, for its page."""
    query = _told(actor, *TOLD).where(PackSection.sku_id == sku_id)
    return list(db.session.execute(query.order_by(FeedbackPack.week.desc(), PackSection.id.desc()).limit(limit)))


def of_product(product: Product, actor: Actor, cursor: str | None, size: int = 20) -> paging.Page:
    """The same of all SKUs of a product, the latest week first."""
    of_it = PackSection.product_id == product.id
    return paging.fetch(_told(actor, *TOLD).where(of_it), PackSection.id, ORDER, cursor, size, _told(actor, PackSection.id).where(of_it))


@lru_cache(maxsize=256)
def _waits(actor: Actor) -> Any:
    states = WAITING if actor.role == "factory" else ("overdue",)
    return access.select_visible(FeedbackPack, actor, FeedbackPack.id).where(FeedbackPack.state.in_(states))


def waiting_count(actor: Actor, _today: date) -> Any:
    """A scalar subquery: packs that the factory is to answer, or that the brand waits for in vain, up to a hundred."""
    return select(func.count()).select_from(_waits(actor).limit(COUNTED).subquery()).scalar_subquery()


def waiting_for(actor: Actor, _today: date, limit: int = 8) -> list[Waiting]:
    """The packs that a factory is to answer, and for the brand those that are overdue."""
    states = WAITING if actor.role == "factory" else ("overdue",)
    columns = (FeedbackPack.id, FeedbackPack.week, FeedbackPack.due_on, FeedbackPack.state, _label().label("other"), _number_of_sections())
    query = access.select_visible(FeedbackPack, actor, *columns).join(Organisation, Organisation.id == _other(actor, FeedbackPack))
    rows = db.session.execute(query.where(FeedbackPack.state.in_(states)).order_by(FeedbackPack.due_on, FeedbackPack.id).limit(limit))
    return [Waiting(row.week.isoformat(), f"/feedback/packs/{row.id}", row.other, row.due_on, row.state) for row in rows]


def promises_for(actor: Actor, _today: date, limit: int = 8) -> list[Waiting]:
    """What a factory has promised and not done, the first due first."""
    query = _actions(actor, FeedbackAction.id, FeedbackAction.kind, FeedbackAction.due_on, PackSection.code, PackSection.variant)
    rows = db.session.execute(
        query.where(FeedbackAction.state == "promised").order_by(FeedbackAction.due_on, FeedbackAction.id).limit(limit)
    )
    return [Waiting(row.code, f"/feedback/actions/{row.id}", row.variant, row.due_on, row.kind) for row in rows]
