"""Settings in builds: slips publish nothing, whatever gives them, and each build names its edition."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError
from sphinx.testing.util import SphinxTestApp

from sphinx_postmortem.cli.site import SiteError, read_site
from sphinx_postmortem.core.checks import check_page, run_page

pytestmark = pytest.mark.usefixtures("warm_start")

HIDDEN = {"index.md": "# T\n", "secret/p.md": "---\norphan: true\n---\n# secretword\n"}


def sphinx_build(source: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run plain ``sphinx-build`` into the folder ``out`` beside the source."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", *arguments, str(source), str(source.parent / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def start(source: Path, conf: dict[str, object] | None = None, tags: tuple[str, ...] = ()) -> None:
    """Start a build; settings are read before anything is built."""
    out = source.parent / "out"
    SphinxTestApp(
        "html", srcdir=source, builddir=out, confoverrides=conf, tags=list(tags), warning=StringIO()
    ).cleanup()


@pytest.mark.parametrize(
    "conf",
    [
        'postmortem_audience_path = {"secret/**": "internal"}',
        'globals()["postmortem-audience-paths"] = {"secret/**": "internal"}',
        'POSTMORTEM_AUDIENCE_PATHS = {"secret/**": "internal"}',
        'postmortem_audience_paths = {"secret/**": "internel"}',
        'postmortem_audience_paths = {"secret/**": ""}',
        'postmortem_audience = ""',
        "postmortem_require_edition = True",
        'def setup(app):\n    app.connect("config-inited", lambda app, config: setattr(config, "postmortem_audience_path", {}), priority=1)',
    ],
)
def test_a_slip_in_conf_stops_the_build(site, conf):
    with pytest.raises(ExtensionError, match="Nothing was built"):
        start(site(HIDDEN, conf).source)


@pytest.mark.parametrize(
    "override",
    [
        {"postmortem_audience": ""},
        {"postmortem_audience": "leadership,public"},
        {"postmortem_audience_path.secret": "internal"},
        {"postmortem-audience": "leadership"},
        {"audience": "leadership"},
        {"postmortem_audience_paths": "secret"},
        {"postmortem_durations": "a,b,c"},
        {"postmortem_audiences": ""},
        {"postmortem_pdf_kind": ""},
        {"html_context.audience": "leadership"},
    ],
)
def test_a_slip_on_the_command_line_stops_the_build(site, override):
    with pytest.raises(ExtensionError, match="Nothing was built"):
        start(site(HIDDEN).source, override)


def test_a_tag_that_is_nearly_an_audience_stops_the_build(site):
    with pytest.raises(ExtensionError, match='looks like "leadership"'):
        start(site(HIDDEN).source, tags=("leader",))


def test_an_edition_that_is_required_may_be_named_by_a_tag(site):
    start(site(HIDDEN, "postmortem_require_edition = True").source, tags=("leadership",))


def test_sphinx_build_says_in_a_sentence_what_is_wrong(site):
    source = site(HIDDEN).source
    done = sphinx_build(source, "-D", "postmortem_audience=")
    assert done.returncode == 2
    assert "postmortem_audience= is empty" in done.stderr
    assert not list((source.parent / "out").rglob("*.html"))


def test_lists_and_entries_given_on_the_command_line_are_read(site):
    source = site(HIDDEN).source
    done = sphinx_build(
        source,
        *("-D", "postmortem_audiences=staff, everyone", "-D", "postmortem_pseudonym_audiences=everyone, staff"),
        *("-D", "postmortem_audience_paths.secret/**=staff", "-t", "everyone"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (source.parent / "out" / "secret").exists()
    lines = [line for line in done.stdout.splitlines() if line.startswith("postmortem edition: everyone")]
    assert len(lines) == 2


def test_another_extension_may_have_settings_that_begin_as_ours(site):
    conf = 'postmortem_zzz = 3\ndef setup(app):\n    app.add_config_value("postmortem_zzz", 0, "env")'
    source = site(HIDDEN, conf)
    source.build("internal")
    assert read_site(source.source).audiences.internal == "internal"


def test_the_command_line_refuses_what_a_build_refuses(site):
    source = site(HIDDEN, 'postmortem_audience_path = {"secret/**": "internal"}').source
    with pytest.raises(SiteError, match='"postmortem_audience_paths"'):
        read_site(source)


def test_page_and_check_agree_on_what_is_done_and_what_is_utc(site):
    table = "| ID | Action | Owner | Due date | Status |\n|--|--|--|--|--|\n| A1 | Alert | appsec | 2026-01-02 | Shipped |\n"
    events = "| Time (UTC\u00b10) | Event |\n|--|--|\n| 2026-01-01 01:14 | Alert detected |\n"
    text = (
        "# T\n\n:::{incident-summary} SEC-1\n:date: 2026-01-01\n\nS.\n:::\n\n"
        f":::{{timeline}}\n{events}\n:::\n\n:::{{action-table}}\n{table}\n:::\n\n:::{{actions-by-owner}}\n:::\n"
    )
    source = site({"index.md": text}, 'postmortem_done_statuses = ["Shipped"]\npostmortem_today = "2026-11-24"')
    assert "1 of 1 done" in source.build("internal").read("index.html")
    settings = read_site(source.source).settings
    codes = {finding.code for finding in run_page(check_page("index.md", text, settings))}
    assert not codes & {"action-overdue", "time-not-utc"}
