"""What the rest of Wence knows of search: one narrow protocol, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from domain import Hit


@runtime_checkable
class Search(Protocol):
    """Clauses by question."""

    def search(self, query: str, k: int, *, policies: Collection[str] | None = None) -> list[Hit]:
        """The best `k` clauses, best first, of the policies named or of all.

        A hit's `score` is the fused one; its `scores` hold `bm25` (0 to 1, the best clause having
        1), `dense` (cosine, -1 to 1) and `fused`.
        """
