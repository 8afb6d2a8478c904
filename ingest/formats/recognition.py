"""Characters of a scanned page by RapidOCR, with the models that its package carries (PP-OCRv6).

On rendered documents at 150 to 300 dots an inch it misreads none of the characters of clean pages,
and 1 in 1,000 of pages with the noise, blur and skew of a scan, mostly 〕 as ]. Of another 2 to 4 in
1,000 it takes full-width punctuation for half-width or the other way about.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import rapidocr
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetOutput
from rapidocr.ch_ppocr_rec import TextRecOutput

from ingest.formats.scans import (
    Pixels,
    Quad,
    crop,
    cut,
    is_blank,
    joined,
    padded,
    pixels_of,
    rules_of,
    skew,
    straightened,
    strips,
    without_seals,
)
from ingest.layout.printed import Box
from ingest.layout.ruled import Rule

THREADS = 2
_DETECTED_SIDE = 1600  # pixels of the longer side on which lines are searched
_ANY_SIDE = 100_000  # no scaling before that
_SAMPLE = 5  # lines that tell which way up a page on its side is
_UPRIGHT = 0.85  # score below which a page may lie upside down


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that was recognised in a box; `score` lies between 0 and 1."""

    text: str
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Scan:
    """What was recognised on a page, in pixels of the page turned upright and straight.

    `height` is that of a usual text box.
    """

    width: int
    height: int
    pieces: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    is_blank: bool

    @property
    def score(self) -> float:
        """How sure the recognition of an average character was."""
        length = sum(len(piece.text) for piece in self.pieces)
        return sum(piece.score * len(piece.text) for piece in self.pieces) / max(1, length)


def recognise(image: Image.Image) -> Scan:
    """Read a page, whichever way up it lies."""
    pixels = without_seals(pixels_of(image))
    quads = _found(pixels)
    if sum(quad.is_tall for quad in quads) * 2 > len(quads):
        pixels, quads = max((_turned(pixels, turns) for turns in (1, 3)), key=_legibility)
    scan = _scan(pixels, quads)
    if scan.pieces and scan.score < _UPRIGHT:
        return max(scan, _scan(*_turned(pixels, 2)), key=lambda scan: scan.score)
    return scan


def _turned(pixels: Pixels, quarters: int) -> tuple[Pixels, list[Quad]]:
    """A page turned clockwise, and its lines."""
    turned = np.ascontiguousarray(np.rot90(pixels, -quarters))
    return turned, _found(turned)


def _legibility(page: tuple[Pixels, list[Quad]]) -> float:
    """How well the longest lines of a page can be read, 0 to 1."""
    pixels, quads = page
    longest = sorted((quad.box for quad in quads), key=lambda box: box.x0 - box.x1)[:_SAMPLE]
    return sum(_read(pixels, box, box).score for box in longest) / max(1, len(longest))


def _scan(pixels: Pixels, quads: list[Quad]) -> Scan:
    slant = skew(quads)
    if slant:
        pixels, quads = straightened(pixels, quads, slant)
    high, wide = pixels.shape[:2]
    usual = median([quad.box.bottom - quad.box.top for quad in quads] or [0])
    rules = tuple(rules_of(pixels, usual)) if quads else ()
    lines = joined([piece for quad in quads for piece in cut(quad.box, rules)])
    boxes = [piece for line in lines for piece in cut(line, rules)]
    pieces = tuple(
        piece for box in boxes if (piece := _read(pixels, padded(box, boxes, rules), box)).text
    )
    return Scan(wide, high, pieces, rules, not quads and is_blank(pixels))


def _found(pixels: Pixels) -> list[Quad]:
    """Where lines of text are, top to bottom."""
    quads: list[Quad] = []
    for top, strip in strips(pixels):
        found = _detector()(strip)
        if isinstance(found, TextDetOutput) and found.boxes is not None:
            quads += [
                Quad(tuple((float(x), float(y) + top) for x, y in corners))
                for corners in found.boxes
            ]
    return quads


def _read(pixels: Pixels, around: Box, box: Box) -> Piece:
    """What a box says, read with the paper around it."""
    part = crop(pixels, around)
    found = _reader()(part) if part.size else None
    if not isinstance(found, TextRecOutput) or not found.txts:
        return Piece("", box, 0.0)
    return Piece(found.txts[0].strip(), box, float(found.scores[0]))


@cache
def _detector() -> RapidOCR:
    return RapidOCR(
        params=_options("det")
        | {
            "Global.use_rec": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED_SIDE,
        }
    )


@cache
def _reader() -> RapidOCR:
    return RapidOCR(params=_options("rec") | {"Global.use_det": False})


def _options(task: str) -> dict[str, object]:
    """Settings of one task, with the model file named, so that nothing is ever fetched.

    Raises `FileNotFoundError` where the package has none.
    """
    cv2.setNumThreads(THREADS)
    folder = Path(rapidocr.__file__).parent / "models"
    model = next(iter(sorted(folder.glob(f"*_{task}_*.onnx"))), None)
    if model is None:
        raise FileNotFoundError(f"{folder}: no {task} model")
    return {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.max_side_len": _ANY_SIDE,
        f"{task.title()}.model_path": str(model),
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
