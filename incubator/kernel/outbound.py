"""The one way to ask an address that a person typed: resolved once, checked, and asked at exactly the address that was checked.

It refuses every address that is not on the public internet (unless OUTBOUND_ALLOW names the host), follows no redirect,
and gives up on an answer that is too large, too slow or cut off. It logs nothing and no message of its names the address,
which may hold a secret.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l

from incubator.kernel.errors import AppError, Invalid, Refused, TooLarge

CHUNK = 64 * 1024
LONGEST_URL = 2000
UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
SAFE = "!#$%&'()*+,/:;=?@[]~"


class Blocked(Refused):
    """The name leads into a private network, to this machine, or nowhere that the public internet routes."""

    default = _l("This address is not on the public internet, so it was not asked.")


class Unreachable(AppError):
    """No answer, a cut-off one, or a certificate that does not hold; asking again later may help."""

    status = 502
    default = _l("The address did not answer.")


@dataclass(frozen=True)
class Answer:
    """What came back: the status (a redirect is one like any other), headers by lower-case name, and the unpacked body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """An address split into what a connection needs. `path` carries the query."""

    is_tls: bool
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[bool, str, int]:
        """Which machine it is, and how it is spoken to."""
        return self.is_tls, self.host, self.port


def request(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    limit: int = 1024 * 1024,
    seconds: float = 20,
) -> Answer:
    """Ask `url` and read at most `limit` bytes within `seconds`. Invalid for a malformed address, Blocked, Unreachable, TooLarge."""
    target = parse(url)
    addresses = resolve(target)
    connection = _Pinned(target, addresses, seconds)
    try:
        with _deadline(connection, seconds) as expired:
            connection.request(method, target.path, body, {"Accept-Encoding": "gzip", "User-Agent": "Incubator", **(headers or {})})
            response = connection.getresponse()
            data = _read(response, limit)
            if expired.is_set():
                raise Unreachable(_l("The address took too long to answer."))
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, data)
    except ssl.SSLError as error:
        raise Unreachable(_l("The certificate of this address does not hold.")) from error
    except TimeoutError as error:
        raise Unreachable(_l("The address took too long to answer.")) from error
    except (OSError, http.client.HTTPException, zlib.error) as error:
        raise Unreachable() from error
    except ValueError as error:
        raise _malformed() from error
    finally:
        connection.close()


def parse(url: str) -> Target:
    """The parts of an http or https address; Invalid for another scheme, credentials in it, control characters or excessive length."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
    except ValueError as error:
        raise _malformed() from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or UNFIT.search(url) or len(url) > LONGEST_URL:
        raise _malformed()
    return Target(parts.scheme == "https", host, port or (443 if parts.scheme == "https" else 80), _path(parts))


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=SAFE)


def _malformed() -> Invalid:
    message = _l("An address begins with https:// and holds no user or password.")
    return Invalid({"url": [message]}, message)


def resolve(target: Target) -> list[str]:
    """The addresses of the host as numbers, every one of them checked: a name that also leads inside is not asked at all."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_l("There is no such host.")) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if target.host not in current_app.config["OUTBOUND_ALLOW"] and not all(map(is_public, addresses)):
        raise Blocked()
    return addresses


def require_public(url: str) -> None:
    """Look an address up as a request to it would, and ask nothing: Invalid, Blocked, or Unreachable where there is no such host."""
    resolve(parse(url))


def is_public(address: str) -> bool:
    """Whether the public internet routes a numeric address: no private, shared, local, multicast or reserved one, nor IPv4 dressed as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    dressed = isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo)
    site = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local  # fec0::/10, which networks still route inside
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or site or dressed)


class _Pinned(http.client.HTTPConnection):
    """A connection to numeric addresses that bears the host's name: in its Host header, and in the certificate it demands."""

    def __init__(self, target: Target, addresses: list[str], seconds: float):
        super().__init__(target.host, target.port, timeout=seconds)
        self.default_port = 443 if target.is_tls else 80
        self._target, self._addresses, self._until = target, addresses, time.monotonic() + seconds
        self.wire: socket.socket | None = None  # `sock` is forgotten while the answer is still being read

    def connect(self) -> None:
        self.sock = self.wire = self._first()
        self._left()  # from here on the deadline finds what to cut
        if self._target.is_tls:
            secured = ssl.create_default_context().wrap_socket(self.wire, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.wire = secured
            secured.do_handshake()

    def _left(self) -> float:
        """Seconds until the deadline, which all addresses of a name share; TimeoutError when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _first(self) -> socket.socket:
        refused: OSError = OSError("no address")
        for address in self._addresses:
            left = self._left()
            try:
                return socket.create_connection((address, self.port), left)
            except OSError as error:
                refused = error
        raise refused


@contextmanager
def _deadline(connection: _Pinned, seconds: float) -> Iterator[threading.Event]:
    """Cut the connection after `seconds` in all: a server that sends a byte now and then would keep within any timeout of a read."""
    expired = threading.Event()

    def cut() -> None:
        expired.set()
        if connection.wire is not None:
            with suppress(OSError):
                socket.socket.shutdown(connection.wire, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    except (OSError, http.client.HTTPException) as error:
        raise TimeoutError if expired.is_set() else error
    finally:
        timer.cancel()


def _read(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The whole body, unpacked; TooLarge beyond `limit`, HTTPException when it ends before it should."""
    packed = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip"):
        raise http.client.UnknownProtocol(packed)
    unpack = zlib.decompressobj(31) if packed != "identity" else None
    parts, size = [], 0
    while chunk := response.read(CHUNK):
        piece = unpack.decompress(chunk, limit - size + 1) if unpack else chunk
        size += len(piece)
        if size > limit:
            raise TooLarge()
        parts.append(piece)
    if response.length or (unpack and parts and (not unpack.eof or unpack.unused_data)):
        raise http.client.IncompleteRead(b"")
    return b"".join(parts)
