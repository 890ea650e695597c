"""The verbs of an enquiry until its closing: write, issue, re-issue, extend, close, cancel. It reads no quotation's content."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any

from flask_babel import gettext

from incubator.briefs.models import ProductBrief
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from incubator.kernel.file_table import StoredFile
from incubator.products.models import Product
from incubator.sourcing import asking, telling
from incubator.sourcing.decision_models import CostBasis
from incubator.sourcing.models import ASKABLE_BRIEFS, Rfq, RfqAddendum, RfqCriterion
from incubator.sourcing.quotation_models import SUBMITTED, Quotation

Data = dict[str, Any]
WAITING = ("invited", "draft", "declined")


def create(brief: ProductBrief, data: Data, actor: Actor, now: datetime) -> Rfq:
    """Write an enquiry for the product of an accepted brief; `data` holds the fields of `forms.RfqForm` with its criteria."""
    access.require("rfq.create", actor, brief)
    if brief.state not in ASKABLE_BRIEFS:
        raise Refused(gettext("Only an accepted brief can be sent out. Take it through the value gate first."))
    rfq = Rfq(
        brand_id=brief.brand_id, product_id=brief.product_id, brief_id=brief.id, code=_free_code(brief.product), state_since=now,
        owner_id=actor.user_id, created_at=now, **_terms(data),
    )  # fmt: skip
    _set_criteria(rfq, data["criteria"])
    asking.take_requirements(rfq, brief.requirements)
    db.session.add(rfq)
    db.session.flush()
    db.session.add(CostBasis(rfq_id=rfq.id, currency=rfq.currencies[0], amortise_over=rfq.quantity_3))
    audit.record("rfq.create", rfq, actor, now, code=rfq.code)
    return rfq


def _terms(data: Data) -> Data:
    return {name: data[name] for name in asking.TERMS}


def _set_criteria(rfq: Rfq, rows: Sequence[Data]) -> None:
    rfq.criteria.clear()
    db.session.flush()
    rfq.criteria.extend(RfqCriterion(position=n, name=row["name"], weight=row["weight"]) for n, row in enumerate(rows, 1))


def _free_code(product: Product) -> str:
    """P-00007's first enquiry is R-00007, its second R-00007-2."""
    first = f"R{product.code.removeprefix('P')}"[:36]
    for code in chain([first], (f"{first}-{n}" for n in count(2))):
        query = access.select_visible(Rfq, SYSTEM, Rfq.id).where(Rfq.brand_id == product.brand_id, Rfq.code == code)
        if db.session.scalar(query) is None:
            return code
    raise AssertionError("count() does not end")


