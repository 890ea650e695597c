"""What an upload is, by its bytes and not by its name or its sender's word. What is not on the list is refused."""

import codecs
import zipfile
from io import BytesIO

import magic
from flask_babel import lazy_gettext as _l

from incubator.kernel.errors import Invalid

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "application/pdf": (".pdf",),
    SPREADSHEET: (".xlsx",),
    DOCUMENT: (".docx",),
    "model/step": (".step", ".stp"),
    "image/vnd.dwg": (".dwg",),
    "image/vnd.dxf": (".dxf",),
    "text/csv": (".csv",),
    "text/plain": (".txt", ".md", ".log"),
}
IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif")
MARKUP = ("text/html", "text/xml", "application/xml", "image/svg+xml", "application/xhtml+xml")
MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<head", b"<body", b"<iframe")
END_RECORD, END_MARK, LOCATOR_MARK = 22, b"PK\5\6", b"PK\6\7"  # of a zip; the locator belongs to archives above 4 GB
CHUNK = 1024 * 1024
MOST_DIRECTORY = 128 * 1024  # bytes: a thousand parts
OFFICE_PARTS = {"xl/workbook.xml": SPREADSHEET, "word/document.xml": DOCUMENT}
SHEETS = ("text/csv", "text/plain", SPREADSHEET)  # what may be lines


class Empty(Invalid):
    """A file without a byte."""


class NoSheet(Invalid):
    """A file that is neither text nor a workbook."""

    def __init__(self) -> None:
        super().__init__(
            {
                "file": [
                    _l(
                        "This is neither a CSV nor an XLSX file, or its characters cannot be read. Save it as CSV (UTF-8) or XLSX and send it again."
                    )
                ]
            }
        )


DRAWINGS = {"model/step": b"ISO-10303-21;", "image/vnd.dwg": b"AC10", "image/vnd.dxf": b"0\nSECTION\n"}


def content_type(data: bytes, name: str) -> str:
    """The type of `data`, one of SUFFIXES; Invalid for every other, for markup, macros and empty files."""
    if not data:
        raise Empty({"file": [_l("This file is empty.")]})
    sniffed = magic.from_buffer(data[:65536], mime=True)
    found = sniffed if sniffed in SUFFIXES and not sniffed.startswith("text/") and sniffed not in OFFICE_PARTS.values() else None
    if data.startswith(b"PK"):
        found = _office(data)
    elif drawing := _drawing(data, name):
        found = drawing
    elif found is None and sniffed not in MARKUP and _is_text(data):
        found = "text/csv" if name.lower().endswith(".csv") else "text/plain"
    if found is None:
        raise Invalid(
            {"file": [_l("This kind of file is not accepted. Send a picture, PDF, XLSX, DOCX, CSV, text or CAD file (STEP, DXF, DWG).")]}
        )
    return found


def _drawing(data: bytes, name: str) -> str | None:
    """A CAD file by its first bytes and its name; none is ever shown, all are downloads."""
    start = b"\n".join(line.strip() for line in data[:64].splitlines())
    fits = (kind for kind, mark in DRAWINGS.items() if start.startswith(mark) and name.lower().endswith(SUFFIXES[kind]))
    found = next(fits, None)
    return found if found in (None, "image/vnd.dwg") or _is_text(data) else None


def _office(data: bytes) -> str | None:
    try:
        names = {part.filename for part in parts(data)}
    except zipfile.BadZipFile:
        return None
    if any(n.lower().endswith("vbaproject.bin") for n in names):
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def parts(data: bytes) -> list[zipfile.ZipInfo]:
    """The parts of a zip archive, nothing unpacked. BadZipFile for what is none, or needs more of a directory than an office file.

    420,000 entries fit into 20 MB, and reading them takes seconds: the end record says how long the directory is.
    """
    last = max(0, len(data) - END_RECORD)
    at = last if data.startswith(END_MARK, last) and data.endswith(b"\0\0") else data.rfind(END_MARK, max(0, last - 65536))
    directory = int.from_bytes(data[at + 12 : at + 16], "little")
    if at < 0 or directory > MOST_DIRECTORY or data[max(0, at - 20) : at].startswith(LOCATOR_MARK):
        raise zipfile.BadZipFile
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (ValueError, NotImplementedError, OSError, OverflowError) as error:
        raise zipfile.BadZipFile from error


def _is_text(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decodes(data, "utf-16") and _is_plain(data[:8192].decode("utf-16", "ignore").encode())
    return b"\0" not in data and _is_plain(data) and (decodes(data, "utf-8") or decodes(data, "gb18030"))


def _is_plain(data: bytes) -> bool:
    """Neither markup nor anything with control characters at its beginning."""
    marked = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP_STARTS)
    return not marked and not any(byte < 32 and byte not in b"\t\r\n\f" for byte in data[:8192])


def decodes(data: bytes, encoding: str) -> bool:
    """Whether all of `data` is text in `encoding`; a megabyte at a time, so that a large file is not there twice."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(data), CHUNK):
            decoder.decode(data[at : at + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
