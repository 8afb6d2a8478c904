"""The characters of an OFD text object, each with its place (GB/T 33190-2016, 11)."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.formats.ofd_package import Element, children, numbers
from ingest.formats.ofd_shapes import Matrix
from ingest.glyphs import Glyph, lines, plain
from ingest.printed import Line

PLACEHOLDER = "\u00a4"  # stands for a glyph whose character is not known (11.3)
_LEVEL = 0.06  # radians by which a line may slant
_USUAL_SIZE = 5.6  # millimetres, size three: for an object that tells none
_ASCENT = 0.88  # of the character size, above the baseline
_STEP = 0.2  # of the character size: what stands closer is drawn on the same place
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4})")  # \0020
_NARROW = frozenset("iIjlrtf.,;:!'|()[]{}` ")
_BROAD = frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Mark:
    """A character on the page, in points: its origin, and its room along the line.

    `lean` is how far the character itself is turned clockwise and `course` the direction in which
    its line runs, both in radians.
    """

    text: str
    x: float
    y: float
    room: float
    size: float
    lean: float
    course: float

    @property
    def is_level(self) -> bool:
        """Whether its line runs from left to right."""
        return abs(math.remainder(self.course, math.tau)) < _LEVEL

    def through(self, matrix: Matrix) -> Mark:
        """The mark on a page that was turned."""
        x, y = matrix.point(self.x, self.y)
        turn = math.atan2(matrix.b, matrix.a)
        return replace(self, x=x, y=y, lean=self.lean + turn, course=self.course + turn)


def marks_of(item: Element, matrix: Matrix) -> Iterator[Mark]:
    """The characters of a text object; `matrix` leads from its space to the page's."""
    size = next(iter(numbers(item.get("Size"))), 0.0) or _USUAL_SIZE
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
            if unicodedata.category(char) != "Cc":
                yield Mark(plain(char), left, base, width(char) * broad, tall, lean, course)


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
    """Characters of level lines in their order, none wider than its way to the next of its line."""
    rooms = [mark.room for mark in marks]
    ordered = sorted(range(len(marks)), key=lambda at: (round(marks[at].y, 1), marks[at].x))
    for at, after in pairwise(ordered):
        mark, following = marks[at], marks[after]
        step = following.x - mark.x
        if abs(following.y - mark.y) <= _STEP * mark.size < step:
            rooms[at] = min(rooms[at], step)
    return [
        Glyph(mark.text, mark.x, mark.x + room, mark.y, mark.size)
        for mark, room in zip(marks, rooms, strict=True)
    ]


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
