"""Every code exists once: the checks use those that are marked as theirs."""

from __future__ import annotations

from sphinx_postmortem.core.checks import all_checks
from sphinx_postmortem.core.problems import Code


def test_the_checks_have_the_codes_that_are_marked_as_theirs():
    assert {code.value for code in Code if code.is_check} == {check.code for check in all_checks()}


def test_a_code_is_written_once():
    assert len({code.value for code in Code}) == len(Code.__members__)
