"""Three steps of each build that docutils and Sphinx take for every text or page, and that need not be.

Written for docutils 0.21.2 to 0.22.4 and Sphinx 8.2.3 to 9.2; the results are the same, node by node.

Walks: ``findall`` passes each node up through a generator for each of its parents. A build makes some fifty walks over
each page's tree; they were a sixth of it. One loop takes the place of these generators.

Quotation marks: Sphinx takes each text apart and puts it together again. A text without a quotation mark, a dash of
two hyphens or three dots stays as it is, and is passed over.

Settings: Sphinx 9 has docutils declare all options of its command line for each page, to ask for their defaults.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any, cast

import sphinx.util.docutils as sphinx_docutils
from docutils import nodes
from docutils.utils import DependencyList
from sphinx.application import Sphinx
from sphinx.transforms import SphinxSmartQuotes
from sphinx.util.nodes import NodeMatcher

from sphinx_postmortem.core.expressions import expression
from sphinx_postmortem.sphinx_ext.tree import every

Condition = type | Callable[[nodes.Node], bool] | None

# What ``docutils.utils.smartquotes`` changes, with any of its settings but one, and what it takes for an escape.
_TO_EDUCATE = expression(r"[\"'`\\&\x00]|--|\.\.\.|\. \. \.")
_BACK_TO_ASCII = "-1"  # the one: it takes the marks of the page's language away
_findall = nodes.Node.findall
_SETTINGS = "_get_settings"


def take_cheaper_steps(app: Sphinx) -> None:
    """Put our walk, our transform and our settings in the place of docutils' and Sphinx's own."""
    for name, ours in {"findall": findall}.items():
        setattr(nodes.Node, name, ours)
    transforms = app.registry.get_transforms()
    if SphinxSmartQuotes in transforms:
        transforms[transforms.index(SphinxSmartQuotes)] = SmartQuotesWhereThereAreAny
    of_pages = vars(sphinx_docutils)
    if "_parse_str_to_doctree" in of_pages:  # Sphinx 9; older ones make the settings once
        made = of_pages[_SETTINGS]
        setattr(sphinx_docutils, _SETTINGS, SettingsMadeOnce(made.make if isinstance(made, SettingsMadeOnce) else made))


def findall(
    self: nodes.Node,
    condition: Condition = None,
    include_self: bool = True,
    descend: bool = True,
    siblings: bool = False,
    ascend: bool = False,
) -> Iterator[nodes.Node]:
    """Return what docutils' ``findall`` does; what asks for other nodes than those of the tree is left to it."""
    if not include_self or not descend or siblings or ascend:
        return cast("Iterator[nodes.Node]", _findall(self, condition, include_self, descend, siblings, ascend))
    if isinstance(condition, type):
        return _walk(self, condition, None)
    # What Sphinx's matcher asks first is the class, which needs no call.
    return _walk(self, (isinstance(condition, NodeMatcher) and condition.classes) or object, condition)


def _walk(
    tree: nodes.Node, kind: type | tuple[type, ...], condition: Callable[[nodes.Node], bool] | None
) -> Iterator[nodes.Node]:
    """Yield the nodes of some classes in a tree for which a condition holds, in document order.

    The children of a node are taken after it has been yielded, as docutils takes them, so that one who changes the
    tree meanwhile finds the same nodes.
    """
    above: list[Iterator[nodes.Node]] = []
    nodes_here = iter((tree,))
    while True:
        for node in nodes_here:
            if isinstance(node, kind) and (condition is None or condition(node)):
                yield node
            if node.children:
                above.append(nodes_here)
                nodes_here = iter(node.children)
                break
        else:
            if not above:
                return
            nodes_here = above.pop()


class SettingsMadeOnce:
    """Makes docutils' settings for a page: Sphinx has all options declared anew for each page, to ask for defaults."""

    def __init__(self, make: Callable[..., object]) -> None:
        """Take what makes them."""
        self.make = make
        self._made: tuple[object, object] | None = None

    def __call__(self, *components: object, defaults: Mapping[str, Any], read_config_files: bool = False) -> object:
        """Return settings of their own for the components of a parser."""
        kinds = [each if isinstance(each, type) else type(each) for each in components]
        asked = kinds, dict(defaults), read_config_files, os.environ.get("DOCUTILSCONFIG")
        if self._made is None or self._made[0] != asked:
            self._made = asked, self.make(*components, defaults=defaults, read_config_files=read_config_files)
        settings = copy(self._made[1])
        vars(settings).update({name: _of_its_own(value) for name, value in vars(settings).items()})
        return settings


def _of_its_own(value: object) -> object:
    """Return a setting that no other page shares."""
    if isinstance(value, DependencyList):
        return DependencyList()
    return copy(value) if isinstance(value, list | dict | set) else value


class _NothingToEducate(type):
    """Makes ``isinstance`` ask whether quotation marks leave a node as it is."""

    def __instancecheck__(cls, node: object) -> bool:
        """Say whether a node holds no text that the transform would change, or is looked at with its parent."""
        if not isinstance(node, nodes.Element):
            return False
        if isinstance(node.parent, nodes.TextElement):
            return True
        return not any(_TO_EDUCATE.search(text) for text in every(node, nodes.Text))


class PlainText(metaclass=_NothingToEducate):
    """Stands for all nodes with nothing to educate."""


class SmartQuotesWhereThereAreAny(SphinxSmartQuotes):
    """Sphinx's transform, which passes over texts that it would leave as they are."""

    def apply(self, **kwargs: Any) -> None:
        """Change the marks of a page's texts."""
        if self.config.smartquotes_action != _BACK_TO_ASCII:
            vars(self)["nodes_to_skip"] = (*self.nodes_to_skip, PlainText)
        super().apply(**kwargs)
