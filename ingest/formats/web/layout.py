"""A web page as lines of text in reading order, and the tree of its blocks.

Block elements and `<br>` end a line, inline ones do not; blanks collapse. What a browser does not
show (scripts, `display:none`) is left out. Elements are walked without recursion.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from ingest.formats.cells import joined
from ingest.formats.web import words
from ingest.formats.web.lists import Numbering, numbering_of
from ingest.formats.web.looks import (
    FRAMES,
    is_block,
    is_hidden,
    is_icon,
    is_unseen,
    keeps_blanks,
    plain,
    squeeze,
)
from ingest.formats.web.page import DATA, HIDDEN, Box, Layout, Line, Picture
from ingest.formats.web.tables import Cell, grid_of

HIDDEN_LENGTH = 60  # characters; a shorter hidden text is a message or a button
LABEL_LENGTH = 40  # characters of a label, its blanks and indent included
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VALUES = frozenset(("dd", "td", "th", "div", "li"))  # may hold the value of the label before
_MARGIN = " \u3000"


def lay_out(root: etree._Element, unhide: bool = False) -> Layout:
    """The lines of a page; `unhide` shows what is hidden until a script runs."""
    flow = _Flow(unhide)
    flow.walk(root)
    return Layout(flow.lines, flow.root, flow.pictures)


class _Flow:
    """Walks elements in document order and writes lines."""

    def __init__(self, unhide: bool) -> None:
        self.lines: list[Line] = []
        self.pictures: list[Picture] = []
        self.root = Box("root")
        self._unhide = unhide
        self._box = self.root
        self._line = _Open()
        self._links = self._pres = self._heading = self._tables = 0
        self._numberings: list[Numbering | None] = []
        self._number = ""  # drawn before the next line
        self._labelled: Box | None = None  # a block whose last child ended with a lone label
        self._value: Box | None = None  # the block after that label

    def walk(self, root: etree._Element) -> None:
        """Write `root` and everything in it."""
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        passed = None  # an element whose inside is not walked
        for event, element in walker:
            if event == "start":
                if not self._enter(element):
                    walker.skip_subtree()
                    passed = element
                continue
            if event == "end" and element is not passed:
                self._leave(element)
            passed = None
            if element is not root and element.tail:
                self._write(element.tail)
        self._end_line()
        self.root.end = len(self.lines)

    def _enter(self, element: etree._Element) -> bool:
        """Begin an element; False where its inside is not to be walked."""
        tag = element.tag
        if not self._unhide and is_hidden(element):
            self._pass_over(element)
            return False
        if tag in FRAMES and not is_icon(element):
            self._show(element, element.get(FRAMES[tag], ""))
        if is_unseen(element):
            return False
        if tag == "br":
            self._end_line()
        elif tag == "img" and not is_icon(element):
            self._show(element, element.get("src") or element.get("data-src") or "")
        elif tag == "table" and self._write_table(element):
            return False
        if is_block(element):
            self._open(element)
        if tag == "a" and (target := element.get("href")) is not None:
            self._links += 1
            self._line.targets.append(target)
        if element.text:
            self._write(element.text)
        return True

    def _leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "a" and element.get("href") is not None:
            self._links -= 1
        if not is_block(element):
            return
        self._close()
        self._pres -= keeps_blanks(element)
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "ol":
            self._numberings.pop()

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        box = Box(tag, _hint(element), self._box)
        if self._value is None and self._labelled is self._box and tag in _VALUES:
            self._value = box
        elif self._value is None or not self._line.is_label():
            self._end_line()
        box.first = len(self.lines)
        self._box.children.append(box)
        self._box = box
        self._pres += keeps_blanks(element)
        self._heading = _HEADINGS.get(tag, self._heading)
        if tag == "ol":
            self._numberings.append(numbering_of(element))
        elif tag == "li" and self._numberings and element.getparent().tag == "ol":
            numbering = self._numberings[-1]
            self._number = numbering.next(element) if numbering else ""

    def _close(self) -> None:
        """End the innermost block. A lone label waits for the value in the block after it."""
        box = self._box
        self._box = box.parent or self.root
        if self._value is None and box.tag in (*_VALUES, "dt") and self._line.is_label():
            self._labelled = box.parent
        elif self._value in (None, box) or not self._line.is_label():
            self._end_line()
        box.end = len(self.lines)

    def _write(self, text: str) -> None:
        if self._value and self._line.is_label() and words.begins_label(text):
            self._end_line()  # the label before has no value
        if not self._pres:
            self._line.write(squeeze(text), self._links > 0)
            return
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._line.write(plain(first), self._links > 0)
        for other in others:
            self._end_line()
            self._line.write(plain(other), self._links > 0)

    def _end_line(self) -> None:
        line = self._line.ended(self._heading, self._number)
        if line.text:
            self.lines.append(line)
            self._number = ""
        self._line = _Open()
        self._labelled = self._value = None

    def _pass_over(self, element: etree._Element) -> None:
        """Remember a text that the page hides, such as a tab that is not open."""
        if is_unseen(element):
            return
        text = squeeze("".join(element.itertext())).strip(_MARGIN)
        if len(text) >= HIDDEN_LENGTH:
            self.pictures.append(
                Picture(len(self.lines), self._line.length, self._box, HIDDEN, "", text[:20])
            )

    def _show(self, element: etree._Element, address: str) -> None:
        caption = (element.get("alt") or element.get("title") or "").strip()
        self.pictures.append(
            Picture(len(self.lines), self._line.length, self._box, element.tag, address, caption)
        )

    def _write_table(self, element: etree._Element) -> bool:
        """Write a data table as rows; False, and nothing written, where it only sets the page."""
        grid = grid_of(element, self._read_cell)
        if grid is None:
            return False
        self._end_line()
        box = Box(DATA, _hint(element), self._box, len(self.lines))
        self._box.children.append(box)
        for caption in element.iterchildren("caption"):
            self._line.write(self._read_cell(caption).text, False)
            self._end_line()
        for row in grid:
            self._write_row(row, box)
        box.end = len(self.lines)
        self._tables += 1
        return True

    def _read_cell(self, element: etree._Element) -> Cell:
        flow = _Flow(self._unhide)
        flow.walk(element)
        return Cell(
            joined([line.text for line in flow.lines]),
            len(flow.lines),
            sum(line.linked for line in flow.lines),
            tuple(target for line in flow.lines for target in line.targets),
            tuple(flow.pictures),
        )

    def _write_row(self, row: list[Cell], box: Box) -> None:
        at, spans = 0, []
        for cell in row:
            spans.append((at, at + len(cell.text)))
            self.pictures += [
                replace(one, line=len(self.lines), column=at, box=box) for one in cell.pictures
            ]
            at += len(cell.text) + 1
        text = "\t".join(cell.text for cell in row)
        self.lines.append(
            Line(
                text,
                _size(text),
                sum(cell.linked for cell in row),
                tuple(target for cell in row for target in cell.targets),
                table=self._tables,
                cells=tuple(spans),
            )
        )


class _Open:
    """A line that is being written."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.length = 0
        self._pieces: list[str] = []
        self._linked = 0

    def write(self, text: str, linked: bool) -> None:
        """Append text; of two blanks that meet, one stays."""
        if text.startswith(" ") and self._pieces and self._pieces[-1].endswith(" "):
            text = text[1:]
        if text:
            self._pieces.append(text)
            self.length += len(text)
            self._linked += _size(text) if linked else 0

    def text(self) -> str:
        """What stands in it, without the indent and blanks at its end."""
        return "".join(self._pieces).strip(_MARGIN)

    def is_label(self) -> bool:
        """Whether it is a label such as `文号：`, its value still to come."""
        return self.length <= LABEL_LENGTH and bool(words.LONE_LABEL.fullmatch(self.text()))

    def ended(self, heading: int, number: str) -> Line:
        """The line as it stands, behind the number that a list draws before it."""
        text = self.text()
        text = number + text if text else ""
        return Line(text, _size(text), self._linked, tuple(self.targets), heading)


def _hint(element: etree._Element) -> str:
    hint = f"{element.get('id', '')} {element.get('class', '')}".lower()
    return f"{hint} aria-hidden" if element.get("aria-hidden") == "true" else hint


def _size(text: str) -> int:
    return len(text) - text.count(" ") - text.count("\u3000") - text.count("\t")
