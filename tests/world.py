"""A populated world for the sweeps: brand A with one of everything, brand B beside it, a stranger in every role; and A's value for every route argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.routing import IntegerConverter, Rule

from incubator import registry
from incubator.accounts.identity import actor_for, new_token
from incubator.accounts.models import ApiToken, Invitation, Membership, Notification, Organisation, PasswordReset, User, UserSession
from incubator.imports.models import DataImport, ImportRefusal
from incubator.kernel import clock, files, jobs, mail
from incubator.kernel.actor import ORGANISATION_KINDS, STAFF_ROLES, Actor
from incubator.kernel.db import db
from incubator.kernel.money import ExchangeRate
from incubator.products.models import BurnMonth, Comment, KeyResult, Objective, SavedView, SquadMember
from tests import builders
from tests.builders import put

ABSENT = 987_654
PARTNERS = tuple(kind for kind in ORGANISATION_KINDS if kind != "brand")
DAY = timedelta(days=1)


Ids = Callable[[str], Any]
# What a form or JSON must hold to come as far as the record: endpoint → the ids of the address → its fields.
BODIES: dict[str, Callable[[Ids], dict[str, Any]]] = {
    "schedule.assign": lambda ids: {"part": "factory", "organisation_id": 1},
    "products.comment": lambda ids: {"body": "?", "subject_type": "product", "subject_id": ids("product_id")},
    "briefs_api.change_brief": lambda ids: {"segment": "?", "version": 1},
    "briefs_api.add_reference": lambda ids: {"name": "A", "price": "9.00", "currency": "CNY"},
    "briefs_api.add_claim": lambda ids: {"kind": "function", "statement": "quiet", "points": [a_point(ids("reference_id"))]},
    "briefs_api.sign_review": lambda ids: {"scores": {"novelty": 4, "need": 4}, "statement": "?"},
    "briefs_api.decide_review": lambda ids: {"outcome": "go", "reason": "?"},
}


def a_point(reference_id: int) -> dict[str, Any]:
    return {
        "reference_id": reference_id, "attribute": "noise", "aspect": "function", "their_value": "60 dB", "our_value": "45 dB",
        "verdict": "better", "evidence": "measured",
    }  # fmt: skip


@cache
def of_packages() -> list[Any]:
    """`tests.<package>.populate` of every package that has one: `populate(world, manager, partners)`, and perhaps its `BODIES`."""
    names = (f"tests.{package}.populate" for package in registry.PACKAGES)
    return [import_module(name) for name in names if find_spec(name)]


@dataclass
class World:
    """`values` maps a route argument to A's value. `insiders` take part in A's product, `strangers` have nothing to do with A."""

    values: dict[str, Any] = field(default_factory=dict)
    insiders: dict[str, User] = field(default_factory=dict)
    strangers: dict[str, User] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)

    def path(self, rule: Rule, **other: Any) -> str:
        """The address of `rule` with A's values (or `other` ones). A route with an unknown argument fails: add its value to `populated`."""
        arguments = {name: other.get(name, self.value(rule, name)) for name in rule.arguments}
        return str(rule.map.bind("localhost").build(rule.endpoint, arguments, method=next(iter(rule.methods or {"GET"}))))

    def body(self, rule: Rule, **other: Any) -> dict[str, Any]:
        """Fields that let a request of `rule` come as far as the record; empty where none are needed."""
        bodies = {**BODIES, **{name: make for module in of_packages() for name, make in getattr(module, "BODIES", {}).items()}}
        make = bodies.get(rule.endpoint)
        return make(lambda name: other.get(name, self.value(rule, name))) if make else {}

    def value(self, rule: Rule, name: str) -> Any:
        converter = rule._converters.get(name)
        if choices := getattr(converter, "items", None):
            return sorted(choices)[0]
        if (rule.endpoint, name) in self.values:
            return self.values[rule.endpoint, name]
        assert name in self.values, f"{rule.rule}: tests/world.py has no value for <{name}>"
        return self.values[name]


