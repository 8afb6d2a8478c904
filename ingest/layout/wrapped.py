"""Plain text that was exported from printed pages: its page breaks and its broken lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.document import Cut, ResidueKind
from ingest.layout.contents import contents
from ingest.layout.furniture import furniture, is_page_number
from ingest.layout.hardwrap import TextLine, is_broken, may_be_broken, run_on
from ingest.layout.linebreaks import width
from ingest.layout.printed import Line, Page
from numerals import to_int

_PAGE_BREAK = "\f"
_LEAST_NUMBERS = 3  # figures in order that make page numbers
_PAGE = 12  # lines at least from one such figure to the next
_LONE = re.compile(r"[0-9０-９]{1,3}")
_STUCK = re.compile(
    r"[0-9]{1,3}(?=[\u4e00-\u9fff（《“])(?![年月日个项条家万亿])"
)  # 3定。 on a new page
_LINE = re.compile(r"[^\n]*\n|[^\n]+$")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as it stands: from `start` to `end` with its line end, its words from `begin` on.

    `numbered` says that a page number was printed right before its words.
    """

    start: int
    end: int
    begin: int
    words: str
    numbered: bool = False


def cuts(text: str) -> tuple[Cut, ...]:
    """What is no part of the document: page numbers, running heads, contents, line breaks.

    A text that was written with one paragraph a line has at most contents.
    """
    rows = _rows(text)
    broken = may_be_broken(row.words for row in rows) and is_broken(_lines(rows, {}))
    paged = broken or _PAGE_BREAK in text
    apart: dict[int, ResidueKind] = {}
    for at in _numbers(text, rows, paged):
        if _STUCK.match(rows[at].words):
            rows[at] = _without_number(rows[at])
        else:
            apart[at] = ResidueKind.PAGE_NUMBER
    apart |= dict.fromkeys(_heads(text, rows, apart), ResidueKind.RUNNING_HEAD)
    apart |= dict.fromkeys(_contents(rows, apart), ResidueKind.CONTENTS)
    found = [Cut(rows[at].start, rows[at].end, kind) for at, kind in apart.items()]
    found += [Cut(row.start, row.begin, ResidueKind.PAGE_NUMBER) for row in rows if row.numbered]
    found.sort(key=lambda cut: cut.start)
    breaks = _breaks(_lines(rows, apart), found) if broken else ()
    return tuple(sorted([*found, *breaks], key=lambda cut: cut.start))


def _rows(text: str) -> list[_Row]:
    return [
        _Row(line.start(), line.end(), line.end() - len(line[0].lstrip()), line[0].strip())
        if line[0].strip()
        else _Row(line.start(), line.end(), line.end(), "")
        for line in _LINE.finditer(text)
    ]


def _without_number(row: _Row) -> _Row:
    number = _STUCK.match(row.words)
    assert number is not None  # only such rows are given
    return replace(
        row, begin=row.begin + number.end(), words=row.words[number.end() :], numbered=True
    )


def _lines(rows: Sequence[_Row], apart: Mapping[int, ResidueKind]) -> list[TextLine | None]:
    """The lines of the text; contents part it, page numbers and running heads do not."""
    lines: list[TextLine | None] = []
    above, parted = 0, False
    for at, row in enumerate(rows):
        if apart.get(at) is ResidueKind.CONTENTS:
            lines.append(None)
        elif at in apart:
            parted = True
        elif not row.words:
            above += 1
        else:
            end = row.begin + len(row.words)
            indent = 0 if row.numbered else row.begin - row.start
            tail = row.end - end - 1
            lines.append(
                TextLine(row.words, row.begin, end, indent, tail, above, parted or row.numbered)
            )
            above, parted = 0, False
    return lines


def _numbers(text: str, rows: Sequence[_Row], paged: bool) -> Iterator[int]:
    """The rows that are a page number or begin with one."""
    sure = [at for at, row in enumerate(rows) if is_page_number(row.words)]
    if len(sure) > 1 or paged:
        yield from sure
    if not paged:
        return
    lone = [
        (at, value)
        for at, row in enumerate(rows)
        if len(sure) < 2 and _LONE.fullmatch(row.words) and (value := to_int(row.words))
    ]
    stuck = [
        (at, int(found[0]))
        for at, row in enumerate(rows)
        if (found := _STUCK.match(row.words))
        and (not at or not rows[at - 1].words or _PAGE_BREAK in text[row.start : row.begin])
    ]
    yield from _in_order(lone)
    yield from _in_order(stuck)


def _in_order(figures: Sequence[tuple[int, int]]) -> list[int]:
    """The rows with figures that count pages: one more, or two, at least a page further down."""
    chains: dict[int, list[int]] = {}
    for at, value in figures:
        before = [
            chain
            for less in (1, 2)
            if (chain := chains.get(value - less)) and at - chain[-1] >= _PAGE
        ]
        chain = max(before, key=len, default=[])
        if len(chain) + 1 > len(chains.get(value, [])):
            chains[value] = [*chain, at]
    longest = max(chains.values(), key=len, default=[])
    return longest if len(longest) >= _LEAST_NUMBERS else []


def _heads(text: str, rows: Sequence[_Row], apart: Mapping[int, ResidueKind]) -> Iterator[int]:
    """The rows that repeat at the top or the bottom of pages."""
    pages: list[list[int]] = [[]]
    for at, row in enumerate(rows):
        if at in apart or row.numbered or _PAGE_BREAK in text[row.start : row.begin]:
            pages.append([])
        if at not in apart and row.words:
            pages[-1].append(at)
    pages = [page for page in pages if page]
    height = max(map(len, pages), default=0)
    if len(pages) < _LEAST_NUMBERS:
        return
    for (number, place), kind in furniture(
        [_page([rows[at] for at in page], height) for page in pages], spaced=False
    ).items():
        if kind is ResidueKind.RUNNING_HEAD:
            yield pages[number][place]


def _page(rows: Sequence[_Row], height: int) -> Page:
    """Rows as lines on a page: the upper half counted from the top, the lower from the bottom."""
    lines = []
    for place, row in enumerate(rows):
        top = place if place < len(rows) / 2 else height - len(rows) + place
        left = row.begin - row.start
        lines.append(Line(row.words, left, top, left + width(row.words), top + 1, 1))
    return Page(1, height, tuple(lines))


def _contents(rows: Sequence[_Row], apart: Collection[int]) -> list[int]:
    kept = [at for at in range(len(rows)) if at not in apart]
    return [kept[place] for place in sorted(contents([rows[at].words for at in kept]))]


def _breaks(lines: Sequence[TextLine | None], found: Sequence[Cut]) -> Iterator[Cut]:
    """The ends of broken lines with the blanks around them, what is cut there already left out."""
    starts = [cut.start for cut in found]
    for line, other, joint in zip(lines, lines[1:], run_on(lines), strict=False):
        if line is None or other is None or joint is None:
            continue
        start, end = line.end, other.start
        if joint and line.tail:
            start += 1
        elif joint and other.indent:
            end -= 1
        elif joint:
            continue
        for cut in found[bisect_left(starts, start) : bisect_left(starts, end)]:
            if start < cut.start:
                yield Cut(start, cut.start, ResidueKind.LINE_BREAK)
            start = cut.end
        if start < end:
            yield Cut(start, end, ResidueKind.LINE_BREAK)
