"""Tables by their ruling lines: the grid, its merged cells, and the text in each cell."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.layout.glyphs import Glyph, lines
from ingest.layout.linebreaks import glue, leaves_room
from ingest.layout.printed import Cell, Line, TableBlock

_NEAR = 0.25  # of the character size: rules so close are one, a gap so short is none
_SHORTEST = 0.7  # of the character size: a shorter rule borders no cell
_USUAL = 12.0  # the character size where a page has no text
_COVERED = 0.6  # share of a cell's side that is ruled
_MOST_RULES = 4_000  # of a page: beyond lies a drawing
_HALF = 0.38  # of the character size: its middle above the baseline
_FILLED = 0.15  # share of cells with text: less is a chart or an empty grid


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on the page, `upright` or level: where it lies, and from where to where."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rules that touch: the places of the upright and of the level ones, and what they part.

    `beside` holds (row, column) of cells with a rule on their right, `below` of those with one
    under them.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    beside: frozenset[tuple[int, int]]
    below: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True, order=True)
class _Area:
    """A cell of the grid with those it is merged with; `until` are behind the last."""

    row: int
    column: int
    until_row: int
    until_column: int


def tables(rules: Iterable[Rule], glyphs: Sequence[Glyph]) -> tuple[list[TableBlock], list[Glyph]]:
    """The tables that the rules draw, and the characters that stand in none of them."""
    blocks: list[TableBlock] = []
    rest = list(glyphs)
    size = median(glyph.size for glyph in glyphs) if glyphs else _USUAL
    for grid in sorted(_grids(rules, size), key=lambda grid: grid.ys[0] - grid.ys[-1]):
        areas = _areas(grid)
        inside = _inside(grid, areas, rest)
        if len(inside) < max(2, _FILLED * len(areas)) or len({area.column for area in areas}) < 2:
            continue
        taken = {id(glyph) for found in inside.values() for glyph in found}
        rest = [glyph for glyph in rest if id(glyph) not in taken]
        blocks.append(_block(grid, areas, inside))
    return blocks, rest


def _grids(rules: Iterable[Rule], size: float) -> Iterator[_Grid]:
    near = _NEAR * size
    known = list(rules)
    merged = [*_merged(known, size, upright=False), *_merged(known, size, upright=True)]
    drawings = _touching(merged, near) if len(merged) <= _MOST_RULES else []
    for drawing in drawings:
        drawing += _alongside(drawing, drawings, near)
        xs = _places(drawing, near, upright=True)
        ys = _places(drawing, near, upright=False)
        if len(xs) < 3 or len(ys) < 2:
            continue
        beside = frozenset(
            (row, column)
            for column, x in enumerate(xs[1:-1])
            for row, side in enumerate(pairwise(ys))
            if _is_ruled([r for r in drawing if r.upright and abs(r.at - x) <= 2 * near], side)
        )
        below = frozenset(
            (row, column)
            for row, y in enumerate(ys[1:-1])
            for column, side in enumerate(pairwise(xs))
            if _is_ruled([r for r in drawing if not r.upright and abs(r.at - y) <= 2 * near], side)
        )
        yield _Grid(xs, ys, beside, below)


def _merged(rules: Iterable[Rule], size: float, *, upright: bool) -> Iterator[Rule]:
    """The rules of one direction, pieces of one line put together."""
    near = _NEAR * size
    rows: list[list[Rule]] = []
    for rule in sorted((rule for rule in rules if rule.upright is upright), key=lambda r: r.at):
        if not rows or rule.at - rows[-1][0].at > near:
            rows.append([])
        rows[-1].append(rule)
    for row in rows:
        at = sum(rule.at for rule in row) / len(row)
        start = end = -math.inf
        for rule in [*sorted(row, key=lambda rule: rule.start), Rule(upright, at, math.inf, 0)]:
            if rule.start > end + near:
                if end - start >= _SHORTEST * size:
                    yield Rule(upright, at, start, end)
                start, end = rule.start, rule.end
            end = max(end, rule.end)


def _touching(rules: Sequence[Rule], near: float) -> list[list[Rule]]:
    """The rules in sets that hang together."""
    drawings: list[list[Rule]] = [[rule] for rule in rules if not rule.upright]
    for rule in rules:
        if not rule.upright:
            continue
        met: list[Rule] = [rule]
        apart = []
        for drawing in drawings:
            if any(_meet(rule, other, near) for other in drawing):
                met += drawing
            else:
                apart.append(drawing)
        drawings = [*apart, met]
    return drawings


def _alongside(
    drawing: Sequence[Rule], drawings: Iterable[Sequence[Rule]], near: float
) -> list[Rule]:
    """Upright rules beside a drawing that are as high: a cell of theirs may fill the page."""
    upright = [rule for rule in drawing if rule.upright]
    if len(upright) < 2 or len(upright) == len(drawing):
        return []
    top, bottom = min(rule.start for rule in upright), max(rule.end for rule in upright)
    return [
        other[0]
        for other in drawings
        if len(other) == 1
        and other[0].upright
        and abs(other[0].start - top) <= 2 * near
        and abs(other[0].end - bottom) <= 2 * near
    ]


def _meet(upright: Rule, other: Rule, near: float) -> bool:
    return (
        not other.upright
        and other.start - near <= upright.at <= other.end + near
        and upright.start - near <= other.at <= upright.end + near
    )


def _places(drawing: Sequence[Rule], near: float, *, upright: bool) -> tuple[float, ...]:
    """Where the rules of one direction lie; where those across end together without one, too."""
    places = sorted({rule.at for rule in drawing if rule.upright is upright})
    across = [rule for rule in drawing if rule.upright is not upright]
    if not places or len(across) < 2:
        return ()
    begin, beginning = sorted(rule.start for rule in across)[:2]
    ending, end = sorted(rule.end for rule in across)[-2:]
    if begin < places[0] - 2 * near and beginning - begin <= near:
        places.insert(0, begin)
    if end > places[-1] + 2 * near and end - ending <= near:
        places.append(end)
    kept = places[:1]
    kept += [place for last, place in pairwise(places) if place - last > 2 * near]
    return tuple(kept)


def _is_ruled(rules: Iterable[Rule], side: tuple[float, float]) -> bool:
    """Whether a side of a cell, from here to there, is ruled."""
    start, end = side
    ruled = sum(max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in rules)
    return ruled >= _COVERED * (end - start)


def _areas(grid: _Grid) -> list[_Area]:
    """The cells of the grid, those without a rule between them merged into rectangles."""
    free = {(row, column) for row in range(len(grid.ys) - 1) for column in range(len(grid.xs) - 1)}
    areas = []
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        until = column + 1
        while (row, until) in free and (row, until - 1) not in grid.beside:
            until += 1
        below = row + 1
        while all(
            (below, at) in free and (below - 1, at) not in grid.below for at in range(column, until)
        ):
            below += 1
        free -= {(y, x) for y in range(row, below) for x in range(column, until)}
        areas.append(_Area(row, column, below, until))
    return areas


def _inside(
    grid: _Grid, areas: Iterable[_Area], glyphs: Iterable[Glyph]
) -> dict[_Area, list[Glyph]]:
    """The characters that stand in each cell; a cell without any is left out."""
    owner = {
        (row, column): area
        for area in areas
        for row in range(area.row, area.until_row)
        for column in range(area.column, area.until_column)
    }
    found: dict[_Area, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        row = bisect_right(grid.ys, glyph.baseline - _HALF * glyph.size) - 1
        column = bisect_right(grid.xs, (glyph.x0 + glyph.x1) / 2) - 1
        if (row, column) in owner:
            found[owner[row, column]].append(glyph)
    return {area: own for area, own in found.items() if any(g.text.strip() for g in own)}


def _block(
    grid: _Grid, areas: Sequence[_Area], inside: Mapping[_Area, Sequence[Glyph]]
) -> TableBlock:
    columns = sorted({area.column for area in areas})
    texts = {area: _text(lines(own, columns=False), grid, area) for area, own in inside.items()}
    rows = []
    for row in sorted({area.row for area in areas}):
        across = [area for area in areas if area.row <= row < area.until_row]
        if any(area.row == row and area in texts for area in across):
            first = {area.column: area for area in across}
            rows.append(
                tuple(
                    Cell(texts.get(first[at], ""), first[at].row < row) if at in first else Cell("")
                    for at in columns
                )
            )
    edges = (*(grid.xs[column] for column in columns), grid.xs[-1])
    return TableBlock(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1], tuple(rows), edges)


def _text(own: Sequence[Line], grid: _Grid, area: _Area) -> str:
    """The lines of a cell as one: a blank where one ends before its room does."""
    margin = max(0.0, min(line.x0 for line in own) - grid.xs[area.column])
    right = grid.xs[area.until_column] - min(margin, own[0].size / 2)
    text = own[0].text
    for line, following in pairwise(own):
        wrapped = not leaves_room(line, following, right)
        between = line.tail or glue(line.text, following.text) if wrapped else " "
        text += between + following.text
    return text
