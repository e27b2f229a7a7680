"""What tests show to a browser, served on this machine, and a real Chromium that looks at it.

A window costs as much as four pages that are loaded in it, and a page as much as four looks at it. A process of the
tests therefore has one window, and another where a page must have no script or be touched; a test that only reads asks
everything of one load of its page.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import axe_playwright_python
import pytest

from tests.example_editions import example_edition

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
MEDIA = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}


AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
SMALL = "_static/documentation_options.js"
"""A file of every site, which a browser shows as text."""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def translate_path(self, path: str) -> str:
        return str(AXE) if path == f"/{AXE.name}" else super().translate_path(path)

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=3600")  # nothing that is served changes in a run
        super().end_headers()


@dataclass
class Visit:
    """The window of a test, what it asked for, and what it complained of. The visit that starts next takes it over."""

    page: object
    root: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.root + path, wait_until="load")


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Yield a function that serves a folder and returns its address.

    Each has a port of its own, so that none sees what another stores; it is one host, for which Chromium keeps its process.
    """
    with ExitStack() as servers:

        def address(folder: Path) -> str:
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
            servers.callback(server.server_close)
            servers.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{server.server_port}/"

        yield address


@pytest.fixture(scope="session")
def editions(tmp_path_factory, serve) -> dict[str, str]:
    """Return the address of each edition of the example site."""
    return {edition: serve(example_edition(tmp_path_factory, edition)) for edition in ("internal", "leadership")}


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


@pytest.fixture(scope="session")
def window(chromium):
    """Return a function that gives the page of a window: one for all tests that ask for its options.

    Each test has the size and the media that it asks for, or the usual ones.
    """
    pages = {}

    def page_of(viewport: dict[str, int] | None = None, **settings: object):
        options = {name: value for name, value in settings.items() if name not in MEDIA}
        window = repr(sorted(options.items()))
        if window not in pages:
            pages[window] = chromium.new_context(**options).new_page()
        page = pages[window]
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        page.emulate_media(**{name: settings.get(name, value) for name, value in MEDIA.items()})
        return page

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture
def look(window):
    """Return a function that opens an address in a window."""

    def show(address: str, **settings: object):
        page = window(**settings)
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
def visit(window, editions):
    """Return a function that begins a visit of an edition: what a test does is gone with the next address."""
    heard = []

    def start(edition: str = "internal", **settings: object) -> Visit:
        visit = Visit(window(**settings), editions[edition])
        heard.extend((visit.page, *pair) for pair in listen(visit.page, visit).items())
        return visit

    yield start
    for page, event, listener in heard:
        page.remove_listener(event, listener)


@pytest.fixture
def fresh_visit(visit):
    """Return a function that begins a visit as in a new window: it remembers no address and nothing that was stored."""

    def start(edition: str = "internal", **settings: object) -> Visit:
        new = visit(edition, **settings)
        new.open(SMALL)
        new.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        session = new.page.context.new_cdp_session(new.page)
        session.send("Page.resetNavigationHistory")
        session.detach()
        return new

    return start
