"""Tables of a web page: which hold data, and the grid of their cells.

Many pages set their columns with tables; such a table is no data. The grid follows
https://html.spec.whatwg.org/multipage/tables.html#forming-a-table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ingest.formats.web.looks import is_hidden
from ingest.formats.web.page import Picture

MAX_COLUMNS = 200
MAX_CELLS = 400_000  # of one table
MAX_REPEATED = 4_000_000  # characters that merged cells may add to one table
LONG_CELL = 400  # characters: a cell with more, in paragraphs, sets the page
LONG_CELL_LINES = 5
_PARTS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "colgroup"))
_PAGE_PARTS = ("h1", "h2", "h3", "iframe")  # a cell of a data table holds none of them
MENU_LINES = 4  # a cell with so many lines, mostly links, is a menu
_RULED = re.compile(r"border[\w-]*\s*:(?!\s*(?:none|0|collapse))")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed. `lines` counts its paragraphs; `linked` its characters in links."""

    text: str = ""
    lines: int = 0
    linked: int = 0
    targets: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class _Printed:
    cell: Cell
    down: int
    across: int


def grid_of(
    table: etree._Element, read: Callable[[etree._Element], Cell]
) -> list[list[Cell]] | None:
    """The rows of a data table, all of one length, empty rows left out.

    A cell that spans rows stands in each, one that spans columns in the first. None for a table
    that only sets the page, and for one whose merged cells would blow up.
    """
    if next(table.iterdescendants("table"), None) is not None or _has_stray_text(table):
        return None
    printed = [_cells(row, read) for row in table.iterdescendants("tr") if not is_hidden(row)]
    if not _is_data(table, printed):
        return None
    grid = _laid_out(printed)
    return grid and _trimmed(grid)


def _has_stray_text(table: etree._Element) -> bool:
    """Text outside the cells would be lost in a grid."""
    for part in table.iter(*_PARTS):
        texts = [part.text, *(child.tail for child in part)]
        if any(text and text.strip() for text in texts):
            return True
        if any(
            child.tag not in _PARTS and child.tag not in ("td", "th", "caption", "col")
            for child in part
            if isinstance(child.tag, str) and "".join(child.itertext()).strip()
        ):
            return True
    return False


def _cells(row: etree._Element, read: Callable[[etree._Element], Cell]) -> list[_Printed]:
    return [
        _Printed(read(cell), _span(cell, "rowspan", 65_534), _span(cell, "colspan", 1000))
        for cell in row.iterchildren("td", "th")
        if not is_hidden(cell)
    ]


def _span(cell: etree._Element, name: str, most: int) -> int:
    digits = re.match(r"\s*(\d{1,6})", cell.get(name, ""))
    return min(max(int(digits[1]), 1), most) if digits else 1


def _is_data(table: etree._Element, rows: Sequence[Sequence[_Printed]]) -> bool:
    """Rows of several short cells are data; a long text between links, or alone, is a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iterdescendants(*_PAGE_PARTS), None) is not None:
        return False
    filled = [cells for row in rows if (cells := [one.cell for one in row if one.cell.text])]
    several = [cells for cells in filled if len(cells) > 1]
    if len(several) < (1 if _is_ruled(table) else 2) or len(several) * 2 < len(filled):
        return False
    every = [cell for cells in filled for cell in cells]
    if any(cell.lines >= MENU_LINES and cell.linked * 2 > len(cell.text) for cell in every):
        return False
    long = [
        len(cell.text)
        for cell in every
        if cell.lines >= LONG_CELL_LINES and len(cell.text) >= LONG_CELL
    ]
    mostly_one = max(long, default=0) * 2 > sum(len(cell.text) for cell in every)
    narrow = max(len(cells) for cells in several) < 3
    return not mostly_one or (not narrow and len(several) >= MENU_LINES)


def _is_ruled(table: etree._Element) -> bool:
    style = table.get("style", "").lower()
    return table.get("border", "0") not in ("", "0") or bool(_RULED.search(style))


def _laid_out(rows: Sequence[Sequence[_Printed]]) -> list[list[Cell]] | None:
    grid: list[dict[int, Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # column: rows still to fill, and with what
    repeated = cells = 0
    for row in rows:
        laid, still = {}, {}
        for column, (left, cell) in hanging.items():
            laid[column] = cell
            repeated += len(cell.text)
            if left > 1:
                still[column] = (left - 1, cell)
        column = 0
        for one in row:
            while column in laid:
                column += 1
            for step in range(one.across):
                cell = one.cell if step == 0 else Cell()
                laid[column + step] = cell
                if one.down > 1:
                    still[column + step] = (one.down - 1, replace(cell, pictures=()))
            column += one.across
        cells += len(laid)
        if repeated > MAX_REPEATED or cells > MAX_CELLS or column > MAX_COLUMNS:
            return None
        grid.append(laid)
        hanging = still
    columns = _columns(grid)
    return [[row.get(column, Cell()) for column in columns] for row in grid]


def _columns(grid: Sequence[dict[int, Cell]]) -> list[int]:
    """The columns in which any row prints something, or holds a cell of its own."""
    return sorted({column for row in grid for column, cell in row.items() if cell.text})


def _trimmed(grid: list[list[Cell]]) -> list[list[Cell]]:
    return [row for row in grid if any(cell.text for cell in row)]
