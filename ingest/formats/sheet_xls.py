"""Workbooks of Excel 97-2003 and before (BIFF): what each cell shows."""

from __future__ import annotations

import io
from collections.abc import Iterator

import xlrd
from xlrd.biffh import (
    XL_CELL_BLANK,
    XL_CELL_BOOLEAN,
    XL_CELL_EMPTY,
    XL_CELL_ERROR,
    XL_CELL_TEXT,
    error_text_from_code,
)

from ingest.formats.sheet_grid import Damaged, Locked, Merged, Place, Sheet, TooLarge, check_place
from ingest.formats.sheet_numbers import BUILT_IN, GENERAL, shown


def read_xls(data: bytes) -> Iterator[Sheet]:
    """The sheets in order, chart sheets left out. Raises `Damaged`, `Locked` and `TooLarge`."""
    try:
        yield from _read(data)
    except TooLarge:
        raise
    except Exception as error:  # damage meets the library anywhere in its code
        raise (Locked if "encrypted" in str(error).lower() else Damaged) from None


def _read(data: bytes) -> Iterator[Sheet]:
    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    for sheet in book.sheets():
        texts: dict[Place, str] = {}
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                text = _shown(book, sheet.cell(row, column))
                if text.strip():
                    check_place(row, column, len(texts))
                    texts[row, column] = text
        yield Sheet(
            name=sheet.name,
            texts=texts,
            merged=[
                Merged(top, left, bottom - 1, right - 1)
                for top, bottom, left, right in sheet.merged_cells
            ],
            rows={row for row, info in sheet.rowinfo_map.items() if info.hidden},
            columns={column for column, info in sheet.colinfo_map.items() if info.hidden},
            hidden=sheet.visibility != 0,
        )


def _shown(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    if cell.ctype in (XL_CELL_EMPTY, XL_CELL_BLANK):
        return ""
    if cell.ctype == XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == XL_CELL_ERROR:
        return str(error_text_from_code.get(cell.value, "#N/A"))
    number = book.xf_list[cell.xf_index].format_key
    own = book.format_map[number].format_str if number in book.format_map else GENERAL
    return shown(cell.value, BUILT_IN.get(number, own), since_1904=book.datemode == 1)
