"""Where clauses open: lines with a printed number, headings, attachments, rows of task tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain import ClauseKind
from ingest.document import Document, Row
from ingest.nesting import HEADING, Level
from ingest.numbering import STYLES, Marker, bare, find_marker, markdown_heading, plain
from ingest.tables import TaskTable, task_table
from numerals import CHINESE_DIGITS, to_int

PREAMBLE, ATTACHMENT, ROW, CLOSING, AFTER = "preamble", "attachment", "row", "closing", "after"
HEADING_LENGTH = 40  # characters; a longer line without a number is a paragraph
LIST_LINES = 12  # a list of attachments stands so close to the signature, or to the end
SIGNATURES = 6  # lines above a date that may name who signs
_ENDS = tuple("。!！?？;；:：)）”】〕")
_SENTENCE_MARKS = "。!！?？;；,，:："
_DATED = re.compile(r"\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?$|\d+号$|^\W*[\d.]+\W*$")  # no heading
_DATE_LINE = re.compile(
    rf"^[{CHINESE_DIGITS}\d ]{{4,9}}年[{CHINESE_DIGITS}\d ]{{1,4}}月[{CHINESE_DIGITS}\d ]{{1,5}}日$"
)
_ARTICLE = next(style for style in STYLES if style.name == "article")
_BARE_ARTICLE = re.compile(  # 第三条本条例所称…: the blank is lost, the numbers go on
    rf"[ \t\u3000]*(第([{CHINESE_DIGITS}]{{1,6}}|\d{{1,4}})条)(?![之的款项第、和至及与或，,]|规定)"
)
_TASK = next(style for style in STYLES if style.name == "task")
_BARE_DECIMAL = re.compile(r"[ \t\u3000]*(\d{1,2})[ \u3000\xa0]+(?=[\u4e00-\u9fa5])")
_ALONE = re.compile(r"\s*(\d{1,3})\s*$")
_LOST = "\ufffd"  # what a converter writes for a character that it cannot read
_GOES_ON = re.compile(r"[。；;：:！？][ \t\u3000]*")
_FREQUENT = frozenset({"task", "sub", "half", "circled"})  # figures look like these too
_INLINE = frozenset({"part", "measure", "task", "sub", "circled"})


@dataclass(frozen=True, slots=True)
class Opening:
    """A place at which a clause opens.

    `style` names its number style, or `preamble`, `heading`, `row`, `closing`, `after`. `label` is
    the heading as later clauses' sections print it, `words` what follows the number on its line.
    """

    start: int
    style: str
    kind: ClauseKind = ClauseKind.PREAMBLE
    number: str = ""
    value: int | None = None
    label: str = ""
    words: str = ""
    depth: int = 0

    @property
    def level(self) -> Level:
        """Its level in the outline."""
        return Level(self.style, self.depth)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


def find_openings(document: Document) -> list[Opening]:
    """The openings of a document in order."""
    tables = [(table, task_table(table, document.text)) for table in document.tables]
    lines = _lines(document)
    found = _Reader(lines, {h.start: h.level for h in document.headings}).openings()
    for table, tasks in tables:
        if tasks:
            found += _rows(tasks, document.text)
        if document.text[table.end :].strip():
            found += _after(table.end, document.text, lines) if tasks else []
    return _even_depths(_without_title(sorted(found, key=lambda opening: opening.start)))


def is_heading_line(words: str) -> bool:
    """Whether a line's words may be a heading: short, and no sentence."""
    return 0 < len(words) <= HEADING_LENGTH and not any(mark in words for mark in _SENTENCE_MARKS)


def _lines(document: Document) -> list[_Line]:
    """The lines outside of tables that are not blank."""
    spans = [(table.start, table.end) for table in document.tables]
    starts = [start for start, _ in spans]
    lines, offset = [], 0
    for text in document.text.splitlines(keepends=True):
        place = bisect_right(starts, offset + len(text) - len(text.lstrip())) - 1
        if text.strip() and (place < 0 or offset >= spans[place][1]):
            lines.append(_Line(offset, text))
        offset += len(text)
    return lines


