"""Case 25: an address that somebody typed is asked only when it is public, at the very address that was checked, within its limits."""

import gzip
import ipaddress
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from incubator.kernel import outbound
from incubator.kernel.errors import AppError, Invalid, TooLarge
from incubator.kernel.outbound import Blocked, Unreachable, request
from tests.loopback import serving

BACKENDS = ("sqlite",)
INSIDE = [
    "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://0.0.0.0/",
    "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[ff02::1]/",
    "http://169.254.169.254/latest/meta-data", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://localhost/", "HTTP://LOCALHOST./", "https://127.0.0.1:8443/x?y",
]  # fmt: skip
MALFORMED = [
    "", "127.0.0.1", "//127.0.0.1/x", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "http://", "http:///x",
    "http://user:password@example.com/", "http://example.com@127.0.0.1/", "http://example.com/\r\nHost: evil", "http://example.com/ x",
    "http://example.com:99999/", "http://[::1/", "http://example.com\\@evil/", "http://a..b/", "http://example.com/" + "x" * 2000,
]  # fmt: skip


@pytest.fixture(autouse=True)
def context(app):
    with app.test_request_context():
        yield


@pytest.fixture
def server(app):
    app.config["OUTBOUND_ALLOW"] = frozenset({"127.0.0.1"})
    with serving() as found:
        yield found


@pytest.fixture
def no_connection(monkeypatch):
    def connect(*_given, **_more):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", connect)


@pytest.mark.parametrize("url", INSIDE)
def test_case_25_no_spelling_of_an_inner_address_is_asked(url, no_connection):
    with pytest.raises(Blocked):
        request("GET", url)


@pytest.mark.parametrize("url", MALFORMED)
def test_case_25_what_is_no_plain_web_address_is_refused(url, no_connection):
    with pytest.raises(Invalid):
        request("GET", url)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address):
    assert outbound.is_public(address)


def named(monkeypatch, *answers):
    """Names lead where `answers` say, one after another; gives the list of addresses that are then connected to."""
    waiting, tried = list(answers), []

    def look_up(host, port, **_more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in waiting.pop(0)]

    def connect(address, *_more):
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


