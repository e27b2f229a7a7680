"""The shipped table of ATT&CK knows what others name, and answers what was revoked with its successor."""

from __future__ import annotations

from pathlib import Path

import pytest

from sphinx_postmortem.core.attack.table import SHIPPED, BadTableError, read_table, shipped_table, write_table
from sphinx_postmortem.core.attack.technique_ids import outdated, unknown_message
from sphinx_postmortem.core.problems import Code

MAPPING = Path(__file__).with_name("veris_mapping_ids.txt")


def test_every_technique_of_the_veris_mapping_is_known_and_in_use():
    ids = [each for line in MAPPING.read_text().splitlines() if line[0] != "#" for each in line.split()]
    table = shipped_table()
    assert len(ids) == 589
    assert [each for each in ids if each not in table.techniques] == []
    assert [each for each in ids if outdated(each, table)] == []


@pytest.mark.parametrize(
    ("old", "new"), [("T1562.001", "T1685"), ("T1562.008", "T1685.002"), ("T1070.001", "T1685.005")]
)
def test_a_revoked_technique_is_answered_with_its_successor(old, new):
    code, message = outdated(old, shipped_table())
    assert code is Code.TECHNIQUE_REVOKED
    assert f"write {new} (" in message


def test_each_successor_is_in_use_or_has_none():
    table = shipped_table()
    revoked = [each.id for each in table.techniques.values() if each.is_revoked]
    successors = [table.successor(each) for each in revoked]
    assert len(revoked) > 150
    assert [each for each in successors if each is not None and each.is_revoked] == []


def test_techniques_in_use_have_tactics_of_their_matrix():
    table = shipped_table()
    shorts = {(tactic.domain, tactic.short) for tactic in table.tactics}
    in_use = [each for each in table.techniques.values() if not each.is_revoked and not each.is_deprecated]
    assert [each.id for each in in_use if not each.tactics] == []
    assert {(each.domain, short) for each in in_use for short in each.tactics} <= shorts


def test_a_written_table_is_read_as_it_was():
    table = shipped_table()
    written = write_table(table)
    again = read_table(written)
    assert written == SHIPPED.read_text("utf-8")
    assert {each.revoked_by for each in table.techniques.values() if not each.is_revoked} == {""}
    assert (again.versions, again.tactics, again.techniques) == (table.versions, table.tactics, table.techniques)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("T1078.099", "did you mean T1078 (Valid Accounts)?"),
        ("T1078.4", "did you mean T1078.004 (Valid Accounts: Cloud Accounts)?"),
        ("t1078/04", "did you mean T1078.004 (Valid Accounts: Cloud Accounts)?"),
        ("T1078.0004", "did you mean T1078.004 (Valid Accounts: Cloud Accounts)?"),
        ("T1078.99", "did you mean T1078 (Valid Accounts)?"),
        ("T1078.0", "did you mean T1078 (Valid Accounts)?"),
        ("Valid Acounts", "did you mean T1078 (Valid Accounts)?"),
        ("Password Spraying", "did you mean T1110.003"),
        ("TA0001", "is a tactic"),
        ("phishing by phone", "write one such as T1078"),
    ],
)
def test_what_is_unknown_is_answered_with_what_to_write(written, hint):
    assert hint in unknown_message(written, shipped_table())


@pytest.mark.parametrize("text", ["T1078\tValid Accounts", "nonsense", "", "# only a comment"])
def test_a_file_that_is_no_table_says_so(text):
    with pytest.raises(BadTableError, match="tools/attack_table.py|no technique"):
        read_table(text)


def test_successors_that_lead_in_a_circle_are_none():
    table = read_table("T0001\tA\t-\tenterprise\tT0002\nT0002\tB\t-\tenterprise\tT0001\n")
    assert table.successor("T0001") is None
    assert "names no successor" in outdated("T0001", table)[1]
