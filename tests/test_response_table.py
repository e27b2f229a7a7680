"""Containment and remediation: an ordinary table on a Git host, records on a site; in both syntaxes and all builders."""

from __future__ import annotations

import json

import pytest

HEAD = ":::{incident-summary} SEC-1\n:date: 2026-03-02\n\nWhat happened.\n:::\n\n"
TABLE = """| Kind | Time (UTC) | Action | Rationale | Evidence preserved | Validation | Monitoring added | Cost | Audience |
|---|---|---|---|---|---|---|---|---|
| containment | 2026-03-02 01:40 | Token revoked | It was in use | siem:4711 | | | low | |
| fix | | Trusted publishing | | | Upload failed | Alert on uploads | high | |
| containment | 2026-03-02 01:50 | zqhidden | zqwhy | zq.log | | | | internal |
"""
MARKDOWN = f"# SEC-1\n\n{HEAD}:::{{response-table}}\n{TABLE}\n:::\n\n:::{{response-list}}\n:columns: kind, time, response, cost\n:::\n"
RST = (
    "SEC-1\n=====\n\n.. incident-summary:: SEC-1\n   :date: 2026-03-02\n\n   What happened.\n\n.. response-table::\n\n"
    + "".join(f"   {line}\n" for line in TABLE.splitlines())
    + "\n.. response-list::\n   :columns: kind, time, response, cost\n"
)


def responses_of(built) -> list[dict]:
    return json.loads((built.outdir / "postmortems.json").read_text())["incidents"][0]["responses"]


@pytest.mark.parametrize(("name", "text"), [("index.md", MARKDOWN), ("index.rst", RST)])
def test_rows_are_records_in_both_syntaxes(site, name, text):
    first, second = responses_of(site({name: text}).build("leadership", "postmortem-export"))
    assert (first["kind"], first["response"], first["rationale"]) == ("containment", "Token revoked", "It was in use")
    assert (first["time"], [each["text"] for each in first["evidence"]]) == ("2026-03-02T01:40:00Z", ["siem:4711"])
    assert (second["kind"], second["validation"], second["monitoring"]) == (
        "remediation",
        "Upload failed",
        "Alert on uploads",
    )
    assert (second["written"], second["precision"]) == ("", "unknown")
    assert second["other"] == [{"column": "Cost", "text": "high"}]


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "singlehtml"])
@pytest.mark.parametrize(("name", "text"), [("index.md", MARKDOWN), ("index.rst", RST)])
def test_every_builder_shows_it(site, builder, name, text):
    settings = {"version": "1", "release": "1", "copyright": "us"} if builder == "epub" else {}
    built = site({name: text}).build("leadership", builder, **settings)
    data = built.all_bytes()
    if builder != "epub":  # an archive
        assert data.count(b"revoked") >= 2  # the table and the list
    assert b"zqhidden" not in data


def test_hidden_rows_change_no_byte(site):
    one = site({"index.md": MARKDOWN})
    before = one.build("leadership").all_bytes()
    one.write(
        {"index.md": MARKDOWN.replace("zqhidden", "other").replace("zqwhy", "**x**").replace("zq.log", "[y](z.log)")}
    )
    assert before == one.build("leadership").all_bytes()
    one.write({"index.md": "\n".join(line for line in MARKDOWN.split("\n") if "zqhidden" not in line)})
    assert before == one.build("leadership").all_bytes()
    assert b"zqhidden" in site({"index.md": MARKDOWN}, "", "again").build("internal").all_bytes()


@pytest.mark.parametrize(
    ("option", "header", "kind"),
    [
        (":kind: remediation", "What", "remediation"),
        ("", "Fix applied", "remediation"),
        ("", "Action taken", "containment"),
    ],
)
def test_the_kind_may_stand_in_the_option_or_the_title(site, option, header, kind):
    body = f"{option}\n\n" if option else ""
    page = f"# A\n\n{HEAD}:::{{response-table}}\n{body}| {header} | Evidence |\n|--|--|\n| Did it | x |\n\n:::\n"
    (response,) = responses_of(site({"index.md": page}).build("internal", "postmortem-export"))
    assert response["kind"] == kind


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("| What |\n|--|\n| Did it |", "the table does not say what its rows were for; add a column Kind"),
        ("| Kind | What |\n|--|--|\n| lunch | Did it |", 'index.md:12: WARNING: kind "lunch" is not known'),
        ("| Kind | Evidence |\n|--|--|\n| fix | x |", 'the table has no column "Response"'),
        ("| Kind | What | Time (UTC) |\n|--|--|--|\n| fix | Did it | 25:61 |", "index.md:12: WARNING: "),
    ],
)
def test_what_is_wrong_is_told_and_shown(site, table, says):
    built = site({"index.md": f"# A\n\n{HEAD}:::{{response-table}}\n{table}\n\n:::\n"}).build(warnings=True)
    assert says in built.warnings
    assert ("Did it" in built.read("index.html")) or "x" in built.read("index.html")
