"""Word documents in one XML file, which many offices' templates write under the suffix `.doc`.

Two formats are common. A flat package holds the parts of a `.docx` as elements. Word 2003 XML differs
from a `.docx` in its namespace, its lists, and in notes and headers that stand where they are
referred to. Both are put into a package, so that one reader reads them all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from ingest.document import Source
from ingest.formats import word
from ingest.formats.word_package import Element, R, W, integer, parse, tagged

_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_OLD = b"http://schemas.microsoft.com/office/word/2003/wordml"
_ANNOTATION = "{http://schemas.microsoft.com/aml/2001/core}annotation"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_FORMS = (  # by their number in the binary format, [MS-OI29500] 2.1.1772
    *(
        "decimal",
        "upperRoman",
        "lowerRoman",
        "upperLetter",
        "lowerLetter",
        "ordinal",
        "cardinalText",
    ),
    *("ordinalText", "hex", "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha"),
    *("decimalFullWidth", "decimalHalfWidth", "japaneseLegal", "japaneseDigitalTenThousand"),
    *(
        "decimalEnclosedCircle",
        "decimalFullWidth2",
        "aiueoFullWidth",
        "irohaFullWidth",
        "decimalZero",
    ),
    *("bullet", "ganada", "chosung", "decimalEnclosedFullstop", "decimalEnclosedParen"),
    *("decimalEnclosedCircleChinese", "ideographEnclosedCircle", "ideographTraditional"),
    *("ideographZodiac", "ideographZodiacTraditional", "taiwaneseCounting"),
    *("ideographLegalTraditional", "taiwaneseCountingThousand", "taiwaneseDigital"),
    *("chineseCounting", "chineseLegalSimplified", "chineseCountingThousand"),
)
_NO_FORM = 255
_RENAMED = {
    "listPr": "numPr",
    "ilfo": "numId",
    "listDef": "abstractNum",
    "listDefId": "abstractNumId",
    "list": "num",
    "ilst": "abstractNumId",
}


def is_one_file(head: bytes) -> bool:
    """Whether a file that begins so is a Word document in one XML file."""
    return b"office/2006/xmlPackage" in head or _OLD in head


def read(data: bytes, name: str) -> Source:
    """Read such a file. Raises `UnreadableFile` as `word.read` does."""
    root = parse(data.replace(_OLD, W[1:-1].encode()), f"{name}：内容")
    parts = dict(_flat_parts(root) if root.tag == f"{_FLAT}package" else _old_parts(root))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for path, content in parts.items():
            package.writestr(path, etree.tostring(content))
    return word.read(file.getvalue(), name)


def _flat_parts(root: Element) -> Iterator[tuple[str, Element]]:
    for part in root.findall(f"{_FLAT}part"):
        for content in part.findall(f"{_FLAT}xmlData/*"):
            yield part.get(f"{_FLAT}name", "").lstrip("/"), content


def _old_parts(root: Element) -> Iterator[tuple[str, Element]]:
    """The parts that the sections of a Word 2003 document make."""
    _modernise(root)
    parts: dict[str, Element] = {}
    for kind, tag in (("styles", "styles"), ("numbering", "lists")):
        found = root.find(f"{W}{tag}")
        if found is not None:
            parts[kind] = found
    parts |= _notes(root) | dict(_running(root))
    if root.tag == f"{W}wordDocument":
        root.tag = f"{W}document"
    relations = etree.Element(f"{{{_RELATIONS}}}Relationships")
    for file, content in parts.items():
        kind = file.rstrip("0123456789")
        etree.SubElement(
            relations, "Relationship", Id=file, Type=f"{_KINDS}/{kind}", Target=f"{file}.xml"
        )
        yield f"word/{file}.xml", content
    yield "word/document.xml", root
    yield "word/_rels/document.xml.rels", relations


def _modernise(root: Element) -> None:
    """Give elements the names and values of today."""
    for one in list(root.iter(_ANNOTATION)):
        kind = one.get(f"{W}type")
        if kind == "Word.Deletion":
            one.tag = f"{W}del"
        elif kind != "Word.Insertion" and one.getparent() is not None:
            one.getparent().remove(one)
    for old, new in _RENAMED.items():
        for one in list(tagged(root, old)):
            one.tag = f"{W}{new}"
            for name in ("listDefId", "ilfo"):
                if f"{W}{name}" in one.attrib:
                    one.set(f"{W}{_RENAMED[name]}", one.get(f"{W}{name}", ""))
    for one in list(tagged(root, "nfc")):
        form = integer(one.get(f"{W}val")) or 0
        one.tag = f"{W}numFmt"
        one.set(
            f"{W}val",
            _FORMS[form] if 0 <= form < len(_FORMS) else "none" if form == _NO_FORM else "",
        )
    for one in tagged(root, "suff"):
        one.set(f"{W}val", one.get(f"{W}val", "").lower())
    for one in tagged(root, "t"):
        one.set(_SPACE, "preserve")


def _notes(root: Element) -> dict[str, Element]:
    """Notes move from where they are referred to into parts of their own."""
    parts = {}
    for kind in ("footnote", "endnote"):
        notes = [one for one in tagged(root, kind) if _is_in_run(one)]
        part = etree.Element(f"{W}{kind}s")
        for place, note in enumerate(notes, 1):
            reference = etree.Element(f"{W}{kind}Reference", {f"{W}id": str(place)})
            note.getparent().replace(note, reference)
            note.set(f"{W}id", str(place))
            part.append(note)
        if notes:
            parts[f"{kind}s"] = part
    return parts


def _is_in_run(note: Element) -> bool:
    parent = note.getparent()
    return parent is not None and parent.tag == f"{W}r"


def _running(root: Element) -> Iterator[tuple[str, Element]]:
    """Headers and footers move out of their section."""
    for short, kind in (("hdr", "header"), ("ftr", "footer")):
        for place, one in enumerate(list(tagged(root, short)), 1):
            section = one.getparent()
            if section is None:
                continue
            which = {"odd": "default"}.get(one.get(f"{W}type", "odd"), one.get(f"{W}type", "odd"))
            reference = {f"{W}type": which, f"{R}id": f"{kind}{place}"}
            section.replace(one, etree.Element(f"{W}{kind}Reference", reference))
            yield f"{kind}{place}", one
