"""A file that a program sends under /api/v1: the body itself, or a form with it as `file`; and the key under which it may come again."""

import io
from typing import Any

from apiflask import Schema, fields
from flask import request
from flask_babel import gettext
from marshmallow import EXCLUDE, ValidationError
from marshmallow.validate import Length, Regexp
from werkzeug.datastructures import FileStorage

from incubator.kernel import files
from incubator.kernel.errors import Invalid, TooLarge


class KeyIn(Schema):
    """The same key with the same bytes gets the first answer again; with other bytes it is refused."""

    class Meta:
        unknown = EXCLUDE

    idempotency_key = fields.String(
        required=True, data_key="Idempotency-Key", validate=[Length(min=1, max=200), Regexp(r"^[!-~]([ -~]*[!-~])?$")]
    )


def key(headers: Any) -> str:
    """The idempotency key; Invalid without one. Views ask after they have found what it is for, so that strangers learn nothing."""
    try:
        return str(KeyIn().load(dict(headers))["idempotency_key"])
    except ValidationError as error:
        raise Invalid({"Idempotency-Key": [str(m) for m in error.messages_dict["Idempotency-Key"]]}) from error


def file(name: str) -> FileStorage:
    """What was sent, called `name` where it does not say; Invalid for a form without one file, TooLarge above 20 MB."""
    if request.mimetype == "multipart/form-data":
        given = request.files.get("file")
        if given is None or len(list(request.files.items(multi=True))) > 1:
            raise Invalid({"file": [gettext("Send one file, named “file”.")]})
        given.filename = given.filename or name
        return given
    data = request.get_data()
    if len(data) > files.MOST_BYTES:
        raise TooLarge(gettext("This file is larger than 20 MB. Make it smaller, or split it."))
    return FileStorage(io.BytesIO(data), filename=name)
