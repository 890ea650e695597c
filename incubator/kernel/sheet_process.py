"""The child that reads an XLSX workbook from stdin and writes its first sheet as JSON rows. Run by `isolated`; it imports nothing of ours.

A workbook may claim a cell in the last row and column, for which the reader would reserve gigabytes: the memory limit ends that.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any


def text(value: Any) -> str:
    """A cell as an importer reads it: numbers without a needless ".0", dates in ISO form."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return (
        value.isoformat()
        if isinstance(value, date | time)
        else str(value).replace("\0", "")
        if not isinstance(value, timedelta)
        else str(value.total_seconds())
    )


MOST_ROWS = 100_002
MOST_CELLS = 3_000_000


def main() -> None:
    import python_calamine  # noqa: PLC0415 - after the limit is set

    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
    sys.stdout.write(json.dumps({"height": sheet.height, "width": sheet.width, "start": (sheet.start or (0, 0))[0]}) + "\n")
    if sheet.height > MOST_ROWS or sheet.height * sheet.width > MOST_CELLS:
        return
    for row in sheet.iter_rows():
        sys.stdout.write(json.dumps([text(cell) for cell in row], ensure_ascii=False) + "\n")


if __name__ == "__main__":
    memory = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
