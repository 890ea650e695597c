"""Photos as bytes under /api/v1, for a factory's own system: with the answer to a SKU of a pack, and with a promise as its proof."""

import hashlib
import io
from typing import Any

from apiflask import Schema, fields
from flask import request
from flask_babel import gettext
from marshmallow import RAISE, ValidationError
from marshmallow.validate import Length
from werkzeug.datastructures import FileStorage

from incubator.feedback import photo_service, queries
from incubator.feedback.api_blueprint import blueprint
from incubator.feeds.api import KeyIn
from incubator.kernel import clock, files, json_edge, openapi, web
from incubator.kernel.errors import Invalid, TooLarge
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
@blueprint.input(KeyIn, location="headers", validation=False)
@blueprint.output(FeedbackPhotoOut, status_code=201)
@blueprint.doc(description=SAID)
@web.allow("factory")
def add_answer_photo(section_id: int, query_data: dict[str, Any], headers_data: dict[str, Any]) -> Any:
    """Add a photo to your answer to a SKU, while the pack waits for it. Sent twice under one key is kept once."""
    return _kept(queries.section(section_id, web.actor()), query_data["name"], headers_data)


@blueprint.post("/feedback-promises/<int:action_id>/photos")
@blueprint.input(PhotoNameIn, location="query", unknown=RAISE)
@blueprint.input(KeyIn, location="headers", validation=False)
@blueprint.output(FeedbackPhotoOut, status_code=201)
@blueprint.doc(description=SAID)
@web.allow("factory")
def add_proof_photo(action_id: int, query_data: dict[str, Any], headers_data: dict[str, Any]) -> Any:
    """Add a photo to a promise that is still open, as the proof of finishing it. Sent twice under one key is kept once."""
    return _kept(queries.action(action_id, web.actor()), query_data["name"], headers_data)


def _kept(about: Any, name: str, headers: Any) -> StoredFile:
    try:
        key = str(KeyIn().load(dict(headers))["idempotency_key"])
    except ValidationError as error:
        raise Invalid({"Idempotency-Key": [str(m) for m in error.messages_dict["Idempotency-Key"]]}) from error
    upload, digest = _sent(name)
    return photo_service.add(about, upload, digest, key, web.actor(), clock.now())


def _sent(name: str) -> tuple[FileStorage, str]:
    """The picture, looked at before anything is written, and the digest of its bytes as they were sent."""
    if request.mimetype == "multipart/form-data":
        given = request.files.get("file")
        if given is None or len(list(request.files.items(multi=True))) > 1:
            raise Invalid({"file": [gettext("Send one file, named “file”.")]})
        given.stream.seek(0)
        return given, hashlib.file_digest(given.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a stream of bytes
    data = request.get_data()
    if len(data) > files.MOST_BYTES:
        raise TooLarge(gettext("This file is larger than 20 MB. Make it smaller, or split it."))
    upload = FileStorage(io.BytesIO(data), filename=name)
    files.check(upload)
    return upload, hashlib.sha256(data).hexdigest()
