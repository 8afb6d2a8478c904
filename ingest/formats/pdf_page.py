"""One page of a PDF as PDFium sees it: its characters, ruling lines and pictures."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from errors import UnreadableFile
from ingest.formats.pdf_shapes import Frame, shapes
from ingest.layout.glyphs import Glyph, lines, plain
from ingest.layout.printed import Box, Line
from ingest.layout.ruled import Rule

_MOST_CHARACTERS = 300_000  # of a page
_HYPHEN = "\x02"  # what PDFium gives for a hyphen at a line end
_UNSEEN = (3, 7)  # text render modes that draw nothing
_LEAN = 0.06  # radians by which a line may slant: those under a scan do
_SMALLEST = 0.5  # points: what is smaller nobody sees


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows, turned so that most of its lines run from left to right.

    `asides` are the lines that run in another direction. `hidden` are characters that are stored
    but not drawn, as under a scan. `broken` counts the characters of which the file does not tell
    what they are.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    asides: tuple[Line, ...]
    hidden: tuple[Glyph, ...]
    broken: int
    rules: tuple[Rule, ...]
    pictures: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A character in the page's own space, which grows upward.

    `angle` is that of its line against the page's, in radians, counterclockwise.
    """

    text: str
    box: tuple[float, float, float, float]  # left, bottom, right, top
    origin: tuple[float, float]
    size: float
    angle: float
    seen: bool
    known: bool


def drawn(page: PdfPage, where: str) -> Drawn:
    """Read what is on a page; `where` is how a message calls it.

    Raises `UnreadableFile` for a page with too many characters, `pypdfium2.PdfiumError` where
    PDFium cannot read it.
    """
    bounds = page.get_bbox()
    marks = [mark for mark in _paired(_marks(page, where)) if _inside(mark, bounds)]
    shown = [mark for mark in marks if mark.seen]
    left, bottom, right, top = bounds
    turns = _turns(shown or marks, page.get_rotation() // 90)
    frame = Frame(left, bottom, right, top, turns)
    level = [mark for mark in shown if _lean(mark, frame) < _LEAN]
    rules, pictures = shapes(page, frame)
    return Drawn(
        *frame.size,
        glyphs=tuple(_glyph(mark, frame) for mark in level),
        asides=tuple(_asides([mark for mark in shown if _lean(mark, frame) >= _LEAN], frame)),
        hidden=tuple(_glyph(mark, frame) for mark in marks if not mark.seen),
        broken=sum(not mark.known for mark in shown or marks),
        rules=rules,
        pictures=pictures,
    )


def _marks(page: PdfPage, where: str) -> Iterator[_Mark]:
    text = page.get_textpage()
    raw, rect, matrix = text.raw, pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    modes: dict[int | None, bool] = {}
    try:
        count = text.count_chars()
        if count > _MOST_CHARACTERS:
            raise UnreadableFile(
                f"{where}有 {count:,} 个字符，上限 {_MOST_CHARACTERS:,} 个，请核对文件"
            )
        for at in range(count):
            if pdfium.FPDFText_IsGenerated(raw, at) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(raw, at)
            pdfium.FPDFText_GetLooseCharBox(raw, at, rect)
            pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
            pdfium.FPDFText_GetMatrix(raw, at, matrix)
            owner = pdfium.FPDFText_GetTextObject(raw, at)
            handle = ctypes.cast(owner, ctypes.c_void_p).value
            if handle not in modes:
                modes[handle] = pdfium.FPDFTextObj_GetTextRenderMode(owner) not in _UNSEEN
            yield _Mark(
                text=_character(code),
                box=(rect.left, rect.bottom, rect.right, rect.top),
                origin=(x.value, y.value),
                size=pdfium.FPDFText_GetFontSize(raw, at) * math.hypot(matrix.c, matrix.d),
                angle=-pdfium.FPDFText_GetCharAngle(raw, at) % (2 * math.pi),
                seen=modes[handle],
                known=_is_known(code) and not pdfium.FPDFText_HasUnicodeMapError(raw, at),
            )
    finally:
        text.close()


def _paired(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """The characters with those beyond the basic plane put together from their two halves."""
    half: _Mark | None = None
    for mark in marks:
        if half and "\udc00" <= mark.text <= "\udfff":
            text = (half.text + mark.text).encode("utf-16", "surrogatepass").decode("utf-16")
            yield replace(mark, text=text, known=True)
        elif not "\ud800" <= mark.text <= "\udfff":
            yield mark
        half = mark if "\ud800" <= mark.text <= "\udbff" else None


def _character(code: int) -> str:
    char = chr(code) if code < 0x110000 else "\ufffd"
    return "-" if char == _HYPHEN else plain(char)


def _is_known(code: int) -> bool:
    """Whether a code stands for a character that a person reads; private ones do not."""
    return code >= 0x20 and not (0xD800 <= code < 0xF900 or code == 0xFFFD or 0x80 <= code < 0xA0)


def _inside(mark: _Mark, bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = mark.box
    x, y = (left + right) / 2, (bottom + top) / 2
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3] and mark.size >= _SMALLEST


def _turns(marks: Sequence[_Mark], otherwise: int) -> int:
    """The quarters by which the page is to be turned clockwise for most of its text."""
    turns = Counter(round(mark.angle / (math.pi / 2)) % 4 for mark in marks if mark.text.strip())
    return turns.most_common(1)[0][0] if turns else otherwise


def _lean(mark: _Mark, frame: Frame) -> float:
    """How far from level a character stands on the turned page, in radians."""
    away = (mark.angle - frame.turns * math.pi / 2) % (2 * math.pi)
    return min(away, 2 * math.pi - away)


def _glyph(mark: _Mark, frame: Frame) -> Glyph:
    left, bottom, right, top = mark.box
    box = frame.box((left, bottom), (right, top))
    return Glyph(mark.text, box.x0, box.x1, frame.point(*mark.origin)[1], mark.size)


def _asides(marks: Sequence[_Mark], frame: Frame) -> Iterator[Line]:
    """The lines that run upward, downward or across the page."""
    marks = sorted(marks, key=lambda mark: round(mark.angle, 2))
    for angle, turned in groupby(marks, key=lambda mark: round(mark.angle, 2)):
        along, across = math.cos(angle), math.sin(angle)
        for line in lines((_turned(mark, along, across) for mark in turned), columns=False):
            u, v = (line.x0 + line.x1) / 2, -(line.top + line.bottom) / 2
            x, y = frame.point(u * along - v * across, u * across + v * along)
            lean = angle - frame.turns * math.pi / 2
            wide = (line.x1 - line.x0) * abs(math.cos(lean)) + line.size * abs(math.sin(lean))
            high = (line.x1 - line.x0) * abs(math.sin(lean)) + line.size * abs(math.cos(lean))
            yield Line(line.text, x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, line.size)


def _turned(mark: _Mark, along: float, across: float) -> Glyph:
    """A character as it stands where its own line is level."""
    x, y = mark.origin
    left, bottom, right, top = mark.box
    wide = max(right - left, top - bottom) if min(abs(along), abs(across)) < _LEAN else mark.size
    start = x * along + y * across
    return Glyph(mark.text, start, start + wide, x * across - y * along, mark.size)
