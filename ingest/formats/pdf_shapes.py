"""The ruling lines and pictures of a PDF page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfMatrix, PdfPage

from ingest.layout.printed import Box
from ingest.layout.ruled import Rule

_THIN = 3.0  # points: a shape that is no thicker is a ruling line
_STRAIGHT = 1.0  # points by which a straight line may slant
_DEPTH = 8  # of forms inside forms
_MOST = 20_000  # points of shapes: a map has more, a table never

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's own space, which grows upward, turned clockwise by `turns` quarters.

    Turned, its origin is the top left corner and it grows downward.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as turned."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turns % 2 else (wide, high)

    def point(self, x: float, y: float) -> Point:
        """A point of the page's own space."""
        match self.turns:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y

    def box(self, *points: Point) -> Box:
        """The rectangle around points of the page's own space."""
        turned = [self.point(*point) for point in points]
        xs, ys = [x for x, _ in turned], [y for _, y in turned]
        return Box(min(xs), min(ys), max(xs), max(ys))


def shapes(page: PdfPage, frame: Frame) -> tuple[tuple[Rule, ...], tuple[Box, ...]]:
    """The level and upright lines of a page, and the boxes of its pictures."""
    rules: list[Rule] = []
    pictures: list[Box] = []
    for number, (kind, item, matrix) in enumerate(_objects(page)):
        if number > _MOST or len(rules) > _MOST:
            break
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules += _rules(item, matrix, frame)
        else:
            box = frame.box(*(matrix.on_point(x, y) for x, y in ((0, 0), (0, 1), (1, 0), (1, 1))))
            thin = _rule(box)
            if thin:
                rules.append(thin)
            else:
                pictures.append(box)
    return tuple(rules), tuple(pictures)


def _objects(page: PdfPage) -> Iterator[tuple[int, ctypes._Pointer[Any], PdfMatrix]]:
    """Paths and pictures with the matrix that leads to the page's space, forms opened."""
    pending = [
        (pdfium.FPDFPage_GetObject(page.raw, at), PdfMatrix(), 0)
        for at in range(pdfium.FPDFPage_CountObjects(page.raw))
    ]
    pending.reverse()
    raw = pdfium.FS_MATRIX()
    while pending:
        item, outer, depth = pending.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in _KINDS or not pdfium.FPDFPageObj_GetMatrix(item, raw):
            continue
        matrix = PdfMatrix.from_raw(raw).multiply(outer)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield kind, item, matrix
        elif depth < _DEPTH:
            count = pdfium.FPDFFormObj_CountObjects(item)
            pending += [
                (pdfium.FPDFFormObj_GetObject(item, at), matrix, depth + 1)
                for at in reversed(range(count))
            ]


_KINDS = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)


def _rules(path: ctypes._Pointer[Any], matrix: PdfMatrix, frame: Frame) -> Iterator[Rule]:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, filled, stroked)
    if not filled.value and not stroked.value:
        return
    for line in _strokes(path, matrix):
        thin = _rule(frame.box(*line))
        if thin:
            yield thin
        elif stroked.value:
            for pair in pairwise(line):
                edge = frame.box(*pair)
                if min(edge.x1 - edge.x0, edge.bottom - edge.top) <= _STRAIGHT and (
                    rule := _rule(edge)
                ):
                    yield rule


def _strokes(path: ctypes._Pointer[Any], matrix: PdfMatrix) -> Iterator[list[Point]]:
    """The lines of a path, each a list of points; one with a curve is left out."""
    x, y = ctypes.c_float(), ctypes.c_float()
    line: list[Point] = []
    straight = True
    for at in range(min(pdfium.FPDFPath_CountSegments(path), _MOST)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if straight and len(line) > 1:
                yield line
            line, straight = [], True
        straight = straight and kind != pdfium.FPDF_SEGMENT_BEZIERTO
        line.append(matrix.on_point(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            line.append(line[0])
    if straight and len(line) > 1:
        yield line


def _rule(box: Box) -> Rule | None:
    """The line that a thin shape draws; None for any other shape."""
    wide, high = box.x1 - box.x0, box.bottom - box.top
    if min(wide, high) > _THIN or max(wide, high) <= min(wide, high):
        return None
    if high < wide:
        return Rule(False, (box.top + box.bottom) / 2, box.x0, box.x1)
    return Rule(True, (box.x0 + box.x1) / 2, box.top, box.bottom)
