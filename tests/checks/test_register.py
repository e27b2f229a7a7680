"""A register that cannot be used is told with the mend, and hides nothing."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.checks.register import (
    BadRegisterError,
    read_register,
    register_missing,
    register_unreadable,
)
from sphinx_postmortem.core.settings import read_settings


def said(tmp_path, text, name="register.csv", rule=register_unreadable):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(hit.line, hit.message) for hit in rule([], read_settings({"register": str(path)}))]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("register.csv", "id,severity\nSEC-1,SEV-1\n", "its first line must name the columns id, severity and date"),
        ("register.csv", "", "its first line must name the columns"),
        ("register.json", "{", "it is no JSON"),
        ("register.json", '{"incidents": 1}', "it must be a list of objects"),
        ("register.json", "[1]", "it must be a list of objects"),
        ("register.json", '[{"id": "SEC-1", "severity": "SEV-1"}]', "it needs id, severity and date for each incident"),
    ],
)
def test_what_is_wrong_with_the_register_is_said(tmp_path, name, text, message):
    with pytest.raises(BadRegisterError, match=message):
        read_register(text, name)
    ((line, told),) = said(tmp_path, text, name)
    assert (line, message in told, told.endswith("; mend it")) == (0, True, True)


def test_a_missing_register_is_said(tmp_path):
    settings = read_settings({"register": str(tmp_path / "none.csv")})
    (hit,) = register_unreadable([], settings)
    assert "the register cannot be read" in hit.message
    assert list(register_missing([], settings)) == []


def test_a_date_and_a_severity_that_are_none_are_said_with_their_line(tmp_path):
    text = "id,severity,date\nSEC-1,SEV-1,2026-02-30\nSEC-2,SEV-9,2026-03-02\n"
    assert said(tmp_path, text) == [
        (2, 'SEC-1: "2026-02-30" is no date; write YYYY-MM-DD'),
        (3, 'SEC-2: severity "SEV-9" is not known; write one of SEV-1, SEV-2, SEV-3, SEV-4'),
    ]


def test_an_incident_without_a_usable_date_is_missed_all_the_same(tmp_path):
    text = "id,severity,date\nSEC-1,SEV-1,soon\nSEC-2,SEV-1,9999-12-31\n"
    assert [message for _, message in said(tmp_path, text, rule=register_missing)] == [
        "SEC-1 (SEV-1, soon) has no postmortem; write one",
        "SEC-2 (SEV-1, 9999-12-31) has no postmortem; write one",
    ]
