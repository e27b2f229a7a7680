"""Outside a heading that announces a timeline, only what is clearly one becomes rows."""

from pathlib import Path

import pytest

from tests.imports.documents import read, rows

_LINKS = "- 2024-03-01: [Queue](a.md)\n- 2024-04-02: [Certificate](b.md)\n- 2024-05-03: [Disk](c.md)\n"
_RELEASES = "- 2024-03-01 v1.2.3\n- 2024-03-02: v1.2.4 released\n- 2024-03-04 queue-server 1.2.5\n"
_PAYMENTS = (
    "| Date | Sent | Coins |\n|---|---|---|\n| 2023-05-06 10:00 | 0xabc | 10 ETH |\n| 2023-05-06 10:10 | 0xdef | 2 |\n"
)
_VERSIONS = "| Date | Version | Notes |\n|---|---|---|\n| 2023-05-06 | 1.2 | Mend the queue for good |\n"


@pytest.mark.parametrize("body", [_LINKS, _RELEASES, _PAYMENTS, _VERSIONS])
def test_lists_of_other_things_are_no_timeline_and_are_kept(tmp_path: Path, body: str) -> None:
    draft = read(tmp_path, f"# Lost queue\n\n## Appendix\n\n{body}", zone="UTC")
    assert rows(draft) == []
    assert len(draft.sections) == 1


def test_a_heading_of_other_things_holds_no_timeline(tmp_path: Path) -> None:
    listed = "- 2024-03-01 we wrote to all\n- 2024-03-02 we met again\n- 2024-03-04 it was done\n"
    assert rows(read(tmp_path, f"# Lost queue\n\n## Revision history\n\n{listed}", zone="UTC")) == []
    assert len(rows(read(tmp_path, f"# Lost queue\n\n## What we did\n\n{listed}", zone="UTC"))) == 3


def test_below_its_heading_all_that_has_a_time_is_an_event(tmp_path: Path) -> None:
    draft = read(tmp_path, f"# Lost queue\n\n## Timeline\n\n{_LINKS}\n{_PAYMENTS}", zone="UTC")
    assert len(rows(draft)) == 5


@pytest.mark.parametrize(
    "body",
    [
        "### 2024-05-06\n\n- 10:00 Begin\n\n### 2024-05-07\n\n### 2024-05-08\n\n- 11:00 End\n",
        "| Time | Event |\n|---|---|\n| 2024-05-06 | |\n| 10:00 | Begin |\n| 2024-05-07 | |\n| 2024-05-08 | |\n| 11:00 | End |\n",
    ],
)
def test_a_day_with_nothing_below_it_leaves_a_trace(tmp_path: Path, body: str) -> None:
    draft = read(tmp_path, f"# Lost queue\n\n## Timeline\n\n{body}", zone="UTC")
    assert rows(draft) == [("2024-05-06 10:00", "Begin"), ("2024-05-08 11:00", "End")]
    assert [(item.text, "nothing below" in item.reason) for item in draft.unread] == [("2024-05-07", True)]
    assert draft.items == draft.accounted
