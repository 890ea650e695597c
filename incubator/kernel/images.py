"""Photos made harmless: size checked before decoding, turned upright, written anew without metadata, with a thumbnail.

It never returns the bytes that came in, so that nothing hidden in them (position, scripts, a second format) reaches anyone.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.errors import Invalid, TooLarge

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 640
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class Photo:
    """Re-encoded bytes, their type, their size in pixels, and a WebP thumbnail of at most 640 px."""

    data: bytes
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def reencode(data: bytes) -> Photo:
    """`data` as a clean photo of at most 4096 px. TooLarge above 40 megapixels (nothing is decoded), Invalid when it is no image."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - only where photos arrive

    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _check_size(image)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            kind = "JPEG" if image.format == "JPEG" else "PNG" if image.format in ("PNG", "GIF") else "WEBP"
            return _write(upright, kind)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Invalid({"file": [_l("This picture is damaged or is not a picture. Send a PNG, JPEG, WebP or GIF file.")]}) from error


def _check_size(image: Any) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> TooLarge:
    return TooLarge(_l("This picture has more than 40 megapixels. Make it smaller and send it again."))


def _write(image: Any, kind: str) -> Photo:
    transparent = "A" in image.getbands() or "transparency" in image.info
    image = image.convert("RGBA" if transparent and kind != "JPEG" else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    data = _encoded(image, kind)
    width, height = image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(data, f"image/{kind.lower()}", width, height, _encoded(image, "WEBP"))


def _encoded(image: Any, kind: str) -> bytes:
    buffer = BytesIO()
    image.info.clear()  # comments, profiles and text chunks would otherwise be written again
    image.save(buffer, kind, quality=88 if kind == "JPEG" else 82) if kind != "PNG" else image.save(buffer, kind, optimize=False)
    return buffer.getvalue()
