"""Near vectors among many, without reading all of them: FAISS, and its one door.

An inverted file (Jégou, Douze and Schmid, 2011): rows in lists around centres, each number in 8
bits; a query reads the lists of its nearest centres. What it finds is scored again from the exact
rows by who asks. FAISS is imported when the first index is opened or made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

if TYPE_CHECKING:
    import faiss

EXACT_ROWS = 20_000  # up to here, all rows are read at every query: see docs/decisions/0017
PROBES = 32  # lists that a query reads
_TRAINED_ON = 64  # rows a centre


class Nearest:
    """Rows of unit length by their cosine with a query."""

    def __init__(self, index: faiss.IndexIVF) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: NDArray[np.float16]) -> Nearest:
        """Learn the centres from a sample, always the same one, and sort the rows to them."""
        import faiss

        dimensions = rows.shape[1]
        lists = centres_for(len(rows))
        quantizer = faiss.IndexFlatIP(dimensions)
        index = faiss.IndexIVFScalarQuantizer(
            quantizer, dimensions, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        index.own_fields = True
        quantizer.this.disown()  # type: ignore[attr-defined]
        index.cp.spherical = True
        index.cp.max_points_per_centroid = _TRAINED_ON
        index.cp.min_points_per_centroid = 1  # else FAISS warns on standard output
        random = np.random.default_rng(0)
        sample = random.choice(len(rows), min(len(rows), _TRAINED_ON * lists), replace=False)
        index.train(np.asarray(rows[np.sort(sample)], np.float32))
        for start in range(0, len(rows), 65_536):
            index.add(np.asarray(rows[start : start + 65_536], np.float32))
        return cls(index)

    @classmethod
    def load(cls, file: Path) -> Nearest:
        """Map a file that `save` wrote. Raises `RuntimeError` where it is no FAISS file."""
        import faiss

        index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        return cls(cast("faiss.IndexIVF", index))

    def save(self, file: Path) -> None:
        """Write the FAISS file."""
        import faiss

        faiss.write_index(self._index, str(file))

    def rows(
        self, query: Vectors, count: int, among: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """About the `count` rows nearest to one query of shape (d,), of those in `among`."""
        import faiss

        selector: Any = faiss.IDSelectorBitmap
        bounds = among if among is None else selector(packed(among))
        search = faiss.SearchParametersIVF(sel=bounds, nprobe=PROBES)  # type: ignore[call-arg]
        _, found = self._index.search(query[None], count, params=search)
        return np.asarray(found[0][found[0] >= 0], np.int64)


def packed(mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Eight rows a byte, the first in the lowest bit, as FAISS reads a selection."""
    return np.packbits(mask, bitorder="little")


def centres_for(rows: int) -> int:
    """How many lists so many rows are sorted to: about four times the square root of their number."""
    return max(1, min(rows, int(4 * rows**0.5)))
