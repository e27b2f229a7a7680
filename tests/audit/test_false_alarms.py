"""Visible text that an edition spells in another way than its source is no finding; hidden text spelt so still is one."""

from __future__ import annotations

import json

import pytest

from sphinx_postmortem.core.audit.marks import Line
from sphinx_postmortem.core.audit.search import Boilerplate, search_edition
from sphinx_postmortem.core.audit.sources import Content
from sphinx_postmortem.core.audit.terms import distinctive_terms

PHRASE = "Then alpha bravo charlie came."
VISIBLE = {
    "link": ("[alpha bravo](https://x.example/y_(z) 'title') charlie", PHRASE),
    "link by reference": ("[alpha bravo][there] charlie\n\n[there]: https://x.example", PHRASE),
    "role": ("alpha {sub}`bravo` charlie", PHRASE),
    "role with a target": ("alpha {external+other:ref}`bravo <there>` charlie", PHRASE),
    "emphasis": ("_alpha bravo_ charlie", PHRASE),
    "emphasis within a word": ("**Z**ulu time", "The zulu"),
    "entity": ("alpha&nbsp;bravo charlie", PHRASE),
    "tag": ("alpha <b>bravo</b> charlie", PHRASE),
    "heading with an underline": ("## alpha_bravo charlie", PHRASE),
    "heading with a curly quote": ("## The kilo’s end", "About kilos"),
    "blank line in code": ("```\nalpha bravo\n\ncharlie\n```", PHRASE),
    "image that is missing": ("![](pictures/near-zulu.png)", "The zulu"),
    "configuration of the search": ("Nothing.", "The changeset"),
    "end of one title and begin of the next": ("## alpha bravo\n\n## charlie", PHRASE),
    "file about the build": ("Nothing.", "Look for files when it is late."),
}
BUILDERS = {
    "text": (":::{contents}\n:::\n\n## alpha bravo\n\nX.\n\n## charlie", PHRASE),
    "xml": ("Write to <desk@x.example>.", "See mailto:desk@x.example"),
    "man": ("[alpha][there]\n\n[there]: https://x.example", "alpha https://x.example"),
    "epub": ("[alpha][there]\n\n[there]: https://x.example", "alpha https://x.example"),
    "texinfo": ("## alpha bravo\n\nX.\n\n## charlie", PHRASE),
    "latex": ("[charlie](https://x.example/alpha-bravo)", PHRASE),
    "pseudoxml": ("[charlie](https://x.example/alpha-bravo)\n\n---\n\nEnd.", f"{PHRASE} Transition."),
    "json": ("They destroyed it.", "To destroy"),
    "pdf": ("Nothing.", "The flags"),
}


def page(visible: str, hidden: str) -> dict[str, str]:
    """Return a page that shows the one and hides the other."""
    return {"index.md": f"# T\n\n{visible}\n\n:::{{internal-only}}\n{hidden}\n:::\n"}


@pytest.mark.parametrize("name", VISIBLE)
def test_visible_text_is_no_finding(audited, name):
    audited.site.write(page(*VISIBLE[name]))
    assert audited.audit(audited.build()) == []


def test_visible_restructuredtext_is_no_finding(audited):
    text = "T\n=\n\n`alpha bravo <https://x.example>`_ charlie, :sup:`delta` echo_ foxtrot\n\n.. _echo: https://x.example\n"
    hidden = "\n.. internal-only::\n\n   Then alpha bravo charlie came, delta echo foxtrot.\n"
    audited.site.write({"open.rst": text + hidden})
    assert audited.audit(audited.build()) == []


@pytest.mark.parametrize("builder", BUILDERS)
def test_the_format_of_a_builder_is_no_finding(audited, builder):
    audited.site.write(page(*BUILDERS[builder]))
    assert audited.audit(audited.build(builder=builder)) == []


# --- what is hidden is found in the same spellings


def terms_of(hidden: str, visible: str = ""):
    content = Content([Line("p.md", 1, hidden)], [Line("p.md", 3, visible)])
    return distinctive_terms(content, [], [])


def findings(folder, name: str, text: str, hidden: str, visible: str = "") -> list[str]:
    (folder / ".postmortem-edition").write_text('{"edition": "public"}')
    (folder / name).write_text(text)
    boilerplate = Boilerplate(frozenset(), lambda _word: False)
    return [leak.found for leak in search_edition(folder, "public", terms_of(hidden, visible), boilerplate, None)]


@pytest.mark.parametrize(
    ("hidden", "shown", "found"),
    [
        ("[near last](https://x.example) try", "<p><a href='https://y.example'>near last</a> try</p>", "near last try"),
        ("the _secretword_", "<p><em>secretword</em></p>", "secretword"),
        ("the **s**ecretword", "<p><strong>s</strong>ecretword</p>", "secretword"),
        ("the secretword’s", "<p id='secretwords'></p>", "secretwords"),
        ("the near_last_resort", "<p id='near-last-resort'></p>", "near last resort"),
        ("{sub}`near` last resort", "<p><sub>near</sub> last resort</p>", "near last resort"),
    ],
)
def test_hidden_markup_is_found_as_a_page_shows_it(tmp_path, hidden, shown, found):
    assert found in findings(tmp_path, "a.html", shown, hidden)


JSON = {"terms": {"x": [17, 21, 34]}, "titles": ["It was near", "Last resort", "Path \\", "then come"]}
VISIBLE_WORDS = "resort. path. last. then. near. come. terms. titles."


@pytest.mark.parametrize("name", ["searchindex.js", "more.json"])
def test_strings_and_numbers_of_json_stand_alone(tmp_path, name):
    text = json.dumps(JSON, separators=(",", ":"))
    hidden = "At 17:21:34 near last resort; resort path then come."
    assert findings(tmp_path, name, text, hidden, VISIBLE_WORDS) == []


@pytest.mark.parametrize("name", ["searchindex.js", "more.json"])
def test_a_phrase_within_a_string_of_json_is_found(tmp_path, name):
    text = json.dumps({**JSON, "more": [1, 'The "near last", resort \\', "17:21:34"]})
    found = findings(tmp_path, name, text, "At 17:21:34 near last resort", VISIBLE_WORDS)
    assert sorted(found) == ["17 21 34", "near last resort"]


def test_day_and_hour_of_a_time_are_no_word():
    assert list(terms_of("On 2026-02-18T10:00:00 it began.").words) == ["began"]


def test_a_link_to_a_hidden_page_makes_no_word_visible(audited):
    audited.site.write(page("[the plan](siskinplan.md) and ![](vault/shrikemap.png)", "x"))
    folder = audited.build()
    (folder / "a.txt").write_text("siskinplan shrikemap")
    assert {"siskinplan", "shrikemap"} <= {leak.found for leak in audited.audit(folder)}
