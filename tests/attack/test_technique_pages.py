"""Techniques on pages and in data: read, linked, reported, and hidden with what names them."""

from __future__ import annotations

import json

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.checks import check_page, run_page
from sphinx_postmortem.core.settings import read_settings
from tests.attack.test_site_file import BUNDLE

PAGE = """# SEC-1: Stolen token

:::{incident-summary} SEC-1
:status: closed
:attack: T1078.004, T1562.001

What happened, by {attack}`T1110` and {attack}`signing in <T1078>`; {cve}`2021-44228`, {cwe}`CWE-798`.
:::

:::{timeline}
| Time (UTC) | Event | ATT&CK | Audience |
|---|---|---|---|
| 2026-03-02 01:14 | Alert detected | T1110.003 Password Spraying | |
| 2026-03-02 01:16 | Dumped | T1003.001 | internal |
| 2026-03-02 01:18 | Persisted | T1098 (perhaps) | |

:::

:::{action-table}
| ID | Action | Owner | MITRE ATT&CK |
|---|---|---|---|
| A1 | Second factor | appsec | T1110 |

:::
"""


def codes(text: str, **settings: object) -> list[tuple[int, str]]:
    page = check_page("page.md", text, read_settings(settings))
    return [(hit.line, hit.code) for hit in run_page(page) if hit.code.startswith("technique-")]


def test_pages_link_techniques_by_name(site):
    html = site({"index.md": PAGE}).build().read("index.html")
    assert 'href="https://attack.mitre.org/techniques/T1078/004/">T1078.004</a> Cloud Accounts' in html
    assert ">T1110 (Brute Force)</a>" in html
    assert 'href="https://attack.mitre.org/techniques/T1078/">signing in</a>' in html
    assert 'href="https://www.cve.org/CVERecord?id=CVE-2021-44228">CVE-2021-44228</a>' in html
    assert "T1098 (perhaps)" in html


def test_records_hold_the_ids_and_lose_nothing_beside_them(site, tmp_path):
    site({"index.md": PAGE}).build(postmortem_export_folder=str(tmp_path / "data"))
    incident = json.loads((tmp_path / "data/postmortems.json").read_text())["incidents"][0]
    assert incident["techniques"] == ["T1078.004", "T1562.001"]
    assert [event["techniques"] for event in incident["events"]] == [["T1110.003"], ["T1003.001"], ["T1098"]]
    assert incident["events"][2]["other"] == [{"column": "ATT&CK", "text": "T1098 (perhaps)"}]
    assert incident["actions"][0]["techniques"] == ["T1110"]


def test_a_hidden_row_takes_its_technique_with_it(site, tmp_path):
    built = site({"index.md": PAGE}).build("public", postmortem_export_folder=str(tmp_path / "data"))
    written = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*.*") if path.is_file())
    assert b"T1110.003" in written
    assert b"T1003" not in written + built.all_bytes()
    assert b"LSASS" not in built.all_bytes()


def test_what_is_unknown_is_reported_where_it_stands(site):
    text = PAGE.replace("T1110.003 Password Spraying", "T1110.333").replace("`T1110`", "`T111`").replace("798", "x")
    said = site({"index.md": text}).build(warnings=True).warnings
    assert 'index.md:13: WARNING: ATT&CK 19 (ics: 18.1) has no technique "T1110.333"; did you mean T1110' in said
    assert 'index.md:7: WARNING: "T111" is no id of a technique' in said
    assert '"CWE-x" is no id of CWE; write one such as CWE-798 [postmortem.bad-identifier]' in said


def test_the_checks_find_what_is_unknown_revoked_and_deprecated():
    found = codes(PAGE.replace("| T1110 |", "| T1043 |").replace("T1003.001", "T9999"))
    assert found == [(3, "technique-revoked"), (14, "technique-unknown"), (22, "technique-deprecated")]


def test_the_role_is_checked_on_any_page():
    assert codes("# Runbook\n\nLook for {attack}`it <T1562.001>`, {attack}`TA0001` and {attack}`TA9999`.\n") == [
        (3, "technique-revoked"),
        (3, "technique-unknown"),
    ]


def test_the_rule_can_be_turned_off_in_builds(site):
    text = PAGE.replace("T1078.004,", "our own name,")
    html = site({"index.md": text}).build(postmortem_checks={"technique-unknown": "off"}).read("index.html")
    assert "our own name" in html


