"""A web page as set: its lines, the blocks they stand in, and what is shown and not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

DATA = "data"  # the tag of a data table's block
HIDDEN = "hidden"  # the tag of a text that the page hides


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a paragraph, or a row of a data table.

    `size` counts its characters without blanks, `linked` those of them inside links, whose
    addresses are `targets`. `heading` is 1 to 6 in h1 to h6, else 0. A row has its table's number
    and the spans of its cells.
    """

    text: str
    size: int
    linked: int = 0
    targets: tuple[str, ...] = ()
    heading: int = 0
    table: int | None = None
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Box:
    """A block element: the lines `[first, end)` that stand in it; `hint` is its id and class."""

    tag: str
    hint: str = ""
    parent: Box | None = None
    first: int = 0
    end: int = 0
    children: list[Box] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """Something shown whose text is not read: its line and column, its block, its address and
    caption."""

    line: int
    column: int
    box: Box
    tag: str
    address: str
    caption: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A page as lines, its blocks, and its pictures and frames."""

    lines: list[Line]
    root: Box
    pictures: list[Picture]


def ancestry(box: Box) -> Iterator[Box]:
    """A block and those around it, innermost first."""
    around: Box | None = box
    while around:
        yield around
        around = around.parent
