"""The findings about one page, out of the results of all."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.exports.own_findings import own_findings

RESULTS = """incidents/a.md:3: error: no owner [action-owner]
incidents/b.md:9:2: warning: the secret of b [secret]
restricted/incidents/a.md:4: note: a red thing [held-back]
incidents/a.md: note: no timeline [timeline-missing]
2 pages checked: 1 error, 1 warning, 2 notes
"""
OTHERS = {"incidents/b.md", "restricted/incidents/a.md"}


@pytest.mark.parametrize("folder", ["", "site/", "/srv/site/"])
def test_only_lines_about_the_page_are_kept(folder):
    results = "".join(f"{folder if ' checked' not in line else ''}{line}\n" for line in RESULTS.splitlines())
    found = own_findings(results, {"incidents/a.md"}, OTHERS)
    assert [line.rsplit(" ", 1)[1] for line in found.lines] == ["[action-owner]", "[timeline-missing]"]
    assert found.unknown == 0


def test_what_names_no_page_is_counted_and_not_shown():
    found = own_findings('{"findings": ["a red thing"]}\nelsewhere.md:1: error: red [x]\n', {"incidents/a.md"}, OTHERS)
    assert found.lines == ()
    assert found.unknown == 2
