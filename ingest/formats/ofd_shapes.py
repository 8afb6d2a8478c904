"""Places on an OFD page: matrices, boxes, and the ruling lines that straight shapes draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout.printed import Box
from ingest.layout.ruled import Rule

_THIN = 3.0  # points: a shape that is no thicker is a ruling line
_STRAIGHT = 1.0  # points by which a straight line may slant

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Matrix:
    """x' = a x + c y + e, y' = b x + d y + f (GB/T 33190-2016, 8.5)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> Point:
        """Where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, other: Matrix) -> Matrix:
        """This one, and the other after it."""
        e, f = other.point(self.e, self.f)
        return Matrix(
            other.a * self.a + other.c * self.b,
            other.b * self.a + other.d * self.b,
            other.a * self.c + other.c * self.d,
            other.b * self.c + other.d * self.d,
            e,
            f,
        )

    def scaled(self, factor: float) -> Matrix:
        """This one, and all of it made larger by a factor."""
        return self.then(Matrix(factor, 0, 0, factor))


@dataclass(frozen=True, slots=True)
class Shape:
    """A line of straight pieces on the page, `stroked` or the edge of a filled area."""

    points: tuple[Point, ...]
    stroked: bool


def box_of(points: Iterable[Point]) -> Box:
    """The rectangle around points."""
    known = list(points)
    xs, ys = [x for x, _ in known], [y for _, y in known]
    return Box(min(xs), min(ys), max(xs), max(ys))


def rules_of(shape: Shape) -> Iterator[Rule]:
    """The ruling lines that a shape draws: itself where it is thin, else its stroked edges."""
    if len(shape.points) < 2:
        return
    thin = _rule(box_of(shape.points))
    if thin:
        yield thin
    elif shape.stroked:
        for pair in pairwise(shape.points):
            edge = box_of(pair)
            if min(edge.x1 - edge.x0, edge.bottom - edge.top) <= _STRAIGHT and (
                rule := _rule(edge)
            ):
                yield rule


def _rule(box: Box) -> Rule | None:
    """The line that a thin shape draws; None for any other shape."""
    wide, high = box.x1 - box.x0, box.bottom - box.top
    if min(wide, high) > _THIN or max(wide, high) <= min(wide, high):
        return None
    if high < wide:
        return Rule(False, (box.top + box.bottom) / 2, box.x0, box.x1)
    return Rule(True, (box.x0 + box.x1) / 2, box.top, box.bottom)
