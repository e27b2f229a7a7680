"""Tables that are not ours with a column *Audience*: no gate reads them, but their author may believe that one does."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from sphinx_postmortem.core.audience.rows import AUDIENCE_COLUMN
from sphinx_postmortem.core.records.tables import column_key
from sphinx_postmortem.sphinx_ext.audience.unread import refuse_or_warn
from sphinx_postmortem.sphinx_ext.records.domain import domain_of
from sphinx_postmortem.sphinx_ext.tree import every

_OURS = "pm-table"
_MEND = (
    "this table has a column Audience, but it is a plain table, in which nothing is hidden. Use `timeline` or "
    "`action-table`, or put what is not for all into an `audience` block; if the column marks nothing, rename it"
)


def find_marked_plain_tables(app: Sphinx, document: nodes.document) -> None:
    """Handle ``doctree-read``: warn of such a table; stop a filtered edition from which it should hide a row.

    Raises:
        ExtensionError: a row names an audience that the edition does not belong to.
    """
    edition = domain_of(app.env).settings.edition
    for table in every(document, nodes.table):
        if _OURS in table["classes"] and not edition.is_filtered:
            continue  # the full edition shows the Audience column of our own tables; no other edition has it
        named = {name for name in _audience_cells(table) if name in edition.audiences.names}
        hidden = {name for name in named if not edition.shows(name)}
        if hidden or (not edition.is_filtered and named - {edition.audiences.names[-1]}):
            refuse_or_warn(app.env, table, _MEND)


def _audience_cells(table: nodes.table) -> Iterator[str]:
    """Yield the names in the column whose title, in the first row, is that of the Audience column."""
    for group in every(table, nodes.tgroup):
        if group.parent is not table:
            continue
        rows = [row for part in group.children for row in part.children if isinstance(row, nodes.row)]
        if not rows:
            continue
        columns = {place for place, cell in _cells(rows[0]) if column_key(cell.astext()) == AUDIENCE_COLUMN}
        # Where cells span rows, those below have moved to the left: any cell may be the one.
        spans = any("morerows" in cell for row in rows for _place, cell in _cells(row))
        for row in rows[1:] if columns else ():
            yield from (c.astext().strip().casefold() for place, c in _cells(row) if spans or place in columns)


def _cells(row: nodes.row) -> Iterator[tuple[int, nodes.Element]]:
    place = 0
    for cell in row.children:
        if isinstance(cell, nodes.entry):
            yield place, cell
            place += 1 + int(cell.get("morecols", 0))
