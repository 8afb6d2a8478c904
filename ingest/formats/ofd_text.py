"""The characters of an OFD text object, each with its place (GB/T 33190-2016, 11)."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.formats.ofd_package import Element, children, numbers
from ingest.formats.ofd_shapes import Matrix
from ingest.layout.glyphs import Glyph, lines, plain
from ingest.layout.printed import Line

PLACEHOLDER = "\u00a4"  # stands for a glyph whose character is not known (11.3)
_LEVEL = 0.06  # radians by which a line may slant
_USUAL_SIZE = 5.6  # millimetres, size three: for an object that tells none
_ASCENT = 0.88  # of the character size, above the baseline
_SAME = 0.2  # of the character size: what stands closer is drawn on the same place
_EVEN = 0.02  # of the character size, between equal steps
_SET = 1.1  # of the character size: characters set wider are spaced out on purpose
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4})")  # \0020
_NARROW = frozenset("iIjlrtf.,;:!'|()[]{}` ")
_BROAD = frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Mark:
    """A character on the page, in points: its origin, and its room along the line.

    `lean` is how far the character itself is turned clockwise and `course` the direction in which
    its line runs, both in radians. Characters with one `run` are drawn together.
    """

    text: str
    x: float
    y: float
    room: float
    size: float
    lean: float
    course: float
    run: int

    @property
    def is_level(self) -> bool:
        """Whether its line runs from left to right."""
        return abs(math.remainder(self.course, math.tau)) < _LEVEL

    def through(self, matrix: Matrix) -> Mark:
        """The mark on a page that was turned."""
        x, y = matrix.point(self.x, self.y)
        turn = math.atan2(matrix.b, matrix.a)
        return replace(self, x=x, y=y, lean=self.lean + turn, course=self.course + turn)


def marks_of(item: Element, matrix: Matrix, run: int) -> Iterator[Mark]:
    """The characters of a text object; `matrix` leads from its space to the page's.

    `run` is a number of its own.
    """
    size = _number(item.get("Size", item.get("size")), 0.0) or _USUAL_SIZE
    tall = size * math.hypot(matrix.c, matrix.d)
    broad = size * math.hypot(matrix.a, matrix.b) * _number(item.get("HScale"), 1.0)
    turned = math.radians(_number(item.get("CharDirection"), 0.0))
    lean = math.atan2(matrix.b, matrix.a) + turned
    x, y = 0.0, size * _ASCENT
    for code in children(item, "TextCode"):
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        text = _decoded("".join(code.itertext()))
        places = [matrix.point(*place) for place in _places(code, item, text, x, y, size)]
        course = _course(places, lean)
        for char, (left, base) in zip(text, places, strict=True):
            if unicodedata.category(char) not in ("Cc", "Cf"):
                yield Mark(plain(char), left, base, width(char) * broad, tall, lean, course, run)


def is_unknown(char: str) -> bool:
    """Whether the file does not tell what a character is: it only holds its shape."""
    return char == PLACEHOLDER or unicodedata.category(char[:1] or " ") in ("Co", "Cn")


def width(char: str) -> float:
    """About how wide a character is, in its size.

    >>> [width(char) for char in "国m5i"]
    [1.0, 0.8, 0.5, 0.3]
    """
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    if char in _BROAD:
        return 0.8
    if char in _NARROW:
        return 0.3
    return 0.65 if char.isupper() else 0.5


def glyphs_of(marks: Sequence[Mark]) -> list[Glyph]:
    """Characters of level lines in their order, each with its room up to the next of its line.

    Where characters follow each other in equal steps, narrow ones among them, no blank is meant.
    """
    marks = _apart(marks)
    rooms = [mark.room for mark in marks]
    ordered = [at for line in _in_lines(marks) for at in line]
    steps = [_step(marks[at], marks[after]) for at, after in pairwise(ordered)]
    around = zip(ordered, [0.0, *steps], steps, [*steps[1:], 0.0], strict=False)
    for at, before, step, after in around:
        size = marks[at].size
        even = min(abs(step - before), abs(step - after)) < _EVEN * size
        if _SAME * size < step and (step < rooms[at] or (even and step < _SET * size)):
            rooms[at] = step
    return [
        Glyph(mark.text, mark.x, mark.x + room, mark.y, mark.size)
        for mark, room in zip(marks, rooms, strict=True)
    ]


def _apart(marks: Sequence[Mark]) -> list[Mark]:
    """The characters with none between those of another run of their line.

    Where a producer guessed widths, runs lie over each other; they are meant one after the other.
    """
    moved = list(marks)
    for line in _in_lines(marks):
        runs: dict[int, list[int]] = defaultdict(list)
        for at in sorted(line):
            runs[marks[at].run].append(at)
        if len(runs) < len(line):
            for tangle in _tangles(marks, list(runs.values())):
                x = min(marks[at].x for at in tangle)
                for at in tangle:
                    moved[at] = replace(marks[at], x=x)
                    x += marks[at].room
    return moved


def _tangles(marks: Sequence[Mark], runs: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The characters, as drawn, of runs that lie over each other and are not all the same."""
    tangle: list[Sequence[int]] = []
    end = -math.inf
    for run in [*sorted(runs, key=lambda run: marks[run[0]].x), None]:
        if run is None or end <= marks[run[0]].x + marks[run[0]].size / 2:
            if any(not _copies(marks, tangle[0], other) for other in tangle):
                yield [at for other in sorted(tangle, key=tuple) for at in other]
            tangle, end = [], -math.inf
        if run is not None:
            tangle.append(run)
            end = max(end, marks[run[-1]].x)


