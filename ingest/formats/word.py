"""Word documents (`.docx`, ISO/IEC 29500): the text as Word draws it, automatic numbers restored.

Tracked changes are read as if all were accepted; comments and hidden text are left out. Notes stand
at the end behind the marks that refer to them, then what pages repeat, as residue.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from errors import UnreadableFile
from ingest.document import Cut, Heading, Note, ResidueKind, Row, Source, Table
from ingest.formats.cells import joined
from ingest.formats.word_blocks import OTHER_FILE, Block, Context, Grid, Line, Story
from ingest.formats.word_numbers import Definitions
from ingest.formats.word_package import Element, Package, R, W, flag, tagged
from ingest.formats.word_styles import Styles

MAX_CHARACTERS = 20_000_000  # of the text, cells repeated
_PAGE_NUMBER = re.compile(r"[\s\d—–―－\-~·.、/第页共总,，|一二三四五六七八九十ivxIVX]+")
_CONTENTS_TITLE = ("目录", "目次")
_NOTES = (("footnote", "注"), ("endnote", "尾注"))
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def read(data: bytes, name: str) -> Source:
    """Read a `.docx`; `name` is how the file is called in messages.

    Raises `UnreadableFile` for a file that is damaged, protected, too large, empty, or no Word
    document.
    """
    document = _Document(Package(data, name), name)
    writer = _Writer()
    for block in _with_contents_title(document.body()):
        writer.block(block)
    for block in document.notes():
        writer.block(block)
    for line in document.running():
        writer.running(line)
    if not writer.has_text:
        raise UnreadableFile(f"{name}：{_empty(writer.notes)}")
    if document.package.revised:
        writer.notes.append(Note(0, "文件里有修订痕迹，已按接受全部修订读取，请确认以哪一稿为准"))
    return writer.source()


class _Document:
    """The stories of a file. A note is numbered when the text first refers to it."""

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self._name = name
        self._size = 0
        self._notes = {kind: self._note_elements(kind) for kind, _ in _NOTES}
        self._marks: dict[tuple[str, str], str] = {}
        self._relations = {one.id: one.path for one in package.relations(package.main)}
        styles = Styles(package.related("styles"))
        definitions = Definitions(package.related("numbering"), styles)
        self._context = Context(styles, definitions, self._mark, self._diagram, self._count)

    def body(self) -> list[Block]:
        """The text itself, text boxes behind the paragraphs that anchor them."""
        body = self.package.document.find(f"{W}body")
        return [] if body is None else Story(self._context).blocks(body)

    def notes(self) -> Iterator[Block]:
        """The footnotes and endnotes that the body refers to, each behind its mark."""
        story = Story(self._context)
        for (kind, note_id), mark in list(self._marks.items()):
            first, *rest = story.blocks(self._notes[kind][note_id]) or [Line("")]
            if isinstance(first, Line):
                yield replace(first, text=mark + first.text.lstrip())
            else:
                yield from (Line(mark), first)
            yield from rest

    def running(self) -> Iterator[Line]:
        """The lines of headers and footers that some page shows, each once."""
        seen: set[str] = set()
        for path in dict.fromkeys(self._running_parts()):
            root = self.package.root(path)
            for block in [] if root is None else Story(self._context).blocks(root):
                for line in _as_lines(block):
                    if line.text not in seen or line.unread:
                        seen.add(line.text)
                        yield line

    def _running_parts(self) -> Iterator[str]:
        settings = self.package.related("settings")
        has_even = flag(settings, "evenAndOddHeaders")
        for section in tagged(self.package.document, "sectPr"):
            for one in section:
                if one.tag not in (f"{W}headerReference", f"{W}footerReference"):
                    continue
                kind = one.get(f"{W}type", "default")
                if (kind == "first" and not flag(section, "titlePg")) or (
                    kind == "even" and not has_even
                ):
                    continue
                path = self._relations.get(one.get(f"{R}id", ""))
                if path:
                    yield path

    def _note_elements(self, kind: str) -> dict[str, Element]:
        root = self.package.related(f"{kind}s")
        return {
            one.get(f"{W}id", ""): one
            for one in (() if root is None else root.findall(f"{W}{kind}"))
            if one.get(f"{W}type", "normal") == "normal"
        }

    def _mark(self, kind: str, note_id: str) -> str:
        """A reference such as 〔注1〕, which no figure before it can swallow."""
        if note_id not in self._notes[kind]:
            return ""
        if (kind, note_id) not in self._marks:
            count = sum(other == kind for other, _ in self._marks) + 1
            self._marks[kind, note_id] = f"〔{dict(_NOTES)[kind]}{count}〕"
        return self._marks[kind, note_id]

    def _diagram(self, relation: str) -> list[str]:
        path = self._relations.get(relation)
        root = self.package.root(path) if path else None
        if root is None:
            return []
        paragraphs = root.iter(f"{_DRAWN}p")
        return ["".join(t.text or "" for t in one.iter(f"{_DRAWN}t")) for one in paragraphs]

    def _count(self, characters: int) -> None:
        self._size += characters
        if self._size > MAX_CHARACTERS:
            raise UnreadableFile(
                f"{self._name}：文字超过上限({MAX_CHARACTERS:,} 字)，请确认文件来源，或拆分后再导入"
            )


class _Writer:
    """The text as it grows, and what is known of its parts."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.has_text = False
        self._pieces: list[str] = []
        self._at = 0
        self._count = 0  # of paragraphs and rows that hold text
        self._cuts: list[Cut] = []
        self._tables: list[Table] = []
        self._headings: list[Heading] = []

    def block(self, block: Block) -> None:
        """Append a paragraph or a table."""
        if isinstance(block, Grid):
            self._tables.append(Table(tuple(self._row(cells) for cells in block.rows)))
        else:
            self._line(block)
        for what, count in Counter(block.unread).items():
            message = f"第{self._count}段后有{count}个{what}没有读取，请对照原文件补录其中的文字"
            self.notes.append(Note(max(self._at - 1, 0), message))

    def running(self, line: Line) -> None:
        """Append a line of a header or footer, as residue."""
        for what in line.unread:
            message = f"页眉或页脚中有{what}没有读取，请对照原文件补录其中的文字"
            self.notes.append(Note(max(self._at - 1, 0), message))
        if not line.text.strip():
            return
        start = self._at
        self._append(line.text)
        is_number = _PAGE_NUMBER.fullmatch(line.text)
        kind = ResidueKind.PAGE_NUMBER if is_number else ResidueKind.RUNNING_HEAD
        self._cuts.append(Cut(start, self._at, kind))

    def source(self) -> Source:
        """What was written."""
        return Source(
            text="".join(self._pieces),
            cuts=tuple(self._cuts),
            tables=tuple(self._tables),
            headings=tuple(self._headings),
            notes=tuple(self.notes),
        )

    def _line(self, line: Line) -> None:
        start = self._at
        if line.heading and not line.is_contents:
            self._headings.append(Heading(start + _indent(line.text), line.heading))
        self._append(line.text)
        self._tally(line.text)
        if line.is_contents:
            self._cuts.append(Cut(start, self._at, ResidueKind.CONTENTS))

    def _row(self, cells: tuple[str, ...]) -> Row:
        start, spans, at = self._at, [], self._at
        for cell in cells:
            spans.append((at, at + len(cell)))
            at += len(cell) + 1
        line = "\t".join(cells)
        self._append(line)
        self._tally(line)
        return Row(start, start + len(line), tuple(spans))

    def _append(self, text: str) -> None:
        self._pieces += [text, "\n"]
        self._at += len(text) + 1

    def _tally(self, text: str) -> None:
        if text.strip():
            self.has_text = True
            self._count += 1


