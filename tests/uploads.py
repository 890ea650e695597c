"""Files as people and attackers send them, made here and never stored in the repository."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

import xlsxwriter
from PIL import Image
from werkzeug.datastructures import FileStorage


def an_upload(data: bytes, name: str | None = "file.bin", content_type: str = "application/octet-stream") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name, content_type=content_type)


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 800), **options: Any) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, (180, 60, 40)).save(buffer, kind, **options)
    return buffer.getvalue()


def a_picture_with_a_position() -> bytes:
    """A phone's photo: lying on its side, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010E] = "SECRET-PLACE"
    exif.get_ifd(0x8825)[1] = "N"
    return a_picture("JPEG", (1000, 500), exif=exif, comment=b"SECRET-COMMENT")


def a_giant_picture(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that claims to be `width` by `height`."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def a_workbook(rows: list[list[Any]]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            sheet.write_row(y, 0, row)
    return buffer.getvalue()


def with_part(workbook: bytes, part: str, change: Any) -> bytes:
    """`workbook` with one part of the archive replaced by `change(old bytes)`."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return buffer.getvalue()
