"""Scanned pages and other pictures of text, read by character recognition.

Recognition is an extra, `pip install 'wence[ocr]'`: RapidOCR with the models that lie in its own
package, so that nothing is fetched from anywhere.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFile, ImageOps, ImageSequence

from errors import UnreadableFile
from ingest.document import Source
from ingest.formats.blocks import ordered
from ingest.layout.glyphs import Glyph, lines
from ingest.layout.pages import compose
from ingest.layout.printed import Box, Line, Page, TableBlock
from ingest.layout.ruled import Rule, tables

if TYPE_CHECKING:
    from ingest.formats.recognition import Piece, Scan

LONG_SIDE = 842.0  # points of an A4 page, the usual paper
MAX_PAGES = 2000  # of one file
MAX_PIXELS = Image.MAX_IMAGE_PIXELS or 0  # of one page: A3 at 600 dots an inch has 70 million
_MOST_WIDTH = 3600  # pixels of the shorter side: A4 at 400 dots an inch; more tells nothing new
_DOUBTFUL = 0.8  # score below which a person should look
_QUOTED = 3  # doubtful lines that a note quotes
_BASELINE = 0.38  # of the character size, below the middle of a line
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def is_available() -> bool:
    """Whether character recognition is installed, with its models."""
    package = find_spec("rapidocr")
    if package is None or package.origin is None or find_spec("onnxruntime") is None:
        return False
    models = [path.name for path in Path(package.origin).with_name("models").glob("*.onnx")]
    return all(any(f"_{task}_" in name for name in models) for task in ("det", "rec"))


def read(data: bytes, name: str) -> Source:
    """The text of a picture; a TIFF may hold many pages.

    Raises `UnreadableFile` where it is damaged or too large, shows no text, or recognition is not
    installed.
    """
    return read_pages(pictures(data, name), name)


def read_pages(images: Iterable[Image.Image], name: str) -> Source:
    """The text of scanned pages, in their order. Raises `UnreadableFile` as `read` does."""
    check_installed(name)
    pages = [page_of(image, number) for number, image in enumerate(images, 1)]
    if not any(page.blocks for page in pages):
        raise UnreadableFile(f"{name}：没有认出文字，请核对图片内容，或换一份更清楚的扫描件")
    return compose(pages)


def lines_of(image: Image.Image, name: str = "文件") -> tuple[Line, ...]:
    """The printed lines of a page in reading order, in pixels of the page as it stands upright.

    `name` is how a message calls the file. Raises `UnreadableFile` where recognition is not
    installed.
    """
    check_installed(name)
    scan = _recognised(image)
    factor = max(image.size) / max(scan.width, scan.height)
    pieces = [_scaled(piece, factor) for piece in scan.pieces]
    return _lines([_glyph(piece) for piece in pieces], pieces)


def page_of(image: Image.Image, number: int, long_side: float = LONG_SIDE) -> Page:
    """A scanned page with its lines and tables, in points; its longer side is `long_side`.

    `number` is how notes call the page. Recognition must be installed, see `is_available`.
    """
    scan = _recognised(image)
    factor = long_side / max(scan.width, scan.height)
    pieces = [_scaled(piece, factor) for piece in scan.pieces]
    rules = [
        Rule(rule.upright, rule.at * factor, rule.start * factor, rule.end * factor)
        for rule in scan.rules
    ]
    found, rest = tables(rules, [_glyph(piece) for piece in pieces])
    blocks = ordered(_lines(rest, pieces), [_scored(table, pieces) for table in found])
    return Page(scan.width * factor, scan.height * factor, blocks, tuple(_notes(scan, number)))


def pictures(data: bytes, name: str) -> Iterator[Image.Image]:
    """The pages of a file, one after the other. Raises `UnreadableFile` where it is damaged."""
    if not data:
        raise UnreadableFile(f"{name}：文件是空的，没有可导入的文字")
    number = 0
    try:
        with _opened(data) as file:
            frames = ImageSequence.Iterator(file) if file.format == "TIFF" else [file]
            for number, frame in enumerate(frames, 1):
                if number > MAX_PAGES:
                    raise UnreadableFile(f"{name}：超过 {MAX_PAGES:,} 页，请拆分后再导入")
                if frame.width * frame.height > MAX_PIXELS:
                    raise UnreadableFile(
                        f"{name}：第{number}页有 {frame.width}×{frame.height} 个像素，"
                        f"上限 {MAX_PIXELS:,} 个，请缩小后再导入"
                    )
                yield _flat(frame)
    except _DAMAGE:
        where = f"第{number}页" if number > 1 else "图片"
        raise UnreadableFile(f"{name}：{where}已损坏，无法打开，请重新下载或另存一份") from None


def check_installed(name: str) -> None:
    """Raises `UnreadableFile` where character recognition is not installed."""
    if not is_available():
        raise UnreadableFile(
            f"{name}：是扫描件，需要文字识别：请执行 pip install 'wence[ocr]' 后再导入"
        )


def _recognised(image: Image.Image) -> Scan:
    from ingest.formats.recognition import recognise  # an extra that need not be installed

    return recognise(_flat(image))


def _opened(data: bytes) -> ImageFile.ImageFile:
    with warnings.catch_warnings():  # of odd metadata, and of a size that is checked for each page
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(data))


def _flat(image: Image.Image) -> Image.Image:
    """The picture in colours on white, as it was held when it was taken, and not over large."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode[0] in "IF":  # 16 or 32 bits of grey
        grey = np.asarray(upright, dtype=np.float64)
        upright = Image.fromarray((grey * 255 / max(grey.max(), 255)).clip(0, 255).astype(np.uint8))
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    flat = upright.convert("RGB")
    factor = _MOST_WIDTH / min(flat.size)
    return flat.resize([max(1, round(side * factor)) for side in flat.size]) if factor < 1 else flat


