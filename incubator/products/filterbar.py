"""What the filter bar of the product views draws: options, chips and the addresses of the sibling views."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.kernel.actor import Actor
from incubator.products import queries, words
from incubator.products.filters import Filters

VIEWS: dict[str, tuple[Any, str, str]] = {}


def register_view(name: str, label: Any, icon: str, endpoint: str) -> None:
    """Add a way to look at the same products; its endpoint takes the parameters of `Filters`."""
    VIEWS[name] = (label, icon, endpoint)


def url_of(view: str, **values: Any) -> str:
    return url_for(VIEWS[view][2], **values)


register_view("list", _l("List"), "list", "products.list")
register_view("board", _l("Board"), "board", "products.board")


def build(view: str, filters: Filters, actor: Actor, **keep: Any) -> dict[str, Any]:
    """The bar of `view` ("list", "board", "timeline"); `keep` are the view's own parameters. One query."""
    offered = queries.options(actor, view)
    offered["stage"] = list(words.STAGE.items())
    offered["type"] = list(words.PRODUCT_TYPE.items())
    offered["risk"] = list(words.RISK.items())
    return {
        "view": view,
        "offered": offered,
        "selects": _selects(),
        "more": _more(),
        "sorts": _sorts() if view == "list" else [],
        "chips": _chips(view, filters, offered, keep),
        "clear": url_of(view, **keep),
        "keep": keep,
        "siblings": [
            (name, label, icon, url_of(name, **filters.given()), name == view) for name, (label, icon, _endpoint) in VIEWS.items()
        ],
        "given": filters.given(),
        "view_urls": [
            (name, url_for("products.open_view", view_id=i), url_for("products.delete_view", view_id=i)) for i, name in offered["view"]
        ],
    }


def _selects() -> list[tuple[str, str]]:
    return [
        ("stage", _("Stage")), ("programme", _("Programme")), ("owner", _("Owner")), ("risk", _("Risk")),
    ]  # fmt: skip


def _more() -> list[tuple[str, str]]:
    return [("type", _("Type")), ("category", _("Category")), ("participant", _("Takes part"))]


def _sorts() -> list[tuple[str, str]]:
    """Every order of the list, also for a phone, where the table has no head to press."""
    return [
        ("-updated", _("Changed last")), ("updated", _("Changed longest ago")), ("name", _("Name")), ("-name", _("Name, backwards")),
        ("code", _("Code")), ("-code", _("Code, backwards")), ("since", _("Longest in stage")), ("-since", _("Shortest in stage")),
        ("due", _("Next milestone")), ("-due", _("Last milestone")), ("launch", _("Earliest launch")), ("-launch", _("Latest launch")),
    ]  # fmt: skip


def _chips(view: str, filters: Filters, offered: dict[str, list[Any]], keep: dict[str, Any]) -> list[dict[str, Any]]:
    labels = {**dict(_selects()), **dict(_more()), "q": _("Text")}
    return [
        {
            "label": f"{labels[name]}: {dict(offered.get(name, [])).get(value, value)}",
            "remove_url": url_of(view, **{**filters.without(name), **keep}),
        }
        for name, value in filters.narrowing().items()
    ]