def save(rfq: Rfq, data: Data, actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """Change a draft; Conflict with the difference when somebody was faster."""
    _look_again(rfq, actor, expected, data)
    if actor.organisation_id == rfq.brand_id and rfq.state != "draft":
        raise Refused(gettext("An enquiry that was issued is changed by a re-issue, so that every factory is told."))
    access.require("rfq.edit", actor, rfq)
    _set_terms(rfq, data)
    _set_criteria(rfq, data["criteria"])
    asking.take_requirements(rfq, rfq.brief.requirements)
    rfq.updated_at = now
    db.session.flush()
    audit.record("rfq.save", rfq, actor, now)
    return rfq


def _look_again(rfq: Rfq, actor: Actor, expected: int | None, data: Data) -> None:
    db.session.refresh(rfq, with_for_update={"of": Rfq})
    if expected is None or expected == rfq.version:
        return
    mine = {name: asking.plain(data[name]) for name in asking.TERMS}
    stands = {name: asking.plain(getattr(rfq, name)) for name in asking.TERMS}
    raise Conflict(what=workflow.last_act(rfq, actor), difference=asking.rows(asking.changes(mine, stands), rfq.deadline_zone))


def _set_terms(rfq: Rfq, data: Data) -> None:
    for name, value in _terms(data).items():
        setattr(rfq, name, value)


def issue(rfq: Rfq, actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """Send the enquiry to every invited factory, each by itself, with the brief's requirements as they stand."""
    _require_to_come(rfq.deadline, now)
    asking.take_requirements(rfq, rfq.brief.requirements)
    db.session.flush()
    workflow.fire(rfq, "issue", actor, now=now, expected=expected)
    rfq.issued_at = now
    _add_addendum(rfq, "issue", "", [], actor, now)
    telling.tell_invited(rfq, "rfq.invited", now)
    return rfq


def _require_to_come(deadline: datetime, now: datetime) -> None:
    if deadline <= now:
        raise Invalid({"deadline": [gettext("The deadline must lie ahead.")]})


def reissue(rfq: Rfq, data: Data, note: str, actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """Change what is asked and tell every factory what changed; each must then confirm or revise its quotation.

    The criteria stay as they were issued. Invalid when nothing changed, or the deadline has passed.
    """
    _require_open(rfq, now)
    _require_to_come(data["deadline"], now)
    before = asking.snapshot(rfq, documents_of(rfq))
    said = next((a.content for a in reversed(rfq.addenda) if a.kind != "extension"), before)
    workflow.fire(rfq, "reissue", actor, note=note, now=now, expected=expected)
    _set_terms(rfq, data)
    asking.take_requirements(rfq, rfq.brief.requirements)
    db.session.flush()
    changed = asking.changes({**said, "deadline": before["deadline"]}, asking.snapshot(rfq, documents_of(rfq)))
    if not changed:
        raise Invalid({"note": [gettext("Nothing is different from what the factories have. Change something, or leave it.")]})
    _add_addendum(rfq, "reissue", note, changed, actor, now)
    telling.tell_invited(rfq, "rfq.reissued", now)
    return rfq


def _add_addendum(rfq: Rfq, kind: str, note: str, changed: list[Data], actor: Actor, now: datetime) -> None:
    number = len(rfq.addenda) + 1
    rfq.addenda.append(
        RfqAddendum(number=number, kind=kind, at=now, author_id=actor.user_id, note=note, changes=changed, content=asking.snapshot(rfq, documents_of(rfq)))
    )  # fmt: skip
    if kind != "extension":
        rfq.issue_number = number
    for quotation in rfq.quotations:
        quotation.reminded_for = ""
    db.session.flush()


def documents_of(rfq: Rfq) -> list[str]:
    """The names of the files that go out with the enquiry."""
    query = access.select_visible(StoredFile, SYSTEM, StoredFile.name).where(
        StoredFile.subject_type == "rfq", StoredFile.subject_id == rfq.id
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))


def extend(rfq: Rfq, deadline: datetime, actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """Move the deadline back, before it has passed; every factory is told, and no quotation needs to be confirmed."""
    _require_open(rfq, now)
    if deadline <= rfq.deadline:
        raise Invalid({"deadline": [gettext("An extension ends later than the present deadline.")]})
    before = rfq.deadline
    workflow.fire(rfq, "extend", actor, now=now, expected=expected, until=deadline)
    rfq.deadline = deadline
    changed = [{"field": "deadline", "before": before.isoformat(), "after": deadline.isoformat()}]
    _add_addendum(rfq, "extension", "", changed, actor, now)
    telling.tell_invited(rfq, "rfq.extended", now, but=("declined",))
    return rfq


def _require_open(rfq: Rfq, now: datetime) -> None:
    if rfq.takes_quotations and now >= rfq.deadline:
        raise Refused(gettext("The deadline has passed. What was received by then counts."))


def close(rfq: Rfq, actor: Actor, now: datetime, note: str | None = None, expected: int | None = None) -> Rfq:
    """Take no more quotations: the brand by hand (with a reason), or the system at the deadline.

    What was submitted and answers the latest issue is received; everything else expires.
    """
    workflow.fire(rfq, "lapse" if actor.is_system else "close", actor, note=note, now=now, expected=expected)
    rfq.closed_at = now
    received = 0
    for quotation in _locked_quotations(rfq):
        if quotation.is_submitted and quotation.answers_the_latest:
            quotation.is_received, received = True, received + 1
        elif quotation.is_submitted:
            workflow.fire(quotation, "expire", SYSTEM, now=now)
            telling.tell_outcome(quotation, "rfq.not_counted", now)
        elif quotation.state != "declined":
            workflow.fire(quotation, "expire", SYSTEM, now=now)
    db.session.flush()
    telling.tell_brand(rfq, "rfq.closed" if received else "rfq.closed_empty", now, actor)
    return rfq


def _locked_quotations(rfq: Rfq) -> list[Quotation]:
    """Read anew under the lock of the enquiry: a factory may have submitted a moment ago."""
    query = access.select_visible(Quotation, SYSTEM).where(Quotation.rfq_id == rfq.id).order_by(Quotation.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def cancel(rfq: Rfq, reason: str | None, actor: Actor, now: datetime, expected: int | None = None) -> Rfq:
    """End the enquiry without a decision; every factory that was asked is told."""
    was_issued = rfq.issued_at is not None
    workflow.fire(rfq, "cancel", actor, note=reason, now=now, expected=expected)
    rfq.cancelled_reason = (reason or "").strip()
    if was_issued:
        telling.tell_invited(rfq, "rfq.cancelled", now, but=("declined", "expired"))
    for quotation in _locked_quotations(rfq):
        if quotation.state in (*WAITING, *SUBMITTED):
            workflow.fire(quotation, "expire", SYSTEM, now=now)
    return rfq


def attach(rfq: Rfq, upload: Any, actor: Actor, now: datetime) -> StoredFile:
    """Keep a document that goes out with the enquiry: every invited factory may read it."""
    access.require("rfq.attach", actor, rfq)
    stored = files.store(upload, actor, now, subject=("rfq", rfq.id), product_id=rfq.product_id)
    audit.record("rfq.attach", rfq, actor, now, file=stored.name)
    return stored
