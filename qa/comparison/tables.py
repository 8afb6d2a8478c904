"""A table in an answer: Markdown whose rows are statements, each cell with its own citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.draft import MARK, Span, Statement

NOTHING = "—"
_BAR = "｜"  # what stands for | in a cell; the two are one after NFKC, so that quotes stay verbatim


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words, the spans that bear them, and the figures in it that were counted."""

    text: str = NOTHING
    spans: tuple[Span, ...] = ()
    counts: tuple[int, ...] = ()


def header(*titles: str, counts: Sequence[int] = ()) -> Statement:
    """The head of a table: two lines, without facts. `counts` are figures in it."""
    return Statement(f"{_line(titles)}\n{_line(['---'] * len(titles))}", counts=tuple(counts))


def row(*cells: Cell, echoed: Sequence[str] = ()) -> Statement:
    """A row; the markers of a cell's citations follow its words."""
    texts = [cell.text + MARK * len(cell.spans) for cell in cells]
    spans = tuple(span for cell in cells for span in cell.spans)
    counts = tuple(count for cell in cells for count in cell.counts)
    return Statement(_line(texts), spans, counts, tuple(echoed))


def _line(cells: Sequence[str]) -> str:
    plain = (" ".join(cell.replace("|", _BAR).split("\n")) for cell in cells)
    return f"| {' | '.join(plain)} |"


def cells_of(line: str) -> list[str] | None:
    """The cells of a line of a table; None for another line, empty for the rule under the head.

    A line on its way, whose end lacks, has the cells that it has so far.
    """
    if not line.startswith("| "):
        return None
    cells = [cell.strip() for cell in line.removesuffix("|")[2:].split(" | ")]
    return [] if set("".join(cells)) <= {"-"} else cells


def blocks(text: str) -> Iterator[str | list[list[str]]]:
    """The lines of an answer in order, the lines of a table together as rows of cells."""
    rows: list[list[str]] = []
    for line in text.split("\n"):
        cells = cells_of(line)
        if cells is None:
            if rows:
                yield rows
                rows = []
            yield line
        elif cells:
            rows.append(cells)
    if rows:
        yield rows
