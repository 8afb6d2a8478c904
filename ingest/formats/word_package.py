"""A `.docx` file as a package of XML parts (ECMA-376, part 2), opened with care.

A part is read only when it is asked for, so that pictures stay compressed. What Word shows is kept:
of alternative contents one, of tracked changes the text as if all were accepted.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from errors import UnreadableFile

Element: TypeAlias = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_DELETED = (f"{W}del", f"{W}moveFrom")

MAX_BYTES = 100_000_000  # of XML, uncompressed, in all parts that are read
MAX_RATIO = 300  # uncompressed to compressed; a bomb comes near 1,000
_SMALL = 5_000_000  # bytes: a part of this size is no bomb, whatever its ratio

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# ISO 29500 strict: http://purl.oclc.org/ooxml/wordprocessingml/main
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
DAMAGE = (  # what reading a damaged zip raises
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    IndexError,
)
LOCKED = "有密码保护，请先用 Word 或 WPS 去掉密码再导入"
_REPAIR = "请用 Word 或 WPS 打开并另存为 .docx 后再导入"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: `id` in its XML, the kind (`footer`, `styles` …), the other's path."""

    id: str
    kind: str
    path: str


class Package:
    """The parts of one file. `name` is how the file is called in messages.

    `main` is the path of the part that holds the body, `document` its root. `revised` says whether
    a part that was read holds tracked deletions. Raises `UnreadableFile` for what is no Word
    document, is protected, damaged or too large.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._read = 0
        if data.startswith(OLE):
            raise UnreadableFile(f"{name}：{_old_or_locked(data)}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {_key(info.filename): info for info in self._zip.infolist()}
        except DAMAGE:
            raise UnreadableFile(f"{name}：不是完整的 .docx 文件，{_REPAIR}") from None
        self.revised = False
        self.main, self.document = self._find_main()

    def root(self, path: str) -> Element | None:
        """The root of a part, with one branch of alternatives and without what was deleted."""
        data = self._bytes(path)
        if data is None:
            return None
        root = parse(_STRICT.sub(_TRANSITIONAL, data), f"{self._name}：里面的 {path}")
        self.revised |= _tidy(root)
        return root

    def relations(self, path: str) -> tuple[Relation, ...]:
        """What a part refers to inside the package, in order."""
        folder, file = posixpath.split(path)
        root = self.root(posixpath.join(folder, "_rels", f"{file}.rels"))
        if root is None:
            return ()
        return tuple(
            Relation(
                one.get("Id", ""),
                one.get("Type", "").rpartition("/")[2],
                _key(posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))),
            )
            for one in root
            if isinstance(one.tag, str) and one.get("TargetMode") != "External"
        )

    def related(self, kind: str) -> Element | None:
        """The root of the first part of a kind that the main part refers to."""
        for relation in self.relations(self.main):
            if relation.kind == kind:
                return self.root(relation.path)
        return None

    def _find_main(self) -> tuple[str, Element]:
        paths = [one.path for one in self.relations("") if one.kind == "officeDocument"]
        for path in [*paths, "word/document.xml"]:
            root = self.root(path)
            if root is not None and root.tag == f"{W}document":
                return path, root
        raise UnreadableFile(f"{self._name}：里面没有 Word 正文(word/document.xml)，{_REPAIR}")

    def _bytes(self, path: str) -> bytes | None:
        info = self._parts.get(_key(path))
        if info is None:
            return None
        if info.flag_bits & 1:
            raise UnreadableFile(f"{self._name}：{LOCKED}")
        self._read += info.file_size
        packed = info.file_size > max(_SMALL, MAX_RATIO * info.compress_size)
        if self._read > MAX_BYTES or packed:
            raise UnreadableFile(
                f"{self._name}：解压后的 {path} 有 {info.file_size:,} 字节，"
                f"超过上限({MAX_BYTES:,} 字节，{MAX_RATIO} 倍)，请确认文件来源，或拆分后再导入"
            )
        try:
            return self._zip.read(info)
        except DAMAGE:
            raise UnreadableFile(f"{self._name}：里面的 {path} 已损坏，{_REPAIR}") from None


def parse(data: bytes, what: str) -> Element:
    """The root of an XML file, entities left alone; `what` opens the message of an error."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableFile(f"{what} 已损坏，{_REPAIR}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(f"{what} 带有 DTD 声明，{_REPAIR}")
    return root


