"""OFD, the national format of fixed pages (GB/T 33190-2016): text by its place on the page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from PIL import Image

from errors import UnreadableFile
from ingest.card.compact import compact
from ingest.document import Source
from ingest.formats import images
from ingest.formats.blocks import ordered
from ingest.formats.ofd_document import Sheet, sheets, told
from ingest.formats.ofd_package import Package
from ingest.formats.ofd_page import Drawn
from ingest.formats.ofd_text import Mark, asides_of, glyphs_of, is_unknown
from ingest.layout.glyphs import Glyph, lines, once
from ingest.layout.pages import compose
from ingest.layout.printed import Box, Line, Page
from ingest.layout.ruled import tables

_FEW = 50  # characters over a picture of the whole page: a stamp on a scan
_WHOLE = 0.5  # share of the page that a scan covers
_LARGE = 0.02  # share of the page: a picture that may hold text
_WRITTEN_OVER = 2  # characters inside a picture that make it a seal or a background
_EVERYWHERE = 3  # pages with one picture at one place: a letterhead
_SHARPEST = 300 / 72  # pixels to the point of a page that is to be recognised
_MOST_PIXELS = 25_000_000  # of such a page
_UPRIGHT = 0.9  # sine of the course of a line that runs up or down
_BASELINE = 0.38  # of the character size, below the middle of a line


def read(data: bytes, name: str) -> Source:
    """The text of an OFD file with its pages, tables and line breaks.

    Raises `UnreadableFile` for a file that is damaged, incomplete, encrypted or too large, or shows
    only pictures of text while character recognition is not installed.
    """
    package = Package(data, name)
    pages: list[Page] = []
    figures: list[list[Box]] = []
    unread = False
    for number, sheet in enumerate(sheets(package), 1):
        page, scanned = _page(package, sheet, number)
        unread = unread or (scanned and not images.is_available())
        figures.append([] if scanned else [*_figures(sheet.drawn)])
        pages.append(page)
    if not any(page.blocks or page.asides for page in pages):
        if unread:
            images.check_installed(name)
        raise UnreadableFile(f"{name}：各页都没有文字，请核对文件是否完整")
    source = compose(list(_with_figures(pages, figures)))
    return replace(source, card=_card(told(package), source.text))


def _page(package: Package, sheet: Sheet, number: int) -> tuple[Page, bool]:
    """A page with what should be told of it, and whether it is a scan without stored text."""
    seen = sheet.drawn
    notes = [note.format(number) for note in sheet.notes]
    shown = sum(bool(mark.text.strip()) for mark in seen.marks)
    covered = sum(_share(one.box, seen) for one in seen.pictures) > _WHOLE
    marks = seen.marks
    if covered and shown < _FEW < len(seen.hidden):
        marks = seen.hidden
        notes.append(f"第{number}页的文字是扫描件自带的识别结果，可能有错字")
    scanned = (
        marks is seen.marks and bool(seen.pictures) and (not shown or (covered and shown < _FEW))
    )
    if unknown := sum(is_unknown(mark.text) for mark in marks):
        notes.append(f"第{number}页有{unknown}个字只有字形，文件没有写明是什么字，请对照原件")
    if seen.lost:
        notes.append(f"第{number}页有{seen.lost}处图形在文件里找不到，请对照原件")
    page = replace(_stored(seen, marks), notes=tuple(notes))
    return (_recognised(package, sheet, page, number) if scanned else page), scanned


def _stored(seen: Drawn, marks: Sequence[Mark]) -> Page:
    """The page by the characters that are stored in it; a table may hold words set upright."""
    level = once(glyphs_of([mark for mark in marks if mark.is_level]))
    across = list(asides_of(mark for mark in marks if not mark.is_level))
    upright = [
        (_as_glyph(line), line) for course, line in across if abs(math.sin(course)) > _UPRIGHT
    ]
    found, rest = tables(seen.rules, [*level, *(glyph for glyph, _ in upright)])
    left = {id(glyph) for glyph in rest}
    inside = [line for glyph, line in upright if id(glyph) not in left]
    words = {id(glyph) for glyph, _ in upright}
    blocks = ordered(lines(glyph for glyph in rest if id(glyph) not in words), found)
    asides = tuple(line for _, line in across if line not in inside)
    return Page(seen.width, seen.height, blocks, asides=asides)


def _as_glyph(line: Line) -> Glyph:
    """An upright line as one character in its middle."""
    middle, base = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2 + _BASELINE * line.size
    return Glyph(line.text, middle - line.size / 2, middle + line.size / 2, base, line.size)


def _recognised(package: Package, sheet: Sheet, page: Page, number: int) -> Page:
    """The page with what is recognised in its pictures; what is stored on it stays."""
    image = _image(package, sheet) if images.is_available() else None
    if image is None:
        return _noted(page, f"第{number}页是图片，没有读出文字，请对照原件")
    read = images.page_of(image, number, max(page.width, page.height))
    blocks = ordered(read.blocks, page.blocks)
    return replace(page, blocks=blocks, notes=(*page.notes, *read.notes))


def _image(package: Package, sheet: Sheet) -> Image.Image | None:
    """The pictures of a page at their places, on white; None where none can be opened."""
    wide, high = sheet.drawn.width, sheet.drawn.height
    opened = [
        (picture, image)
        for picture in sheet.drawn.pictures
        if picture.resource in sheet.images
        and (image := _opened(package, sheet.images[picture.resource], picture.quarters))
    ]
    if not opened:
        return None
    sharpest = max(image.width / max(one.box.x1 - one.box.x0, 1) for one, image in opened)
    scale = min(sharpest, _SHARPEST, (_MOST_PIXELS / max(wide * high, 1)) ** 0.5)
    paper = Image.new("RGB", (max(1, round(wide * scale)), max(1, round(high * scale))), "white")
    for picture, image in opened:
        box = picture.box
        size = (round((box.x1 - box.x0) * scale), round((box.bottom - box.top) * scale))
        if min(size) > 0 and size[0] * size[1] <= 4 * _MOST_PIXELS:
            paper.paste(image.resize(size), (round(box.x0 * scale), round(box.top * scale)))
    return paper


def _opened(package: Package, path: str, quarters: int) -> Image.Image | None:
    try:
        image = next(images.pictures(package.read(path), path))
    except UnreadableFile:
        return None
    return image.rotate(-90 * quarters, expand=True)


def _figures(seen: Drawn) -> Iterator[Box]:
    """The pictures that may hold text of their own: large, and no seals and no backgrounds."""
    for picture in seen.pictures:
        box = picture.box
        over = sum(
            box.x0 < mark.x + mark.room / 2 < box.x1 and box.top < mark.y < box.bottom
            for mark in seen.marks
        )
        if _share(box, seen) > _LARGE and over < _WRITTEN_OVER:
            yield box


def _share(box: Box, seen: Drawn) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top) / (seen.width * seen.height)


def _with_figures(pages: Sequence[Page], figures: Sequence[Sequence[Box]]) -> Iterator[Page]:
    """The pages with a note where they have pictures, but for one that many pages repeat."""
    seen = Counter(place for boxes in figures for place in set(map(_place, boxes)))
    for number, (page, boxes) in enumerate(zip(pages, figures, strict=True), 1):
        own = [box for box in boxes if seen[_place(box)] < _EVERYWHERE]
        yield _noted(page, f"第{number}页有{len(own)}张图片未读取，请对照原件") if own else page


def _place(box: Box) -> tuple[int, int, int, int]:
    return round(box.x0), round(box.top), round(box.x1), round(box.bottom)


def _noted(page: Page, message: str) -> Page:
    return replace(page, notes=(*page.notes, message))


def _card(values: Mapping[str, str], text: str) -> dict[str, str]:
    """What the file says of itself, as far as its pages say the same: many name a template."""
    printed = compact(text).text
    return {
        key: value
        for key, value in values.items()
        if (words := compact(value).text) and words in printed
    }
