"""``serve``: a live preview of one edition."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from http.client import IncompleteRead
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from sphinx_postmortem.cli.programs import end_programs

CONF = 'extensions = ["sphinx_postmortem"]\nhtml_theme = "alabaster"\n'
PAGE = "# Page\n\nFor all.\n\n:::{internal-only}\nHidden words.\n:::\n"


@pytest.fixture(autouse=True)
def heeds_ctrl_c():
    """A shell that starts the tests in the background has them ignore SIGINT, and so would the programs they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> str:
    try:
        with urlopen(url, timeout=2) as response:
            return response.read().decode()
    except (URLError, ConnectionError, TimeoutError, IncompleteRead):  # the page is being written anew
        return ""


def wait_for(url: str, text: str) -> str:
    for _ in range(600):
        found = fetch(url)
        if text in found:
            return found
        time.sleep(0.2)
    return fetch(url)


def test_preview_shows_the_edition_and_follows_changes(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(PAGE, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "sphinx_postmortem.cli", "serve", str(tmp_path), "--edition", "leadership"]
    said = tmp_path.with_name("said.txt")
    with (
        said.open("wb") as stream,
        subprocess.Popen(
            [*command, "--port", str(port)], stdout=stream, stderr=stream, start_new_session=True
        ) as server,
    ):
        try:
            url = f"http://127.0.0.1:{port}/index.html"
            shown = wait_for(url, "For all.")
            assert "Edition: leadership" in shown
            assert "Hidden words" not in shown
            (tmp_path / "index.md").write_text(PAGE + "\nAdded later.\n", encoding="utf-8")
            assert "Added later." in wait_for(url, "Added later.")
        finally:
            stop(server)
    assert server.returncode == 0
    assert "Serving on" in said.read_text("utf-8")
    assert "\x1b" not in said.read_text("utf-8")


def stop(server: subprocess.Popen[bytes]) -> None:
    os.killpg(server.pid, signal.SIGINT)
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


def test_taken_port_is_a_sentence(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", str(tmp_path), "--port", port])
    assert result.exit_code == 1
    assert "choose another --port" in result.output


def test_what_a_server_that_was_killed_has_started_ends():
    child = "import subprocess, sys; subprocess.Popen(['sleep', '60']); print(1, flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", child], start_new_session=True, **pipes) as server:
        assert server.stdout.readline() == b"1\n"
        server.kill()
        server.wait()
        end_programs((server,))
        assert select.select([server.stdout], [], [], 30)[0]  # nobody holds the other end any more
        assert server.stdout.read() == b""


def test_a_killed_preview_takes_its_server_with_it(tmp_path):
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "index.md").write_text(PAGE, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "sphinx_postmortem.cli", "serve", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        shown = wait_for(f"http://127.0.0.1:{port}/index.html", "For all.")
        server.kill()  # whatever was shown: the end of this block waits for the program
    assert "For all." in shown
    for _ in range(100):
        if not fetch(f"http://127.0.0.1:{port}/index.html"):
            break
        time.sleep(0.1)
    assert fetch(f"http://127.0.0.1:{port}/index.html") == ""
