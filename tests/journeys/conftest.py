"""One server and one browser for all journeys of a test process."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import world


@pytest.fixture(scope="session")
def server():
    with (
        tempfile.TemporaryDirectory(prefix="incubator-journeys-", ignore_cleanup_errors=True) as folder,
        world.serving(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        opened = world.open_browser(playwright)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, server):
    """`visit("lin.xiao")`: a fresh browser profile, signed in; closed after the test, and nothing was complained about."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        visitors = []

        def come(handle=None, **options):
            visitors.append(stack.enter_context(world.visiting(browser, server, handle, **options)))
            return visitors[-1]

        yield come
        assert [c for v in visitors for c in v.complaints] == []
