"""Where the clauses of a document open, as far as its numbers are plausible, and its task tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain import ClauseKind
from ingest.document import Document, Row
from ingest.outline.item_lines import LineReader
from ingest.outline.lines import Line, lines_of
from ingest.outline.nesting import HEADING
from ingest.outline.numbering import bare, find_marker, plain
from ingest.outline.opening import AFTER, ATTACHMENT, FREQUENT, ROW, Opening, numbered, scopes
from ingest.outline.tables import TaskTable, task_tables
from numerals import to_int


def find_openings(document: Document) -> list[Opening]:
    """The openings of a document in order."""
    lines = lines_of(document)
    reader = LineReader(lines, document.headings, recognised=bool(document.confidences))
    found = _plausible(reader.openings())
    for table, tasks in task_tables(document):
        found += _rows(tasks, document.text)
        found += _after(table.end, document.text, lines)
    return _even_depths(_without_title(sorted(found, key=lambda opening: opening.start)))


def _plausible(found: Sequence[Opening]) -> list[Opening]:
    """Without numbers that stand alone: no 7. opens an item where there is no 1., no 6. and no 8."""
    numbers = {opening.number for opening in found}
    kept: list[Opening] = []
    for scope in scopes(found):
        values: dict[str, set[int]] = {}
        for opening in scope:
            if opening.value is not None:
                values.setdefault(opening.style, set()).add(opening.value)
        kept += [o for o in scope if _stands(o, values.get(o.style, set()), numbers)]
    return [_above_decimals(opening, numbers) for opening in kept]


def _above_decimals(opening: Opening, decimals: set[str]) -> Opening:
    """The 1 or 1. above 1.1 is of a level with it."""
    if opening.style != "task" or not {f"{opening.number}{dot}1" for dot in ".．"} & decimals:
        return opening
    return replace(opening, style="decimal1", kind=ClauseKind.PARAGRAPH)


def _stands(opening: Opening, values: set[int], decimals: set[str]) -> bool:
    if opening.style.startswith("decimal"):
        return _begun(opening, decimals)
    if opening.style not in FREQUENT or opening.value is None or opening.value < 2:
        return True
    return 1 in values or bool(values & _near(opening.value))


def _near(value: int) -> set[int]:
    return {value - 2, value - 1, value + 1, value + 2}


def _begun(opening: Opening, decimals: set[str]) -> bool:
    """A decimal number belongs to a series that begins with 1: 3.5 where there is a 3.1."""
    parent = re.split(r"[.．]\d+$", opening.number)[0]
    return any(f"{parent}{dot}1" in decimals for dot in ".．")


def _rows(table: TaskTable, text: str) -> Iterator[Opening]:
    """Each row of work, and the lines over all columns that part them; remarks below are none."""
    rows = [(row, [text[start:end].strip() for start, end in row.cells]) for row in table.rows]
    work = [
        place for place, (_, cells) in enumerate(rows) if cells[table.task] and not _over(cells)
    ]
    last = work[-1] if work else -1
    for place, (row, cells) in enumerate(rows):
        if place > last:
            words = next(cell for cell in cells if cell)
            yield Opening(row.start, AFTER, ClauseKind.PARAGRAPH, label=words, words=words)
            return
        if _over(cells):
            yield _band(row, next(cell for cell in cells if cell))
        elif cells[table.task]:
            number = cells[table.number].rstrip(".．、") if table.number is not None else ""
            words = re.sub(r"\*\*|__", "", cells[table.task])
            yield Opening(
                row.start, ROW, ClauseKind.TABLE_ROW, number, to_int(number), words, words
            )


def _over(cells: Sequence[str]) -> bool:
    """A line over all columns: one text, in one cell or repeated."""
    return len(cells) > 2 and len({cell for cell in cells if cell}) == 1


def _band(row: Row, words: str) -> Opening:
    marker = find_marker(words)
    if marker:
        return numbered(row.start, words, marker, plain(words[marker.end :]))
    return Opening(row.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words)


def _after(end: int, text: str, lines: Sequence[Line]) -> list[Opening]:
    """What follows a table of tasks is no part of its last row."""
    start = next((line.start for line in lines if line.start >= end), None)
    if start is None or find_marker(text[start:].partition("\n")[0]):
        return []
    words = bare(text[start:].partition("\n")[0])
    return [Opening(start, AFTER, ClauseKind.PARAGRAPH, label=words, words=words)]


def _without_title(openings: list[Opening]) -> list[Opening]:
    """A heading that opens the text, alone of its level and with parts or chapters next, is its title."""
    if len(openings) < 2 or openings[0].style != HEADING or openings[0].depth > 1:
        return openings
    alone = sum(opening.level == openings[0].level for opening in openings) == 1
    after = openings[1]
    parted = after.style in (ATTACHMENT, "book", "chapter", "part") or after.depth > 0
    return openings[1:] if alone and (parted or openings[0].depth == 1) else openings


def _even_depths(openings: list[Opening]) -> list[Opening]:
    """Items of a style that the format marks as headings of one depth only all have that depth."""
    depths: dict[str, set[int]] = {}
    for opening in openings:
        if opening.number and opening.depth:
            depths.setdefault(opening.style, set()).add(opening.depth)
    return [
        replace(opening, depth=next(iter(depths[opening.style])))
        if opening.number and len(depths.get(opening.style, ())) == 1
        else opening
        for opening in openings
    ]
