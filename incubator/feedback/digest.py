"""The weekly digest: one mail per person and week, Monday at nine where they are, with how many things wait and where; and one message per webhook.

Nothing waits, no mail. It holds counts and links, and nothing of any pack.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import String as Text
from sqlalchemy import and_, cast, func, literal, or_

from incubator.accounts import notices, webhooks
from incubator.accounts.digest_models import DigestSetting
from incubator.accounts.models import Membership, Organisation, User
from incubator.feedback.models import WAITING, FeedbackAction, FeedbackEffect, FeedbackPack
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, mail
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from incubator.schedule.localday import moment_in

HOUR = 9
LATEST_WEEKDAY = 2  # a scheduler that was down on Monday makes up for it until Wednesday
WEEK = timedelta(days=7)
BATCH = 300
KINDS = ("brand", "factory")
notices.register(
    {"feedback.digest": _l("%(packs)s packs, %(promises)s promises, %(questions)s questions wait; %(effects)s effects were measured.")}
)
webhooks.register({"digest": webhooks.Event(_l("What waits this week (Mondays)"), KINDS, ("feedback.digest",))})


class Waits(NamedTuple):
    """How many things wait for an organisation: packs, promises due within a week, questions; and effects of the last week."""

    packs: int = 0
    promises: int = 0
    questions: int = 0
    effects: int = 0


class Reader(NamedTuple):
    """A person and one organisation that they act for."""

    user: User
    organisation: Organisation


def week_of(zone: str, now: datetime) -> date | None:
    """The Monday of the digest that is due in this time zone now; None when none is."""
    local = moment_in(zone, now)
    monday = local.date() - timedelta(days=local.weekday())
    begun = local.weekday() > 0 or local.hour >= HOUR
    return monday if begun and local.weekday() <= LATEST_WEEKDAY else None


def zones(now: datetime) -> dict[date, list[str]]:
    """Monday → the time zones of people where its digest is due."""
    found: dict[date, list[str]] = {}
    for zone in db.session.scalars(access.select_visible(User, SYSTEM, User.timezone).distinct()):
        if monday := week_of(zone, now):
            found.setdefault(monday, []).append(zone)
    return found


def readers(monday: date, those: Collection[str], after_id: int) -> list[Reader]:
    """Up to BATCH people beyond `after_id` who want this week's digest and have not got it, each with every organisation of theirs."""
    key = literal("digest:") + cast(User.id, Text) + literal(f":{monday.isoformat()}")
    got = access.select_visible(OutboxMail, SYSTEM, OutboxMail.id).where(OutboxMail.key == key).correlate(User).exists()
    wanted = or_(DigestSetting.frequency.is_(None), DigestSetting.frequency == "weekly")
    if monday.day <= WEEK.days:
        wanted = or_(wanted, DigestSetting.frequency == "monthly")
    people = access.select_visible(User, SYSTEM, User.id).outerjoin(DigestSetting, DigestSetting.user_id == User.id)
    people = people.where(User.timezone.in_(those), User.disabled_at.is_(None), User.id > after_id, wanted, ~got)
    people = people.where(_acts().correlate(User).exists()).order_by(User.id).limit(BATCH)
    query = access.select_visible(Membership, SYSTEM, User, Organisation).join(User, User.id == Membership.user_id)
    query = query.join(Organisation, Organisation.id == Membership.organisation_id).where(_live(), User.id.in_(people))
    return [Reader(*row) for row in db.session.execute(query.order_by(User.id, Membership.id))]


def _live() -> Any:
    return and_(Membership.ended_at.is_(None), Organisation.kind.in_(KINDS), Organisation.disabled_at.is_(None))


def _acts() -> Any:
    query = access.select_visible(Membership, SYSTEM, Membership.id).join(Organisation, Organisation.id == Membership.organisation_id)
    return query.where(_live(), Membership.user_id == User.id)


