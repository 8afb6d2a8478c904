"""Rows of different length in two flat arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """`flat` holds all rows one after the other; row i is `flat[starts[i]:starts[i + 1]]`.

    `starts` has one more element than there are rows; the last is `len(flat)`.
    """

    flat: Ids
    starts: Ids

    @classmethod
    def of(cls, rows: Iterable[Sequence[int] | Ids]) -> "Ragged":
        """Lay `rows` out flat."""
        arrays = [np.asarray(row, dtype=np.int64) for row in rows]
        starts = np.zeros(len(arrays) + 1, dtype=np.int64)
        np.cumsum([len(array) for array in arrays], out=starts[1:])
        flat = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
        return cls(flat, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, index: int) -> Ids:
        """Return row `index`, as a view."""
        return self.flat[self.starts[index] : self.starts[index + 1]]

    def lengths(self) -> Ids:
        """Return the length of every row."""
        return np.diff(self.starts)

    def take(self, rows: Ids) -> "Ragged":
        """Return the chosen rows, in that order."""
        lengths = self.lengths()[rows]
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        shift = np.repeat(self.starts[rows] - starts[:-1], lengths)
        return Ragged(self.flat[np.arange(starts[-1]) + shift], starts)

    def joined(self, other: "Ragged") -> "Ragged":
        """Return the rows of both, `other`'s last."""
        return Ragged(
            np.concatenate([self.flat, other.flat]),
            np.concatenate([self.starts, other.starts[1:] + len(self.flat)]),
        )
