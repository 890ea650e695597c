"""Cases 23, 24 and 26 for briefs: formulas in exports, documents that fetch, templates in what people write."""

import csv
import http.server
import io
import subprocess
import threading
import zipfile

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification, User
from incubator.briefs import service
from incubator.briefs.models import ProductBrief
from incubator.imports import jobs, kinds, queries
from incubator.imports import service as imports
from incubator.kernel import clock
from incubator.kernel.mail_table import OutboxMail
from incubator.kernel.money import Money
from incubator.products import comments
from tests.api.conftest import caller  # noqa: F401 - a fixture
from tests.backends import on
from tests.builders import a_brief, a_product, a_review, sign_in
from tests.hardening.test_briefs_input import Desk, desk
from tests.hardening.test_briefs_scope import text_of

__all__ = ["desk"]

TEMPLATES = "{{8123*97}} %(title)s %s {0.__class__} ${8123*97} #{8123*97} <%=8123*97%> {%if 1%}"


def test_case_26_templates_are_shown_as_typed(app, session, caller):  # noqa: F811
    desk = Desk(app, session, TEMPLATES)
    desk.brief.need = desk.brief.segment = TEMPLATES
    desk.brief.references[0].name = TEMPLATES
    comments.add(desk.brief.product, desk.brief, TEMPLATES, None, desk.author, clock.now())
    review = a_review(desk.brief, desk.author, desk.firm)
    session.commit()
    shown = "{{8123*97}} %(title)s %s {0.__class__} ${8123*97} #{8123*97} &lt;%=8123*97%&gt; {%if 1%}"
    for path in (
        "/briefs",
        f"/briefs/{desk.brief.id}",
        f"/reviews/{review.id}",
        "/reviews",
        f"/products/{desk.brief.product_id}",
        "/products",
        "/search?q={{8123*97}}",
        "/",
    ):
        page = desk.browser.get(path)
        assert page.status_code == 200 and (shown in page.text or path == "/"), path
        assert str(8123 * 97) not in page.text and "<class " not in page.text and "&lt;class" not in page.text, path
    designer = sign_in(app.test_client(), session.get_one(User, desk.designer.user_id))
    assert shown in designer.get("/notifications").text
    assert caller(actor=desk.author).get(f"/briefs/{desk.brief.id}").json["title"] == TEMPLATES
    said = session.execute(select(OutboxMail.subject, OutboxMail.text)).all()
    assert said and all(TEMPLATES in subject and TEMPLATES in body for subject, body in said)
    assert session.scalars(select(Notification.params)).first()["title"] == TEMPLATES
    assert "".join(TEMPLATES.split()) in "".join(text_of(desk.browser.get(f"/briefs/{desk.brief.id}/brief-en.pdf").data).split())
    assert TEMPLATES in desk.browser.get("/briefs/export.csv").get_data(as_text=True)


def test_case_26_a_copy_and_an_import_keep_the_text_too(app, session):
    desk = Desk(app, session, TEMPLATES)
    session.commit()
    assert desk.browser.post(f"/briefs/{desk.brief.id}/clone").status_code == 302
    session.expire_all()
    copy = session.scalars(select(ProductBrief).order_by(ProductBrief.id.desc())).first()
    assert copy.title == f"{TEMPLATES} (copy)"
    upload = io.BytesIO(f'code,title,moq\nT-1,"{TEMPLATES}",{TEMPLATES}\n'.encode())
    from werkzeug.datastructures import FileStorage

    sheet, options = FileStorage(upload, "{{8123*97}}%s.csv"), {"programme_id": desk.programme.id}
    made = imports.start(kinds.find("briefs"), sheet, desk.author, clock.now(), options=options)
    session.commit()
    jobs.check_now(made.id, desk.author, lambda *_: None)
    page = desk.browser.get(f"/imports/{made.id}").text
    assert "{{8123*97}}" in page and str(8123 * 97) not in page
    assert queries.refusals(made, desk.author, None).rows[0].value == TEMPLATES


FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://x")', "|calc", "＝1+1")


def test_case_23_no_cell_starts_a_formula(app, session):
    desk = Desk(app, session)
    for text in FORMULAS:
        a_brief(a_product(desk.programme, stage="brief"), title=text, segment=text)
    session.commit()
    rows = list(csv.reader(io.StringIO(desk.browser.get("/briefs/export.csv").get_data(as_text=True).lstrip("\ufeff"))))
    cells = [cell for row in rows for cell in row]
    assert len(rows) == len(FORMULAS) + 2 and [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    book = zipfile.ZipFile(io.BytesIO(desk.browser.get("/briefs/export.xlsx").data))
    assert [
        n for n in book.namelist() if n.startswith("xl/worksheets/sheet") and (b"<f>" in book.read(n) or b"<hyperlink" in book.read(n))
    ] == []


class Canary:
    """A server that must stay unvisited."""

    def __init__(self):
        self.visits = visits = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                visits.append(self.path)
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()

            def log_message(self, *_):
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def canary():
    made = Canary()
    yield made
    made.server.shutdown()
    made.server.server_close()


@on("sqlite")  # no document asks a database
def test_case_24_a_document_fetches_nothing_and_holds_no_file(app, session, canary, tmp_path):
    url = canary.url
    evil = (
        f'<img src={url}/img><img src="stored:photo-1"><img src=file:///etc/passwd><link rel=attachment href=file:///etc/passwd>'
        f'<link rel=stylesheet href={url}/css><style>@import url({url}/import); body {{background:url({url}/bg)}}</style><object data={url}/object></object>'
        f'<iframe src={url}/frame></iframe><svg><image href="{url}/svg"/><use href="file:///etc/passwd"/></svg><base href={url}/><a rel=attachment href=file:///etc/hosts>x</a>'
        f'</p></section><script src={url}/js></script>{{% include "/etc/passwd" %}}'
    )  # fmt: skip
    desk = Desk(app, session)
    brief = desk.brief
    brief.title, brief.segment = f"<img src={url}/t>", f"<link rel=attachment href={url}/s>"
    brief.need = brief.reason_to_choose = brief.compliance = brief.customisation_notes = evil
    reference = service.add_reference(
        brief,
        {"name": evil[:190], "maker": evil[:100], "url": f"{url}/link", "notes": evil, "price": Money(100, "CNY")},
        desk.author,
        clock.now(),
    )
    point = {
        "reference_id": reference.id,
        "attribute": evil[:100],
        "aspect": "function",
        "their_value": evil[:190],
        "our_value": evil[:190],
        "verdict": "better",
        "evidence": evil,
    }
    service.add_claim(brief, {"kind": "function", "statement": evil[:490], "evidence": evil, "points": [point]}, desk.author, clock.now())
    brief.requirements[0].evidence = evil
    brief.product.programme.name = brief.brand.name = evil[:150]
    session.commit()
    path, number = tmp_path / "brief.pdf", brief.id
    for language in ("zh", "en"):
        path.write_bytes(desk.browser.get(f"/briefs/{number}/brief-{language}.pdf").data)
        text = text_of(path.read_bytes())
        assert canary.visits == []
        assert "root:" not in text and "<img src=" in text and "rel=attachment" in "".join(text.split())
        assert "0 embedded files" in subprocess.run(["pdfdetach", "-list", path], capture_output=True, text=True, check=True).stdout
        assert b"/EmbeddedFile" not in path.read_bytes() and b"file:///" not in path.read_bytes()
