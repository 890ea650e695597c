"""Rows for tests, named as in the lifecycle: `a_product(stage="sampling")`. Builders flush; `sign_in` commits, so that a request sees the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import event

from incubator.accounts.identity import actor_for, new_token
from incubator.accounts.models import Membership, Organisation, User, UserSession
from incubator.briefs import gate_service
from incubator.briefs.criteria import CRITERIA
from incubator.briefs.gate_models import ComparisonPoint, ValueClaim
from incubator.briefs.models import BriefTarget, ProductBrief, ReferenceProduct, Requirement
from incubator.kernel import clock
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Participant, Product, Programme
from incubator.schedule.models import Milestone

_numbers = count(1)
NO_PASSWORD = "!"


def put(row: Any) -> Any:
    """Add and flush, so that the row has its id."""
    db.session.add(row)
    db.session.flush()
    return row


def an_organisation(kind: str = "brand", name: str | None = None, **values: Any) -> Organisation:
    return put(Organisation(kind=kind, name=name or f"{kind} {next(_numbers)}", **values))


def a_person(
    organisation: Organisation | None = None,
    name: str | None = None,
    *,
    manager: bool = False,
    staff_role: str | None = None,
    **values: Any,
) -> User:
    """A person of `organisation`, or staff of the platform."""
    number = next(_numbers)
    values.setdefault("email", f"person{number}@example.com")
    values.setdefault("locale", "en")
    values.setdefault("timezone", "UTC")
    user = put(User(name=name or f"Person {number}", password_hash=NO_PASSWORD, staff_role=staff_role, **values))
    if organisation is not None:
        put(Membership(user_id=user.id, organisation_id=organisation.id, is_manager=manager))
        db.session.expire(user, ["memberships"])
    return user


def an_actor(organisation: Organisation | None = None, user: User | None = None, *, role: str | None = None, manager: bool = True) -> Actor:
    """Somebody who acts for `organisation` (a new brand when none is given), or staff when `role` is a staff role."""
    if role in ("administrator", "field_agent"):
        return actor_for(user or a_person(staff_role=role), None)
    organisation = organisation or an_organisation(role or "brand")
    user = user or a_person(organisation, manager=manager)
    return actor_for(user, next(m for m in user.memberships if m.organisation_id == organisation.id))


def a_programme(brand: Organisation | None = None, name: str | None = None, **values: Any) -> Programme:
    brand = brand or an_organisation("brand")
    number = next(_numbers)
    values = {"code": f"PG-{number:03d}", "type": "consumer", "starts_on": date(2026, 1, 1), "horizon_years": 3, **values}
    return put(Programme(brand_id=brand.id, name=name or f"Programme {number}", **values))


def a_product(programme: Programme | None = None, stage: str = "signal", name: str | None = None, **values: Any) -> Product:
    """A product at `stage`, put there directly: how it came there is another test's matter."""
    programme = programme or a_programme()
    number = next(_numbers)
    values = {"code": f"T-{number:05d}", "type": "hero", "state_since": clock.now(), **values}
    return put(Product(brand_id=programme.brand_id, programme_id=programme.id, name=name or f"Product {number}", state=stage, **values))


def a_participant(product: Product, organisation: Organisation, part: str | None = None, left_at: datetime | None = None) -> Participant:
    return put(Participant(product_id=product.id, organisation_id=organisation.id, part=part or organisation.kind, left_at=left_at))


def a_milestone(product: Product | None = None, name: str | None = None, due_on: date | None = None, **values: Any) -> Milestone:
    product = product or a_product()
    due_on = due_on or clock.today() + timedelta(days=30)
    values.setdefault("baseline_on", due_on)
    return put(
        Milestone(product_id=product.id, brand_id=product.brand_id, name=name or f"Milestone {next(_numbers)}", due_on=due_on, **values)
    )


def sign_in(client: Any, user: User, organisation: Organisation | None = None) -> Any:
    """Give `client` a live session of `user` (acting for `organisation`, or the first of the user's) and commit. Returns the client."""
    token, token_hash = new_token()
    now = clock.now()
    memberships = [m for m in user.memberships if organisation is None or m.organisation_id == organisation.id]
    membership_id = memberships[0].id if memberships and not user.staff_role else None
    put(
        UserSession(
            token_hash=token_hash,
            user_id=user.id,
            membership_id=membership_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=14),
        )
    )
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def a_brief(
    product: Product | None = None, author: User | None = None, *, state: str = "draft", title: str | None = None, **values: Any
) -> ProductBrief:
    """A brief that could pass the gate: a must with evidence, a reference, a target, and a claim that is ahead of the reference."""
    product = product or a_product(stage="brief", type=values.get("type", "hero"))
    number = next(_numbers)
    values = {
        "type": product.type, "segment": "久坐人群", "need": "腰不酸", "reason_to_choose": "腰托跟着人动", "buyer_kind": "consumer",
        "scenario": "test_launch", "moq": 200, **values,
    }  # fmt: skip
    brief = ProductBrief(
        brand_id=product.brand_id, product_id=product.id, code=values.pop("code", f"B-{number:05d}"), title=title or product.name, state=state,
        state_since=clock.now(), author_id=author.id if author else None, revision=0, **values,
    )  # fmt: skip
    brief.requirements = [
        Requirement(position=n, attribute=f"属性 {n}", operator="ge", target="10", unit="mm", priority="must", evidence="118 条吐槽")
        for n in range(3)
    ]
    reference = ReferenceProduct(name="市售款 A", price_minor=50_000, currency="CNY")
    brief.references = [reference]
    point = ComparisonPoint(
        reference=reference, attribute="噪音", aspect="function", their_value="60 dB", our_value="45 dB", verdict="better", evidence="实测"
    )
    brief.claims = [ValueClaim(kind="function", statement="静音", evidence="实测", points=[point])]
    put(brief)
    put(BriefTarget(brief_id=brief.id, currency="CNY", price_minor=45_000, cost_minor=20_000, margin_bp=5556))
    return brief


def a_review(brief: ProductBrief, submitter: Actor, *partners: Organisation) -> Any:
    """The open review of `brief`, submitted by `submitter`; each of `partners` takes part and is asked to sign."""
    for partner in partners:
        a_participant(brief.product, partner)
    return gate_service.submit(brief, [p.id for p in partners], submitter, clock.now())


def a_signature(review: Any, actor: Actor, score: int = 4) -> Any:
    return gate_service.sign(review, dict.fromkeys(CRITERIA[review.brief.type], score), "看过了", actor, clock.now())


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the block sends to the database, in order; transaction control is not one."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "SET TRANSACTION", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
