"""Pages set in columns: which parts of the printed lines belong to which column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LEAST_LINES = 6  # on each side of a gutter
_LEAST_DRAWN = 2  # on the shorter side, where the file draws one side first
_LEAST_WIDTH = 11  # characters in a line of a column
_GUTTER = 1.2  # characters between two columns
_EDGE = 1.2  # characters by which a line that fills its column may miss the edge
_FLOWING = 0.5  # share of a column's lines that fill it


@dataclass(frozen=True, slots=True)
class Part:
    """What of a line stands together: its characters and their place.

    `lead` holds the blanks that are drawn in front of it, `tail` one behind the last. `order`
    counts the characters that the file draws before it.
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    lead: str = ""
    tail: str = ""
    order: int = 0


Band = list[Part]


def in_order(bands: Sequence[Band]) -> list[Band]:
    """The lines in reading order: where the page has columns, one column after the other.

    Lines on both sides of an empty strip are columns where the file draws one side before the
    other, or where both are flowing text, which fills its width. A list in columns, such as
    names, stays line by line.
    """
    found = max(_gutters(bands), default=None)
    if found is None:
        return list(bands)
    _, place, first, last = found
    left = [side for band in bands[first:last] if (side := _left(band, place))]
    right = [side for band in bands[first:last] if (side := _right(band, place))]
    return [
        *in_order(bands[:first]),
        *in_order(left),
        *in_order(right),
        *in_order(bands[last:]),
    ]


def _left(band: Band, place: float) -> Band:
    return [part for part in band if part.x0 < place]


def _right(band: Band, place: float) -> Band:
    return [part for part in band if part.x0 >= place]


def _gutters(bands: Sequence[Band]) -> Iterator[tuple[int, float, int, int]]:
    """Empty strips that part flowing text: how many lines, where, from which line to which."""
    if len(bands) < _LEAST_LINES:
        return
    size = _usual_size(bands)
    least = min(part.x0 for band in bands for part in band)
    places = {round(part.x0 / size * 2) / 2 for band in bands for part in band}
    for step in sorted(places):
        place = (step - 0.5) * size
        if place < least + _LEAST_WIDTH * size:
            continue
        for first, last in _runs(bands, place, size):
            left = [side for band in bands[first:last] if (side := _left(band, place))]
            right = [side for band in bands[first:last] if (side := _right(band, place))]
            drawn = bands[max(first, 1) : min(last, len(bands) - 1)]  # without head and foot
            if _is_drawn_first(drawn, place) or (_flows(left, size) and _flows(right, size)):
                yield len(left) + len(right), place, first, last


def _is_drawn_first(bands: Sequence[Band], place: float) -> bool:
    """Whether the file draws all that is left of a place before anything that is right of it."""
    left = [part.order for band in bands for part in _left(band, place)[:1]]
    right = [part.order for band in bands for part in _right(band, place)[:1]]
    shorter, longer = sorted((len(left), len(right)))
    return shorter >= _LEAST_DRAWN and longer >= _LEAST_LINES and max(left) < min(right)


def _usual_size(bands: Sequence[Band]) -> float:
    sizes = sorted(part.size for band in bands for part in band for _ in part.text)
    return sizes[len(sizes) // 2]


def _runs(bands: Sequence[Band], place: float, size: float) -> Iterator[tuple[int, int]]:
    """Runs of lines that leave the strip before `place` empty."""
    start = None
    for number, band in enumerate([*bands, None]):
        if band and not any(
            p.x0 < place and p.x1 > place - _GUTTER * size + size / 2 for p in band
        ):
            start = number if start is None else start
        elif start is not None:
            yield start, number
            start = None


def _flows(lines: Sequence[Band], size: float) -> bool:
    """Whether lines are the running text of a column."""
    if len(lines) < _LEAST_LINES:
        return False
    begin, end = min(line[0].x0 for line in lines), max(line[-1].x1 for line in lines)
    full = sum(1 for line in lines if line[-1].x1 > end - _EDGE * size)
    flush = sum(1 for line in lines if line[0].x0 < begin + _EDGE * size)
    return end - begin >= _LEAST_WIDTH * size and min(full, flush) >= _FLOWING * len(lines)
