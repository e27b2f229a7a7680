"""Every row of a timeline is on the page and in the data, whatever stands in its cell of the time."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import CONF, Site

CLOCKS = st.tuples(st.integers(0, 29), st.integers(0, 75)).map(lambda pair: f"{pair[0]}:{pair[1]:02}")
DAYS = st.sampled_from(
    [
        "2026-03-02",
        "2026-02-30",
        "22025-03-02",
        "3/4/26",
        "2 March",
        "02.03.2026",
        "2026-061",
        "~",
        "Tue",
        "2026年3月2日",
    ]
)
WORDS = st.sampled_from(
    ["UTC", "PST", "XYZ", "+00:12", "T+5m", "next day", "before", "until", "circa", "–", "-", "to", "24:00", "23:59:60"]
    + [
        "1772414040",
        "46083.05",
        "`x`",
        "**",
        "[^1]",
        "~~09:00~~",
        "<b>",
        "&amp;",
        "\\",
        "soon",
        "unknown",
        "�",
        "１３:００",
    ]
)
LETTERS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="|`<[{$"), max_size=12)
CELLS = st.lists(st.one_of(CLOCKS, DAYS, WORDS, LETTERS), max_size=4).map(" ".join)


@settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(cells=st.lists(CELLS, min_size=60, max_size=60))
def test_every_row_is_shown_and_exported(tmp_path_factory, cells):
    rows = [f"| {cell} | Row {number:03} of these |" for number, cell in enumerate(cells)]
    table = "\n".join(["| Time (UTC) | Event |", "|---|---|", *rows])
    text = f"# S-1\n\n:::{{incident-summary}} S-1\n:date: 2026-03-02\n\nText.\n:::\n\n:::{{timeline}}\n{table}\n\n:::\n"
    site = Site(tmp_path_factory.mktemp("rows") / "source").write({"conf.py": CONF, "index.md": text})
    built = site.build(warnings=True)
    page = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", (built.outdir / "index.html").read_text("utf-8"))))
    data = (
        (site.build(builder="postmortem-export", warnings=True).outdir / "events.csv").read_bytes().decode("utf-8-sig")
    )
    exported = [row["Event"] for row in csv.DictReader(io.StringIO(data, newline=""))]
    wanted = [f"Row {number:03} of these" for number in range(len(cells))]
    assert [each for each in wanted if each not in page] == []
    assert sorted(exported) == wanted
