"""What pages carry besides their text: page numbers and running heads."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from statistics import median

from ingest.document import ResidueKind
from ingest.layout.printed import Line, Page
from numerals import to_int

Where = tuple[int, int]  # number of the page and of the block on it, both from 0

_OUTER = 3  # lines at the top and at the bottom of a page among which numbers and heads are
_LEAST_PAGES = 3  # that carry a running head; in a short document two
_SHORT_DOCUMENT = 5  # pages
_SHORT_HEAD = 4  # characters: a shorter one must be on most pages
_MOST = 0.6  # share of the pages
_LONG_HEAD = 6  # characters of a head that two pages are enough for
_SHARE = 0.8  # of the pages with a head, on which its figures must go on with the pages
_AT_EDGE = 0.12  # of the page's height: where a lone figure is a page number
_OFF = 1.2  # times the usual distance of lines: so far a head stands off from the text
_OTHER_SIZE = 0.05  # of the character size
_SAME_HEIGHT = 0.02  # of the page's height: heads of two pages stand at one height

_LONGEST = 24  # characters of a page number with what is printed around it

_FIGURE = r"[0-9０-９]{1,4}|[ivxlIVXL]{1,6}"
_NUMBER = rf"(?:(?P<n>{_FIGURE})|[〇零一二三四五六七八九十百]{{1,5}})"
_DASH = r"[-‐-―－─━一~～·•．.…]"
_PAGE_NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DASH}+{_NUMBER}{_DASH}+",  # — 3 —
        rf"第{_NUMBER}页(?:[,，/／]?共(?:{_FIGURE})页)?",  # 第3页 共10页
        rf"共(?:{_FIGURE})页[,，/／]?第{_NUMBER}页",
        r"(?P<n>[0-9０-９]{1,4})[/／][0-9０-９]{1,4}",  # 3/10
        rf"page(?P<n>{_FIGURE})(?:of(?:{_FIGURE}))?",
    )
)
_BARE = re.compile(rf"(?P<n>{_FIGURE})")  # 3: a page number only by its place or by its order
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_COUNTED = re.compile(r"附|表\d|图\d|专栏|案例|第\d+[章节条]")  # heads of parts, not of pages
_FIGURES = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Outer:
    """A line near the top or the bottom of its page.

    `depth` is how far its middle is from that edge, as a share of the page's height; `text` has
    no blanks. `outermost`: nothing stands between it and the edge. `step` is how far the next
    line further in is away, in character sizes; `set_off` says that one is of another size.
    """

    where: Where
    line: Line
    text: str
    at_top: bool
    outermost: bool
    depth: float
    step: float
    set_off: bool


def furniture(pages: Sequence[Page], *, spaced: bool = True) -> dict[Where, ResidueKind]:
    """The page numbers and running heads, each by its page and its place among the blocks.

    Where the distances of lines are those of print, `spaced`, a head stands off from the text.
    """
    outer = [one for number, page in enumerate(pages) for one in _outer(number, page)]
    found = dict.fromkeys(_numbers(outer), ResidueKind.PAGE_NUMBER)
    heads = [one for one in outer if one.where not in found]
    found |= dict.fromkeys(_heads(heads, len(pages)), ResidueKind.RUNNING_HEAD)
    usual = median(_steps(pages)) if spaced else -math.inf
    often = Counter(_words(one) for one in outer if one.where in found)
    most = {words for words, count in often.items() if count > max(2, _MOST * len(pages))}
    return {where: found[where] for where in _peeled(outer, found, usual, most)}


def _words(one: _Outer) -> tuple[bool, str]:
    """At which side a line stands, and what it says without its figures."""
    return one.at_top, _FIGURES.sub("", one.text)


def _steps(pages: Sequence[Page]) -> list[float]:
    """How far lines are from the next, in character sizes."""
    steps = [
        (other.bottom - line.bottom) / line.size
        for page in pages
        for line, other in pairwise(page.blocks)
        if isinstance(line, Line) and isinstance(other, Line) and other.bottom > line.bottom
    ]
    return steps or [0.0]


def _peeled(
    outer: Sequence[_Outer],
    found: Mapping[Where, ResidueKind],
    usual: float,
    most: Container[tuple[bool, str]],
) -> Iterator[Where]:
    """The lines found that have nothing but such lines between them and the edge of the page.

    They stand off from what is further in, or most pages have them.
    """
    sides = groupby(
        sorted(outer, key=lambda one: (one.where[0], one.at_top, one.depth)),
        key=lambda one: (one.where[0], one.at_top),
    )
    for _, side in sides:
        run = list(takewhile(lambda one: one.where in found, side))
        while run and not (
            run[-1].set_off
            or run[-1].step > _OFF * usual
            or found[run[-1].where] is ResidueKind.PAGE_NUMBER
            or _words(run[-1]) in most
        ):
            run.pop()
        yield from (one.where for one in run)


def is_page_number(text: str) -> bool:
    """Whether a line says by itself that it is a page number, such as `— 3 —`; a lone 3 does not."""
    bare = _BLANKS.sub("", text)
    return len(bare) < _LONGEST and any(pattern.fullmatch(bare) for pattern in _PAGE_NUMBERS)


def _outer(number: int, page: Page) -> Iterator[_Outer]:
    placed = sorted(enumerate(page.blocks), key=lambda one: (one[1].top + one[1].bottom, one[0]))
    for rank, (at, line) in enumerate(placed):
        if not isinstance(line, Line) or _OUTER <= rank < len(placed) - _OUTER:
            continue
        middle = (line.top + line.bottom) / 2
        at_top = rank < _OUTER and rank < len(placed) / 2 and middle < page.height / 2
        inner = placed[rank + (1 if at_top else -1)][1] if len(placed) > 1 else line
        yield _Outer(
            (number, at),
            line,
            _BLANKS.sub("", line.text),
            at_top,
            rank == (0 if at_top else len(placed) - 1),
            (middle if at_top else page.height - middle) / page.height,
            abs((inner.top + inner.bottom) / 2 - middle) / line.size,
            not isinstance(inner, Line) or abs(inner.size - line.size) > _OTHER_SIZE * line.size,
        )


def _numbers(outer: Sequence[_Outer]) -> Iterator[Where]:
    """Lines that say that they are a page number, and lone figures that can only be one."""
    bare: list[tuple[_Outer, int]] = []
    numbered = set()
    for one in outer:
        if is_page_number(one.text):
            numbered.add(one.where[0])
            yield one.where
        elif (found := _BARE.fullmatch(one.text)) and (value := _value(found["n"])):
            bare.append((one, value))
    runs = Counter((one.at_top, value - one.where[0]) for one, value in bare)
    for one, value in bare:
        if one.where[0] in numbered:
            continue
        in_order = runs[one.at_top, value - one.where[0]] > 1
        at_edge = one.outermost and one.depth < _AT_EDGE and value < 1000
        if in_order or at_edge:
            yield one.where


def _value(figure: str) -> int | None:
    if not figure[0].isalpha():
        return to_int(figure)
    digits = [_ROMAN[char] for char in figure.lower()]
    return sum(
        -value if value < following else value
        for value, following in zip(digits, [*digits[1:], 0], strict=True)
    )


def _heads(outer: Iterable[_Outer], pages: int) -> Iterator[Where]:
    """Lines that stand on several pages at one height, their figures the same or going on."""
    alike: dict[tuple[bool, str], list[_Outer]] = defaultdict(list)
    for one in outer:
        alike[_words(one)].append(one)
    for (_, words), own in alike.items():
        depths = sorted(one.depth for one in own)
        level = depths[len(depths) // 2]
        own = [one for one in own if abs(one.depth - level) < _SAME_HEIGHT]
        own = [
            one
            for one in own
            if any(_lines_up(one.line, two.line) for two in own if two is not one)
        ]
        least = _LEAST_PAGES
        if len(words) < _SHORT_HEAD:
            least = max(least, round(_MOST * pages))
        elif pages <= _SHORT_DOCUMENT and len(words) >= _LONG_HEAD:
            least = 2
        if words and len({one.where[0] for one in own}) >= least and _go_on(own):
            yield from (one.where for one in own)


def _lines_up(line: Line, other: Line) -> bool:
    """Whether two lines begin, end or have their middle at one place."""
    begin, end = line.x0 - other.x0, line.x1 - other.x1
    return min(abs(begin), abs(end), abs(begin + end) / 2) < max(line.size, other.size)


def _go_on(own: Sequence[_Outer]) -> bool:
    """Whether each figure is the same on all pages or grows with them: 附件1, 附件2 does not."""
    figures = [[int(figure) for figure in _FIGURES.findall(one.text)] for one in own]
    counted = any(_COUNTED.match(one.text) for one in own)
    for place in zip(*figures, strict=False):
        same = Counter(place).most_common(1)[0][1]
        shifts = Counter(value - one.where[0] for value, one in zip(place, own, strict=True))
        if max(same, 0 if counted else shifts.most_common(1)[0][1]) < _SHARE * len(own):
            return False
    return True