def _scaled(piece: Piece, factor: float) -> Piece:
    box = piece.box
    return replace(
        piece,
        box=Box(box.x0 * factor, box.top * factor, box.x1 * factor, box.bottom * factor),
    )


def _glyph(piece: Piece) -> Glyph:
    """Recognised text as one character of a line: it stands together."""
    box = piece.box
    size = box.bottom - box.top
    baseline = (box.top + box.bottom) / 2 + _BASELINE * size
    return Glyph(piece.text, box.x0, box.x1, baseline, size)


def _lines(glyphs: Sequence[Glyph], pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """The lines that recognised text forms, each with the lowest score of its parts."""
    return tuple(replace(line, score=_score(line.text, line, pieces)) for line in lines(glyphs))


def _scored(table: TableBlock, pieces: Sequence[Piece]) -> TableBlock:
    rows = tuple(
        tuple(replace(cell, score=_score(cell.text, table, pieces)) for cell in row)
        for row in table.rows
    )
    return replace(table, rows=rows)


def _score(text: str, place: Line | TableBlock, pieces: Iterable[Piece]) -> float | None:
    """The lowest score of what was recognised at a place and stands in its text."""
    return min(
        (
            piece.score
            for piece in pieces
            if place.x0 <= (piece.box.x0 + piece.box.x1) / 2 <= place.x1
            and place.top <= (piece.box.top + piece.box.bottom) / 2 <= place.bottom
            and piece.text in text
        ),
        default=None,
    )


def _notes(scan: Scan, number: int) -> Iterator[str]:
    """What a person should look at on a page."""
    doubtful = [piece for piece in scan.pieces if piece.score < _DOUBTFUL]
    if doubtful:
        quoted = "、".join(f"“{piece.text}”" for piece in doubtful[:_QUOTED])
        more = f"等 {len(doubtful)} 处" if len(doubtful) > _QUOTED else ""
        least = min(piece.score for piece in doubtful)
        yield f"第{number}页{quoted}{more}识别把握不高（{least:.2f}），请核对"
    if not scan.pieces and not scan.is_blank:
        yield f"第{number}页没有认出文字，请对照原件"