def is_numbered(rule: Rule) -> bool:
    """Whether the address holds the id of a row."""
    return any(isinstance(converter, IntegerConverter) for converter in rule._converters.values())


def absent(rule: Rule) -> dict[str, int]:
    """Ids that no row has, for every id of the address."""
    return {name: ABSENT for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)}


def a_token(user: User) -> str:
    """A bearer token with scope write for `user`."""
    token, token_hash = new_token()
    membership_id = None if user.staff_role else user.memberships[0].id
    row = ApiToken(
        token_hash=token_hash,
        prefix=token[:8],
        name="sweep",
        user_id=user.id,
        membership_id=membership_id,
        scope="write",
        expires_at=clock.now() + DAY,
    )
    put(row)
    return token


def actor(user: User) -> Actor:
    return actor_for(user, None if user.staff_role else user.memberships[0])


def people(prefix: str, *organisations: Organisation) -> dict[str, User]:
    """One manager per kind of organisation (of those given, else of new ones) and one of each staff role."""
    given = {organisation.kind: organisation for organisation in organisations}
    found = {}
    for kind in ORGANISATION_KINDS:
        organisation = given.get(kind) or builders.an_organisation(kind, f"{prefix} {kind}")
        found[kind] = builders.a_person(organisation, f"{prefix} {kind} manager", manager=True)
    for role in STAFF_ROLES:
        found[role] = builders.a_person(name=f"{prefix} {role}", staff_role=role)
    return found


def empty() -> World:
    """People of every role, and nothing else."""
    world = World()
    world.strangers = world.insiders = people("Empty")
    return world


def populated() -> World:
    """Brand A with one of everything, its partners as insiders; a stranger per role with a small world of the same kind."""
    world = World()
    brand = builders.an_organisation("brand", "Aurora")
    partners = [builders.an_organisation(kind, f"Aurora's {kind}") for kind in PARTNERS]
    world.insiders = people("Insider", brand, *partners)
    world.strangers = people("Stranger")
    manager = world.insiders["brand"]
    _spine(world, manager, partners)
    _brief(world, manager, partners)
    _own_things(world, manager)
    other = world.strangers["brand"].memberships[0].organisation
    builders.a_brief(builders.a_product(builders.a_programme(other), "brief"), world.strangers["brand"])
    for module in of_packages():
        module.populate(world, manager, partners)
    world.tokens = {user.id: a_token(user) for user in (*world.insiders.values(), *world.strangers.values())}
    db.session.commit()
    return world


def a_picture() -> FileStorage:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    stream.seek(0)
    return FileStorage(stream, "photo.png", content_type="image/png")


def _spine(world: World, manager: User, partners: list[Organisation]) -> None:
    """Programme, product, participants, squad, milestone, comment, file, saved view."""
    brand, me = manager.memberships[0].organisation, actor(manager)
    programme = builders.a_programme(brand)
    objective = put(Objective(programme_id=programme.id, title="少一点酸痛"))
    put(KeyResult(objective_id=objective.id, name="退货率", unit="%", target=3.0))
    put(BurnMonth(programme_id=programme.id, month=date(2026, 1, 1), planned_minor=100_000))
    product = builders.a_product(programme, "brief", owner_id=manager.id)
    participants = [builders.a_participant(product, partner) for partner in partners]
    colleague = builders.a_person(brand, "Colleague")
    put(SquadMember(product_id=product.id, user_id=colleague.id, duty="市场"))
    milestone = builders.a_milestone(product, owner_id=manager.id)
    comment = put(
        Comment(
            product_id=product.id, brand_id=brand.id, subject_type="product", subject_id=product.id, author_id=manager.id,
            organisation_id=brand.id, body="先看样品", created_at=clock.now(),
        )
    )  # fmt: skip
    file = files.keep(
        b"%PDF-1.4 a drawing",
        "drawing.pdf",
        "application/pdf",
        me,
        clock.now(),
        kind="attachment",
        subject=("product", product.id),
        product_id=product.id,
    )
    photo = files.store(a_picture(), me, clock.now(), kind="photo", subject=("product", product.id), product_id=product.id)
    view = put(SavedView(user_id=manager.id, page="products.list", name="Mine", query={"stage": "brief"}))
    world.values |= {
        "programme_id": programme.id, "product_id": product.id, "participant_id": participants[0].id, "user_id": colleague.id,
        "milestone_id": milestone.id, "comment_id": comment.id, "file_id": file.id, "view_id": view.id,
        ("kernel.thumbnail", "file_id"): photo.id,
    }  # fmt: skip


