"""``check --fix`` mends what has one mechanical cure, and changes no other byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sphinx_postmortem.cli.check import check
from sphinx_postmortem.core.checks import apply_fixes, check_page, find_fixes, read_settings, run_page

pytestmark = pytest.mark.usefixtures("warm_start")

HEAD = ":::{timeline}\n| Time (UTC)       | Event |\n|------------------|-------|\n"


def mended(text, **settings):
    page = check_page("p.md", text, read_settings(settings))
    return apply_fixes(text.encode(), find_fixes(page), own_markdown=True)[0].decode()


def row(cell, head=HEAD):
    return f"{head}| {cell} | A \\| b |\n:::\n"


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("28 November 2026 01:52", "2026-11-28 01:52"),
        ("2026-11-28 02:52 CET", "2026-11-28 01:52"),
        ("2026-11-28T02:52:10+01:00", "2026-11-28 01:52:10"),
        ("2026-11-28T02:52:10.250+01:00", "2026-11-28 01:52:10.25"),
        ("**28 Nov 2026 01:52**[^1]", "**2026-11-28 01:52**[^1]"),
    ],
)
def test_a_time_in_another_spelling_is_mended(written, new):
    assert mended(row(written)).rstrip().endswith(f"| {new}{' ' * (len(written) - len(new))} | A \\| b |\n:::")


@pytest.mark.parametrize(
    "written",
    ["2026-11-28 01:52", "about 2 o'clock", "2026-11-28", "unknown", "03/04/2026 01:52", "Monday 2026-11-28 01:52"],
)
def test_what_has_no_mechanical_cure_stays(written):
    assert mended(row(written)) == row(written)


def test_a_column_in_a_named_zone_stays_in_it():
    head = HEAD.replace("Time (UTC)      ", "Time (Europe/London)")
    assert "| 2026-07-28 01:52 " in mended(row("28 July 2026 01:52", head))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("| A", "|\tA"),
        lambda text: text.replace("\n", "\n\n", 1).replace(":::{timeline}\n\n", "Text.  \n\n:::{timeline}\n"),
        lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    ],
)
def test_no_other_byte_changes(change):
    old, new = "28 November 2026 01:52", "2026-11-28 01:52      "
    text = change(row(old))
    assert mended(text) == text.replace(old, new)


def test_mending_twice_changes_nothing_more():
    once = mended(row("28 November 2026 01:52"))
    assert mended(once) == once


def test_a_due_date_in_words_is_mended():
    text = ":::{action-table}\n| Action | Owner | Due date |\n|---|---|---|\n| A | b | Jul 17, 2026 |\n:::\n"
    assert "| 2026-07-17   |" in mended(text)


def test_what_is_excused_or_off_stays():
    comment = "% postmortem-check: ignore time-offset: as the log has it\n\n"
    text = comment + row("2026-11-28T02:52:10+01:00")
    assert mended(text) == text
    assert mended(row("28 November 2026 01:52"), checks={"time-format": "off"}) == row("28 November 2026 01:52")


def test_samples_and_comments_stay():
    text = "```\n" + row("28 November 2026 01:52") + "```\n\n<!--\n" + row("28 November 2026 01:52") + "-->\n"
    assert mended(text) == text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_postmortem"]\nmyst_enable_extensions = ["colon_fence"]\n')
    (tmp_path / "index.md").write_text("# T\n\n:::{timeline}\n:file: data/events.csv\n:::\n")
    (tmp_path / "data").mkdir()
    return tmp_path


CSV = b'\xef\xbb\xbfTime (UTC);Event\r\n28 November 2026 01:52;"A; ""b"""\r\n"28 November 2026 02:52";C\r\n'


def test_the_command_mends_csv_files_and_says_what(folder):
    path = folder / "data/events.csv"
    path.write_bytes(CSV)
    said = CliRunner().invoke(check, [str(folder), "--fix"]).output
    assert path.read_bytes() == CSV.replace(b"28 November 2026", b"2026-11-28")
    assert 'events.csv:2: "28 November 2026 01:52" is now "2026-11-28 01:52" [time-format]' in said
    assert "2 cells mended" in said
    assert "0 cells mended" in CliRunner().invoke(check, [str(folder), "--fix"]).output


