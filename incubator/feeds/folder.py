"""A folder below FEEDS_DIR: each organisation has one of its own, named by its number. Files are read and left where they lie.

It follows no symbolic link, neither to a folder nor to a file, and takes nothing that changed within the last seconds: whoever
writes slowly, or copies over a network, is waited for.
"""

import os
import stat
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from incubator.feeds import places
from incubator.feeds.places import Found, Growing, Look, Marks, Place, Unfit
from incubator.kernel.errors import Invalid

QUIET = 30.0  # seconds since its last change after which a file counts as finished
OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW


def root(organisation_id: int) -> Path:
    """The folder of one organisation."""
    return Path(current_app.config["FEEDS_DIR"] or current_app.config["DATA_DIR"] / "feeds") / str(organisation_id)


def make(place: Place) -> None:
    """Create the folder, so that there is where to put the first file; an operator may have made it otherwise."""
    try:
        (root(place.organisation_id) / places.below_root(place.place)).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unfit(_l("The folder could not be made. Ask who runs this server to make it.")) from error


def look(place: Place, known: Marks, now: datetime) -> Look:
    """The finished files that were not taken before, the oldest first. Unfit when the folder is not there, or is a link."""
    listed = _listed(place)
    new = [(name, found) for name, found in listed if (_label(name), _mark(found)) not in known]
    ready = [(name, found) for name, found in new if abs(now.timestamp() - found.st_mtime) >= QUIET]
    ready.sort(key=lambda pair: (pair[1].st_mtime_ns, pair[0]))
    taken = ready[: places.MOST_AT_ONCE]
    return Look([_found(place, name, found) for name, found in taken], again=len(taken) < len(new))


def _listed(place: Place) -> list[tuple[str, os.stat_result]]:
    with _opened(place) as folder, os.scandir(folder) as entries:
        return [
            (entry.name, entry.stat(follow_symlinks=False))
            for entry in entries
            if places.is_sheet(entry.name) and entry.is_file(follow_symlinks=False)
        ]


@contextmanager
def _opened(place: Place) -> Any:
    """A descriptor of the folder, reached step by step from the root without following a link."""
    steps = [str(place.organisation_id), *places.below_root(place.place).split("/")]
    folder = -1
    try:
        folder = os.open(root(place.organisation_id).parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        for step in steps:
            inner = os.open(step, OPEN | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder
    except OSError as error:
        raise Unfit(_l("The folder is not there, is a link, or may not be read. Ask who runs this server.")) from error
    finally:
        if folder >= 0:
            os.close(folder)


def _label(name: str) -> str:
    """The name as text: on a disk it may be any bytes."""
    return os.fsencode(name).decode(errors="replace")


def _mark(found: os.stat_result) -> str:
    return f"{found.st_size}:{found.st_mtime_ns}"


def _found(place: Place, name: str, seen: os.stat_result) -> Found:
    label = _label(name)

    def key(sha256: str) -> str:
        return places.digest("folder", label, seen.st_size, sha256)

    return Found(label, _mark(seen), seen.st_size, _loader(place, name, seen), key)


def _open(name: str, folder: int) -> int:
    """A descriptor of a file of the folder. Growing when it went away or became a link; a file that may not be read concerns no other."""
    try:
        return os.open(name, OPEN | os.O_NONBLOCK, dir_fd=folder)
    except PermissionError as error:
        raise Invalid({"file": [_l("This file may not be read by the server. Let it be read, and put it there again.")]}) from error
    except OSError as error:
        raise Growing from error


def _loader(place: Place, name: str, seen: os.stat_result) -> Callable[[], bytes]:
    def load() -> bytes:
        places.check_size(seen.st_size)
        with _opened(place) as folder:
            file = _open(name, folder)
        with os.fdopen(file, "rb") as reader:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise Growing
            data = reader.read(places.MOST_BYTES + 1)
            if len(data) != seen.st_size or _mark(os.fstat(file)) != _mark(seen):
                raise Growing
        return data

    return load
