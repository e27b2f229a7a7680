"""Two steps of each build that docutils and Sphinx take for every text, and that need not be taken for every one.

Written for docutils 0.21.2 to 0.22.4 and Sphinx 8.2.3 to 9.2; the results are the same, node by node.

Walks: ``findall`` passes each node up through a generator for each of its parents. A build makes some fifty walks over
each page's tree; they were a sixth of it. One loop takes the place of these generators.

Quotation marks: Sphinx takes each text apart and puts it together again. A text without a quotation mark, a dash of
two hyphens or three dots stays as it is, and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from docutils import nodes
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


def take_cheaper_steps(app: Sphinx) -> None:
    """Put our walk and our transform in the place of docutils' and Sphinx's own."""
    for name, ours in {"findall": findall}.items():
        setattr(nodes.Node, name, ours)
    transforms = app.registry.get_transforms()
    if SphinxSmartQuotes in transforms:
        transforms[transforms.index(SphinxSmartQuotes)] = SmartQuotesWhereThereAreAny


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
