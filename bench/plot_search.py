"""The median of a hybrid query against the number of clauses, as SVG: both axes by powers of ten.

python -m bench.plot_search docs/search.json docs/search.svg
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 860, 440
LEFT, RIGHT, TOP, BOTTOM = 84, 190, 70, 62  # margins

TITLE = "混合检索一次的耗时，中位数（毫秒）· Median of a hybrid query (ms)"
ACROSS = "条款数 · clauses"
LINES = {  # name, colour, dashes
    "langchain": ("LangChain · jieba", "#b42318", ""),
    "langchain-defaults": ("LangChain · default", "#b42318", "6 5"),
    "txtai": ("txtai · jieba", "#8a5a00", ""),
    "txtai-defaults": ("txtai · default", "#8a5a00", "6 5"),
    "wence": ("Wence 问策", "#175cd3", ""),
}

_GAP = 20  # least distance between two names
_FONT = "font-family='Helvetica, Arial, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif'"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten to pixels: `low` and `high` are the exponents at the edges."""

    low: int
    high: int
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value stands."""
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """The powers of ten, edges included."""
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """An SVG of the parts that have a `p50_ms`; `parts` are named `engine/clauses`."""
    lines = {engine: points for engine in LINES if (points := _points(parts, engine))}
    times = [ms for points in lines.values() for _, ms in points] or [1.0]
    counts = [count for points in lines.values() for count, _ in points] or [1.0]
    across = _scale(counts, LEFT, WIDTH - RIGHT)
    up = _scale(times, HEIGHT - BOTTOM, TOP)
    shapes = [
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#fff'/>",
        _text(24, 34, TITLE, size=19, weight="bold"),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, ACROSS, anchor="middle"),
        *_grid(across, up),
    ]
    places = _spread({engine: up(points[-1][1]) for engine, points in lines.items()})
    for engine, points in lines.items():
        name, colour, dashes = LINES[engine]
        at = [(across(count), up(ms)) for count, ms in points]
        shapes += _line(at, colour, dashes)
        said = f"{name}  {_short(points[-1][1])}"
        shapes.append(_text(at[-1][0] + 12, places[engine], said, colour=colour, weight="bold"))
        if engine == "wence":
            shapes += [
                _text(x, y - 12, _short(ms), colour=colour, anchor="middle")
                for (x, y), (_, ms) in zip(at[:-1], points[:-1], strict=True)
            ]
    size = f"width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'"
    body = "\n".join(shapes)
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} {_FONT}>\n{body}\n</svg>\n"


def _points(parts: Mapping[str, Mapping[str, Any]], engine: str) -> list[Point]:
    found = [
        (float(name.rpartition("/")[2]), float(figures["p50_ms"]))
        for name, figures in parts.items()
        if name.rpartition("/")[0] == engine and "p50_ms" in figures
    ]
    return sorted(found)


def _scale(values: list[float], start: float, end: float) -> Scale:
    low = floor(log10(min(values)))
    return Scale(low, max(low + 1, ceil(log10(max(values)))), start, end)


def _grid(across: Scale, up: Scale) -> Iterator[str]:
    for ms in up.ticks():
        yield f"<path d='M{LEFT} {up(ms)}H{WIDTH - RIGHT}' stroke='#ddd'/>"
        yield _text(LEFT - 12, up(ms) + 5, f"{ms:,g}", anchor="end")
    for count in across.ticks():
        yield f"<path d='M{across(count)} {TOP}V{HEIGHT - BOTTOM}' stroke='#ddd'/>"
        yield _text(across(count), HEIGHT - BOTTOM + 24, f"{count:,.0f}", anchor="middle")


def _line(at: list[Point], colour: str, dashes: str) -> Iterator[str]:
    path = "L".join(f"{x} {y}" for x, y in at)
    yield (f"<path d='M{path}' fill='none' stroke='{colour}' stroke-width='3' "
           f"stroke-dasharray='{dashes}'/>")  # fmt: skip
    for x, y in at:
        yield f"<circle cx='{x}' cy='{y}' r='5' fill='{colour}'/>"


def _short(ms: float) -> str:
    return f"{ms:.1f}" if ms < 10 else f"{ms:,.0f}"


def _spread(heights: Mapping[str, float]) -> dict[str, float]:
    """Heights of names, moved down where one would stand on another."""
    placed: dict[str, float] = {}
    lowest = -float(_GAP)
    for engine, height in sorted(heights.items(), key=lambda item: item[1]):
        lowest = max(height + 5, lowest + _GAP)
        placed[engine] = lowest
    return placed


def _text(
    x: float, y: float, text: str, *, size: int = 16, weight: str = "normal", anchor: str = "start",
    colour: str = "#222",
) -> str:  # fmt: skip
    return (f"<text x='{x}' y='{y}' font-size='{size}' font-weight='{weight}' "
            f"text-anchor='{anchor}' fill='{colour}'>{escape(text)}</text>")  # fmt: skip


if __name__ == "__main__":
    source, target = sys.argv[1:]
    Path(target).write_text(plot(json.loads(Path(source).read_text("utf-8"))["parts"]), "utf-8")
