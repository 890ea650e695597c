"""Who sees a feedback pack: its brand, and the factory that it is addressed to once it was sent. Nobody else, not even another maker of the SKU.

The factory's draft of an answer is its own until it acknowledges. Everything else hangs on the pack.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from incubator.factories.models import Factory
from incubator.factories.policies import in_care
from incubator.feedback.finding_models import EffectComparison, Finding, FindingRun
from incubator.feedback.models import WAITING, FeedbackAction, FeedbackAnswer, FeedbackEffect, FeedbackPack, PackSection
from incubator.feedback.playbook_models import Playbook, PlaybookUse
from incubator.feedback.question_models import FeedbackQuestion
from incubator.feedback.score_models import FactoryScore
from incubator.feedback.upload_models import PhotoUpload
from incubator.kernel import access, files
from incubator.kernel.access import within
from incubator.kernel.actor import Actor


def _packs(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return FeedbackPack.brand_id == actor.organisation_id
    if actor.role == "factory":
        return and_(FeedbackPack.factory_id == actor.organisation_id, FeedbackPack.state != "compiled")
    return false()


def _sections(actor: Actor) -> ColumnElement[bool]:
    """Of the revision that counts; an earlier one was compiled and never sent."""
    return within(PackSection.pack_id, select(FeedbackPack.id).where(_packs(actor), FeedbackPack.revision == PackSection.revision))


def _answers(actor: Actor) -> ColumnElement[bool]:
    packs = select(FeedbackPack.id).where(_packs(actor))
    if actor.role == "brand":
        packs = packs.where(FeedbackPack.acknowledged_at.is_not(None))
    return within(FeedbackAnswer.pack_id, packs)


def _actions(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "brand":
        return FeedbackAction.brand_id == actor.organisation_id
    return FeedbackAction.factory_id == actor.organisation_id if actor.role == "factory" else false()


def _brands_own(model: Any) -> Any:
    """What compares SKUs of several factories is the brand's alone."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return model.brand_id == actor.organisation_id if actor.role == "brand" else false()

    return criterion


def _of_a_side(model: Any, actor: Actor) -> ColumnElement[bool]:
    """Rows that belong to one brand and one factory, for those two."""
    if actor.role == "brand":
        return model.brand_id == actor.organisation_id
    return model.factory_id == actor.organisation_id if actor.role == "factory" else false()


def _playbooks(actor: Actor) -> ColumnElement[bool]:
    """What was published, for every brand and factory; a proposal only for the two whose it is."""
    if actor.role not in ("brand", "factory", "field_agent", "administrator"):
        return false()
    return or_(Playbook.state == "published", _of_a_side(Playbook, actor))


def _scores(actor: Actor) -> ColumnElement[bool]:
    """Who knows a factory beyond its public profile: itself, brands that see it, staff in charge."""
    if actor.role == "administrator":
        return true()
    if actor.role == "factory":
        return FactoryScore.factory_id == actor.organisation_id
    if actor.role == "brand":
        known = access.visible(Factory, actor)
    elif actor.role == "field_agent":
        known = Factory.id.in_(in_care(actor))
    else:
        return false()
    return FactoryScore.factory_id.in_(select(Factory.organisation_id).where(known, Factory.organisation_id.is_not(None)))


def _section_files(actor: Actor) -> Any:
    """Sections whose photos an actor sees: they belong to the answer."""
    sections = select(PackSection.id).where(_sections(actor))
    if actor.role == "brand":
        sections = sections.where(PackSection.pack_id.in_(select(FeedbackPack.id).where(FeedbackPack.acknowledged_at.is_not(None))))
    return sections


VISIBLE = {
    FeedbackPack: _packs,
    PackSection: _sections,
    FeedbackAnswer: _answers,
    FeedbackAction: _actions,
    FeedbackEffect: lambda actor: within(FeedbackEffect.action_id, select(FeedbackAction.id).where(_actions(actor))),
    **{model: _brands_own(model) for model in (Finding, FindingRun, EffectComparison)},
    FeedbackQuestion: lambda actor: _of_a_side(FeedbackQuestion, actor),
    Playbook: _playbooks,
    PlaybookUse: lambda actor: _of_a_side(PlaybookUse, actor),
    FactoryScore: _scores,
    PhotoUpload: lambda actor: PhotoUpload.factory_id == actor.organisation_id if actor.role == "factory" else false(),
}


def _may_compile(actor: Actor, pack: Any) -> bool:
    return actor.role == "brand" and (pack is None or pack.brand_id == actor.organisation_id)


def _may_answer(actor: Actor, pack: Any) -> bool:
    return actor.role == "factory" and pack.factory_id == actor.organisation_id and pack.state in WAITING


def _may_ask(actor: Actor, section: Any) -> bool:
    return actor.role == "factory" and section.pack.factory_id == actor.organisation_id


def _may_propose(actor: Actor, action: Any) -> bool:
    own = {"brand": action.brand_id, "factory": action.factory_id}
    return actor.organisation_id is not None and own.get(actor.role) == actor.organisation_id


def _may_edit_playbook(actor: Actor, playbook: Any) -> bool:
    return playbook.state == "proposed" and _may_propose(actor, playbook)


RULES = {
    "feedback.compile": _may_compile,
    "feedback.answer": _may_answer,
    "feedback.ask": _may_ask,
    "playbook.propose": _may_propose,
    "playbook.edit": _may_edit_playbook,
    "playbook.move": _may_propose,
}

files.register_subject("feedback_section", _section_files)
files.register_subject("feedback_action", lambda actor: select(FeedbackAction.id).where(_actions(actor)))
