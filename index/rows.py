"""Rows of an index by vector and by id, beside the search for words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.changes import Live
from index.encoder import Vectors
from index.entries import Where
from index.fusion import Scores, best, cosines
from index.local import LocalSearch
from index.nearest import EXACT_ROWS
from index.segment import id_keys

_BROUGHT = 300  # rows that FAISS brings forward at least, to be scored exactly


def near(search: LocalSearch, vector: Vectors, k: int, where: Where) -> list[tuple[str, float]]:
    """The `k` entries with the highest cosines with a vector of unit length, and the cosines."""
    if k < 1:
        return []
    found: list[tuple[str, float]] = []
    for live in search.live:
        rows = _candidates(live, vector, k, where)
        scores = cosines(np.asarray(live.segment.halves[rows], np.float32), vector)
        found += [(live.segment.id(int(rows[at])), float(scores[at])) for at in best(scores, k)]
    return sorted(found, key=lambda each: -each[1])[:k]


def vectors_of(search: LocalSearch, ids: Sequence[str]) -> Vectors:
    """The vectors of entries that are there, a row each."""
    vectors = np.zeros((len(ids), search.encoder.dimensions), np.float32)
    for at, key in enumerate(id_keys(ids)):
        for live in search.live:
            for row in live.segment.rows_of(key[None]):
                if row not in live.dead:
                    vectors[at] = live.segment.halves[row]
    return vectors


def all_of(search: LocalSearch) -> dict[str, bytes]:
    """Id and digest of every entry."""
    return {
        live.segment.id(row): bytes(live.segment.digests[row])
        for live in search.live
        for row in sorted(set(range(live.segment.size)) - set(live.dead))
    }


def diverse(relevance: Scores, vectors: Vectors, k: int, weight: float) -> list[int]:
    """Places of `k` rows that are relevant and not alike, in the order in which they are chosen.

    Maximal marginal relevance (Carbonell and Goldstein, 1998): each has the highest weight x
    relevance - (1 - weight) x cosine with the nearest one chosen before. `vectors` have unit
    length, relevance is at most 1.
    """
    chosen: list[int] = []
    alike = np.full(len(relevance), -1, np.float32)
    for _ in range(min(k, len(relevance))):
        gain = weight * relevance - (1 - weight) * alike
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        alike = np.maximum(alike, cosines(vectors, vectors[chosen[-1]]))
    return chosen


def _candidates(live: Live, vector: Vectors, k: int, where: Where) -> NDArray[np.int64]:
    """Rows among which the nearest are: all that pass, or what FAISS brings forward of many."""
    passing, nearest = live.passing(where), live.segment.nearest
    if nearest and (passing is None or np.count_nonzero(passing) > EXACT_ROWS):
        return nearest.rows(vector, max(_BROUGHT, 4 * k), passing)
    return np.arange(live.segment.size) if passing is None else np.flatnonzero(passing)