def test_prompts_name_no_technique(site):
    site({"index.md": PAGE.replace("T1110.003 Password Spraying", "<technique>")}).build()


def test_a_site_brings_its_own_version(site):
    text = "# SEC-1\n\n:::{incident-summary} SEC-1\n:status: closed\n:attack: T1001\n\nText {attack}`TA0040`.\n:::\n"
    built = site({"index.md": text, "data/attack.json": BUNDLE})
    html = built.build(postmortem_attack="data/attack.json").read("index.html")
    assert "</a> New way" in html
    built.write({"data/attack.json": BUNDLE.replace("New way", "Newer way")})
    assert "</a> Newer way" in built.build(keep=True, postmortem_attack="data/attack.json").read("index.html")


def test_a_file_that_cannot_be_used_stops_the_build(site):
    broken = site({"index.md": PAGE, "attack.json": "{"})
    with pytest.raises(ExtensionError, match="postmortem_attack: .*no JSON.*Nothing was built"):
        broken.build(postmortem_attack="attack.json")


def test_layers_and_bundles_hold_what_the_edition_shows_and_are_there_on_request(site, tmp_path):
    built = site({"index.md": PAGE, "other.md": "---\norphan: true\n---\n# Other\n"})
    asked = {"postmortem_export_formats": ["navigator", "stix"]}
    for edition in ("internal", "public"):
        built.build(edition, postmortem_export_folder=str(tmp_path / edition), **asked)
    names = ["attack-layer-enterprise.json", "incidents.stix.json"]
    assert sorted(path.name for path in (tmp_path / "public").iterdir()) == names
    for name in names:
        assert "T1003.001" in (tmp_path / "internal" / name).read_text()
        assert "T1003" not in (tmp_path / "public" / name).read_text()
    built.build(postmortem_export_folder=str(tmp_path / "default"))
    assert not {path.name for path in (tmp_path / "default").iterdir()} & set(names)


def test_a_layer_that_has_nothing_now_is_removed(site, tmp_path):
    settings = {"postmortem_export_formats": ["navigator"], "postmortem_export_folder": str(tmp_path)}
    built = site({"index.md": PAGE.replace("T1078.004, ", "T0801, ")})
    built.build(**settings)
    assert (tmp_path / "attack-layer-ics.json").exists()
    built.write({"index.md": PAGE})
    built.build(**settings)
    assert not (tmp_path / "attack-layer-ics.json").exists()


@pytest.mark.parametrize("hidden", ["T1566.001", "nonsense", ""])
def test_layers_and_bundles_are_a_function_of_what_the_audience_sees(site, tmp_path, hidden):
    """Whatever a hidden row names, and without the row, every byte is the same."""
    row = "| 2026-03-02 01:16 | Dumped | T1003.001 | internal |\n"
    other = row.replace("T1003.001", hidden).replace("Dumped", "Something else") if hidden else ""
    built, data = site({"index.md": PAGE}), []
    for number, text in enumerate((PAGE, PAGE.replace(row, other))):
        built.write({"index.md": text})
        folder = tmp_path / str(number)
        built.build(
            "public",
            "postmortem-export",
            postmortem_export_folder=str(folder),
            postmortem_export_formats=["json", "csv", "navigator", "stix"],
        )
        data.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(data[0]) == 5
    assert data[0] == data[1]


def test_bundles_show_roles_where_the_edition_shows_no_names(site, tmp_path):
    text = PAGE.replace("What happened", "Kim Example at Acme saw")
    settings = {
        "postmortem_pseudonyms": {"Kim Example": "the on-call engineer", "Acme": "the company"},
        "postmortem_owners": {"appsec": {"name": "Application security", "role": "Security team"}},
        "postmortem_export_formats": ["navigator", "stix"],
        "postmortem_export_folder": str(tmp_path),
    }
    site({"index.md": text}).build("public", "postmortem-export", **settings)
    written = b"".join(path.read_bytes() for path in tmp_path.glob("*.json"))
    assert b"Security team" in written
    assert b"on-call engineer at the company saw" in written.lower()
    assert not any(name in written.lower() for name in (b"kim example", b"acme", b"appsec", b"application security"))