def test_hidden_copies_and_files_elsewhere_stay(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "events.csv"
    elsewhere.write_bytes(CSV)
    (folder / "data/events.csv").symlink_to(elsewhere)
    (folder / ".old").mkdir()
    (folder / ".old/page.md").write_text(row("28 November 2026 01:52"))
    CliRunner().invoke(check, [str(folder), "--fix"])
    assert elsewhere.read_bytes() == CSV
    assert "28 November" in (folder / ".old/page.md").read_text()


PLAIN = """# Outage

## Timeline

| Time (UTC) | What happened |
|---|---|
| 2026-03-02 01:14 | Alert detected |
| 2026-03-02 00:14 | Looked at |

| Action | Owner |
|---|---|
| Mend it | |
"""


def test_a_plain_postmortem_says_what_was_found(tmp_path):
    page = tmp_path / "outage.md"
    page.write_text(PLAIN)
    said = CliRunner().invoke(check, [str(page)]).output
    assert "checked as plain Markdown: a timeline with 2 events (line 5), 1 actions" in said
    assert "outage.md:8: error: 2026-03-02 00:14 stands after 2026-03-02 01:14" in said


def test_a_plain_postmortem_is_mended_too(tmp_path):
    page = tmp_path / "outage.md"
    page.write_text(PLAIN.replace("2026-03-02 01:14", "2 March 2026 01:14"))
    CliRunner().invoke(check, [str(page), "--fix"])
    assert page.read_text() == PLAIN.replace("2026-03-02 01:14", "2026-03-02 01:14  ")


def test_a_table_without_times_or_events_is_no_timeline(tmp_path):
    page = tmp_path / "notes.md"
    page.write_text("# N\n\n| Name | Event |\n|---|---|\n| A | B |\n")
    assert "no events with times and no table with actions" in CliRunner().invoke(check, [str(page)]).output


LISTED = """# Outage

## Timeline

- 2 March 2026 01:14 - Alert detected | by a probe
- 2026-03-02 00:14 UTC: Looked at

### 2026-03-03

#### 10:00

Told all.

## Next steps

- 2026-03-01: due
"""


def test_of_a_plain_postmortem_the_events_of_lists_and_headings_are_checked(tmp_path):
    page = tmp_path / "outage.md"
    page.write_text(LISTED)
    said = CliRunner().invoke(check, [str(page)]).output
    assert "checked as plain Markdown: a timeline with 3 events (line 5)" in said
    assert 'outage.md:5: error: "2 March 2026 01:14" is another spelling; write 2026-03-02 01:14' in said
    assert "outage.md:6: error: 2026-03-02 00:14 has another day than its neighbours" in said


def test_lists_of_a_plain_postmortem_are_left_as_they_are(tmp_path):
    page = tmp_path / "outage.md"
    page.write_text(LISTED)
    assert "0 cells mended" in CliRunner().invoke(check, [str(page), "--fix"]).output
    assert page.read_text() == LISTED


def test_a_file_that_is_read_only_is_left_and_told(tmp_path):
    page = tmp_path / "outage.md"
    text = PLAIN.replace("2026-03-02 01:14", "2 March 2026 01:14")
    page.write_text(text)
    page.chmod(0o444)
    said = CliRunner().invoke(check, [str(page), "--fix"]).output
    assert f"{page.as_posix()} is left as it is: it is read-only" in said
    assert page.read_text() == text


def test_a_link_is_left_and_told(tmp_path):
    (tmp_path / "shared.txt").write_text(PLAIN.replace("2026-03-02 01:14", "2 March 2026 01:14"))
    page = tmp_path / "outage.md"
    page.symlink_to("shared.txt")
    said = CliRunner().invoke(check, [str(page), "--fix"]).output
    assert f"{page.as_posix()} is left as it is: it is a link" in said


def test_a_folder_without_conf_is_still_refused(tmp_path):
    assert CliRunner().invoke(check, [str(tmp_path)]).exit_code == 2


ZONED = ":::{timeline}\n| Time (CET)       | Event |\n|------------------|-------|\n| 2026-11-28 00:30 | A \\| b |\n"


def test_a_column_in_another_zone_is_converted_with_its_title():
    text = mended(ZONED + "| unknown | B |\n| **2026-11-28 02:10:05** | C |\n:::\n")
    assert "| Time (UTC)       | Event |" in text
    assert "| 2026-11-27 23:30 | A \\| b |" in text
    assert "| **2026-11-28 01:10:05** | C |" in text


@pytest.mark.parametrize("other", ["about 02:00", "2026-11-28", "2026-07-28 01:00", "2026-11-28 02:10 | more"])
def test_a_column_with_a_time_that_cannot_be_converted_stays_as_it_is(other):
    text = f"{ZONED}| {other} | B |\n:::\n"
    assert mended(text) == text


def test_a_converted_column_is_all_or_none():
    page = check_page("p.md", ZONED + "| 2026-11-28 02:10 | B |\n:::\n", read_settings({}))
    changed = ZONED + "| 2026-11-28 02:11 | B |\n:::\n"
    assert apply_fixes(changed.encode(), find_fixes(page), own_markdown=True) == (changed.encode(), [])


def test_a_column_in_a_csv_file_is_converted(tmp_path):
    (tmp_path / "conf.py").write_text("")
    (tmp_path / "e.csv").write_text("Time (CET),Event\n2026-11-28 00:30,A\n")
    (tmp_path / "a.md").write_text(":::{timeline}\n:file: e.csv\n:::\n")
    CliRunner().invoke(check, [str(tmp_path), "--fix"])
    assert (tmp_path / "e.csv").read_text() == "Time (UTC),Event\n2026-11-27 23:30,A\n"


def times_of(*cells, head=""):
    """Return what the checks say of the times of a timeline, and its times once it is mended."""
    text = head + HEAD + "".join(f"| {cell} | E{number} |\n" for number, cell in enumerate(cells)) + ":::\n"
    page = check_page("p.md", text, read_settings({}))
    said = [finding.message for finding in run_page(page) if finding.code in ("time-format", "time-slip")]
    rows = mended(text)[len(head) + len(HEAD) :].splitlines()[: len(cells)]
    return said, [line.split("|")[1].strip() for line in rows]


def test_a_clock_between_two_times_gets_the_only_day_that_fits():
    said, times = times_of("2026-11-27 23:38", "**01:52**", "02:10:05 UTC", "2026-11-28 03:00")
    assert [message.partition("; ")[2] for message in said] == ["write 2026-11-28 01:52", "write 2026-11-28 02:10:05"]
    assert times[1:3] == ["**2026-11-28 01:52**", "2026-11-28 02:10:05"]


@pytest.mark.parametrize(
    ("cells", "proposed"),
    [
        pytest.param(("2026-11-27 23:38", "01:52"), "2026-11-28 01:52", id="nothing below"),
        pytest.param(("01:52", "2026-11-28 03:00"), "2026-11-28 01:52", id="nothing above"),
        pytest.param(("2026-11-26 01:00", "01:52", "2026-11-28 03:00"), "2026-11-26 01:52", id="several days fit"),
    ],
)
def test_a_day_that_is_not_certain_is_proposed_and_not_written(cells, proposed):
    said, times = times_of(*cells)
    assert [message.rpartition("perhaps ")[2] for message in said] == [proposed]
    assert times == list(cells)


def test_clocks_alone_may_be_of_the_day_of_the_summary():
    head = ":::{incident-summary} S\n:date: 2026-11-27\n\nT.\n:::\n\n"
    assert times_of("01:52", "02:10", head=head)[0][0].endswith("perhaps 2026-11-27 01:52")
    assert "perhaps" not in times_of("01:52", "02:10")[0][0]


@pytest.mark.parametrize("cells", [("2026-11-27 14:46", "14:44"), ("2026-11-27 14:46", "14:44", "2026-11-27 15:00")])
def test_a_clock_that_fits_on_no_day_is_left_to_people(cells):
    said, times = times_of(*cells)
    assert all("perhaps" not in message for message in said)
    assert times == list(cells)


@pytest.mark.parametrize(
    ("cells", "new"),
    [
        pytest.param(("2026-11-27 23:38", "2026-11-27 00:07", "2026-11-28 03:00"), "2026-11-28 00:07", id="midnight"),
        pytest.param(("2026-11-27 01:00", "2025-11-27 01:07:09", "2026-11-27 02:00"), "2026-11-27 01:07:09", id="year"),
    ],
)
def test_a_wrong_day_that_neighbours_correct_is_mended(cells, new):
    said, times = times_of(*cells)
    assert said[0].endswith(f"; write {new}")
    assert times == [cells[0], new, cells[2]]


def test_a_wrong_day_at_the_end_is_proposed_and_not_written():
    said, times = times_of("2026-11-27 23:30", "2026-11-27 23:38", "2026-11-27 00:07")
    assert said[0].endswith("; probably 2026-11-28 00:07")
    assert times[2] == "2026-11-27 00:07"
