"""What the preview of ``serve`` shows, and no other build."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.main import main
from sphinx_postmortem.core.settings.setting_names import PREVIEW_FOLDER as FOLDER

PAGE = """\
# SEC-1: Token stolen

## Summary

:::{incident-summary} SEC-1
:date: 2026-03-02
:severity: SEV-1
:status: closed
:tlp: AMBER

A token was stolen.
:::

## Timeline

:::{timeline}
| Time (UTC) | Event | Notes |
|---|---|---|
| 2026-03-02 01:14 | Alert detected | |
| 2026-03-02 25:14 | Alert validated | |

:::

## Lessons

The engineer was careless.

Nobody is to blame.
"""

NAMES = ("Alert detected", "Alert validated")


@pytest.fixture
def made(site):
    return site({"index.md": PAGE})


def test_a_finding_stands_beside_its_line(made, monkeypatch):
    monkeypatch.setenv(FOLDER, str(made.source.parent))
    text = made.build("internal", warnings=True).read("index.html")
    assert re.search(r"The engineer was careless\.</p>\s*<p class=\"pm-finding", text)
    rows = text.split("<tr")
    assert ["[time-" in next(row for row in rows[1:] if f"{name}</" in row) for name in NAMES] == [False, True]
    number = text.count('class="pm-finding ')
    assert f"Preview of the edition internal: {number} findings on this page" in text


def test_another_edition_has_its_name_and_no_finding(made, monkeypatch):
    monkeypatch.setenv(FOLDER, str(made.source.parent))
    text = made.build("leadership", warnings=True).read("index.html")
    assert "Preview of the edition leadership</p>" in text
    assert 'class="pm-finding' not in text


def test_a_build_into_another_folder_shows_nothing_of_it(made, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv(FOLDER, str(elsewhere))
    text = made.build("internal", warnings=True).read("index.html")
    assert "pm-finding" not in text
    assert "pm-preview" not in text


@pytest.mark.usefixtures("warm_start")
def test_what_is_published_is_no_preview_though_the_variable_names_its_folder(made, monkeypatch):
    out = made.source.parent / "out"
    monkeypatch.setenv(FOLDER, str(out))
    done = CliRunner().invoke(main, ["build", str(made.source), str(out), "--edition", "internal"])
    assert done.exit_code == 0, done.output
    page = (out / "internal/html/index.html").read_text(encoding="utf-8")
    assert "careless" in page
    assert "pm-preview" not in page
