"""``incident-metrics`` in builds: tables with and without charts, and charts that are always the same."""

from __future__ import annotations

import re

import pytest
from docutils import nodes
from PIL import Image

from sphinx_postmortem.core.records.tones import Tone
from sphinx_postmortem.sphinx_ext.lists import charts, metrics_drawing


def incident(number: int, minutes: int) -> str:
    return f"""# Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-0{number}-02
:severity: SEV-{number % 2 + 1}

Text.
:::

:::{{timeline}}
| Time (UTC) | Event |
|---|---|
| 2026-01-02 01:00 | Alert detected |
| 2026-01-02 01:{minutes} | Containment executed |
:::

:::{{action-table}}
| ID | Action | Owner | Due date | Status | Audience |
|---|---|---|---|---|---|
| A1 | Do | ops | 2026-05-01 | open | |
| A2 | Do | ops | 2026-05-01 | done | internal |
:::
"""


@pytest.fixture
def kb(site):
    def make(options="", audience=""):
        index = f"# Home\n\n:::{{incident-metrics}}\n{options}\n:::\n\n```{{toctree}}\n:glob:\n\nsec*\n```\n"
        pages = {f"sec{n}.md": incident(n, n + 9) for n in range(1, 7)}
        pages["sec6.md"] = f"---\naudience: internal\n---\n{pages['sec6.md']}"
        return site({"index.md": index, **pages}, 'postmortem_today = "2026-06-01"\n')

    return make


def rows(built):
    return [[cell.astext() for cell in row] for row in built.doctree().findall(nodes.row)]


def pictures(built):
    return {path.name: path.read_bytes() for path in built.outdir.rglob("pm-chart-*")}


def test_tables_hold_the_numbers_that_the_charts_show(kb):
    built = kb().build()
    assert rows(built) == [
        ["Quarter", "SEV-1", "SEV-2", "All"],
        ["2026 Q1", "1", "2", "3"],
        ["2026 Q2", "2", "1", "3"],
        ["All", "3", "3", "6"],
        ["Time", "From", "To", "Incidents", "Median", "90th percentile"],
        ["Time to detect", "Adverse activity started", "Alert detected", "0 of 6", "too few", "too few"],
        ["Time to acknowledge", "Alert detected", "Alert validated", "0 of 6", "too few", "too few"],
        ["Time to contain", "Alert detected", "Containment executed", "6 of 6", "12 min", "14 min"],
        ["Time to recover", "Alert detected", "Recovery completed", "0 of 6", "too few", "too few"],
        ["Quarter", "Opened", "Closed", "Still open", "Overdue"],
        ["2026 Q1", "6", "3", "3", "3"],
        ["2026 Q2", "6", "3", "3", "3"],
        ["All", "12", "6", "6", "6"],
    ]
    page = built.read("index.html")
    assert pictures(built) == {}
    assert page.count('<ol class="pm-cols"') == 2
    assert page.count('<details class="pm-fold">') == 3
    blocks = re.findall(r'<a class="pm-unit pm-(\w+) [^"]*" href="([^"#]*)', page)
    assert sorted(blocks, key=lambda block: block[1]) == [
        (tone, f"sec{number}.html") for number, tone in enumerate(("warn", "crit") * 3, start=1)
    ]
    assert page.count('class="pm-line"') == 1  # times that no incident has are in the table alone


def test_many_incidents_are_counted_and_lead_to_the_list(site):
    pages = {f"sec{n}.md": incident(n % 3 + 1, 10).replace(f"SEC-{n % 3 + 1}", f"SEC-{n}") for n in range(1, 31)}
    pages["list/index.md"] = "# List\n\n:::{incident-navigation}\n:pages: /sec*\n:::\n"
    page = site({"index.md": "# Home\n\n:::{incident-metrics}\n:::\n\n```{toctree}\nlist/index\n```\n", **pages}).build(
        warnings=True
    )
    text = page.read("index.html")
    assert "pm-unit" not in text
    assert 'href="list/index.html?severity=SEV-1&amp;year=2026" aria-label="2026 Q1: 10 SEV-1">10</a>' in text


def test_a_filtered_edition_counts_only_what_it_sees(kb):
    built = kb(":show: incidents, actions").build("public")
    assert rows(built) == [
        ["Quarter", "SEV-1", "SEV-2", "All"],
        ["2026 Q1", "1", "2", "3"],
        ["2026 Q2", "1", "1", "2"],
        ["All", "2", "3", "5"],
        ["Quarter", "Opened", "Closed", "Still open", "Overdue"],
        ["2026 Q1", "3", "0", "3", "3"],
        ["2026 Q2", "2", "0", "2", "2"],
        ["All", "5", "0", "5", "5"],
    ]


