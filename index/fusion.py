"""Three rankings as one: BM25 of words and of pairs, and cosines. Pure.

Each BM25 is scaled to its best, and both by how much of the question the best text holds: where
hardly a word of it stands anywhere, words should not outweigh the vectors. Measured:
docs/decisions/0016-encoder-from-questions.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

PAIRS_SHARE = 0.5  # of the pairs of characters in the word score
DENSE_WEIGHT = 0.7  # of the cosine beside it


def fuse(
    words: Scores, pairs: Scores, dense: Scores, top_words: float, top_pairs: float, bound: float
) -> tuple[Scores, Scores]:
    """The word score, in 0 to 1, and the fused one of each row.

    `top_words` and `top_pairs` are the best scores over all that is searched, `bound` the most
    that the question's words could have given (`Query.bound`).
    """
    bm25 = (1 - PAIRS_SHARE) * scaled(words, top_words) + PAIRS_SHARE * scaled(pairs, top_pairs)
    covered = min(1.0, top_words / bound) if bound > 0 else 1.0
    return bm25, (covered * bm25 + DENSE_WEIGHT * dense).astype(np.float32)


def cosines(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> Scores:
    """The cosine of each row with a vector, all of unit length.

    On one thread: those that a matrix product starts wait for each other on a busy machine.
    """
    return np.asarray(np.vecdot(rows, vector), np.float32)


def scaled(scores: Scores, top: float) -> Scores:
    """Scores divided by the best of them; all zero stays zero."""
    return (scores / top if top > 0 else np.zeros_like(scores)).astype(np.float32)


def best(scores: Scores, k: int) -> NDArray[np.int64]:
    """Places of the `k` highest scores, highest first; ties in the order of the corpus."""
    if 0 < k < len(scores):
        bound = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= bound)
    else:
        places = np.arange(len(scores))
    return places[np.argsort(-scores[places], kind="stable")][: max(k, 0)].astype(np.int64)
