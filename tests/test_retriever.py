"""The search as a LangChain retriever."""

from index.retriever import ClauseRetriever
from qa.engine import Engine


def test_langchain_gets_whole_clauses(engine: Engine) -> None:
    retriever = ClauseRetriever(search=engine.search, clauses=engine.knowledge.clauses, k=3)
    documents = retriever.invoke("无人机出口")
    assert len(documents) == 3
    best = documents[0]
    assert best.id == best.metadata["clause_id"] == "ftz-2024#8"
    policy = engine.knowledge.policies[best.metadata["policy_id"]]
    assert best.page_content == policy.text[best.metadata["start"] : best.metadata["end"]]
