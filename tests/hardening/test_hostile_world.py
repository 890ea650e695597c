"""Cases 23 to 26 and 46 for every page, sheet and document there is: what people typed runs nowhere and fetches nothing."""

import csv
import http.server
import io
import subprocess
import threading
import zipfile

import pytest

from incubator.kernel.exports import NUMBER, RISKY
from tests import builders
from tests.hardening.hostile import hostile

BACKENDS = ("sqlite",)
DRAWN_BEFORE = {"investors.document"}  # made when the report was frozen; `tests/investors` draws it
SHEETS = (":fmt>", ":kind>")
READERS = ("brand", "factory")


class Typed:
    """What everybody typed: a formula, markup, a template, and addresses of a server that must stay unvisited."""

    def __init__(self):
        self.visits = visits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                visits.append(self.path)

            def log_message(self, *_):
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.text = f"=1+<img src={url}/i onerror=alert(1)>\"'{{{{7*7}}}}<link rel=attachment href=file:///etc/passwd>"
        self.address = f"{url}/typed\" onmouseover='alert(1)'"


@pytest.fixture
def typed():
    made = Typed()
    yield made
    made.server.shutdown()
    made.server.server_close()


def answers(app, world, role, is_wanted):
    """(rule, path, answer) of every address that a role may read and `is_wanted`."""
    client = builders.sign_in(app.test_client(), world.insiders[role])
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed_roles", ())
        if "GET" in rule.methods and role in allowed and is_wanted(rule):
            path = world.path(rule)
            answer = client.get(path)
            assert answer.status_code < 500, (role, rule.rule)
            yield client, rule, path, answer


def is_page(rule):
    return not rule.rule.endswith((*SHEETS, ".pdf", ".js", ".ics")) and not rule.rule.startswith(("/files", "/static", "/api/"))


def test_cases_23_to_26_what_people_typed_runs_nowhere_and_fetches_nothing(app, session, typed, tmp_path):
    world = hostile(typed.text, typed.address)
    pages = sum(escaped(page) for role in READERS for *_, page in answers(app, world, role, is_page))
    sheets = sum(
        neutral(client, rule, path, answer)
        for role in READERS
        for client, rule, path, answer in answers(app, world, role, lambda rule: rule.rule.endswith(SHEETS))
        if answer.status_code == 200
    )
    documents = sum(
        harmless(answer.data, tmp_path / "document.pdf")
        for *_, answer in answers(app, world, "brand", lambda rule: rule.rule.endswith(".pdf") and rule.endpoint not in DRAWN_BEFORE)
        if answer.status_code == 200
    )
    assert pages > 60 and sheets > 12 and documents > 4, (pages, sheets, documents)
    assert typed.visits == [], "the server fetched what somebody typed"


def escaped(answer):
    page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    assert "<img src=http" not in page and "<link rel=attachment" not in page and '" onmouseover' not in page
    assert "{{7*7}}" in page or "&lt;img src=http" not in page, "a template was run"
    return "&lt;img src=http" in page


def neutral(client, rule, path, answer):
    cells = [cell for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell.startswith(RISKY) and not NUMBER.fullmatch(cell)] == [], rule.rule
    book = zipfile.ZipFile(io.BytesIO(client.get(path.replace(".csv", ".xlsx")).data))
    sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets), rule.rule
    return any(cell.startswith("'=1+<img") for cell in cells)


def harmless(data, target):
    target.write_bytes(data)
    said = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
    assert "root:" not in said and b"/EmbeddedFile" not in data and b"file:///" not in data
    return "<img" in said
