"""Reads for the screens of a phone: one SKU of a pack, how far the answers are, and which SKU comes next. No other section is loaded."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackPack, PackSection
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

MOST_LISTED = 300


class Progress(NamedTuple):
    """How many SKUs there are, how many are answered, and the number (from 1) of the first that is not, after the present one if there is any."""

    total: int
    answered: int
    next: int | None


def head(pack_id: int, actor: Actor) -> FeedbackPack:
    """The pack without its sections."""
    sides = (joinedload(FeedbackPack.brand), joinedload(FeedbackPack.factory))
    pack: FeedbackPack = access.get_visible(FeedbackPack, pack_id, actor, *sides)
    return pack


def section_at(pack: FeedbackPack, number: int, actor: Actor) -> PackSection:
    """The SKU with this number, from 1; NotFound beyond the last."""
    query = access.select_visible(PackSection, actor).where(
        PackSection.pack_id == pack.id, PackSection.revision == pack.revision, PackSection.position == number - 1
    )
    query = query.options(joinedload(PackSection.pack), joinedload(PackSection.product))
    found: PackSection | None = db.session.scalar(query) if number < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def is_complete() -> ColumnElement[bool]:
    """SQL of `FeedbackAnswer.is_complete`."""
    a = FeedbackAnswer
    needs = or_(and_(a.choice == "reorder", a.quantity.is_not(None)), and_(a.choice == "fix", func.trim(a.what) != ""), a.choice == "stop")
    return or_(a.choice == "carry_on", and_(a.on.is_not(None), needs))


def progress(pack: FeedbackPack, actor: Actor, after: int = 0) -> Progress:
    """Where the answers stand; `after` is the number of the SKU just left."""
    done = access.select_visible(FeedbackAnswer, actor, FeedbackAnswer.section_id).where(FeedbackAnswer.pack_id == pack.id, is_complete())
    own = access.select_visible(PackSection, actor, func.count(PackSection.id), func.count(PackSection.id).filter(PackSection.id.in_(done)))
    open_ones = PackSection.id.not_in(done)
    own = own.add_columns(
        func.min(PackSection.position).filter(open_ones, PackSection.position >= after), func.min(PackSection.position).filter(open_ones)
    )
    own = own.where(PackSection.pack_id == pack.id, PackSection.revision == pack.revision)
    total, answered, later, first = db.session.execute(own).one()
    position = first if later is None else later
    return Progress(total, answered, None if position is None else position + 1)


def summary(pack: FeedbackPack, actor: Actor) -> list[Any]:
    """A line per SKU with its answer and promise, the first MOST_LISTED."""
    columns = (
        PackSection.id, PackSection.position, PackSection.code, PackSection.name_zh, PackSection.name_en, PackSection.variant, FeedbackAnswer.choice,
        FeedbackAnswer.quantity, FeedbackAnswer.on, FeedbackAnswer.what, FeedbackAnswer.lot, FeedbackAction.id.label("action_id"),
    )  # fmt: skip
    query = access.select_visible(PackSection, actor, *columns)
    answer = and_(FeedbackAnswer.section_id == PackSection.id, access.visible(FeedbackAnswer, actor))
    query = query.outerjoin(FeedbackAnswer, answer).outerjoin(FeedbackAction, FeedbackAction.section_id == PackSection.id)
    query = query.where(PackSection.pack_id == pack.id, PackSection.revision == pack.revision)
    return list(db.session.execute(query.order_by(PackSection.position).limit(MOST_LISTED)))


def answers_to(section_ids: list[int], actor: Actor) -> dict[int, FeedbackAnswer]:
    """section id → the answer that the actor may read, of some sections."""
    query = access.select_visible(FeedbackAnswer, actor).where(FeedbackAnswer.section_id.in_(section_ids))
    return {answer.section_id: answer for answer in db.session.scalars(query)}


def action_of(section: PackSection, actor: Actor) -> FeedbackAction | None:
    """The promise of one section with its effect."""
    query = access.select_visible(FeedbackAction, actor).where(FeedbackAction.section_id == section.id)
    return db.session.scalar(query.options(joinedload(FeedbackAction.effect)))


def questions_of(section: PackSection, actor: Actor) -> list[FeedbackQuestion]:
    """The questions about one SKU, the latest first."""
    query = access.select_visible(FeedbackQuestion, actor).where(FeedbackQuestion.section_id == section.id)
    return list(db.session.scalars(query.order_by(FeedbackQuestion.id.desc()).limit(20)))


def open_questions(actor: Actor, limit: int = 10) -> list[Any]:
    """Open questions of the actor's side, the oldest first: for a brand those that it is to answer, for a factory those that it waits with."""
    columns = (
        FeedbackQuestion.id, FeedbackQuestion.asked_at, FeedbackQuestion.section_id, FeedbackQuestion.pack_id, PackSection.code,
        PackSection.name_zh, PackSection.name_en, PackSection.variant, PackSection.position,
    )  # fmt: skip
    query = access.select_visible(FeedbackQuestion, actor, *columns).join(PackSection, PackSection.id == FeedbackQuestion.section_id)
    query = query.where(FeedbackQuestion.state == "open").order_by(FeedbackQuestion.asked_at, FeedbackQuestion.id)
    return list(db.session.execute(query.limit(limit)))


def open_count(actor: Actor) -> Any:
    """A scalar subquery: the brand's questions to answer, up to a hundred."""
    query = access.select_visible(FeedbackQuestion, actor, FeedbackQuestion.id).where(FeedbackQuestion.state == "open").limit(100)
    return select(func.count()).select_from(query.subquery()).scalar_subquery()
