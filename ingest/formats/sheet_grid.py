"""A sheet of a workbook as shown: its texts by place, and what is merged or hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 2_000_000

Place = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are shown as one, with the text of the first: rows and columns, the last ones
    included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: `texts` holds what each cell shows, line ends inside it, and none that shows nothing.

    `rows` and `columns` are those that are hidden; `hidden` says that all of it is. `unsaved`
    counts the formulas whose result the file does not hold.
    """

    name: str
    texts: Mapping[Place, str]
    merged: Collection[Merged] = ()
    rows: Collection[int] = frozenset()
    columns: Collection[int] = frozenset()
    hidden: bool = False
    unsaved: int = 0


class Damaged(Exception):
    """A workbook that does not hold together."""


class Locked(Exception):
    """A workbook with a password."""


class TooLarge(Exception):
    """A sheet with more rows, columns or cells than the limits; its text is for people."""


def check_place(row: int, column: int, cells: int) -> None:
    """Raises `TooLarge` for a cell beyond the limits, and for one too many."""
    if row >= MAX_ROWS or column >= MAX_COLUMNS or cells >= MAX_CELLS:
        raise TooLarge(
            f"工作表太大，上限 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列、{MAX_CELLS:,} 个单元格，请拆分后再导入"
        )
