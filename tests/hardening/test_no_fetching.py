"""Case 25: one guarded module alone asks for addresses that somebody typed, and the writer of documents refuses every spelling."""

import ast
import socket

import pytest

from incubator.config import ROOT
from incubator.kernel.pdf_process import OwnFetcher
from tests.architecture.source import modules

BACKENDS = ("sqlite",)
ASKING = {
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "ftplib",
    "pycurl",
    "websockets",
    "xmlrpc",
    "socket",
    "smtplib",
}
ALLOWED = {
    ("kernel.mail_sender", "smtplib"): "the configured mail server",
    ("kernel.outbound", "http.client"): "the one guarded way, tests/kernel/test_outbound.py",
    ("kernel.outbound", "socket"): "the one guarded way, tests/kernel/test_outbound.py",
    ("kernel.scheduler", "socket"): "the name of this machine",
    ("prepare", "socket"): "whether the port is free",
}
SPELLINGS = [
    "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data", "http://localtest.me/", "//127.0.0.1/x", "https://example.com/", "HTTP://EXAMPLE.COM/",
    "file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "jar:http://127.0.0.1!/", "asset:../../incubator/config.py",
    "asset:/etc/passwd", "asset:%2e%2e/%2e%2e/setup.cfg", "stored:../secret", "stored:", "about:blank", "", "/etc/passwd",
]  # fmt: skip


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_case_25_nothing_else_of_ours_asks_for_addresses():
    found = {
        (module.name, name)
        for module in modules()
        for name in imported(module.tree)
        if name in ASKING or name.split(".")[0] in ASKING - {"http", "urllib"}
    }
    assert {pair for pair in found if pair not in ALLOWED} == set()
    assert {pair for pair in ALLOWED if pair not in found} == set(), "the list names what is gone"


@pytest.mark.parametrize("address", SPELLINGS)
def test_case_25_a_document_asks_for_no_address_in_any_spelling(address, monkeypatch):
    def connect(*_given, **_more):
        raise AssertionError("a connection was opened")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    with pytest.raises(ValueError, match="not fetched"):
        OwnFetcher(ROOT / "static", {"photo-1": b""}).fetch(address)
