"""Drawings for the demo's deliverables: sheets with a desk, a chair, colour swatches and a mould, drawn here; no stranger's picture is needed."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage

WIDTH, HEIGHT = 1280, 900
PAPER, INK, THIN, BLUE, RED, WOOD, STEEL = "#fbfaf6", "#22272b", "#9aa3a8", "#2f5d8c", "#b4432f", "#d9b98a", "#c4ccd2"
FONT = "NotoSansCJK-Regular.ttc"


def sheet(name: str, title: str, revision: int, paint: Callable[[Any, int], None]) -> FileStorage:
    """A PNG as an upload: a framed sheet with a title block; `paint(draw, revision)` draws what is on it."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only where the demo is loaded

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    for x in range(40, WIDTH - 40, 40):
        draw.line((x, 40, x, HEIGHT - 40), fill="#f0eee7")
    for y in range(40, HEIGHT - 40, 40):
        draw.line((40, y, WIDTH - 40, y), fill="#f0eee7")
    draw.rectangle((30, 30, WIDTH - 30, HEIGHT - 30), outline=INK, width=3)
    paint(draw, revision)
    _title_block(draw, title, revision)
    stream = BytesIO()
    picture.save(stream, "PNG")
    stream.seek(0)
    return FileStorage(stream, name, content_type="image/png")


def _font(size: int) -> Any:
    """A font that knows Chinese where one is installed; Pillow's own where none is."""
    from PIL import ImageFont  # noqa: PLC0415 - only where the demo is loaded

    try:
        return ImageFont.truetype(FONT, size)
    except OSError:
        return ImageFont.load_default(size)


def _title_block(draw: Any, title: str, revision: int) -> None:
    draw.rectangle((WIDTH - 430, HEIGHT - 120, WIDTH - 30, HEIGHT - 30), fill="#ffffff", outline=INK, width=2)
    draw.line((WIDTH - 430, HEIGHT - 75, WIDTH - 30, HEIGHT - 75), fill=INK)
    draw.text((WIDTH - 415, HEIGHT - 112), title, fill=INK, font=_font(22))
    draw.text((WIDTH - 415, HEIGHT - 66), f"REV {revision}    1 : 10    mm", fill=THIN, font=_font(20))


def _measure(draw: Any, x: int, y: int, far: int, text: str) -> None:
    """A dimension line from `x` to `far` at height `y`."""
    draw.line((x, y, far, y), fill=BLUE, width=2)
    for end in (x, far):
        draw.line((end, y - 10, end, y + 10), fill=BLUE, width=2)
    draw.text(((x + far) // 2 - 24, y - 30), text, fill=BLUE, font=_font(20))


def desk(draw: Any, revision: int) -> None:
    """A standing desk from the front; the second revision has a cable tray and a stiffer crossbar."""
    draw.rounded_rectangle((220, 250, 1060, 290), 8, fill=WOOD, outline=INK, width=3)
    for x in (300, 930):
        draw.rectangle((x, 290, x + 50, 520), fill=STEEL, outline=INK, width=3)
        draw.rectangle((x + 8, 520, x + 42, 700), fill="#dfe4e8", outline=INK, width=3)
        draw.rounded_rectangle((x - 70, 700, x + 120, 724), 10, fill=STEEL, outline=INK, width=3)
    draw.rectangle((350, 305, 930, 305 + 14 * (1 + revision)), fill="#dfe4e8", outline=INK, width=3)
    draw.rectangle((960, 296, 1040, 322), fill="#3c444b", outline=INK, width=2)
    if revision > 1:
        draw.rounded_rectangle((440, 360, 840, 410), 10, outline=RED, width=4)
        for n in range(9):
            draw.line((460 + n * 42, 362, 460 + n * 42, 408), fill=RED, width=2)
    _measure(draw, 220, 200, 1060, "1400")
    _measure(draw, 300, 790, 980, "1130")


def chair(draw: Any, revision: int) -> None:
    """A task chair from the side; the lumbar support moves with the revision."""
    shift = 26 * (revision - 1)
    draw.line((640, 560, 640, 690), fill=INK, width=16)
    for dx in (-170, 0, 170):
        draw.line((640, 690, 640 + dx, 760), fill=INK, width=12)
        draw.ellipse((622 + dx, 748, 658 + dx, 784), fill="#3c444b")
    draw.rounded_rectangle((480, 510, 800, 560), 24, fill="#6f8f84", outline=INK, width=4)
    draw.polygon([(780, 510), (860, 170), (900, 180), (826, 520)], fill="#dfe4e8", outline=INK)
    draw.ellipse((790, 350 - shift, 850, 440 - shift), fill=RED, outline=INK)
    draw.arc((690, 320 - shift, 850, 470 - shift), 300, 60, fill=BLUE, width=4)
    draw.line((560, 510, 560, 420), fill=INK, width=10)
    draw.rounded_rectangle((500, 400, 660, 424), 12, fill="#3c444b")
    _measure(draw, 480, 840, 800, "490")


def swatches(draw: Any, revision: int) -> None:
    """Colour, material and finish: six chips, two of them warmer in the second revision."""
    tones = ["#d9b98a", "#b98d5c", "#efe9df", "#5d6a66", "#2b2f33", "#8fa39a"]
    if revision > 1:
        tones[0], tones[2] = "#cfa777", "#e6dccb"
    for n, tone in enumerate(tones):
        x, y = 130 + n % 3 * 350, 120 + n // 3 * 330
        draw.rounded_rectangle((x, y, x + 290, y + 220), 16, fill=tone, outline=THIN, width=2)
        draw.text((x + 8, y + 232), f"CMF-{n + 1:02d}   {tone.upper()}", fill=INK, font=_font(22))


def mould(draw: Any, revision: int) -> None:
    """Half a mould from above: plates, two cavities, runner, cooling; the second revision has more cooling."""
    draw.rectangle((220, 150, 1060, 730), fill="#dfe4e8", outline=INK, width=4)
    for x, y in ((250, 180), (980, 180), (250, 650), (980, 650)):
        draw.ellipse((x, y, x + 50, y + 50), fill=PAPER, outline=INK, width=3)
    for x in (340, 700):
        draw.rounded_rectangle((x, 300, x + 240, 580), 36, fill="#b9c3ca", outline=INK, width=4)
        draw.rounded_rectangle((x + 40, 340, x + 200, 540), 26, outline=BLUE, width=3)
    draw.line((580, 440, 700, 440), fill=RED, width=10)
    draw.ellipse((618, 418, 662, 462), fill=RED)
    for n in range(revision):
        draw.line((240, 250 + n * 380, 1040, 250 + n * 380), fill=BLUE, width=6)
    _measure(draw, 220, 110, 1060, "650")
