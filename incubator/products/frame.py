"""The frame that surrounds every page of a product: name, stage, next milestone, actions and tabs.

Later packages add their tab with `register_tab`; a tab whose package is absent is not drawn. Whatever only the brand may
know (owner, programme, risk, dates) is never put into the frame of anybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.kernel import access, workflow
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.kernel.db import db
from incubator.products import handover, words
from incubator.products.models import Participant, Product

BEFORE_BRIEF = ("signal", "segment")


@dataclass(frozen=True)
class Tab:
    """A page within the frame. `count(product, actor)` gives a scalar subquery, or None; all counts are one query."""

    key: str
    label: Any
    endpoint: str
    order: int
    roles: tuple[str, ...]
    count: Callable[[Product, Actor], Any] | None = None


_tabs: dict[str, Tab] = {}


def register_tab(
    key: str,
    label: Any,
    endpoint: str,
    order: int,
    roles: tuple[str, ...] = ORGANISATION_KINDS,
    count: Callable[[Product, Actor], Any] | None = None,
) -> None:
    """Add a tab whose `endpoint` takes `product_id`; registering a key again replaces it.

    Orders: overview 0, brief 10, sourcing 20, samples 30, codevelopment 40, launch 50, skus 60, feedback 70, plan 80, files 85, people 90, activity 95.
    """
    _tabs[key] = Tab(key, label, endpoint, order, roles, count)


@dataclass(frozen=True)
class Panel:
    """A card on the overview: `context(product, actor)` gives the variables of `template`, or None to leave it out."""

    key: str
    template: str
    order: int
    roles: tuple[str, ...]
    context: Callable[[Product, Actor], dict[str, Any] | None]


_panels: dict[str, Panel] = {}


def register_panel(
    key: str, template: str, order: int, context: Callable[[Product, Actor], dict[str, Any] | None], roles: tuple[str, ...] = ("brand",)
) -> None:
    """Add a card to the overview of a product."""
    _panels[key] = Panel(key, template, order, roles, context)


def panels(product: Product, actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """(template, variables) of the cards that this actor sees, in order."""
    chosen = sorted((p for p in _panels.values() if actor.role in p.roles), key=lambda p: p.order)
    filled = ((p.template, p.context(product, actor)) for p in chosen)
    return [(template, context) for template, context in filled if context is not None]


def find(product_id: int, actor: Actor) -> Product:
    """The product with what the frame shows of it, in one query; NotFound when it is not the actor's to see."""
    return access.get_visible(
        Product, product_id, actor, joinedload(Product.brand), joinedload(Product.programme), joinedload(Product.owner)
    )


def frame_context(product: Product, actor: Actor, active_tab: str) -> dict[str, Any]:
    """What `products/frame.html` needs beside the tab's own values: `product` and `pf`. At most two queries."""
    is_brand, offers, work = actor.role == "brand", workflow.available(product, actor), handover.of(product, actor)
    pf = {
        "is_brand": is_brand,
        "url": url_for("products.show", product_id=product.id),
        "badges": _badges(product, is_brand),
        "steps": _steps(product.state),
        "brand": product.brand.label,
        "parts": [] if is_brand else own_parts(product.id, actor),
        "tabs": _tab_items(product, actor, active_tab),
        "actions": [offer for offer in offers if offer.event != "stop"],
        "has_work": work is not None,
        "work": handover.link(work, product) if work and work.tab != active_tab else None,
        "can_edit": access.may("product.edit", actor, product),
        "can_stop": any(offer.event == "stop" for offer in offers),
        "risk": words.RISK_LEVELS[product.risk] if is_brand else None,
    }
    return {"product": product, "pf": pf}


def own_parts(product_id: int, actor: Actor) -> list[Any]:
    """The words for the parts that the actor's own organisation has in the product now."""
    query = access.select_visible(Participant, actor, Participant.part).where(
        Participant.product_id == product_id, Participant.left_at.is_(None)
    )
    query = query.where(Participant.organisation_id == actor.organisation_id)
    return [words.KINDS[part] for part in db.session.scalars(query)]


def _badges(product: Product, is_brand: bool) -> list[dict[str, Any]]:
    state = workflow.state_of(product)
    kind = [{"text": words.PRODUCT_TYPE[product.type], "tone": "accent" if product.type == "hero" else "neutral"}]
    return (kind if is_brand else []) + [{"text": state.label, "tone": state.tone}]


def _steps(stage: str) -> list[dict[str, Any]]:
    """The stages as steps; the two before a brief are drawn only while the product stands there."""
    hidden = () if stage in BEFORE_BRIEF else BEFORE_BRIEF
    names = [name for name in words.STAGE if name not in hidden and name != "stopped"]
    if stage == "stopped":
        return [{"label": words.STAGE[n], "state": "todo"} for n in names] + [{"label": words.STAGE["stopped"], "state": "stopped"}]
    at = names.index(stage)
    return [{"label": words.STAGE[n], "state": "done" if i < at else "now" if i == at else "todo"} for i, n in enumerate(names)]


def _tab_items(product: Product, actor: Actor, active: str) -> list[dict[str, Any]]:
    tabs = sorted((tab for tab in _tabs.values() if actor.role in tab.roles), key=lambda tab: tab.order)
    counts = _counts(product, actor, tabs)
    return [
        {
            "label": tab.label,
            "url": url_for(tab.endpoint, product_id=product.id),
            "active": tab.key == active,
            "count": counts.get(tab.key, 0),
        }
        for tab in tabs
    ]


def _counts(product: Product, actor: Actor, tabs: list[Tab]) -> dict[str, int]:
    parts = {tab.key: tab.count(product, actor) for tab in tabs if tab.count}
    parts = {key: part for key, part in parts.items() if part is not None}
    if not parts:
        return {}
    row = db.session.execute(select(*parts.values())).one()
    return dict(zip(parts, row, strict=True))


register_tab("overview", _l("Overview"), "products.show", 0)
register_tab("files", _l("Files"), "products.files", 85)
register_tab("people", _l("People"), "products.people", 90)
register_tab("activity", _l("Activity"), "products.activity", 95)
