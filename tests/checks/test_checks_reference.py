"""The reference page of the checks is that of the code."""

from __future__ import annotations

from pathlib import Path

from sphinx_postmortem.core.checks.reference import render

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "checks.md"


def test_the_reference_page_is_up_to_date():
    message = "run: python -m sphinx_postmortem.core.checks.reference docs/reference/checks.md"
    assert PAGE.read_text(encoding="utf-8") == render(), message