def _copies(marks: Sequence[Mark], run: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two runs are one text in bold or with a shadow: drawn twice, a hair apart."""
    first, second = marks[run[0]], marks[other[0]]
    near = abs(first.x - second.x) < _SAME * first.size
    return near and [marks[at].text for at in run] == [marks[at].text for at in other]


def _in_lines(marks: Sequence[Mark]) -> list[list[int]]:
    """The places of the marks, those of a line together and from left to right."""
    lines: list[list[int]] = []
    for at in sorted(range(len(marks)), key=lambda at: marks[at].y):
        first = marks[lines[-1][0]] if lines else None
        if first is None or marks[at].y - first.y > _SAME * first.size:
            lines.append([])
        lines[-1].append(at)
    return [sorted(line, key=lambda at: marks[at].x) for line in lines]


def _step(mark: Mark, following: Mark) -> float:
    """From a character to the next one of its line; 0 where that is of another line."""
    level = abs(following.y - mark.y) <= _SAME * mark.size
    return max(0.0, following.x - mark.x) if level else 0.0


def asides_of(marks: Iterable[Mark]) -> Iterator[tuple[float, Line]]:
    """The lines that run upward, downward or across the page, each with its course."""
    turned = sorted(marks, key=lambda mark: round(mark.course, 2))
    for course, group in groupby(turned, key=lambda mark: round(mark.course, 2)):
        along, across = math.cos(course), math.sin(course)
        level = glyphs_of([mark.through(Matrix(along, -across, across, along)) for mark in group])
        for line in lines(level, columns=False):
            middle, base = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
            x, y = middle * along - base * across, middle * across + base * along
            long = line.x1 - line.x0
            wide = (long * abs(along) + line.size * abs(across)) / 2
            high = (long * abs(across) + line.size * abs(along)) / 2
            yield course, replace(line, x0=x - wide, top=y - high, x1=x + wide, bottom=y + high)


def _number(text: str | None, otherwise: float) -> float:
    return next(iter(numbers(text)), otherwise)


def _decoded(text: str) -> str:
    """The characters of a text code: what XML cannot hold is escaped in it, as are blanks."""
    if "\n" in text:
        text = "".join(line.strip(" \t\r") for line in text.split("\n"))
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x20 else found[0]


def _places(
    code: Element, item: Element, text: str, x: float, y: float, size: float
) -> Iterator[tuple[float, float]]:
    """Where each character stands in the object's space."""
    across, down = _steps(code.get("DeltaX"), len(text)), _steps(code.get("DeltaY"), len(text))
    if not any(across) and not any(down):
        natural = [width(char) * size for char in text]
        across, down = (natural, []) if item.get("ReadDirection") != "90" else ([], natural)
    for number in range(len(text)):
        yield x, y
        x += across[number] if number < len(across) else 0.0
        y += down[number] if number < len(down) else 0.0


def _steps(text: str | None, count: int) -> list[float]:
    """The offsets between `count` characters: `g 3 2.5` is 2.5 three times; the last goes on.

    >>> _steps("5 g 2 2.5", 5)
    [5.0, 2.5, 2.5, 2.5]
    """
    steps: list[float] = []
    words = iter((text or "").replace(",", " ").split())
    for word in words:
        repeats, value = (next(words, ""), next(words, "")) if word in ("g", "G") else ("1", word)
        times, step = numbers(repeats), numbers(value)
        if not times or not step:
            break
        steps += step * int(min(max(times[0], 0), count))
    missing = count - 1 - len(steps)
    return (steps + steps[-1:] * missing)[: max(count - 1, 0)]


def _course(places: list[tuple[float, float]], lean: float) -> float:
    """In which direction the characters follow each other; a single one stands as it leans."""
    if len(places) > 1:
        (x, y), (end, base) = places[0], places[-1]
        if math.hypot(end - x, base - y) > 0:
            return math.atan2(base - y, end - x)
    return lean
