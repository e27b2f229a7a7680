"""The closure criteria: all sixteen cases."""

from __future__ import annotations

from itertools import product

import pytest

from sphinx_postmortem.core.checks import Settings, check_page, run_page
from sphinx_postmortem.core.checks.closure import closure_criteria

PAGE = """\
:::{{incident-summary}} SEC-1
:status: {status}

Text.
:::

:::{{root-cause}}
{cause}
:::

:::{{action-table}}
| Action | Owner | Due date |
|---|---|---|
| Compare tags | {owner} | {due} |
:::

## Closure criteria

- Lessons shared with all teams: {lessons}
"""
CASES = list(product([True, False], repeat=4))


def page(case, status):
    cause, owner, due, lessons = case
    text = PAGE.format(
        status=status,
        cause="Uploads were not compared with tags." if cause else "",
        owner="appsec" if owner else "",
        due="2026-03-20" if due else "",
        lessons="met 2026-04-22" if lessons else "not met",
    )
    return check_page("page.md", text, Settings())


@pytest.mark.parametrize("case", CASES)
def test_each_criterion_is_judged_alone(case):
    assert tuple(item.is_met for item in closure_criteria(page(case, "closed"), Settings())) == case


@pytest.mark.parametrize("case", CASES)
def test_closed_with_an_unmet_criterion_is_an_error(case):
    found = [item for item in run_page(page(case, "closed")) if item.code == "closed-unmet"]
    assert len(found) == case.count(False)
    assert all(item.severity == "error" for item in found)


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_an_open_incident_may_have_unmet_criteria(status):
    assert not [item for item in run_page(page((False,) * 4, status)) if item.code == "closed-unmet"]


@pytest.mark.parametrize(
    ("option", "are_shared"), [(":lessons: met 2026-04-22", True), (":lessons: TBD", False), ("", False)]
)
def test_lessons_of_a_checklist_count_where_it_states_them(option, are_shared):
    text = PAGE.format(status="closed", cause="A flaw.", owner="appsec", due="2026-03-20", lessons="")
    checklist = f":::{{closure-checklist}}\n{option}\n:::\n"
    whole = check_page("page.md", text.partition("## Closure")[0] + checklist, Settings())
    assert closure_criteria(whole, Settings())[-1].is_met is are_shared
