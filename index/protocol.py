"""What the rest of Wence knows of search: one narrow protocol, whatever stands behind it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from domain import Hit
from index.encoder import WordVectors
from index.entries import Where


@runtime_checkable
class Search(Protocol):
    """Clauses by question."""

    @property
    def words(self) -> WordVectors | None:
        """The vectors of single words, where the sentence model has such and nothing ranks after it."""

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        """The best `k` clauses, best first, of those that pass a filter or of all.

        A long clause counts by its passages, and comes as often as they are among the best.
        A clause passes when it has, of each facet named (`policy`, `year`, `region`, `unit`), one
        of the values. A hit's `score` is the fused one; its `scores` hold `bm25` (0 to 1, 1 for a
        clause that is the best by words and by pairs of characters), `dense` (cosine, -1 to 1) and
        `fused`.
        """
