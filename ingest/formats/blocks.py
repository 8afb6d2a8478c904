"""Lines and tables of a page as one sequence."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.printed import Line, TableBlock

_TOUCHING = 0.3  # of the line's height, by which a line may reach into the table under it


def ordered(text: Sequence[Line], found: Sequence[TableBlock]) -> tuple[Line | TableBlock, ...]:
    """Lines in reading order and, each behind the last line above it, tables."""
    blocks: list[Line | TableBlock] = list(text)
    for table in sorted(found, key=lambda table: table.top):
        above = [at for at, block in enumerate(blocks) if _is_above(block, table)]
        blocks.insert(max(above, default=-1) + 1, table)
    return tuple(blocks)


def _is_above(block: Line | TableBlock, table: TableBlock) -> bool:
    slack = _TOUCHING * block.size if isinstance(block, Line) else 0.0
    beside = block.x0 >= table.x1 or block.x1 <= table.x0
    return block.bottom - slack <= table.top and not beside
