"""What the check of a file found, kept beside the application until it is applied, so that the file is read once.

It is kept under all that it follows from: another mapping, another time zone, another day, and the file is read again. Nothing is lost with it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from incubator.imports.kinds import Batch

KEPT = timedelta(days=2)
CONTENTS = "pieces.json"  # written last


class Rows:
    """What `apply` takes of a piece: facts as an Arrow table or a Parquet file; its length is the number of lines that they stem from."""

    def __init__(self, facts: Any, lines: int) -> None:
        self.facts, self.lines = facts, lines

    def __len__(self) -> int:
        return self.lines


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "cache" / "checked"


class Checked:
    """The pieces of one import, as `basis` (whatever they follow from) makes them."""

    def __init__(self, import_id: int, basis: Sequence[Any]) -> None:
        name = hashlib.sha256(repr(tuple(basis)).encode()).hexdigest()[:32]
        self.folder, self.pieces = _folder() / f"{import_id}-{name}", list[dict[str, Any]]()

    def begin(self) -> None:
        """Away with what a check that was cut off has left."""
        self.forget()
        self.folder.mkdir(parents=True)

    def keep(self, piece: Batch, duck: Any) -> None:
        """Write a piece down, with any connection."""
        facts = piece.rows.facts  # noqa: F841 - the query names it
        duck.sql("FROM facts").write_parquet(str(self._file(len(self.pieces))))
        self.pieces.append({"size": piece.size, "outcomes": dict(piece.outcomes), "refused": piece.refused, "lines": len(piece.rows)})

    def finish(self) -> None:
        half = self.folder / "half"
        half.write_text(json.dumps(self.pieces))
        half.replace(self.folder / CONTENTS)

    def batches(self) -> Iterator[Batch] | None:
        """The pieces as they were checked; None when they are not all there. Why lines were refused is told already."""
        with suppress(FileNotFoundError):
            return self._read(json.loads((self.folder / CONTENTS).read_text()))
        return None

    def _read(self, pieces: Sequence[dict[str, Any]]) -> Iterator[Batch]:
        for number, piece in enumerate(pieces):
            yield Batch(piece["size"], piece["outcomes"], (), piece["refused"], Rows(self._file(number), piece["lines"]))

    def _file(self, number: int) -> Path:
        return self.folder / f"{number}.parquet"

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def forget_old(now: datetime) -> int:
    """What nobody has applied within two days goes; how many imports it were."""
    folder, oldest = _folder(), (now - KEPT).timestamp()
    old = [path for path in (folder.iterdir() if folder.exists() else ()) if path.stat().st_mtime < oldest]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
