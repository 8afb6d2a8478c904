"""The parts of an OFD package (GB/T 33190-2016, 6 and 7): a zip of XML parts and their resources."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from errors import UnreadableFile
from ingest.sniff import is_bomb

_MAX_TOTAL = 1_000_000_000  # bytes, of all parts unpacked
_MAX_XML = 40_000_000  # bytes, of one XML part
_MOST = 1e7  # no place and no size is larger
_ENCRYPTED = 1  # flag bit of a zip entry
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)

Element: TypeAlias = etree._Element


class Package:
    """The parts by their locations. `name` is how messages call the file."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise self.trouble("不是完整的 OFD 文件，可能没有下载完，请重新下载") from None
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if sum(entry.file_size for entry in entries) > _MAX_TOTAL or any(
            is_bomb(entry.file_size, entry.compress_size) for entry in entries
        ):
            raise self.trouble("解压后大得不正常，没有读取，请核实文件来源")
        self._entries = {alias: entry for entry in entries for alias in _aliases(entry)}
        locked = any(entry.flag_bits & _ENCRYPTED for entry in entries)
        if locked or "encryptions.xml" in self._entries:
            raise self.trouble("文件已加密，请去掉密码后再导入")
        if "ofd.xml" not in self._entries:
            raise self.trouble("压缩包里没有 OFD.xml，不是 OFD 文件，请核对文件")

    def trouble(self, what: str) -> UnreadableFile:
        """An error that names the file."""
        return UnreadableFile(f"{self.name}：{what}")

    def find(self, location: str, *folders: str) -> str | None:
        """Where a location leads that is written in a part of the first folder.

        It is absolute with a leading slash, else relative to the folder; some producers write it
        relative to another of the folders or to the root. None where there is no such part.
        """
        written = location.strip().replace("\\", "/")
        for folder in ("",) if written.startswith("/") else (*folders, ""):
            path = posixpath.normpath(posixpath.join(folder, written.lstrip("/")))
            if path.lower() in self._entries:
                return path
        return None

    def read(self, path: str) -> bytes:
        """A part's bytes. Raises `UnreadableFile` where it is damaged."""
        try:
            return self._zip.read(self._entries[path.lower()])
        except _DAMAGE:
            raise self.trouble(f"其中的 {path} 已损坏，请重新下载或另存一份") from None

    def xml(self, path: str) -> Element:
        """The root of an XML part. Raises `UnreadableFile` where it is none."""
        if self._entries[path.lower()].file_size > _MAX_XML:
            raise self.trouble(f"其中的 {path} 大得不正常，没有读取，请核实文件来源")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(self.read(path), parser)
        except (etree.XMLSyntaxError, ValueError):
            raise self.trouble(f"其中的 {path} 已损坏，请重新下载或另存一份") from None
        if root.getroottree().docinfo.doctype:
            raise self.trouble(f"其中的 {path} 含有不安全的实体定义，没有读取，请核实文件来源")
        return root


def tag(element: Element) -> str:
    """An element's name without its namespace, which producers write in several ways."""
    return str(etree.QName(element).localname)


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children of these names, in order."""
    if element is not None:
        yield from (child for child in element if tag(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a name, its first child of the next name, and so on; None for none."""
    for name in path:
        element = next(children(element, name), None)
    return element


def written(element: Element | None, *path: str) -> str:
    """What a child holds as text; empty where there is none."""
    found = child(element, *path)
    return "".join(found.itertext()).strip() if found is not None else ""


def field_of(element: Element, name: str) -> str:
    """A value that is an attribute, or with some producers a child."""
    return str(element.get(name, "")).strip() or written(element, name)


def numbers(text: str | None) -> list[float]:
    """The numbers of an array (ST_Array, ST_Box); what is no number ends it.

    >>> numbers("1 2.5 x 3")
    [1.0, 2.5]
    """
    values: list[float] = []
    for word in (text or "").replace(",", " ").split():
        try:
            values.append(float(word))
        except ValueError:
            break
        if not abs(values[-1]) < _MOST:
            return values[:-1]
    return values


def _aliases(entry: zipfile.ZipInfo) -> Iterator[str]:
    """How parts may call an entry: names are compared in small letters, and old zip programs
    wrote Chinese ones in GBK without saying so."""
    name = entry.filename.replace("\\", "/").lstrip("/").lower()
    yield posixpath.normpath(name)
    try:
        yield posixpath.normpath(name.encode("cp437").decode("gbk"))
    except UnicodeError:
        return
