"""Large figures above a list, and the bar that shows how an owner's actions stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

from sphinx_postmortem.core.lists.site_figures import Figure
from sphinx_postmortem.core.records.knowledge import Numbers
from sphinx_postmortem.sphinx_ext import output
from sphinx_postmortem.sphinx_ext.lists.list_tables import ListPage
from sphinx_postmortem.sphinx_ext.records.domain import PostmortemDomain


def figures(shown: Iterable[Figure], page: ListPage) -> nodes.definition_list:
    """Return figures as a list of what they count, each with its number, which leads to what is counted."""
    return output.terms((([nodes.Text(each.about)], [_number(each, page)]) for each in shown), "pm-figures")


def _number(figure: Figure, page: ListPage) -> nodes.Node:
    target = page_of(figure.leads_to, page.domain)
    link: nodes.Node
    link = output.place_link(target, "", str(figure.number), page.docname) if target else nodes.Text(str(figure.number))
    if target and (address := page.address(target)):
        link = output.web_link(f"{address}{figure.wanted}", str(figure.number))
    return output.marked([link], "pm-over") if figure.is_bad and figure.number else link


def page_of(what: str, domain: PostmortemDomain) -> str:
    """Return the page that lists all incidents, or all actions; empty where there is none."""
    noted = {"incidents": "has_navigation", "actions": "has_list"}.get(what, "")
    return next((name for name in sorted(domain.pages) if noted and getattr(domain.pages[name], noted)), "")


def bar(numbers: Numbers) -> str:
    """Return how many actions are overdue, open and done as a bar in HTML; the numbers stand beside it."""
    parts = (("crit", numbers.overdue), ("warn", numbers.open - numbers.overdue), ("ok", numbers.done))
    shown = "".join(f'<i class="pm-{tone}" style="flex:{number}"></i>' for tone, number in parts if number)
    return f'<span class="pm-bar" aria-hidden="true">{shown}</span>'


def bar_cell(numbers: Numbers, most: int) -> Sequence[nodes.Node]:
    """Return a cell with a bar whose length tells how many actions there are, of at most ``most``."""
    total = numbers.open + numbers.done
    return [
        output.raw_html(
            f'<span class="pm-bar-track" style="width:{100 * total // max(most, 1)}%">{bar(numbers)}</span>'
        )
    ]
