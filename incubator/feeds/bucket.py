"""A prefix below FEEDS_S3_URL, by the keys with which the product itself reaches S3. Each organisation has a prefix of its own, named by its number:
nobody names a bucket, so nobody reads another's. Objects are read and left where they lie."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app
from flask_babel import lazy_gettext as _l
from obstore.exceptions import BaseError

from incubator.feeds import places
from incubator.feeds.places import Found, Growing, Look, Marks, Place, Unfit
from incubator.kernel import blobs


def is_set_up() -> bool:
    return bool(current_app.config["FEEDS_S3_URL"])


def prefix(place: Place) -> str:
    """Below the configured prefix."""
    return f"{place.organisation_id}/{places.below_root(place.place)}"


def look(place: Place, known: Marks) -> Look:
    """The objects directly or deeper below the prefix that were not taken before, the oldest first. Unfit when the store refuses."""
    with _explained():
        listed = [m for m in blobs.listing(_url(), prefix(place)) if places.is_sheet(m.path.rpartition("/")[2])]
    new = [m for m in listed if (m.path, m.etag) not in known]
    taken = sorted(new, key=lambda m: (m.modified, m.path))[: places.MOST_AT_ONCE]
    return Look([_found(m) for m in taken], again=len(taken) < len(new))


def _url() -> str:
    if not is_set_up():
        raise Unfit(_l("FEEDS_S3_URL is not set, so there is no store to look into. Ask who runs this server."))
    return str(current_app.config["FEEDS_S3_URL"])


def _found(seen: blobs.Listed) -> Found:
    def key(_sha256: str) -> str:
        return places.digest("s3", seen.path, seen.etag)

    return Found(seen.path, seen.etag, seen.size, _loader(seen), key)


def _loader(seen: blobs.Listed) -> Callable[[], bytes]:
    def load() -> bytes:
        places.check_size(seen.size)
        with _explained():
            data = blobs.fetch(_url(), seen.path, seen.etag)
        if data is None:
            raise Growing
        return data

    return load


@contextmanager
def _explained() -> Iterator[None]:
    """What the store says, in words; never its addresses or keys."""
    try:
        yield
    except FileNotFoundError as error:
        raise Unfit(_l("The bucket, or the object, is not there.")) from error
    except PermissionError as error:
        raise Unfit(_l("The store does not let us in. Ask who runs this server about its keys.")) from error
    except (BaseError, OSError, ValueError) as error:
        raise Unfit(_l("The store did not answer.")) from error
