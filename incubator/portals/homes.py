"""What each role finds first: decisions, what is late, what changed. Reads only, a fixed number of queries per home."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from incubator.accounts.models import Invitation, Membership, Notification, Organisation
from incubator.factories import profile_queries as factory_profiles
from incubator.factories import queries as factories
from incubator.factories import words as factory_words
from incubator.factories.models import Factory
from incubator.investors import queries as investors
from incubator.investors import report_queries as reports
from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.job_table import JobRun, SchedulerBeat
from incubator.kernel.mail_table import OutboxMail
from incubator.portals import todo
from incubator.products import activity, queries
from incubator.products.filters import Filters
from incubator.products.models import Participant, Product, Programme
from incubator.schedule import queries as schedule

RECENT = timedelta(days=7)
MONTH = timedelta(days=30)  # a factory in care is visited about once a month
LINES = 12
ALIVE = timedelta(minutes=2)


def brand(actor: Actor, now: datetime, today: date) -> dict[str, Any]:
    """Decisions that wait, milestones late or near, the last week in words, products per stage, and the first steps of a new brand."""
    counts = queries.stage_counts(Filters(), actor)
    total = sum(counts.values())
    return {
        "tasks": todo.waiting(actor, today),
        "milestones": schedule.late_and_at_risk(actor, today),
        "changes": changes(actor, now),
        "counts": counts,
        "total": total,
        "first_steps": first_steps(actor) if total == 0 else None,
    }


def first_steps(actor: Actor) -> dict[str, bool]:
    """Which of the first steps of a new brand are done, in one query, and whether inviting colleagues is one for this person."""
    programme = access.select_visible(Programme, actor, Programme.id).exists()
    party = access.select_visible(Participant, actor, Participant.id).exists()
    row = db.session.execute(select(programme.label("programme"), party.label("party"))).one()
    return {"programme": bool(row.programme), "party": bool(row.party), "may_invite": actor.is_manager}


def changes(actor: Actor, now: datetime) -> list[activity.Line]:
    """The acts of the last seven days on the brand's products, latest first."""
    query = access.select_visible(AuditEntry, actor, *activity.COLUMNS, Product.name.label("product_name"))
    query = query.join(Product, Product.id == AuditEntry.product_id).where(AuditEntry.at >= now - RECENT)
    return [activity.line(row, row.product_name) for row in db.session.execute(query.order_by(AuditEntry.id.desc()).limit(LINES))]


def party(actor: Actor, today: date) -> dict[str, Any]:
    """What is asked of a factory, design firm or other party, and the products it takes part in."""
    notes = access.select_visible(Notification, actor).where(Notification.read_at.is_(None))
    return {
        "tasks": todo.waiting(actor, today, 30),
        "products": queries.mine(actor, 50),
        "notes": list(db.session.scalars(notes.order_by(Notification.id.desc()).limit(5))),
        "profile": factory_profiles.home_panel(actor),
        "certificate_word": factory_words.certificate,
    }


def field_agent(actor: Actor) -> dict[str, Any]:
    """The factories in the agent's care, and the profile changes that wait to be read."""
    return {
        "factories": factories.caseload(actor),
        "waiting": factories.waiting_changes(actor),
        "machine": workflow.machines[Factory],
        "visit_by": clock.today() - MONTH,
    }


def investor(actor: Actor, today: date) -> dict[str, Any]:
    """What an investor committed and what its next tranches wait for, the latest reports, and the portfolio as released; beside what every party finds."""
    upcoming = investors.tranches(actor, {"state": "open"}, None, 5).rows
    return {
        **party(actor, today),
        "sums": investors.sums(actor),
        "upcoming": upcoming,
        "waits": investors.waits_of([t.id for t in upcoming], actor),
        "reports": reports.latest(actor, 5),
        "progress": reports.progress(actor),
        "label": reports.period_label,
    }


def administrator(actor: Actor, now: datetime) -> dict[str, Any]:
    """Whether the platform works, and whom to invite."""
    since = now - RECENT
    failed = access.select_visible(JobRun, actor, func.count(JobRun.id)).where(JobRun.status == "failed", JobRun.created_at >= since)
    waiting = access.select_visible(OutboxMail, actor, func.count(OutboxMail.id)).where(OutboxMail.status.in_(("waiting", "sending")))
    unsent = access.select_visible(OutboxMail, actor, func.count(OutboxMail.id)).where(OutboxMail.status == "failed")
    entered = access.select_visible(AuditEntry, actor, func.count(AuditEntry.actor_user_id.distinct()))
    entered = entered.where(AuditEntry.event == "session.sign_in", AuditEntry.at >= since)
    parts = {"failed_jobs": failed, "waiting_mail": waiting, "failed_mail": unsent, "signed_in": entered}
    beat = select(func.max(SchedulerBeat.beat_at))
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    last_beat = db.session.scalar(beat)
    return {
        "health": row._mapping,
        "scheduler": last_beat,
        "scheduler_lives": last_beat is not None and now - last_beat < ALIVE,
        "failures": recent_failures(actor, since),
        "uninvited": without_people(actor, now),
    }


def recent_failures(actor: Actor, since: datetime) -> list[Any]:
    query = access.select_visible(JobRun, actor, JobRun.id, JobRun.job, JobRun.error, JobRun.ended_at)
    return list(db.session.execute(query.where(JobRun.status == "failed", JobRun.created_at >= since).order_by(JobRun.id.desc()).limit(5)))


def without_people(actor: Actor, now: datetime) -> list[Any]:
    """Organisations in which nobody can act and nobody has been invited."""
    member = exists().where(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None))
    invited = exists().where(
        Invitation.organisation_id == Organisation.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.kind)
    return list(
        db.session.execute(query.where(Organisation.disabled_at.is_(None), ~member, ~invited).order_by(Organisation.id.desc()).limit(8))
    )
