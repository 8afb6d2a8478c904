"""Workbooks in SpreadsheetML (ECMA-376-1, 18): what each cell shows.

Only what is shown is read. Styles, drawings or filters that other programs write in odd ways, over
which whole-workbook libraries stumble, do not matter here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lxml import etree

from ingest.formats.sheet_grid import Damaged, Merged, Place, Sheet, TooLarge, check_place
from ingest.formats.sheet_numbers import BUILT_IN, GENERAL, shown
from ingest.sniff import ZIP_DAMAGE

_ID = re.compile(r"\}id$")
_ESCAPE = re.compile(r"_x(00[0-7][0-9A-Fa-f])_")  # a control character, or the escaped underscore
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_TRUE = ("1", "true", "on")
_MAX_XML = 200_000_000  # bytes, unpacked
_FIRST_CUSTOM = 164  # number formats with smaller ids are built in


def read_xlsx(data: bytes) -> Iterator[Sheet]:
    """The sheets in order, chart sheets left out. Raises `Damaged` and `TooLarge`."""
    try:
        yield from _read(data)
    except (*ZIP_DAMAGE, LookupError, ArithmeticError, TypeError, etree.LxmlError):
        raise Damaged from None


def _read(data: bytes) -> Iterator[Sheet]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist() if _is_xml(part)) > _MAX_XML:
            raise TooLarge(f"表格的内容超过 {_MAX_XML:,} 字节，请拆分后再导入")
        path = _of_type(package, "", "officeDocument")[0]
        book = _tree(package, path)
        links = _links(package, path)
        since_1904 = any(one.get("date1904") in _TRUE for one in book.iter("{*}workbookPr"))
        parts = {kind: _of_type(package, path, kind) for kind in ("sharedStrings", "styles")}
        shared = _Shared(
            strings=_strings(package, parts["sharedStrings"]),
            formats=_formats(package, parts["styles"]),
            since_1904=since_1904,
        )
        for sheet in book.iter("{*}sheet"):
            link = next(value for key, value in sheet.attrib.items() if _ID.search(key))
            kind, target = links[link]
            if kind == "worksheet":
                hidden = sheet.get("state", "visible") != "visible"
                yield _Reader(shared).read(package, target, sheet.get("name", ""), hidden)


def has_pictures(data: bytes) -> bool:
    """Whether anything is drawn on the sheets: a picture, a chart, a text box."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(name.startswith("xl/drawings/drawing") for name in package.namelist())


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith(".xml")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the sheets of a workbook share: the strings, and the number format of each style."""

    strings: list[str]
    formats: list[str]
    since_1904: bool


def _tree(package: zipfile.ZipFile, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(package.read(path), parser)


def _links(package: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """The last word of the type and the target of each relationship of a part, by its id."""
    folder, name = posixpath.split(path)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in package.namelist():
        return {}
    return {
        link.get("Id", ""): (
            posixpath.basename(link.get("Type", "")),
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in _tree(package, listed).iter("{*}Relationship")
    }


def _of_type(package: zipfile.ZipFile, path: str, kind: str) -> list[str]:
    return [target for found, target in _links(package, path).values() if found == kind]


def _strings(package: zipfile.ZipFile, paths: list[str]) -> list[str]:
    return [_string(item) for path in paths for item in _tree(package, path).iter("{*}si")]


def _string(item: etree._Element) -> str:
    """The runs of a string, without the readings that East Asian text may carry."""
    texts = (
        text.text or ""
        for text in item.iter("{*}t")
        if etree.QName(text.getparent()).localname != "rPh"
    )
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), "".join(texts))


def _formats(package: zipfile.ZipFile, paths: list[str]) -> list[str]:
    """The number format of each cell style."""
    found: list[str] = []
    for path in paths:
        tree = _tree(package, path)
        own = {
            int(one.get("numFmtId", "0")): one.get("formatCode", GENERAL)
            for one in tree.iter("{*}numFmt")
        }
        for styles in tree.iter("{*}cellXfs"):
            ids = [int(style.get("numFmtId", "0")) for style in styles.iter("{*}xf")]
            found += [_format(number, own) for number in ids]
    return found


def _format(number: int, own: Mapping[int, str]) -> str:
    codes = (own, BUILT_IN) if number >= _FIRST_CUSTOM else (BUILT_IN, own)
    return next((code[number] for code in codes if number in code), GENERAL)


@dataclass(slots=True)
class _Reader:
    """Reads one sheet, element by element."""

    shared: _Shared
    texts: dict[Place, str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    unsaved: int = 0
    at: Place = (-1, -1)  # of the cell read last

    def read(self, package: zipfile.ZipFile, path: str, name: str, hidden: bool) -> Sheet:
        with closing(package.open(path)) as part:
            events = etree.iterparse(
                part,
                events=("start", "end"),
                tag=[f"{{*}}{kind}" for kind in ("row", "c", "mergeCell", "col")],
                resolve_entities=False,
                no_network=True,
            )
            for event, element in events:
                kind = element.tag.rpartition("}")[2]
                if event == "end":
                    self._end(kind, element)
                elif kind == "row":
                    self._row(element)
        return Sheet(name, self.texts, self.merged, self.rows, self.columns, hidden, self.unsaved)

    def _row(self, element: etree._Element) -> None:
        row = int(element.get("r", self.at[0] + 2)) - 1
        self.at = row, -1
        if element.get("hidden") in _TRUE:
            self.rows.add(row)

    def _end(self, kind: str, element: etree._Element) -> None:
        if kind == "c":
            self._cell(element)
        elif kind == "row":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif kind == "mergeCell":
            first, _, last = element.get("ref", "").partition(":")
            self.merged.append(Merged(*_place(first), *_place(last or first)))
        elif element.get("hidden") in _TRUE:
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            self.columns.update(range(first - 1, min(last, 16_384)))

    def _cell(self, element: etree._Element) -> None:
        place = (
            _place(reference) if (reference := element.get("r")) else (self.at[0], self.at[1] + 1)
        )
        self.at = place
        text = self._shown(element)
        if text.strip():
            check_place(*place, len(self.texts))
            self.texts[place] = text

    def _shown(self, element: etree._Element) -> str:
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return "".join(map(_string, element.iterfind("{*}is")))
        value: str | None = element.findtext("{*}v")
        if not value:
            self.unsaved += kind != "str" and element.find("{*}f") is not None
            return ""
        if kind == "s":
            shared: str = self.shared.strings[int(value)]
            return shared
        if kind == "b":
            return "TRUE" if value in _TRUE else "FALSE"
        if kind in ("str", "e"):
            return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), value)
        style = int(element.get("s", "0"))
        code = self.shared.formats[style] if style < len(self.shared.formats) else GENERAL
        if kind == "d" and code == GENERAL:
            return value
        number = _days(value) if kind == "d" else float(value)
        return shown(number, code, since_1904=self.shared.since_1904 and kind != "d")


def _place(reference: str) -> Place:
    """B3 is (2, 1)."""
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _days(value: str) -> float:
    """A date as ISO 8601 writes it, in days since the end of 1899."""
    moment = datetime.fromisoformat(value.removesuffix("Z"))
    since = datetime.combine(date(1899, 12, 30), datetime.min.time())
    return (moment - since) / timedelta(days=1)
