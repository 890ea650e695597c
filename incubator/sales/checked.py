"""What the check of a file found, kept beside the application until it is applied, so that the file is read once.

It is kept under all that it follows from: another mapping, another time zone, another day, and the file is read again. Nothing is lost with it:
where it is not whole, not as it was written, or had no room, the file is read again, too.
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
        self.import_id, self.folder, self.pieces, self.has_room = import_id, _folder() / f"{import_id}-{name}", list[dict[str, Any]](), True

    def begin(self) -> None:
        """Away with what earlier checks of this import have left, whatever they followed from."""
        for folder in self.folder.parent.glob(f"{self.import_id}-*"):
            _remove(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def keep(self, piece: Batch, duck: Any) -> None:
        """Write a piece down with any connection; where there is no room for it nothing is kept."""
        file = self._file(len(self.pieces))
        digest = _digest(file) if self.has_room and _write(piece.rows.facts, file, duck) else ""
        self.has_room = bool(digest)
        found = {"size": piece.size, "outcomes": dict(piece.outcomes), "refused": piece.refused, "lines": len(piece.rows)}
        self.pieces.append(found | {"digest": digest})

    def finish(self) -> None:
        with suppress(OSError):
            if self.has_room:
                half = self.folder / "half"
                half.write_text(json.dumps(self.pieces))
                half.replace(self.folder / CONTENTS)
                return
        self.forget()

    def batches(self) -> Iterator[Batch] | None:
        """The pieces as they were checked; None when they are not all there as they were written. Why lines were refused is told already."""
        with suppress(FileNotFoundError, ValueError, KeyError):
            pieces = json.loads((self.folder / CONTENTS).read_text())
            if all(_digest(self._file(number)) == piece["digest"] for number, piece in enumerate(pieces)):
                return self._read(pieces)
        return None

    def _read(self, pieces: Sequence[dict[str, Any]]) -> Iterator[Batch]:
        for number, piece in enumerate(pieces):
            yield Batch(piece["size"], piece["outcomes"], (), piece["refused"], Rows(self._file(number), piece["lines"]))

    def _file(self, number: int) -> Path:
        return self.folder / f"{number}.parquet"

    def forget(self) -> None:
        _remove(self.folder)


def _remove(folder: Path) -> None:
    """The contents go first: of what is cut off here the rest is never taken for whole."""
    with suppress(OSError):
        (folder / CONTENTS).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _write(facts: Any, file: Path, duck: Any) -> bool:
    """Whether an Arrow table could be written; a full disk, or a folder that somebody took away, is no fault of the file that is checked."""
    import duckdb  # noqa: PLC0415 - heavy, and loaded already

    try:
        duck.sql("FROM facts").write_parquet(str(file))
    except duckdb.IOException:
        return False
    return True


def _digest(file: Path) -> str:
    """What tells that a file is as it was written, also after the power failed; blank where there is none."""
    with suppress(FileNotFoundError), file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
    return ""


def forget_old(now: datetime) -> int:
    """What nobody has applied within two days goes; how many imports it were."""
    folder, oldest, gone = _folder(), (now - KEPT).timestamp(), 0
    for path in folder.iterdir() if folder.exists() else ():
        with suppress(FileNotFoundError):  # applied meanwhile
            if path.stat().st_mtime < oldest:
                _remove(path)
                gone += 1
    return gone
