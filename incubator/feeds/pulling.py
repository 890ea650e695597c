"""A file at a web address: asked for politely (only when it changed), by the guarded way out, with a bearer token or a password if it needs one."""

import base64
from urllib.parse import unquote, urlsplit

from flask_babel import lazy_gettext as _l

from incubator.feeds import places
from incubator.feeds.places import Found, Look, Place, Unfit
from incubator.kernel import names, outbound, sealing
from incubator.kernel.errors import Invalid

NOT_MODIFIED = 304


def require_askable(url: str) -> None:
    """Invalid, at the place where it was typed, for an address that no look would ask: inside, on this machine, nowhere. It waits for a name server."""
    try:
        outbound.require_public(url)
    except Invalid as refused:
        raise Invalid({"place": refused.fields["url"]}) from refused
    except (outbound.Blocked, outbound.Unreachable) as refused:
        raise Invalid({"place": [refused.message]}) from refused


def look(place: Place) -> Look:
    """The file, unless it is the one that came last. Unfit for an answer that is no file; what `outbound` refuses."""
    answer = outbound.request("GET", place.place, headers=_headers(place), limit=places.MOST_BYTES, seconds=place.seconds)
    if answer.status == NOT_MODIFIED:
        return Look()
    _refuse_strange(answer.status)
    seen = {
        "etag": _repeatable(answer.headers.get("etag", ""), 200),
        "last_modified": _repeatable(answer.headers.get("last-modified", ""), 60),
    }
    sha256 = places.content_digest(answer.body)
    if not answer.body or sha256 == place.previous[1]:
        return Look(seen=seen)
    return Look([Found(_name(place.place), sha256, len(answer.body), lambda: answer.body, lambda sha: _key(place, sha))], seen=seen)


def _repeatable(header: str, most: int) -> str:
    """What a server said, where it can be kept whole and said to it again; else blank, and the file is fetched each time."""
    return header if len(header) <= most and header.isascii() and header.isprintable() else ""


def _key(place: Place, sha256: str) -> str:
    """What comes back after something else came is new again: it is told by what came before it."""
    return places.digest("pull", place.previous[0], sha256)


def _headers(place: Place) -> dict[str, str]:
    headers = {"Accept": "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, text/plain, */*;q=0.1"}
    if place.etag:
        headers["If-None-Match"] = place.etag
    if place.last_modified:
        headers["If-Modified-Since"] = place.last_modified
    if place.proof != "none":
        secret = sealing.unseal(place.secret)
        pair = base64.b64encode(f"{place.proof_user}:{secret}".encode()).decode()
        headers["Authorization"] = f"Bearer {secret}" if place.proof == "bearer" else f"Basic {pair}"
    return headers


def _refuse_strange(status: int) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Unfit(
            _l("The address sends us on to another one (%(status)s). Enter the address at which the file really is.", status=status)
        )
    if status in (401, 403):
        raise Unfit(_l("The address does not let us in (%(status)s). Check the token or password.", status=status))
    raise Unfit(_l("The address answered with %(status)s and no file.", status=status))


def _name(url: str) -> str:
    last = unquote(urlsplit(url).path.rpartition("/")[2], errors="replace")
    return names.clean_name(last, "feed.csv")
