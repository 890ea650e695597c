"""What a person's hands do on a page: press, fill, choose a file, mean it. Named by what the page says, in English."""

import csv
import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page


def press(page: Page, name: str, exact: bool = True) -> None:
    """Click the button or link and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).or_(page.get_by_role("link", name=name, exact=exact)).first.click()


def confirm(page: Page, form: str) -> None:
    """Press the form's button, read what it asks, and mean it."""
    page.locator(f"{form} button.primary:not([data-sure])").click()
    with page.expect_navigation():
        page.locator(f"{form} dialog[open] [data-sure]").click()


def mean(page: Page, name: str, note: str = "") -> None:
    """Press a button of its own that asks once, give the note that it wants, and mean it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    if note:
        page.locator("dialog[open] textarea").fill(note)
    with page.expect_navigation():
        page.locator("dialog[open] [data-sure]").click()


def save(page: Page, form: str = "") -> None:
    """Press the first button at the form's end."""
    with page.expect_navigation():
        page.locator(f"{form} .form-foot button".strip()).first.click()


def send(page: Page, form: str) -> None:
    """Press the only button that sends `form`, which asks nothing."""
    with page.expect_navigation():
        page.locator(f"{form} button:not([type=button])").last.click()


def fill(page: Page, within: str = "main", **values: str) -> None:
    """Fill or choose the fields of these names."""
    for name, value in values.items():
        field = page.locator(f'{within} [name="{name}"]').first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def choose(page: Page, name: str, part: str, within: str = "main") -> None:
    """Choose the option of the select `name` that holds `part`."""
    select = page.locator(f'{within} select[name="{name}"]').first
    select.select_option(label=select.locator("option", has_text=part).first.inner_text())


def tick(page: Page, name: str, value: str, within: str = "main") -> None:
    """Check the box or radio button, which may be drawn as a tile."""
    page.locator(f'{within} input[name="{name}"][value="{value}"]').first.check(force=True)


def text(page: Page, within: str = "main") -> str:
    return page.locator(within).first.inner_text()


def a_photo(folder: Path, name: str = "市售款.jpg", colour: str = "teal") -> Path:
    path = folder / name
    Image.new("RGB", (1200, 900), colour).save(path)
    return path


def an_upload(file: Any) -> dict[str, Any]:
    """A file of the demo's drawers, to hand in."""
    return {"name": file.filename, "mimeType": file.mimetype, "buffer": file.stream.read()}


def a_table(header: list[str], rows: list[list[Any]], name: str) -> dict[str, Any]:
    """A CSV file as Excel writes it, to hand in."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return {"name": name, "mimeType": "text/csv", "buffer": out.getvalue().encode("utf-8-sig")}
