"""Which rows hold which terms, with how much each tells: an inverted index in four arrays.

A term is known by 64 bits of its BLAKE2 digest, under the name of its field. `keys` holds the
terms in order; the rows of term i are `rows[starts[i]:starts[i + 1]]`, ascending, and `impacts`
beside them what BM25 makes of the term's count and the text's length, without its rarity
(Robertson and Zaragoza, 2009):

    impact = tf (k1 + 1) / (tf + k1 (1 - b + b length / average length))

so that a query needs one multiplication a posting, and parts can be joined without the texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

K1 = 1.5
B = 0.75

Keys = NDArray[np.uint64]
Rows = NDArray[np.int32]
Impacts = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Postings:
    """The arrays, in memory or mapped from a file."""

    keys: Keys
    starts: NDArray[np.int64]
    rows: Rows
    impacts: Impacts

    def spans(self, keys: Keys) -> list[slice]:
        """Where the rows of each term stand; an empty slice for one that nothing holds."""
        if not len(self.keys):
            return [slice(0, 0)] * len(keys)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        start = self.starts[at]
        end = np.where(self.keys[at] == keys, self.starts[at + 1], start)
        return [slice(*span) for span in zip(start.tolist(), end.tolist(), strict=True)]

    def holding(self, field: str, term: str) -> Rows:
        """The rows that hold a term."""
        [span] = self.spans(np.array([key_of(field, term)], np.uint64))
        return self.rows[span]


@lru_cache(maxsize=1 << 15)  # the words of questions come again and again
def key_of(field: str, term: str) -> int:
    """The 64 bits that a term of a field is known by."""
    return int.from_bytes(hashlib.blake2b(f"{field}\0{term}".encode(), digest_size=8).digest())


def invert(texts: Iterable[Sequence[str]], field: str, average: float | None) -> Postings:
    """The postings of texts that are cut into terms; row i is text i.

    `average` is the length of a text that counts as normal, in terms; None takes the mean.
    """
    places: dict[str, int] = {}
    cut = [np.array([places.setdefault(t, len(places)) for t in text], np.int64) for text in texts]
    lengths = np.array([len(terms) for terms in cut], np.float64)
    count = max(len(cut), 1)
    flat = np.concatenate(cut) if cut else np.zeros(0, np.int64)
    flat = flat * count + np.repeat(np.arange(len(cut)), lengths.astype(np.int64))
    found, tf = np.unique(flat, return_counts=True)
    terms, rows = np.divmod(found, count)
    normal = average or max(float(lengths.mean()), 1.0) if len(cut) else 1.0
    weight = K1 * (1 - B + B * lengths / normal)
    impacts = (tf * (K1 + 1) / (tf + weight[rows])).astype(np.float16)
    keys = np.array([key_of(field, term) for term in places], np.uint64)
    starts = np.searchsorted(terms, np.arange(len(places) + 1))
    return _in_order(keys, starts.astype(np.int64), rows.astype(np.int32), impacts)


def joined(parts: Sequence[Postings], places: Sequence[Rows]) -> Postings:
    """Several postings as one: row r of part p becomes `places[p][r]`, or is dropped where -1.

    The places of one part ascend, and those of a later part are higher.
    """
    keys = np.unique(np.concatenate([part.keys for part in parts]))
    counts = np.zeros(len(keys), np.int64)
    kept = []
    for part, place in zip(parts, places, strict=True):
        term = np.repeat(np.searchsorted(keys, part.keys), np.diff(part.starts))
        rows = place[part.rows]
        alive = rows >= 0
        kept.append((term[alive], rows[alive], part.impacts[alive]))
        counts += np.bincount(kept[-1][0], minlength=len(keys))
    starts = np.concatenate(([0], np.cumsum(counts)))
    cursor = starts[:-1].copy()
    rows = np.empty(starts[-1], np.int32)
    impacts = np.empty(starts[-1], np.float16)
    for term, row, impact in kept:
        lengths = np.bincount(term, minlength=len(keys))
        first = np.cumsum(lengths) - lengths
        at = (cursor - first)[term] + np.arange(len(term))
        rows[at], impacts[at] = row, impact
        cursor += lengths
    used = counts > 0
    return Postings(keys[used], np.append(starts[:-1][used], starts[-1]), rows, impacts)


def stacked(fields: Sequence[Postings]) -> Postings:
    """Postings of several fields over the same rows, as one table."""
    size = max((int(field.rows.max(initial=-1)) for field in fields), default=-1) + 1
    keep = np.arange(size, dtype=np.int32)
    return joined(fields, [keep] * len(fields))


def _in_order(keys: Keys, starts: NDArray[np.int64], rows: Rows, impacts: Impacts) -> Postings:
    order = np.argsort(keys)
    lengths = np.diff(starts)[order]
    ends = np.cumsum(lengths)
    at = np.repeat(starts[:-1][order] - (ends - lengths), lengths) + np.arange(len(rows))
    return Postings(keys[order], np.concatenate(([0], ends)), rows[at], impacts[at])
