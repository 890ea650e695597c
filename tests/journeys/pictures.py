"""`python -m tests.journeys.pictures OUT_DIR [ROLE …]`: every page of every role as a picture, at 1440 and 360 px, light and dark, zh and en.

The pictures are for people to look at; nothing is judged here. By default each page is taken in the four combinations that differ
most (wide-light-zh, wide-dark-en, phone-light-zh, phone-dark-en); `--all` takes all eight.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys import world

SIZES = {"wide": world.DESKTOP, "phone": world.PHONE}
LOADED = "() => Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => null) }))"
USUAL = (("wide", "light", "zh"), ("wide", "dark", "en"), ("phone", "light", "zh"), ("phone", "dark", "en"))
ALL = tuple((size, theme, locale) for size in SIZES for theme in ("light", "dark") for locale in ("zh", "en"))


def folder(default: Path) -> Path:
    """Where journeys keep their pictures: JOURNEY_PICTURES, or a folder that ends with the tests."""
    return Path(os.environ.get("JOURNEY_PICTURES") or default / "pictures")


def keep(page: Page, out: Path, name: str) -> Path:
    """The page as it stands, as wide as its window and as long as it is: JOURNEY_PICTURES=docs/pictures makes those of the README."""
    out.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or world.DESKTOP
    height = page.evaluate("Math.max(innerHeight, document.scrollingElement.scrollHeight)")
    page.set_viewport_size({"width": size["width"], "height": height})
    page.evaluate(LOADED)
    page.screenshot(path=out / f"{name}.png", animations="disabled")
    page.set_viewport_size(size)
    return out / f"{name}.png"


def file_name(path: str) -> str:
    return path.strip("/").replace("/", "-") or "home"


def take(visitor: world.Visitor, path: str, folder: Path, size: str, theme: str) -> None:
    page = visitor.page
    page.set_viewport_size(SIZES[size])
    page.goto(visitor.server.url + path)
    page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{file_name(path)}.png", full_page=True)


def take_role(visitor: world.Visitor, role: str, out: Path, wanted: tuple[tuple[str, str, str], ...]) -> None:
    paths = ["/sign-in", "/forgot"] if role == "stranger" else [*world.crawl(visitor), "/search?q=椅", "/no-such-page"]
    for locale in sorted({w[2] for w in wanted}):
        visitor.go("/sign-in" if role == "stranger" else "/")
        visitor.speak(locale)
        for size, theme, _ in (w for w in wanted if w[2] == locale):
            for path in paths:
                take(visitor, path, out / role / f"{size}-{theme}-{locale}", size, theme)
    print(role, len(paths), "pages", flush=True)


def main(out: str, *words: str) -> None:
    wanted = ALL if "--all" in words else USUAL
    roles = [w for w in words if not w.startswith("-")] or ["stranger", *world.ROLES]
    with tempfile.TemporaryDirectory() as folder, world.serving(Path(folder)) as server, sync_playwright() as playwright:
        browser = world.open_browser(playwright)
        for role in roles:
            with world.visiting(browser, server, world.ROLES.get(role)) as visitor:
                take_role(visitor, role, Path(out), wanted)


if __name__ == "__main__":
    main(*sys.argv[1:])
