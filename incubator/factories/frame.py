"""What surrounds every page of a factory: name, state, tier, what may be done next, and the tabs that the reader may open."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.factories import profile_queries, words
from incubator.factories.guards import ZONE
from incubator.factories.models import Factory
from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor

TABS = (
    ("overview", _l("Factory profile"), "factories.show", False),
    ("certificates", _l("Certificates"), "factories.certificates", False),
    ("oem", _l("OEM history"), "factories.oem", False),
    ("audits", _l("Audits"), "factories.audits", True),
    ("tiers", _l("Tier"), "factories.tiers", False),
    ("visits", _l("Field visits"), "factories.visits", True),
    ("changes", _l("Changes"), "factories.changes", True),
)

_more: list[tuple[str, Any, str, bool]] = []


def register_tab(key: str, label: Any, endpoint: str) -> None:
    """Add a tab of a later package, for those who know more of a factory than its public profile."""
    _more[:] = [*(tab for tab in _more if tab[0] != key), (key, label, endpoint, True)]


def context(factory: Factory, actor: Actor, active: str) -> dict[str, Any]:
    """What `factories/frame.html` needs beside the tab's own values. It asks the database nothing that `whole` has not brought."""
    knows, keeps = access.may("factory.know", actor, factory), access.may("factory.keep", actor, factory)
    own = access.may("factory.propose", actor, factory)
    shown = {"audits": knows, "visits": access.may("factory.visits", actor, factory), "changes": keeps or own}
    shown |= {key: knows for key, _label, _endpoint, _inner in _more}
    state, today = workflow.state_of(factory), clock.today(ZONE)
    holds = bool(factory.tier) and factory.tier_until is not None and factory.tier_until >= today
    return {
        "factory": factory,
        "state": state,
        "words": words,
        "today": today,
        "knows": knows,
        "keeps": keeps,
        "own": own,
        "tier_held": factory.tier if holds else "",
        "offers": workflow.available(factory, actor) if (keeps or own) and not factory.merged_into_id else [],
        "tabs_": [
            {"label": label, "url": url_for(endpoint, factory_id=factory.id), "active": key == active}
            for key, label, endpoint, inner in (*TABS, *_more)
            if not inner or shown[key]
        ],
        "back": {"label": _("Factories"), "url": url_for("factories.index")}
        if actor.role in ("brand", "administrator", "field_agent")
        else None,
    }


def find(factory_id: int, actor: Actor) -> Factory:
    """The factory with what its frame shows; NotFound when it is not the actor's to see."""
    return profile_queries.whole(factory_id, actor)
