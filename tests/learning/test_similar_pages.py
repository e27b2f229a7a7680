"""Similar incidents on small real sites: what pages show, to whom, and when they are written again."""

from __future__ import annotations

import re

import pytest

CONF = (
    'postmortem_related_incidents = True\npostmortem_pseudonyms = {"Kim": "the responder"}\n'
    'postmortem_factors = {"no-probe": {"kind": "Monitoring", "words": "No probe"}}\n'
)


def incident(number: int, asset: str, *, more: str = "", head: str = "") -> str:
    return f"""{head}# SEC-{number}: Incident {number}

:::{{incident-summary}} SEC-{number}
:date: 2026-01-0{number}
:severity: SEV-2
:status: closed
:tlp: CLEAR

It happened.
:::

:::{{affected-assets}}
- {asset}
:::

{more}
"""


TAGGED = ":::{contributing-factors}\n- **Monitoring** [no-probe]: unseen by Kim.\n:::\n"
PAGES = {
    "index.md": "# T\n\n```{toctree}\n:glob:\n\n*\n```\n",
    "one.md": incident(1, "Vault of tokens", more=TAGGED),
    "two.md": incident(2, "Vault of tokens"),
    "three.md": incident(3, "Other", more=TAGGED),
    "four.md": incident(4, "Alone"),
    "note.md": "# N\n\n:::{similar-incidents}\n:for: sec-1\n:limit: 1\n:::\n\n:::{similar-incidents}\n:for: SEC-4\n:::\n",
}


def contents(built) -> dict[str, bytes]:
    return {
        str(p.relative_to(built.outdir)): p.read_bytes()
        for p in built.outdir.rglob("*")
        if p.suffix != ".inv" and p.is_file()
    }


def written(built) -> set[str]:
    said = re.sub(r"\x1b\[[0-9;]*m", "", built.app.status.getvalue())
    return set(re.findall(r"writing output\.\.\. \[ *\d+%\] (\S+)", said))


def test_what_pages_show_of_incidents_that_resemble_theirs(site):
    built = site(PAGES, CONF).build()
    one = built.words("one")
    assert "Related incidents SEC-2 Incident 2 SEV-2 · In common: asset Vault of tokens; word happened" in one
    assert "SEC-3 Incident 3 SEV-2 · In common: factor No probe" in one
    assert "Related incidents" not in built.words("four")
    note = built.words("note")
    assert note.count("SEC-") == 1
    assert "No similar incident is known." in note
    assert 'href="two.html#pm-incident-sec-2"' in built.read("one.html")


def test_a_list_of_the_authors_own_stands_in_place_of_the_one_at_the_end(site):
    own = ":::{similar-incidents}\n:limit: 1\n:::\n\n## The end\n"
    built = site({**PAGES, "two.md": incident(2, "Vault of tokens", more=own)}, CONF).build()
    assert "Related incidents" not in built.words("two")
    assert built.words("two").index("SEC-1") < built.words("two").index("The end")


def test_without_the_setting_pages_end_as_they_are_written(site):
    built = site(PAGES, CONF.replace("True", "False")).build()
    assert "In common" not in built.words("one")
    assert "In common" in built.words("note")


@pytest.mark.parametrize(
    "hidden",
    [
        {"two.md": f"---\naudience: internal\n---\n{PAGES['two.md']}"},
        {"two.md": PAGES["two.md"].replace(":status: closed", ":status: draft")},
        {"one.md": PAGES["one.md"].replace(":::{affected-assets}", ":::{affected-assets}\n:audience: internal\n")},
        {"four.md": PAGES["four.md"] + f"\n::::{{internal-only}}\nVault of tokens\n\n{TAGGED}::::\n"},
    ],
)
def test_what_an_edition_hides_makes_nothing_similar(site, hidden):
    """The edition is that of a site on which the hidden parts were deleted by hand."""
    by_hand = {
        "two.md": None,
        "one.md": re.sub(r":::\{affected-assets\}.*?:::\n", "", PAGES["one.md"], flags=re.DOTALL),
        "four.md": PAGES["four.md"],
    }
    (name,) = hidden
    pages = {each: text for each, text in {**PAGES, name: by_hand[name]}.items() if text is not None}
    with_it = site({**PAGES, **hidden}, CONF, "with").build("public")
    without = site(pages, CONF, "without").build("public")
    assert contents(with_it) == contents(without)


