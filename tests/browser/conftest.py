"""The example site in two editions, served on this machine, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent.parent / "example_site"
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
    out = tmp_path_factory.mktemp("browser")
    for edition in ("internal", "leadership"):
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(out / f"{edition}-doctrees")]
        command += ["-D", f"postmortem_audience={edition}", "-D", f"postmortem_export_folder={out / edition}"]
        command += [str(EXAMPLE), str(out / edition)]
        subprocess.run(command, check=True)
    handler = partial(QuietHandler, directory=str(out))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    yield {edition: f"{root}/{edition}/" for edition in ("internal", "leadership")}
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
