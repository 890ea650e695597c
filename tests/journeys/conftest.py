"""A server and a browser for each module; the demo is loaded once for all processes."""

import fcntl
import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import world


@pytest.fixture(scope="session")
def demo(tmp_path_factory, request):
    """The folder of a loaded demo that nobody serves; each process copies it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if hasattr(request.config, "workerinput") else own) / "demo"
    folder.mkdir(exist_ok=True)
    with (folder.parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        world.load_demo(folder)
    return folder


@pytest.fixture(scope="module")
def server(demo):
    with tempfile.TemporaryDirectory(prefix="incubator-journeys-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(demo, folder, dirs_exist_ok=True)
        with world.serving(folder) as running:
            yield running


@pytest.fixture(scope="module")
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
