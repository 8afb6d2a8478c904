"""OFD files as several producers write them, made by hand (GB/T 33190-2016)."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from ingest.formats.ofd_text import width

NAMESPACE = "http://www.ofdspec.org/2016"
STYLES = ("list", "short", "character", "scaled", "bare", "children")
POINT = 25.4 / 72  # millimetres


def text(x: float, y: float, words: str, size: float = 5.6, style: str = "list") -> str:
    """A line of text whose baseline begins at a place, in millimetres."""
    steps = [width(char) * size for char in words]
    if style == "character":
        places = [x + sum(steps[:at]) for at in range(len(words))]
        return "".join(
            f'<TextObject Boundary="{left} {y - size} {step} {size}" Size="{size}" Font="1">'
            f'<TextCode X="0" Y="{size}">{_escaped(char)}</TextCode></TextObject>'
            for char, left, step in zip(words, places, steps, strict=True)
        )
    if style == "scaled":  # in points, in a boundary that has nothing to do with the text
        steps = [step / POINT for step in steps]
        return (
            f'<TextObject CTM="{POINT} 0 0 {POINT} 7 {-y}" Boundary="-7 {2 * y} 400 400" Font="1"'
            f' Size="{size / POINT}"><TextCode X="{x / POINT}" Y="0" DeltaX="{_list(steps)}">'
            f"{_escaped(words)}</TextCode></TextObject>"
        )
    deltas = {"list": _list(steps), "short": _short(steps), "children": _list(steps), "bare": ""}
    delta = f' DeltaX="{deltas[style]}"' if deltas[style] else ""
    return (
        f'<TextObject Boundary="{x} {y - size} {sum(steps)} {size}" Size="{size}" Font="1">'
        f'<TextCode X="0" Y="{size}"{delta}>{_escaped(words)}</TextCode></TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    """A ruling line."""
    return (
        f'<PathObject Boundary="{x0} {y0} {x1 - x0 + 0.2} {y1 - y0 + 0.2}" LineWidth="0.2">'
        f"<AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</AbbreviatedData></PathObject>"
    )


def grid(xs: Sequence[float], ys: Sequence[float]) -> str:
    """The ruling lines of a table."""
    level = [rule(xs[0], y, xs[-1], y) for y in ys]
    return "".join([*level, *(rule(x, ys[0], x, ys[-1]) for x in xs)])


def picture(resource: int, x: float, y: float, wide: float, high: float) -> str:
    """A picture that fills its boundary."""
    return (
        f'<ImageObject ResourceID="{resource}" Boundary="{x} {y} {wide} {high}"'
        f' CTM="{wide} 0 0 {high} 0 0"/>'
    )


@dataclass
class Ofd:
    """A package: the content of its pages, of its template pages by ID, and of its other parts."""

    pages: Sequence[str]
    templates: Mapping[int, str] = field(default_factory=dict)
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    parts: Mapping[str, str | bytes] = field(default_factory=dict)
    units: str = ""  # composite drawings
    common: str = ""  # what else the document's root part holds
    title: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    prefix: str = "ofd:"
    absolute: bool = False
    style: str = "list"

    def parts_of(self) -> dict[str, str | bytes]:
        """All parts by their paths."""
        files: dict[str, str | bytes] = {
            "OFD.xml": self._xml("OFD", self._body("Doc_0"), 'Version="1.0" DocType="OFD"'),
            "Doc_0/Document.xml": self._xml("Document", self._document()),
            "Doc_0/DocumentRes.xml": self._xml("Res", self._resources(), 'BaseLoc="Res"'),
        }
        for number, content in enumerate(self.pages):
            used = "".join(f'<Template TemplateID="{one}"/>' for one in self.templates)
            page = f"{used}<Content><Layer>{content}</Layer></Content>"
            files[f"Doc_0/Pages/Page_{number}/Content.xml"] = self._xml("Page", page)
        for number, content in self.templates.items():
            page = f"<Content><Layer>{content}</Layer></Content>"
            files[f"Doc_0/Tpls/Tpl_{number}/Content.xml"] = self._xml("Page", page)
        files |= {f"Doc_0/Res/{number}.png": data for number, data in self.pictures.items()}
        return files | dict(self.parts)

    def data(self) -> bytes:
        """The file."""
        return zipped(self.parts_of())

    def _body(self, folder: str) -> str:
        custom = "".join(
            f'<CustomData Name="{name}">{escape(value)}</CustomData>'
            for name, value in self.custom.items()
        )
        return (
            f"<DocBody><DocInfo><DocID>0</DocID><Title>{escape(self.title)}</Title>"
            f"<CustomDatas>{custom}</CustomDatas></DocInfo>"
            f"<DocRoot>{folder}/Document.xml</DocRoot></DocBody>"
        )

    def _document(self) -> str:
        start = "/Doc_0/" if self.absolute else ""
        pages = "".join(
            f'<Page ID="{100 + number}"><BaseLoc>{start}Pages/Page_{number}/Content.xml</BaseLoc></Page>'
            if self.style == "children"
            else f'<Page ID="{100 + number}" BaseLoc="{start}Pages/Page_{number}/Content.xml"/>'
            for number in range(len(self.pages))
        )
        templates = "".join(
            f'<TemplatePage ID="{number}" BaseLoc="{start}Tpls/Tpl_{number}/Content.xml"/>'
            for number in self.templates
        )
        return (
            "<CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>"
            f"<DocumentRes>{start}DocumentRes.xml</DocumentRes>{templates}</CommonData>"
            f"<Pages>{pages}</Pages>{self.common}"
        )

    def _resources(self) -> str:
        media = "".join(
            f'<MultiMedia ID="{number}" Type="Image"><MediaFile>{number}.png</MediaFile></MultiMedia>'
            for number in self.pictures
        )
        return (
            f"<MultiMedias>{media}</MultiMedias>"
            f"<CompositeGraphicUnits>{self.units}</CompositeGraphicUnits>"
        )

    def _xml(self, name: str, content: str, attributes: str = "") -> str:
        return document(name, content, attributes, self.prefix)


def document(name: str, content: str, attributes: str = "", prefix: str = "ofd:") -> str:
    """An XML part in the namespace of OFD, with a prefix or as the default."""
    bound = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    body = f"<{name} {attributes}>{content}</{name}>"
    body = body.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    start = f"<{prefix}{name} "
    return '<?xml version="1.0" encoding="UTF-8"?>' + body.replace(
        start, f'{start}{bound}="{NAMESPACE}" ', 1
    )


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of parts by their paths."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in files.items():
            package.writestr(path, content)
    return data.getvalue()


def _escaped(words: str) -> str:
    return escape(words.replace(" ", "\\0020"))


def _list(steps: Sequence[float]) -> str:
    return " ".join(f"{step:g}" for step in steps[:-1])


def _short(steps: Sequence[float]) -> str:
    """Steps with equal ones after each other as `g`, their number and their value."""
    runs: list[tuple[float, int]] = []
    for step in steps[:-1]:
        if runs and runs[-1][0] == step:
            runs[-1] = (step, runs[-1][1] + 1)
        else:
            runs.append((step, 1))
    return " ".join(f"g {count} {step:g}" if count > 1 else f"{step:g}" for step, count in runs)
