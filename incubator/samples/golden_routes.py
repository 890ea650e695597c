"""The register of golden samples, the page of one, and its seal card as PDF."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext

from incubator.kernel import exports, paging, web, workflow
from incubator.products import frame
from incubator.samples import golden_queries, judging, printing, queries, results, words
from incubator.samples.blueprint import blueprint
from incubator.samples.models import GoldenSample

SIDES = ("brand", "factory")
EXPORT_LIMIT = 100_000


def golden_filters() -> dict[str, Any]:
    args = request.args
    found: dict[str, Any] = {"state": args["state"]} if args.get("state") in ("valid", "superseded") else {}
    if text := args.get("q", "").replace("\x00", "").strip()[:100]:
        found["q"] = text
    return found


@blueprint.get("/golden-samples")
@web.allow(*SIDES)
def goldens() -> str:
    actor, filters = web.actor(), golden_filters()
    return render_template(
        "samples/goldens.html", page=golden_queries.listing(actor, filters, request.args.get("cursor")), filters=filters, words=words,
        machine=workflow.machines[GoldenSample], is_brand=actor.role == "brand",
    )  # fmt: skip


@blueprint.get("/golden-samples/export.<any(csv, xlsx):fmt>")
@web.allow(*SIDES)
def export_goldens(fmt: str) -> Response:
    actor, machine = web.actor(), workflow.machines[GoldenSample]
    heads = [
        gettext("Seal number"), gettext("State"), gettext("Product"), gettext("Brand") if actor.role == "factory" else gettext("Factory"),
        gettext("Round"), gettext("Kind"), gettext("Sealed on"), gettext("Storage place"), gettext("Kept by the brand"), gettext("Kept by the factory"),
    ]  # fmt: skip
    cells = (
        (
            r.number, str(machine.state(r.state).label), r.product, r.other, r.round_number, str(words.KINDS[r.kind]), r.sealed_at.date(),
            r.storage_place, r.kept_by_brand, r.kept_by_factory,
        )
        for r in _every_row(golden_filters())
    )  # fmt: skip
    return exports.download(heads, cells, fmt, gettext("golden samples"))


def _every_row(filters: dict[str, Any]) -> Iterator[Any]:
    cursor, actor = None, web.actor()
    for _ in range(EXPORT_LIMIT // paging.LARGEST_PAGE):
        page = golden_queries.listing(actor, filters, cursor, paging.LARGEST_PAGE)
        yield from page.rows
        cursor = page.next
        if cursor is None:
            return


@blueprint.get("/golden-samples/<int:golden_id>")
@web.allow(*SIDES)
def golden(golden_id: int) -> str:
    actor = web.actor()
    found = golden_queries.whole(golden_id, actor)
    general, by_requirement = queries.photos(found.round, actor)
    return render_template(
        "samples/golden.html", golden=found, round=found.round, lines=results.lines(found.round, photos=by_requirement), words=words,
        photos=[*general, *(p for some in by_requirement.values() for p in some)], state=workflow.state_of(found), written=judging.shown,
        replaced=golden_queries.replaced(found, actor), **frame.frame_context(found.product, actor, "samples"),
    )  # fmt: skip


@blueprint.get("/golden-samples/<int:golden_id>/seal-card-<any(zh, en):language>.pdf")
@web.allow(*SIDES)
def seal_card(golden_id: int, language: str) -> Response:
    return printing.answer(golden_queries.whole(golden_id, web.actor()), language, web.actor())
