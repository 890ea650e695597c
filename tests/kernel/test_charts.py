"""One spec on the page and on paper: drawn under our content security policy, light and dark, with its table beside it."""

import threading
from types import SimpleNamespace

import pytest
from flask import redirect, render_template_string, request
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from incubator.kernel import charts, isolated, web
from tests.builders import a_person, sign_in
from tests.journeys import world
from tests.kernel.test_pdf import SPEC

BACKENDS = ("sqlite",)  # no chart asks a database
PAGE = """{% extends "kernel/layout.html" %}{% from "kernel/charts.html" import chart %}{% block title %}图{% endblock %}
{% block content %}{% call chart(data, "月销量", "件") %}<table class="table"><tr><td>七</td></tr></table>{% endcall %}{% endblock %}"""

WAITING = """{% extends "kernel/layout.html" %}{% from "kernel/ui.html" import page_head %}{% block title %}x{% endblock %}
{% block content %}{{ page_head(word) }}<div id="job"{% if poll %} data-poll="{{ poll }}" data-every="0.1"{% endif %}>{{ word }}</div>{% endblock %}"""


def test_a_drawing_is_made_once(app, monkeypatch):
    made = []
    real = isolated.run
    monkeypatch.setattr(isolated, "run", lambda *args, **more: made.append(args[0]) or real(*args, **more))
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        first, second = charts.svg(SPEC), charts.svg(SPEC)
    assert first == second
    assert made == ["chart_process"]
    assert "十二月" in first
    assert charts.PALETTE["light"][0] in first


def test_hostile_words_in_a_chart_stay_words(app):
    spec = {**SPEC, "title": "<script>alert(1)</script>", "data": {"values": [{"月": "2026-01-01", "件": 1}]}}
    with app.test_request_context():
        assert "<script" not in charts.svg(spec)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/x.csv"])
def test_a_spec_fetches_no_data(app, url):
    data = {"url": url, "format": {"type": "dsv", "delimiter": ":"}}
    names = {"mark": "text", "encoding": {"text": {"field": "root"}, "y": {"field": "root", "type": "nominal"}}}
    with app.test_request_context():
        try:
            drawing = str(charts.svg({"data": data, **names}))
        except isolated.ChildFailed:
            drawing = ""
    assert "daemon" not in drawing


def test_the_library_is_for_people_who_are_signed_in_and_kept_for_ever(app, client, session):
    with app.test_request_context():
        url = charts.bundle_url()
    assert client.get(url).status_code == 302
    sign_in(client, a_person(staff_role="administrator"))
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert (answer.content_type, answer.headers["Content-Encoding"]) == ("text/javascript; charset=utf-8", "gzip")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert b"vegaEmbed" in client.get(url, headers={"Accept-Encoding": "identity"}).data
    assert client.get("/charts/vega-0-0.js").status_code == 404


@pytest.fixture
def browser():
    with sync_playwright() as playwright:
        chromium = world.open_browser(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def site(app):
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield SimpleNamespace(url=f"http://localhost:{server.server_port}")
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chart_draws_itself_under_our_policy(app, client, session, browser, site, monkeypatch, scheme):
    @web.signed_in
    def page():
        return render_template_string(PAGE, data=charts.payload(SPEC))

    monkeypatch.setitem(app.view_functions, "health.alive", page)
    sign_in(client, a_person(staff_role="administrator"))
    session.remove()
    context = browser.new_context(color_scheme=scheme, locale="zh-CN")
    context.add_cookies([{"name": "incubator", "value": client.get_cookie("incubator").value, "url": site.url}])
    tab, said = context.new_page(), []
    tab.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(f"{site.url}/healthz")
    tab.wait_for_selector("[data-chart][data-drawn] svg")
    line = tab.eval_on_selector("[data-chart] svg path[stroke-width='2']", "e => e.getAttribute('stroke')")
    assert line == charts.PALETTE[scheme][0]
    tab.hover("[data-chart] svg")
    tab.click("summary:has-text('table')")
    assert tab.is_visible("text=七")
    assert said == []


def test_what_is_waited_for_leads_on_and_its_head_tells_the_end(app, client, session, browser, site, monkeypatch):
    """A fragment that is fetched again: a redirect is followed as a page; at the end the head is the new one too."""
    turns = iter(["working", "over"])

    @web.signed_in
    def page():
        if request.args.get("next"):
            return (
                redirect("/readyz") if request.headers.get("X-Fragment") else render_template_string(WAITING, word="first", poll="?next=1")
            )
        word = next(turns)
        return render_template_string(WAITING, word=word, poll="/healthz" if word == "working" else "")

    monkeypatch.setitem(app.view_functions, "health.alive", page)
    sign_in(client, a_person(staff_role="administrator"))
    session.remove()
    context = browser.new_context()
    context.add_cookies([{"name": "incubator", "value": client.get_cookie("incubator").value, "url": site.url}])
    tab = context.new_page()
    tab.goto(f"{site.url}/healthz")
    tab.wait_for_selector(".page-head:has-text('over')")
    tab.goto(f"{site.url}/healthz?next=1")
    tab.wait_for_url("**/readyz")
