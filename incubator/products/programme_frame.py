"""The tabs of a programme's pages. Later packages add theirs with `register_tab`; one whose package is absent is not drawn."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from incubator.products.models import Programme


@dataclass(frozen=True)
class Tab:
    """A page of a programme; its `endpoint` takes `programme_id`."""

    key: str
    label: Any
    endpoint: str
    order: int


_tabs: dict[str, Tab] = {}


def register_tab(key: str, label: Any, endpoint: str, order: int) -> None:
    """Add a tab; registering a key again replaces it. Overview has order 0."""
    _tabs[key] = Tab(key, label, endpoint, order)


def tabs(programme: Programme, active: str) -> list[dict[str, Any]]:
    """What the macro `tabs` draws."""
    shown = sorted(_tabs.values(), key=lambda tab: tab.order)
    return [{"label": t.label, "url": url_for(t.endpoint, programme_id=programme.id), "active": t.key == active} for t in shown]


register_tab("overview", _l("Overview"), "products.programme", 0)
