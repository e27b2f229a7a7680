"""The folds of a long list of incidents on HTML pages. They need no script.

While a reader filters by facets, all folds are open and their lines are gone: what is found stands in one list. A
browser that cannot open a fold by a style sheet keeps the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from docutils import nodes
from sphinx.environment import BuildEnvironment

from sphinx_postmortem.core.language.texts import say, say_many
from sphinx_postmortem.core.lists.incident_folds import Fold
from sphinx_postmortem.core.records.model import Incident
from sphinx_postmortem.sphinx_ext import output

_CHOSEN = ":is(#pm,body) .pm-faceted:has(.pm-facets :checked)"
_RULES = (
    "@supports selector(::details-content){"
    f"{_CHOSEN} .pm-fold::details-content{{content-visibility:visible;block-size:auto}}"
    f"{_CHOSEN} :is(.pm-fold>summary,.pm-fold~.pm-fold thead){{display:none}}"
    f"{_CHOSEN} :is(.pm-fold,.pm-fold div,.pm-fold table){{margin-block:0;padding-block:0}}"
    "}"
    # The columns of all folds stand below one another.
    ":is(#pm,body) .pm-fold td{&.pm-col-status,&.pm-col-type{min-width:5.75rem}&.pm-col-open-actions{min-width:5.5rem}}"
)


def in_folds(
    folds: Iterable[Fold], table_of: Callable[[Sequence[Incident]], nodes.Node], env: BuildEnvironment
) -> list[nodes.Node]:
    """Return each fold with its table, and before them the rules that open them."""
    blocks = [
        block
        for fold in folds
        for block in output.folded(_line(fold), [table_of(fold.incidents)], env, is_open=fold.is_open)
    ]
    return [output.raw_html(f"<style>{_RULES}</style>"), *blocks]


def _line(fold: Fold) -> str:
    """Return what stands above a fold: its period, and how many incidents it holds."""
    period = say(fold.period) if fold.period else ""
    part = f"({fold.part})" if period and fold.part else fold.part
    number = say_many("{number} incident", "{number} incidents", len(fold.incidents))
    return say("{name}: {value}", name=f"{period} {part}".strip(), value=number)
