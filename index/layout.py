"""The index on disk: generations of files, each with a manifest, and a name that says which counts.

    index/current              the name of the generation that is read
    index/{generation}/        manifest.json, clauses.json, bm25/, vectors.faiss
    index/{generation}.new/    one that is being written

A generation is written whole beside the others, then `current` is replaced in one step: a killed
process leaves the generation before it, and two that write at once do not disturb each other.
Nothing is pickled.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from errors import DamagedIndex, StoreError

FORMAT = 2
_CURRENT = "current"
_MANIFEST = "manifest.json"
_NEW = ".new"
_ABANDONED = 3600  # seconds without a change, after which nobody writes a generation any more


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of: the catalog's fingerprint, the encoder's, and file digests."""

    format: int
    catalog: str
    encoder: str
    clauses: int
    files: dict[str, str]


def current_generation(root: Path) -> Path | None:
    """The folder that counts, None where there is no index yet."""
    try:
        name = (root / _CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"索引文件 {root / _CURRENT} 读不出来({error})") from None
    return root / Path(name).name


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation, its files checked. Raises `DamagedIndex`, naming the file."""
    file = folder / _MANIFEST
    try:
        manifest = Manifest(**orjson.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise DamagedIndex(f"索引文件 {file} 读不出来({error})") from None
    if manifest.format != FORMAT:
        raise DamagedIndex(f"索引 {folder} 的格式是第 {manifest.format} 版，本程序用第 {FORMAT} 版")
    if not isinstance(manifest.files, dict):
        raise DamagedIndex(f"索引文件 {file} 不是本程序写的清单")
    for name, digest in manifest.files.items():
        if _digest(folder / name) != digest:
            raise DamagedIndex(f"索引文件 {folder / name} 缺失或已被改动")
    return manifest


def write_generation(
    root: Path, catalog: str, encoder: str, clauses: int, write: Callable[[Path], None]
) -> Path:
    """Let `write` fill a new folder, seal it with a manifest and make it the current one.

    Raises `StoreError` where the folder cannot be written.
    """
    folder = root / uuid.uuid4().hex[:12]
    new = folder.with_suffix(_NEW)
    try:
        new.mkdir(parents=True)
        write(new)
        files = {str(f.relative_to(new)): _digest(f) for f in _files(new)}
        manifest = Manifest(FORMAT, catalog, encoder, clauses, files)
        _write_synced(new / _MANIFEST, orjson.dumps(asdict(manifest)))
        name = root / f"{folder.name}{_NEW}.{_CURRENT}"
        _write_synced(name, folder.name.encode())
        new.rename(folder)
        name.replace(root / _CURRENT)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise StoreError(
            f"索引目录 {root} 写不进去({error.strerror})，请检查 WENCE_DATA_DIR 的权限和空间"
        ) from None
    _drop_others(root, folder)
    return folder


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _write_synced(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _drop_others(root: Path, keep: Path) -> None:
    """Drop the generations that no longer count; another process may do so at the same time."""
    for other in root.iterdir():
        with suppress(OSError):
            age = time.time() - other.stat().st_mtime
            if other in (keep, root / _CURRENT) or (_NEW in other.name and age < _ABANDONED):
                continue
            shutil.rmtree(other) if other.is_dir() else other.unlink()
