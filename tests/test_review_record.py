"""Who has read and agreed: a record of the first edition alone unless it says otherwise, with gated rows and columns."""

from __future__ import annotations

import json
import re

import pytest
from sphinx.errors import ExtensionError

from sphinx_postmortem.core.audit.marks import View, directive_hides
from sphinx_postmortem.core.checks import check_page, read_settings, run_page
from sphinx_postmortem.core.records.kind_words import has_agreed
from tests.command import run

pytestmark = pytest.mark.usefixtures("warm_start")

HEAD = (
    ":::{incident-summary} SEC-1\n:date: 2026-03-02\n:severity: SEV-1\n:status: closed\n:tlp: CLEAR\n\nText.\n:::\n\n"
)
TABLE = """| Who | Role | Read on | Agreed / state | Cost | Audience |
|---|---|---|---|---|---|
| Kim Example | service owner | 2026-03-09 | agreed | zqcolumn | |
| zqhidden | lead | 2026-03-10 | zqstate | zqcolumn | internal |
| platform | | | | low | |
"""
MARKED = ":audience: leadership\n:internal-columns: Cost\n\n"


def page(options: str = MARKED, table: str = TABLE) -> str:
    return f"# SEC-1\n\n{HEAD}shown\n\n:::{{review-record}}\n{options}{table}\n:::\n"


def reviews_of(built) -> list[dict]:
    return json.loads((built.outdir / "postmortems.json").read_text())["incidents"][0]["reviews"]


def test_rows_are_records_with_names_replaced(site):
    settings = (
        'postmortem_pseudonyms = {"Kim Example": "the responder"}\npostmortem_pseudonym_audiences = ["leadership"]\n'
    )
    made = site({"index.md": page()}, settings)
    first, second = reviews_of(made.build("leadership", "postmortem-export"))
    assert [first[name] for name in ("who", "role", "read_on", "state", "other")] == [
        *("The responder", "service owner", "2026-03-09", "agreed"),
        [],
    ]
    assert (second["read_on"], second["read_written"]) == (None, "")


def test_a_row_that_names_only_a_role_or_a_day_is_kept(site):
    table = (
        "| Who | Role | Read on | Agreed |\n|---|---|---|---|\n| | CISO | | |\n| | | 2026-03-09 | |\n| TODO | | | |\n"
    )
    found = reviews_of(site({"index.md": page("", table)}).build("internal", "postmortem-export"))
    assert [(each["who"], each["role"], each["read_on"]) for each in found] == [
        ("", "CISO", None),
        ("", "", "2026-03-09"),
    ]


def test_it_is_for_the_first_edition_alone_unless_it_names_another(site):
    made = site({"index.md": page("")})
    for builder in ("html", "text", "postmortem-export"):
        data = made.build("leadership", builder).all_bytes()
        assert not [word for word in (b"Kim Example", b"zqhidden", b"zqstate", b"service owner") if word in data]
    assert b"zqhidden" in made.build("internal", "text").all_bytes()


def test_hidden_rows_and_columns_change_no_byte(site):
    made = site({"index.md": page()})
    before = made.build("leadership").all_bytes()
    assert b"service owner" in before
    assert not [word for word in (b"zqhidden", b"zqstate", b"zqcolumn") if word in before]
    made.write({"index.md": page().replace("zqhidden", "**other**").replace("zqstate", "no").replace("zqcolumn", "9")})
    assert made.build("leadership").all_bytes() == before
    lines = [line for line in page().split("\n") if "zqhidden" not in line]
    made.write({"index.md": "\n".join(lines)})
    assert made.build("leadership").all_bytes() == before
    assert b"Kim Example" not in made.build("public").all_bytes()


@pytest.mark.parametrize("name", ["reveiw-record", "review-recrd"])
def test_a_slip_in_its_name_stops_a_filtered_edition(site, name):
    text = page("").replace("{review-record}", f"{{{name}}}")
    assert run("check", site({"index.md": text}).source).exit_code == 1


@pytest.mark.parametrize(
    ("options", "edition", "hidden"),
    [
        ({}, "internal", False),
        ({}, "leadership", True),
        ({"audience": "leadership"}, "leadership", False),
        ({"audience": "leadership"}, "public", True),
    ],
)
def test_the_audit_reads_the_default_for_itself(options, edition, hidden):
    view = View(("internal", "leadership", "public"), edition)
    assert directive_hides("review-record", "", options, view) is hidden


def test_a_build_with_its_audit_publishes_the_other_parts(site, tmp_path):
    done = run("build", site({"index.md": page("")}).source, tmp_path / "out", "--edition", "leadership")
    assert done.exit_code == 0, done.output


def test_a_day_that_is_none_is_told_by_builds_and_checks(site):
    made = site({"index.md": page(table=TABLE.replace("2026-03-09", "soon"))})
    message = 'the day of reading "soon" is no date'
    assert message in made.build(warnings=True).warnings
    assert message in run("check", made.source).output


