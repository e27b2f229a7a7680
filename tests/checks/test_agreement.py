"""``check`` and a build tell the same faults at the same places, on pages that are put together at random."""

from __future__ import annotations

import json
import os
import re
import textwrap
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sphinx_postmortem.core.checks import Finding, all_checks
from sphinx_postmortem.core.checks.report import with_prompts_grouped
from sphinx_postmortem.core.problems import GATES, Code
from tests.command import run
from tests.conftest import CONF, Site

pytestmark = pytest.mark.usefixtures("warm_start")

GATE_CODES = {code.value for code in GATES}
FOUND_BY_BUILDS = {item.code for item in all_checks() if item.in_build} - GATE_CODES
FOUND_BY_BUILDS -= {Code.PDF_GLYPH.value, Code.SUMMARY_MISSING.value}  # a build of PDFs, and one of rows, tells of it
_SAID = re.compile(
    r"^(?P<file>/[^:\n]+)(?::(?P<line>\d+))?: WARNING: .* \[postmortem\.(?P<code>[\w-]+)\]$", re.MULTILINE
)
FILES = {
    "good.csv": "Time (UTC),Event\n2026-03-02 01:14,Alert detected\n",
    "late.csv": "Time (UTC),Event\nsoon,Alert detected\n2026-03-02 00:10,Alert validated\n",
    "narrow.csv": "Time (UTC),Event\n2026-03-02 01:14\n",
    "latin.csv": b"Time,Event\n\xff\xfe,x\n",
    "due.csv": "ID,Action,Owner,Due date\nA1,Do,ops,soon\nA1,More,ops,2026-03-02\n",
}


def table(header: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows])


def block(name: str, argument: str, options: list[str], body: str, *, markdown: bool) -> str:
    if markdown:
        return "\n".join([f":::{{{name}}} {argument}".rstrip(), *options, *([body] if body else []), "", ":::", ""])
    lines = [f".. {name}:: {argument}".rstrip(), *(f"   {option}" for option in options)]
    return "\n".join([*lines, "", textwrap.indent(body, "   "), ""])


@st.composite
def summaries(draw, *, markdown: bool):
    number = draw(st.integers(1, 30))
    choices = [
        ["", ":severity: SEV-1", ":severity: SEV-9", ":severty: SEV-1"],
        ["", ":date: 2026-03-02", ":date: 2026-02-31", ":dates: 2026-03-02", ":date: last week"],
        [":status: draft", ":status: in-review", ":status: done", ""],
        ["", ":tlp: AMBER", ":tlp: WHITE", ":tlp-public: GREY"],
        ["", ":type: Security", ":type: Fire"],
    ]
    options = [option for each in choices if (option := draw(st.sampled_from(each)))]
    argument = draw(st.sampled_from([f"SEC-{number}", f"sec-{number}", ""]))
    body = draw(st.sampled_from(["What happened.", "What happened.", ""]))
    return block("incident-summary", argument, options, body, markdown=markdown)


@st.composite
def timelines(draw, *, markdown: bool):
    file = draw(
        st.sampled_from(["", "", "", "good.csv", "late.csv", "narrow.csv", "latin.csv", "none.csv", "../out.csv"])
    )
    headers = [["Time (UTC)", "Event"], ["Time (UTC)", "Event", "Evidence"], ["Time", "Room"], ["CEST", "Event"]]
    headers += [["[Time](https://example.org) (UTC)", "Event"], ["Time (UTC, CET)", "Event"], ["Clock (UTC)", "Event"]]
    header = draw(st.sampled_from(headers))
    times = ["2026-03-02 01:14", "2026-03-02 00:10", "soon", "2026-02-30 01:00", "unknown", "3 March 2026, 4 pm"]
    times += ["2026-03-02 (day)", "2026-03-02 01:14 (approx.)", "2026-03-02 01:14 (pager)", "2026-03-05 to 2026-03-02"]
    times += ["2026-03-02 10:00 UTC (12:00 CEST)", "2026-03-29 02:30 Europe/Berlin", "2026-03-02 01:14 XYZ", "2026-03"]
    events = ["Alert detected", "Alert validated", "Recovery completed", "It went on"]
    evidence = ["", "evidence/none.log", "siem:4711", "../../out.log"]
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, (times, events, evidence))), max_size=4))
    body = table(header, [list(row[: len(header)]) + ["more"] * draw(st.sampled_from([0, 0, 0, 1])) for row in rows])
    options = [f":file: {file}"] if file else []
    with_body = not file or draw(st.sampled_from([False, False, True]))
    return block("timeline", "", options, body if with_body else "", markdown=markdown)


