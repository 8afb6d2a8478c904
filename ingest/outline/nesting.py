"""Which printed styles stand above which: learned from how their numbers run in one document.

Official documents nest 一、 (一) 1. (1), but not all do, and a document is read as it was printed:
where 1. restarts after each (一) and (一) goes on after it, (一) is the outer one, whatever is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.outline.numbering import RANKS

HEADING = "heading"  # an unnumbered heading line
_LOOSE = frozenset({"measure", "task", "sub", "half", "circled", HEADING})  # no usual order
_FIXED = frozenset({"book", "chapter", "section", "article"})  # of statutes, in this order
_RESTARTS, _CONTINUES, _FOLLOWS = 4, 2, 1  # what a way of running is worth as evidence
_CONTINUED = -1  # how a run starts that goes on from the one before it


@dataclass(frozen=True, slots=True)
class Level:
    """The level of an item: its style, and the depth of a Markdown or format heading, 0 for none."""

    style: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """An item as the order of levels sees it; a heading has no `value`."""

    level: Level
    value: int | None


class Nesting:
    """The order of the levels of one document, or of one attachment."""

    def __init__(self, steps: Sequence[Step]) -> None:
        firsts: dict[Level, int] = {}
        for place, step in enumerate(steps):
            firsts.setdefault(step.level, place)
        self._outer: set[tuple[Level, Level]] = set()
        for a, b in combinations(firsts, 2):
            if _are_siblings(a, b):
                self._outer |= {(a, b), (b, a)}
            else:
                self._outer.add((a, b) if _is_outer(a, b, steps, firsts) else (b, a))

    def is_outer(self, a: Level, b: Level) -> bool:
        """Whether an item of level `a` closes those of level `b`."""
        return (a, b) in self._outer


def _is_outer(a: Level, b: Level, steps: Sequence[Step], firsts: dict[Level, int]) -> bool:
    if a.depth and b.depth and a.depth != b.depth:
        return a.depth < b.depth
    if _unnumbered(a) != _unnumbered(b):  # a chapter of the format stands above what has none
        return _unnumbered(a)
    if a.style in _FIXED and b.style in _FIXED:
        return _rank(a) < _rank(b)
    strength = {one: _strength(one, other, steps) for one, other in ((a, b), (b, a))}
    loose = a.style in _LOOSE and b.style in _LOOSE
    beyond = 0 if loose else _FOLLOWS * 2
    if abs(strength[a] - strength[b]) > beyond:
        return strength[a] > strength[b]
    if loose:
        return firsts[a] < firsts[b]
    return _rank(a) < _rank(b)


def _are_siblings(a: Level, b: Level) -> bool:
    """## 一、 and ## 附则: the format gives both the same depth, and only one has a number."""
    return a.depth > 0 and a.depth == b.depth and _unnumbered(a) != _unnumbered(b)


def _unnumbered(level: Level) -> bool:
    return level.style == HEADING and level.depth > 0


def _rank(level: Level) -> float:
    return RANKS.get(level.style, RANKS["part"] + 0.5)


def _strength(outer: Level, inner: Level, steps: Sequence[Step]) -> int:
    """How much speaks for a level as the outer one of two.

    A run of the inner level follows an outer item at once, and the outer level goes on after it:
    much where the run begins at 1, less where it goes on from the run before it.
    """
    total = 0
    last: int | None = None  # of the inner level
    before: Step | None = None  # the outer item that the run of the inner level follows
    starts: int | None = None
    previous: Step | None = None
    for step in steps:
        if step.level == inner:
            if previous is not None and previous.level == outer:
                before, starts = previous, step.value
                total += _FOLLOWS if step.value == 1 else 0
                if last is not None and step.value == last + 1:
                    starts = _CONTINUED
            last = step.value
        elif step.level == outer:
            if before is not None and _goes_on(before, step):
                total += {1: _RESTARTS, _CONTINUED: _CONTINUES}.get(starts or 0, 0)
            before = None
        previous = step
    return total


def _goes_on(before: Step, after: Step) -> bool:
    if before.value is None or after.value is None:
        return before.value is after.value
    return after.value == before.value + 1
