"""Reminders and risk in bulk: a handful of statements per two thousand milestones, however many there are.

A milestone is told of once per threshold (some days before, on the day, overdue; then, in `escalation`, to those above) and never
for an earlier threshold than the last: a clock that is set back, or an hour that comes twice, tells nobody anything twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, func, or_, update

from incubator.accounts import notices
from incubator.accounts.models import Notification, User
from incubator.kernel import access, i18n
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from incubator.products.models import Participant, Product
from incubator.schedule.localday import today_by_zone
from incubator.schedule.models import Milestone
from incubator.schedule.plan_models import ReminderSetting
from incubator.schedule.queries import ENDED
from incubator.schedule.service import SOON

BATCH = 2000
THRESHOLDS = ("soon", "due", "late")
TOLD = ("late", "up", "top")
PARTY = (Participant.product_id, Participant.organisation_id)
notices.register(
    {
        "milestone.soon": _l("“%(name)s” of “%(product)s” is due on %(due)s."),
        "milestone.due": _l("“%(name)s” of “%(product)s” is due today."),
        "milestone.late": _l("“%(name)s” of “%(product)s” was due on %(due)s and is late."),
    }
)


class Letter(NamedTuple):
    """What one person is told about one milestone (a row of it with its product's name), acting for `organisation_id`."""

    row: Any
    text: str
    organisation_id: int
    user_id: int
    address: str
    locale: str
    name: str


def remind_batch(now: datetime, due: Any = None) -> int:
    """Tell of up to BATCH milestones in the caller's transaction; how many. Concurrent sweeps share the work. `due` is that of `now`."""
    rows = db.session.execute(due_at(now) if due is None else due).all()
    for threshold in THRESHOLDS:
        ids = [row.id for row in rows if row.threshold == threshold]
        if ids:
            change = update(Milestone).where(Milestone.id.in_(id_set(ids))).values(reminded_for=threshold, updated_at=Milestone.updated_at)
            db.session.execute(change.execution_options(synchronize_session=False))
    send(_letters(rows), now)
    return len(rows)


def due_at(now: datetime) -> Any:
    """The statement of a sweep: milestones whose threshold has been reached where the owner is, and not been told: with product and live owner."""
    today, horizon = today_by_zone(User.timezone, now), _horizon(now)
    told = Milestone.reminded_for
    fresh = or_(
        and_(Milestone.due_on < today, told.not_in(TOLD)),
        and_(Milestone.due_on == today, told.in_(("", "soon"))),
        and_(Milestone.due_on > today, Milestone.due_on <= horizon, told == ""),
    )
    columns = (
        Milestone.id, Milestone.name, Milestone.due_on, Milestone.brand_id, Milestone.product_id, Milestone.organisation_id,
        Product.name.label("product"),
        case((Milestone.due_on < today, "late"), (Milestone.due_on == today, "due"), else_="soon").label("threshold"),
        User.id.label("user_id"), User.email, User.locale, User.name.label("user_name"),
    )  # fmt: skip
    query = access.select_visible(Milestone, SYSTEM, *columns).join(Product, Product.id == Milestone.product_id)
    owner = and_(User.id == func.coalesce(Milestone.owner_id, Product.owner_id), User.disabled_at.is_(None))
    query = query.outerjoin(User, owner).where(Milestone.done_at.is_(None), told.not_in(TOLD), Product.state.not_in(ENDED), fresh)
    return query.order_by(Milestone.due_on, Milestone.id).limit(BATCH).with_for_update(of=Milestone, skip_locked=True)


def _horizon(now: datetime) -> Any:
    """SQL: the last day that is "soon", after the rules of the product's programme where it has made any."""
    rules = db.session.execute(access.select_visible(ReminderSetting, SYSTEM, ReminderSetting.programme_id, ReminderSetting.soon_days))
    programmes: dict[int, list[int]] = defaultdict(list)
    for programme_id, days in rules:
        programmes[days].append(programme_id)
    usual = today_by_zone(User.timezone, now, SOON)
    others = [(Product.programme_id.in_(id_set(ids)), today_by_zone(User.timezone, now, days)) for days, ids in sorted(programmes.items())]
    return case(*others, else_=usual) if others else usual


def _letters(rows: Sequence[Any]) -> Iterator[Letter]:
    """One at a time: thousands at once would set the collector to work. To the owner, or the managers when nobody owns it; and the partner."""
    partners = _partners(rows)
    for row in rows:
        text = f"milestone.{row.threshold}"
        if row.user_id is not None:
            yield Letter(row, text, row.brand_id, row.user_id, row.email, row.locale, row.user_name)
        else:
            yield from letters_to(managers_of(row.brand_id), row, text, row.brand_id)
        if row.organisation_id is not None:
            yield from letters_to(partners.get((row.product_id, row.organisation_id), ()), row, text, row.organisation_id)


def letters_to(people: Iterable[User], row: Any, text: str, organisation_id: int) -> list[Letter]:
    return [Letter(row, text, organisation_id, user.id, user.email, user.locale, user.name) for user in people]


def _partners(rows: Iterable[Any]) -> dict[tuple[int, int], list[User]]:
    """The people of organisations that owe a milestone and take part in its product now, by product and organisation."""
    owed = {(row.product_id, row.organisation_id) for row in rows if row.organisation_id is not None}
    if not owed:
        return {}
    live = Participant.product_id.in_(id_set([product_id for product_id, _ in owed])), Participant.left_at.is_(None)
    joined = {tuple(row) for row in db.session.execute(access.select_visible(Participant, SYSTEM, *PARTY).where(*live))} & owed
    people = {id_: notices.people_of(id_) for id_ in {organisation_id for _, organisation_id in joined}}
    return {(product_id, id_): people[id_] for product_id, id_ in joined}


def managers_of(brand_id: int) -> list[User]:
    return notices.people_of(brand_id, managers_only=True)


def send(letters: Iterable[Letter], now: datetime) -> None:
    """All notices in one insert, all mails in another; each sentence is translated once per language."""
    words = cache(_words)
    base, notes, mails = current_app.config["BASE_URL"], [], []
    for row, text, organisation_id, user_id, address, locale, name in letters:
        url = f"/products/{row.product_id}/plan"
        sentence, greeting = words(text, locale)
        params = {"name": row.name, "product": row.product, "due": row.due_on.isoformat()}
        line = sentence % {**params, "due": i18n.day_in(row.due_on, locale)}
        notes.append({"user_id": user_id, "organisation_id": organisation_id, "text": text, "params": params, "url": url})
        mails.append(_mail(address, locale, line, greeting % {"name": name}, base + url))
    insert_many(Notification, notes, created_at=now)
    insert_many(OutboxMail, mails, status="waiting", attempts=0, created_at=now, next_try_at=now)


def _words(text: str, locale: str) -> tuple[str, str]:
    with force_locale(locale):
        return str(notices.TEXTS[text]), gettext("Hello %(name)s,")


def _mail(address: str, locale: str, line: str, greeting: str, link: str) -> dict[str, Any]:
    return {
        "to_address": address,
        "locale": locale,
        "subject": " ".join(line.split())[:200],
        "text": f"{greeting}\n\n{line}\n",
        "link": link,
    }


def raise_risks(now: datetime) -> int:
    """What time alone makes worse: green to amber, and anything to red. Returns how many products changed."""
    today, horizon = today_by_zone(User.timezone, now), today_by_zone(User.timezone, now, SOON)
    red = _risen("red", ("none", "green", "amber"), Milestone.due_on < today)
    return red + _risen("amber", ("none", "green"), or_(Milestone.due_on <= horizon, Milestone.due_on > Milestone.baseline_on))


def _risen(risk: str, before: tuple[str, ...], criterion: Any) -> int:
    open_ones = access.select_visible(Milestone, SYSTEM, Milestone.product_id).join(Product, Product.id == Milestone.product_id)
    open_ones = open_ones.outerjoin(User, User.id == func.coalesce(Milestone.owner_id, Product.owner_id))
    worse = (
        open_ones.where(Milestone.done_at.is_(None), criterion, Product.risk.in_(before), Product.state.not_in(ENDED)).distinct().subquery()
    )
    ids = access.select_visible(Product, SYSTEM, Product.id).join(worse, worse.c.product_id == Product.id)
    change = update(Product).where(Product.id.in_(ids)).values(risk=risk, updated_at=Product.updated_at)
    return int(getattr(db.session.execute(change.execution_options(synchronize_session=False)), "rowcount", 0))
