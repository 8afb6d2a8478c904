"""Word files made by the tests: paragraphs and tables as XML, put into a package by hand."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ingest.document import Source
from ingest.formats import word

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": _KINDS,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_ROOTS = {"styles": "styles", "numbering": "numbering", "settings": "settings", "footnotes": "footnotes",
          "endnotes": "endnotes", "header": "hdr", "footer": "ftr"}  # fmt: skip


def run(text: str, properties: str = "") -> str:
    """A run of plain text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str = "", properties: str = "") -> str:
    """A paragraph; content that is no XML becomes a run."""
    inner = content if content.startswith("<") or not content else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def item(text: str, list_id: int, level: int = 0) -> str:
    """A paragraph that Word numbers."""
    return paragraph(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    )


def cell(content: str = "", properties: str = "") -> str:
    """A table cell; content that is no XML becomes a paragraph."""
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A table row; cells that are no XML become cells of one paragraph."""
    inner = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def table(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def level(
    place: int, form: str, text: str, start: int = 1, more: str = "", suffix: str = "nothing"
) -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*definitions: str | Sequence[str], instances: str = "") -> str:
    """Lists 1, 2 … of these levels, and further instances as XML."""
    levels = [one if isinstance(one, str) else "".join(one) for one in definitions]
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{i}"><w:multiLevelType w:val="multilevel"/>{one}</w:abstractNum>'
        for i, one in enumerate(levels, 1)
    )
    return abstract + "".join(instance(i, i) for i in range(1, len(levels) + 1)) + instances


def instance(list_id: int, abstract: int, starts: Mapping[int, int] | None = None) -> str:
    """One list of an abstract one, with starts of its own by level."""
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for place, start in (starts or {}).items()
    )
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def docx(
    body: str, parts: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None
) -> bytes:
    """A package with this body. `parts` maps a kind (`styles`, `header1` …) to what its root holds;
    its relation has the id `rId-` and the name. `files` are further members as they are."""
    parts = parts or {}
    kinds = {name: name.rstrip("0123456789") for name in parts}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in [("document", "document.main"), *kinds.items()]
    )
    relations = "".join(
        f'<Relationship Id="rId-{name}" Type="{_KINDS}/{kind}" Target="{name}.xml"/>'
        for name, kind in kinds.items()
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_KINDS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        "</Relationships>",
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
    } | {
        f"word/{name}.xml": f"<w:{_ROOTS[kind]} {_NAMESPACES}>{parts[name]}</w:{_ROOTS[kind]}>"
        for name, kind in kinds.items()
    }
    return zipped(members | dict(files or {}))


def zipped(members: Mapping[str, str]) -> bytes:
    """A zip of texts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return file.getvalue()


def read(
    body: str, parts: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None
) -> Source:
    """What the reader makes of such a file."""
    return word.read(docx(body, parts, files), "文件.docx")


def converted(folder: Path, target: str, *files: Path, source_filter: str = "") -> list[Path]:
    """The files as LibreOffice writes them in another format; the test is skipped without it."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *([f"--infilter={source_filter}"] if source_filter else []),
            *("--convert-to", target, "--outdir", str(folder)),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    suffix = target.partition(":")[0]
    return [folder / f"{file.stem}.{suffix}" for file in files]
