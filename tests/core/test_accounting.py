"""Mentions against uses, without a build: slips are found at their lines, and sound pages are not complained of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_postmortem.core.audience.accounting import DirectiveUse, Page, find_faults
from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.audience.mentions import MentionSearch
from sphinx_postmortem.core.audience.page_head import read_page_marking
from sphinx_postmortem.core.audience.samples import Literal
from sphinx_postmortem.core.audience.static_accounting import find_source_faults
from sphinx_postmortem.core.reader import read_page

MARKDOWN_FAULTS = {
    "inner fence as long as the outer": (":::{internal-only}\n\n:::{note}\nx\n:::\n\nleaks\n:::\n", 1),
    "inner fence longer": (":::{internal-only}\n::::{note}\nx\n::::\nleaks\n:::\n", 1),
    "no braces": (":::internal-only\nleaks\n:::\n", 1),
    "a space in the name": (":::{internal only}\nleaks\n:::\n", 1),
    "an underscore in the name": (":::{internal_only}\nleaks\n:::\n", 1),
    "a brace that a formatter has escaped": (":::\\{internal-only}\nleaks\n:::\n", 1),
    "an entity": (":::&#123;internal-only}\nleaks\n:::\n", 1),
    "an attribute": ("{audience=internal}\nleaks\n", 1),
    "a class": ("{.internal}\nleaks\n", 1),
    "a class in a shown block": ("```{audience} public\n{.internal}\nleaks\n```\n", 2),
    "another syntax in a shown block": ("```{audience} public\n.. internal-only::\n\n   leaks\n```\n", 2),
    "a directive that a formatter takes for YAML options": (
        "```{audience} public\n---\n::{internal-only}\n---\nleaks\n:::\n```\n",
        3,
    ),
    "a directive in a footnote that a formatter takes for an address": (
        "x[^f]\n\n```\n:audience: internal\n\nleaks\n:::\n```\n\n[^f]: :::%7Broot-cause%7D\n",
        10,
    ),
    "a directive in a value of YAML": ("```{audience} public\n---\nx: :::{internal-only}\n---\nleaks\n:::\n```\n", 3),
    "an element below an option": ("```{root-cause}\n:audience: public\n<internal-only>\nleaks\n```\n", 3),
    "a container": (":::internal\nleaks\n:::\n", 1),
    "full-width braces": (":::｛internal-only｝\nleaks\n:::\n", 1),
    "a soft hyphen": (":::{internal\u00ad-only}\nleaks\n:::\n", 1),
    "letters of another alphabet": (":::{int\u0435rn\u0430l-only}\nleaks\n:::\n", 1),
    "two colons": ("::{internal-only}\nleaks\n::\n", 1),
    "no fence": ("{internal-only}\nleaks\n", 1),
    "never closed": ("x\n\n:::{internal-only}\nx\n", 3),
    "empty": (":::{internal-only}\n:::\nleaks\n", 1),
    "back-ticks in back-ticks": ("```{internal-only}\n```{note}\nx\n```\nleaks\n```\n", 1),
    "code with a fence line": (":::{internal-only}\n```text\n:::\n```\nleaks\n:::\n", 1),
    "indented code": ("x\n\n    :::{internal-only}\n    leaks\n    :::\n", 3),
    "in a list": ("- a\n\n  :::{internal-only}\n  :::{note}\n  x\n  :::\n  leaks\n  :::\n", 3),
    "in HTML": ("<div>\n:::{internal-only}\nleaks\n:::\n</div>\n", 2),
    "cell of a plain table": ("| a | Audience |\n|--|--|\n| leaks | internal, leadership |\n", 3),
    "comment in one line": ("<!-- internal-only -->\n\nleaks\n", 1),
    "heading": ("## Details (internal only)\n\nleaks\n", 1),
    "container whose name lacks a letter": (":::internl-only\nleaks\n:::\n", 1),
    "container whose words are turned round": (":::only-internal\nleaks\n:::\n", 1),
    "name with an accent": (":::internal-\u00f3nly\nleaks\n:::\n", 1),
    "name broken by an editor": (":::{internal-\nonly}\nleaks\n:::\n", 1),
    "option without its second colon": (":audience internal\n\nleaks\n", 1),
    "control character in a name": (":::inter\x08nal-only\nleaks\n:::\n", 1),
    "private character in a name": (":::inter\ue000nal-only\nleaks\n:::\n", 1),
    "space in a name": ("```{in\u2000ternal-only}\nleaks\n```\n", 1),
    "line separator in a name": (":::{inter\u2028nal-only}\nleaks\n:::\n", 1),
    "brace that is not closed": (":::{internal-onlyl\nleaks\n:::\n", 1),
    "list of audiences in front matter": ("---\ntags: [a, internal]\n---\nleaks\n", 2),
    "switch in front matter": ("---\ninternal: true\n---\nleaks\n", 2),
    "front matter in a comment": ("<!--\naudience: internal\n-->\nleaks\n", 2),
    "condition of Sphinx": (":::{only} not leadership\nleaks\n:::\n", 1),
    "condition on the last audience": (":::{only} not public\nleaks\n:::\n", 1),
    "condition on the setting": ("```{ifconfig} postmortem_audience != 'leadership'\nleaks\n```\n", 1),
    "cell with a tag": ("| a |\n|---|\n| internal<br>leadership |\n", 3),
    "label of a hidden block": ("(leaks)=\n\n:::{internal-only}\nx\n:::\n", 1),
    "attributes of a hidden block": ("{#leaks}\n:::{internal-only}\nx\n:::\n", 1),
    "footnote of hidden text in a list": (":::{internal-only}\nx[^a]\n:::\n\n- [^a]: leaks\n", 5),
    "key whose value stands on the next line": ("# P\n\naudience: >-\n  internal\n\nleaks\n", 3),
    "list of definitions": ("Audience\n: internal\n\nleaks\n", 2),
    "comment of several lines": ("<!--\nnote\naudience: internal\n-->\n\nleaks\n", 3),
    "comments round a text": ("<!--internal-->leaks<!--/internal-->\n", 1),
    "comment with a word before the name": ("<!-- region internal -->\nleaks\n<!-- endregion -->\n", 1),
    "admonition of MkDocs": ("!!! internal\n    leaks\n", 1),
    "admonition of MkDocs with a title": ('??? internal-only "T"\n    leaks\n', 1),
    "alert of Git hosts": ("> [!INTERNAL]\n> leaks\n", 1),
    "cell of HTML on a line of its own": ("<table>\n<tr>\n<td>leaks</td>\n<td>\ninternal\n</td>\n</tr>\n</table>\n", 5),
    "footnote of hidden text": (":::{internal-only}\nx[^a]\n:::\n\n[^a]: leaks\n", 5),
}

RST_FAULTS = {
    "no indent": (".. internal-only::\n\nleaks\n", 1),
    "indent ends too early": (".. internal-only::\n\n   hidden\nleaks\n", 1),
    "body at the list's indent": ("- .. internal-only::\n\n  leaks\n", 1),
    "option below a blank line": (".. audience:: public\n\n   :audience: internal\n\nleaks\n", 1),
    "no space": ("..internal-only::\n\n   leaks\n", 1),
    "one dot": (". internal-only::\n\n   leaks\n", 1),
    "a class": (".. container:: internal-only\n\n   leaks\n", 1),
    "no space and a letter too few": ("..internal-ony::\n\n   leaks\n", 1),
    "minus for a hyphen": ("..internal\u2212only::\n\n   leaks\n", 1),
    "class in a grid table": (
        "+--------------------------+\n| .. rst-class:: internal  |\n+--------------------------+\n",
        2,
    ),
    "condition of Sphinx": (".. only:: not leadership\n\n   leaks\n", 1),
    "label of a hidden block": (".. _leaks:\n\n.. internal-only::\n\n   x\n", 1),
    "target without a name": (".. internal-only::\n\n   `x`__\n\n__ https://leaks.example\n", 5),
    "citation of hidden text": (".. internal-only::\n\n   x [cit]_\n\n.. [cit] leaks\n", 5),
}

SOUND_MARKDOWN = [
    ":::{internal-only}\nx\n:::\n",
    "::::{internal-only}\n\n:::{note}\nx\n:::\n\n```python\nx = 1\n```\n::::\n",
    "::: {audience} leadership\nx\n:::\n",
    "```{internal-only}\n:::{note}\nx\n:::\n```\n",
    "````md\n:::internal-only\n:::{internal-only}\n````\n",
    ":::{postmortem:internal-only}\nx\n:::\n\n:::{timeline}\n| a |\n|---|\n:::\n",
    "::::{internal-only}\n:::{root-cause}\nx\n:::\n::::\n",
    "`sphinx-build -D postmortem_audience=leadership`, and then\n",
    "::::::{grid}\n:::::{card}\n::::{internal-only}\n:::{note}\nx\n:::\n::::\n:::::\n::::::\n",
    "The directive {rst:dir}`internal-only` marks; so does `:::{internal-only}` in a line.\n\n`{audience}`\n",
    "The internal-only part is for us. It is internal only.\n",
    "Audience: engineers of the team\n",
    "<!-- postmortem: no-marking -->\n:::internal\nx\n:::\n",
    "| a | b |\n|--|--|\n| x | internal | <!-- postmortem: no-marking -->\n",
    ":::{internal-only}\nx[^a]\n:::\n\ny[^a]\n\n[^a]: for all\n",
    "<!--\n:::{internal-only}\nx\n:::\n-->\n",
    ":::{only} html\nx\n:::\n",
    "It stops at a class, `:::{internal only}`, `:::{internl-only}` and the like.\n",
    "```yaml\nname: x\n```\n\nThe {internal-link} of {ref}`evidence`.\n",
    "(shown)=\n## x\n\n:::{internal-only}\ny\n:::\n",
]


def faults(text: str, *, markdown: bool = True) -> list[int]:
    page = read_page(text, markdown=markdown)
    return [f.line for f in find_source_faults(page, read_page_marking(text, markdown=markdown), {}, IncidentRule())]


@pytest.mark.parametrize("name", MARKDOWN_FAULTS)
def test_markdown_fault_is_found_at_its_line(name):
    text, line = MARKDOWN_FAULTS[name]
    assert faults(text)[:1] == [line]


@pytest.mark.parametrize(
    ("above", "below"), [("```yaml", "```"), ("<!--", "-->"), ("~~~", "~~~"), ("```\n---", "---\n```")]
)
def test_front_matter_that_a_tool_has_wrapped_is_broken(above, below):
    marking = read_page_marking(f"{above}\ntitle: x\naudience: internal\n{below}\n# x\n", markdown=True)
    assert "unwrap it" in marking.broken


@pytest.mark.parametrize(
    "key", ["au/ience", "aud\tience", "aud\u2000ience", ")udience", "audien`e", "audi&nce", "audience1"]
)
def test_a_key_with_a_wrong_sign_is_broken(key):
    marking = read_page_marking(f"---\n{key}: internal\n---\n# x\n", markdown=True)
    assert marking.broken


def test_other_keys_are_no_slips():
    text = "---\nevidence: a\nambience: b\naudit: c\n# audiance: d\ntags: [x]\n---\n# x\n"
    assert not read_page_marking(text, markdown=True).broken


def test_code_and_comments_at_the_head_of_a_page_are_no_front_matter():
    for text in (
        "```yaml\nname: x\n```\n",
        "<!-- c -->\n",
        "```{note}\naudience: x\n```\n",
        "```py\nx = 1\n```\n\naudience: x",
    ):
        assert not read_page_marking(text, markdown=True).broken


@pytest.mark.parametrize("name", RST_FAULTS)
def test_restructuredtext_fault_is_found_at_its_line(name):
    text, line = RST_FAULTS[name]
    assert faults(text, markdown=False)[:1] == [line]


@pytest.mark.parametrize(
    "names",
    [("f\u00fchrung", "alle"), ("\u5185\u90e8", "\u5916\u90e8"), ("\u0441\u0432\u043e\u0438", "\u0432\u0441\u0435")],
)
def test_names_in_any_letters_are_found(names):
    search = MentionSearch(names)
    for text in (
        f":::{names[0]}",
        f"audience: {names[0]}",
        f"| x | {names[0].upper()} |",
        f":::{names[0]}-only",
        f"tags: [{names[0]}]",
    ):
        assert any(names[0] in mention.audiences for mention in search.find(text)), text


def test_internal_only_is_for_the_first_audience_also_where_another_is_called_internal():
    edition = Edition(Audiences(("security", "internal", "public")), "internal")
    search = MentionSearch(edition.audiences.names)
    for text in (":::internal-only\nx\n:::\n", ":::{internl-only}\nx\n:::\n", "..internal-only::\n\n   x\n"):
        assert len(find_faults(Page(texts={"p": text}), search, edition, ())) == 1
    assert not find_faults(Page(texts={"p": ":::internal\nx\n:::\n"}), search, edition, ())


def test_a_name_that_begins_as_another_is_its_own():
    search = MentionSearch(("staff", "staff-legal", "board"))
    assert search.cell_audiences("staff, staff-legal") == ("staff", "staff-legal")
    assert search.cell_audiences("Staff legal") == search.named("{.staff-legal}") == ("staff-legal",)


@pytest.mark.parametrize(
    "opening",
    [
        ":::{incident-sumary} S",
        ":::incident-summary S",
        "::{incident summary} S",
        ":::\\{incident-summary} S",
        ".. incident-summary:: S",
    ],
)
@pytest.mark.parametrize("option", [":status: draft", ":tlp: RED"])
def test_a_summary_that_is_not_read_and_would_hide_its_page_is_a_fault(opening, option):
    page = Page(texts={"p.md": f"# P\n\n{opening}\n{option}\n\nx\n"})
    edition = Edition(Audiences(), "public")
    search = MentionSearch(edition.audiences.names)
    assert [fault.line for fault in find_faults(page, search, edition, (), IncidentRule())] == [3]
    sample = Literal("p.md", 3, f"{opening}\n{option}")
    assert find_faults(page, search, edition, (sample,), IncidentRule()) == ()
    shown = Page(texts={"p.md": page.texts["p.md"].replace("draft", "closed").replace("RED", "CLEAR")})
    assert find_faults(shown, search, edition, (), IncidentRule()) == ()


def test_a_sentence_may_name_the_summary_and_its_options():
    text = "# P\n\nWrite `:::{incident-summary}`, or `.. incident-summary::`, and\n`:status: draft` below it.\n"
    edition = Edition(Audiences(), "public")
    search = MentionSearch(edition.audiences.names)
    assert find_faults(Page(texts={"p.md": text}), search, edition, (), IncidentRule()) == ()


@pytest.mark.parametrize(("above", "faults"), [("One is written so:", 0), ("## Incident summary", 1), ("A word.", 1)])
def test_an_indented_summary_is_a_sample_where_a_sentence_introduces_it(above, faults):
    text = f"# P\n\n{above}\n\n    # S: x\n\n    :::{{incident-summary}} S\n    :status: draft\n    :::\n"
    edition = Edition(Audiences(), "public")
    search = MentionSearch(edition.audiences.names)
    assert len(find_faults(Page(texts={"p.md": text}), search, edition, (), IncidentRule())) == faults


@pytest.mark.parametrize("text", ["{.internal}\nx\n", ":::internal\nx\n:::\n", "---\ninternal: true\n---\nx\n"])
def test_internal_is_a_slip_where_no_audience_is_called_so(text):
    edition = Edition(Audiences(("crew", "world")), "world")
    page = Page(texts={"p.md": text})
    assert len(find_faults(page, MentionSearch(edition.audiences.names), edition, ())) == 1
    assert not MentionSearch(("crew", "internal")).find(text)


@pytest.mark.parametrize("text", SOUND_MARKDOWN)
def test_sound_markdown_has_no_fault(text):
    assert faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        ".. internal-only::\n\n   x\n\n   y\n\nz\n",
        ".. audience:: leadership\n   :summary: s\n\n   x\n",
        ".. code-block:: rst\n\n   ..internal-only::\n\nx\n",
        ".. internal-only::\n\n   `x`__\n\n   __ https://a.example\n\n`y`__\n\n__ https://b.example\n",
        "Write::\n\n   .. internal-only::\n\n   x\n",
        ".. postmortem: no-marking\n\n.. container:: internal\n\n   x\n",
    ],
)
def test_sound_restructuredtext_has_no_fault(text):
    assert faults(text, markdown=False) == []


@given(st.text(alphabet=":`~{} \n>-audienceinternal-only.|[^]", max_size=200), st.booleans())
def test_any_text_is_read(text, markdown):
    faults("internal-only\n" + text, markdown=markdown)


INVISIBLE = st.sampled_from("\u200b\u200d\u00ad\u2060\ufeff\u202e\u034f\ufe0f")


@given(st.lists(st.tuples(st.integers(1, 17), INVISIBLE), min_size=1, max_size=4))
def test_characters_that_nobody_sees_hide_no_mention(places):
    text = ":::{internal-only}"
    for position, character in places:
        text = text[:position] + character + text[position:]
    assert faults(text + "\nleaks\n:::\n") != []


def test_the_cure_of_a_notebook_is_one_that_works_there():
    page = Page(texts={"n.ipynb": '{"source": [":::{internal-only}\\n"]}'})
    audiences = Audiences()
    edition = Edition(audiences, audiences.names[-1])
    (fault,) = find_faults(page, MentionSearch(audiences.names), edition, ())
    assert "a notebook is hidden as a whole" in fault.message


NOTEBOOK = """{
 "cells": [
  {"cell_type": "code", "source": [
   "show(audience='internal')\\n",
   "x = df[df.audience == \\"internal\\"]"
  ]},
  {"cell_type": "markdown", "source": [
   ":::{internal-only}\\n",
   "x\\n",
   ":::\\n"
  ]}
 ]
}"""


def test_code_of_a_notebook_is_a_sample_and_a_block_in_one_is_refused_where_it_stands():
    edition = Edition(Audiences(), "public")
    search = MentionSearch(edition.audiences.names)
    code = Literal("n.ipynb", 20001, "show(audience='internal')\nx = df[df.audience == \"internal\"]")
    block = (":::{internal-only}", "x", ":::")
    use = DirectiveUse("n.ipynb", 30001, "internal-only", block, block[1:2], marks=True, hidden=True)
    page = Page(texts={"n.ipynb": NOTEBOOK}, uses=[use])
    assert [fault.line for fault in find_faults(page, search, edition, [code])] == [8]
    assert [fault.line for fault in find_faults(page, search, edition, [])] == [4, 5, 8]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\ndraft: true\n---\n# P\n", [2]),
        ("---\ntitle: P\nvisibility: private\ntlp: RED\n---\n# P\n", [3, 4]),
        (":unlisted: true\n\nP\n=\n", [1]),
        ("P\n=\n\n:tlp: rot\n", [4]),
        ("---\nstatus: draft\n---\n# P\n", []),
        ("---\ndraft: true  # postmortem: no-marking\n---\n# P\n", []),
        ("---\nprivate: false\ntlp: CLEAR\n---\n# P\n", []),
        ("# P\n\n```{toctree}\n:hidden: true\n```\n", []),
        ("# P\n\nAccess: restricted\n", []),
    ],
)
def test_a_head_that_would_hide_an_incident_is_a_fault_of_another_page(text, lines):
    edition = Edition(Audiences(), "public")
    search, rule = MentionSearch(edition.audiences.names), IncidentRule()
    assert [fault.line for fault in find_faults(Page(texts={"p": text}), search, edition, (), rule)] == lines
    read = DirectiveUse("p", 9, "incident-summary", (":::{incident-summary} S",), (), marks=False)
    assert find_faults(Page(texts={"p": text}, uses=[read]), search, edition, (), rule) == ()


@pytest.mark.parametrize("text", ["---\naudience: internal\n---\nleaks\n", ":audience: internal\n\nleaks\n"])
def test_the_head_of_an_included_file_marks_nothing_and_the_message_says_so(text):
    page = Page(texts={"page.md": "# Page\n", "part.txt": text})
    edition = Edition(Audiences(), "public")
    [fault] = find_faults(page, MentionSearch(edition.audiences.names), edition, ())
    assert (fault.path, "the head of a file that a page includes marks nothing" in fault.message) == ("part.txt", True)
