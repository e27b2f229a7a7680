"""Editions never mix: folders of another edition are refused, leftovers are cleaned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("warm_start")

FILES = {
    "index.md": "# T\n\n:::{internal-only}\nsecretword\n:::\n\n```{toctree}\na\n```\n",
    "a.md": "# A\n\npageword\n",
}


def sphinx(source: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", *more, str(source), str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_plain_sphinx_build_makes_an_edition_by_tag(site, tmp_path):
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "leadership")
    assert (done.returncode, done.stderr) == (0, "")
    assert "secretword" not in (tmp_path / "out/index.html").read_text()
    assert not (tmp_path / "out/.doctrees").exists()


@pytest.mark.parametrize(
    ("first", "second"), [("internal", "leadership"), ("leadership", "internal"), ("public", "leadership")]
)
def test_an_output_folder_of_another_edition_is_refused(site, tmp_path, first, second):
    source = site(FILES).source
    assert sphinx(source, tmp_path / "out", "-t", first, "-d", str(tmp_path / "d1")).returncode == 0
    before = (tmp_path / "out/index.html").read_text()
    done = sphinx(source, tmp_path / "out", "-t", second, "-d", str(tmp_path / "d2"))
    assert done.returncode == 2
    assert f'belongs to the edition "{first}"' in done.stderr
    assert (tmp_path / "out/index.html").read_text() == before


def test_markdown_that_an_edition_has_written_below_the_sources_is_no_page_of_another(site, tmp_path):
    source = site(FILES).source
    assert (
        sphinx(source, source / "build/md", "-d", str(tmp_path / "first"), "-b", "postmortem-markdown").returncode == 0
    )
    assert "secretword" in (source / "build/md/index.md").read_text()
    done = sphinx(source, source / "build/html", "-d", str(tmp_path / "second"), "-t", "leadership")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in (source / "build/html").rglob("*.html") if "secretword" in path.read_text()] == []
    assert not (source / "build/html/build").exists()


def test_caches_of_another_edition_are_refused(site, tmp_path):
    source = site(FILES).source
    sphinx(source, tmp_path / "one", "-d", str(tmp_path / "d"))
    done = sphinx(source, tmp_path / "two", "-t", "public", "-d", str(tmp_path / "d"))
    assert done.returncode == 2
    assert not (tmp_path / "two/index.html").exists()


def test_a_filtered_edition_is_not_built_into_a_folder_with_other_files(site, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/secret.html").write_text("x")
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "public")
    assert done.returncode == 2
    assert "not empty" in done.stderr


@pytest.mark.parametrize("place", ["photos/p.jpg", "out/photos/p.jpg"])
def test_a_folder_for_caches_that_holds_other_files_is_not_removed(site, tmp_path, place):
    mine = tmp_path / place
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "public", "-d", str(mine.parent))
    assert done.returncode == (2 if place.startswith("out") else 0)
    assert mine.read_text() == "mine"


def test_a_repository_in_an_output_folder_is_not_removed(site, tmp_path):
    source = site(FILES).source
    assert sphinx(source, tmp_path / "out", "-t", "public").returncode == 0
    (tmp_path / "out/.git").mkdir()
    (tmp_path / "out/.git/HEAD").write_text("mine")
    done = sphinx(source, tmp_path / "out", "-t", "public")
    assert done.returncode == 2
    assert "holds .git" in done.stderr
    assert (tmp_path / "out/.git/HEAD").read_text() == "mine"


def test_leftovers_of_removed_pages_are_cleaned(site, tmp_path):
    source = site(FILES)
    sphinx(source.source, tmp_path / "out", "-t", "public")
    assert (tmp_path / "out/a.html").exists()
    source.write({"a.md": "---\naudience: internal\n---\n# A\n"})
    assert sphinx(source.source, tmp_path / "out", "-t", "public").returncode == 0
    assert not (tmp_path / "out/a.html").exists()


@pytest.mark.parametrize("tag", ["leadershp", "Public", "Leadership"])
def test_a_tag_that_is_nearly_an_audience_is_refused(site, tmp_path, tag):
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", tag)
    assert done.returncode == 2
    assert "looks like" in done.stderr
    assert not (tmp_path / "out/index.html").exists()


def test_two_editions_at_once_are_refused(site, tmp_path):
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "public", "-D", "postmortem_audience=leadership")
    assert done.returncode == 2
    assert "one build makes one edition" in done.stderr


def test_an_unknown_edition_is_refused(site, tmp_path):
    done = sphinx(site(FILES).source, tmp_path / "out", "-D", "postmortem_audience=board")
    assert done.returncode == 2
    assert 'unknown audience "board"' in done.stderr


def test_a_hidden_landing_page_is_told_in_a_sentence(site, tmp_path):
    source = site({"index.md": "---\naudience: leadership\n---\n# T\n"}).source
    done = sphinx(source, tmp_path / "out", "-t", "public")
    assert done.returncode == 2
    assert 'the landing page "index" is hidden' in done.stderr


def test_files_that_a_theme_copies_while_it_is_loaded_are_kept(site, tmp_path):
    """sphinx_rtd_theme copies jQuery into the output folder before Sphinx emits its first event."""
    source, out = site(FILES).source, tmp_path / "out"
    options = ["-t", "leadership", "-D", "html_theme=sphinx_rtd_theme"]
    assert sphinx(source, out, *options).stderr == ""
    assert sphinx(source, out, *options).stderr == ""
    assert (out / "_static/jquery.js").stat().st_size > 10_000


def test_a_file_that_no_build_has_written_stays_and_the_build_is_refused(site, tmp_path):
    source, out = site(FILES).source, tmp_path / "out"
    assert sphinx(source, out, "-t", "public").returncode == 0
    (out / "_static/thesis.txt").write_text("mine")
    for _ in range(2):
        done = sphinx(source, out, "-t", "public")
        assert done.returncode == 2
        assert "holds _static/thesis.txt, which no build has made" in done.stderr
    assert (out / "_static/thesis.txt").read_text() == "mine"
    (out / "_static/thesis.txt").unlink()
    assert sphinx(source, out, "-t", "public").returncode == 0


def test_a_folder_with_other_files_beside_those_of_a_theme_is_refused(site, tmp_path):
    (tmp_path / "out/_static").mkdir(parents=True)
    (tmp_path / "out/_static/notes.js").write_text("x")
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "leadership", "-D", "html_theme=sphinx_rtd_theme")
    assert done.returncode == 2
    assert "not empty" in done.stderr


def test_a_link_in_the_place_of_a_stamp_is_refused_and_its_target_stays(site, tmp_path):
    (tmp_path / "mine").write_text("")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.postmortem-edition").symlink_to(tmp_path / "mine")
    done = sphinx(site(FILES).source, tmp_path / "out", "-t", "public")
    assert done.returncode == 2
    assert ".postmortem-edition is a link" in done.stderr
    assert (tmp_path / "mine").read_text() == ""
