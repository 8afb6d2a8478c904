"""Spreadsheets, `.xlsx` and `.xls`: each sheet as lines, its table as a `Table`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from errors import UnreadableFile
from ingest.document import Heading, Note, Row, Source, Table
from ingest.formats.cells import joined
from ingest.formats.sheet_grid import Damaged, Locked, Merged, Place, Sheet, TooLarge
from ingest.formats.sheet_xls import read_xls
from ingest.formats.sheet_xlsx import has_pictures, read_xlsx
from ingest.sniff import Content, sniff

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_LINE_END = re.compile("[ \t]*(?:\r\n|[\r\n\v\f\x85\u2028\u2029])[ \t]*")
_REMARK = re.compile(r"\s*[（(*※]?\s*(?:附?注|备\s*注|说\s*明|填表|资料来源|数据来源)")
_TITLES = 50  # rows among which the head of a table is looked for


def read(data: bytes, name: str) -> Source:
    """A workbook. Raises `UnreadableFile` where it is damaged, locked, too large or empty.

    Title rows above the table and remarks below it are plain lines. Blank rows and columns are
    left out, and so is what is hidden, of which a note tells.
    """
    content = sniff(data)
    sheets = list(_sheets(data, name, old=content is Content.XLS))
    seen = [sheet for sheet in sheets if not sheet.hidden and sheet.texts]
    if not seen:
        hidden = "只有隐藏的工作表有内容" if any(sheet.texts for sheet in sheets) else "是空的"
        raise UnreadableFile(f"{name}：工作簿{hidden}，没有可导入的文字")
    page = _Page()
    for sheet in sheets:
        if sheet.hidden:
            page.note(f"工作表“{sheet.name}”是隐藏的，没有读")
        elif sheet.texts:
            _write(page, sheet, titled=len(seen) > 1)
    if content is Content.XLSX and has_pictures(data):
        page.note("工作簿中有图片、图形或文本框，没有读")
    return page.source()


def _sheets(data: bytes, name: str, *, old: bool) -> Iterator[Sheet]:
    try:
        yield from read_xls(data) if old else read_xlsx(data)
    except TooLarge as error:
        raise UnreadableFile(f"{name}：{error}") from None
    except Locked:
        raise UnreadableFile(f"{name}：文件有密码，请去掉密码后再导入") from None
    except Damaged:
        raise UnreadableFile(f"{name}：表格已损坏，打不开，请重新下载或另存一份") from None


@dataclass(slots=True)
class _Page:
    """The text as it grows, and what is known of its places."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    tables: list[Table] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def line(self, text: str) -> None:
        """Add a line."""
        self.pieces += (text, "\n")
        self.length += len(text) + 1

    def note(self, message: str) -> None:
        """Tell something of what comes next."""
        self.notes.append(Note(self.length, message))

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Add a table, a line for each row."""
        placed = []
        for cells in rows:
            start, spans = self.length, []
            for cell in cells:
                spans.append((start, start + len(cell)))
                start += len(cell) + 1
            placed.append(Row(self.length, spans[-1][1], tuple(spans)))
            self.line("\t".join(cells))
        self.tables.append(Table(tuple(placed)))

    def source(self) -> Source:
        """All of it."""
        return Source(
            "".join(self.pieces),
            tables=tuple(self.tables),
            headings=tuple(self.headings),
            notes=tuple(self.notes),
        )


def _write(page: _Page, sheet: Sheet, *, titled: bool) -> None:
    if titled:
        page.headings.append(Heading(page.length, 1))
        page.line(_joined(sheet.name))
    merged = [seen for one in sheet.merged if (seen := _clipped(one, sheet))]
    rows = _by_row(_visible(page, sheet, merged))
    numbers = list(rows)
    first, last = _bounds(rows, merged)
    for number in numbers[:first]:
        _plain(page, rows[number])
    body = {number: rows[number] for number in numbers[first:last]}
    if body:
        columns = sorted({column for cells in body.values() for column in cells})
        _repeat_down(body, merged)
        page.table(
            [_joined(cells.get(column, "")) for column in columns] for cells in body.values()
        )
    for number in numbers[last:]:
        _plain(page, rows[number])


def _plain(page: _Page, cells: Mapping[int, str]) -> None:
    """A row outside the table; the lines of a lone cell stay lines."""
    if len(cells) > 1:
        page.line("\t".join(map(_joined, cells.values())))
        return
    for text in cells.values():
        for line in _LINE_END.split(text):
            if _joined(line):
                page.line(_joined(line))


def _clipped(merged: Merged, sheet: Sheet) -> Merged | None:
    """The part of merged cells that is shown."""
    rows = (row for row in range(merged.top, merged.bottom + 1) if row not in sheet.rows)
    columns = (one for one in range(merged.left, merged.right + 1) if one not in sheet.columns)
    top, left = next(rows, None), next(columns, None)
    return None if top is None or left is None else replace(merged, top=top, left=left)


def _visible(page: _Page, sheet: Sheet, merged: Iterable[Merged]) -> dict[Place, str]:
    """The texts that are shown; a note tells of those in hidden rows and columns.

    Merged cells show the text of the first, and no other that the file may hold.
    """
    texts = {place: text for place, text in sheet.texts.items() if _joined(text)}
    for whole in sheet.merged:
        first = texts.get((whole.top, whole.left))
        for place in _inside(texts, whole):
            del texts[place]
        seen = _clipped(whole, sheet) or whole
        if first:
            texts[seen.top, seen.left] = first
    hidden = [place for place in texts if place[0] in sheet.rows or place[1] in sheet.columns]
    if hidden:
        page.note(f"工作表“{sheet.name}”有 {len(hidden)} 个单元格在隐藏的行或列中，没有读")
    if sheet.unsaved:
        page.note(f"工作表“{sheet.name}”有 {sheet.unsaved} 个公式没有保存结果，没有读")
    for place in hidden:
        del texts[place]
    return texts


def _inside(texts: Mapping[Place, str], merged: Merged) -> list[Place]:
    rows, columns = range(merged.top, merged.bottom + 1), range(merged.left, merged.right + 1)
    if len(rows) * len(columns) < len(texts):
        return [place for place in product(rows, columns) if place in texts]
    return [place for place in texts if place[0] in rows and place[1] in columns]


def _by_row(texts: Mapping[Place, str]) -> dict[int, dict[int, str]]:
    """The rows that have a text, from the top, each with its texts from the left."""
    rows: dict[int, dict[int, str]] = {}
    for row, column in sorted(texts):
        rows.setdefault(row, {})[column] = texts[row, column]
    return rows


def _bounds(rows: Mapping[int, Mapping[int, str]], merged: Iterable[Merged]) -> tuple[int, int]:
    """Between which of the rows the table lies: first, and the one behind its last.

    It begins with the first row that covers half of its columns, and ends before the remarks below
    it: lone texts that are merged over columns or say what they are.
    """
    listed = list(rows.items())
    columns = {column for _, cells in listed if len(cells) > 1 for column in cells}
    widths = {(one.top, one.left): one.right - one.left for one in merged}

    def covered(row: int, cells: Mapping[int, str]) -> int:
        ends = {column: column + widths.get((row, column), 0) for column in cells}
        return sum(any(left <= one <= end for left, end in ends.items()) for one in columns)

    def is_remark(row: int, cells: Mapping[int, str]) -> bool:
        [(column, text), *others] = cells.items()
        return not others and (bool(widths.get((row, column))) or bool(_REMARK.match(text)))

    wide = [place for place, (_, cells) in enumerate(listed) if len(cells) > 1]
    full = (place for place in wide[:_TITLES] if covered(*listed[place]) * 2 >= len(columns))
    first = next(full, wide[0] if wide else len(listed))
    last = len(listed)
    while last > first and is_remark(*listed[last - 1]):
        last -= 1
    return (first, last) if last - first > 1 else (len(listed), len(listed))


def _repeat_down(body: dict[int, dict[int, str]], merged: Iterable[Merged]) -> None:
    """Give each row that merged cells span the text of the first."""
    numbers = list(body)
    for one in merged:
        text = body.get(one.top, {}).get(one.left)
        for number in numbers[bisect_right(numbers, one.top) : bisect_right(numbers, one.bottom)]:
            if text:
                body[number][one.left] = text


def _joined(text: str) -> str:
    """A cell's text on one line."""
    lines = _LINE_END.split(_INVISIBLE.sub("", text).replace("\t", " ").replace("\xa0", " "))
    return joined(lines)
