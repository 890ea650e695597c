"""Reads of the data-decision ledger: promises with the signals before them and the results after, complaints of the wall, test launches. All scoped."""

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_

from incubator.accounts.models import Organisation, User
from incubator.feedback.measuring import MEASURED
from incubator.feedback.models import FeedbackAction, FeedbackEffect, FeedbackPack, PackSection
from incubator.feedback.playbook_models import Playbook, PlaybookUse
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, paging
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.launches.probe_models import Probe, ProbeVerdict
from incubator.products.filters import contains
from incubator.products.models import Product
from incubator.signals.models import Voice
from incubator.signals.wall_models import Complaint

NEWEST = paging.Order(FeedbackAction.id, "id", descending=True)
OPENED = paging.Order(Complaint.opened_at, "opened_at", descending=True)
BEGUN = paging.Order(Probe.from_on, "from_on", descending=True)
MOST = 20
FIRST_REASON = PackSection.reasons[(0, "reason")].as_string()
COMPLAINT = (
    Complaint.id, Complaint.state, Complaint.opened_at, Complaint.closed_at, Complaint.proof_note, User.name.label("owner"), Voice.text,
)  # fmt: skip


def entries(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of promises with their signal and result, the latest first. `filters`: product_id, factory_id, reason, verdict, q."""
    other = FeedbackAction.brand_id if actor.role == "factory" else FeedbackAction.factory_id
    columns = (
        FeedbackAction.id, FeedbackAction.kind, FeedbackAction.state, FeedbackAction.created_at, FeedbackAction.due_on, FeedbackAction.done_on,
        FeedbackAction.what, FeedbackAction.lot, FeedbackAction.quantity, PackSection.code, PackSection.name_zh, PackSection.name_en,
        PackSection.variant, PackSection.reasons, PackSection.rate, FeedbackPack.week, FeedbackEffect.verdict, FeedbackEffect.rate_before,
        FeedbackEffect.rate_after, func.coalesce(func.nullif(Organisation.short_name, ""), Organisation.name).label("other"),
    )  # fmt: skip
    rows = _chosen(_promises(actor, *columns).join(Organisation, Organisation.id == other), filters)
    return paging.fetch(rows, FeedbackAction.id, NEWEST, cursor, size, _chosen(_promises(actor, FeedbackAction.id), filters))


def _promises(actor: Actor, *columns: Any) -> Select[Any]:
    query = access.select_visible(FeedbackAction, actor, *columns).join(PackSection, PackSection.id == FeedbackAction.section_id)
    query = query.join(FeedbackPack, FeedbackPack.id == FeedbackAction.pack_id)
    return query.outerjoin(FeedbackEffect, FeedbackEffect.action_id == FeedbackAction.id)


def _chosen(query: Select[Any], filters: dict[str, Any]) -> Select[Any]:
    for name in ("product_id", "factory_id"):
        if filters.get(name):
            query = query.where(getattr(FeedbackAction, name) == filters[name])
    if filters.get("reason"):
        query = query.where(filters["reason"] == FIRST_REASON)
    if verdict := filters.get("verdict"):
        open_ones = and_(FeedbackEffect.id.is_(None), FeedbackAction.kind == MEASURED, FeedbackAction.state != "dropped")
        query = query.where(open_ones if verdict == "open" else FeedbackEffect.verdict == verdict)
    if text := filters.get("q"):
        query = query.where(contains(PackSection.code, text) | contains(PackSection.name_zh, text) | contains(FeedbackAction.what, text))
    return query


def sums(actor: Actor, filters: dict[str, Any]) -> Any:
    """How far the chosen promises came: promised, done, done in time, measured, improved."""
    a, e = FeedbackAction, FeedbackEffect
    columns = (
        func.count(a.id).label("promised"), func.count(case((a.state == "done", 1))).label("done"),
        func.count(case((and_(a.state == "done", a.done_on <= a.due_on), 1))).label("in_time"), func.count(e.id).label("measured"),
        func.count(case((e.verdict == "improved", 1))).label("improved"),
    )  # fmt: skip
    return db.session.execute(_chosen(_promises(actor, *columns), filters)).one()


def products(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the products that have promises, for the filter."""
    ids = access.select_visible(FeedbackAction, actor, FeedbackAction.product_id).distinct()
    query = access.select_visible(Product, SYSTEM, Product.id, Product.name).where(Product.id.in_(ids))
    return [(i, name) for i, name in db.session.execute(query.order_by(Product.name).limit(300))]


def complaints(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of complaints about SKUs or products, the latest first, with how many promises followed. `filters`: product_id, state."""
    followed = access.select_visible(FeedbackAction, actor, func.count(FeedbackAction.id)).where(_follows()).correlate(Complaint)
    about = (
        Complaint.subject_name if actor.role == "brand" else literal("").label("subject_name")
    )  # a rival's SKU has no name for a factory
    rows = _complaints(actor, *COMPLAINT, about, followed.scalar_subquery().label("promises"))
    count = access.select_visible(Complaint, actor, Complaint.id)
    for name in ("product_id", "state"):
        if filters.get(name):
            rows, count = rows.where(getattr(Complaint, name) == filters[name]), count.where(getattr(Complaint, name) == filters[name])
    known = Complaint.product_id.is_not(None)
    return paging.fetch(rows.where(known), Complaint.id, OPENED, cursor, size, count.where(known))


def _complaints(actor: Actor, *columns: Any) -> Select[Any]:
    query = access.select_visible(Complaint, actor, *columns).join(Voice, Voice.id == Complaint.voice_id)
    return query.join(User, User.id == Complaint.owner_id)


def _follows() -> Any:
    """SQL: a promise about the same SKU (or any of the product) after the complaint, and before it was closed."""
    same = or_(
        and_(Complaint.subject_type == "sku", FeedbackAction.sku_id == Complaint.subject_id),
        and_(Complaint.subject_type != "sku", FeedbackAction.product_id == Complaint.product_id),
    )
    closed = or_(Complaint.closed_at.is_(None), FeedbackAction.created_at <= Complaint.closed_at)
    return and_(same, FeedbackAction.created_at >= Complaint.opened_at, closed)


def complaint(complaint_id: int, actor: Actor) -> Any:
    """One complaint of the ledger, or None."""
    if not 0 < complaint_id <= access.LARGEST_ID:
        return None
    return db.session.execute(
        _complaints(actor, *COMPLAINT).where(Complaint.id == complaint_id, Complaint.product_id.is_not(None))
    ).one_or_none()


def followed_by(complaint_id: int, actor: Actor) -> list[FeedbackAction]:
    """The promises that followed a complaint, the oldest first."""
    query = access.select_visible(FeedbackAction, actor).join(Complaint, Complaint.id == complaint_id).where(_follows())
    return list(db.session.scalars(query.order_by(FeedbackAction.id).limit(MOST)))


def complaints_before(action: FeedbackAction, actor: Actor) -> list[Any]:
    """The complaints that a promise may answer: about its SKU or product, opened before it and not closed by then."""
    query = _complaints(actor, *COMPLAINT).join(FeedbackAction, FeedbackAction.id == action.id).where(_follows())
    return list(db.session.execute(query.order_by(Complaint.opened_at).limit(MOST)))


def probes(actor: Actor, filters: dict[str, Any], cursor: str | None, size: int = paging.PAGE_SIZE) -> paging.Page:
    """One page of test launches: what was believed, what was tried, and the verdict. `filters`: product_id."""
    columns = (
        Probe.id, Probe.belief, Probe.metric, Probe.direction, Probe.threshold_x100, Probe.from_on, Probe.to_on, Probe.state, Probe.product_id,
        Product.name.label("product"), ProbeVerdict.verdict, ProbeVerdict.reason, ProbeVerdict.next_step, ProbeVerdict.decided_at,
    )  # fmt: skip
    rows = access.select_visible(Probe, actor, *columns).join(Product, Product.id == Probe.product_id)
    rows = rows.outerjoin(ProbeVerdict, ProbeVerdict.probe_id == Probe.id)
    count = access.select_visible(Probe, actor, Probe.id)
    if filters.get("product_id"):
        rows, count = rows.where(Probe.product_id == filters["product_id"]), count.where(Probe.product_id == filters["product_id"])
    return paging.fetch(rows, Probe.id, BEGUN, cursor, size, count)


def questions_of(section_id: int, actor: Actor) -> list[Any]:
    columns = (
        FeedbackQuestion.asked_at,
        FeedbackQuestion.state,
        FeedbackQuestion.state_since,
        FeedbackQuestion.pack_id,
        PackSection.position,
    )
    query = access.select_visible(FeedbackQuestion, actor, *columns).join(PackSection, PackSection.id == FeedbackQuestion.section_id)
    return list(db.session.execute(query.where(FeedbackQuestion.section_id == section_id).order_by(FeedbackQuestion.id).limit(MOST)))


def promised_by(action: FeedbackAction) -> str:
    """The name of who promised; a side's own people and the other side both read it on the promise."""
    query = access.select_visible(User, SYSTEM, User.name).where(User.id == action.promised_by_id)
    return db.session.scalar(query) or ""


def book_used(action: FeedbackAction, actor: Actor) -> str:
    """The title of the playbook that the promise was made after."""
    query = access.select_visible(PlaybookUse, actor, Playbook.title).join(Playbook, Playbook.id == PlaybookUse.playbook_id)
    return db.session.scalar(query.where(PlaybookUse.action_id == action.id)) or ""
