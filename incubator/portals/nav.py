"""The lifecycle as navigation: what each role finds on the left. An entry whose page does not exist yet is not drawn."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from incubator.codevelopment.models import PARTIES as DEVELOPERS
from incubator.kernel.actor import ORGANISATION_KINDS, Actor
from incubator.launches.policies import PARTNERS as LAUNCH_PARTNERS

BRAND = ("brand",)
STAFF = ("administrator",)
INVESTOR = ("investor",)
PARTIES = tuple(kind for kind in ORGANISATION_KINDS if kind != "brand")


class Entry(NamedTuple):
    """A link; `waits` names the count of what waits for the reader there."""

    label: Any
    icon: str
    endpoint: str
    roles: tuple[str, ...]
    waits: str = ""


GROUPS: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    ("", (Entry(_l("Home"), "home", "portals.home", (*ORGANISATION_KINDS, "administrator", "field_agent")),)),
    (
        _l("Portfolio"),
        (
            Entry(_l("Products"), "product", "products.list", BRAND),
            Entry(_l("Our products"), "product", "products.list", PARTIES),
            Entry(_l("Programmes"), "flag", "products.programmes", BRAND),
            Entry(_l("Portfolio map"), "map", "investors.portfolio", BRAND),
            Entry(_l("Milestones"), "calendar", "schedule.milestones", BRAND, "late"),
            Entry(_l("Working calendar"), "calendar", "schedule.calendar", PARTIES),
        ),
    ),
    (
        _l("Demand"),
        (
            Entry(_l("Voices"), "voice", "signals.voices", BRAND),
            Entry(_l("Topics"), "chart", "signals.topics", BRAND),
            Entry(_l("Segments"), "signal", "signals.segments", BRAND),
            Entry(_l("Complaint wall"), "flag", "signals.wall", BRAND, "wall"),
            Entry(_l("Briefs"), "brief", "briefs.index", (*BRAND, *PARTIES)),
            Entry(_l("Gate reviews"), "gate", "briefs.reviews", (*BRAND, *PARTIES), "reviews"),
            Entry(_l("Imports"), "upload", "imports.index", BRAND),
        ),
    ),
    (
        _l("Supply"),
        (
            Entry(_l("Factories"), "factory", "factories.index", (*BRAND, "administrator", "field_agent"), "factories"),
            Entry(_l("Our profile"), "factory", "factories.mine", ("factory",)),
            Entry(_l("Sourcing"), "sourcing", "sourcing.index", BRAND, "enquiries"),
            Entry(_l("Our enquiries"), "sourcing", "sourcing.index", ("factory",), "enquiries"),
            Entry(_l("Samples"), "sample", "samples.index", BRAND, "samples"),
            Entry(_l("Our samples"), "sample", "samples.index", ("factory",), "samples"),
            Entry(_l("Golden samples"), "shield", "samples.goldens", (*BRAND, "factory")),
            Entry(_l("Co-development"), "codev", "codevelopment.index", BRAND, "codevelopment"),
            Entry(_l("Our deliverables"), "codev", "codevelopment.index", DEVELOPERS, "codevelopment"),
        ),
    ),
    (
        _l("To market"),
        (
            Entry(_l("SKUs"), "list", "launches.skus", (*BRAND, "factory", *LAUNCH_PARTNERS)),
            Entry(_l("Launches"), "launch", "launches.calendar", (*BRAND, "factory", *LAUNCH_PARTNERS), "tasks"),
            Entry(_l("Channels"), "globe", "launches.channels", BRAND),
            Entry(_l("Sales"), "sales", "sales.index", BRAND, "codes"),
            Entry(_l("Our lots"), "product", "sales.lots", ("factory",)),
            Entry(_l("Return findings"), "search", "feedback.findings", BRAND, "findings"),
            Entry(_l("Feeds"), "refresh", "feeds.index", BRAND),
            Entry(_l("Feedback"), "feedback", "feedback.index", (*BRAND, "factory"), "feedback"),
            Entry(_l("Decision ledger"), "timeline", "feedback.ledger", (*BRAND, "factory")),
            Entry(_l("Playbooks"), "book", "feedback.playbooks", (*BRAND, "factory", "administrator", "field_agent")),
        ),
    ),
    (
        _l("Investors"),
        (
            Entry(_l("Commitments"), "investor", "investors.index", BRAND),
            Entry(_l("Tranches"), "money", "investors.tranches", BRAND, "tranches"),
            Entry(_l("Reports"), "chart", "investors.reports", BRAND),
        ),
    ),
    (
        _l("Our investment"),
        (
            Entry(_l("Our commitments"), "investor", "investors.index", INVESTOR),
            Entry(_l("Tranches"), "money", "investors.tranches", INVESTOR, "tranches"),
            Entry(_l("Reports"), "chart", "investors.reports", INVESTOR, "reports"),
        ),
    ),
    (
        _l("Platform"),
        (
            Entry(_l("Organisations"), "users", "accounts.organisations", STAFF),
            Entry(_l("People"), "user", "accounts.people", STAFF),
            Entry(_l("Exchange rates"), "money", "accounts.rates", STAFF),
            Entry(_l("Jobs"), "refresh", "kernel.admin_jobs", STAFF),
            Entry(_l("Mail"), "mail", "kernel.admin_mail", STAFF),
            Entry(_l("Audit"), "shield", "kernel.admin_audit", STAFF),
        ),
    ),
)


def url_or(endpoint: str, default: str = "/", **values: Any) -> str:
    """The address of an endpoint, or `default` while its package is absent."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else default


def build(actor: Actor, waits: Mapping[str, int]) -> list[dict[str, Any]]:
    """The groups that hold something for this actor, with the present page marked."""
    groups = []
    for label, entries in GROUPS:
        shown = [e for e in entries if actor.role in e.roles and e.endpoint in current_app.view_functions]
        if shown:
            groups.append({"label": label, "items": [_item(e, waits) for e in shown]})
    _mark(groups)
    return groups


def _item(entry: Entry, waits: Mapping[str, int]) -> dict[str, Any]:
    return {"label": entry.label, "icon": entry.icon, "url": url_for(entry.endpoint), "count": waits.get(entry.waits, 0), "active": False}


def _mark(groups: list[dict[str, Any]]) -> None:
    """The entry whose address is the longest beginning of the present one."""
    items = [item for group in groups for item in group["items"]]
    path = request.path
    fitting = [i for i in items if path == i["url"] or (i["url"] != "/" and path.startswith(i["url"] + "/"))]
    if fitting:
        max(fitting, key=lambda item: len(item["url"]))["active"] = True
