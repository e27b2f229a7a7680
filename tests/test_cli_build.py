"""``sphinx-postmortem build``: layout, editions, failures."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.command import run
from tests.conftest import files_below

pytestmark = pytest.mark.usefixtures("warm_start")
PYTHON = sys.executable  # the real one, for the test that kills

FILES = {
    "index.md": "# SEC-1: T\n\n:::{incident-summary} SEC-1\n:date: 2026-03-02\n\nText.\n:::\n\n:::{internal-only}\nsecretword\n:::\n\n"
    "```{toctree}\nhidden\n```\n",
    "hidden.md": "---\naudience: internal\n---\n# SEC-2: H\n\n:::{incident-summary} SEC-2\nText.\n:::\n",
}


def test_all_editions_stand_in_their_folders(site, tmp_path):
    done = run("build", site(FILES).source, tmp_path / "out")
    assert done.exit_code == 0, done.output
    for edition in ("internal", "leadership", "public"):
        assert (tmp_path / "out" / edition / "html/index.html").exists()
        assert json.loads((tmp_path / "out" / edition / "postmortems.json").read_text())["edition"] == edition
        assert (tmp_path / "out/.state" / edition / "doctrees/environment.pickle").exists()
    assert str(tmp_path / "out/leadership/html/index.html") in done.output


def test_what_a_build_writes_below_the_sources_is_no_page_of_the_next(site):
    source = site(FILES).source
    output = source / "out"
    for _ in range(2):  # the second meets what the first has published
        done = run("build", source, output, "--format", "html,md", "-j", "1")
        assert (done.exit_code, "toc.not_included" in done.output) == (0, False), done.output
    assert "secretword" in (output / "internal/md/index.md").read_text()
    for edition in ("leadership", "public"):
        assert [path.name for path in (output / edition / "md").rglob("*.md")] == ["index.md"]
        assert not [path for path in files_below(output / edition).values() if b"secretword" in path]
    checked = run("check", source)
    assert "out/" not in checked.output


def test_the_data_file_holds_what_the_edition_sees(site, tmp_path):
    run("build", site(FILES).source, tmp_path / "out")
    ids = {
        edition: [
            i["id"] for i in json.loads((tmp_path / "out" / edition / "postmortems.json").read_text())["incidents"]
        ]
        for edition in ("internal", "public")
    }
    assert ids == {"internal": ["SEC-1", "SEC-2"], "public": ["SEC-1"]}


def test_pdfs_are_one_for_each_incident_and_one_for_all(site, tmp_path):
    done = run("build", site(FILES).source, tmp_path / "out", "--edition", "leadership", "--format", "pdf")
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (tmp_path / "out/leadership/pdf").glob("*.pdf")) == ["SEC-1.pdf", "Test.pdf"]
    assert not (tmp_path / "out/internal").exists()


def test_a_failed_edition_leaves_the_published_one(site, tmp_path):
    source = site(FILES)
    run("build", source.source, tmp_path / "out", "--edition", "public")
    before = (tmp_path / "out/public/html/index.html").read_text()
    source.write({"index.md": FILES["index.md"].replace("2026-03-02", "2026-03-99")})
    done = run("build", source.source, tmp_path / "out", "--edition", "public", "-W")
    assert done.exit_code == 1
    assert "[postmortem.bad-date]" in done.output
    assert (tmp_path / "out/public/html/index.html").read_text() == before


def test_a_marking_that_cannot_be_trusted_publishes_no_filtered_edition(site, tmp_path):
    source = site(
        {**FILES, "index.md": "# T\n\n:::{audience} leadrship\nsecretword\n:::\n\n```{toctree}\nhidden\n```\n"}
    )
    done = run("build", source.source, tmp_path / "out")
    assert done.exit_code == 1
    assert (tmp_path / "out/internal").exists()
    assert not (tmp_path / "out/leadership").exists()
    assert not (tmp_path / "out/public").exists()
    assert "leadership: html failed: a marking or a name that is reported above may show" in done.output


def test_what_was_refused_is_refused_again_until_it_is_mended(site, tmp_path):
    """Sphinx does not repeat the warnings of a page that it does not read again."""
    text = FILES["index.md"] + "\n:::{audience} leadrship\nsecretword\n:::\n"
    source = site({**FILES, "index.md": text})
    command = ("build", source.source, tmp_path / "out", "--edition", "public")
    assert [run(*command).exit_code for _ in range(2)] == [1, 1]
    assert not (tmp_path / "out/public").exists()
    source.write({"index.md": FILES["index.md"]})
    assert run(*command).exit_code == 0


def test_a_warning_that_was_passed_over_counts_when_none_may_be(site, tmp_path):
    source = site({**FILES, "index.md": FILES["index.md"].replace("2026-03-02", "2026-03-99")})
    command = ("build", source.source, tmp_path / "out", "--edition", "internal")
    assert [run(*command).exit_code, run(*command).exit_code] == [0, 0]
    assert [run(*command, "-W").exit_code, run(*command, "-W").exit_code] == [1, 1]
    source.write({"index.md": FILES["index.md"]})
    assert run(*command, "-W").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--edition", "board"], "choose from internal, leadership, public"),
        (["--format", "docx"], "docx is no format"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(site, tmp_path, arguments, says):
    done = run("build", site(FILES).source, tmp_path / "out", *arguments)
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_folder_without_conf_py_is_told(tmp_path):
    done = run("build", tmp_path, tmp_path / "out")
    assert (done.exit_code, "has no conf.py" in done.output) == (2, True)


def test_a_broken_conf_py_is_told(site, tmp_path):
    done = run("build", site({}, "1/0").source, tmp_path / "out")
    assert done.exit_code == 2
    assert "ZeroDivisionError" in done.output


def test_own_audiences(site, tmp_path):
    source = site(FILES, 'postmortem_audiences = ["staff", "board"]').write(
        {"hidden.md": FILES["hidden.md"].replace("internal", "staff")}
    )
    assert run("build", source.source, tmp_path / "out").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [".state", "board", "staff"]
    assert "secretword" not in (tmp_path / "out/board/html/index.html").read_text()


def test_a_build_killed_at_any_moment_leaves_nothing_unfinished_in_place(site, tmp_path):
    source = site(FILES).source
    command = [
        PYTHON,
        "-m",
        "sphinx_postmortem.cli",
        "build",
        str(source),
        str(tmp_path / "out"),
        "--edition",
        "public",
    ]
    for seed in range(3):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(random.Random(seed).uniform(0.1, 1.6))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        final = tmp_path / "out/public"
        assert not final.exists() or (final / "html/searchindex.js").exists()
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    again = files_below(tmp_path / "out/public")
    run("build", source, tmp_path / "clean", "--edition", "public")
    assert again == files_below(tmp_path / "clean/public")
