"""Pages of co-development: the list of deliverables, and the product's tab. The other views stand beside, by noun."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.codevelopment import (
    agreement_queries,
    agreement_routes,
    deliverable_routes,
    engagement_routes,
    ledger_routes,
    page_queries,
    part_routes,
    queries,
    readiness,
    review_routes,
    room_queries,
    room_routes,
    words,
)
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.models import Deliverable, Engagement
from incubator.codevelopment.service import page as page_of
from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.products import activity, comments, frame
from incubator.products import words as product_words
from incubator.products.filters import Filters

__all__ = [
    "agreement_routes",
    "blueprint",
    "deliverable_routes",
    "engagement_routes",
    "ledger_routes",
    "part_routes",
    "review_routes",
    "room_routes",
]
ROLES = deliverable_routes.ROLES
COLUMNS = (
    ("title", _l("Title")), ("product_name", _l("Product")), ("kind", _l("Kind")), ("owner_name", _l("Owed by")), ("state", _l("State")),
    ("due_on", _l("Due")), ("review_due_on", _l("Review by")), ("current_number", _l("Revision")), ("updated_at", _l("Changed")),
)  # fmt: skip
EXPORT_LIMIT = 100_000


def list_filters() -> dict[str, Any]:
    """The known filters of the list from the query string; unknown values are left out."""
    args = request.args
    known = {"state": {s.name for s in workflow.machines[Deliverable].states}, "kind": words.KINDS, "show": queries.WHICH}
    found: dict[str, Any] = {name: args[name] for name, values in known.items() if args.get(name) in values}
    found.setdefault("show", "open")
    ids = Filters.read({"programme": args.get("product_id", ""), "owner": args.get("owner_id", "")})
    found |= {name: value for name, value in (("product_id", ids.programme), ("owner_id", ids.owner)) if value}
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


@blueprint.get("/deliverables")
@web.allow(*ROLES)
def index() -> str:
    """Every deliverable that the reader may see; what waits for it first."""
    actor, filters = web.actor(), list_filters()
    sort, today = request.args.get("sort", "due"), clock.today(actor.timezone)
    page = queries.listing(actor, filters, sort, request.args.get("cursor"), today)
    return render_template(
        "codevelopment/index.html", page=page, filters=filters, sort=sort, words=words, today=today,
        machine=workflow.machines[Deliverable], options=queries.options(actor), asked=queries.asked_of(actor, today, 20),
    )  # fmt: skip


@blueprint.get("/deliverables/export.<any(csv, xlsx):fmt>")
@web.allow(*ROLES)
def export(fmt: str) -> Response:
    rows = _every_row(list_filters(), request.args.get("sort", "due"))
    cells = ([_cell(row, name) for name, _ in COLUMNS] for row in rows)
    return exports.download([str(label) for _, label in COLUMNS], cells, fmt, gettext("deliverables"))


def _every_row(filters: dict[str, Any], sort: str) -> Any:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, sort, cursor, clock.today(actor.timezone), paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if name == "state":
        return str(workflow.machines[Deliverable].state(value).label)
    return str(words.KINDS[value]) if name == "kind" else value


@blueprint.get("/products/<int:product_id>/codevelopment")
@web.allow(*ROLES)
def of_product(product_id: int) -> str:
    """The tab: board of deliverables, who develops along, the consortium, the data room."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    return render_template(
        "codevelopment/tab.html", cards=queries.of_product(product, actor), engagements=page_queries.engagements(product, actor),
        versions=agreement_queries.versions(product, actor), folders=room_queries.folders(product, actor), words=words, kinds=product_words.KINDS,
        machine=workflow.machines[Deliverable], stages=workflow.machines[Engagement], agreement_machine=agreement_routes.machine(),
        reasons=readiness.missing(product, actor) if actor.role == "brand" and product.state == "codevelopment" else [],
        today=clock.today(actor.timezone), leads=access.may("codevelopment.lead", actor, product),
        **frame.frame_context(product, actor, "codevelopment"),
    )  # fmt: skip


comments.register_subject(Deliverable, page_of)
frame.register_tab("codevelopment", _l("Co-development"), "codevelopment.of_product", 40, ROLES, queries.open_count)
activity.register(words.ACTS)
