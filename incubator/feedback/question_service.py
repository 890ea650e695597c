"""Questions of a factory about a SKU of a pack: asked and answered in the remarks of the section, counted here. A question has one answer."""

from datetime import datetime

from incubator.feedback import telling
from incubator.feedback.models import PackSection
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, audit, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.products import comments
from incubator.products.models import Comment


def ask(section: PackSection, words: str, actor: Actor, now: datetime) -> None:
    """Put a question to the brand; a second one while the first is open adds to it."""
    access.require("feedback.ask", actor, section)
    comments.add(section.product, section, words, None, actor, now)


def reply(section: PackSection, words: str, actor: Actor, now: datetime) -> None:
    """The brand's answer, read by the pack's factory."""
    comments.add(section.product, section, words, section.pack.factory_id, actor, now)


def hear(section: PackSection, comment: Comment, actor: Actor, now: datetime) -> None:
    """What a remark on a section means: of the factory a question, of the brand to the factory the answer to those that are open."""
    pack = section.pack
    if actor.role == "factory" and actor.organisation_id == pack.factory_id:
        _open(section, comment, actor, now)
    elif comment.audience_id == pack.factory_id:
        for question in _open_ones(section):
            workflow.fire(question, "answer", actor, now=now, code=section.code)
        telling.of_question(section, "replied", now)


def _open(section: PackSection, comment: Comment, actor: Actor, now: datetime) -> None:
    if not _open_ones(section):
        question = FeedbackQuestion(
            section_id=section.id, pack_id=section.pack_id, product_id=section.product_id, brand_id=section.pack.brand_id,
            factory_id=section.pack.factory_id, comment_id=comment.id, state="open", state_since=now, asked_at=now, asked_by_id=actor.user_id,
        )  # fmt: skip
        db.session.add(question)
        db.session.flush()
        audit.record("feedback_question.ask", question, actor, now, code=section.code)
    telling.of_question(section, "asked", now)


def _open_ones(section: PackSection) -> list[FeedbackQuestion]:
    query = access.select_visible(FeedbackQuestion, SYSTEM).where(
        FeedbackQuestion.section_id == section.id, FeedbackQuestion.state == "open"
    )
    return list(db.session.scalars(query))


def settle(question: FeedbackQuestion, actor: Actor, now: datetime, expected: int | None = None) -> None:
    """It needs no answer any more."""
    workflow.fire(question, "settle", actor, now=now, expected=expected, code=question.section.code)
