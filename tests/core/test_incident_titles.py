"""Titles of incidents."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.model import Incident


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("SEC-1: Stolen token", "Stolen token"),
        ("sec-1 – Stolen token", "Stolen token"),
        ("SEC-1", "SEC-1"),
        ("SEC-12: Another", "SEC-12: Another"),
        ("Stolen token (SEC-1)", "Stolen token (SEC-1)"),
    ],
)
def test_a_bare_title_does_not_repeat_the_id(title: str, bare: str) -> None:
    assert Incident("SEC-1", "page", title=title).bare_title == bare
