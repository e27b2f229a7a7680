"""What pages say of contributing factors: tags that lead to the factor's place, and fixes that did not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes

from sphinx_postmortem.core.language.texts import say
from sphinx_postmortem.core.records.factors import Factor, FactorVocabulary
from sphinx_postmortem.core.records.fixes import Regression
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.directives.placeholders import Placeholder
from sphinx_postmortem.sphinx_ext.filled_text import filled
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain
from sphinx_postmortem.sphinx_ext.records.links import action_link, incident_link
from sphinx_postmortem.sphinx_ext.records.points import items_of, kind_of


class FactorTag(nodes.Inline, Placeholder):
    """Stands for the words of a factor (attributes ``docname`` and ``factor``, its id)."""

    def render(self, domain: PostmortemDomain) -> list[nodes.Node]:
        """Return the words, as a link where a page lists all factors."""
        factor = domain.derived.facts.factors.find(self["factor"])
        return [factor_link(factor, self.docname, domain) if factor else nodes.Text(self["factor"])]


def factor_link(factor: Factor, docname: str, domain: PostmortemDomain) -> nodes.Node:
    """Return the words of a factor on the page ``docname``, as a link where a page lists all factors."""
    home = domain.derived.factor_page
    return output.place_link(home, factor.anchor, factor.label, docname) if home else nodes.Text(factor.label)


def regression_words(each: Regression, docname: str, domain: PostmortemDomain) -> Iterator[nodes.Node]:
    """Yield a sentence on a fix that did not hold, for the page ``docname``."""
    knowledge, factor = domain.knowledge, domain.derived.facts.factors.find(each.factor)
    yield from filled(
        say('{action} ({basis}) was against "{factor}", which contributed again to {incident} on {day}.'),
        action=action_link(each.action, knowledge, docname),
        basis=nodes.Text(each.basis),
        factor=factor_link(factor, docname, domain) if factor else nodes.Text(each.factor),
        incident=incident_link(each.again, knowledge, docname),
        day=nodes.Text(str(each.again.first_day)),
    )


def link_tags(parsed: Iterable[nodes.Node], docname: str, vocabulary: FactorVocabulary) -> None:
    """Put the words of its factor in the place of each tag with which an item begins."""
    for item in items_of(parsed):
        kind = kind_of(item)
        after = kind.next_node(nodes.Text, descend=False, siblings=True) if kind is not None else None
        if kind is None or after is None or kind.parent.index(after) != kind.parent.index(kind) + 1:
            continue
        read = vocabulary.read_tags(after.astext())
        if not read.ids:
            continue
        words = ([FactorTag(docname=docname, factor=tag)] for tag in read.ids)
        more = ([nodes.Text(name)] for name in read.unknown)
        tags = output.factor_tags(output.separated([*words, *more], ", "))
        colon = ":" if kind.astext().rstrip().endswith(":") or after.astext().lstrip().startswith(":") else ""
        kind.parent.replace(after, [nodes.Text(f"{colon} "), tags, nodes.Text(read.rest)])