def value(parent: Element | None, name: str) -> str | None:
    """The `w:val` of a child: `<w:pStyle w:val="2"/>` → "2"; None without child or value."""
    child = None if parent is None else parent.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def number(parent: Element | None, name: str) -> int | None:
    """The `w:val` of a child as an integer; None without one, and for what is no integer."""
    return integer(value(parent, name))


def integer(text: str | None) -> int | None:
    """A short decimal attribute; None for anything else."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else None


def flag(parent: Element | None, name: str) -> bool | None:
    """An on/off child (ECMA-376, 17.17.4): None where it is absent."""
    child = None if parent is None else parent.find(f"{W}{name}")
    if child is None:
        return None
    return child.get(f"{W}val", "true") not in ("0", "false", "off", "none")


def tagged(root: Element, *names: str) -> Iterator[Element]:
    """The descendants with one of the tags, in document order; names are in Word's namespace."""
    yield from root.iter(*(f"{W}{name}" for name in names))


def _key(path: str) -> str:
    """Part names compare without case; some writers use backslashes."""
    return path.replace("\\", "/").lstrip("/").lower()


def _old_or_locked(data: bytes) -> str:
    if ENCRYPTED in data:
        return LOCKED
    return "内容是旧版 Office 文件，后缀却是 .docx，请把后缀改为 .doc 再导入"


def _tidy(root: Element) -> bool:
    """Leave what Word shows with all changes accepted; whether there was a deletion."""
    for both in list(root.iter(f"{_MC}AlternateContent")):
        _choose(both)
    dropped = [
        one
        for one in root.iter(etree.Element)
        if one.tag.startswith(W) and _is_dropped(one.tag.removeprefix(W), one.getparent())
    ]
    for one in dropped:
        _remove(one)
    _balance(root)
    return any(one.tag in _DELETED for one in dropped)


def _choose(both: Element) -> None:
    """Put the children of one branch in the place of `mc:AlternateContent`.

    The first choice is what a current Word shows, unless only another branch holds any text.
    """
    parent = both.getparent()
    if parent is None:
        return
    branches = [one for one in both if one.tag in (f"{_MC}Choice", f"{_MC}Fallback")]
    spoken = [one for one in branches if any(text.text for text in tagged(one, "t"))]
    chosen = (spoken or branches)[:1]
    place = parent.index(both)
    parent[place : place + 1] = [child for branch in chosen for child in branch]


def _is_dropped(name: str, parent: Element | None) -> bool:
    """Deleted and moved text, and former properties; `w:del` in properties is only a flag."""
    if parent is None:
        return False
    if name.endswith("Change"):
        return True
    return W + name in _DELETED and parent.tag not in (f"{W}rPr", f"{W}trPr")


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _balance(root: Element) -> None:
    """Field marks without their other half go: they would hide everything after them."""
    opened: list[list[Element]] = []
    stray: list[Element] = []
    for mark in tagged(root, "fldChar"):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin" and _is_in_paragraph(mark):
            opened.append([mark])
        elif not opened or kind not in ("separate", "end") or not _is_in_paragraph(mark):
            stray.append(mark)
        elif kind == "separate":
            opened[-1].append(mark)
        else:
            opened.pop()
    for mark in stray + [mark for marks in opened for mark in marks]:
        _remove(mark)


def _is_in_paragraph(mark: Element) -> bool:
    run = mark.getparent()
    return (
        run is not None
        and run.tag == f"{W}r"
        and next(run.iterancestors(f"{W}p"), None) is not None
    )