def waiting(organisations: Iterable[Organisation], monday: date, now: datetime) -> dict[int, Waits]:
    """Organisation id → what waits for it: four statements per kind of organisation, however many there are."""
    by_kind: dict[str, set[int]] = {kind: {o.id for o in organisations if o.kind == kind} for kind in KINDS}
    found: dict[int, Waits] = {}
    for kind, ids in by_kind.items():
        columns = [_count(model, kind, ids, *where) for model, where in _asked(kind, monday, now)]
        found |= {i: Waits(*(column.get(i, 0) for column in columns)) for i in ids}
    return found


def _asked(kind: str, monday: date, now: datetime) -> Any:
    """What is counted for a brand, and what for a factory."""
    open_promise, due = FeedbackAction.state == "promised", monday + WEEK if kind == "factory" else monday
    effects = access.select_visible(FeedbackEffect, SYSTEM, FeedbackEffect.action_id).where(FeedbackEffect.measured_at >= now - WEEK)
    states = WAITING if kind == "factory" else ("overdue",)
    return (
        (FeedbackPack, (FeedbackPack.state.in_(states),)),
        (FeedbackAction, (open_promise, FeedbackAction.due_on < due)),
        (FeedbackQuestion, (FeedbackQuestion.state == ("open" if kind == "brand" else ""),)),
        (FeedbackAction, (FeedbackAction.id.in_(effects),)),
    )


def _count(model: Any, kind: str, ids: Collection[int], *where: Any) -> dict[int, int]:
    side = model.brand_id if kind == "brand" else model.factory_id
    query = access.select_visible(model, SYSTEM, side, func.count(model.id)).where(side.in_(ids), *where).group_by(side)
    return {organisation_id: number for organisation_id, number in db.session.execute(query)} if ids else {}


def tell(user: User, theirs: list[tuple[Organisation, Waits]], monday: date, now: datetime) -> bool:
    """Queue one person's mail, and their organisations' webhooks; False when nothing waits or the mail was queued before."""
    theirs = [(organisation, waits) for organisation, waits in theirs if any(waits)]
    for organisation, waits in theirs:
        webhooks.queue(organisation.id, "feedback.digest", "/feedback", now, f"digest:{monday.isoformat()}", **waits._asdict())
    if not theirs:
        return False
    with force_locale(user.locale):
        body = "\n\n".join([gettext("Hello %(name)s,", name=user.name), *(_part(o, w, len(theirs) > 1) for o, w in theirs), _foot()])
        return (
            mail.queue_mail(
                user.email,
                gettext("What waits for you this week"),
                body,
                now,
                f"digest:{user.id}:{monday.isoformat()}",
                current_app.config["BASE_URL"] + "/",
            )
            is not None
        )


def _part(organisation: Organisation, waits: Waits, named: bool) -> str:
    lines = [f"{organisation.label}:"] if named else []
    return "\n".join([*lines, *(f"· {words}  {current_app.config['BASE_URL']}{path}" for words, path in _lines(organisation.kind, waits))])


def _lines(kind: str, waits: Waits) -> Iterable[tuple[str, str]]:
    """Each thing that waits, with where it stands."""
    if waits.packs and kind == "factory":
        yield (
            ngettext("%(num)s feedback pack waits for your answer", "%(num)s feedback packs wait for your answer", waits.packs),
            "/feedback?state=waiting",
        )
    elif waits.packs:
        yield ngettext("%(num)s feedback pack is overdue", "%(num)s feedback packs are overdue", waits.packs), "/feedback?state=overdue"
    if waits.promises and kind == "factory":
        yield (
            ngettext("%(num)s promise is due within a week", "%(num)s promises are due within a week", waits.promises),
            "/feedback/actions",
        )
    elif waits.promises:
        yield (
            ngettext("%(num)s promise of a factory is late", "%(num)s promises of factories are late", waits.promises),
            "/feedback/actions",
        )
    if waits.questions:
        yield (
            ngettext("%(num)s question waits for your answer", "%(num)s questions wait for your answer", waits.questions),
            "/feedback?state=asked",
        )
    if waits.effects:
        yield (
            ngettext("%(num)s effect was measured last week", "%(num)s effects were measured last week", waits.effects),
            "/feedback/actions?state=done",
        )


def _foot() -> str:
    return gettext("How often you get this mail is your choice: %(link)s", link=current_app.config["BASE_URL"] + "/profile")
