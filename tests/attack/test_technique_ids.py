"""Which techniques a text names, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.attack.table import shipped_table
from sphinx_postmortem.core.attack.technique_ids import address, is_technique, read_techniques
from sphinx_postmortem.core.names.public_ids import ID_KINDS


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("T1078.004", ("T1078.004",)),
        ("t1078, T1110; T1078", ("T1078", "T1110")),
        ("T1078 T1110", ("T1078", "T1110")),
        ("T1078 Valid Accounts", ("T1078",)),
        ("**T1078.004**: Valid Accounts: Cloud Accounts", ("T1078.004",)),
        ("[T1078](https://attack.mitre.org/techniques/T1078/)", ("T1078",)),
        ("https://attack.mitre.org/techniques/T1078/004/", ("T1078.004",)),
        ("{attack}`T1078.004`", ("T1078.004",)),
        ("T1078<br>T1110", ("T1078", "T1110")),
        ("—", ()),
        ("n/a", ()),
    ],
)
def test_ids_are_read_with_their_names_links_and_roles(written, ids):
    named = read_techniques(written, shipped_table())
    assert (named.ids, named.loose) == (ids, ())
    assert named.is_plain


def test_what_stands_beside_an_id_is_no_reason_to_lose_it():
    named = read_techniques("T1078 (by way of the VPN)", shipped_table())
    assert named.ids == ("T1078",)
    assert not named.is_plain


@pytest.mark.parametrize(
    "written", ["T108", "T1078.4", "T10780", "TA0001", "T１０７８", "Valid Accounts", "TBC by forensics"]
)
def test_words_and_broken_ids_name_no_technique(written):
    named = read_techniques(written, shipped_table())
    assert named.ids == ()
    assert len(named.loose) == 1


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    named = read_techniques(text, shipped_table())
    assert all(map(is_technique, named.ids))
    assert all(each.strip() for each in named.loose)


def test_addresses_are_those_of_mitre():
    assert address("T1078.004") == "https://attack.mitre.org/techniques/T1078/004/"
    assert address("TA0001") == "https://attack.mitre.org/tactics/TA0001/"


@pytest.mark.parametrize(
    ("role", "written", "known", "url"),
    [
        ("cve", "2021-44228", "CVE-2021-44228", "https://www.cve.org/CVERecord?id=CVE-2021-44228"),
        ("cve", "cve-2021-44228", "CVE-2021-44228", "https://www.cve.org/CVERecord?id=CVE-2021-44228"),
        ("cwe", "CWE-798", "CWE-798", "https://cwe.mitre.org/data/definitions/798.html"),
        ("capec", "560", "CAPEC-560", "https://capec.mitre.org/data/definitions/560.html"),
        ("d3fend", "D3-RS", "D3-RS", "https://d3fend.mitre.org/technique/d3f:RestoreSoftware/"),
        ("d3fend", "d3f:TokenBinding", "d3f:TokenBinding", "https://d3fend.mitre.org/technique/d3f:TokenBinding/"),
        ("d3fend", "D3-NEWER", "D3-NEWER", "https://d3fend.mitre.org/"),
    ],
)
def test_ids_of_others_lead_to_their_pages(role, written, known, url):
    kind = ID_KINDS[role]
    assert kind.read(written) == known
    assert kind.url(known) == url


@pytest.mark.parametrize(
    ("role", "written"),
    [("cve", "CVE-2021-1"), ("cve", "CVE-21-44228"), ("cwe", "x"), ("cwe", "0"), ("capec", ""), ("d3fend", "token b")],
)
def test_what_is_no_id_is_none(role, written):
    assert ID_KINDS[role].read(written) == ""
