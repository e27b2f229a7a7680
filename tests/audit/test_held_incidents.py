"""The audit's own reading of statuses and labels: what it takes for hidden, the gate hides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sphinx_postmortem.cli.audit import limits_of
from sphinx_postmortem.core.audience.audiences import Audiences, Edition
from sphinx_postmortem.core.audience.incident_pages import IncidentGate
from sphinx_postmortem.core.audience.incident_rule import IncidentRule
from sphinx_postmortem.core.audit.marks import View
from sphinx_postmortem.core.audit.sources import Content, Scope, read_content

RULE = IncidentRule(Audiences(("internal", "leadership", "partners", "public")), statuses={"public": ("closed",)})
SUFFIXES = {".md": "markdown", ".rst": "restructuredtext"}
words = some.sampled_from(
    ["draft", "closed", "In-review", "wip", "CLEAR", "RED", "TLP:GREEN", "amber + strict", "WHITE"]
)
options = some.dictionaries(some.sampled_from(["status", "tlp", "tlp-public", "tlp-leadership", "severity"]), words)
heads = some.dictionaries(
    some.sampled_from(["status", "tlp", "draft", "published", "private", "title"]),
    some.one_of(words, some.sampled_from(["true", "false", '"RED"'])),
)
NAMES = some.sampled_from(RULE.audiences.names[1:])


def page(head: dict[str, str], stated: dict[str, str], *, markdown: bool) -> str:
    if markdown:
        front = "".join(f"{key}: {value}\n" for key, value in head.items())
        lines = "".join(f":{key}: {value}\n" for key, value in stated.items())
        return (f"---\n{front}---\n" if front else "") + f"# T\n\n:::{{incident-summary}} S\n{lines}\nText.\n:::\n"
    front = "".join(f":{key}: {value}\n" for key, value in head.items())
    lines = "".join(f"   :{key}: {value}\n" for key, value in stated.items())
    return (f"{front}\n" if front else "") + f"T\n=\n\n.. incident-summary:: S\n{lines}\n   Text.\n"


def read(folder: Path, files: dict[str, str], edition: str) -> Content:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    view = View(RULE.audiences.names, edition)
    return read_content(Scope(folder, view, {}, (), SUFFIXES, limits=limits_of(RULE, edition)))


@given(heads, options, NAMES, some.booleans())
def test_the_gate_hides_what_the_audit_takes_for_hidden(tmp_path_factory, head, stated, edition, markdown):
    folder = tmp_path_factory.mktemp("source")
    text = page(head, stated, markdown=markdown)
    name = "p.md" if markdown else "p.rst"
    gate = IncidentGate(folder, Edition(RULE.audiences, edition), RULE)
    problems, shown = gate.judge(folder / name, text, "", markdown)
    is_held = name in read(folder, {name: text}, edition).removed
    assert not (is_held and shown)
    if not (head or problems):  # in the options of a summary both see the same
        assert is_held is not shown


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n:::{incident-summary} S\n:status: draft\n\nquailword\n:::\n",
        "# T\n\n::::{audience} public\n:::{postmortem:incident-summary} S\n:tlp: RED # for us\n\nquailword\n:::\n::::\n",
        "---\nprivate: true\n---\n# T\n\nquailword\n\n:::{incident-summary} S\n:::\n",
        "T\n=\n\n.. incident-summary:: S\n   :tlp: GREEN\n\n   quailword\n",
    ],
)
def test_the_text_of_an_incident_that_is_held_back_is_hidden(tmp_path, text):
    name = "p.md" if text.startswith(("#", "-")) else "p.rst"
    content = read(tmp_path, {name: text}, "public")
    assert "quailword" in "\n".join(line.text for line in content.hidden)
    assert "quailword" not in "\n".join(line.text for line in content.visible)
    assert content.hidden_names == {"p"}
    assert content.removed == {name}


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n:::{incident-summary} S\n:status: closed\n:tlp: RED\n:tlp-public: CLEAR\n\nText.\n:::\n",
        "# T\n\n````md\n:::{incident-summary} S\n:status: draft\n:::\n````\n",
        "# T\n\n    :::{incident-summary} S\n    :status: draft\n    :::\n",
        "# T\n\n`````{myst-example}\n:::{incident-summary} S\n:status: draft\n:::\n`````\n",
        "# T\n\n::::{internal-only}\n:::{incident-summary} S\n:status: draft\n:::\n::::\n",
        "---\nstatus: draft\n---\n# T\n\nText.\n",
        "T\n=\n\nSo::\n\n   .. incident-summary:: S\n      :tlp: RED\n",
    ],
)
def test_a_sample_and_what_the_edition_hides_hold_nothing_back(tmp_path, text):
    name = "p.md" if text.startswith(("#", "-")) else "p.rst"
    assert read(tmp_path, {name: text}, "public").removed == set()


def test_the_first_edition_shows_all(tmp_path):
    text = "# T\n\n:::{incident-summary} S\n:status: draft\n\nText.\n:::\n"
    assert read(tmp_path, {"p.md": text}, "internal").removed == set()
