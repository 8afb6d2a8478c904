"""PDF: stored text by its place on the page; pages without any by character recognition."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium
from PIL.Image import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from errors import UnreadableFile
from ingest.document import Source
from ingest.formats import images
from ingest.formats.blocks import ordered
from ingest.formats.pdf_page import Drawn, drawn
from ingest.formats.pdf_streams import check_streams
from ingest.layout.glyphs import lines, once
from ingest.layout.pages import compose
from ingest.layout.printed import Box, Line, Page
from ingest.layout.ruled import tables

MAX_PAGES = 5_000
MAX_SECONDS = 600  # for the stored text of a file
_DPI = 220  # of a page that is to be recognised
_MOST_PIXELS = 25_000_000  # of such a page
_POINTS = 72  # to the inch
_BROKEN = 0.2  # share of characters without a meaning: such text is noise
_FEW = 50  # characters over a picture of the whole page: a stamp on a scan
_WHOLE = 0.5  # share of the page that a scan covers
_LARGE = 0.02  # share of the page: a picture that may hold text
_WRITTEN_OVER = 2  # characters inside a picture that make it a seal or a background
_EVERYWHERE = 3  # pages with one picture at one place: a letterhead
_PDFIUM = threading.Lock()  # PDFium works for one thread at a time


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page as read so far; `image` is to be recognised, for the `reason`."""

    page: Page
    pictures: tuple[Box, ...] = ()
    image: Image | None = None
    reason: str = ""


def read(data: bytes, name: str) -> Source:
    """The text of a PDF with its pages, tables and line breaks.

    Raises `UnreadableFile` for a file that is damaged, needs a password, is too large, or shows
    only pictures of text while character recognition is not installed.
    """
    check_streams(data, name)
    pages: list[Page] = []
    pictures: list[tuple[Box, ...]] = []
    scanned = False
    for number, sheet in enumerate(_sheets(data, name), 1):
        pages.append(_recognised(sheet, number) if sheet.image else sheet.page)
        pictures.append(sheet.pictures)
        scanned = scanned or sheet.image is not None
    if not any(page.blocks for page in pages):
        if scanned:
            return images.read_pages((), name)  # tells why nothing was recognised
        raise UnreadableFile(f"{name}：各页都没有文字，请核对文件是否完整")
    return compose(list(_with_pictures(pages, pictures)))


def _sheets(data: bytes, name: str) -> Iterator[_Sheet]:
    """The pages in order; PDFium is locked only while it works."""
    spent = 0.0
    with _PDFIUM:
        document = _opened(data, name)
        count = len(document)
    try:
        if count > MAX_PAGES:
            raise UnreadableFile(
                f"{name}：文件有 {count:,} 页，上限 {MAX_PAGES:,} 页，请拆分后再导入"
            )
        for number in range(1, count + 1):
            if spent > MAX_SECONDS:
                raise UnreadableFile(
                    f"{name}：读到第 {number} 页时已超过 {MAX_SECONDS} 秒，请拆分后再导入"
                )
            with _PDFIUM:
                begun = time.monotonic()
                sheet = _sheet(document, number, name)
                spent += time.monotonic() - begun
            yield sheet
    finally:
        with _PDFIUM:
            document.close()


def _opened(data: bytes, name: str) -> PdfDocument:
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            problem = "打开需要密码，请去掉密码后再导入"
        elif error.err_code == pdfium.FPDF_ERR_SECURITY:
            problem = "用了不支持的加密方式，请去掉加密后再导入"
        else:
            problem = "不是完整的 PDF 文件，可能已损坏，请重新下载"
        raise UnreadableFile(f"{name}：{problem}") from None


def _sheet(document: PdfDocument, number: int, name: str) -> _Sheet:
    """A page by its number from 1, closed again."""
    page = None
    try:
        page = _flat(document, document[number - 1], number)
        sheet = _read_page(page, number, f"{name}：第 {number} 页")
    except PdfiumError:
        raise UnreadableFile(f"{name}：第 {number} 页已损坏，无法打开，请重新下载") from None
    finally:
        if page:
            page.close()
    files = document.count_attachments() if number == 1 else 0
    if not files:
        return sheet
    message = f"文件里另附有{files}个文件，没有读取，请取出后单独导入"
    return replace(sheet, page=_noted(sheet.page, message))


