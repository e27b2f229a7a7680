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


@pytest.fixture(scope="module")
def shared_page(chromium):
    """Return a function that gives a page with some settings: one for all tests of a module that ask for the same.

    A window of its own, as `fresh_visit` gives it, costs three times as much as a page that is loaded in it.
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


def listen(page, visit: Visit) -> dict[str, object]:
    """Have a page tell a visit what it asks for and complains of; return what listens, by the name of the event."""
    listeners = {
        "request": lambda request: visit.requests.append(request.url),
        "console": lambda message: message.type == "error" and visit.complaints.append(message.text),
        "pageerror": lambda error: visit.complaints.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    return listeners


@pytest.fixture
def visit(shared_page, editions):
    """Return a function that opens an edition in a shared page: what a test does is gone with the next address."""
    heard = []

    def start(edition: str = "internal", **options: object) -> Visit:
        page = shared_page(edition, **options)
        visit = Visit(page, editions[edition])
        heard.extend((page, *pair) for pair in listen(page, visit).items())
        return visit

    yield start
    for page, event, listener in heard:
        page.remove_listener(event, listener)


@pytest.fixture
def fresh_visit(chromium, editions):
    """Return a function that opens an edition in a window of its own, without a history."""
    contexts = []

    def start(edition: str = "internal", **options: object) -> Visit:
        contexts.append(chromium.new_context(**options))
        visit = Visit(contexts[-1].new_page(), editions[edition])
        listen(visit.page, visit)
        return visit

    yield start
    for context in contexts:
        context.close()
