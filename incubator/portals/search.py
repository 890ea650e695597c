"""Search by name or code, for the page and for Ctrl-K. Each kind is one bounded query over what the reader may see."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, literal, select, union_all

from incubator.accounts import labels
from incubator.accounts.models import Organisation, User
from incubator.briefs import queries as briefs
from incubator.investors import queries as investors
from incubator.investors import report_queries as reports
from incubator.kernel import access
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.db import db
from incubator.portals.nav import url_or
from incubator.products import words
from incubator.products.filters import contains, matches
from incubator.products.models import Product, Programme

LONGEST = 80


def cleaned(text: str) -> str:
    """What was typed, without NUL and surrounding space, at most 80 characters."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def find(text: str, actor: Actor, limit: int = 6) -> list[dict[str, Any]]:
    """[{"label", "items": [{"label", "hint", "url"}]}] of what the actor may see; at most six queries, none for no text."""
    if not text:
        return []
    groups = [(_("Products"), _products(text, actor, limit))] if actor.role in ORGANISATION_KINDS else []
    if actor.role in ORGANISATION_KINDS:
        groups.append((_("Briefs"), _briefs(text, actor, limit)))
    if actor.role == "brand":
        groups.append((_("Programmes"), _programmes(text, actor, limit)))
    if actor.role in ("brand", "investor"):
        groups += [(_("Commitments"), _commitments(text, actor, limit)), (_("Reports"), _reports(text, actor, limit))]
    if actor.role == "administrator":
        groups += _directory(text, actor, limit)
    return [{"label": label, "items": items} for label, items in groups if items]


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


def _programmes(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    query = access.select_visible(Programme, actor, Programme.id, Programme.name, Programme.code)
    query = query.where(contains(Programme.name, text) | contains(Programme.code, text)).order_by(Programme.name).limit(limit)
    return [{"label": r.name, "hint": r.code, "url": url_for("products.programme", programme_id=r.id)} for r in db.session.execute(query)]


def _commitments(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    found = investors.find(actor, text, limit)
    return [
        {"label": r.reference, "hint": f"{r.other} · {r.programme}", "url": url_for("investors.commitment", commitment_id=r.id)}
        for r in found
    ]


def _reports(text: str, actor: Actor, limit: int) -> list[dict[str, Any]]:
    found = reports.find(actor, text, limit)
    return [{"label": r.title, "hint": reports.period_label(r), "url": url_for("investors.report", report_id=r.id)} for r in found]


def _directory(text: str, actor: Actor, limit: int) -> list[tuple[str, list[dict[str, Any]]]]:
    organisations = access.select_visible(Organisation, actor, Organisation.id, Organisation.name, Organisation.kind)
    organisations = (
        organisations.where(contains(Organisation.name, text) | contains(Organisation.short_name, text))
        .order_by(Organisation.name)
        .limit(limit)
    )
    people = access.select_visible(User, actor, User.id, User.name, User.email)
    people = people.where(contains(User.name, text) | contains(User.email, text)).order_by(User.name).limit(limit)
    return [
        (
            _("Organisations"),
            [
                _item(r.name, labels.role_label(r.kind), "accounts.organisation", organisation_id=r.id)
                for r in db.session.execute(organisations)
            ],
        ),
        (_("People"), [_item(r.name, r.email, "accounts.person", user_id=r.id) for r in db.session.execute(people)]),
    ]


def _item(label: str, hint: Any, endpoint: str, **values: Any) -> dict[str, Any]:
    return {"label": label, "hint": str(hint), "url": url_or(endpoint, **values)}
