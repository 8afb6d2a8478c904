"""Files, folders and zips as one stream of documents to read.

Nothing of a zip is unpacked to the disk; a member is read when it is asked for. Zips inside zips
are opened too. What a person named and cannot be read is told; what merely lies beside documents
in a folder or zip is passed over.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from errors import UnreadableFile
from ingest.reader import BY_SUFFIX, format_of, load, suffix_of, why_closed
from ingest.sniff import Content, is_bomb
from ingest.zips import MAX_NESTING, Member, called, open_zip, unpack

MAX_MEMBERS = 10_000
MAX_TOTAL = 2_000_000_000  # bytes of all the documents in one zip, unpacked
MAX_MEMBER = 200_000_000
MAX_CARD = 1_000_000  # bytes of a TOML file beside a document
_ZIP = Content.ZIP.suffix
_CARD = ".toml"
_LITTER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))


@dataclass(frozen=True, slots=True)
class Input:
    """A document to be read: a file, or a member of a zip; the last of `members` lies innermost."""

    path: Path
    members: tuple[Member, ...] = ()

    @property
    def name(self) -> str:
        """How it is called in messages: `a.zip/b.docx`."""
        return called(self.path, self.members)

    @property
    def stem(self) -> str:
        """Its file name without folders and suffix."""
        return self._file.stem

    @property
    def file_name(self) -> str:
        """Its file name without folders."""
        return self._file.name

    def load(self) -> bytes:
        """Its bytes. Raises `UnreadableFile` where they cannot be had."""
        return unpack(self.path, self.members) if self.members else load(self.path)

    def beside(self) -> bytes | None:
        """The card: what the TOML file of the same stem beside it says; None without one.

        Raises `UnreadableFile` for one that is there and cannot be had.
        """
        if not self.members:
            return _card_on_disk(self.path.with_suffix(_CARD))
        *outer, member = self.members
        archive = open_zip(self.path, outer)
        card = archive.named(str(PurePosixPath(member.name).with_suffix(_CARD)))
        if card is None:
            return None
        inside = (*outer, card)
        _check_card(archive.size(card), called(self.path, inside))
        return unpack(self.path, inside)

    @property
    def _file(self) -> PurePosixPath | Path:
        return PurePosixPath(self.members[-1].name) if self.members else self.path


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, folder or member that cannot be read, and why, for a person."""

    name: str
    error: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder or zip that is no document by its suffix."""

    name: str


Found = Input | Refused | Skipped


def inputs(paths: Iterable[Path]) -> Iterator[Found]:
    """What the files, folders and zips named hold, in order; a folder's in the order of names."""
    for path in paths:
        if os.path.isdir(path):  # which, unlike the method of a path, never raises
            yield from _in_folder(path)
        elif suffix_of(path.name) == _ZIP:
            yield from _in_named_zip(path)
        else:
            yield _named(path)


def _card_on_disk(card: Path) -> bytes | None:
    try:
        if not card.is_file():
            return None
        _check_card(card.stat().st_size, str(card))
        return card.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{card}：{why_closed(error)}") from None


def _check_card(size: int, name: str) -> None:
    if size > MAX_CARD:
        raise UnreadableFile(
            f"{name}：元数据有 {size:,} 字节，上限 {MAX_CARD:,} 字节，请改正这个文件"
        )


def _named(path: Path) -> Found:
    try:
        format_of(str(path))
    except UnreadableFile as error:
        return Refused(str(path), str(error))
    return Input(path)


def _in_named_zip(path: Path) -> Iterator[Found]:
    empty = True
    for found in _in_zip(Input(path), _Room()):
        empty = empty and isinstance(found, Skipped)
        yield found
    if empty:
        yield Refused(str(path), f"{path}：压缩包内没有可读的文件，请给 {'、'.join(BY_SUFFIX)}")


def _in_folder(folder: Path) -> Iterator[Found]:
    """Every document under a folder; a folder that links lead to twice is read once."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not os.path.isdir(path):
            yield from _beside_others(path)
            continue
        try:
            status = path.stat()
            entries = [] if (status.st_dev, status.st_ino) in seen else os.listdir(path)
        except OSError as error:
            yield Refused(str(path), f"{path}：{why_closed(error)}")
            continue
        seen.add((status.st_dev, status.st_ino))
        names = sorted((name for name in entries if not _is_litter(name)), reverse=True)
        waiting += [path / name for name in names]


def _beside_others(path: Path) -> Iterator[Found]:
    suffix = suffix_of(path.name)
    if suffix in BY_SUFFIX:
        yield Input(path)
    elif suffix == _ZIP:
        yield from _in_zip(Input(path), _Room())
    elif suffix != _CARD:
        yield Skipped(str(path))


def _is_litter(name: str) -> bool:
    """Hidden files, the lock files of Office and WPS, and what systems leave behind."""
    hidden = name.startswith((".", "~$")) and name not in (".", "..")
    return hidden or name.lower() in _LITTER


class _Room:
    """How much more the zip that was named may hold, counted over all the zips inside it."""

    def __init__(self) -> None:
        self._members = MAX_MEMBERS
        self._bytes = MAX_TOTAL

    def take(self, members: int, size: int) -> str:
        """Use some up; why it does not fit, or nothing."""
        self._members -= members
        self._bytes -= size
        if self._members < 0:
            return f"压缩包内超过 {MAX_MEMBERS:,} 个文件，请拆分后再导入"
        if self._bytes < 0:
            return f"压缩包解压后超过 {MAX_TOTAL:,} 字节，请拆分后再导入"
        return ""


def _in_zip(outer: Input, room: _Room) -> Iterator[Found]:
    try:
        archive = open_zip(outer.path, outer.members)
    except UnreadableFile as error:
        yield Refused(outer.name, str(error))
        return
    listed = [item for item in archive.listed() if not _is_unseen(item[0].name, item[1])]
    wanted = [info for member, info in listed if _is_wanted(member.name)]
    full = room.take(len(archive.infos), sum(info.file_size for info in wanted))
    if full:
        yield Refused(outer.name, f"{outer.name}：{full}")
        return
    for member, info in listed:
        inner = Input(outer.path, (*outer.members, member))
        suffix = suffix_of(member.name)
        if not _is_wanted(member.name):
            if suffix != _CARD:
                yield Skipped(inner.name)
        elif problem := _problem(info, len(outer.members) + 1 if suffix == _ZIP else 0):
            yield Refused(inner.name, f"{inner.name}：{problem}")
        elif suffix == _ZIP:
            yield from _in_zip(inner, room)
        else:
            yield inner


def _is_wanted(name: str) -> bool:
    return (suffix := suffix_of(name)) in BY_SUFFIX or suffix == _ZIP


def _is_unseen(name: str, info: zipfile.ZipInfo) -> bool:
    link = stat.S_ISLNK(info.external_attr >> 16)
    return link or name.endswith("/") or any(map(_is_litter, PurePosixPath(name).parts))


def _problem(info: zipfile.ZipInfo, depth: int) -> str:
    """Why a member is not read, or nothing; `depth` counts the zips around a zip."""
    if info.flag_bits & 0x1:
        return "压缩包内的文件有密码，请去掉密码后再导入"
    if depth > MAX_NESTING:
        return f"压缩包嵌套超过 {MAX_NESTING} 层，请解压后再导入"
    if is_bomb(info.file_size, info.compress_size):
        return "解压后大得不正常，没有读取，请核实文件来源"
    if info.file_size > MAX_MEMBER:
        return f"文件有 {info.file_size:,} 字节，上限 {MAX_MEMBER:,} 字节，请拆分后再导入"
    return ""
