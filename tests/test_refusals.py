"""What ``sphinx-build`` and our commands say where a build stops: sentences for what users do, reports for defects."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.cmd.build import build_main
from sphinx.util.parallel import ParallelTasks

from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

UNREADABLE = "# Page\n\n::::{internal only}\nText.\n::::\n"


def write_site(folder: Path, conf: str, page: str, pages: int = 1) -> Path:
    folder.mkdir()
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    for number in range(pages):
        (folder / f"page{number}.md").write_text(page, encoding="utf-8")
    (folder / "index.md").write_text("# Home\n\n```{toctree}\n:glob:\n\npage*\n```\n", encoding="utf-8")
    return folder


USED = 'extensions = ["sphinx_postmortem"]\npostmortem_audiences = ["internal", "public"]\n'


@pytest.mark.parametrize(
    ("arguments", "page", "pages", "says"),
    [
        (["-t", "public"], UNREADABLE, 1, "page0.md:3: `::::{internal only}` looks like a marking"),
        (["-t", "public", "-j", "2"], UNREADABLE, 7, "md:3: `::::{internal only}` looks like a marking"),
        (["-D", "postmortem_audience=nobody"], "# Page\n", 1, 'unknown audience "nobody" (known: internal, public)'),
        (["-t", "public", "-b", "changes"], "# Page\n", 1, 'the builder "changes" is refused'),
    ],
    ids=["marking", "parallel", "audience", "builder"],
)
def test_sphinx_build_says_a_refusal_without_a_report(arguments, page, pages, says, tmp_path, capfd):
    source = write_site(tmp_path / "source", USED, page, pages)
    assert build_main(["-q", "-N", *arguments, str(source), str(tmp_path / "out")]) == 2
    said = capfd.readouterr().err
    assert said.startswith("\nExtension error!\n\n")
    assert says in said
    assert not any(word in said for word in ("Versions", "Traceback", 'File "', "report this"))


def test_pages_that_a_parallel_build_lost_end_it(tmp_path, monkeypatch, capfd):
    add_task = ParallelTasks.add_task

    def add_when_earlier_ones_have_ended(tasks, *given):
        # The process of the chunk before has failed by then: Sphinx passes over it, and reads no more pages.
        for process in tasks._procs.values():
            if process.pid is not None:
                process.join(60)
        add_task(tasks, *given)

    monkeypatch.setattr(ParallelTasks, "add_task", add_when_earlier_ones_have_ended)
    failing = (
        'def setup(app):\n    app.connect("source-read", lambda app, name, text: 1 / (name != "page4") and None)\n'
    )
    source = write_site(tmp_path / "source", USED + failing, "# Page\n", 8)
    assert build_main(["-q", "-N", "-j", "2", str(source), str(tmp_path / "out")]) == 2
    said = capfd.readouterr().err
    assert "pages were not read: page3, page4, page5, page6, page7. A process" in said
    assert "build with `-j 1`" in said


def test_a_refusal_has_its_traceback_where_it_is_asked_for(tmp_path, capfd):
    source = write_site(tmp_path / "source", USED, UNREADABLE)
    assert build_main(["-qT", "-t", "public", str(source), str(tmp_path / "out")]) == 2
    assert "Traceback (most recent call last)" in capfd.readouterr().err


BROKEN = {
    "an extension that is not there": ('extensions += ["no_such_extension"]\n', "no_such_extension"),
    "an extension whose setup fails": (
        'import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions += ["failing"]\n',
        "it cannot be set up",
    ),
    "an extension that fails when it runs": (
        'def setup(app):\n    app.connect("builder-inited", lambda app: 1 / 0)\n',
        "division by zero",
    ),
    "a theme that is not there": ('html_theme = "no_such_theme"\n', "no theme named 'no_such_theme'"),
    "two themes": ('html_theme = ["alabaster", "furo"]\n', "html_theme"),
    "no theme": ('html_theme = ""\n', "theme"),
    "settings of a theme that are none": (
        "html_theme_options = None\nhtml_context = None\n",
        "`html_context' has type",
    ),
    "a conf.py that raises": ('raise ValueError("not today")\n', "conf.py:3: ValueError: not today"),
    "a conf.py that is no Python": ("html_theme = = 1\n", "conf.py, line 3"),
    "a later Sphinx": ('needs_sphinx = "99.0"\n', "at least Sphinx v99.0"),
}


@pytest.mark.parametrize(("conf", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_site_is_told_without_a_traceback_of_ours(conf, says, tmp_path):
    source = write_site(tmp_path / "source", USED + conf, "# Page\n")
    (source / "failing.py").write_text('def setup(app):\n    raise OSError("it cannot be set up")\n', encoding="utf-8")
    done = run("build", source, tmp_path / "out")
    assert done.exit_code in (1, 2), done.output
    assert says in done.output
    assert "Traceback" not in done.output
    assert not any((tmp_path / "out" / name).exists() for name in ("internal", "public"))


def test_a_language_that_does_not_exist_is_english(tmp_path):
    source = write_site(tmp_path / "source", USED + 'language = "xx"\n', "# Page\n")
    done = run("build", source, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "Traceback" not in done.output
