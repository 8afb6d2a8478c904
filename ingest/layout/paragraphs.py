"""Which printed lines run on in the next one, by where they begin and end.

Official documents indent a paragraph by two characters and fill its lines to the right edge
(GB/T 9704-2012, 7.3); other layouts set paragraphs apart by a gap. The lines that leave room for
what comes next, and so certainly end a paragraph, tell which habit a document has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.layout.edges import Column, Edges, Placed, edges
from ingest.layout.linebreaks import is_ended, item_style, leaves_room
from ingest.layout.printed import Line

_ALIKE, _ALIKE_SCANNED = 1.07, 1.35  # ratio of two sizes that count as one
_INDENT = 0.7  # characters beyond the left edge: a line that begins there is indented
_FIRST_LINE = (1.2, 3.2)  # characters, the indent of a first line
_SHORT = 4.0  # characters left over: such a line certainly ends a paragraph
_TALL = 1.6  # times the usual distance of lines
_SPACED = 1.15  # times the distance within paragraphs: then gaps part them
_HABIT = 0.6  # share of the lines that makes a habit
_ASIDE_LEAD = 6.0  # characters: what begins further in is no paragraph's first line
_HAIR = 0.12  # characters by which full lines of justified text may differ
_ALWAYS = 0.85  # share of the lines that leaves no doubt
_ASIDE = 1.5  # characters that a centred line leaves on both sides
_TITLE_SIZE = 1.15  # times the usual size
_BROKEN = 0.55  # share of the width that a title fills before it is broken
_TITLE_END = re.compile(
    r"(?:通知|意见|办法|规定|决定|条例|方案|细则|批复|函|报告|纪要|公告|通告|公报|令|文件|要点|清单|制度|准则)$"
)
_NEW_LINE = re.compile(
    r"第[\d〇零一二三四五六七八九十百]+号|[（(]?\d{4}年\d{1,2}月|[（(〔]?[二一][〇○零\d一二三四五六七八九]{3}年"
    r"|[^\s（(]{1,8}[〔\[［]\d{4}[〕\]］]|[（(].*(?:通过|公布|发布|修订|印发|第.+号)"
)
_CARRIES_ON = re.compile(r"[的和与及、，]")
_BREAKS_OFF = re.compile(r"(?:关于|印发|转发|批转|发布|公布|[的和与及、，《（])$")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document sets its paragraphs.

    `indented`: first lines begin further in. `justified`: full lines end at one place to a hair.
    `distance`: of two lines, in character sizes, from which on they are of two paragraphs.
    `flush`: styles of item numbers that stand at the edge. `size`: that of most characters.
    """

    indented: bool
    justified: bool
    distance: float
    flush: frozenset[str]
    size: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two lines that follow each other, with the edges of their columns."""

    line: Line
    following: Line
    edges: Edges
    beside: Edges
    same_column: bool

    @property
    def em(self) -> float:
        return max(self.line.size, self.following.size)

    @property
    def lead(self) -> float:
        """By how many characters the first line is indented."""
        return (self.line.x0 - self.edges.left) / self.line.size

    @property
    def indent(self) -> float:
        """By how many characters the second line is indented."""
        return (self.following.x0 - self.beside.left) / self.following.size

    @property
    def distance(self) -> float:
        """From one line to the next, in character sizes."""
        return (self.following.bottom - self.line.bottom) / self.em

    @property
    def is_full(self) -> bool:
        """Whether the first line ends only because the next one's characters did not fit."""
        return not leaves_room(self.line, self.following, self.edges.right)

    @property
    def is_short(self) -> bool:
        """Whether the first line certainly ends a paragraph."""
        return self.line.x1 < self.edges.right - _SHORT * self.em and not self.is_full

    @property
    def is_flush(self) -> bool:
        """Whether the first line ends where full lines do, to a hair."""
        return abs(self.line.x1 - self.edges.flush) < _HAIR * self.em

    @property
    def is_alike(self) -> bool:
        """Whether both are set in one size."""
        sizes = sorted((self.line.size, self.following.size))
        return sizes[1] <= sizes[0] * (_ALIKE if self.line.score is None else _ALIKE_SCANNED)