@st.composite
def other_tables(draw, *, markdown: bool):
    name = draw(st.sampled_from(["action-table", "response-table", "veris", "review-record"]))
    if name == "action-table":
        if draw(st.integers(0, 4)) == 0:
            return block(name, "", [":file: due.csv"], "", markdown=markdown)
        header = draw(st.sampled_from([["ID", "Action", "Owner", "Due date"], ["ID", "Action", "Who", "Due date"]]))
        dates = ["2026-03-20", "soon", "Jul 17, 2026", "", "TBD"]
        cells = (["A1", "a1", "A2", ""], ["Do it", "Do more"], ["ops", ""], dates)
    elif name == "veris":
        header = draw(st.sampled_from([["Field", "Value"], ["Field", "Worth"], []]))
        cells = (["action.hacking.variety", "action.hackin", "confidence", "."], ["SQLi", "High", ""])
    elif name == "review-record":
        header = draw(st.sampled_from([["Who", "Read on", "Agreed"], ["Who", "Agreed"]]))
        cells = (["ops", ""], ["2026-03-20", "soon"], ["yes", ""])
    else:
        header = draw(st.sampled_from([["Kind", "Response", "Evidence"], ["Use", "Response", "Evidence"]]))
        cells = (["fix", "lunch", "containment", ""], ["Did it", "Did more"], ["", "evidence/none.log", "pcap"])
    rows = draw(st.lists(st.tuples(*map(st.sampled_from, cells)), max_size=4))
    options = (
        draw(st.sampled_from([[], [":clas: x"], [":kind: fix"], [":kind: tea"]])) if name != "action-table" else []
    )
    return block(name, "", options, table(header, [list(row) for row in rows]), markdown=markdown)


@st.composite
def boxes(draw, *, markdown: bool):
    name = draw(st.sampled_from(["root-cause", "contributing-factors", "affected-assets"]))
    body = draw(st.sampled_from(["", "- **Monitoring**: there was no alert.", "Human error."]))
    return block(name, "", draw(st.sampled_from([[], [], [":foo: bar"]])), body, markdown=markdown)


@st.composite
def pages(draw):
    markdown = draw(st.sampled_from([True, True, False]))
    parts = [draw(summaries(markdown=markdown))] if draw(st.integers(0, 5)) else []
    others = st.one_of(*(make(markdown=markdown) for make in (timelines, other_tables, boxes, summaries)))
    parts += draw(st.lists(others, max_size=4))
    return (".md", "# A page\n\n" + "\n".join(parts)) if markdown else (".rst", "A page\n======\n\n" + "\n".join(parts))


def said(warnings: str) -> set[tuple[str, str, int]]:
    found = {
        (each["code"], os.path.normpath(each["file"]), int(each["line"] or 0)) for each in _SAID.finditer(warnings)
    }
    return {each for each in found if each[0] not in GATE_CODES}


@settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(made=st.lists(pages(), min_size=12, max_size=12))
def test_a_build_tells_what_check_tells(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("agree")
    site = Site(folder / "source")
    names = [f"p{number}{suffix}" for number, (suffix, _) in enumerate(made)]
    site.write({name: text for name, (_, text) in zip(names, made, strict=True)})
    index = "# Index\n\n```{toctree}\n" + "\n".join(name.partition(".")[0] for name in names) + "\n```\n"
    site.write({**FILES, "conf.py": CONF + 'suppress_warnings = ["misc.highlighting_failure"]\n', "index.md": index})
    found = json.loads(run("check", site.source, "--format", "json").output)["findings"]
    # People, and so builds, are told of all prompts of a page at once.
    told = with_prompts_grouped([Finding(**{each.name: one[each.name] for each in fields(Finding)}) for one in found])
    checked = {
        (each.code, os.path.normpath(site.source / each.file), each.line)
        for each in told
        if each.code not in GATE_CODES
    }
    with_checks = said(site.build(builder="dummy", warnings=True, postmortem_check_builds="note").warnings)
    assert with_checks == checked
    notes = {each.code for each in told if each.severity == "note"}
    without = said(site.build(builder="dummy", warnings=True).warnings)  # what directives find by themselves
    assert without <= checked
    assert {place for place in without if place[0] in FOUND_BY_BUILDS} == {
        place for place in checked if place[0] in FOUND_BY_BUILDS - notes
    }
