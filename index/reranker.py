"""The first hits of a search, put in order by a model that reads question and clause together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from domain import Hit
from index.entries import Where
from index.passages import clauses_found
from index.protocol import Search
from ingest.catalog import Catalog

READ = 50  # hits that are read at every question: see docs/decisions/0020-reranker-and-onnx.md


class Scorer(Protocol):
    """A model that says how well a passage answers a question."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """A figure for each passage, higher for a better one."""


class Reranked:
    """The `Search` protocol around another search.

    A hit's `score` is the model's; its `scores` hold those of the search, and `rerank`.
    """

    def __init__(
        self,
        search: Search,
        scorer: Callable[[], Scorer],
        passages: Callable[[Sequence[Hit]], list[str]],
    ) -> None:
        """`scorer` gives the model when it is needed, `passages` what is to be read of each hit."""
        self._search = search
        self._scorer = scorer
        self._passages = passages

    @property
    def words(self) -> None:
        """None: the model's order is the last word."""

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        """The best `k` of the first `READ` hits, or of the first `k` if that is more."""
        hits = self._search.search(query, max(k, READ), where=where) if k > 0 else []
        if not hits:
            return []
        scores = self._scorer().scores(query, self._passages(hits))
        ranked = [
            replace(hit, score=float(score), scores={**hit.scores, "rerank": float(score)})
            for hit, score in zip(hits, scores, strict=True)
        ]
        return sorted(ranked, key=lambda hit: -hit.score)[:k]


def passages_of(catalog: Catalog, hits: Sequence[Hit]) -> list[str]:
    """What is read of each hit: its document's title, the headings above it and its text."""
    clauses = catalog.clauses_by_id([hit.clause_id for hit in hits])
    policies = {clause.policy_id for clause in clauses.values()}
    titles = {policy_id: catalog.policy(policy_id).title for policy_id in policies}
    read = {
        (hit.clause_id, hit.place): "\n".join(
            (" ".join((titles[clause.policy_id], *clause.section)), clause.text.strip())
        )
        for hit, clause in clauses_found(hits, clauses)
    }
    return [read.get((hit.clause_id, hit.place), "") for hit in hits]
