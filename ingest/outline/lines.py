"""The lines of a document that are not blank and stand in no table."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ingest.document import Document


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, with its line end."""

    start: int
    text: str


def lines_of(document: Document) -> list[Line]:
    """The lines outside of tables that are not blank."""
    spans = [(table.start, table.end) for table in document.tables]
    starts = [start for start, _ in spans]
    lines, offset = [], 0
    for text in document.text.splitlines(keepends=True):
        place = bisect_right(starts, offset + len(text) - len(text.lstrip())) - 1
        if text.strip() and (place < 0 or offset >= spans[place][1]):
            lines.append(Line(offset, text))
        offset += len(text)
    return lines