class _Reader:
    """Reads the lines of one document, remembering what the next decision needs."""

    def __init__(self, lines: Sequence[_Line], headings: dict[int, int]) -> None:
        self._lines = lines
        self._headings = headings
        self._markers = [find_marker(line.text) for line in lines]
        self._decimals = {m.number for m in self._markers if m and m.style.name == "decimal2"}
        self._article = 0
        self._listed_until = -1
        self._taken = -1  # a line that gives the words of the number above it

    def openings(self) -> list[Opening]:
        found: list[Opening] = []
        for place, line in enumerate(self._lines):
            if place <= self._listed_until or place == self._taken:
                continue
            marker = self._markers[place] or self._unmarked(place)
            if marker:
                found += self._numbered(place, line, marker)
            elif not self._closing(place, found):
                found += self._heading(place, line)
        return _plausible(found)

    def _numbered(self, place: int, line: _Line, marker: Marker) -> list[Opening]:
        if marker.style.name == "article":
            self._article = marker.value
        if marker.style.name == ATTACHMENT and self._is_list(place, marker):
            self._listed_until = self._list_end(place)
        depth = marker.depth or self._headings.get(line.start, 0)
        words = plain(line.text[marker.end :])
        if not words and place + 1 < len(self._lines) and not self._markers[place + 1]:
            words = plain(self._lines[place + 1].text).lstrip(_LOST)
            self._taken = place + 1 if is_heading_line(words) or marker.number.isdigit() else -1
        if self._listed_until >= place:
            return [Opening(line.start, AFTER, ClauseKind.ATTACHMENT, label=words, words=words)]
        found = [_opening(line, marker, depth, words)]
        return [*found, *_run_in(line, marker)]

    def _unmarked(self, place: int) -> Marker | None:
        """A number that only its surroundings show to be one."""
        return self._bare_article(place) or self._bare_decimal(place) or self._lost_dot(place)

    def _bare_decimal(self, place: int) -> Marker | None:
        """1 总则, where there is a 1.1."""
        match = _BARE_DECIMAL.match(self._lines[place].text)
        if match and f"{match[1]}.1" in self._decimals:
            value = int(match[1])
            return Marker(_TASK, match[1], value, match.start(1), match.end(), 0)
        return None

    def _bare_article(self, place: int) -> Marker | None:
        match = _BARE_ARTICLE.match(self._lines[place].text)
        value = to_int(match[2]) if match else None
        if match and value == self._article + 1 and self._finished(place):
            return Marker(_ARTICLE, match[1], value, match.start(1), match.end(), 0)
        return None

    def _lost_dot(self, place: int) -> Marker | None:
        """A number alone, and a sign that could not be read before its words on the next line."""
        match = _ALONE.match(self._lines[place].text)
        following = self._lines[place + 1].text.strip() if place + 1 < len(self._lines) else ""
        if match and following.startswith(_LOST):
            value = int(match[1])
            return Marker(_TASK, match[1], value, match.start(1), match.end(1), 0)
        return None

    def _is_list(self, place: int, marker: Marker) -> bool:
        """附件：1.… names attachments that follow elsewhere; 附件1 alone is the head of one."""
        line = self._lines[place].text
        if (
            marker.depth
            or not plain(line[marker.end :])
            or line[marker.end - 1] not in ":：.．、 \u3000"
        ):
            return False
        near = self._lines[place + 1 : place + 1 + LIST_LINES]
        heads = [m is not None and m.style.name == ATTACHMENT and plain(near[i].text) == m.number
                 for i, m in enumerate(self._markers[place + 1 : place + 1 + LIST_LINES])]  # fmt: skip
        dated = any(_DATE_LINE.match(plain(other.text)) for other in near)
        return dated or any(heads) or place + 1 + LIST_LINES >= len(self._lines)

    def _list_end(self, place: int) -> int:
        """The last line of a list of attachments."""
        last = place
        for following in range(place + 1, len(self._lines)):
            marker = self._markers[following]
            words = plain(self._lines[following].text)
            if (
                not marker
                or marker.style.name not in (ATTACHMENT, "task")
                or words == marker.number
            ):
                break
            last = following
        return last

    def _closing(self, place: int, found: list[Opening]) -> bool:
        """A date on a line of its own with who signs above it closes a document."""
        if not found or not _DATE_LINE.match(bare(self._lines[place].text)):
            return False
        first = place
        while first and place - first < SIGNATURES and self._signs(first - 1, found[-1].start):
            first -= 1
        if first == place:
            return False
        start = self._lines[first].start
        while found and found[-1].start >= start:
            found.pop()
        words = bare(self._lines[first].text)
        found.append(Opening(start, CLOSING, ClauseKind.PARAGRAPH, label=words, words=words))
        return True

    def _signs(self, place: int, after: int) -> bool:
        words = bare(self._lines[place].text)
        opened = self._lines[place].start <= after and self._markers[place] is not None
        return is_heading_line(words) and not opened and not self._markers[place]

    def _heading(self, place: int, line: _Line) -> list[Opening]:
        following = self._lines[place + 1] if place + 1 < len(self._lines) else None
        if following is None:
            return []
        heading = markdown_heading(line.text)
        depth = heading[0] if heading else self._headings.get(line.start, 0)
        words = heading[1] if heading else bare(line.text)
        if depth and words:
            return [
                Opening(
                    line.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words, depth=depth
                )
            ]
        marked = self._markers[place + 1] is not None
        if marked and is_heading_line(words) and not _DATED.search(words) and self._finished(place):
            return [Opening(line.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words)]
        return []

    def _finished(self, place: int) -> bool:
        """Whether the text before a line has come to an end, so that the line is no part of it."""
        if not place:
            return True
        before = self._lines[place - 1]
        gap = before.start + len(before.text) < self._lines[place].start  # blank lines between
        ended = before.text.strip().endswith(_ENDS) or is_heading_line(bare(before.text))
        return gap or ended