def run_on(lines: Sequence[Placed | None]) -> list[bool]:
    """For each line, whether it and the next are one; None stands for what no line runs across."""
    placed = [one for one in lines if one is not None]
    sizes = Counter(round(one.line.size, 1) for one in placed for _ in one.line.text)
    size = max(sizes, key=lambda size: sizes[size], default=1.0)
    columns = edges(placed, size)
    pairs = list(_pairs(lines, columns))
    habits = _habits([pair for pair in pairs if pair], size)
    return [pair is not None and _is_one(pair, habits) for pair in pairs]


def _pairs(
    lines: Sequence[Placed | None], columns: Mapping[Column, Edges]
) -> Iterator[_Pair | None]:
    for one, other in zip(lines, [*lines[1:], None], strict=False):
        if one is None or other is None:
            yield None
            continue
        same = one.column == other.column
        yield _Pair(one.line, other.line, columns[one.column], columns[other.column], same)


def _habits(pairs: Sequence[_Pair], size: float) -> Habits:
    alike = [pair for pair in pairs if pair.is_alike and pair.same_column]
    starts = [
        pair for pair in alike if pair.is_short and not _is_centred(pair.following, pair.beside)
    ]
    inside = [
        pair
        for pair in alike
        if pair.is_full and pair.indent < _INDENT and not is_ended(pair.line.text)
    ]
    indented = sum(_FIRST_LINE[0] <= pair.indent <= _FIRST_LINE[1] for pair in starts)
    firsts = sum(_FIRST_LINE[0] <= pair.lead <= _FIRST_LINE[1] for pair in inside)
    return Habits(
        indented=indented > _HABIT * len(starts) if starts else firsts > 0,
        justified=sum(pair.is_flush for pair in inside) > _ALWAYS * len(inside),
        distance=_distance(starts, inside),
        flush=frozenset(
            style
            for pair in starts
            if pair.indent < _INDENT and (style := item_style(pair.following.text))
        ),
        size=size,
    )


def _distance(starts: Sequence[_Pair], inside: Sequence[_Pair]) -> float:
    """From which distance on two lines are of two paragraphs."""
    within = median(pair.distance for pair in inside) if inside else 2.0
    between = median(pair.distance for pair in starts) if starts else within
    if len(inside) > 1 and len(starts) > 1 and between > _SPACED * within:
        return (within + between) / 2
    return _TALL * within


def _is_one(pair: _Pair, habits: Habits) -> bool:
    if not pair.is_alike or (pair.same_column and pair.distance > habits.distance):
        return False
    large = pair.is_full and pair.line.size > _TITLE_SIZE * habits.size
    if (large or _is_centred(pair.line, pair.edges)) and _is_centred(pair.following, pair.beside):
        return pair.same_column and _is_title(pair)
    if not pair.is_full:
        return False
    if pair.lead > _ASIDE_LEAD and abs(pair.indent - pair.lead) > 1:  # a date, set to the right
        return False
    if pair.indent > _INDENT:
        return _is_hanging(pair, habits)
    ended = is_ended(pair.line.text) or pair.line.text.endswith(("）", ")"))
    if ended and item_style(pair.following.text) in habits.flush:
        return False
    return not ended or habits.indented or pair.is_flush or not habits.justified


def _is_hanging(pair: _Pair, habits: Habits) -> bool:
    """Whether an indented line goes on with one that is indented alike, or with its item."""
    if item_style(pair.following.text) or pair.line.x1 - pair.line.x0 < pair.edges.width / 2:
        return False
    alike = abs(pair.indent - pair.lead) < _INDENT / 2
    first_line = _FIRST_LINE[0] <= pair.indent <= _FIRST_LINE[1]
    if habits.indented and first_line:
        return False
    return alike or (not habits.indented and item_style(pair.line.text) is not None)


def _is_centred(line: Line, column: Edges) -> bool:
    aside = _ASIDE * line.size
    return (
        line.x0 > column.left + aside
        and line.x1 < column.right - aside
        and abs(line.x0 + line.x1 - 2 * column.middle) < 2 * line.size
    )


def _is_title(pair: _Pair) -> bool:
    """Whether two centred lines are one title, broken because it is long."""
    line, following = pair.line.text, pair.following.text
    if is_ended(line) or item_style(following) or _NEW_LINE.match(following):
        return False
    if _BREAKS_OFF.search(line) or _CARRIES_ON.match(following):
        return True
    if _TITLE_END.search(line) or item_style(line) == "annex":
        return False
    wide = max(pair.line.x1 - pair.line.x0, pair.following.x1 - pair.following.x0)
    return wide > _BROKEN * pair.edges.width