def _flat(document: PdfDocument, page: PdfPage, number: int) -> PdfPage:
    """The page with filled-in forms and text boxes as part of it."""
    kinds = set()
    for at in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, at)
        kinds.add(pdfium.FPDFAnnot_GetSubtype(annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
    if kinds.isdisjoint((pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)):
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[number - 1]


def _read_page(page: PdfPage, number: int, where: str) -> _Sheet:
    seen = drawn(page, where)
    shown = [glyph for glyph in seen.glyphs if glyph.text.strip()]
    scanned = _share(seen.pictures, seen) > _WHOLE and len(shown) < _FEW
    layered = scanned and len(seen.hidden) > _FEW
    stored = seen.hidden if layered else seen.glyphs
    found, rest = tables(seen.rules, once(stored))
    blocks = ordered(lines(rest), found)
    whole = Page(seen.width, seen.height, blocks, asides=seen.asides)
    if seen.broken > _BROKEN * (len(seen.glyphs) + len(seen.hidden)):
        return _Sheet(replace(whole, blocks=()), (), _image(page), "的文字编码不明")
    if layered:
        note = f"第{number}页的文字是扫描件自带的识别结果，可能有错字"
        return _Sheet(_noted(whole, note))
    if scanned or (not shown and (seen.rules or seen.pictures)):
        return _Sheet(whole, (), _image(page), "是图片")
    return _Sheet(whole, tuple(box for box in seen.pictures if _is_figure(box, seen)))


def _share(pictures: Sequence[Box], seen: Drawn) -> float:
    return max(map(_area, pictures), default=0.0) / (seen.width * seen.height)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _is_figure(box: Box, seen: Drawn) -> bool:
    """Whether a picture may hold text of its own: it is large, and no seal and no background."""
    over = [
        glyph
        for glyph in seen.glyphs
        if box.x0 < (glyph.x0 + glyph.x1) / 2 < box.x1 and box.top < glyph.baseline < box.bottom
    ]
    return _area(box) > _LARGE * seen.width * seen.height and len(over) < _WRITTEN_OVER


def _image(page: PdfPage) -> Image:
    wide, high = page.get_size()
    scale = min(_DPI / _POINTS, (_MOST_PIXELS / max(wide * high, 1)) ** 0.5)
    image: Image = page.render(scale=scale).to_pil()
    return image


def _recognised(sheet: _Sheet, number: int) -> Page:
    """The page as it is recognised, where that says more than the text that is stored."""
    assert sheet.image is not None  # only such sheets are given
    page = sheet.page
    if not images.is_available():
        return _noted(page, f"第{number}页{sheet.reason}，没有读取，请对照原件")
    found = images.page_of(sheet.image, number, max(page.width, page.height))
    return found if _length(found) > _length(page) else page


def _length(page: Page) -> int:
    return sum(
        len(block.text)
        if isinstance(block, Line)
        else sum(len(cell.text) for row in block.rows for cell in row)
        for block in page.blocks
    )


def _noted(page: Page, message: str) -> Page:
    return replace(page, notes=(*page.notes, message))


def _with_pictures(pages: Sequence[Page], pictures: Sequence[Sequence[Box]]) -> Iterator[Page]:
    """The pages with a note where they have pictures, but for one that many pages repeat."""
    seen = Counter(place for boxes in pictures for place in {_place(box) for box in boxes})
    for number, (page, boxes) in enumerate(zip(pages, pictures, strict=True), 1):
        own = [box for box in boxes if seen[_place(box)] < _EVERYWHERE]
        if own:
            page = _noted(page, f"第{number}页有{len(own)}张图片未读取，请对照原件")
        yield page


def _place(box: Box) -> tuple[int, int, int, int]:
    return round(box.x0), round(box.top), round(box.x1), round(box.bottom)
