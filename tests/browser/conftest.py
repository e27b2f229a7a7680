"""The example site in two editions, served on this machine, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.example_editions import example_edition

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@dataclass
class Visit:
    """A browser page, what it asked for, and what it complained of."""

    page: object
    root: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.root + path, wait_until="load")


@pytest.fixture(scope="session")
def editions(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Yield the address of each edition of the example site."""
    root = tmp_path_factory.mktemp("browser")
    for edition in ("internal", "leadership"):
        (root / edition).symlink_to(example_edition(tmp_path_factory, edition), target_is_directory=True)
    handler = partial(QuietHandler, directory=str(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield {edition: f"{address}/{edition}/" for edition in ("internal", "leadership")}
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium():
    """Yield a headless Chromium."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed (apt-get install chromium, or name it in the variable CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, editions):
    """Return a function that opens a fresh browser window on an edition."""
    contexts = []

    def start(edition: str = "internal", **options: object) -> Visit:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, editions[edition])
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("console", lambda message: message.type == "error" and visit.complaints.append(message.text))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def shared_page(chromium):
    """Return a function that gives a page with some settings: one for all tests of a module that ask for the same.

    It is for tests that only look: a window of its own, as `visit` gives it, costs more than what most tests do in it.
    """
    pages = {}

    def page_of(name: str = "", **options: object):
        settings = name + repr(sorted(options.items()))
        if settings not in pages:
            pages[settings] = chromium.new_context(**options).new_page()
        return pages[settings]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def look(shared_page):
    """Return a function that opens an address in a shared page."""

    def show(address: str, **options: object):
        page = shared_page(**options)
        page.goto(address, wait_until="load")
        return page

    return show


@pytest.fixture
def shared_visit(shared_page, editions):
    """Return a function that opens an edition in a page that is shared, as `visit` does in a fresh one."""
    return lambda edition="internal", **options: Visit(shared_page(edition, **options), editions[edition])
