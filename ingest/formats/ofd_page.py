"""What the parts of an OFD page draw (GB/T 33190-2016, 8 to 13): characters, rules and pictures."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ingest.formats.ofd_package import Element, child, children, numbers, tag
from ingest.formats.ofd_shapes import Matrix, Point, Shape, box_of, rules_of
from ingest.formats.ofd_text import Mark, marks_of
from ingest.layout.printed import Box
from ingest.layout.ruled import Rule

POINTS = 72 / 25.4  # of a millimetre, the unit of OFD
_DEPTH = 8  # of composite objects inside composite objects
_MOST = 300_000  # characters of a page
_LARGER = 10  # times, by which a page may be larger than it says
_GROUPS = ("Layer", "PageBlock", "Content")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: where it stands, the resource that holds it, and how many quarters it is turned
    clockwise."""

    box: Box
    resource: str
    quarters: int = 0


@dataclass(slots=True)
class Drawn:
    """What a page shows, in points, turned so that most of its characters stand upright.

    `hidden` are characters that are stored but not drawn, as under a scan. `lost` counts the
    objects whose resource the file does not hold.
    """

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)
    hidden: list[Mark] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    lost: int = 0


def drawn(
    parts: Iterable[Element], units: Mapping[str, Element], width: float, height: float
) -> Drawn:
    """What the page and its templates draw. Width and height are in millimetres.

    Raises `ValueError` where there are more characters than a page can hold.
    """
    page = Drawn(width * POINTS, height * POINTS)
    shapes: list[Shape] = []
    for part in parts:
        _walk(part, Matrix().scaled(POINTS), units, page, shapes)
    if len(page.marks) + len(page.hidden) > _MOST:
        raise ValueError("too many characters")
    for picture in page.pictures:  # some producers tell another size than they draw on
        page.width = max(page.width, min(picture.box.x1, _LARGER * page.width))
        page.height = max(page.height, min(picture.box.bottom, _LARGER * page.height))
    _turn(page, shapes)
    page.rules = [rule for shape in shapes for rule in rules_of(shape)]
    return page


def _walk(
    group: Element,
    matrix: Matrix,
    units: Mapping[str, Element],
    page: Drawn,
    shapes: list[Shape],
    *,
    seen: bool = True,
    depth: int = 0,
) -> None:
    for item in group:
        shown = seen and _is_seen(item)
        own = _placed(item, matrix)
        match tag(item):
            case kind if kind in _GROUPS:
                _walk(item, matrix, units, page, shapes, seen=shown, depth=depth)
            case "TextObject":
                marks = page.marks if shown else page.hidden
                marks.extend(marks_of(item, own, len(marks)))
            case "PathObject" if shown:
                shapes += _shapes(item, own)
            case "ImageObject" if shown:
                turn = round(math.atan2(own.b, own.a) / (math.pi / 2)) % 4
                page.pictures.append(
                    Picture(_frame(item, matrix), item.get("ResourceID", ""), turn)
                )
            case "CompositeObject":
                unit = units.get(item.get("ResourceID", ""))
                if unit is None or depth == _DEPTH:
                    page.lost += 1
                else:
                    _walk(unit, own, units, page, shapes, seen=shown, depth=depth + 1)


def _is_seen(item: Element) -> bool:
    """Whether an object leaves anything on the page."""
    if item.get("Visible") == "false" or item.get("Alpha") == "0":
        return False
    if tag(item) != "TextObject":
        return True
    color = child(item, "FillColor")
    filled = item.get("Fill") != "false" and (color is None or color.get("Alpha") != "0")
    return filled or item.get("Stroke") == "true"


def _placed(item: Element, outer: Matrix) -> Matrix:
    """The way from an object's own space to the page's: CTM, then the corner of its boundary."""
    corner = numbers(item.get("Boundary"))[:2]
    own = numbers(item.get("CTM"))
    matrix = Matrix(*own) if len(own) == 6 else Matrix()
    if len(corner) == 2:
        matrix = matrix.then(Matrix(e=corner[0], f=corner[1]))
    return matrix.then(outer)


def _frame(item: Element, outer: Matrix) -> Box:
    """The boundary of an object as a box on the page."""
    x, y, wide, high = (*numbers(item.get("Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
    return box_of([outer.point(x, y), outer.point(x + wide, y + high)])


_COMMAND = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}  # numbers of a command, GB/T 33190 9.1


def _shapes(item: Element, matrix: Matrix) -> Iterator[Shape]:
    """The lines of a path; one with a curve is left out."""
    stroked, filled = item.get("Stroke") != "false", item.get("Fill") == "true"
    if not stroked and not filled:
        return
    data = " ".join("".join(one.itertext()) for one in children(item, "AbbreviatedData"))
    line: list[Point] = []
    straight = True
    for command, values in _commands(data):
        if command in "SM":
            if straight:
                yield Shape(tuple(line), stroked)
            line, straight = [], True
        if command == "C":
            line += line[:1]
        else:
            straight = straight and command in "SML"
            line.append(matrix.point(*values[-2:]))
    if straight:
        yield Shape(tuple(line), stroked)


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    command, values = "", list[float]()
    for word in _COMMAND.findall(data):
        if word.isalpha():
            command, values = word.upper(), []
            if command in ("C", "Z"):
                yield "C", []
            continue
        values.append(float(word))
        if len(values) == _TAKES.get(command):
            yield command, values
            values = []


def _turn(page: Drawn, shapes: list[Shape]) -> None:
    """Turn a page of which most characters lie on their side, such as a wide table."""
    turns = Counter(round(mark.lean / (math.pi / 2)) % 4 for mark in page.marks or page.hidden)
    quarter = turns.most_common(1)[0][0] if turns else 0
    if not quarter:
        return
    wide, high = page.width, page.height
    matrix = {
        1: Matrix(0, -1, 1, 0, 0, wide),
        2: Matrix(-1, 0, 0, -1, wide, high),
        3: Matrix(0, 1, -1, 0, high, 0),
    }[quarter]
    if quarter != 2:
        page.width, page.height = high, wide
    page.marks = [mark.through(matrix) for mark in page.marks]
    page.hidden = [mark.through(matrix) for mark in page.hidden]
    shapes[:] = [
        Shape(tuple(matrix.point(*one) for one in shape.points), shape.stroked) for shape in shapes
    ]
    page.pictures = [_turned(picture, matrix, quarter) for picture in page.pictures]


def _turned(picture: Picture, matrix: Matrix, quarter: int) -> Picture:
    box = picture.box
    corners = [matrix.point(box.x0, box.top), matrix.point(box.x1, box.bottom)]
    return Picture(box_of(corners), picture.resource, (picture.quarters - quarter) % 4)
