"""OFD, the national format of fixed pages (GB/T 33190-2016): text by its place on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image

from errors import UnreadableFile
from ingest.compact import compact
from ingest.document import Source
from ingest.formats import images
from ingest.formats.blocks import ordered
from ingest.formats.ofd_document import Body, Sheet, bodies
from ingest.formats.ofd_package import Package
from ingest.formats.ofd_page import Drawn, Picture
from ingest.formats.ofd_text import PLACEHOLDER, Mark, asides_of, glyphs_of
from ingest.glyphs import Glyph, lines, once
from ingest.pages import compose
from ingest.printed import Box, Line, Page
from ingest.ruled import tables

_FEW = 50  # characters over a picture of the whole page: a stamp on a scan
_WHOLE = 0.5  # share of the page that a scan covers
_LARGE = 0.02  # share of the page: a picture that may hold text
_WRITTEN_OVER = 2  # characters inside a picture that make it a seal or a background
_EVERYWHERE = 3  # pages with one picture at one place: a letterhead
_SHARPEST = 300 / 72  # pixels to the point of a page that is to be recognised
_MOST_PIXELS = 25_000_000  # of such a page
_BASELINE = 0.38  # of the character size, below the middle of a line


def read(data: bytes, name: str) -> Source:
    """The text of an OFD file with its pages, tables and line breaks.

    Raises `UnreadableFile` for a file that is damaged, incomplete, encrypted or too large, or shows
    only pictures of text while character recognition is not installed.
    """
    package = Package(data, name)
    documents = list(bodies(package))
    sheets = [sheet for body in documents for sheet in body.sheets]
    everywhere = Counter(place for sheet in sheets for place in set(map(_place, sheet.drawn.pictures)))
    pages = []
    for number, sheet in enumerate(sheets, 1):
        figures = [one for one in sheet.drawn.pictures if everywhere[_place(one)] < _EVERYWHERE]
        pages.append(_page(package, sheet, number, figures))
    if not any(page.blocks or page.asides for page in pages):
        if any(sheet.drawn.pictures for sheet in sheets):
            images.check_installed(name)
        raise UnreadableFile(f"{name}：各页都没有文字，请核对文件是否完整")
    source = compose(pages)
    return replace(source, card=_card(documents, source.text))


def _page(package: Package, sheet: Sheet, number: int, figures: Sequence[Picture]) -> Page:
    """A page as it is read, with what a person should know of it."""
    seen = sheet.drawn
    shown = [mark for mark in seen.marks if mark.text.strip()]
    scanned = _share(seen) > _WHOLE and len(shown) < _FEW
    notes = [note.format(number) for note in sheet.notes]
    stored = seen.marks
    if scanned and len(seen.hidden) > _FEW:
        stored = seen.hidden
        notes.append(f"第{number}页的文字是扫描件自带的识别结果，可能有错字")
    page = _stored(seen, stored)
    if stored is seen.marks and seen.pictures and (scanned or not shown):
        return _recognised(package, sheet, page, number, notes)
    if unknown := sum(_is_unknown(mark.text) for mark in stored):
        notes.append(f"第{number}页有 {unknown} 个字只有字形，文件没有写明是什么字，请对照原件")
    if seen.lost:
        notes.append(f"第{number}页有 {seen.lost} 处图形在文件里找不到，请对照原件")
    count = sum(_is_figure(one.box, seen) for one in figures)
    if count and stored is seen.marks:
        notes.append(f"第{number}页有{count}张图片未读取，请对照原件")
    return replace(page, notes=tuple(notes))


def _stored(seen: Drawn, marks: Sequence[Mark]) -> Page:
    """The page by the characters that are stored in it."""
    level = once(glyphs_of([mark for mark in marks if mark.is_level]))
    across = list(asides_of(mark for mark in marks if not mark.is_level))
    upright = {id(glyph): line for line in across for glyph in [_as_glyph(line)]}
    ...
