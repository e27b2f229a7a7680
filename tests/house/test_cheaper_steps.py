"""What takes the place of docutils' walks and of Sphinx's transform for quotation marks gives what those gave."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import smartquotes
from hypothesis import given
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp
from sphinx.transforms import SphinxSmartQuotes
from sphinx.util.nodes import NodeMatcher

from sphinx_postmortem.sphinx_ext.upstream import cheaper_steps

DOCUTILS = vars(cheaper_steps)["_findall"]
KINDS = (nodes.paragraph, nodes.inline, nodes.emphasis)


def has_several_children(node: nodes.Node) -> bool:
    return len(node.children) > 1


def is_b(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Text) and "b" in node


CONDITIONS: tuple[cheaper_steps.Condition, ...] = (
    *(None, nodes.Text, nodes.TextElement, nodes.Element, nodes.Inline, nodes.footnote),
    *(has_several_children, is_b, NodeMatcher(nodes.inline, nodes.Text), NodeMatcher(classes=Any), NodeMatcher()),
)
MARKS = ("'", '"', "--", "-", "...", ". . .", "&#39;", "\\", "`", "word", " ", "\x00'", "\u201c", "1990s", "é", ".")


def make_tree(chance: random.Random, depth: int = 0) -> nodes.Node:
    if depth and chance.random() < 0.3:
        return nodes.Text(chance.choice("abc"))
    children = [make_tree(chance, depth + 1) for _ in range(chance.randint(0, 4 if depth < 4 else 0))]
    return chance.choice(KINDS)("", "", *children) if depth else nodes.section("", *children)


@given(st.integers(0, 100_000))
def test_a_walk_finds_the_same_nodes(seed: int) -> None:
    tree = make_tree(random.Random(seed))
    for condition in CONDITIONS:
        assert [*map(id, cheaper_steps.findall(tree, condition))] == [*map(id, DOCUTILS(tree, condition))]


def remove(node: nodes.Element) -> None:
    node.parent.remove(node)


def put_children_in_its_place(node: nodes.Element) -> None:
    node.replace_self(node.children[:])


def put_another_in_its_place(node: nodes.Element) -> None:
    node.replace_self(nodes.emphasis("", "", *node.children))


def add_below(node: nodes.Element) -> None:
    node += nodes.strong("", "b")


@pytest.mark.parametrize("change", [remove, put_children_in_its_place, put_another_in_its_place, add_below])
@given(seed=st.integers(0, 100_000))
def test_a_walk_over_a_tree_that_changes_meanwhile_is_the_same(
    change: Callable[[nodes.Element], None], seed: int
) -> None:
    results: list[str] = []
    for walk in (cheaper_steps.findall, DOCUTILS):
        tree = make_tree(random.Random(seed))
        for node in walk(tree, nodes.inline):
            assert isinstance(node, nodes.inline)
            change(node)
        results.append(tree.pformat())
    assert results[0] == results[1]


@pytest.mark.parametrize("more", [{"include_self": False}, {"descend": False}, {"siblings": True}, {"ascend": True}])
def test_a_walk_beyond_the_tree_is_that_of_docutils(more: dict[str, bool]) -> None:
    tree = make_tree(random.Random(3))
    inner = list(DOCUTILS(tree))[2]
    assert [*map(id, cheaper_steps.findall(inner, None, **more))] == [*map(id, DOCUTILS(inner, None, **more))]


@given(st.lists(st.sampled_from(MARKS), max_size=8), st.sampled_from(["qDe", "1", "2", "3", "qBdeiw", "q"]))
def test_a_text_that_is_passed_over_would_stay_as_it_is(parts: list[str], action: str) -> None:
    text = "".join(parts)
    if isinstance(nodes.paragraph("", "", nodes.Text(text)), cheaper_steps.PlainText):
        for language in ("en", "fr", "de", ""):
            assert list(smartquotes.educate_tokens([("plain", text)], action, language)) == [text]


def test_texts_without_marks_are_passed_over_and_others_not() -> None:
    plain = nodes.paragraph("", "", nodes.Text("Plain. "), nodes.strong("", "so-called"))
    assert isinstance(plain, cheaper_steps.PlainText)
    assert not isinstance(
        nodes.paragraph("", "", nodes.Text("It "), nodes.strong("", "isn't")), cheaper_steps.PlainText
    )


@pytest.mark.parametrize("action", ["qDe", "-1"])
def test_pages_have_the_marks_that_sphinx_gives_them(tmp_path: Path, action: str) -> None:
    pieces = ["It isn't.", '"Quoted" text', "a -- b --- c...", "`code's`", "*it's* 'so'", "plain", "„low“ ‚single‘"]
    text = "# Home's\n\n" + "\n\n".join(pieces) + "\n\n| A's | B |\n|---|---|\n" + f"| {' '.join(pieces)} | x |\n"
    found: list[str] = []
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "conf.py").write_text("extensions = ['sphinx_postmortem']\n", encoding="utf-8")
        (tmp_path / name / "index.md").write_text(text, encoding="utf-8")
        app = SphinxTestApp("html", srcdir=tmp_path / name, confoverrides={"smartquotes_action": action})
        transforms = app.registry.get_transforms()
        assert SphinxSmartQuotes not in transforms
        if name == "theirs":
            transforms[transforms.index(cheaper_steps.SmartQuotesWhereThereAreAny)] = SphinxSmartQuotes
        app.build()
        found.append((tmp_path / name / "_build/html/index.html").read_text(encoding="utf-8"))
        app.cleanup()
    assert found[0] == found[1]
    assert ("isn’t" in found[0]) == (action == "qDe")
