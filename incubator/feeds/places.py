"""Where a feed looks, as a plain value, and what it finds there. Network and disk are read while no transaction is open, so this holds no row."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from incubator.feeds.models import Feed
from incubator.kernel import sheets
from incubator.kernel.errors import AppError, Invalid, TooLarge

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx")
MOST_AT_ONCE = 200  # files of one look; the next look begins at once where there were more
MOST_BYTES = sheets.MOST_STREAMED_BYTES
PART = re.compile(r"[^\W_][\w .\-]{0,59}")
Marks = Collection[tuple[str, str]]  # (name, mark) of what was taken before


class Unfit(AppError):
    """A place that cannot be looked at as things are, with what to do about it."""

    status = 409


class Growing(Exception):
    """The file changed while it was read: it is taken another time."""


@dataclass(frozen=True)
class Place:
    """Everything of a feed that a look needs. `secret` is still sealed; `previous` is (id, sha256) of the last file that came; `seconds` is how
    long an address may take."""

    feed_id: int
    organisation_id: int
    transport: str
    place: str
    proof: str = "none"
    proof_user: str = ""
    secret: str = ""
    etag: str = ""
    last_modified: str = ""
    previous: tuple[int, str] = (0, "")
    seconds: float = 60.0


@dataclass(frozen=True)
class Found:
    """A file that may be taken: `load` reads it (TooLarge, Growing, AppError), `key` tells it from others by its SHA-256."""

    name: str
    mark: str
    size: int
    load: Callable[[], bytes]
    key: Callable[[str], str]


@dataclass
class Look:
    """What one look found. With `again` there is more, or something that is not ready: look again soon. `seen` is to be kept on the feed."""

    found: Iterable[Found] = ()
    again: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)


def of(feed: Feed, previous: tuple[int, str] = (0, "")) -> Place:
    """The plain value of a row."""
    return Place(
        feed.id, feed.organisation_id, feed.transport, feed.place, feed.proof, feed.proof_user, feed.secret, feed.etag, feed.last_modified, previous
    )  # fmt: skip


def digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def content_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def below_root(text: str) -> str:
    """A name below the root, like tmall/orders; Invalid for “..”, an absolute path, hidden names and control characters."""
    parts = text.strip().strip("/").split("/")
    if text.strip().startswith("/") or len(parts) > 5 or not all(PART.fullmatch(part) and not part.endswith((".", " ")) for part in parts):
        raise Invalid({"place": [_l("A name like tmall/orders: letters, digits, blanks, dots and dashes; no “..”, no leading dot.")]})
    return "/".join(parts)


def is_sheet(name: str) -> bool:
    """Whether a name looks like a finished sheet: not hidden, not a temporary name of a transfer, not an office lock file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith((".", "~"))


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise TooLarge(_l("This file is larger than %(n)s MB. Split it.", n=MOST_BYTES // 1024 // 1024))