def _brief(world: World, manager: User, partners: list[Organisation]) -> None:
    """A brief under review by two partners, one of whom has signed; a draft, which may be edited."""
    product = builders.a_product(builders.a_programme(manager.memberships[0].organisation), "brief")
    brief = builders.a_brief(product, manager)
    design_firm, brand_company = (next(p for p in partners if p.kind == kind) for kind in ("design_firm", "brand_company"))
    review = builders.a_review(brief, actor(manager), design_firm, brand_company)
    builders.a_signature(review, actor(world.insiders["design_firm"]))
    draft = builders.a_brief(builders.a_product(builders.a_programme(manager.memberships[0].organisation), "brief"), manager)
    world.values |= {
        "brief_id": draft.id, "reference_id": draft.references[0].id, "claim_id": draft.claims[0].id,
        "review_id": review.id, ("briefs.show", "brief_id"): brief.id,
    }  # fmt: skip


def _own_things(world: World, manager: User) -> None:
    """What belongs to A's manager alone, and what only the administrator sees."""
    now, brand = clock.now(), manager.memberships[0].organisation
    sheet = files.keep("code,title,颜色\nA-1,椅,白\n".encode(), "briefs.csv", "text/csv", actor(manager), now, kind="import")
    imported = put(
        DataImport(
            organisation_id=brand.id, user_id=manager.id, kind="briefs", file_id=sheet.id, sha256=sheet.sha256, name="briefs.csv",
            status="checked", counts={"read": 1, "new": 1}, options={"programme_id": world.values["programme_id"]}, created_at=now,
        )
    )  # fmt: skip
    put(ImportRefusal(import_id=imported.id, line=2, column="title", value="", message="?"))
    session = put(UserSession(token_hash="s" * 64, user_id=manager.id, created_at=now, last_seen_at=now, expires_at=now + DAY))
    token = put(ApiToken(token_hash="t" * 64, prefix="abc", name="till", user_id=manager.id, scope="read", expires_at=now + DAY))
    invitation_token, invitation_hash = new_token()
    invitation = put(
        Invitation(
            token_hash=invitation_hash, email="new@example.com", organisation_id=brand.id, invited_by_id=manager.id, expires_at=now + DAY
        )
    )
    reset_token, reset_hash = new_token()
    put(PasswordReset(token_hash=reset_hash, user_id=manager.id, created_at=now, expires_at=now + DAY))
    note = put(Notification(user_id=manager.id, organisation_id=brand.id, text="?", params={}, url="/products", created_at=now))
    put(ExchangeRate(base="USD", quote="CNY", on_date=date(2026, 1, 1), rate_e8=720_000_000, source="central bank"))
    run = jobs.enqueue(sorted(jobs.declared())[0], actor(manager), now)
    mail_id = mail.queue_mail("new@example.com", "Welcome", "Hello", now)
    membership = db.session.scalars(db.select(Membership).where(Membership.user_id == world.values["user_id"])).one()
    world.values |= {
        "session_id": session.id, "token_id": token.id, "invitation_id": invitation.id, "notification_id": note.id, "run_id": run.id,
        "mail_id": mail_id, "organisation_id": brand.id, "membership_id": membership.id, "event": "stop", "version": "0",
        "import_id": imported.id, "kind": "briefs",
        ("accounts.accept_invitation", "token"): invitation_token, ("accounts.reset", "token"): reset_token,
    }  # fmt: skip
