"""Zips and zips inside zips: their members by the names that people read, in bytes when asked for."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import not_
from pathlib import Path

from errors import UnreadableFile
from ingest.formats.text import encoding_of
from ingest.reader import mismatch, why_closed
from ingest.sniff import ZIP_DAMAGE, Content, sniff

MAX_NESTING = 2  # zips inside the zip that was named
_HEAD = 4096  # bytes that tell what a file is which is no zip


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip: its place in the list of members, and its name as people read it."""

    index: int
    name: str


class Archive:
    """An open zip and the names of its members as people read them."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.infos = package.infolist()
        self._names = _names(self.infos)
        self._places = {name: place for place, name in enumerate(self._names)}

    def listed(self) -> Iterator[tuple[Member, zipfile.ZipInfo]]:
        """The members, in the order of their names."""
        places = sorted(range(len(self.infos)), key=lambda place: self._names[place].split("/"))
        return ((Member(place, self._names[place]), self.infos[place]) for place in places)

    def named(self, name: str) -> Member | None:
        """The member of a name."""
        return Member(self._places[name], name) if name in self._places else None

    def size(self, member: Member) -> int:
        """How many bytes a member says that it unpacks to."""
        return self.infos[member.index].file_size

    def read(self, member: Member) -> bytes:
        """A member's bytes. Raises the errors of `ZIP_DAMAGE`, and `KeyError` for one that is gone."""
        if self._names[member.index : member.index + 1] != [member.name]:
            raise KeyError(member.name)
        info = self.infos[member.index]
        with self._package.open(info) as file:
            return file.read(info.file_size + 1)  # a bound: what the member says may be untrue


def called(path: Path, members: Sequence[Member]) -> str:
    """How a file or a member of a zip is called in messages: `a.zip/b.docx`."""
    return "/".join([str(path), *(member.name for member in members)])


def open_zip(path: Path, members: Sequence[Member]) -> Archive:
    """The zip at a path, or the one inside it that `members` lead to. Raises `UnreadableFile`."""
    return _opened(path, _stamp(path), tuple(members))


def unpack(path: Path, members: Sequence[Member]) -> bytes:
    """The bytes of the last of `members`, which lies innermost. Raises `UnreadableFile`."""
    *outer, member = members
    name = called(path, members)
    try:
        return open_zip(path, outer).read(member)
    except KeyError:
        raise UnreadableFile(f"{name}：压缩包在读取时变了，请重新导入") from None
    except ZIP_DAMAGE:
        raise UnreadableFile(f"{name}：在压缩包中已损坏，解不开，请重新下载") from None


def _names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Names marked as UTF-8 as they are; the others in the encoding that they all fit together."""
    marked = [bool(info.flag_bits & 0x800) for info in infos]
    raw = [
        info.orig_filename.encode("utf-8" if mark else "cp437")
        for info, mark in zip(infos, marked, strict=True)
    ]
    encoding = encoding_of(b"\n".join(compress(raw, map(not_, marked)))) or "cp437"
    return [
        name.decode("utf-8" if mark else encoding, "replace").replace("\\", "/")
        for name, mark in zip(raw, marked, strict=True)
    ]


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells an open zip from a newer file, and from that of a process this one came from,
    with which it would share its place in the file. Raises `UnreadableFile`."""
    try:
        status = path.stat()
    except OSError as error:
        raise UnreadableFile(f"{path}：{why_closed(error)}") from None
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(f"{path}：不是普通文件，请给文件或文件夹")
    return status.st_mtime_ns, status.st_size, os.getpid()


@lru_cache(maxsize=MAX_NESTING + 1)
def _opened(path: Path, stamp: tuple[int, ...], members: tuple[Member, ...]) -> Archive:
    """The zip at a path, or the one that lies inside it; kept open, as its members come in turn."""
    name = called(path, members)
    head = b""
    try:
        if members:
            data = unpack(path, members)
            head = data[:_HEAD]
            return Archive(zipfile.ZipFile(io.BytesIO(data)))
        with path.open("rb") as file:
            head = file.read(_HEAD)
        return Archive(zipfile.ZipFile(path))
    except OSError as error:
        raise UnreadableFile(f"{name}：{why_closed(error)}") from None
    except ZIP_DAMAGE:
        if not head:
            raise UnreadableFile(f"{name}：文件是空的，没有可导入的文字") from None
        content = sniff(head)
        if content in (Content.BROKEN, Content.UNKNOWN):
            raise UnreadableFile(f"{name}：压缩包已损坏，打不开，请重新下载") from None
        raise UnreadableFile(f"{name}：{mismatch(content, Content.ZIP.suffix)}") from None
