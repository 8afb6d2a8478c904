"""Nearest vectors, exactly, by FAISS: its one door."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np

from index.encoder import Vectors
from index.fusion import Scores


class VectorIndex:
    """Cosines against rows of unit length; a row is known by its place."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, dimensions: int, parts: Iterable[Vectors]) -> VectorIndex:
        """Hold the rows of the parts, one part after the other, as they are."""
        index = faiss.IndexFlatIP(dimensions)
        for part in parts:
            index.add(np.ascontiguousarray(part))
        return cls(index)

    @classmethod
    def load(cls, file: Path) -> VectorIndex:
        """Map a file that `save` wrote. Raises `RuntimeError` where it is no FAISS file."""
        return cls(faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC))

    def save(self, file: Path) -> None:
        """Write the FAISS file."""
        faiss.write_index(self._index, str(file))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self._index.ntotal)

    def rows(self) -> Vectors:
        """All rows, shape (size, d)."""
        return np.asarray(self._index.reconstruct_n(0, self.size), np.float32)

    def scores(self, query: Vectors) -> Scores:
        """The cosine of one query row, shape (1, d), with every row."""
        cosines = np.zeros(self.size, np.float32)
        found, places = self._index.search(np.ascontiguousarray(query), self.size)
        cosines[places[0]] = found[0]
        return cosines
