"""A real HTTP server on loopback for whatever asks other machines: it answers as a test says and keeps what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Loopback:
    """`answers` maps a path to (status, headers, body), or to a function of the handler that writes what it likes."""

    url: str = ""
    answers: dict[str, Reply | Callable[[Any], None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


def _handler(server: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.asked.append(Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.close_connection = True
            found = server.answers.get(self.path, (404, {}, b"nothing"))
            if callable(found):
                found(self)
                return
            status, headers, data = found
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_HEAD = answer

        def log_message(self, *_given: Any) -> None:
            pass

    return Handler


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    found = Loopback()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is what some tests are about
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    found.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
