"""Pictures for the demo's samples: a piece on a bench beside a ruler, drawn here, so that no photo of a stranger's is needed."""

from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage

WIDTH, HEIGHT = 960, 720
BENCH = 520
TONES = ((196, 184, 166), (168, 182, 176), (186, 172, 178), (172, 178, 192), (190, 186, 160))
BODIES = ((62, 84, 80), (120, 78, 58), (74, 82, 110), (140, 120, 70), (88, 74, 92))


def photo(seed: int, name: str) -> FileStorage:
    """A JPEG as an upload; the same seed draws the same picture."""
    from PIL import Image, ImageDraw, ImageFilter  # noqa: PLC0415 - only where the demo is loaded

    tone, body = TONES[seed % len(TONES)], BODIES[(seed // 2) % len(BODIES)]
    picture = Image.new("RGB", (WIDTH, HEIGHT), tone)
    draw = ImageDraw.Draw(picture)
    for y in range(BENCH):
        draw.line((0, y, WIDTH, y), fill=tuple(min(255, c + 40 - y * 40 // BENCH) for c in tone))
    draw.rectangle((0, BENCH, WIDTH, HEIGHT), fill=tuple(c - 34 for c in tone))
    shadow = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(shadow).ellipse((230, BENCH + 10, 730, BENCH + 90), fill=150)
    picture.paste((60, 54, 48), mask=shadow.filter(ImageFilter.GaussianBlur(24)))
    _piece(draw, body, seed)
    _ruler(draw)
    stream = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.6)).save(stream, "JPEG", quality=82)
    stream.seek(0)
    return FileStorage(stream, name, content_type="image/jpeg")


def _piece(draw: Any, body: tuple[int, ...], seed: int) -> None:
    """A rounded body with a lighter face, a seam and a tag; its height depends on the seed."""
    top = 150 + (seed * 37) % 120
    light = tuple(min(255, c + 46) for c in body)
    draw.rounded_rectangle((300, top, 660, BENCH + 50), 46, fill=body)
    draw.rounded_rectangle((330, top + 26, 560, BENCH + 20), 34, fill=light)
    for n in range(4):
        draw.line((350, top + 70 + n * 52, 540, top + 70 + n * 52), fill=body, width=5)
    draw.ellipse((590, top + 60, 632, top + 102), fill=light)
    draw.rectangle((596, BENCH - 60, 648, BENCH + 4), fill=(244, 240, 228))


def _ruler(draw: Any) -> None:
    draw.rectangle((120, 640, 840, 690), fill=(236, 226, 190))
    for n in range(0, 721, 12):
        draw.line((120 + n, 640, 120 + n, 664 if n % 60 == 0 else 652), fill=(70, 62, 50), width=2)
