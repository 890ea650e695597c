"""Search by name or code, for the page and for Ctrl-K. Each kind is one bounded query over what the reader may see."""

from collections.abc import Callable, Collection
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, select, union_all

from incubator.accounts import labels
from incubator.accounts.models import Organisation, User
from incubator.briefs import queries as briefs
from incubator.factories import queries as factories
from incubator.factories.models import Factory
from incubator.investors import queries as investors
from incubator.investors import report_queries as reports
from incubator.kernel import access, workflow
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.db import db
from incubator.launches import queries as skus
from incubator.launches.sku_routes import READERS
from incubator.launches.words import named
from incubator.portals.nav import url_or
from incubator.products import words
from incubator.products.filters import contains, matches
from incubator.products.models import Product, Programme
from incubator.signals import segment_queries as segments
from incubator.sourcing import queries as sourcing

LONGEST = 80


def cleaned(text: str) -> str:
    """What was typed, without NUL and surrounding space, at most 80 characters."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def find(text: str, actor: Actor, limit: int = 6) -> list[dict[str, Any]]:
    """[{"label", "items": [{"label", "hint", "url"}]}] of what the actor may see; a query for each of the actor's groups, none for no text."""
    if not text:
        return []
    groups = [(label, search(text, actor, limit)) for roles, label, search in GROUPS if actor.role in roles]
    return [{"label": str(label), "items": items} for label, items in groups if items]


def _products(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    """Those whose code or name begins with the text first, then those that contain it anywhere; each part stops at `limit`."""
    begins = access.select_visible(Product, actor, Product.id, literal(0).label("rank")).where(_begins(text)).limit(limit).subquery()
    holds = access.select_visible(Product, actor, Product.id, literal(1).label("rank")).where(matches(text)).limit(limit).subquery()
    both = union_all(select(begins), select(holds)).subquery()  # only ids, which the index of names holds
    best = select(both.c.id, func.min(both.c.rank).label("rank")).group_by(both.c.id).subquery()
    found = access.select_visible(Product, actor, Product.id, Product.name, Product.code, Product.state).join(best, best.c.id == Product.id)
    found = found.order_by(best.c.rank, Product.name, Product.id).limit(limit)
    return [
        {"label": r.name, "hint": _hint(r.code, words.STAGE[r.state], actor), "url": url_for("products.show", product_id=r.id)}
        for r in db.session.execute(found)
    ]


def _hint(code: str, stage: Any, actor: Actor) -> str:
    return f"{code} · {stage}" if actor.role == "brand" else str(stage)


def _begins(text: str) -> Any:
    """SQL: the code begins with the text as typed or in capitals. A range, because an index answers it at once."""
    upper = text.upper()
    return Product.code.between(upper, upper + "\U0010ffff") | Product.name.between(text, text + "\U0010ffff")


def _briefs(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    return [{"label": r.title, "hint": r.code, "url": url_for("briefs.show", brief_id=r.id)} for r in briefs.find(actor, text, limit)]


def _skus(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    """A partner that may not read codes is shown the product instead."""
    return [
        {"label": named(r), "hint": getattr(r, "code", r.product_name), "url": url_for("launches.sku", sku_id=r.id)}
        for r in skus.find(actor, text, limit)
    ]


def _enquiries(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    return [{"label": r.title, "hint": r.code, "url": url_for("sourcing.show", rfq_id=r.id)} for r in sourcing.find(actor, text, limit)]


def _factories(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    machine = workflow.machines[Factory]
    found = ((r, machine.state(r.state).label) for r in factories.find(actor, text, limit))
    return [
        {"label": r.short_name or r.name, "hint": f"{r.city} · {state}", "url": url_for("factories.show", factory_id=r.id)}
        for r, state in found
    ]


def _programmes(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    query = access.select_visible(Programme, actor, Programme.id, Programme.name, Programme.code)
    query = query.where(contains(Programme.name, text) | contains(Programme.code, text)).order_by(Programme.name).limit(limit)
    return [{"label": r.name, "hint": r.code, "url": url_for("products.programme", programme_id=r.id)} for r in db.session.execute(query)]


def _segments(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    found = segments.find(actor, text, limit)
    return [{"label": r.name, "hint": "", "url": url_for("signals.segment", segment_id=r.id)} for r in found]


def _commitments(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    found = investors.find(actor, text, limit)
    return [_item(r.reference, f"{r.other} · {r.programme}", "investors.commitment", commitment_id=r.id) for r in found]


def _reports(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    found = reports.find(actor, text, limit)
    return [_item(r.title, reports.period_label(r), "investors.report", report_id=r.id) for r in found]


def _organisations(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    query = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.kind)
    query = (
        query.where(contains(Organisation.name, text) | contains(Organisation.short_name, text)).order_by(Organisation.name).limit(limit)
    )
    return [_item(r.name, labels.role_label(r.kind), "accounts.organisation", organisation_id=r.id) for r in db.session.execute(query)]


def _people(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    query = access.select_visible(User, actor, User.id, User.name, User.email)
    query = query.where(contains(User.name, text) | contains(User.email, text)).order_by(User.name).limit(limit)
    return [_item(r.name, r.email, "accounts.person", user_id=r.id) for r in db.session.execute(query)]


def _item(label: str, hint: Any, endpoint: str, **values: Any) -> dict[str, Any]:
    return {"label": label, "hint": str(hint), "url": url_or(endpoint, **values)}


GROUPS: tuple[tuple[Collection[str], Any, Callable[[str, Actor, int], list[dict[str, Any]]]], ...] = (
    (ORGANISATION_KINDS, _l("Products"), _products),
    (ORGANISATION_KINDS, _l("Briefs"), _briefs),
    (("brand",), _l("Segments"), _segments),
    (("brand", "factory"), _l("Enquiries"), _enquiries),
    (READERS, _l("SKUs"), _skus),
    (("brand",), _l("Programmes"), _programmes),
    (("brand", "administrator", "field_agent"), _l("Factories"), _factories),
    (("brand", "investor"), _l("Commitments"), _commitments),
    (("brand", "investor"), _l("Reports"), _reports),
    (("administrator",), _l("Organisations"), _organisations),
    (("administrator",), _l("People"), _people),
)
