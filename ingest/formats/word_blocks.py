"""The paragraphs and tables of a story, a run of text with its own count of numbers, as blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.formats.cells import joined
from ingest.formats.word_numbers import Counters, Definitions, Label
from ingest.formats.word_package import Element, W, flag, number, value
from ingest.formats.word_runs import Diagram, Inline, Runs
from ingest.formats.word_styles import Styles, direct_outline

OTHER_FILE = "嵌入的另一份文件"  # w:altChunk: Word takes it in when it opens the file
_NO_BLOCKS = frozenset(f"{W}{name}" for name in ("sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid"))
_LONGEST_ENTRY = 120  # characters of a line in a table of contents


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `text` may hold line breaks. `heading` counts from 1; `unread` names what stands
    in it and could not be read; `is_contents` marks a line of a table of contents."""

    text: str
    heading: int | None = None
    is_contents: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows with the same number of cells, each the text of one line."""

    rows: tuple[tuple[str, ...], ...]
    unread: tuple[str, ...] = ()


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Context:
    """What all stories of a document share. `mark` prints a reference to a note; `diagram` gives
    the lines of a drawing in another part; `count` takes the characters as they are made, and
    raises when there are too many."""

    styles: Styles
    definitions: Definitions
    mark: Callable[[str, str], str]
    diagram: Callable[[str], list[str]]
    count: Callable[[int], None]


class Story:
    """Reads what belongs together: the body, or all text boxes, or all notes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counters = Counters(context.definitions)
        self._runs = Runs(context.styles, context.mark)
        self._boxes: Story | None = None

    def blocks(self, container: Element) -> list[Block]:
        """The blocks of a body, a cell, a note or a text box, in order."""
        flow = _Flow()
        self._read(container, flow, False)
        self._flush(flow)
        return flow.blocks

    def _read(self, container: Element, flow: _Flow, in_contents: bool) -> None:
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child, flow, in_contents)
            elif child.tag == f"{W}tbl":
                self._flush(flow)
                flow.blocks += self._table(child)
            elif child.tag == f"{W}altChunk":
                flow.blocks.append(Line("", unread=(OTHER_FILE,)))
            elif child.tag not in _NO_BLOCKS:
                self._read(child, flow, in_contents or _is_contents(child))

    def _paragraph(self, paragraph: Element, flow: _Flow, in_contents: bool) -> None:
        properties = paragraph.find(f"{W}pPr")
        inline = self._runs.read(paragraph)
        flow.open.append(inline)
        flow.in_contents |= in_contents
        joins = self._joins_next(properties)
        if joins != _MERGED and flow.label is None:
            flow.label = self._label(properties)
        if not joins:
            self._close(flow, properties)

    def _joins_next(self, properties: Element | None) -> str:
        """How a paragraph runs on: its mark is deleted or hidden and the next one rules both, or
        it is a run-in heading or a drop cap and keeps its number; empty for most."""
        if properties is None:
            return ""
        frame = properties.find(f"{W}framePr")
        if frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin"):
            return _RUN_IN
        mark = properties.find(f"{W}rPr")
        if mark is not None and any(mark.find(f"{W}{one}") is not None for one in _MARK_GONE):
            return _MERGED
        hidden = flag(mark, "vanish")
        if hidden is None:
            hidden = self._context.styles.hidden(value(properties, "pStyle"))
        if not hidden:
            return ""
        return _RUN_IN if flag(mark, "specVanish") else _MERGED

    def _label(self, properties: Element | None) -> Label | None:
        place = self._context.definitions.place(properties)
        return self._counters.next(*place) if place else None

    def _close(self, flow: _Flow, properties: Element | None) -> None:
        text = "".join(one.text for one in flow.open)
        if flow.label:
            text = flow.label.before(text) + text
        self._context.count(len(text))
        style = value(properties, "pStyle")
        heading = direct_outline(properties)
        if heading is None:
            heading = self._context.styles.heading(style)
        in_contents = flow.in_contents or any(one.is_contents for one in flow.open)
        line = Line(
            text,
            heading if heading and text.strip() else None,
            (in_contents and _may_be_entry(text)) or self._context.styles.is_contents(style),
            tuple(what for one in flow.open for what in one.unread),
        )
        boxes = [box for one in flow.open for box in one.boxes]
        flow.blocks.append(line)
        flow.open, flow.label, flow.in_contents = [], None, False
        for box in boxes:
            flow.blocks += self._box(box)

    def _flush(self, flow: _Flow) -> None:
        """What has no next paragraph to run on into stands by itself."""
        if any(one.text or one.boxes or one.unread for one in flow.open):
            self._close(flow, None)
        flow.open, flow.label, flow.in_contents = [], None, False

    def _box(self, box: Element | Diagram | str) -> list[Block]:
        if isinstance(box, (Diagram, str)):
            lines = self._context.diagram(box.relation) if isinstance(box, Diagram) else [box]
            self._context.count(sum(map(len, lines)))
            return [Line(text) for text in lines if text.strip()]
        self._boxes = self._boxes or Story(self._context)
        return [one for one in self._boxes.blocks(box) if not isinstance(one, Line) or _holds(one)]

    def _table(self, table: Element) -> list[Block]:
        rows = list(self._rows(table))
        columns = sorted({column for row in rows for column, cell in row.items() if cell.blocks})
        written = {column for row in rows for column, cell in row.items() if cell.holds_any()}
        if len(columns) < 2 or len(written) < 2:  # a frame around text
            return [
                block
                for row in rows
                for cell in row.values()
                if cell.is_first
                for block in cell.blocks
            ]
        lines = []
        for row in rows:
            line = tuple(row[column].text if column in row else "" for column in columns)
            self._context.count(len(line) + sum(map(len, line)))
            lines.append(line)
        first = [cell for row in rows for cell in row.values() if cell.is_first]
        return [Grid(tuple(lines), tuple(what for cell in first for what in cell.unread()))]

    def _rows(self, table: Element) -> Iterator[dict[int, _Cell]]:
        """The cells of each row by the column in which they begin; a cell over several rows stands
        in each."""
        above: dict[int, _Cell] = {}
        for row in _parts(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            cells: dict[int, _Cell] = {}
            column = max(0, number(properties, "gridBefore") or 0)
            for element in _parts(row, f"{W}tc"):
                place = element.find(f"{W}tcPr")
                if place is not None and place.find(f"{W}cellDel") is not None:
                    continue
                if _continues(place, "vMerge") and column in above:
                    cells[column] = _Cell(above[column].blocks, is_first=False)
                elif _continues(place, "hMerge") and cells:
                    next(reversed(cells.values())).blocks.extend(self.blocks(element))
                else:
                    cells[column] = _Cell(self.blocks(element))
                column += max(1, number(place, "gridSpan") or 1)
            above = cells
            if cells:
                yield cells


_MERGED, _RUN_IN = "merged", "run-in"
_MARK_GONE = ("del", "moveFrom")


@dataclass(slots=True)
class _Flow:
    """Blocks as they are made; `open` are paragraphs whose line still goes on."""

    blocks: list[Block] = field(default_factory=list)
    open: list[Inline] = field(default_factory=list)
    label: Label | None = None
    in_contents: bool = False


@dataclass(slots=True)
class _Cell:
    blocks: list[Block]
    is_first: bool = True

    @property
    def text(self) -> str:
        return joined(_lines(self.blocks))

    def holds_any(self) -> bool:
        return any(not isinstance(block, Line) or block.text.strip() for block in self.blocks)

    def unread(self) -> Iterator[str]:
        for block in self.blocks:
            yield from block.unread


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Line):
            yield from block.text.split("\n")
        else:
            for row in block.rows:
                yield from row


def _holds(line: Line) -> bool:
    return bool(line.text.strip() or line.unread)


def _parts(container: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, through content controls around them."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"):
            yield from _parts(child, tag)


def _continues(properties: Element | None, name: str) -> bool:
    merge = None if properties is None else properties.find(f"{W}{name}")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _may_be_entry(text: str) -> bool:
    """Whether a line can stand in a table of contents: text that was put into one by mistake ends
    its sentences."""
    return len(text) <= _LONGEST_ENTRY and not text.rstrip().endswith(("。", "；", "："))


def _is_contents(control: Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
