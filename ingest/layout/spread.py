"""Tables that go on on the next page: one table, its repeated header known, broken rows whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.layout.linebreaks import glue, is_ended
from ingest.layout.printed import Cell, Line, Page, TableBlock

Where = tuple[int, int]  # number of the page and of the block on it, both from 0
Cells = tuple[Cell, ...]

_HEADER_ROWS = 3  # that a table may repeat on each page
_NEAR = 0.015  # of the table's width: edges so close are one
_MOST_NEW = 4  # columns by which two parts of one table may differ
_CARRIED = re.compile(r"[（(]?(?:续上?表|接上[表页])[^。；，]{0,30}")  # 续表1
_BLANKS = re.compile(r"\s+")
_RUNS_ON = "，、；。：）)》〉」』】”’"  # what no cell begins with


@dataclass(frozen=True, slots=True)
class Portion:
    """The rows of a table on one page. `repeated` of them, at the top, were on the page before;
    `goes_on` says that the table began on an earlier page."""

    rows: tuple[Cells, ...]
    repeated: int = 0
    goes_on: bool = False


def portions(
    pages: Sequence[Page], apart: Collection[Where]
) -> tuple[dict[Where, Portion], set[Where]]:
    """Every table's portion, and the lines such as 续表 between two portions of a table.

    `apart` are the lines that do not count, page numbers and running heads.
    """
    found: dict[Where, Portion] = {}
    notices: set[Where] = set()
    chain: list[tuple[Where, TableBlock]] = []
    between: list[Where] = []
    for where, block in _kept(pages, apart):
        if isinstance(block, Line):
            between.append(where)
            if not _CARRIED.fullmatch(_BLANKS.sub("", block.text)):
                found.update(_chained(chain))
                chain = []
            continue
        if chain and not (chain[-1][0][0] < where[0] and _belong(chain[-1][1], block)):
            found.update(_chained(chain))
            chain = []
        if chain:
            notices.update(between)
        chain.append((where, block))
        between = []
    found.update(_chained(chain))
    return found, notices


def _kept(
    pages: Sequence[Page], apart: Collection[Where]
) -> Iterator[tuple[Where, Line | TableBlock]]:
    for number, page in enumerate(pages):
        for at, block in enumerate(page.blocks):
            if (number, at) not in apart:
                yield (number, at), block


def _belong(table: TableBlock, following: TableBlock) -> bool:
    """Whether two tables have the same columns, as far as their edges tell."""
    if not (table.edges and following.edges):
        return len(table.rows[0]) == len(following.rows[0])
    near = 2 * _NEAR * (table.x1 - table.x0)
    ends = abs(table.x0 - following.x0) < near and abs(table.x1 - following.x1) < near
    both = len(_united([table, following])) - 1
    return ends and both - min(len(table.rows[0]), len(following.rows[0])) <= _MOST_NEW


def _united(tables: Sequence[TableBlock]) -> tuple[float, ...]:
    """All edges of tables of one width, from left to right."""
    edges: list[float] = []
    for edge in sorted(edge for table in tables for edge in table.edges):
        if not edges or edge - edges[-1] > _NEAR * (tables[0].x1 - tables[0].x0):
            edges.append(edge)
    return tuple(edges)


def _chained(chain: Sequence[tuple[Where, TableBlock]]) -> Iterator[tuple[Where, Portion]]:
    """The portions of one table, all with the same columns."""
    if not chain:
        return
    edges = _united([table for _, table in chain]) if all(t.edges for _, t in chain) else ()
    rows = [_on(edges, table) for _, table in chain]
    for place in range(1, len(rows)):
        rows[place - 1], rows[place] = _carried(rows[0], rows[place - 1], rows[place])
    for place, (where, _) in enumerate(chain):
        repeated = _repeated(rows[0], rows[place]) if place else 0
        yield where, Portion(tuple(rows[place]), repeated, place > 0)


def _on(edges: tuple[float, ...], table: TableBlock) -> list[Cells]:
    """The rows of a table with a cell between any two of the edges; new cells are empty."""
    if len(edges) <= len(table.edges) or not edges:
        return list(table.rows)
    places = [min(range(len(edges)), key=lambda at: abs(edges[at] - e)) for e in table.edges[:-1]]
    rows = []
    for cells in table.rows:
        row = [Cell("")] * (len(edges) - 1)
        for place, cell in zip(places, cells, strict=True):
            row[place] = cell
        rows.append(tuple(row))
    return rows


def _repeated(first: Sequence[Cells], rows: Sequence[Cells]) -> int:
    """How many rows at the top of a portion repeat those at the top of the table."""
    count = 0
    for row, other in zip(first[:_HEADER_ROWS], rows, strict=False):
        if [_bare(cell) for cell in row] != [_bare(cell) for cell in other]:
            break
        count += 1
    return count


def _bare(cell: Cell) -> str:
    return _BLANKS.sub("", cell.text)


def _carried(
    first: Sequence[Cells], before: list[Cells], after: list[Cells]
) -> tuple[list[Cells], list[Cells]]:
    """Two portions, with what the last row of one leaves to the first of the next put right.

    A row that the page break parts is put together; a merged cell that goes on is repeated.
    """
    at = _repeated(first, after)
    if at == len(after) or not before:
        return before, after
    last, row = before[-1], after[at]
    if not _is_rest(before, after[at:]):
        return _filled(before, after, at)
    whole = tuple(_whole(cell, rest) for cell, rest in zip(last, row, strict=True))
    kept = [*after[:at], *after[at + 1 :]]
    below = kept[at : at + 1]
    if not any(cell.merged and not cell.text for cells in below for cell in cells):
        return [*before[:-1], whole], kept
    return _filled([*before[:-1], whole], kept, at)


def _filled(before: list[Cells], after: list[Cells], at: int) -> tuple[list[Cells], list[Cells]]:
    """Two portions with the cells at the left that go on over the page break in both.

    Their text is printed on one of the pages only.
    """
    upper, lower = [list(row) for row in before], [list(row) for row in after]
    for place, (above, own) in enumerate(zip(before[-1], after[at], strict=True)):
        if above.text and own.text:
            break
        if above.text:
            for row in lower[at:]:
                if row[place].text or not (row is lower[at] or row[place].merged):
                    break
                row[place] = replace(above, merged=True)
        elif own.text:
            for row in reversed(upper):
                goes_on = row[place].merged
                row[place] = replace(own, merged=goes_on)
                if not goes_on:
                    break
            lower[at][place] = replace(own, merged=True)
    return [tuple(row) for row in upper], [tuple(row) for row in lower]


def _is_rest(before: Sequence[Cells], after: Sequence[Cells]) -> bool:
    """Whether the first row of a page is the rest of the last one before: some of its cells were
    done there, and the others go on in the middle of a sentence or where no cell is merged."""
    pairs = [(cell.text, rest.text) for cell, rest in zip(before[-1], after[0], strict=True)]
    rests = [place for place, (_, rest) in enumerate(pairs) if rest]
    done = [place for place, (text, rest) in enumerate(pairs) if text and not rest]
    if not done or not all(pairs[place][0] for place in rests):
        return False
    if any(pairs[place][1][0] in _RUNS_ON for place in rests):
        return True
    sentences = [place for place in rests if _ends_sentences(before, place)]
    if any(not is_ended(pairs[place][0]) for place in sentences):
        return True
    merged = {p for cells in (*before, *after) for p, cell in enumerate(cells) if cell.merged}
    return not merged.issuperset(done) and (len(rests) == 1 or done[-1] > rests[0])


def _ends_sentences(rows: Sequence[Cells], column: int) -> bool:
    """Whether the cells of a column, but for the first and the last, end as sentences do."""
    texts = [cells[column].text for cells in rows[1:-1] if cells[column].text]
    return sum(map(is_ended, texts)) * 2 > len(texts)


def _whole(cell: Cell, rest: Cell) -> Cell:
    between = glue(cell.text, rest.text) if rest.text else ""
    scores = [score for score in (cell.score, rest.score) if score is not None]
    return replace(cell, text=cell.text + between + rest.text, score=min(scores, default=None))
