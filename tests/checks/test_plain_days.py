"""Plain documents: a clock without a date is of the day that stands above it, as for ``import``, and is told all the same."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks import CheckedPage, check_page, read_plain, read_settings, run_page


def read(text: str, name: str = "report.md") -> CheckedPage:
    page = check_page(name, text, read_settings({}))
    read_plain(page)
    return page


def times(page: CheckedPage) -> list[str]:
    return [str(row.moment) for row in page.all_events]


def codes(page: CheckedPage) -> list[tuple[str, int]]:
    kinds = ("time-format", "time-estimate", "second-time", "duration-stated", "timeline-order")
    return [(found.code, found.line) for found in run_page(page) if found.code in kinds]


def test_a_clock_in_a_table_is_of_the_day_of_the_row_above_it() -> None:
    page = read(
        "# Cache\n\n## Timeline\n\n| Time (UTC) | Event |\n|---|---|\n| 2026-06-12 23:20 | Deployed |\n"
        "| 23:50–00:20 | Rolled back |\n| 00:40 | Recovered |\n"
    )
    assert times(page) == ["2026-06-12 23:20", "2026-06-12 23:50 to 2026-06-13 00:20", "2026-06-13 00:40"]
    assert ("time-format", 9) in codes(page)


def test_what_is_stated_of_rows_without_a_date_is_compared() -> None:
    page = read(
        "# Payments\n\n## Timeline\n\n| Time (AEDT) | Time (UTC) | Event |\n|---|---|---|\n"
        "| 5 Feb 2026, 9:02 am | 4 Feb 2026, 22:02 | Deployed |\n| 9:06 am | 22:06 | Alert detected |\n"
        "| 9:41 am | 22:44 | Recovery completed |\n\nTime to recover was 2 hours.\n"
    )
    found = codes(page)
    assert ("second-time", 9) in found
    assert ("duration-stated", 11) in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "# Report\n\n**Reported:** 2026-01-30 23:41\n\n**Resolved:** 2026-01-31 01:03\n\n## Timeline\n\n"
                "- 23:41 reported\n- 00:20 fixed\n"
            ),
            ["2026-01-30 23:41", "2026-01-31 00:20"],
        ),
        (
            (
                "# Login\n\n**When:** Monday, 6 April 2026, 14:03\n\n## What happened when\n\n- 14:03 first errors\n"
                "- shortly before 15:00 cause found\n- Tuesday 09:30 review\n"
            ),
            ["2026-04-06 14:03", "before 2026-04-06 15:00", "2026-04-07 09:30"],
        ),
        (
            (
                "# Errors\n\n## Updates\n\n**Resolved** - All is well.\nMar 02, 2026 - 22:05 UTC\n\n"
                "**Investigating** - We look at it.\nMar 02, 2026 - 20:21 UTC\n"
            ),
            ["2026-03-02 22:05", "2026-03-02 20:21"],
        ),
        (
            (
                "# Certificate\n\nIt was on 14 April 2026.\n\n## Slack log\n\n```\n[10:02 AM] ana: prod is red\n"
                "[12:05 PM] bot: resolved\n```\n"
            ),
            ["2026-04-14 10:02", "2026-04-14 12:05"],
        ),
        (
            "# Load\n\n## Timeline\n\n2026-10-21 (*all times UTC*)\n\n- 14:51 news\n- 14:54 outage\n",
            ["2026-10-21 14:51", "2026-10-21 14:54"],
        ),
        (
            (
                "# 障害報告\n\n## 時系列\n\n| 時刻 (JST) | 出来事 |\n|---|---|\n| 2026年3月14日 10時05分 | アラートを検知 |\n"
                "| 12時35分 | 復旧完了 |\n"
            ),
            ["2026-03-14 01:05", "2026-03-14 03:35"],
        ),
        (
            (
                "# Ausfall\n\n## Zeitlicher Ablauf\n\n| Zeitpunkt (MEZ) | Ereignis |\n|---|---|\n"
                "| 09.02.2026, gegen 08.30 Uhr | Alarm erkannt |\n| 09.02.2026, 11:30 Uhr | Wiederherstellung abgeschlossen |\n"
            ),
            ["about 2026-02-09 07:30", "2026-02-09 10:30"],
        ),
        (
            (
                "# Queda\n\n## Linha do tempo\n\n| Horário (UTC) | Evento |\n|---|---|\n| 10/03/2026 14h05 | Alerta detectado |\n"
                "| 25/03/2026 | Revisão |\n"
            ),
            ["2026-03-10 14:05", "2026-03-25"],
        ),
        (
            (
                "# Trust\n\n## Timeline\n\n| Date | Time | Event |\n|---|---|---|\n| 4 August 2025 | 06:47 | Alert detected |\n"
                "| | 09:30 | Isolated |\n| mid-August 2025 | | Restored |\n"
            ),
            ["2025-08-04 06:47", "2025-08-04 09:30", "about 2025-08"],
        ),
    ],
)
def test_documents_of_many_houses_are_read(text: str, expected: list[str]) -> None:
    assert times(read(text)) == expected
