"""One file of indexed entries, written once, never changed, mapped into memory: safetensors.

    words, pairs, facets   postings (index/postings.py) in one table, each field under its name
    vectors                a row an entry, float16, of unit length
    ids, id_ends           the ids one after the other in UTF-8, and where each ends
    id_keys, id_rows       64 bits of each id's digest, in order, and the row that has it
    digests                16 bytes of each entry

A large one has a second file beside it, in which FAISS finds near vectors without reading all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import save_file

from errors import DamagedIndex
from index.encoder import Vectors
from index.entries import Entry, Where
from index.nearest import EXACT_ROWS, Nearest
from index.postings import Keys, Postings, Rows, invert, joined, key_of, stacked
from index.tokens import Cutter, pairs

SUFFIX = ".safetensors"
NEAREST_SUFFIX = ".faiss"
Mask = NDArray[np.bool_]
Arrays = dict[str, NDArray[Any]]

_TYPES = {"U8": np.uint8, "I32": np.int32, "I64": np.int64, "U64": np.uint64, "F16": np.float16}


@dataclass(frozen=True, slots=True)
class Averages:
    """The length of a normal text in words and in pairs; what impacts are made with."""

    words: float | None = None
    pairs: float | None = None


class Segment:
    """Entries by row, 0 to `size` - 1. `name` is the stem of its files, empty in memory."""

    def __init__(self, name: str, arrays: Arrays, nearest: Nearest | None = None) -> None:
        self.name = name
        self.size = len(arrays["id_rows"])
        self.nearest = nearest
        self.postings = Postings(*(arrays[part] for part in ("keys", "starts", "rows", "impacts")))
        self.halves = arrays["vectors"]
        self.digests = arrays["digests"]
        self.arrays = arrays

    @cached_property
    def vectors(self) -> Vectors:
        """All rows as float32, in memory: for a segment that is searched exactly."""
        return np.asarray(self.halves, np.float32)

    def id(self, row: int) -> str:
        """The id of a row."""
        ends = self.arrays["id_ends"]
        start = int(ends[row - 1]) if row else 0
        return bytes(self.arrays["ids"][start : int(ends[row])]).decode()

    def rows_of(self, keys: Keys) -> NDArray[np.int64]:
        """The rows of the ids with these keys (`id_keys`), as far as they are here."""
        known = self.arrays["id_keys"]
        if not self.size:
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(known, keys), self.size - 1)
        return np.asarray(self.arrays["id_rows"][at[known[at] == keys]], np.int64)

    def passing(self, where: Where) -> Mask:
        """Which rows have, of every facet, one of its values."""
        mask = np.ones(self.size, bool)
        for facet, values in where.items():
            has = np.zeros(self.size, bool)
            terms = [values] if isinstance(values, str) else values
            keys = [key_of(facet_field(facet), str(term)) for term in terms]
            spans = self.postings.spans(np.array(keys, np.uint64))
            if spans:
                has[np.concatenate([self.postings.rows[span] for span in spans])] = True
            mask &= has
        return mask


def facet_field(facet: str) -> str:
    """The field of a facet in the postings."""
    return f"facet {facet}"


def build_arrays(
    entries: Sequence[Entry], vectors: Vectors, cutter: Cutter, averages: Averages
) -> Arrays:
    """The arrays of a segment over entries; `vectors` holds their rows."""
    texts = [f"{entry.context} {entry.text}" for entry in entries]
    fields = [
        invert(map(cutter.words, texts), "words", averages.words),
        invert(map(pairs, texts), "pairs", averages.pairs),
    ]
    facets = sorted({name for entry in entries for name in entry.facets})
    fields += [
        invert([entry.facets.get(name, ()) for entry in entries], facet_field(name), None)
        for name in facets
    ]
    table = stacked(fields)
    digests = np.frombuffer(b"".join(entry.digest for entry in entries), np.uint8)
    return {
        "keys": table.keys, "starts": table.starts, "rows": table.rows, "impacts": table.impacts,
        "vectors": vectors.astype(np.float16),
        "digests": digests.reshape(len(entries), 16),
        **_id_arrays([entry.id for entry in entries]),
    }  # fmt: skip


def joined_arrays(segments: Sequence[Segment], alive: Sequence[Mask]) -> Arrays:
    """The arrays of one segment over what is alive of several, in their order."""
    offset = 0
    places: list[Rows] = []
    for mask in alive:
        place = np.full(len(mask), -1, np.int32)
        place[mask] = np.arange(offset, offset + mask.sum(), dtype=np.int32)
        offset += int(mask.sum())
        places.append(place)
    table = joined([segment.postings for segment in segments], places)
    kept = list(zip(segments, alive, strict=True))
    ids = [segment.id(int(row)) for segment, mask in kept for row in np.flatnonzero(mask)]
    return {
        "keys": table.keys, "starts": table.starts, "rows": table.rows, "impacts": table.impacts,
        "vectors": np.concatenate([segment.halves[mask] for segment, mask in kept]),
        "digests": np.concatenate([segment.digests[mask] for segment, mask in kept]),
        **_id_arrays(ids),
    }  # fmt: skip


def write_segment(folder: Path, name: str, arrays: Arrays) -> Segment:
    """Write the arrays, beside them what finds near vectors if they are many, and open both.

    Raises `OSError` where that cannot be done, and leaves no file then.
    """
    try:
        file = folder / f"{name}{SUFFIX}"
        save_file({key: np.ascontiguousarray(array) for key, array in arrays.items()}, file)
        if len(arrays["id_rows"]) > EXACT_ROWS:
            Nearest.build(arrays["vectors"]).save(folder / f"{name}{NEAREST_SUFFIX}")
        for written in files_of(folder, name):
            _sync(written)
        return open_segment(folder, name)
    except (OSError, SafetensorError, RuntimeError, DamagedIndex) as error:
        for written in files_of(folder, name):
            written.unlink()
        if isinstance(error, OSError):
            raise
        raise OSError(0, str(error)) from None


def open_segment(folder: Path, name: str) -> Segment:
    """Map the files of a segment. Raises `DamagedIndex`, naming the file."""
    file = folder / f"{name}{SUFFIX}"
    near = folder / f"{name}{NEAREST_SUFFIX}"
    try:
        return Segment(name, _mapped(file), Nearest.load(near) if near.is_file() else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise DamagedIndex(f"索引文件 {file} 打不开({error})") from None


def files_of(folder: Path, name: str) -> list[Path]:
    """The files that a segment has."""
    return [
        file
        for file in (folder / f"{name}{SUFFIX}", folder / f"{name}{NEAREST_SUFFIX}")
        if file.is_file()
    ]


def id_keys(ids: Iterable[str]) -> Keys:
    """64 bits of each id's digest."""
    return np.array([key_of("id", entry_id) for entry_id in ids], np.uint64)


def _id_arrays(ids: Sequence[str]) -> Arrays:
    encoded = [entry_id.encode() for entry_id in ids]
    keys = id_keys(ids)
    order = np.argsort(keys)
    return {
        "ids": np.frombuffer(b"".join(encoded), np.uint8),
        "id_ends": np.cumsum([len(entry_id) for entry_id in encoded], dtype=np.int64),
        "id_keys": keys[order],
        "id_rows": order.astype(np.int32),
    }


def _mapped(file: Path) -> Arrays:
    """The tensors of a safetensors file as views of one map: eight bytes give the header's length."""
    data = np.memmap(file, np.uint8, "r")
    length = int.from_bytes(bytes(data[:8]), "little")
    header = orjson.loads(bytes(data[8 : 8 + length]))
    body = data[8 + length :]
    arrays = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            start, end = tensor["data_offsets"]
            part = np.asarray(body[start:end]).view(_TYPES[tensor["dtype"]])
            arrays[name] = part.reshape(tensor["shape"])
    return arrays


def _sync(file: Path) -> None:
    file.chmod(0o644)  # safetensors gives files to nobody else
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())
