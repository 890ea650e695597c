"""Documents: every glyph there, pages numbered, photos and charts in place. Case 24: nothing fetched, nothing attached."""

import re
import socket
import subprocess
import sys
import threading
import time

import pytest

from incubator.config import ROOT
from incubator.kernel import charts, isolated, pdf
from incubator.kernel.errors import Refused
from tests.uploads import a_picture

BACKENDS = ("sqlite",)  # no document asks a database
SPEC = {
    "data": {"values": [{"月": f"2026-{n:02}-01", "件": n * 7} for n in range(1, 13)]},
    "mark": "line",
    "encoding": {"x": {"field": "月", "type": "temporal"}, "y": {"field": "件", "type": "quantitative", "title": "销量（件）"}},
}
PAGE = """{% extends "kernel/print.html" %}{% block title %}报告{% endblock %}
{% block running %}保温杯 Vacuum cup{% endblock %}{% block content %}{{ body|safe }}{% endblock %}"""


def document(app, body: str, stored=None) -> bytes:
    with app.test_request_context():
        template = app.jinja_env.from_string(PAGE)
        return pdf.render(template.render(body=body, language="zh"), stored)


def tool(name: str, data: bytes, tmp_path, *options: str) -> str:
    path = tmp_path / "document.pdf"
    path.write_bytes(data)
    target = ["-"] if name == "pdftotext" else []
    return subprocess.run([name, *options, str(path), *target], capture_output=True, text=True, check=True).stdout


def test_chinese_and_latin_are_printed_with_page_numbers_and_a_running_head(app, tmp_path):
    rows = "".join(f"<tr><td>第 {n} 行</td><td class='num'>{n}</td></tr>" for n in range(120))
    data = document(
        app, f"<h1>品质报告 Quality report</h1><table><thead><tr><th>名称</th><th>值</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    text = tool("pdftotext", data, tmp_path, "-layout")
    pages = text.count("\f")
    assert pages >= 3
    assert "品质报告 Quality report" in text
    assert text.count("保温杯 Vacuum cup") == pages
    assert text.count("名称") == pages
    assert re.search(rf"{pages}\s*/\s*{pages}", text)
    fonts = tool("pdffonts", data, tmp_path)
    assert "NotoSansCJK" in fonts.replace("-", "").replace(" ", "")
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])


def test_photos_and_charts_are_in_the_document(app, tmp_path):
    with app.test_request_context():
        drawing = charts.svg(SPEC)
    data = document(app, f'<img src="stored:photo-7"><figure><div class="figure-body">{drawing}</div></figure>', {"photo-7": a_picture()})
    assert "销量（件）" in tool("pdftotext", data, tmp_path)
    assert tool("pdfimages", data, tmp_path, "-list").count("image") == 1


@pytest.fixture
def canary():
    """A server that counts who calls."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def listen():
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                calls.append(connection.recv(500))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        over.set()
        thread.join()


def test_case_24_the_canary_sees_no_request_and_the_document_holds_no_file(app, tmp_path, canary):
    url, calls = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    inside = f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{url}/svg'/></svg>"
    body = f"""<p>kept</p>
    <img src="{url}/img"><img srcset="{url}/set 2x"><img src="//{url[7:]}/slashes"><object data="{url}/object"></object>
    <embed src="{url}/embed">
    <link rel="stylesheet" href="{url}/style.css"><style>@import url("{url}/import.css");
    @font-face {{ font-family: x; src: url("{url}/font") }} p {{ font-family: x;
    background: url("{url}/bg") }}</style>
    <svg width="9" height="9"><image href="{url}/image"/><use href="{url}/use#a"/></svg><img src="{inside}">
    <iframe src="{url}/frame"></iframe>
    <link rel="attachment" href="file://{secret}"><a rel="attachment" href="file://{secret}">a</a>
    <a rel="ATTACHMENT" href="{url}/attach">b</a>
    <img src="file://{secret}"><img src="file:///etc/passwd"><img src="asset:../app.py">
    <img src="asset:%2e%2e/pyproject.toml"><img src="stored:other">"""
    data = document(app, body)
    time.sleep(0.3)
    assert calls == []
    assert "kept" in tool("pdftotext", data, tmp_path)
    assert "0 embedded files" in tool("pdfdetach", data, tmp_path, "-list")
    assert b"TOP-SECRET" not in data


def test_a_document_that_takes_too_long_is_refused_in_words(app, monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(Refused, match="fewer pages"):
        document(app, "<p>x</p>")


def test_the_child_gets_no_secret_of_ours(app, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:hunter2@b/c")
    seen = {}
    monkeypatch.setattr(
        isolated.subprocess, "run", lambda command, **more: seen.update(more) or subprocess.CompletedProcess(command, 0, b"", b"")
    )
    isolated.run("pdf_process", b"")
    assert "hunter2" not in str(seen["env"])


def test_the_web_process_never_loads_the_heavy_libraries(app):
    code = "import app, sys; print([m for m in ('weasyprint', 'altair', 'vl_convert', 'PIL', 'numpy', 'pandas') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env={"DATA_DIR": str(app.config["DATA_DIR"])}
    )
    assert done.stdout.strip() == "[]"
