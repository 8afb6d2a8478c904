"""The left and right edges of the columns in which text is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.layout.linebreaks import is_ended
from ingest.layout.printed import Line

_NEAR = 0.5  # characters: lines that begin or end so close do so at one edge
_FULL = 1.1  # characters by which a full line may miss the right edge
_WITNESSES = 2  # full lines with the next one at the left edge, before edges are believed
_HANGING = tuple("，。、；：！？")
_NARROWEST = 8  # characters: a narrower column is a list
_CERTAIN = 6  # such lines, before a column is believed to be narrower than others


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page: the page's number and width, and which of its columns, from 0."""

    page: int
    number: int
    page_width: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of the running text and the column that it stands in."""

    line: Line
    column: Column


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the lines of a column begin and end: `flush` for most of the full ones, `right` at most.

    `witnesses` is how many lines show it.
    """

    left: float
    right: float
    flush: float
    witnesses: int = 0

    @property
    def middle(self) -> float:
        """Halfway between the edges."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """How wide the column is."""
        return self.right - self.left


def edges(placed: Sequence[Placed], size: float) -> dict[Column, Edges]:
    """The edges of every column, for a usual character size.

    A column whose lines do not show its edges, such as one with a list, has those of the nearest
    that shows them; without any, a page has margins of one width on both sides.
    """
    columns: dict[Column, list[Line]] = {}
    for one in placed:
        columns.setdefault(one.column, []).append(one.line)
    seen = {column: found for column, own in columns.items() if (found := _seen(own, size))}
    alone = {
        column for column in columns if Column(column.page, 1, column.page_width) not in columns
    }
    trusted = _trusted(seen, alone, size)
    return {
        column: trusted.get(column)
        or _nearest(column, own, trusted)
        or _by_margins(placed, column.page_width)
        for column, own in columns.items()
    }


def _seen(own: Sequence[Line], size: float) -> Edges | None:
    """The edges that lines show: full ones that run on in the next, at the left edge."""
    usual = [line for line in own if abs(line.size - size) < size / 4] or list(own)
    ends = sorted(map(_end, usual), reverse=True)
    for right, needed in zip(ends, (_WITNESSES, _CERTAIN, _CERTAIN), strict=False):
        full = [
            (line, following)
            for line, following in pairwise(usual)
            if right - _FULL * size < line.x1
            and _end(line) < right + _NEAR * size
            and following.x0 < line.x0 + _NEAR * size
            and not is_ended(line.text)
        ]
        left = min((following.x0 for _, following in full), default=0.0)
        full = [pair for pair in full if pair[1].x0 < left + _NEAR * size]
        if len(full) >= needed and right - left > _NARROWEST * size:
            flush = median(line.x1 for line, _ in full)
            return Edges(median(following.x0 for _, following in full), right, flush, len(full))
    return None


def _end(line: Line) -> float:
    """Where a line ends, without a mark that may hang over the edge."""
    return line.x1 - line.size if line.text[-1:] in _HANGING else line.x1


def _trusted(seen: Mapping[Column, Edges], alone: set[Column], size: float) -> dict[Column, Edges]:
    """Edges that agree with those best shown on pages of the same width."""
    trusted = {}
    for column, found in seen.items():
        peers = [
            other
            for one, other in seen.items()
            if one.page_width == column.page_width and (one in alone) is (column in alone)
        ]
        best = max(peers, key=lambda edges: edges.witnesses * edges.width)
        narrower = best.width - found.width > 2 * _FULL * size
        if not narrower or (column not in alone and found.witnesses >= _CERTAIN):
            trusted[column] = found
    return trusted


def _nearest(column: Column, own: Sequence[Line], trusted: Mapping[Column, Edges]) -> Edges | None:
    """The edges of the nearest column that lies over the same part of its page."""
    begin, end = min(line.x0 for line in own), max(line.x1 for line in own)
    over = {
        other: found
        for other, found in trusted.items()
        if found.left - found.width / 8 <= begin
        and end <= found.right + found.width / 8
        and other.page_width == column.page_width
    }
    nearest = min(
        over,
        key=lambda other: (abs(other.page - column.page), (other.page - column.page) % 2),
        default=None,
    )
    return over[nearest] if nearest else None


def _by_margins(placed: Sequence[Placed], page_width: float) -> Edges:
    own = [one.line for one in placed if one.column.page_width == page_width]
    left = min(line.x0 for line in own)
    right = max(page_width - left, max(line.x1 for line in own))
    return Edges(left, right, right)
