"""A scanned page as pixels: turned upright, its text boxes and its ruling lines found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.layout.printed import Box
from ingest.layout.ruled import Rule

_STRIP = 1.5  # of its width: a taller picture is searched in strips
_RED = 40  # by how much more red than green or blue the ink of a seal is
_SEAL = (
    0.15,
    0.4,
)  # share of the page's width: a seal measures 3.8 to 5 cm, red letters of a head 2
_ROUND = 0.6  # of its longer side, the shorter side of a seal
_PALE = 0.6  # of the light of the paper: red light makes the ink of a seal no darker
_SKEW = 0.2  # degrees: less is straight
_WORST_SKEW = 15.0  # degrees: more is no skew of a scan
_LONG = 3.0  # times as long as high: such a box tells the direction of its line
_RULE_WIDTH = 2.5  # of the usual box height, the shortest level rule
_RULE_HEIGHT = 1.5  # of the usual box height, the shortest upright rule
_LEVEL = 0.7  # share of their height that parts of one line have in common
_TORN = 0.3  # of its height, the gap in a line that was found in parts
_BESIDE, _ABOVE = 0.3, 0.2  # of the height of a text box: the paper that it is read with
_OFF = 2  # pixels that a text box keeps from the middle of a rule
_THICK = 0.4  # of the usual box height: a thicker bar is no rule
_DARKER = 30  # levels of grey by which ink is darker than the paper around it
_AROUND = 50  # pixels, the least size of the paper around ink
_BROKEN = 0.08  # of the usual box height, a gap in a rule
_INKED = 0.0005  # share of dark pixels of a page that is not blank

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Quad:
    """Where a line of text was found: its four corners, clockwise from the top left of the text."""

    points: tuple[tuple[float, float], ...]

    @property
    def box(self) -> Box:
        """The upright rectangle around it."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def is_tall(self) -> bool:
        """Whether it is much higher than wide, as lines of a page on its side are."""
        box = self.box
        return box.bottom - box.top > 1.5 * (box.x1 - box.x0)


def pixels_of(image: Image.Image) -> Pixels:
    """The pixels of a picture in the order blue, green, red, that of OpenCV."""
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), dtype=np.uint8)[:, :, ::-1])


def without_seals(pixels: Pixels) -> Pixels:
    """The page without the red seals over its signatures: in red light only the text is dark."""
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    stamped = (red - np.maximum(blue, green) > _RED).astype(np.uint8)
    if not stamped.any():
        return pixels
    wide = pixels.shape[1]
    joint = cv2.dilate(stamped, _dot(5))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joint)
    clean = pixels.copy()
    for x, y, across, down, _ in stats[1:].tolist():
        least, most = sorted((across, down))
        if _SEAL[0] * wide < most < _SEAL[1] * wide and least > _ROUND * most:
            part = clean[y : y + down, x : x + across]
            light = part[:, :, 2].copy()
            paper = np.median(light)
            inked = cv2.dilate(stamped[y : y + down, x : x + across], _dot(5)) > 0
            light[inked & (light > _PALE * paper)] = paper
            part[:] = light[:, :, None]
    return clean


def strips(pixels: Pixels) -> Iterator[tuple[int, Pixels]]:
    """A very tall picture in parts, cut where it is emptiest, each with its top."""
    high, wide = pixels.shape[:2]
    dark = _ink(pixels).sum(axis=1)
    top, step = 0, int(wide * _STRIP)
    while high - top > step * 1.2:
        first = top + step * 2 // 3
        cut = first + int(np.argmin(dark[first : top + step]))
        yield top, pixels[top:cut]
        top = cut
    yield top, pixels[top:]


def skew(quads: Sequence[Quad]) -> float:
    """By how many degrees the lines of a page slant clockwise."""
    slants = []
    for quad in quads:
        (x0, y0), (x1, y1) = quad.points[:2]
        box = quad.box
        if box.x1 - box.x0 > _LONG * (box.bottom - box.top):
            slants.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    slant = median(slants) if slants else 0.0
    return slant if _SKEW <= abs(slant) <= _WORST_SKEW else 0.0


def straightened(
    pixels: Pixels, quads: Sequence[Quad], degrees: float
) -> tuple[Pixels, list[Quad]]:
    """The page and the boxes on it turned back by its skew, on white."""
    high, wide = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        pixels, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    (a, c, e), (b, d, f) = matrix.tolist()
    straight = [
        Quad(tuple((a * x + c * y + e, b * x + d * y + f) for x, y in quad.points))
        for quad in quads
    ]
    return np.asarray(turned, dtype=np.uint8), straight


def is_blank(pixels: Pixels) -> bool:
    """Whether a page shows nothing but paper."""
    return bool(_ink(pixels).mean() < 255 * _INKED)


def rules_of(pixels: Pixels, height: float) -> list[Rule]:
    """The ruling lines of tables on a straight page, in pixels; `height` is that of a text box."""
    ink = _ink(pixels, height)
    found = []
    for upright, length in ((False, height * _RULE_WIDTH), (True, height * _RULE_HEIGHT)):
        size = max(3, round(length))
        closed = cv2.morphologyEx(
            ink, cv2.MORPH_CLOSE, _bar(max(1, round(height * _BROKEN)), upright)
        )
        opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _bar(size, upright))
        _, _, stats, _ = cv2.connectedComponentsWithStats(opened)
        for x, y, wide, high, _ in stats[1:].tolist():
            if (wide if upright else high) <= _THICK * height:
                start, end = (y, y + high) if upright else (x, x + wide)
                found.append(Rule(upright, x + wide / 2 if upright else y + high / 2, start, end))
    return [rule for rule in found if _is_of_table(rule, found, height / 3)]


