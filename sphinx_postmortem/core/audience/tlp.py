"""Which TLP 2.0 label an incident bears in an edition (https://www.first.org/tlp/)."""

from __future__ import annotations

from sphinx_postmortem.core.records.vocabulary import TLP_LABELS

_FOR_NAMED_READERS = ("RED", "AMBER+STRICT")
"""Labels that the choice of what an edition shows does not lower: individuals, and the own organisation only."""


def label_in_edition(own: str, of_edition: str) -> str:
    """Return the label in an edition whose documents bear ``of_edition`` (empty: each bears its own).

    The label of an incident holds for the whole record. Only the source of information may lower it, and marking what
    an edition shows is the source's decision, except for the two strictest labels. An incident without a label, or
    with an unknown one, keeps that.
    """
    if not of_edition or own not in TLP_LABELS or is_forbidden(own, of_edition):
        return own
    return of_edition


def is_forbidden(own: str, of_edition: str) -> bool:
    """Say whether an incident's label forbids to show any of it in an edition that bears a laxer one."""
    if own not in _FOR_NAMED_READERS or of_edition not in TLP_LABELS:
        return False
    return TLP_LABELS.index(own) < TLP_LABELS.index(of_edition)