def _opening(line: _Line, marker: Marker, depth: int, words: str) -> Opening:
    label = plain(line.text[marker.start :])
    if words not in label:  # they stand on the next line
        gap = " " if marker.style.name == ATTACHMENT else ""
        label = f"{label.rstrip(':：')}{gap}{words}"
    return Opening(
        line.start,
        marker.style.name,
        marker.style.kind,
        marker.number,
        marker.value,
        label,
        words,
        depth,
    )


def _run_in(line: _Line, marker: Marker) -> Iterator[Opening]:
    """Further items on the line: 一、(一)甲, and 1.甲。2.乙。3.丙。, whose numbers go on."""
    inner = find_marker(line.text, marker.end)
    if inner and inner.style is not marker.style and inner.start == marker.end and not inner.depth:
        part = _Line(line.start + marker.end, line.text[marker.end :])
        moved = replace(inner, start=0, end=inner.end - marker.end)
        yield _opening(part, moved, 0, plain(part.text[moved.end :]))
        yield from _run_in(part, moved)
        return
    if marker.style.name not in _INLINE:
        return
    for stop in _GOES_ON.finditer(line.text, marker.end):
        other = find_marker(line.text, stop.end())
        if (
            other
            and other.style is marker.style
            and other.value == marker.value + 1
            and not other.depth
        ):
            part = _Line(line.start + stop.end(), line.text[stop.end() :])
            moved = replace(other, start=0, end=other.end - stop.end())
            yield _opening(part, moved, 0, plain(part.text[moved.end :]))
            yield from _run_in(part, moved)
            return


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


def scopes(openings: Sequence[Opening]) -> Iterator[list[Opening]]:
    """The document and each of its attachments, which have numbers of their own."""
    scope: list[Opening] = []
    for opening in openings:
        if opening.style == ATTACHMENT and scope:
            yield scope
            scope = []
        scope.append(opening)
    if scope:
        yield scope


def _above_decimals(opening: Opening, decimals: set[str]) -> Opening:
    """The 1 or 1. above 1.1 is of a level with it."""
    if opening.style != "task" or not {f"{opening.number}{dot}1" for dot in ".．"} & decimals:
        return opening
    return replace(opening, style="decimal1", kind=ClauseKind.PARAGRAPH)


def _stands(opening: Opening, values: set[int], decimals: set[str]) -> bool:
    if opening.style.startswith("decimal"):
        return _begun(opening, decimals)
    if opening.style not in _FREQUENT or opening.value is None or opening.value < 2:
        return True
    return 1 in values or bool(values & _near(opening.value))


def _near(value: int) -> set[int]:
    return {value - 2, value - 1, value + 1, value + 2}


def _begun(opening: Opening, decimals: set[str]) -> bool:
    """A decimal number belongs to a series that begins with 1: 3.5 where there is a 3.1."""
    parent = re.split(r"[.．]\d+$", opening.number)[0]
    return any(f"{parent}{dot}1" in decimals for dot in ".．")


def _rows(table: TaskTable, text: str) -> Iterator[Opening]:
    for row in table.rows:
        cells = [text[start:end].strip() for start, end in row.cells]
        filled = [cell for cell in cells if cell]
        if len(set(filled)) == 1 and len(cells) > 2:  # a line over all columns
            yield _band(row, filled[0])
        elif filled and cells[table.task]:
            number = cells[table.number].rstrip(".．、") if table.number is not None else ""
            words = re.sub(r"\*\*|__", "", cells[table.task])
            yield Opening(
                row.start, ROW, ClauseKind.TABLE_ROW, number, to_int(number), words, words
            )


def _band(row: Row, words: str) -> Opening:
    marker = find_marker(words)
    if marker:
        return _opening(_Line(row.start, words), marker, 0, plain(words[marker.end :]))
    return Opening(row.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words)


def _after(end: int, text: str, lines: Sequence[_Line]) -> list[Opening]:
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
