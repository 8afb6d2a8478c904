"""Two rankings as one: BM25 scaled to its best hit, plus the weighted cosine. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

DENSE_WEIGHT = 1.5  # measured on the statute questions: docs/decisions/0007-hybrid-search.md


def scaled(bm25: Scores) -> Scores:
    """BM25 scores divided by the largest, so that they lie in 0 to 1; all zero stays zero."""
    best = float(bm25.max(initial=0.0))
    return (bm25 / best if best > 0 else np.zeros_like(bm25)).astype(np.float32)


def fuse(bm25: Scores, dense: Scores, weight: float = DENSE_WEIGHT) -> Scores:
    """The sum of scaled BM25 and `weight` times the cosine, one score a clause."""
    return (scaled(bm25) + weight * dense).astype(np.float32)


def best(scores: Scores, k: int) -> NDArray[np.int64]:
    """Places of the `k` highest scores, highest first; ties in the order of the corpus.

    Scores of minus infinity are left out.
    """
    order = np.argsort(-scores, kind="stable")[:k]
    return order[np.isfinite(scores[order])].astype(np.int64)
