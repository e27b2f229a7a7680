"""Files that are no plain files: each is named in a sentence, nothing is left out in silence, and nothing waits for ever."""

from __future__ import annotations

import os

import pytest

from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

INDEX = "# Site\n\n```{toctree}\n:glob:\n\n*\n```\n"
BODIES = {
    "include": "```{include} pipe.txt\n```\n",
    "literalinclude": "```{literalinclude} pipe.txt\n```\n",
    "csv-table": "```{csv-table}\n:file: pipe.txt\n```\n",
    "raw": "```{raw} html\n:file: pipe.txt\n```\n",
    "timeline": ":::{timeline}\n:file: pipe.txt\n:::\n",
}


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_pipe_that_pages_read_is_named(site, audience):
    pages = {f"{name}.md": f"# {name}\n\n{body}" for name, body in BODIES.items()}
    made = site({"index.md": INDEX, **pages, "image.md": "# Image\n\n![a](pipe.txt)\n"})
    os.mkfifo(made.source / "pipe.txt")
    built = made.build(warnings=True, postmortem_audience=audience)
    for name in BODIES:
        line = next(line for line in built.warnings.splitlines() if f"{name}.md" in line)
        assert "pipe" in line


def test_pages_that_cannot_be_read_are_named_by_check_and_by_builds(site, tmp_path):
    made = site({"index.md": INDEX})
    os.mkfifo(made.source / "pipe.md")
    (made.source / "gone.md").symlink_to("nowhere")
    (made.source / "itself.md").symlink_to("itself.md")
    (made.source / "a\nb.md:1: error: c.md").write_text("# Odd\n")
    (made.source / "a\x1b[2Jb.md").write_text("# Odd\n")
    (made.source / os.fsdecode(b"\xe9.md")).write_text("# Odd\n")
    (made.source / f"{'n' * 248}.md").write_text("# Long\n")
    (made.source / "round").symlink_to(".")
    checked = run("check", made.source)
    built = run("build", made.source, tmp_path / "out")
    assert (checked.exit_code, built.exit_code) == (1, 1)
    for name in (
        "pipe.md",
        "gone.md",
        "itself.md",
        "a\\nb.md:1: error: c.md",
        "a\\x1b[2Jb.md",
        "\\udce9.md",
        "has 248 bytes",
    ):
        assert name in checked.output
        assert name in built.output
    assert "round:1: WARNING: the link leads to a folder in which it lies" in built.output
    assert "\x1b" not in checked.output + built.output
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name != ".state"] == ["internal"]


@pytest.mark.parametrize("event", ["builder-inited", "env-before-read-docs"])
@pytest.mark.parametrize("edition", ["internal", "public"])
def test_a_page_that_is_deleted_while_the_build_runs_is_named(site, tmp_path, event, edition):
    delete = f"""
def setup(app):
    import pathlib
    app.connect("{event}", lambda app, *_: pathlib.Path(app.srcdir, "more.md").unlink(missing_ok=True))
"""
    made = site({"index.md": INDEX, "more.md": "# More\n"}, delete)
    done = run("build", made.source, tmp_path / "out", "--edition", edition)
    assert done.exit_code == 1
    assert "more.md: this page was deleted while the build ran. Nothing was published; build again." in done.output