def test_case_25_a_name_that_is_rebound_after_the_check_is_asked_where_it_was_checked(monkeypatch):
    tried = named(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(Unreachable):
        request("GET", "http://rebinding.example/")
    assert tried == [("93.184.216.34", 80)]


def test_case_25_a_name_that_also_leads_inside_is_not_asked_at_all(monkeypatch):
    tried = named(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(Blocked):
        request("GET", "https://both.example/")
    assert tried == []


def test_every_address_of_a_name_is_tried(monkeypatch):
    tried = named(monkeypatch, ["93.184.216.34", "93.184.216.35"])
    with pytest.raises(Unreachable):
        request("GET", "https://two.example/")
    assert tried == [("93.184.216.34", 443), ("93.184.216.35", 443)]


def test_case_25_a_redirect_is_an_answer_and_not_followed(server):
    server.answers["/"] = (302, {"Location": f"{server.url}/secret"}, b"")
    assert request("GET", f"{server.url}/").status == 302
    assert [asked.path for asked in server.asked] == ["/"]


def test_an_allowed_host_gets_method_body_headers_and_its_own_name(server):
    server.answers["/%E8%AE%A2%E5%8D%95?day=1"] = (201, {"X-Answer": "yes"}, b"done")
    answer = request("POST", f"{server.url}/订单?day=1#part", b"{}", {"X-Sent": "it"})
    assert (answer.status, answer.headers["x-answer"], answer.body) == (201, "yes", b"done")
    [asked] = server.asked
    assert (asked.method, asked.body, asked.headers["x-sent"]) == ("POST", b"{}", "it")
    assert asked.headers["host"] == server.url.removeprefix("http://")


def test_case_46_a_header_cannot_hold_a_second_one(server):
    with pytest.raises(Invalid):
        request("GET", f"{server.url}/", headers={"X-A": "1\r\nX-B: 2"})


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_an_answer_beyond_the_limit_is_refused(server, encode):
    packed = {} if encode is bytes else {"Content-Encoding": "gzip"}
    server.answers["/fits"] = (200, packed, encode(b"x" * 5000))
    server.answers["/not"] = (200, packed, encode(b"x" * 5001))
    assert request("GET", f"{server.url}/fits", limit=5000).body == b"x" * 5000
    with pytest.raises(TooLarge):
        request("GET", f"{server.url}/not", limit=5000)


def test_case_27_a_gzip_bomb_is_refused_at_the_limit(server):
    server.answers["/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(200_000_000), 1))
    with pytest.raises(TooLarge):
        request("GET", f"{server.url}/", limit=1000)


PACKED = gzip.compress(b"order,units\n" * 100, mtime=0)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Length": "500"}, b"only half"),
        ({"Content-Encoding": "gzip"}, PACKED[:-9]),
        ({"Content-Encoding": "gzip"}, PACKED + PACKED),
        ({"Content-Encoding": "gzip"}, b"not packed at all"),
        ({"Content-Encoding": "br"}, b"?"),
        ({"Transfer-Encoding": "chunked"}, b"5\r\nhalf"),
    ],
    ids=("short", "cut gzip", "two gzips", "no gzip", "unknown packing", "cut chunk"),
)
def test_an_answer_that_was_cut_off_is_no_answer(server, headers, body):
    server.answers["/"] = (200, headers, body)
    with pytest.raises(Unreachable):
        request("GET", f"{server.url}/")


def test_a_server_that_dribbles_is_left_at_the_deadline(server):
    going = threading.Event()

    def dribble(handler):
        handler.send_response(200)
        handler.end_headers()
        while not going.wait(0.02):
            handler.wfile.write(b"x")

    server.answers["/"] = dribble
    with pytest.raises(Unreachable, match="too long"):
        request("GET", f"{server.url}/", seconds=0.3)
    going.set()


def test_the_addresses_of_a_name_share_one_deadline(server, monkeypatch):
    """A name of many addresses at which nobody answers, and then one that dribbles, would else keep a worker for ever."""
    monkeypatch.setattr(outbound, "resolve", lambda _target: ["10.0.0.1"] * 20 + ["127.0.0.1"])
    connect, tried = socket.create_connection, []

    def silent(address, timeout):
        if address[0] == "127.0.0.1":
            return connect(address, timeout)
        tried.append(timeout)
        time.sleep(min(timeout, 0.1))
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", silent)
    server.answers["/"] = (200, {}, b"late")
    with pytest.raises(Unreachable, match="too long"):
        request("GET", f"{server.url}/", seconds=0.25)
    assert len(tried) < 20 and max(tried) <= 0.25 and tried == sorted(tried, reverse=True) and server.asked == []


def test_nobody_there_and_nothing_to_the_name(server, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            request("GET", f"http://127.0.0.1:{closed.getsockname()[1]}/")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))
    with pytest.raises(Unreachable, match="no such host"):
        request("GET", "http://nowhere.invalid/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself, and its key, in one file."""
    key, name, now = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]),
        datetime.now(UTC),
    )
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_is_checked_for_the_name_that_was_typed(app, certificate, monkeypatch):
    app.config["OUTBOUND_ALLOW"] = frozenset({"127.0.0.1", "localhost"})
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    with serving(ours) as server:
        server.answers["/"] = (200, {}, b"secret")
        with pytest.raises(Unreachable, match="certificate"):
            request("GET", f"{server.url}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert request("GET", f"{server.url}/").body == b"secret"
        with pytest.raises(Unreachable, match="certificate"):
            request("GET", f"{server.url}/".replace("127.0.0.1", "localhost"))


def test_no_refusal_names_the_address_which_may_hold_a_secret(server):
    for url in ("http://10.0.0.1/?token=s3cret", "http://u:s3cret@example.com/", f"{server.url}/?token=s3cret"):
        server.answers["/?token=s3cret"] = (200, {"Content-Length": "9"}, b"")
        with pytest.raises(AppError) as refused:
            request("GET", url)
        assert "s3cret" not in str(refused.value) + str(refused.value.message)