@pytest.mark.parametrize(
    ("state", "agreed"),
    [
        ("agreed", True),
        ("Agreed, with A1 first", True),
        ("yes", True),
        ("[x]", True),
        ("approved 2026-03-09", True),
        ("", False),
        ("Einverstanden, A1 zuerst", True),
        ("D’accord", True),
        ("de acuerdo", True),
        ("**Aprovado** em 2026-03-09", True),
        ("同意しました", True),
        ("承認済み 2026-03-09", True),
        ("nicht einverstanden", False),
        ("pas d'accord", False),
        ("désaccord", False),
        ("同意しません", False),
        ("承認待ち", False),
        ("januar", False),
        ("a" * 100_000, False),
        ("not agreed", False),
        ("to be agreed", False),
        ("disagreed", False),
        ("yesterday", False),
        ("agreed: no", False),
        ("**approved**? no", False),
        ("agreed?", False),
        ("ok (not yet)", False),
        ("einverstanden: nein", False),
        ("d'accord ?", False),
        ("同意？", False),
        ("agreed, no remarks", True),
        ("OK? yes", True),
        ("yes, not urgent", True),
        ("☑", True),
    ],
)
def test_what_counts_as_agreed(state, agreed):
    assert has_agreed(state) is agreed


@pytest.mark.parametrize(
    ("today", "days", "said"),
    [
        ('"2026-03-16"', '{"SEV-1": 14}', 0),
        ('"2026-03-17"', '{"SEV-1": 14}', 2),
        ('"2026-03-17"', '{"sev-1": 14}', 2),
        ('"2026-03-17"', '{"SEV-2": 14}', 0),
        ("None", '{"SEV-1": 14}', 0),
        ('"2026-03-17"', "{}", 0),
    ],
)
def test_reviews_are_due_in_the_days_of_the_severity(site, today, days, said):
    conf = f"postmortem_review_days = {days}\n" + ("" if today == "None" else f"postmortem_today = {today}\n")
    output = run("check", site({"index.md": page()}, conf).source).output
    assert output.count("[review-due]") == said or output.count("review-due") == said


def test_an_incident_without_a_record_is_told_at_its_summary(site):
    conf = 'postmortem_review_days = {"SEV-1": 14}\npostmortem_today = "2026-03-17"\n'
    output = run("check", site({"index.md": f"# SEC-1\n\n{HEAD}"}, conf).source).output
    assert "SEC-1 (SEV-1) had to be read and agreed by 2026-03-16, and no review is recorded" in output


def test_a_day_that_is_still_to_come_is_no_reading():
    table = "| Who | Read on | Agreed |\n|--|--|--|\n| sre | 2026-04-30 | agreed |\n| ops | 2026-03-30 | agreed |\n"
    found = run_page(
        check_page("p.md", page("", table), read_settings({"today": "2026-03-31", "review_days": {"SEV-1": 14}}))
    )
    (message,) = [each.message for each in found if each.code == "review-due"]
    assert "sre reads the postmortem on 2026-04-30 only" in message


def record(table: str, options: str = "") -> str:
    return f"# SEC-1\n\n{HEAD}shown\n\n:::{{review-record}}\n{options}\n{table}\n:::\n"


GERMAN = """| Wer | Rolle | Gelesen am | Einverstanden |
|---|---|---|---|
| Plattform | Betrieb | 2026-03-09 | einverstanden |
| Leitung | | 2026-03-10 | nicht einverstanden |
"""


def test_a_record_in_another_language_is_read_and_its_readers_judged(site):
    conf = 'postmortem_review_days = {"SEV-1": 14}\npostmortem_today = "2026-03-17"\n'
    made = site({"index.md": record(GERMAN)}, conf)
    first, _ = reviews_of(made.build("internal", "postmortem-export"))
    assert [first[name] for name in ("who", "role", "read_on", "state", "other")] == [
        *("Plattform", "Betrieb", "2026-03-09", "einverstanden"),
        [],
    ]
    output = run("check", made.source).output
    assert output.count("review-due") == 1
    assert "Leitung has not agreed" in output


@pytest.mark.parametrize(
    ("table", "options", "code"),
    [
        ("| Who | Role |\n|---|---|\n| Kim Example | zqrow |", "", "missing-column"),
        ("| Who | Read on | Agreed |\n|---|---|---|\n| Kim | 2026-03-09 |", "", "malformed-table"),
        ("| Who | Read on | Agreed |\n|---|---|---|\n| Kim | last week | yes |", "", "bad-date"),
        (
            "| Who | Read on | Agreed | Zielgruppe |\n|---|---|---|---|\n| Kim | 2026-03-09 | yes | intern |",
            "",
            "column",
        ),
        ("nothing but words", "", "malformed-table"),
        (TABLE, ":audience: nobody\n", "unknown-audience"),
        (TABLE, ":internal-columns: Nosuch\n", "broken-marking"),
        (TABLE, ":file: ../../etc/passwd\n", "bad-file"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_and_leaks_nothing(site, table, options, code):
    made = site({"index.md": record(table, options)})
    assert code in made.build("internal", "text", warnings=True).warnings
    data = made.build("leadership", "text", warnings=True).all_bytes()
    assert not [word for word in (b"Kim", b"zqrow", b"zqhidden", b"zqstate") if word in data]


def test_rows_that_are_equal_or_hold_markup_stay_rows_of_their_own(site):
    row = "| `<script>` **Kim** | lead | 2026-03-09 | agreed <script>alert(1)</script> |\n"
    table = "| Who | Role | Read on | Agreed |\n|---|---|---|---|\n" + row * 2
    built = site({"index.md": record(table)}).build("internal")
    html = built.read("index.html")
    anchors = re.findall(r'id="(pm-review-[^"]+)"', html)
    assert len(anchors) == len(set(anchors)) == 2
    assert "&lt;script&gt;" in html


def test_an_empty_record_stops_filtered_editions_since_its_rows_may_stand_outside(site):
    made = site({"index.md": record("")})
    assert "empty-directive" in made.build("internal", "text", warnings=True).warnings
    with pytest.raises(ExtensionError, match="the marked block is empty"):
        made.build("leadership", "text", warnings=True)
