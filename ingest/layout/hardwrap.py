"""Lines of plain text that were broken where a printed line was full."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.layout.linebreaks import glue, is_ended, item_style, unit, width

_NARROWEST = 36  # halves of a character: a line of fewer was not broken for its width
_WIDEST = 120  # halves: one of more is no printed line
_ENDING = 6  # characters by which the lines of a list are known
_ALIKE = 3  # lines that may end so
_LEAST = 8  # lines of one width, before a text counts as broken at all
_LEAST_HERE = 4  # such lines around a place
_SPREAD = 4  # halves by which the widths of full lines differ
_AROUND = 40  # lines on both sides that show how wide those between them are
_HALF = 0.5  # share of the lines that break off in a sentence and have one width
_HABIT = 0.6  # share of the lines that makes a habit
_SELDOM = 0.2
_SLACK = 2  # halves that a full line may leave besides the room for what follows
_SURE_SLACK = 12  # the same where no paragraph begins without an indent, or ends without a blank
_SHORT = 8  # halves left over: such a line ends a paragraph
_INDENTED = 2  # blanks in front of a paragraph
_DEEP = 12  # blanks in front of what is set in the middle or to the right
_FIRST_LINE = 4  # halves that an indent takes in print, however it is written
_EMPTY_LINES = 2  # that may stand where a page ended inside a sentence
_CLOSED = "）)》」』】〉"
_BLANKS = re.compile(r"\s+")
_BESIDE_FIGURES = re.compile(r"(?<=[0-9A-Za-z%]) |(?= [0-9A-Za-z])")
_CELLS = re.compile(r"\S(?:\t|[ \u3000]{3,}(?=\S.*[ \u3000]{3,}\S))")  # a row of a table
_MARKED = re.compile(r"#{1,6} |\*\*|[-*+>] |\|")  # the marks of Markdown


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text from `start` to `end`, without its outer blanks.

    `indent` and `tail` count those blanks, `above` the empty lines before it; `parted` says that
    a page number or a running head stands there.
    """

    text: str
    start: int
    end: int
    indent: int
    tail: int
    above: int
    parted: bool

    @property
    def width(self) -> int:
        """Its printed width in halves of a character.

        Blanks inside mostly come from the export; beside a figure they are half as wide.
        """
        lead = max(self.indent, _FIRST_LINE) if self.indent > 1 else 0
        words = _BLANKS.sub("", self.text).replace("**", "")
        return lead + width(words) + len(_BESIDE_FIGURES.findall(self.text)) // 2

    @property
    def is_open(self) -> bool:
        """Whether it is long and surely ends inside a sentence."""
        ended = is_ended(self.text) or self.text[-1] in _CLOSED
        return not ended and not self.is_apart and _NARROWEST <= self.width <= _WIDEST

    @property
    def is_apart(self) -> bool:
        """Whether it is a heading of Markdown or a row of a table."""
        return self.text[0] in "#|" or _CELLS.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a text shows where a paragraph begins: by an indent, or by blanks behind the last."""

    indented: bool
    tailed: bool


def may_be_broken(texts: Iterable[str]) -> bool:
    """Whether a text has so many lines of a printed line's length that end inside a sentence."""
    lengths = range(_NARROWEST // 2, _WIDEST)
    found = (text for text in texts if len(text) in lengths and not is_ended(text))
    return len(list(islice(found, _LEAST))) == _LEAST


def is_broken(lines: Sequence[TextLine | None]) -> bool:
    """Whether many lines of a text are of one width and end inside a sentence."""
    return _limit(_open_widths(lines), _LEAST) is not None


def run_on(lines: Sequence[TextLine | None]) -> list[str | None]:
    """For each line that was broken for its width, what stands between it and the next.

    None for lines that end where they do; a None in `lines` is what no line runs across. A text
    of one paragraph a line has no broken lines.
    """
    limits = _limits(lines)
    habits = _habits(lines, limits)
    joints: list[str | None] = []
    for line, other, limit in zip(lines, [*lines[1:], None], limits, strict=False):
        first = not joints or joints[-1] is None
        one = line and other and limit and _is_one(line, other, limit, habits, first)
        joints.append(_joint(line, other, habits) if line and other and one else None)
    return joints


def _joint(line: TextLine, other: TextLine, habits: _Habits) -> str:
    """A blank where one is written on purpose, or between Latin words."""
    return " " if habits.tailed and line.tail else glue(line.text, other.text)


def _limits(lines: Sequence[TextLine | None]) -> list[int | None]:
    """The width at which the lines around each line are broken; None where they are not."""
    widths = _open_widths(lines)
    overall = _limit(widths, _LEAST)
    limits: list[int | None] = []
    for start in range(0, len(lines), _AROUND):
        around = widths[max(0, start - _AROUND) : start + 2 * _AROUND]
        here = _limit(around, _LEAST_HERE) if overall else None
        limits += [here or overall] * len(lines[start : start + _AROUND])
    return limits


def _open_widths(lines: Sequence[TextLine | None]) -> list[int]:
    """For each line its width if it ends inside a sentence, else 0.

    Two kinds of lines do not count: those that a much longer one follows, which are headings,
    and those that end as the next one of their kind does, which are a list.
    """
    widths = [line.width if line else 0 for line in lines]
    found = [
        own if line and line.is_open and 0 < other <= own + 2 * _SPREAD else 0
        for line, own, other in zip(lines, widths, [*widths[1:], 0], strict=False)
    ]
    endings = Counter(
        line.text[-_ENDING:] for line, own in zip(lines, found, strict=True) if line and own
    )
    return [
        own if line and endings[line.text[-_ENDING:]] <= _ALIKE else 0
        for line, own in zip(lines, found, strict=True)
    ]


def _limit(widths: Sequence[int], least: int) -> int | None:
    """The largest of the widths that most open lines have; None where they differ.

    A first line that lost its indent is as much narrower.
    """
    counts = Counter(width for width in widths if width)
    alike = {top: sum(counts[top - less] for less in range(_SPREAD)) for top in counts}
    top = max(alike, key=lambda top: (alike[top], top), default=0)
    first = sum(counts[top - less] for less in range(_SPREAD, _SPREAD + _FIRST_LINE))
    enough = alike.get(top, 0) + first >= _HALF * counts.total()
    return top if enough and alike.get(top, 0) >= least else None


def _habits(lines: Sequence[TextLine | None], limits: Sequence[int | None]) -> _Habits:
    ends, opens = [], []
    for line, other, limit in zip(lines, lines[1:], limits, strict=False):
        if line and other and limit:
            if line.is_open:
                opens.append(line)
            elif is_ended(line.text) and limit - line.width > _SHORT:
                ends.append((line, other))
    tails = sum(1 for line, _ in ends if line.tail)
    return _Habits(
        indented=sum(other.indent >= _INDENTED for _, other in ends) > _HABIT * len(ends),
        tailed=tails > _HABIT * len(ends)
        and sum(1 for line in opens if line.tail) <= _SELDOM * len(opens),
    )


def _is_one(line: TextLine, other: TextLine, limit: int, habits: _Habits, first: bool) -> bool:
    if line.is_apart or other.is_apart or _MARKED.match(other.text) or other.indent >= _DEEP:
        return False
    if other.indent >= _INDENTED and habits.indented:
        return False
    left = limit - line.width
    if first and line.indent < _INDENTED and not habits.indented:
        left -= _FIRST_LINE  # its indent was lost
    full = left < width(unit(other.text)) + _SLACK
    if line.is_open and (habits.indented or (habits.tailed and not line.tail)):
        near = other.parted or other.above <= _EMPTY_LINES
        return near and abs(left) < _SURE_SLACK
    if not full or left < -_SPREAD or other.width > limit + _SPREAD:
        return False
    if not is_ended(line.text):
        return other.parted or other.above <= _EMPTY_LINES
    if other.above and not other.parted:
        return False
    if habits.tailed or habits.indented:
        return not (habits.tailed and line.tail)
    return item_style(other.text) is None and left < _SLACK
