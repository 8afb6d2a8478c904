"""The documents of an OFD package and their pages in order (GB/T 33190-2016, 7)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ingest.formats.ofd_package import (
    Element,
    Package,
    child,
    children,
    field_of,
    numbers,
    written,
)
from ingest.formats.ofd_page import Drawn, drawn
from ingest.formats.ofd_text import asides_of, glyphs_of
from ingest.layout.glyphs import lines

MAX_PAGES = 5_000  # of a file
_A4 = (210.0, 297.0)  # millimetres, for a page that tells no size
_TOLD = {"标题": "title", "发文字号": "doc_no", "发文机关": "issuer"}  # names of custom data


@dataclass(frozen=True, slots=True)
class Resources:
    """What pages refer to by number: the parts that hold pictures, and composite drawings."""

    images: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: what it draws, what its pictures are, and what should be told of it.

    In `notes`, `{}` stands for the number of the page.
    """

    drawn: Drawn
    images: Mapping[str, str]
    notes: tuple[str, ...] = ()


def sheets(package: Package) -> Iterator[Sheet]:
    """The pages of all documents of a package. Raises `UnreadableFile` where one is missing."""
    count = 0
    for body in children(package.xml("OFD.xml"), "DocBody"):
        path = package.find(written(body, "DocRoot"))
        if path is None:
            raise package.trouble("缺少正文的目录（Document.xml），文件不完整，请重新下载")
        document = _Document(package, path)
        for sheet in document.sheets(count):
            count += 1
            if count > MAX_PAGES:
                raise package.trouble(f"超过 {MAX_PAGES:,} 页，请拆分后再导入")
            yield sheet
    if not count:
        raise package.trouble("OFD 里没有页，请重新下载或导出")


def told(package: Package) -> dict[str, str]:
    """What the file says of its first document outside the pages, by the keys of a card."""
    body = child(package.xml("OFD.xml"), "DocBody")
    values = {"title": written(body, "DocInfo", "Title")}
    for datum in children(child(body, "DocInfo", "CustomDatas"), "CustomData"):
        key = _TOLD.get(datum.get("Name", "").strip())
        if key:
            values[key] = written(datum)
    return {key: value for key, value in values.items() if value}


class _Document:
    """One document of a package, by the path of its root part."""

    def __init__(self, package: Package, path: str) -> None:
        self._package = package
        self._root = package.xml(path)
        self._folder = posixpath.dirname(path)
        common = child(self._root, "CommonData")
        self._size = _size(child(common, "PageArea")) or _A4
        self._resources = Resources()
        for location in children(common, "PublicRes", "DocumentRes"):
            self._resources = self._with(self._resources, location, self._folder)
        self._templates = {
            template.get("ID", ""): field_of(template, "BaseLoc")
            for template in children(common, "TemplatePage")
        }
        self._read: dict[str, Element] = {}

    def sheets(self, before: int) -> Iterator[Sheet]:
        """The pages in order; `before` are those of the documents in front of this one."""
        remarks = dict(self._annotations())
        attached = self._attachments()
        pages = child(self._root, "Pages")
        for number, page in enumerate(children(pages, "Page"), before + 1):
            path = self._package.find(field_of(page, "BaseLoc"), self._folder)
            if path is None:
                raise self._package.trouble(f"缺少第{number}页的内容，文件不完整，请重新下载")
            sheet = self._sheet(path, number)
            yield replace(sheet, notes=(*attached, *remarks.get(page.get("ID", ""), ())))
            attached = ()

    def _sheet(self, path: str, number: int) -> Sheet:
        page = self._package.xml(path)
        resources = self._resources
        for location in children(page, "PageRes"):
            resources = self._with(resources, location, posixpath.dirname(path))
        behind: list[Element] = []
        before: list[Element] = []
        for used in children(page, "Template"):
            template = self._template(used.get("TemplateID", ""), number)
            (before if used.get("ZOrder") == "Foreground" else behind).append(template)
        size = _size(child(page, "Area")) or self._size
        try:
            return Sheet(drawn([*behind, page, *before], resources.units, *size), resources.images)
        except ValueError:
            problem = f"第{number}页的字多得不正常，没有读取，请核实文件来源"
            raise self._package.trouble(problem) from None

    def _template(self, number: str, page: int) -> Element:
        if number not in self._read:
            path = self._package.find(self._templates.get(number, ""), self._folder)
            if path is None:
                raise self._package.trouble(f"缺少第{page}页的模板，文件不完整，请重新下载")
            self._read[number] = self._package.xml(path)
        return self._read[number]

    def _with(self, known: Resources, location: Element, folder: str) -> Resources:
        """The resources that are known, and those that a part lists."""
        path = self._package.find(written(location), folder, self._folder)
        if path is None:
            return known
        root = self._package.xml(path)
        place = posixpath.dirname(path)
        base = posixpath.join(place, root.get("BaseLoc", "").replace("\\", "/").lstrip("/"))
        images, units = dict(known.images), dict(known.units)
        for media in children(child(root, "MultiMedias"), "MultiMedia"):
            file = self._package.find(written(media, "MediaFile"), base, place, self._folder)
            if file is not None:
                images[media.get("ID", "")] = file
        for unit in children(child(root, "CompositeGraphicUnits"), "CompositeGraphicUnit"):
            units[unit.get("ID", "")] = unit
        return Resources(images, units)

    def _annotations(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What annotations say on each page, by its ID; a seal says nothing."""
        told: set[str] = set()
        for root, folder in self._listed("Annotations"):
            for page in children(root, "Page"):
                path = self._package.find(written(page, "FileLoc"), folder, self._folder)
                if path is None:
                    continue
                said = dict.fromkeys(self._said(self._package.xml(path)))
                new = [words for words in said if words not in told]
                told.update(new)
                yield (
                    page.get("PageID", ""),
                    tuple(
                        f"第{{}}页有批注或水印“{_literal(words)}”，没有计入正文" for words in new
                    ),
                )

    def _said(self, page: Element) -> Iterator[str]:
        for one in children(page, "Annot"):
            if one.get("Visible") == "false":
                continue
            seen = drawn(children(one, "Appearance"), self._resources.units, *self._size)
            level = lines(glyphs_of([mark for mark in seen.marks if mark.is_level]))
            across = (line for _, line in asides_of(m for m in seen.marks if not m.is_level))
            words = " ".join(line.text for line in (*level, *across))
            if words:
                yield words

    def _attachments(self) -> tuple[str, ...]:
        return tuple(
            f"附件“{_literal(one.get('Name', ''))}”没有读取，请从 OFD 里另存出来，单独导入"
            for root, _ in self._listed("Attachments")
            for one in children(root, "Attachment")
            if one.get("Visible") != "false"
        )

    def _listed(self, name: str) -> Iterator[tuple[Element, str]]:
        """The roots of the parts that the document names under a word, with their folders."""
        for location in children(self._root, name):
            path = self._package.find(written(location), self._folder)
            if path is not None:
                yield self._package.xml(path), posixpath.dirname(path)


def _size(area: Element | None) -> tuple[float, float] | None:
    """Width and height of a page in millimetres."""
    sides = numbers(written(area, "PhysicalBox"))[2:4]
    return (sides[0], sides[1]) if len(sides) == 2 and min(sides) > 0 else None


def _literal(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")
