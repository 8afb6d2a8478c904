"""Printed pages as a `Source`: lines by their places on the page become paragraphs.

What a reader of PDF, OFD or scanned pages gives is a `Page` of lines and tables in reading order;
`compose` finds the page numbers, running heads and line breaks among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.document import Confidence, Cut, Note, ResidueKind, Row, Source, Table
from ingest.layout.contents import contents
from ingest.layout.edges import Column, Placed
from ingest.layout.furniture import Where, furniture
from ingest.layout.linebreaks import glue
from ingest.layout.paragraphs import run_on
from ingest.layout.printed import Cell, Line, Page, TableBlock
from ingest.layout.spread import Cells, Portion, portions

__all__ = ["Cell", "Line", "Page", "TableBlock", "compose"]


def compose(pages: Sequence[Page]) -> Source:
    """The text of the pages, each printed line a line, with what is no part of it marked as cuts.

    A table that goes on on the next page becomes one. Pages without text are kept as pages.
    """
    apart = furniture(pages)
    apart |= dict.fromkeys(_watermarks(pages), ResidueKind.RUNNING_HEAD)
    pages = [replace(page, blocks=(*page.blocks, *page.asides)) for page in pages]
    tables, notices = portions(pages, apart)
    apart |= dict.fromkeys(notices, ResidueKind.RUNNING_HEAD)
    apart |= dict.fromkeys(_contents(pages, apart), ResidueKind.CONTENTS)
    after = _joints(pages, apart)
    writer = _Writer()
    for number, page in enumerate(pages):
        writer.turn(page)
        for at, block in enumerate(page.blocks):
            where = number, at
            if isinstance(block, TableBlock):
                writer.table(tables[where])
            else:
                writer.line(block, apart.get(where), after.get(where))
    return writer.source()


def _watermarks(pages: Sequence[Page]) -> Iterator[Where]:
    """Where the lines that several pages have beside their text will stand, behind it."""
    marks = Counter(text for page in pages for text in {line.text for line in page.asides})
    for number, page in enumerate(pages):
        for at, line in enumerate(page.asides, len(page.blocks)):
            if marks[line.text] > 1:
                yield number, at


def _contents(pages: Sequence[Page], apart: Mapping[Where, ResidueKind]) -> list[Where]:
    wheres = [where for where, _ in _lines(pages) if where not in apart]
    entries = contents([line.text for where, line in _lines(pages) if where not in apart])
    return [wheres[at] for at in sorted(entries)]


def _lines(pages: Sequence[Page]) -> list[tuple[Where, Line]]:
    return [
        ((number, at), block)
        for number, page in enumerate(pages)
        for at, block in enumerate(page.blocks)
        if isinstance(block, Line)
    ]


def _joints(pages: Sequence[Page], apart: Mapping[Where, ResidueKind]) -> dict[Where, str]:
    """What stands between a line and the next, for those lines that run on in the next."""
    wheres: list[Where] = []
    placed: list[Placed | None] = []
    for number, page in enumerate(pages):
        kept = [
            (at, block)
            for at, block in enumerate(page.blocks)
            if apart.get((number, at)) in (None, ResidueKind.CONTENTS)
        ]
        columns = _columns([block for _, block in kept])
        for (at, block), column in zip(kept, columns, strict=True):
            wheres.append((number, at))
            if (number, at) in apart or not isinstance(block, Line):
                placed.append(None)
            else:
                placed.append(Placed(block, Column(number, column, page.width)))
    joined = run_on(placed)
    return {
        where: one.line.tail or glue(one.line.text, other.line.text)
        for where, one, other, runs in zip(wheres, placed, placed[1:], joined, strict=False)
        if runs and one and other
    }


def _columns(blocks: Sequence[Line | TableBlock]) -> list[int]:
    """In which column of a page each block stands: one ends where the next block is higher up,
    and the first begins no higher than the next one does."""
    tops = [block.top for above, block in pairwise(blocks) if block.bottom < above.top]
    column, columns = 0, []
    for above, block in zip([None, *blocks], blocks, strict=False):
        if above and (
            block.bottom < above.top
            or (tops and above.bottom < tops[0] <= block.bottom)
            or (column and block.top > above.top and block.x1 < above.x0)
        ):
            column += 1
        columns.append(column)
    return columns


@dataclass(slots=True)
class _Writer:
    """The text as far as it is written, and what is known of its parts."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    pages: list[int] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    tables: list[list[Row]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    confidences: list[Confidence] = field(default_factory=list)

    def turn(self, page: Page) -> None:
        """Begin a page."""
        self.pages.append(self.length)
        self.notes.extend(Note(self.length, message) for message in page.notes)

    def line(self, line: Line, kind: ResidueKind | None, joint: str | None) -> None:
        """Write a line; `kind` cuts it out, `joint` ties it to the next."""
        start, end = self._write(line.text, line.score)
        if joint is not None:
            _, end = self._write(joint)
        self._write("\n")
        if kind:
            self.cuts.append(Cut(start, self.length, kind))
        elif joint is not None:
            self.cuts.append(Cut(end, self.length, ResidueKind.LINE_BREAK))

    def table(self, portion: Portion) -> None:
        """Write the rows that a page has of a table; a repeated header is cut out."""
        if not portion.goes_on:
            self.tables.append([])
        for number, cells in enumerate(portion.rows):
            row = self._row(cells)
            if number < portion.repeated:
                self.cuts.append(Cut(row.start, self.length, ResidueKind.RUNNING_HEAD))
            else:
                self.tables[-1].append(row)

    def source(self) -> Source:
        """All that was written."""
        return Source(
            text="".join(self.pieces),
            pages=tuple(self.pages),
            cuts=tuple(self.cuts),
            tables=tuple(Table(tuple(rows)) for rows in self.tables if rows),
            notes=tuple(self.notes),
            confidences=tuple(self.confidences),
        )

    def _row(self, cells: Cells) -> Row:
        spans: list[tuple[int, int]] = []
        for cell in cells:
            if spans:
                self._write("\t")
            spans.append(self._write(_cell_text(cell), cell.score))
        self._write("\n")
        return Row(spans[0][0], self.length - 1, tuple(spans))

    def _write(self, text: str, score: float | None = None) -> tuple[int, int]:
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        if score is not None and text:
            self.confidences.append(Confidence(start, self.length, score))
        return start, self.length


def _cell_text(cell: Cell) -> str:
    """The lines of a cell as one, without what would part it."""
    first, *rest = cell.text.replace("\t", " ").split("\n")
    for line in rest:
        first += glue(first, line) + line
    return first
