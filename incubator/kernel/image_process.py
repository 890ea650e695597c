"""The child that decodes a stranger's picture from stdin and writes it anew, with a thumbnail. Run by `isolated`; it imports nothing of ours.

One line of JSON, then the photo, then the thumbnail. It makes the picture small before it turns or converts it: a copy of 40
megapixels is 160 MB.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 640
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SCALED = ("RGB", "RGBA", "L")  # modes that can be made small as they are
FAST_PNG = 3  # zlib level: the default takes three times as long for a tenth less


def main() -> None:
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - after the limit is set

    try:
        with Image.open(BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return refuse("size")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            kind = "JPEG" if image.format == "JPEG" else "PNG" if image.format in ("PNG", "GIF") else "WEBP"
            wanted = "RGBA" if kind != "JPEG" and ("A" in image.getbands() or "transparency" in image.info) else "RGB"
            small = image if image.mode in SCALED and "transparency" not in image.info else image.convert(wanted)
            small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return write(ImageOps.exif_transpose(small).convert(wanted), kind)
    except (Image.DecompressionBombError, MemoryError):
        return refuse("size")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return refuse("damaged")


def refuse(why: str) -> None:
    sys.stdout.buffer.write(json.dumps({"refused": why}).encode() + b"\n")


def write(image: Any, kind: str) -> None:
    data, (width, height) = encoded(image, kind), image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    shape = {"content_type": f"image/{kind.lower()}", "width": width, "height": height, "size": len(data)}
    sys.stdout.buffer.write(json.dumps(shape).encode() + b"\n" + data + encoded(image, "WEBP"))


def encoded(image: Any, kind: str) -> bytes:
    buffer = BytesIO()
    image.info.clear()  # comments, profiles and text chunks would otherwise be written again
    options = {"compress_level": FAST_PNG} if kind == "PNG" else {"quality": 88 if kind == "JPEG" else 82}
    image.save(buffer, kind, **options)
    return buffer.getvalue()


if __name__ == "__main__":
    memory = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
