"""Wence's search as a LangChain retriever: the one door to LangChain on this floor."""

from __future__ import annotations

from collections.abc import Mapping

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from domain import Clause
from index.protocol import Search


class ClauseRetriever(BaseRetriever):
    """Clauses for a query as LangChain documents, best first.

    A document's `page_content` is the clause's text; its metadata hold `clause_id`, `policy_id`,
    `number`, `section`, `start`, `end` (characters of the policy's text) and the search's scores.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    clauses: Mapping[str, Clause]
    k: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = []
        for hit in self.search.search(query, self.k):
            clause = self.clauses[hit.clause_id]
            metadata = {
                "clause_id": clause.id,
                "policy_id": clause.policy_id,
                "number": clause.number,
                "section": list(clause.section),
                "start": clause.start,
                "end": clause.end,
                **hit.scores,
            }
            found.append(Document(id=clause.id, page_content=clause.text, metadata=metadata))
        return found
