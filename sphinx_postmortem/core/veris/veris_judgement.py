"""What is wrong with a block, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sphinx_postmortem.core.records.tables import Table
from sphinx_postmortem.core.records.vocabulary import COLUMNS
from sphinx_postmortem.core.veris.veris_block import BlockRow, read_block
from sphinx_postmortem.core.veris.veris_record import block_faults
from sphinx_postmortem.core.veris.veris_schema import VERSION, SchemaFault


@dataclass(frozen=True)
class RowFault:
    """What is wrong: the line (0: the block as a whole), the message, and whether something is missing."""

    line: int
    message: str
    is_missing: bool = False


def rows_of(table: Table) -> list[BlockRow]:
    """Return the rows of a block's table; none where a column is missing."""
    field, value = table.column(*COLUMNS["field"]), table.column(*COLUMNS["value"])
    if field is None or value is None:
        return []
    return [BlockRow(row.cells[field].strip().strip("`"), row.cells[value].strip(), row.line) for row in table.rows]


def judge_rows(rows: Sequence[BlockRow]) -> Iterator[RowFault]:
    """Yield what is wrong with the rows of a block, by the schema."""
    block = read_block(rows)
    yield from (RowFault(fault.line, fault.message) for fault in block.faults)
    stated = block.record.get("schema_version", VERSION)
    if stated != VERSION:
        line = next((row.line for row in rows if row.path == "schema_version"), 0)
        message = (
            f'the block is of VERIS "{stated}", so its names are not compared; {VERSION} is the version that is known'
        )
        yield RowFault(line, message, is_missing=True)
    for fault in block_faults(block.record):
        if fault.is_missing:
            yield RowFault(_line(fault, rows), f"{fault.message}; write `Unknown` where nobody knows", is_missing=True)
        else:
            yield RowFault(_line(fault, rows), fault.message)


def _line(fault: SchemaFault, rows: Sequence[BlockRow]) -> int:
    """Return the line of the row that a fault is about: that which has the wrong value, else one of its part."""
    exact = [row for row in rows if row.path == fault.path]
    named = [row for row in exact if fault.message.startswith('"') and fault.message[1:].split('" is ')[0] in row.value]
    above = [row for row in rows if row.path.startswith(f"{fault.path}.") or fault.path.startswith(f"{row.path}.")]
    kin = [row for row in rows if row.path.rpartition(".")[0] == fault.path.rpartition(".")[0]]
    found = [*named, *exact, *above, *(kin if fault.is_missing else ())]
    return found[0].line if found else 0
