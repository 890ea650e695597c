"""The lists of rounds, the Samples tab of a product, and the page of a round."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, exports, paging, web, workflow
from incubator.products import activity, comments, frame, handover
from incubator.samples import (  # noqa: F401 - `checks` adds its criterion
    checks,
    golden_queries,
    golden_routes,
    judging,
    measure_routes,
    queries,
    results,
    round_page,
    service,
    step_routes,
    words,
)
from incubator.samples.blueprint import blueprint
from incubator.samples.models import SampleRound
from incubator.samples.policies import PARTNERS
from incubator.signals import subjects

__all__ = ["blueprint", "golden_routes", "measure_routes", "step_routes"]
SIDES = ("brand", "factory")
EXPORT_LIMIT = 100_000


def list_filters() -> dict[str, Any]:
    """The known filters of the list from the address; without any, the open rounds."""
    args, machine = request.args, workflow.machines[SampleRound]
    known = {"state": {"open", *(s.name for s in machine.states)}, "kind": set(words.KINDS)}
    found: dict[str, Any] = {name: args[name] for name, values in known.items() if args.get(name) in values}
    if args.get("factory_id", "").isdecimal():
        found["factory_id"] = int(args["factory_id"][:15])
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found if "state" in args else {"state": "open", **found}


def list_sort() -> str:
    return request.args.get("sort", "due") if request.args.get("sort") in queries.SORTS else "due"


@blueprint.get("/samples")
@web.allow(*SIDES)
def index() -> str:
    actor, filters, sort = web.actor(), list_filters(), list_sort()
    today = clock.today(actor.timezone)
    return render_template(
        "samples/index.html", page=queries.listing(actor, filters, sort, request.args.get("cursor")), filters=filters, sort=sort, words=words,
        machine=workflow.machines[SampleRound], factories=queries.factories(actor), waiting=queries.waiting_for(actor, today, 20),
        is_brand=actor.role == "brand", today=today, open_states=queries.OPEN,
    )  # fmt: skip


@blueprint.get("/samples/export.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def export(fmt: str) -> Response:
    actor, machine = web.actor(), workflow.machines[SampleRound]
    heads = [
        gettext("Product"), gettext("Brand") if actor.role == "factory" else gettext("Factory"), gettext("Round"), gettext("Kind"),
        gettext("State"), gettext("Quantity"), gettext("To be shipped by"), gettext("Shipped on"), gettext("Received on"),
    ]  # fmt: skip
    states = {s.name: str(s.label) for s in machine.states}
    cells = (
        (r.product, r.other, r.number, str(words.KINDS[r.kind]), states[r.state], r.quantity, r.due_on, r.shipped_on, r.received_on)
        for r in every_row(list_filters(), list_sort())
    )
    return exports.download(heads, cells, fmt, gettext("samples"))


def every_row(filters: dict[str, Any], sort: str) -> Iterator[Any]:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = queries.listing(actor, filters, sort, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.get("/products/<int:product_id>/samples")
@web.allow(*SIDES, *PARTNERS)
def of_product(product_id: int) -> str:
    """Rounds side by side for the brand and the factory; what was approved for those who build on it."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    context = frame.frame_context(product, actor, "samples")
    if actor.role in PARTNERS:
        return render_template(
            "samples/results.html", approved=queries.approved_results(product, actor), words=words, written=judging.shown, **context
        )
    rounds = queries.of_product(product, actor)
    is_brand = actor.role == "brand"
    return render_template(
        "samples/tab.html", comparison=results.comparison(rounds), machine=workflow.machines[SampleRound], words=words, today=clock.today(actor.timezone),
        written=judging.shown, seals=golden_queries.of_product(product, actor), not_yet=service.why_not_yet(product, actor) if is_brand else None,
        may_request=access.may("sample.request", actor, product), **context,
    )  # fmt: skip


@blueprint.get("/samples/<int:round_id>")
@web.allow(*SIDES)
def show(round_id: int) -> Any:
    actor = web.actor()
    return round_page.render(queries.whole(round_id, actor), actor)


comments.register_subject(SampleRound, lambda round: f"/samples/{round.id}#comments")
handover.register_work("sampling", _l("Ask for samples"), "samples.of_product", "samples")
frame.register_tab("samples", _l("Samples"), "samples.of_product", 30, (*SIDES, *PARTNERS), queries.waiting_in)
activity.register(words.ACTS)
subjects.register(
    "sample_round",
    _l("Samples"),
    SampleRound,
    name=lambda r: gettext("Round %(n)s", n=r.number) + " · " + str(words.KINDS[r.kind]),
    page=lambda i: f"/samples/{i}",
    told=("factory",),
)
