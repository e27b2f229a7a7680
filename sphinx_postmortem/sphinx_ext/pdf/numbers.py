"""The numbers of sections, figures, tables, code and formulas, which Sphinx leaves to each builder to print."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.sphinx_ext.pdf.figure import docname_of


def add_numbers(env: BuildEnvironment, tree: nodes.document, root_docname: str) -> None:
    """Put the numbers that the pages have elsewhere, and that references name, before titles and captions."""
    for section in tree.findall(nodes.section):
        numbers = env.toc_secnumbers.get(docname_of(section) or root_docname, {})
        is_page = isinstance(section.parent, nodes.document | addnodes.start_of_file)
        keys = [*(f"#{each}" for each in section["ids"][:1]), *([""] if is_page else [])]
        _put_before(section, next((numbers[key] for key in keys if numbers.get(key)), None), "{}.")
    if not env.config.numfig:
        return
    for formula in tree.findall(nodes.math_block):
        figures = env.toc_fignumbers.get(docname_of(formula) or root_docname, {}).get("displaymath", {})
        if formula["ids"] and (number := figures.get(str(formula["ids"][0]))):
            formula["number"] = ".".join(map(str, number))
    domain = env.domains.standard_domain
    for node in tree.findall(lambda each: isinstance(each, nodes.figure | nodes.table | nodes.container)):
        if isinstance(node, nodes.Element) and node["ids"] and (kind := domain.get_enumerable_node_type(node)):
            figures = env.toc_fignumbers.get(docname_of(node) or root_docname, {}).get(kind, {})
            wording = str(env.config.numfig_format.get(kind, "%s")).replace("%s", "{}")
            _put_before(node, figures.get(str(node["ids"][0])), wording)


def _put_before(node: nodes.Element, number: Iterable[int] | None, wording: str) -> None:
    heading = next((each for each in node.children if isinstance(each, nodes.title | nodes.caption)), None)
    if number and heading is not None:
        heading.insert(0, nodes.Text(f"{wording.format('.'.join(map(str, number)))} "))
