"""``sphinx-postmortem audit``, and the audit within ``build``: exit codes, reports, and what is not published."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from sphinx_postmortem.cli import audit as audit_module
from tests.command import run
from tests.shapes import assert_documented

pytestmark = pytest.mark.usefixtures("warm_start")

EXAMPLE = Path(__file__).parents[2] / "example_site"
LEAKS = """
def leak(app, _error):
    if app.config.postmortem_audience == "leadership":
        (app.outdir / "notes.txt").write_text((app.srcdir / "siskinplan.md").read_text())

def setup(app):
    app.connect("build-finished", leak)
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory, warm_start):
    """The example site, built by the command in two filtered editions; the tests audit them."""
    out = tmp_path_factory.mktemp("example")
    done = run(
        "build", EXAMPLE, out, "--edition", "leadership", "--edition", "public", "--format", "html", "--no-audit"
    )
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.parametrize("folder", ["leadership", "public"])  # `make site` audits the PDFs of all editions
def test_the_example_site_is_clean(example, folder):
    done = run("audit", example / folder, "--source", EXAMPLE)
    assert (done.exit_code, done.output.strip()) == (0, "clean: nothing hidden was found")


def test_an_edition_for_others_is_no_public_one(audited, tmp_path):
    page = "---\naudience: leadership\norphan: true\n---\n# Quailpage\n\nQuailwords alone.\n"
    (audited.source / "board.md").write_text(page)
    shutil.copytree(audited.build(), tmp_path / "public")
    done = run("audit", tmp_path / "public", "--source", audited.source)
    assert done.exit_code == 1
    assert '.postmortem-edition: other edition "leadership"' in done.output
    assert "board.html" in done.output


@pytest.fixture
def leaky(audited):
    folder = audited.build()
    (folder / "notes.txt").write_text("clean\nLapwingtitle\n")
    return audited.source, folder


def test_text_names_file_line_word_and_source(leaky):
    source, folder = leaky
    done = run("audit", folder, "--source", source, "--edition", "leadership")
    assert done.exit_code == 1
    assert 'notes.txt: line 2: word "lapwingtitle", hidden in siskinplan.md:4' in done.output


def test_json(leaky):
    source, folder = leaky
    done = run("audit", folder, "--source", source, "--edition", "leadership", "--format", "json")
    assert done.exit_code == 1
    leak = {"file": "notes.txt", "position": "line 2", "kind": "word", "found": "lapwingtitle"}
    data = json.loads(done.output)
    assert_documented(data, "audit --format json")
    assert data["leaks"] == [{**leak, "source": "siskinplan.md:4"}]


def test_sarif(leaky):
    source, folder = leaky
    done = run("audit", folder, "--source", source, "--edition", "leadership", "--format", "sarif")
    log = json.loads(done.output)
    (result,) = log["runs"][0]["results"]
    assert (done.exit_code, log["version"], result["ruleId"]) == (1, "2.1.0", "audit.word")
    assert result["ruleId"] in [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    location = result["locations"][0]["physicalLocation"]
    assert (location["artifactLocation"]["uri"], location["region"]["startLine"]) == ("notes.txt", 2)


# --- could not audit


def test_no_folder(audited, tmp_path):
    done = run("audit", tmp_path / "leadership", "--source", audited.source)
    assert (done.exit_code, "does not exist" in done.output) == (2, True)


def test_no_built_edition(audited, tmp_path):
    (tmp_path / "leadership").mkdir()
    (tmp_path / "leadership/a.html").write_text("a")
    done = run("audit", tmp_path / "leadership", "--source", audited.source)
    assert (done.exit_code, "holds no built edition" in done.output) == (2, True)


def test_no_sources(tmp_path):
    done = run("audit", tmp_path, "--source", tmp_path)
    assert (done.exit_code, "conf.py" in done.output) == (2, True)


def test_an_unknown_edition(audited, tmp_path):
    done = run("audit", tmp_path, "--source", audited.source, "--edition", "nobody")
    assert (done.exit_code, '"nobody" is no edition' in done.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7 broken"),
        ("a.zip", b"PK\x03\x04broken"),
        ("a.gz", b"\x1f\x8bbroken"),
        ("postmortems.json", b"{"),
    ],
)
def test_a_damaged_file(leaky, name, data):
    source, folder = leaky
    (folder / name).write_bytes(data)
    done = run("audit", folder, "--source", source, "--edition", "leadership")
    assert (done.exit_code, done.output.startswith("could not audit: ")) == (2, True)


def test_a_pdf_without_its_reader(leaky, monkeypatch):
    source, folder = leaky
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    find = importlib.util.find_spec
    monkeypatch.setattr(audit_module, "find_spec", lambda name: None if name == "pypdf" else find(name))
    done = run("audit", folder, "--source", source, "--edition", "leadership")
    assert (done.exit_code, "without pypdf" in done.output) == (2, True)


# --- within build


def test_build_does_not_publish_a_leak(audited, tmp_path):
    conf = audited.source / "conf.py"
    conf.write_text(conf.read_text() + LEAKS)
    done = run("build", audited.source, tmp_path / "out", "--edition", "leadership", "--edition", "public")
    assert done.exit_code == 1, done.output
    assert "leadership: hidden content was found; nothing of this edition was published" in done.output
    assert not (tmp_path / "out/leadership").exists()
    assert (tmp_path / "out/public/html/index.html").exists()
    assert "lapwingtitle" in (tmp_path / "out/.state/leadership/audit.log").read_text()


def test_build_can_skip_it(audited, tmp_path):
    conf = audited.source / "conf.py"
    conf.write_text(conf.read_text() + LEAKS)
    done = run("build", audited.source, tmp_path / "out", "--edition", "leadership", "--no-audit")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out/leadership/html/notes.txt").exists()
