"""Tables printed in plain text: Markdown's pipe tables, and lines whose cells stand between tabs.

Pipe tables are those of GitHub Flavored Markdown, 4.10: a header, a delimiter row of the same
number of cells, rows. Tabs alone are weak evidence, so a tab table is read only where lines that
follow each other have the same number of tabs and nothing says that they are indents or a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from ingest.document import Row, Table

_BLANK = " \t\u3000\xa0"
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r":?-+:?")
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(  # 一、 （一） 1. 1、 ① 第一条: what stands before the tab of a list
    r"[一二三四五六七八九十百]+、|\d+[.．、)）]|[(（][\d一二三四五六七八九十]+[)）]|[①-⑳•●◆■·*-]"
    r"|第[一二三四五六七八九十百零]+[章节条款]"
)

_Span = tuple[int, int]


def read_tables(text: str) -> tuple[Table, ...]:
    """The tables of a text in order; their rows are lines of it, whole and untouched."""
    if "|" not in text and "\t" not in text:
        return ()
    return tuple(table for block in _blocks(text) for table in _of_block(text, block))


def _blocks(text: str) -> Iterator[list[_Span]]:
    """Lines that follow each other and have a tab or a pipe, as spans without line ends."""
    block: list[_Span] = []
    for line in _LINE.finditer(text):
        marked = "\t" in line[0] or "|" in line[0]
        if block and (not marked or line.start() != block[-1][1] + 1):
            yield block
            block = []
        if marked:
            block.append(line.span())
    if block:
        yield block


def _of_block(text: str, block: Sequence[_Span]) -> Iterator[Table]:
    at = 0
    while at < len(block):
        rows, lines = _piped(text, block, at) or _tabbed(text, block, at)
        if rows:
            yield Table(tuple(rows))
        at += lines


def _piped(text: str, lines: Sequence[_Span], at: int) -> tuple[list[Row], int] | None:
    """The rows of the pipe table that begins at a line, and the lines that it takes; a row that is
    short of cells gets empty ones."""
    head = [_between_pipes(text, *line) for line in lines[at : at + 2]]
    if len(head) < 2 or len(head[0]) != len(head[1]) or len(head[0]) < 2:
        return None
    if not all(_DELIMITER.fullmatch(text[start:end]) for start, end in head[1]):
        return None
    body = takewhile(lambda line: _PIPE.search(text, *line), _onward(lines, at + 2))
    printed = [lines[at], *body]
    cells = [_between_pipes(text, *line) for line in printed]
    width = max(map(len, cells))
    rows = [
        Row(start, end, (*row, *[(end, end)] * (width - len(row))))
        for (start, end), row in zip(printed, cells, strict=True)
    ]
    return rows, len(printed) + 1


def _onward(lines: Sequence[_Span], at: int) -> Iterator[_Span]:
    return (lines[place] for place in range(at, len(lines)))


def _between_pipes(text: str, start: int, end: int) -> list[_Span]:
    first, last = _trimmed(text, start, end)
    bars = [bar.start() for bar in _PIPE.finditer(text, first, last)]
    if not bars:
        return []
    edges = [first - 1, *bars, last]
    if bars[0] == first:
        edges = edges[1:]
    if bars[-1] == last - 1 and len(edges) > 2:
        edges = edges[:-1]
    return [_trimmed(text, left + 1, right) for left, right in pairwise(edges)]


def _tabbed(text: str, lines: Sequence[_Span], at: int) -> tuple[list[Row], int]:
    """The lines from a place on that have the same number of tabs, as rows where they are some."""
    tabs = text.count("\t", *lines[at])
    run = list(
        takewhile(lambda line: text.count("\t", *line) == tabs, _onward(lines, at))
        if tabs
        else [lines[at]]
    )
    if len(run) < (2 if tabs > 1 else 3):
        return [], len(run)
    rows = [Row(start, end, tuple(_between_tabs(text, start, end))) for start, end in run]
    return (rows if _is_table(text, rows) else []), len(run)


def _is_table(text: str, rows: Sequence[Row]) -> bool:
    """Whether lines with tabs are rows: no indents, no list items, no column without a word."""
    cells = [[text[start:end] for start, end in row.cells] for row in rows]
    if not cells[0][0] or _ITEM.fullmatch(cells[0][0]):
        return False
    if len(cells[0]) == 2 and any(not all(row) or _ITEM.fullmatch(row[0]) for row in cells):
        return False
    return sum(map(bool, cells[0])) * 2 > len(cells[0]) and all(map(any, zip(*cells, strict=True)))


def _between_tabs(text: str, start: int, end: int) -> Iterator[_Span]:
    while (tab := text.find("\t", start, end)) >= 0:
        yield _trimmed(text, start, tab)
        start = tab + 1
    yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> _Span:
    while start < end and text[end - 1] in _BLANK:
        end -= 1
    while start < end and text[start] in _BLANK:
        start += 1
    return start, end
