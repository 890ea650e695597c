"""A client on a plain socket with keep-alive, and windows of load by one or more of them. It costs 50 µs a request, so that it measures the server."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Make = Callable[[int], bytes]
TIMEOUT = 30.0


class Answer(NamedTuple):
    """What came back."""

    status: int
    head: str
    body: bytes


class Client:
    """One connection to 127.0.0.1; a server that closed it is asked again once on a new one."""

    def __init__(self, port: int):
        self.port = port
        self.socket: socket.socket | None = None

    def send(self, request: bytes) -> Answer:
        """Send and read the whole answer; OSError when the server is gone."""
        reused = self.socket is not None
        try:
            return self._exchange(request)
        except OSError:
            self.close()
            if not reused:
                raise
            return self._exchange(request)

    def once(self, request: bytes) -> Answer:
        """The same without asking again, for a request that must not be sent twice."""
        try:
            return self._exchange(request)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _exchange(self, request: bytes) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        return self._answer(self.socket)

    def _answer(self, connection: socket.socket) -> Answer:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += _some(connection)
        head, parts = received[:end].decode("latin-1"), [received[end + 4 :]]
        lower = head.lower()
        missing = int(lower.partition("content-length:")[2].split("\r\n")[0] or 0) - len(parts[0])
        while missing > 0:
            parts.append(_some(connection))
            missing -= len(parts[-1])
        if "connection: close" in lower:
            self.close()
        return Answer(int(head[9:12]), head, b"".join(parts))


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(262144)
    if not data:
        raise ConnectionResetError("the server closed the connection")
    return data


def get(path: str, cookie: str = "", **headers: str) -> bytes:
    return _request("GET", path, cookie, headers, b"")


def post(path: str, form: str, cookie: str = "") -> bytes:
    return _request("POST", path, cookie, {"Content-Type": "application/x-www-form-urlencoded"}, form.encode())


def _request(method: str, path: str, cookie: str, headers: dict[str, str], body: bytes) -> bytes:
    given = {"Host": "127.0.0.1", "Accept": "text/html", "Accept-Language": "zh-CN", **headers}
    if cookie:
        given["Cookie"] = cookie
    if method == "POST":
        given["Content-Length"] = str(len(body))
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass
class Window:
    """What some clients saw in a stretch of time: seconds per request, how many failed, and the server's CPU seconds."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    length: float = 0.0
    cpu: float = 0.0

    def at(self, share: float) -> float:
        """The latency in ms below which `share` of the requests stayed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")

    @property
    def cpu_ms(self) -> float:
        """What one request costs the server's processors."""
        return self.cpu / max(1, len(self.seconds)) * 1000

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.length if self.length else 0.0


def window(port: int, requests: Sequence[Make], seconds: float, expected: int = 200) -> Window:
    """Load by as many clients as there are `requests` makers, each sending its next as soon as it has an answer."""
    seen = Window()
    lock, start = threading.Lock(), threading.Barrier(len(requests) + 1)
    until = [0.0]

    def work(make: Make) -> None:
        client, times, errors, number = Client(port), [], 0, 0
        start.wait()
        while time.perf_counter() < until[0]:
            request = make(number)
            number += 1
            begun = time.perf_counter()
            try:
                good = client.once(request).status == expected
            except OSError:
                good = False
            times.append(time.perf_counter() - begun)
            errors += not good
        client.close()
        with lock:
            seen.seconds += times
            seen.errors += errors

    threads = [threading.Thread(target=work, args=(make,)) for make in requests]
    for thread in threads:
        thread.start()
    until[0] = time.perf_counter() + seconds
    begun = time.perf_counter()
    start.wait()
    for thread in threads:
        thread.join()
    seen.length = time.perf_counter() - begun
    return seen
