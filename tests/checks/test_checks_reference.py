"""The reference pages of the checks are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.checks import all_checks
from sphinx_postmortem.core.checks.reference import render

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "checks.md"


@pytest.mark.parametrize("name", render())
def test_the_reference_is_up_to_date(name):
    message = "run: python -m sphinx_postmortem.core.checks.reference docs/reference/checks.md"
    assert (PAGE.parent / name).read_text(encoding="utf-8") == render()[name], message


def test_each_check_stands_on_the_page_of_one_topic():
    head, *topics = render().values()
    for item in all_checks():
        assert sum(f"\n## {item.code}\n" in page for page in topics) == 1
        assert head.count(f"[`{item.code}`](") == 1
    assert all(page.count("\n## ") > 4 for page in topics)  # a topic is no page for one rule
