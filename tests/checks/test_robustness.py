"""Whatever a file holds, the checks end with findings, in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core.checks import Settings, check_page, read_file, run_page

PIECES = st.sampled_from(
    [
        *("---\n", ":::{timeline}\n", ":::\n", "::::{internal-only}\n", "::::\n", "```\n", ":::{root-cause}\n"),
        *("| Time (UTC) | Event |\n|---|---|\n", "| 2026-03-02 01:14 | Alert detected |\n", "| ~ | | |\n", "\t\n"),
        *(
            ":::{incident-summary} X\n",
            ":date: 2026-02-30\n",
            ":tlp: WHITE\n",
            "\n",
            "<!-- postmortem-check: ignore a -->\n",
        ),
        *(
            "postmortem-checks:\n  x: off\n",
            ".. timeline::\n\n   | a | b |\n",
            "# H\n",
            "9999-12-31 23:59+23:59",
            "203.0.113.7",
        ),
        *("<!--", "%", "\x00", "é", "\u2028", "a" * 70, "/", "\\", "@", "CVE-2026-12345 ", ":file: ../../x.csv\n"),
    ]
)


@settings(max_examples=150, deadline=2000)
@given(st.lists(PIECES | st.text(max_size=30), max_size=40), st.booleans())
def test_no_text_stops_the_checks(pieces, markdown):
    text = "".join(pieces)
    page = check_page("page.md", text, Settings(), markdown=markdown)
    lines = len(page.source.lines)
    assert all(0 <= finding.line <= lines for finding in run_page(page) if finding.file == "page.md")


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_stop_the_checks(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "page.md"
    path.write_bytes(data)
    page = read_file(path, "page.md", Settings(), path.parent)
    findings = {finding.code for finding in run_page(page)}
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert "unreadable-file" in findings


HEAD = ":::{timeline}\n| Time (UTC) | Event |\n|---|---|\n"
LONG = {
    "letters": "a" * 5_000_000,
    "hyphens": "a-" * 2_500_000,
    "dots": "a." * 2_500_000,
    "slashes": "/a" * 2_500_000,
    "at": "a@" * 2_500_000,
    "spaces": " " * 5_000_000 + "x",
    "pipes": "|" * 5_000_000,
    "markup": "*_`[(" * 1_000_000,
    "colons": ":" * 5_000_000,
    "secret": "password=" + "a" * 5_000_000,
    "jwt": "eyJ" * 1_600_000,
    "summary": ":::{incident-summary} X\n" + "a-b.c/d@e:f " * 400_000 + "\n:::\n",
    "short lines": "a-b.c/d@e\n" * 30_000,
    "rows": HEAD + "| 2026-03-02 01:14 | Alert detected |\n" * 10_000 + ":::\n",
    "bad rows": HEAD + "| ~ | a | b |\n" * 10_000 + ":::\n",
    "nested": ":::{internal-only}\n" * 3_000,
    "headings": "".join(f"{'#' * (1 + n % 6)} h{n}\n" for n in range(20_000)),
    "comments": "<!-- postmortem-check: ignore time-format: because -->\n" * 3_000,
}


@pytest.mark.parametrize("name", LONG)
def test_large_pages_take_bounded_time(name, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(LONG[name], encoding="utf-8")
    start = time.process_time()
    page = read_file(path, "page.md", Settings(), tmp_path)
    page.forced = True
    assert run_page(page)
    assert time.process_time() - start < 8


def test_a_missing_file_is_a_finding(tmp_path):
    page = read_file(tmp_path / "no.md", "no.md", Settings(), tmp_path)
    assert [finding.code for finding in run_page(page)] == ["unreadable-file"]


def test_a_csv_outside_the_source_folder_is_not_read(tmp_path):
    (tmp_path / "out.csv").write_text("Time (UTC),Event\n~1,Alert\n")
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.md").write_text(":::{timeline}\n:file: ../out.csv\n:::\n")
    found = {finding.code for finding in run_page(read_file(source / "a.md", "a.md", Settings(), source))}
    assert "bad-file" in found
    assert "time-estimate" not in found
