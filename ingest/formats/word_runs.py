"""What stands in a paragraph: runs, fields, symbols, equations, and what is anchored in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.formats.word_fields import Field
from ingest.formats.word_math import M, linear, raised
from ingest.formats.word_package import Element, R, W, flag, value
from ingest.formats.word_styles import Styles
from ingest.formats.word_symbols import is_symbol_font, sign, signs

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_PAGE_BREAK = "\f"
_CLEAN = str.maketrans(
    dict.fromkeys("\t\r\n\xa0", " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
    | dict.fromkeys("\u202a\u202b\u202c\u202d\u202e")
    | dict.fromkeys("\u2028\u2029\x85", "\n")
)
_NO_TEXT = frozenset(
    f"{W}{name}"
    for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "rubyPr")
)


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing whose text lies in another part, by the id of the relation."""

    relation: str


Box = Element | Diagram | str  # `w:txbxContent`, a diagram, or the words of an artful title


@dataclass(slots=True)
class Inline:
    """A paragraph as read. `boxes` are anchored in it and follow it; `unread` names what could not
    be read: 图片, 图表 …; `is_contents` says that it belongs to a table of contents."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    is_contents: bool = False

    @property
    def text(self) -> str:
        """The characters; line breaks as `\\n`, page breaks only between two pieces of text."""
        return "".join(self.pieces).strip(_PAGE_BREAK).replace(_PAGE_BREAK, "\n")


class Runs:
    """Reads the paragraphs of one story in order: a field may run on from one to the next.

    `mark` gives what is printed for a note: it takes `footnote` or `endnote` and the note's id.
    """

    def __init__(self, styles: Styles, mark: Callable[[str, str], str]) -> None:
        self._styles = styles
        self._mark = mark
        self._fields: list[Field] = []
        self._inline = Inline()
        self._hidden = self._hidden_by_style = self._raised = False
        self._font: str | None = None
        self._readers: dict[object, Callable[[Element], None]] = {
            f"{W}r": self._run,
            f"{W}t": self._text,
            f"{W}tab": lambda _: self._write(" "),
            f"{W}ptab": lambda _: self._write(" "),
            f"{W}br": self._break,
            f"{W}cr": lambda _: self._write("\n"),
            f"{W}noBreakHyphen": lambda _: self._write("-"),
            f"{W}sym": self._symbol,
            f"{W}ruby": self._ruby,
            f"{W}fldChar": self._field_mark,
            f"{W}instrText": self._instruction,
            f"{W}fldSimple": self._simple_field,
            f"{W}footnoteReference": lambda one: self._note("footnote", one),
            f"{W}endnoteReference": lambda one: self._note("endnote", one),
            f"{W}drawing": self._graphic,
            f"{W}pict": self._graphic,
            f"{W}object": self._graphic,
            f"{M}oMath": lambda one: self._write(linear(one).translate(_CLEAN)),
        }

    def read(self, paragraph: Element) -> Inline:
        """One paragraph; its automatic number is not part of it."""
        self._inline = Inline()
        style = value(paragraph.find(f"{W}pPr"), "pStyle")
        self._hidden_by_style = bool(self._styles.hidden(style))
        self._hidden = self._hidden_by_style
        self._walk(paragraph)
        return self._inline

    def _walk(self, element: Element) -> None:
        for child in element:
            reader = self._readers.get(child.tag)
            if reader:
                reader(child)
            elif child.tag not in _NO_TEXT:
                self._walk(child)

    def _is_shown(self) -> bool:
        return not self._hidden and all(one.in_result for one in self._fields)

    def _write(self, text: str) -> None:
        if not text or not self._is_shown():
            return
        self._inline.pieces.append(text)
        for one in self._fields:
            one.has_text = True
            self._inline.is_contents |= one.is_contents and not text.isspace()

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        before = self._hidden, self._font, self._raised
        hidden = flag(properties, "vanish")
        if hidden is None:
            style = value(properties, "rStyle")
            hidden = self._styles.hidden(style, paragraph=False) if style else None
        self._hidden = self._hidden_by_style if hidden is None else hidden
        fonts = None if properties is None else properties.find(f"{W}rFonts")
        self._font = None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")
        self._raised = value(properties, "vertAlign") == "superscript"
        self._walk(run)
        self._hidden, self._font, self._raised = before

    def _text(self, element: Element) -> None:
        text = element.text or ""
        if element.get(_SPACE) != "preserve":
            text = text.strip(" \t\r\n")
        text = text.translate(_CLEAN)
        if is_symbol_font(self._font):
            text = signs(self._font, text)
        self._write((raised(text) if self._raised else None) or text)

    def _break(self, element: Element) -> None:
        is_page = element.get(f"{W}type") in ("page", "column")
        self._write(_PAGE_BREAK if is_page else "\n")

    def _symbol(self, element: Element) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return
        self._write(sign(element.get(f"{W}font"), code))

    def _ruby(self, element: Element) -> None:
        """A character with its reading above it: 重（chóng）."""
        base, reading = element.find(f"{W}rubyBase"), element.find(f"{W}rt")
        if base is not None:
            self._walk(base)
        if reading is not None and any(True for _ in reading.iter(f"{W}t")):
            self._write("（")
            self._walk(reading)
            self._write("）")

    def _field_mark(self, element: Element) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(Field(element))
        elif self._fields and kind == "separate":
            self._fields[-1].in_result = True
        elif self._fields:
            self._close()

    def _close(self) -> None:
        done = self._fields.pop()
        if done.has_text or not self._is_shown():
            return
        self._write(done.drawn())
        if done.is_number:
            self._inline.unread.append("编号域")

    def _instruction(self, element: Element) -> None:
        if self._fields and not self._fields[-1].in_result:
            self._fields[-1].instruction.append(element.text or "")

    def _simple_field(self, element: Element) -> None:
        self._fields.append(Field(None, [element.get(f"{W}instr", "")], in_result=True))
        self._walk(element)
        self._close()

    def _note(self, kind: str, element: Element) -> None:
        if self._is_shown():
            self._write(self._mark(kind, element.get(f"{W}id", "")))

    def _graphic(self, element: Element) -> None:
        if not self._is_shown():
            return
        unread = []
        for one in _anchored(element):
            if isinstance(one, _Unread):
                unread.append(one.what)
            else:
                self._inline.boxes.append(one)
        embedded = [what for what in unread if what != _PICTURE]  # a picture stands in for it
        self._inline.unread += embedded or unread


@dataclass(frozen=True, slots=True)
class _Unread:
    what: str


_PICTURE = "图片"


def _anchored(element: Element) -> Iterator[Box | _Unread]:
    """The texts and pictures of a drawing, in order; text boxes whole."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{_A}p":
            yield "".join(one.text or "" for one in child.iter(f"{_A}t")).translate(_CLEAN)
        elif child.tag == f"{_VML}textpath":
            yield child.get("string", "").translate(_CLEAN)
        elif child.tag == f"{_DIAGRAM}relIds":
            yield Diagram(child.get(f"{R}dm", ""))
        else:
            what = _unread(child)
            if what:
                yield _Unread(what)
            yield from _anchored(child)


def _unread(element: Element) -> str:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if element.tag == f"{_A}blip" or element.tag == f"{_VML}imagedata":
        return _PICTURE
    if name == "chart" and f"{R}id" in element.attrib:
        return "图表"
    if element.tag == f"{_OFFICE}OLEObject":
        return "公式" if element.get("ProgID", "").startswith("Equation") else "嵌入对象"
    return ""
