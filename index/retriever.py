"""Wence's search over the clauses of its catalog, as a LangChain retriever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables.config import run_in_executor
from pydantic import ConfigDict

from domain import Clause, Hit, Policy
from index.encoder import WordVectors
from index.entries import Where
from index.metadata import listed
from index.passages import best_clauses, clauses_found
from index.protocol import Search
from ingest.catalog import Catalog


class Opened(Protocol):
    """What a `Workspace` has: a catalog, and the search over what it holds now."""

    catalog: Catalog

    def search(self) -> Search:
        """The search, brought up to the catalog."""


class ClauseRetriever(BaseRetriever):
    """Clauses for a question as LangChain documents, best first.

    A document's `page_content` is the clause's text, of a long one the passage found; its metadata
    hold `clause_id`, `policy_id`, `policy_title`, `doc_no`, `url`, `number`, `section`, `start`, `end`
    (characters of the policy's text) and the search's scores. `where` bounds the search:
    `{"policy": "ftz-2024"}`, `{"unit": ["区经委", "区科委"], "year": 2024}`; see `Search`. Both `k` and
    `where` may be given anew with a question: `retriever.invoke("无人机出口", k=3, where={"year": 2024})`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    catalog: Catalog
    k: int = 5
    where: Mapping[str, Any] | None = None

    @classmethod
    def over(cls, opened: Opened, **fields: Any) -> Self:
        """A retriever over a `Workspace`, that follows what is ingested later."""
        return cls(search=_Following(opened), catalog=opened.catalog, **fields)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        bounds = _where(self.where if where is None else where)
        hits = best_clauses(self.search, query, self.k if k is None else k, bounds)
        clauses = self.catalog.clauses_by_id([hit.clause_id for hit in hits])
        policies = {
            policy_id: self.catalog.policy(policy_id)
            for policy_id in {clause.policy_id for clause in clauses.values()}
        }
        return [
            _document(hit, clause, policies[clause.policy_id])
            for hit, clause in clauses_found(hits, clauses)
        ]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        **asked: Any,
    ) -> list[Document]:
        within = run_manager.get_sync()
        return await run_in_executor(
            None, self._get_relevant_documents, query, run_manager=within, **asked
        )


class _Following:
    """The `Search` of what a workspace holds at each question."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    @property
    def words(self) -> WordVectors | None:
        """See `Search.words`."""
        return self._opened.search().words

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        """See `Search.search`."""
        return self._opened.search().search(query, k, where=where)


def _where(bounds: Mapping[str, Any] | None) -> Where | None:
    return bounds and {facet: [str(v) for v in listed(value)] for facet, value in bounds.items()}


def _document(hit: Hit, clause: Clause, policy: Policy) -> Document:
    metadata = {
        "clause_id": clause.id,
        "policy_id": policy.id,
        "policy_title": policy.title,
        "doc_no": policy.doc_no,
        "url": clause.url,
        "number": clause.number,
        "section": list(clause.section),
        "start": clause.start,
        "end": clause.end,
        **hit.scores,
    }
    return Document(id=clause.id, page_content=clause.text, metadata=metadata)