def test_names_are_in_no_reason(site):
    pages = {**PAGES, "four.md": incident(4, "Alone", more=":::{root-cause}\nKim\n:::\n")}
    built = site(pages, CONF).build("public")
    assert b"Kim" not in built.all_bytes()
    assert b"kim" not in built.all_bytes()


@pytest.mark.parametrize(
    ("page", "old", "new", "rewritten"),
    [
        ("two.md", "# SEC-2: Incident 2", "# SEC-2: Renamed", {"two", "one", "index"}),
        ("two.md", "Vault of tokens", "Shed", {"two", "one", "note"}),
        ("four.md", "Alone", "Vault of tokens", {"four", "one", "two", "note"}),
        ("four.md", "It happened.", "It happened again.", {"four"}),
        ("two.md", ":severity: SEV-2", ":severity: SEV-3", {"two", "one"}),
    ],
)
def test_an_edit_writes_its_page_and_those_whose_lists_are_others(site, page, old, new, rewritten):
    source = site(PAGES, CONF)
    source.build()
    source.edit(page, old, new)
    again = source.build(keep=True, progress=True)
    assert written(again) >= rewritten - {"index"}
    assert "three" not in written(again) or "three" in rewritten
    fresh = source.build()
    for name in ("one", "two", "four", "note"):
        assert again.read(f"{name}.html") == fresh.read(f"{name}.html")


def test_a_build_without_an_edit_writes_nothing(site):
    source = site(PAGES, CONF)
    source.build()
    assert written(source.build(keep=True, progress=True)) == set()


def test_parallel_equals_serial(site):
    pages = {
        **PAGES,
        **{f"p{n}.md": incident(n, f"Vault {n % 3}").replace(f"SEC-{n}", f"SEC-9{n}") for n in range(1, 8)},
    }
    source = site(pages, CONF)
    assert source.build(parallel=2).all_bytes() == source.build().all_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (":for: SEC-9\n", '`:for:` does not know "SEC-9"; write one of SEC-4, SEC-3, SEC-2, SEC-1'),
        ("", "this page holds no incident that others could resemble; name one with `:for:`"),
        (":for: SEC-1\n:limit: 0\n", '`:limit:` is "0"; write a whole number above 0'),
        (":for: SEC-1\n:limit: 11\n", "`:limit:` is 11; write a whole number up to 10"),
    ],
)
def test_what_cannot_be_asked_for_is_told_at_its_line(site, options, message):
    pages = {**PAGES, "note.md": f"# N\n\n:::{{similar-incidents}}\n{options}:::\n"}
    source = site(pages, CONF)
    built = source.build(warnings=True)
    assert f"note.md:3: WARNING: {message}" in built.warnings
    assert "[postmortem.bad-filter]" in built.warnings
    if "limit" not in options:
        assert "No similar incident is known." in source.build("public").words("note")


def test_a_site_of_one_incident_and_of_none(site):
    text = ":::{similar-incidents}\n:none: Nobody knows.\n:::\n"
    built = site({"index.md": incident(1, "Vault", more=text)}, CONF).build()
    assert "Nobody knows." in built.words("index")
    none = site({"index.md": f"# T\n\n{text}"}, CONF, "none").build("public")
    assert "Nobody knows." in none.words("index")


def test_all_builders_show_the_list(site):
    source = site(PAGES, CONF)
    assert "In common: asset Vault of tokens" in source.build(builder="text").read("two.txt")
    assert "In common: asset Vault of tokens" in source.build(builder="postmortem-markdown").read("two.md")
