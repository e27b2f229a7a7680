"""Formatters of Markdown over marked pages: whatever they rewrite, no marking vanishes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mdformat
import pytest
from sphinx.testing.util import SphinxTestApp

from tests.noninterference import gate_cases
from tests.noninterference.test_gate import EXTENSIONS, outcome

pytestmark = pytest.mark.usefixtures("warm_start")

ROOT = Path(__file__).parents[2]
SAMPLE = 120

Formatter = Callable[[Path], None]


def with_mdformat(folder: Path, *extensions: str) -> None:
    """Format each page of a folder by mdformat."""
    for path in folder.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(mdformat.text(text, extensions=set(extensions)), encoding="utf-8")


def with_prettier(folder: Path) -> None:
    """Format each page of a folder by prettier."""
    here = ROOT / "build" / "npm" / "node_modules" / ".bin" / "prettier"
    program = str(here) if here.exists() else shutil.which("prettier")
    if program is None:
        pytest.skip("prettier is not installed: npm install --prefix build/npm prettier@3")
    subprocess.run([program, "--write", "--prose-wrap", "always", str(folder)], check=True, capture_output=True)


FORMATTERS: dict[str, Formatter] = {
    "mdformat": with_mdformat,
    "mdformat with its MyST plugin": lambda folder: with_mdformat(folder, "myst", "tables", "front_matters"),
    "prettier": with_prettier,
}


@pytest.fixture(params=FORMATTERS)
def formatter(request: pytest.FixtureRequest) -> Formatter:
    return FORMATTERS[request.param]


def outcomes(source: Path, names: dict[str, str], build: str) -> dict[str, str]:
    """Read pages as the edition for leadership; return what became of each."""
    app = SphinxTestApp(
        "html", srcdir=source, builddir=source.parent / build, confoverrides={"postmortem_audience": "leadership"}
    )
    try:
        return {name: outcome(app, docname) for name, docname in names.items()}
    finally:
        app.cleanup()


def test_a_page_that_hides_its_text_does_so_when_it_is_formatted(site, formatter: Formatter) -> None:
    cases = list(gate_cases.pages("md"))
    if not os.environ.get("POSTMORTEM_ALL_CASES"):
        cases = random.Random(7).sample(cases, SAMPLE)
    files = {f"p{number}.md": text for number, (_, text) in enumerate(cases)}
    source = site(
        {"index.md": "# T\n", **files}, f"extensions.append('sphinx_design')\nmyst_enable_extensions = {EXTENSIONS}"
    ).source
    names = {name: f"p{number}" for number, (name, _) in enumerate(cases)}
    sound = {name: names[name] for name, what in outcomes(source, names, "before").items() if what == "sound"}
    assert sound
    formatter(source)
    after = outcomes(source, sound, "after")
    assert {name: what for name, what in after.items() if what == "leak"} == {}


@pytest.fixture(scope="module")
def words_before(tmp_path_factory: pytest.TempPathFactory, warm_start: None) -> set[str]:
    """The words of the example site as it is."""
    return words_of(ROOT / "example_site", tmp_path_factory.mktemp("before"))


def test_the_example_site_shows_no_more_when_it_is_formatted(
    tmp_path: Path, formatter: Formatter, words_before: set[str]
) -> None:
    source = shutil.copytree(ROOT / "example_site", tmp_path / "site")
    formatter(source)
    after = words_of(source, tmp_path / "after")
    assert after - words_before == set()


def words_of(source: Path, folder: Path) -> set[str]:
    """Return the words of the edition for leadership as text; none where it is refused."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "text", "-D", "postmortem_audience=leadership"]
    done = subprocess.run([*command, source, folder], check=False, capture_output=True, text=True)
    if done.returncode:
        assert "Nothing was published" in done.stderr
        return set()
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")]
    assert texts
    return {word.strip("*_.,:;()[]`'\"") for text in texts for word in text.split()}