def _indent(text: str) -> int:
    """Where the first line with any text begins: a heading may open with a line break."""
    blank = len(text) - len(text.lstrip())
    return text.rfind("\n", 0, blank) + 1


def _as_lines(block: Block) -> Iterator[Line]:
    rows = block.text.split("\n") if isinstance(block, Line) else map(joined, block.rows)
    yield from (Line(text) for text in rows)
    if block.unread:
        yield Line("", unread=block.unread)


def _with_contents_title(blocks: list[Block]) -> Iterator[Block]:
    """The line 目录 belongs to the table of contents that follows it."""
    for place, block in enumerate(blocks):
        if isinstance(block, Line) and re.sub(r"\s", "", block.text) in _CONTENTS_TITLE:
            after = next((one for one in blocks[place + 1 :] if not _is_blank(one)), None)
            if isinstance(after, Line) and after.is_contents:
                block = replace(block, is_contents=True)
        yield block


def _is_blank(block: Block) -> bool:
    return isinstance(block, Line) and not block.text.strip()


def _empty(notes: list[Note]) -> str:
    if any(OTHER_FILE in note.message for note in notes):
        return "正文是嵌入的另一份文件，请用 Word 打开并另存为 .docx 后再导入"
    if notes:
        return "里面只有图片等内容，没有文字，请另存为 PDF 后用文字识别导入"
    return "文件是空的，没有可导入的文字"
