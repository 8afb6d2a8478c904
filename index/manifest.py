"""The index on disk: segments that never change, and one manifest that says which count.

    index/manifest.json            what made the index, and for each segment its files and dead rows
    index/{name}.safetensors       a segment (index/segment.py)
    index/{name}.faiss             what finds near vectors in a large one
    index/lock                     held by the process that writes

A change writes its segment beside the others, then replaces the manifest in one step: a killed
process leaves the index as it was. Who reads needs no lock; of two that would write, one waits and
goes on from what the other wrote. Nothing is pickled.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from errors import DamagedIndex, StoreError

if sys.platform != "win32":
    import fcntl

FORMAT = 4
MANIFEST = "manifest.json"

_LOCK = "lock"
_NEW = ".new"
_CURRENT = "current"  # of format 2; it holds the name of a folder
_OURS = re.compile(  # and what safetensors calls a file that it is writing
    r"[0-9a-f]{12}(\.safetensors|\.faiss|\.new(\.current)?)?|\.tmp[0-9A-Za-z]{6}"
)
_SEALED = len('{"seal":"",') + 64  # where the bytes begin that the seal is of
_NOT_READ = -1
_WHOLE = 1 << 26  # bytes of a file up to which all of it is read to check it
_EDGE = 1 << 20  # bytes of each end of a larger one


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as it counts: its name, its rows, those that are dead, and its files' digests."""

    name: str
    rows: int
    dead: tuple[int, ...]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of.

    `policies` holds the catalog's fingerprint of each policy; `own_words` what stands in the
    dictionary beside the general one; `averages` the lengths of a normal text, in words and in
    pairs, and from how many `texts` they were taken.
    """

    encoder: str
    policies: Mapping[str, str] = field(default_factory=dict)
    own_words: tuple[str, ...] = ()
    averages: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    format: int = FORMAT


def read_manifest(
    folder: Path, *, thorough: bool = False, known: Collection[str] = ()
) -> Manifest | None:
    """What the folder holds, its files checked; None where there is no index yet.

    Of files above 64 MiB the size and both ends are checked, unless it shall be `thorough`; of
    segments that are `known` by name, that their files are there. Raises `DamagedIndex`, naming the
    file.
    """
    manifest = peek(folder)
    for part in manifest.parts if manifest else ():
        whole = None if thorough else _NOT_READ if part.name in known else _WHOLE
        for name, digest in part.files.items():
            if not _holds(folder / name, digest, whole):
                if peek(folder) != manifest:  # another process replaced it in the meantime
                    return read_manifest(folder, thorough=thorough, known=known)
                raise DamagedIndex(f"索引文件 {folder / name} 缺失或已被改动")
    return manifest


def peek(folder: Path) -> Manifest | None:
    """What the folder holds, its files not checked. Raises `DamagedIndex`."""
    file = folder / MANIFEST
    try:
        return _parsed(file.read_bytes(), file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedIndex(f"索引文件 {file} 读不出来({error.strerror})") from None


def _parsed(data: bytes, file: Path) -> Manifest:
    try:
        values = orjson.loads(data)
        if values["format"] != FORMAT:
            raise DamagedIndex(
                f"索引 {file} 的格式是第 {values['format']} 版，本程序用第 {FORMAT} 版"
            )
        if values.pop("seal") != _seal(b"{" + data[_SEALED:]):
            raise DamagedIndex(f"索引文件 {file} 已被改动")
        parts = tuple(
            Part(part["name"], part["rows"], tuple(part["dead"]), dict(part["files"]))
            for part in values.pop("parts")
        )
        own_words = tuple(values.pop("own_words"))
        return Manifest(**values, own_words=own_words, parts=parts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedIndex(f"索引文件 {file} 读不出来({error})") from None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Nobody else writes to the folder in the meantime, of other processes and of this one.

    The folder is made where it is not there. Raises `StoreError` where it cannot be written.
    """
    with telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / _LOCK).open("ab")
    with stream:
        if sys.platform != "win32":
            with suppress(OSError):  # a file system that knows no locks
                fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make the manifest the one that counts, and drop the files of others. Within `writing`.

    Raises `StoreError` where the folder cannot be written.
    """
    new = folder / f"{new_name()}{_NEW}"
    said = orjson.dumps(manifest)
    with telling(folder):
        with new.open("wb") as stream:
            stream.write(b'{"seal":"%s",' % _seal(said).encode())
            stream.write(said[1:])
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(folder / MANIFEST)
        _drop_others(folder, {name for part in manifest.parts for name in part.files})


def new_name() -> str:
    """A name that no file has."""
    return uuid.uuid4().hex[:12]


def sealed(files: Iterable[Path]) -> dict[str, str]:
    """The digest of each file, by its name."""
    return {file.name: _digest(file) for file in files}


@contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Tell a person which folder it is that cannot be written: `StoreError`."""
    try:
        yield
    except OSError as error:
        raise unwritable(folder, error) from None


def unwritable(folder: Path, error: OSError) -> StoreError:
    """What a person is told of a folder that cannot be written."""
    return StoreError(
        f"索引目录 {folder} 写不进去({error.strerror})，请检查 WENCE_DATA_DIR 的权限和空间"
    )


def _seal(said: bytes) -> str:
    """A digest of the manifest's JSON, in which itself it stands first: see `_SEALED`."""
    return hashlib.sha256(said).hexdigest()


def _holds(file: Path, digest: str, whole: int | None) -> bool:
    return file.is_file() if whole == _NOT_READ else digest.startswith(_digest(file, whole))


def _digest(file: Path, whole: int | None = None) -> str:
    """`{of the ends and the size}:{of all}`; without the second for files larger than `whole`."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            ends = hashlib.sha256(size.to_bytes(8, "little"))
            for start in (0, max(0, size - _EDGE)):
                stream.seek(start)
                ends.update(stream.read(_EDGE))
            if whole is not None and size > whole:
                return ends.hexdigest()
            stream.seek(0)
            return f"{ends.hexdigest()}:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
    except OSError:
        return "absent"


def _drop_others(folder: Path, keep: Collection[str]) -> None:
    """Drop what older manifests had and what killed writers left; what others put there stays."""
    for other in folder.iterdir():
        with suppress(OSError, UnicodeDecodeError):
            name = other.read_text("ascii") if other.name == _CURRENT else other.name
            if other.name not in keep and _OURS.fullmatch(name):
                shutil.rmtree(other) if other.is_dir() else other.unlink()
