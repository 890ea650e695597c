"""Photos as bytes under /api/v1, for a factory's own system: with the answer to a SKU of a pack, and with a promise as its proof."""

import hashlib
from typing import Any

from apiflask import Schema, fields
from marshmallow import RAISE
from marshmallow.validate import Length
from werkzeug.datastructures import FileStorage

from incubator.feedback import photo_service, queries
from incubator.feedback.api_blueprint import blueprint
from incubator.kernel import clock, files, json_edge, openapi, sent, web
from incubator.kernel.file_table import StoredFile

SAID = "The body is the picture itself (PNG, JPEG, WebP or GIF by its content, up to 20 MB and 40 megapixels), or a form with it as `file`."
openapi.takes_a_file("/api/v1/feedback-sections/{section_id}/photos")
openapi.takes_a_file("/api/v1/feedback-promises/{action_id}/photos")


class FeedbackPhotoOut(Schema):
    """A photo as it is kept: written anew, without what a camera notes of place and person."""

    id = fields.Integer()
    name = fields.String()
    content_type = fields.String()
    size = fields.Integer()
    width = fields.Integer()
    height = fields.Integer()


class PhotoNameIn(json_edge.Strict):
    name = fields.String(load_default="photo", validate=Length(min=1, max=200), metadata={"description": "What the picture is called."})


@blueprint.post("/feedback-sections/<int:section_id>/photos")
@blueprint.input(PhotoNameIn, location="query", unknown=RAISE)
@blueprint.input(sent.KeyIn, location="headers", validation=False)
@blueprint.output(FeedbackPhotoOut, status_code=201)
@blueprint.doc(description=SAID)
@web.allow("factory")
def add_answer_photo(section_id: int, query_data: dict[str, Any], headers_data: dict[str, Any]) -> Any:
    """Add a photo to your answer to a SKU, while the pack waits for it. Sent twice under one key is kept once."""
    return _kept(queries.section(section_id, web.actor()), query_data["name"], headers_data)


@blueprint.post("/feedback-promises/<int:action_id>/photos")
@blueprint.input(PhotoNameIn, location="query", unknown=RAISE)
@blueprint.input(sent.KeyIn, location="headers", validation=False)
@blueprint.output(FeedbackPhotoOut, status_code=201)
@blueprint.doc(description=SAID)
@web.allow("factory")
def add_proof_photo(action_id: int, query_data: dict[str, Any], headers_data: dict[str, Any]) -> Any:
    """Add a photo to a promise that is still open, as the proof of finishing it. Sent twice under one key is kept once."""
    return _kept(queries.action(action_id, web.actor()), query_data["name"], headers_data)


def _kept(about: Any, name: str, headers: Any) -> StoredFile:
    key, upload = sent.key(headers), sent.file(name)
    return photo_service.add(about, upload, _digest(upload), key, web.actor(), clock.now())


def _digest(upload: FileStorage) -> str:
    """Of the bytes as they were sent; the picture is looked at before anything is written."""
    upload.stream.seek(0)
    digest = hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a stream of bytes
    upload.stream.seek(0)
    if not files.is_checked(upload):
        files.check(upload)
    return digest