def _is_of_table(rule: Rule, rules: Sequence[Rule], near: float) -> bool:
    """Whether a rule, with others in its line, crosses or touches at least two rules."""
    line = [r for r in rules if r.upright is rule.upright and abs(r.at - rule.at) < near]
    met = (
        other.at
        for other in rules
        if other.upright is not rule.upright
        and other.start - near < rule.at < other.end + near
        and any(part.start - near < other.at < part.end + near for part in line)
    )
    places = sorted(met)
    return bool(places) and places[-1] - places[0] > near


def joined(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that are parts of one line put together, top to bottom."""
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x0):
        high = box.bottom - box.top
        for at, line in enumerate(lines):
            shared = min(line.bottom, box.bottom) - max(line.top, box.top)
            level = shared > _LEVEL * max(high, line.bottom - line.top)
            if level and box.x0 - line.x1 < _TORN * high:
                lines[at] = Box(
                    line.x0,
                    min(line.top, box.top),
                    max(line.x1, box.x1),
                    max(line.bottom, box.bottom),
                )
                break
        else:
            lines.append(box)
    return sorted(lines, key=lambda box: (box.top, box.x0))


def cut(box: Box, rules: Sequence[Rule]) -> list[Box]:
    """A text box in pieces where upright rules run through it."""
    margin = (box.bottom - box.top) / 8
    places = sorted(
        rule.at
        for rule in rules
        if rule.upright
        and box.x0 + margin < rule.at < box.x1 - margin
        and min(rule.end, box.bottom) - max(rule.start, box.top) > 0.6 * (box.bottom - box.top)
    )
    pieces = [replace(box, x0=x0, x1=x1) for x0, x1 in pairwise([box.x0, *places, box.x1])]
    return [piece for piece in pieces if piece.x1 - piece.x0 > 2 * margin]


def padded(box: Box, others: Sequence[Box], rules: Sequence[Rule]) -> Box:
    """A text box with some paper around it, as far as no other box and no rule stands there.

    Detected boxes are tight, and characters without their paper are misread.
    """
    high = box.bottom - box.top
    x0, x1 = box.x0 - _BESIDE * high, box.x1 + _BESIDE * high
    top, bottom = box.top - _ABOVE * high, box.bottom + _ABOVE * high
    for other in others:
        if other == box or _gap(other, Box(x0, top, x1, bottom)) >= 0:
            continue
        if _are_beside(box, other):
            if other.x0 > box.x0:
                x1 = min(x1, (other.x0 + box.x1) / 2)
            else:
                x0 = max(x0, (other.x1 + box.x0) / 2)
        elif other.top > box.top:
            bottom = min(bottom, max(box.bottom, (other.top + box.bottom) / 2))
        else:
            top = max(top, min(box.top, (other.bottom + box.top) / 2))
    margin = high / 8
    for rule in rules:
        if rule.upright and rule.start < box.bottom and rule.end > box.top:
            x0 = max(x0, rule.at + _OFF) if rule.at < box.x0 + margin else x0
            x1 = min(x1, rule.at - _OFF) if rule.at > box.x1 - margin else x1
        elif not rule.upright and rule.start < box.x1 and rule.end > box.x0:
            top = max(top, rule.at + _OFF) if rule.at < box.top + margin else top
            bottom = min(bottom, rule.at - _OFF) if rule.at > box.bottom - margin else bottom
    return Box(x0, top, x1, bottom)


def _are_beside(box: Box, other: Box) -> bool:
    """Whether two boxes are parts of one line, though they may overlap a little."""
    shared = min(other.bottom, box.bottom) - max(other.top, box.top)
    across = min(other.x1, box.x1) - max(other.x0, box.x0)
    return shared > (box.bottom - box.top) / 2 and across < min(
        (other.x1 - other.x0) / 2, (box.x1 - box.x0) / 2
    )


def _gap(one: Box, other: Box) -> float:
    """How far two boxes are apart; less than 0 where they overlap."""
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    return max(across, max(one.top, other.top) - min(one.bottom, other.bottom))


def crop(pixels: Pixels, box: Box) -> Pixels:
    """What a box shows."""
    high, wide = pixels.shape[:2]
    top, bottom = max(0, math.floor(box.top)), min(high, math.ceil(box.bottom))
    left, right = max(0, math.floor(box.x0)), min(wide, math.ceil(box.x1))
    return pixels[top:bottom, left:right]


def _ink(pixels: Pixels, height: float = 0.0) -> Pixels:
    """255 where a page is darker than the paper around, else 0."""
    around = round(max(_AROUND, 6 * height)) // 2 * 2 + 1
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, _DARKER
    )
    return np.asarray(ink, dtype=np.uint8)


def _dot(size: int) -> Pixels:
    return np.ones((size, size), dtype=np.uint8)


def _bar(length: int, upright: bool) -> Pixels:
    return np.ones((length, 1) if upright else (1, length), dtype=np.uint8)