def test_two_builds_draw_the_same_bytes_without_date_and_version(kb, monkeypatch):
    monkeypatch.setattr(metrics_drawing, "charts", charts)  # tests draw the same chart once
    made = kb(":show: incidents, times")
    first, second = pictures(made.build(builder="latex")), pictures(made.build(builder="latex", parallel=2))
    assert first == second
    assert len(first) == 2
    assert not any(re.search(rb"dc:date|Matplotlib|20\d\d-\d\d-\d\dT", content) for content in first.values())


@pytest.mark.parametrize("builder", ["latex", "epub", "texinfo"])
def test_other_builders_get_one_png_of_each_chart(kb, builder):
    settings = {"epub_copyright": "x", "version": "1"} if builder == "epub" else {}
    built = kb().build(builder=builder, **settings)
    found = pictures(built)
    assert len(found) == 3
    assert all(content.startswith(b"\x89PNG") and b"Software" not in content for content in found.values())


@pytest.mark.parametrize("builder", ["text", "xml", "man", "pseudoxml"])
def test_builders_without_pictures_show_the_tables_alone(kb, builder):
    written = kb().build(builder=builder).all_bytes()
    assert b"90th" in written
    assert b"pm-chart" not in written


def test_without_matplotlib_one_message_and_the_tables(kb, monkeypatch):
    monkeypatch.setattr(charts, "can_draw", lambda: False)
    made = kb()
    made.build()  # HTML pages draw by themselves
    built = made.build(builder="latex", warnings=True)
    assert built.warnings.count("[postmortem.no-charts]") == 1
    assert "pip install sphinx-postmortem[charts]" in built.warnings
    assert len(rows(built)) == 13


def test_no_chart_is_asked_for(kb, monkeypatch):
    monkeypatch.setattr(charts, "can_draw", lambda: False)
    assert len(rows(kb(":no-chart:\n:mean:\n:show: times").build())) == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (":by: week", "month, quarter, year"),
        (":show: everything", "incidents, times, actions"),
        (":severity: SEV-9", "SEV-1, SEV-2"),
        (":incident: SEC-77", "SEC-1, SEC-2"),
    ],
)
def test_a_wrong_option_names_the_valid_values(kb, options, said):
    assert said in kb(options).build(warnings=True).warnings


BARS = charts.Bars(
    ("2026 Q1", "2026 Q2"), (("SEV-1", Tone.CRITICAL, (1, 0)), ("重大", Tone.WARNING, (2, 3))), "Incidents"
)
SPANS = [
    charts.ChartSpan("Time to contain", 0, 7200.0, "0 min", "2 h"),
    charts.ChartSpan("Other", 60, 1e8, "1 min", "3 years"),
]


@pytest.mark.parametrize("chart", [BARS, SPANS], ids=["bars", "spans"])
def test_charts_do_not_depend_on_what_was_drawn_before_or_on_a_style_of_the_users(chart):
    import matplotlib as mpl

    first = charts.draw(chart)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        assert charts.draw(chart) == first


def test_bars_are_told_apart_by_their_hatch_not_by_colour_alone():
    def drawn(*numbers: tuple[int, ...]) -> bytes:
        series = tuple((name, Tone.QUIET, each) for name, each in zip("ab", numbers, strict=True))
        return charts.draw(charts.Bars(("Q1",), series, "Incidents"))

    assert drawn((1,), (2,)) != drawn((2,), (1,))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_of_charts_has_the_contrast_of_wcag():
    bright, dim = sorted((luminance(charts.INK), luminance(charts.GROUND)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 7


def test_pictures_for_print_are_opaque(tmp_path):
    path = tmp_path / "chart.png"
    path.write_bytes(charts.draw(BARS))
    with Image.open(path) as picture:
        assert picture.convert("RGBA").getpixel((2, 2)) == (255, 255, 255, 255)


def test_incidents_without_actions_get_a_sentence_in_place_of_an_empty_chart(site):
    page, _, _ = incident(1, 10).partition(":::{action-table}")
    built = site({"index.md": "# Home\n\n:::{incident-metrics}\n:::\n\n```{toctree}\nsec1\n```\n", "sec1.md": page})
    _, heading, text = built.build().read("index.html").partition("Actions by quarter")
    assert heading
    assert "No actions." in text
    assert "pm-cols" not in text
