"""A file as read: its text in reading order, and what the format knows of each part of it.

A reader (`ingest/formats/`) gives a `Source`, which holds every character that it read.
`settle` takes out what is no part of the document, such as page numbers, and keeps it as named
residue: the text and the residue, laid back at its places, are the source again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class ResidueKind(StrEnum):
    """What a part of a file is that belongs to no clause."""

    FRONT_MATTER = "front_matter"  # the card at the head of a text file
    NAVIGATION = "navigation"  # menus, share buttons, site footers of a web page
    PAGE_NUMBER = "page_number"  # — 3 —
    RUNNING_HEAD = "running_head"  # a line that every page repeats
    CONTENTS = "contents"  # a printed table of contents
    LINE_BREAK = "line_break"  # where a sentence runs on, on the next line or page


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters `[start, end)` of a source that belong to no clause."""

    start: int
    end: int
    kind: ResidueKind


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its span, without the line end, and the spans of its cells in order.

    Cells stand in the text with a tab between them; an empty one has a span of no characters.
    """

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the text: rows on consecutive lines, all with the same number of cells.

    A cell that spans rows is printed in each of them; one that spans columns in the first, and
    the others are empty. A line end inside a cell is left out.
    """

    rows: tuple[Row, ...]

    @property
    def start(self) -> int:
        """Where its first row begins."""
        return self.rows[0].start

    @property
    def end(self) -> int:
        """Where its last row ends, before the line end."""
        return self.rows[-1].end


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the format itself calls a heading; `level` counts from 1, `start` is its line's."""

    start: int
    level: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should look at, such as a picture that was not read."""

    at: int
    message: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure character recognition was of `[start, end)`: `score` lies between 0 and 1."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader gives. `text` has `\\n` line ends; every place counts its characters.

    `pages` holds the offset at which each page begins, first page first; it is empty for a format
    without pages. `card` is what the file says of itself outside the text, by the keys of
    `ingest.card.metadata` (`title`, `doc_no`, `issuer`, `published` …), values as printed.
    """

    text: str
    pages: tuple[int, ...] = ()
    cuts: tuple[Cut, ...] = ()
    tables: tuple[Table, ...] = ()
    headings: tuple[Heading, ...] = ()
    notes: tuple[Note, ...] = ()
    confidences: tuple[Confidence, ...] = ()
    card: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Residue:
    """Characters of the source that stand in no clause; `at` is their place in the text."""

    at: int
    text: str
    kind: ResidueKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file: line and column of its page, or of the whole file where
    `page` is None; all count from 1."""

    line: int
    column: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A source without its residue: every place counts the characters of `text`."""

    source: Source
    text: str
    residue: tuple[Residue, ...]
    pages: tuple[int, ...]
    tables: tuple[Table, ...]
    headings: tuple[Heading, ...]
    notes: tuple[Note, ...]
    confidences: tuple[Confidence, ...]
    cuts: tuple[Cut, ...]

    def page(self, at: int) -> int | None:
        """The page on which a character stands, from 1; None for a format without pages."""
        return bisect_right(self.pages, at) or None

    def origin(self, at: int) -> int:
        """The place in the source of a character of the text."""
        return _Shift(self.cuts).back(at)

    def place(self, at: int) -> Place:
        """Where a character of the text stands in the file."""
        origin = self.origin(at)
        page = bisect_right(self.source.pages, origin) or None
        top = self.source.pages[page - 1] if page else 0
        line_start = max(self.source.text.rfind("\n", 0, origin) + 1, top)
        return Place(self.source.text.count("\n", top, origin) + 1, origin - line_start + 1, page)


def settle(source: Source) -> Document:
    """Take the residue out of a source; cuts that touch or overlap count once, the first kind."""
    cuts = tuple(_disjoint(source.cuts))
    shift = _Shift(cuts)
    text = source.text
    if cuts:
        kept = _gaps(cuts, len(text))
        text = "".join(source.text[start:end] for start, end in kept)
    return Document(
        source=source,
        text=text,
        residue=tuple(
            Residue(shift.to(cut.start), source.text[cut.start : cut.end], cut.kind) for cut in cuts
        ),
        pages=tuple(shift.to(at) for at in source.pages),
        tables=tuple(_moved(table, shift) for table in _outside(source.tables, cuts)),
        headings=tuple(
            replace(heading, start=shift.to(heading.start)) for heading in source.headings
        ),
        notes=tuple(replace(note, at=shift.to(note.at)) for note in source.notes),
        confidences=tuple(
            replace(one, start=shift.to(one.start), end=shift.to(one.end))
            for one in source.confidences
        ),
        cuts=cuts,
    )


def restore(text: str, residue: Iterable[Residue]) -> str:
    """The source's text: the residue laid back at its places."""
    pieces, done = [], 0
    for piece in residue:
        pieces += [text[done : piece.at], piece.text]
        done = piece.at
    return "".join([*pieces, text[done:]])


class _Shift:
    """Offsets of a source to offsets of its text, and back."""

    def __init__(self, cuts: Sequence[Cut]) -> None:
        self._starts = [cut.start for cut in cuts]
        self._cuts = cuts
        self._before = [0]
        for cut in cuts:
            self._before.append(self._before[-1] + cut.end - cut.start)
        self._at = [cut.start - gone for cut, gone in zip(cuts, self._before, strict=False)]

    def to(self, offset: int) -> int:
        """An offset that was cut out falls to where the cut was."""
        count = bisect_right(self._starts, offset)
        if not count:
            return offset
        cut = self._cuts[count - 1]
        return (
            offset - self._before[count]
            if offset >= cut.end
            else cut.start - self._before[count - 1]
        )

    def back(self, offset: int) -> int:
        """The source offset of a character of the text."""
        return offset + self._before[bisect_right(self._at, offset)]


def _disjoint(cuts: Iterable[Cut]) -> Iterator[Cut]:
    end = 0
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        start = max(cut.start, end)
        if start < cut.end:
            yield replace(cut, start=start)
            end = cut.end


def _gaps(cuts: Sequence[Cut], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in cuts:
        yield start, cut.start
        start = cut.end
    yield start, length


def _outside(tables: Iterable[Table], cuts: Sequence[Cut]) -> Iterator[Table]:
    """The tables that stay: a table of the navigation goes with it."""
    starts = [cut.start for cut in cuts]
    for table in tables:
        before = bisect_right(starts, table.start)
        if not before or cuts[before - 1].end <= table.start:
            yield table


def _moved(table: Table, shift: _Shift) -> Table:
    return Table(
        tuple(
            Row(
                shift.to(row.start),
                shift.to(row.end),
                tuple((shift.to(start), shift.to(end)) for start, end in row.cells),
            )
            for row in table.rows
        )
    )
