"""Which printed styles stand above which: learned from how their numbers run in one document.

Official documents nest 一、 (一) 1. (1), but not all do, and a document is read as it was printed:
where 1. restarts after each (一) and (一) goes on after it, (一) is the outer one, whatever is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ingest.numbering import RANKS

HEADING = "heading"  # an unnumbered heading line
_LOOSE = frozenset({"measure", "task", "sub", "half", "circled", HEADING})  # no usual order
_RESTARTS, _CONTINUES, _FOLLOWS = 4, 2, 1  # what a way of running is worth as evidence


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
    runs = _runs(a, b, steps)
    strength = {one: _strength(one, runs) for one in (a, b)}
    for before, after in pairwise(steps):
        if {before.level, after.level} == {a, b} and after.value == 1:
            strength[before.level] += _FOLLOWS
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


def _runs(a: Level, b: Level, steps: Sequence[Step]) -> list[tuple[Level, int | None, int | None]]:
    """The items of two levels as runs: level, first value, last value."""
    runs: list[tuple[Level, int | None, int | None]] = []
    for step in steps:
        if step.level not in (a, b):
            continue
        if runs and runs[-1][0] == step.level:
            runs[-1] = (step.level, runs[-1][1], step.value)
        else:
            runs.append((step.level, step.value, step.value))
    return runs


def _strength(outer: Level, runs: list[tuple[Level, int | None, int | None]]) -> int:
    """How much speaks for a level as the outer one: it goes on after a run of the inner level,
    which began at 1, or went on itself."""
    total = 0
    inner_last: int | None = None
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        if run[0] == outer:
            continue
        goes_on = before[2] is None or (after[1] is not None and after[1] == before[2] + 1)
        if goes_on and run[1] == 1:
            total += _RESTARTS if before[2] is not None else _CONTINUES
        elif goes_on and run[1] is not None and inner_last is not None and run[1] == inner_last + 1:
            total += _CONTINUES
        inner_last = run[2]
    return total
