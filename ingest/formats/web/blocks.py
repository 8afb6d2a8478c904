"""What the lines of a page add up to in each of its blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

from ingest.formats.web import words
from ingest.formats.web.evidence import (
    Where,
    has_pairs,
    is_byline,
    is_file,
    is_linked,
    is_site,
    is_title,
    weight,
)
from ingest.formats.web.page import DATA, Box, Layout, ancestry

ASIDE_SHARE = 0.3  # of the prose: a block with more is no aside, whatever it is called
LINK_SHARE = 0.6  # of the characters: a block with more in links is a menu
_ASIDE_TAGS = frozenset(("nav", "footer", "aside", "button", "select", "menu"))
_LEAVES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "pre", DATA))
_TITLE_HEADINGS = (1, 2, 3)  # h1 to h3 head a text, and are none


class Blocks:
    """Sums over the lines; `titles` is what the page says that its document is called.

    `titled` are the lines that print a title; `is_site` says whether anything but a document is on
    the page.
    """

    def __init__(self, layout: Layout, titles: Collection[str]) -> None:
        lines = layout.lines
        self.lines, self.root = lines, layout.root
        self.titled = {
            at
            for at, line in enumerate(lines)
            if not (is_linked(line) or has_pairs(line))
            and any(is_title(line.text, title) for title in titles)
        }
        self._size = _sums(line.size for line in lines)
        self._linked = _sums(line.linked for line in lines)
        self._links = _sums(is_linked(line) for line in lines)
        self._files = _sums(map(is_file, lines))
        self._foot = _sums(line.size * is_site(line, Where.AFTER) for line in lines)
        self._weights = [
            0.0 if at in self.titled or line.heading in _TITLE_HEADINGS else weight(line)
            for at, line in enumerate(lines)
        ]
        self._plain = [weight > 0 or self._is_plain(at) for at, weight in enumerate(self._weights)]
        self._plains = _sums(self._plain)
        self._mass = _sums(self._weights)
        for box in boxes_in(self.root):
            if is_aside(box) and self.mass(box) < ASIDE_SHARE * self._mass[-1]:
                self._weights[box.first : box.end] = [0.0] * (box.end - box.first)
        self._mass = _sums(self._weights)
        self.is_site = any(
            is_aside(box) or self.is_menu(box) or self.is_foot(box) for box in boxes_in(self.root)
        )
        self._pictured: set[int] = set()
        for picture in layout.pictures:
            for box in ancestry(picture.box):
                if id(box) in self._pictured:
                    break
                self._pictured.add(id(box))

    def mass(self, box: Box) -> float:
        """The running text of a block, in characters."""
        return self._mass[box.end] - self._mass[box.first]

    def size(self, box: Box) -> float:
        """All characters of a block."""
        return self._size[box.end] - self._size[box.first]

    def files(self, box: Box) -> float:
        """The lines of a block that name attachments."""
        return self._files[box.end] - self._files[box.first]

    def body(self, first: int, end: int) -> tuple[int, int]:
        """Where the running text among some lines begins and ends; without any, what is no link,
        no tool and no metadata."""
        for signs in (self._weights, self._plain):
            text = [at for at in range(first, end) if signs[at]]
            if text:
                return text[0], text[-1] + 1
        return first, first

    def holds_something(self, box: Box) -> bool:
        """Whether a block holds text or a picture beside titles, metadata, links and tools."""
        return self._plains[box.end] > self._plains[box.first] or id(box) in self._pictured

    def is_menu(self, box: Box) -> bool:
        """Whether a block leads elsewhere: several lines, nearly all links."""
        if box.tag in _LEAVES or self.files(box):
            return False
        linked = self._linked[box.end] - self._linked[box.first]
        several = self._links[box.end] - self._links[box.first] > 1
        return several and linked >= LINK_SHARE * self.size(box)

    def is_foot(self, box: Box) -> bool:
        """Whether a block is mostly the foot of the page, or its tools."""
        return (self._foot[box.end] - self._foot[box.first]) * 2 > self.size(box)

    def _is_plain(self, at: int) -> bool:
        line = self.lines[at]
        return not (
            at in self.titled
            or is_linked(line)
            or is_byline(line)
            or is_site(line, Where.BEFORE)
            or is_site(line, Where.AFTER)
            or words.RELATED.fullmatch(line.text)
        )


def is_aside(box: Box) -> bool:
    """Whether a block says by its tag or its name that it stands beside the text."""
    return box.tag in _ASIDE_TAGS or bool(words.ASIDE_HINT.search(box.hint))


def is_leaf(box: Box) -> bool:
    """Whether a block is a paragraph, a heading or a data table."""
    return box.tag in _LEAVES


def boxes_in(root: Box) -> Iterator[Box]:
    """A block and all blocks in it, in the order of the page."""
    stack = [root]
    while stack:
        box = stack.pop()
        yield box
        stack += reversed(box.children)


def _sums(values: Iterable[float]) -> list[float]:
    return list(accumulate(values, initial=0))
