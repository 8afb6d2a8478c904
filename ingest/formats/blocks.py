"""Lines and tables of a page as one sequence."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout.printed import Line, TableBlock

_TOUCHING = 0.3  # of the line's height, by which a line may reach into the table under it


Block = Line | TableBlock


def ordered(text: Sequence[Block], others: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks in reading order and, each behind the last one above it, others such as tables."""
    blocks = list(text)
    for other in sorted(others, key=lambda other: other.top):
        above = [at for at, block in enumerate(blocks) if _is_above(block, other)]
        blocks.insert(max(above, default=-1) + 1, other)
    return tuple(blocks)


def _is_above(block: Block, other: Block) -> bool:
    slack = _TOUCHING * block.size if isinstance(block, Line) else 0.0
    beside = block.x0 >= other.x1 or block.x1 <= other.x0
    return block.bottom - slack <= other.top and not beside
