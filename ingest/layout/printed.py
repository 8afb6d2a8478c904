"""What a printed page holds: lines and tables with their places."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its characters and the box around them.

    Places are in points or pixels, the same for all of a page; `top` and `bottom` count from the
    top of the page downward. `text` holds no line end; the blanks inside are those that a reader
    sees, outer ones are dropped (`x0` tells the indent). `size` is the height of its characters
    (the font size; for a recognised line the height of its box). `score` is how sure character
    recognition was, 0 to 1; None for text that was stored as text. `tail` is a blank that is
    drawn behind the line: it counts where the line runs on in the next.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    score: float | None = None
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its printed lines, with a line end between two of them, or no text.

    `merged` says that the cell goes on from the row above: its text is printed once there, and is
    repeated here.
    """

    text: str
    merged: bool = False
    score: float | None = None


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its box on the page; every row has the same number of cells.

    A cell that spans columns has its text in the first of them, the others are empty. `edges` are
    the places of its upright rules from left to right, one more than cells in a row, where known.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    rows: tuple[tuple[Cell, ...], ...]
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size, what is printed on it in reading order, and what should be told of it.

    `notes` are messages for people, such as a picture that was not read. `asides` are lines that
    do not run as the others do, such as a watermark across the page or a word along its edge.
    """

    width: float
    height: float
    blocks: tuple[Line | TableBlock, ...] = ()
    notes: tuple[str, ...] = ()
    asides: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, such as the place of a picture."""

    x0: float
    top: float
    x1: float
    bottom: float
