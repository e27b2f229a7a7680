"""The register of owners: the same from a dict, a TOML and a CSV file; faults name file and line."""

from __future__ import annotations

import pytest

from sphinx_postmortem.core.records.model import Owner
from sphinx_postmortem.core.records.owner_register import BadOwnersError, as_mapping, read_owners

EXPECTED = (Owner("detect", "Erkennung & Абв", "Sécurité", "a@example.com"), Owner("検知", "検知チーム"))
AS_DICT = {
    "detect": {"name": "Erkennung & Абв", "team": "Sécurité", "contact": "a@example.com"},
    "検知": "検知チーム",
}
AS_TOML = """\
# owners
"検知" = "検知チーム"

[detect]
name = "Erkennung & Абв"
team = "Sécurité"
contact = "a@example.com"
"""
AS_CSV = "ID;Name;Team;Contact\ndetect;Erkennung & Абв;Sécurité;a@example.com\n検知;検知チーム;;\n"


def read(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_owners(name, tmp_path)


def test_a_dict_a_toml_and_a_csv_say_the_same(tmp_path):
    assert read_owners(AS_DICT, tmp_path) == EXPECTED
    assert sorted(read(tmp_path, "o.toml", AS_TOML), key=lambda o: o.id) == sorted(EXPECTED, key=lambda o: o.id)
    assert read(tmp_path, "o.csv", AS_CSV) == EXPECTED
    assert read_owners(as_mapping(EXPECTED), tmp_path) == EXPECTED


@pytest.mark.parametrize(
    ("name", "text", "place", "about"),
    [
        ("o.toml", "[a]\nname = 'A'\nteem = 'T'\n", "o.toml, line 3", 'no key "teem"; known are name, team, contact'),
        ("o.toml", "x = 'X'\n[a]\nname = 4\n", "o.toml, line 3", "must be a text"),
        ("o.toml", "a = 3\n", "o.toml, line 1", '"a" must hold'),
        ("o.toml", "[a]\nname = 'A'\n[A]\nname = 'B'\n", "o.toml, line 3", '"A" stands twice'),
        ("o.toml", "[a]\nname = \n", "o.toml", "line 2"),
        ("o.toml", f"a = {'[' * 100_000}", "o.toml", "recursion"),
        ("o.csv", "id,name,phone\na,A,1\n", "o.csv, line 1", 'no column "phone"; known are id, name, team, contact'),
        ("o.csv", "name,team\nA,T\n", "o.csv, line 1", 'column "id" is missing'),
        ("o.csv", "id,name\na,A\n\n,B\n", "o.csv, line 4", "has no id"),
        ("o.csv", "id,name\na,A\nA,B\n", "o.csv, line 3", '"A" stands twice'),
        ("o.csv", "id,name\na,A,more\n", "o.csv, line 2", "3 cells"),
        ("o.json", "{}", "o.json", "neither a TOML nor a CSV"),
    ],
)
def test_a_fault_names_the_file_and_the_line(tmp_path, name, text, place, about):
    with pytest.raises(BadOwnersError) as caught:
        read(tmp_path, name, text)
    assert place in str(caught.value)
    assert about in str(caught.value)


@pytest.mark.parametrize("name", ["../o.toml", "none.toml"])
def test_a_file_elsewhere_or_missing_is_refused(tmp_path, name):
    (tmp_path / "o.toml").write_text("")
    (tmp_path / "site").mkdir()
    with pytest.raises(BadOwnersError, match="move it below|cannot be read"):
        read_owners(name, tmp_path / "site")


@pytest.mark.parametrize("value", [["a"], 4, {"a": 3}, {"": "A"}, {"a": {"mail": "x"}}])
def test_a_setting_of_another_kind_is_refused(tmp_path, value):
    with pytest.raises(BadOwnersError, match="postmortem_owners"):
        read_owners(value, tmp_path)
