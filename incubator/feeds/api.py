"""Feeds as JSON under /api/v1: send a file and ask what became of it. Bearer tokens only."""

from typing import Any

from apiflask import APIBlueprint, Schema, fields
from flask import current_app, url_for
from marshmallow import RAISE
from marshmallow.validate import Length

from incubator.feeds import panel, queries, taking
from incubator.feeds.models import Feed, FeedFile
from incubator.kernel import access, clock, json_edge, openapi, paging, sent, web

blueprint = APIBlueprint("feeds_api", __name__, url_prefix="/api/v1", tag="Feeds")
SHOWN = 200  # refused lines of one answer
openapi.takes_a_file("/api/v1/feeds/{feed_id}/files")


class FeedOut(Schema):
    id = fields.Integer()
    name = fields.String()
    kind = fields.String()
    transport = fields.String()
    state = fields.String()


class FeedPageOut(Schema):
    """One page; `next` is a cursor."""

    items = fields.List(fields.Nested(FeedOut))
    next = fields.String(allow_none=True)


class FeedFileOut(Schema):
    """A file that was taken; ask at `status_url` what became of it."""

    id = fields.Integer()
    name = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    received_at = fields.String(metadata={"format": "date-time"})
    status_url = fields.String()


class FeedRefusalOut(Schema):
    line = fields.Integer()
    column = fields.String()
    value = fields.String()
    message = fields.String()


class FeedFileStatusOut(Schema):
    """`status` is checking, mapping (somebody must say which heading is which), checked, failed, applying, applied or refused."""

    id = fields.Integer()
    name = fields.String()
    received_at = fields.String(metadata={"format": "date-time"})
    status = fields.String()
    problem = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    refusals = fields.List(fields.Nested(FeedRefusalOut))


class FeedsIn(json_edge.Strict):
    cursor = fields.String(validate=Length(max=1000))


class FileNameIn(json_edge.Strict):
    name = fields.String(load_default="feed.csv", validate=Length(min=1, max=500), metadata={"description": "What the file is called."})


def _feed(feed_id: int) -> Feed:
    feed: Feed = access.get_visible(Feed, feed_id, web.actor())
    return feed


@blueprint.get("/feeds")
@blueprint.input(FeedsIn, location="query", unknown=RAISE)
@blueprint.output(FeedPageOut)
@web.signed_in
def list_feeds(query_data: dict[str, Any]) -> Any:
    """The feeds of your organisation, the youngest first."""
    page = queries.listing(web.actor(), {}, query_data.get("cursor"), paging.LARGEST_PAGE)
    return {"items": page.rows, "next": page.next}


@blueprint.post("/feeds/<int:feed_id>/files")
@blueprint.input(FileNameIn, location="query", unknown=RAISE)
@blueprint.input(sent.KeyIn, location="headers", validation=False)
@blueprint.output(FeedFileOut, status_code=202)
@blueprint.doc(
    description="The body is the file itself (CSV or XLSX, up to 20 MB), or a form with it as `file`. 409: other bytes came under this key before, "
    "or the feed takes nothing now: it is paused, has stopped, is closed, or is no push feed. A repetition is answered as the first time all the same."
)
@web.signed_in
def send_file(feed_id: int, query_data: dict[str, Any], headers_data: dict[str, Any]) -> Any:
    """Send a file into a push feed."""
    feed = _feed(feed_id)
    key, given = sent.key(headers_data), sent.file(query_data["name"])
    return _taken(taking.push(feed, key, str(given.filename), taking.checked_bytes(given), web.actor(), clock.now()))


def _taken(taken: FeedFile) -> dict[str, Any]:
    address = url_for("feeds_api.get_file", feed_id=taken.feed_id, file_id=taken.id)
    return {
        "id": taken.id, "name": taken.name, "size": taken.size, "sha256": taken.sha256, "received_at": taken.taken_at.isoformat(),
        "status_url": str(current_app.config["BASE_URL"]) + address,
    }  # fmt: skip


@blueprint.get("/feeds/<int:feed_id>/files/<int:file_id>")
@blueprint.output(FeedFileStatusOut)
@web.signed_in
def get_file(feed_id: int, file_id: int) -> Any:
    """What became of a file: its state, how many lines went where, and the first refused ones."""
    row = queries.file(_feed(feed_id), file_id, web.actor())
    return {
        "id": row.id, "name": row.name, "received_at": row.taken_at.isoformat(), "status": panel.outcome(row)[0], "problem": row.problem,
        "counts": row.counts or {}, "refusals": queries.refusals(row.id, web.actor(), SHOWN),
    }  # fmt: skip
