"""A real server with the demo, and a real Chromium: what the journeys and the pictures share."""

import os
import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.processes import free_port, running, wait_for

CHROMIUM = "/usr/bin/chromium-headless-shell"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ROLES = {
    "brand": "lin.xiao", "factory": "chen.guoqiang", "design_firm": "wu.min", "investor": "gu.yuan", "administrator": "admin", "field_agent": "fang.ming",
}  # fmt: skip
DOWNLOADS = re.compile(r"\.(csv|xlsx|pdf|json|js)$|^/(files|charts|static|api|metrics)\b|/export\.")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}


@dataclass
class Server:
    """A running platform: its address, its folder, and the password of every demo person."""

    url: str
    folder: Path

    @property
    def password(self) -> str:
        return (self.folder / "demo_password").read_text()

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'incubator.sqlite3'}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


LAUNCH = [sys.executable, "-m", "tests.journeys.launch"]


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {"DATA_DIR": str(folder), "RATELIMIT_ENABLED": "0", "LOG_LEVEL": "WARNING", "PYTHONPATH": str(Path.cwd())}
    return {**kept, **ours, **more}


def load_demo(folder: Path) -> None:
    """The demo in `folder`, unless it is there."""
    with running(LAUNCH, environment(folder), folder / "load.log") as process:
        assert process.wait(240) == 0, (folder / "load.log").read_text()[-3000:]


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Server]:
    """Web server and scheduler as `make run` starts them, on a port of their own; ended with the block."""
    port = free_port()
    env = environment(folder, PORT=str(port), **more)
    url = f"http://127.0.0.1:{port}"
    with running([*LAUNCH, str(port)], env, folder / "server.log") as process:
        wait_for(lambda: answers(url) or process.poll() is not None, 240)
        assert process.poll() is None, (folder / "server.log").read_text()[-3000:]
        yield Server(url, folder)


class Visitor:
    """One person's browser: signed in, and listening for everything that a page must not do."""

    def __init__(self, context: BrowserContext, server: Server):
        self.context, self.server = context, server
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text} at {self.page.url}")

    def go(self, path: str) -> Any:
        answer = self.page.goto(self.server.url + path, wait_until="load")
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        return answer

    def sign_in(self, handle: str) -> "Visitor":
        """With the password, as anybody does outside the demo."""
        self.page.goto(self.server.url + "/sign-in")
        self.page.fill("#email", f"{handle}@demo.incubator.example" if "@" not in handle else handle)
        self.page.fill("#password", self.server.password)
        self.page.locator("main form button.primary, form.form button").first.click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def speak(self, locale: str) -> "Visitor":
        """Switch the language with the button in the top bar, when it is not set already."""
        if (self.page.locator("html").get_attribute("lang") or "")[:2] != locale:
            with self.page.expect_navigation():
                self.page.locator(f"button[name=locale][value={locale}]").click()
        return self

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.scrollingElement.scrollWidth > innerWidth"))


def open_browser(playwright: Any) -> Browser:
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    return browser


@contextmanager
def visiting(browser: Browser, server: Server, handle: str | None = None, **options: Any) -> Iterator[Visitor]:
    """A fresh profile, signed in as the demo's `handle`."""
    context = browser.new_context(
        **{"viewport": DESKTOP, "accept_downloads": True, "locale": "en-GB", "reduced_motion": "reduce", **options}
    )
    context.set_default_timeout(10_000)
    try:
        visitor = Visitor(context, server)
        yield visitor.sign_in(handle) if handle else visitor
    finally:
        context.close()


def pattern_of(path: str) -> str:
    return re.sub(r"\d+", "#", path)


def crawl(visitor: Visitor, seconds: float = 60) -> list[str]:
    """One example of every kind of page that the visitor can reach by links from the first page, ids aside."""
    found, seen, queue = [], {"/"}, ["/"]
    deadline = time.monotonic() + seconds
    while queue and time.monotonic() < deadline:
        path = queue.pop(0)
        answer = visitor.context.request.get(visitor.server.url + path)
        if not answer.ok or "html" not in answer.headers.get("content-type", ""):
            assert answer.status in (200, 404), f"{path} answers {answer.status}"
            continue
        found.append(path)
        for link in re.findall(r'href="([^"#]+)', answer.text()):
            parts = urlsplit(link.replace("&amp;", "&"))
            inside = not parts.netloc and parts.path.startswith("/") and not DOWNLOADS.search(parts.path)
            if inside and pattern_of(parts.path) not in seen:
                seen.add(pattern_of(parts.path))
                queue.append(parts.path)
    return found
