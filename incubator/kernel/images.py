"""Photos made harmless: size checked before decoding, turned upright, written anew without metadata, with a thumbnail.

It never returns the bytes that came in, so that nothing hidden in them (position, scripts, a second format) reaches anyone. A
child decodes (`image_process`): 155 kB of PNG may be 40 megapixels, and a hole in a decoder must not be a hole in the server.
"""

import json
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from incubator.kernel import isolated
from incubator.kernel.errors import Invalid, TooLarge

CHILD_MEMORY = 640  # MiB of address space: 40 megapixels as RGBA, and what a decoder needs beside them
CHILD_SECONDS = 30


@dataclass(frozen=True)
class Photo:
    """Re-encoded bytes, their type, their size in pixels, and a WebP thumbnail of at most 640 px."""

    data: bytes
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def reencode(data: bytes) -> Photo:
    """`data` as a clean photo of at most 4096 px. TooLarge above 40 megapixels (nothing is decoded), Invalid when it is no image.

    It takes up to seconds: call it while no transaction is open.
    """
    try:
        answer = isolated.run("image_process", data, CHILD_SECONDS, CHILD_MEMORY)
    except isolated.ChildFailed as error:
        raise _damaged() from error
    line, _, rest = answer.partition(b"\n")
    shape = json.loads(line)
    if "refused" in shape:
        raise _too_many_pixels() if shape["refused"] == "size" else _damaged()
    size = shape["size"]
    return Photo(rest[:size], shape["content_type"], shape["width"], shape["height"], rest[size:])


def _too_many_pixels() -> TooLarge:
    return TooLarge(_l("This picture has more than 40 megapixels. Make it smaller and send it again."))


def _damaged() -> Invalid:
    return Invalid({"file": [_l("This picture is damaged or is not a picture. Send a PNG, JPEG, WebP or GIF file.")]})
