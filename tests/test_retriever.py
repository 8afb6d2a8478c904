"""The search over the catalog as a LangChain retriever, with LangChain's own tests of retrievers."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

from index.retriever import ClauseRetriever
from settings import Settings
from workspace import Workspace


@pytest.mark.anyio
class TestStandard(RetrieversIntegrationTests):
    """What LangChain expects of any retriever."""

    @pytest.fixture(autouse=True)
    def _workspace(self, workspace: Workspace) -> None:
        self.params = {"search": workspace.search(), "catalog": workspace.catalog}

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return ClauseRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return self.params

    @property
    def retriever_query_example(self) -> str:
        return "无人机出口"


@pytest.fixture
def retriever(workspace: Workspace) -> ClauseRetriever:
    return ClauseRetriever.over(workspace, k=3)


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


def policies(documents: list[Document]) -> set[str]:
    return {document.metadata["policy_id"] for document in documents}


def test_a_document_is_a_whole_clause_that_can_be_cited(
    retriever: ClauseRetriever, workspace: Workspace
) -> None:
    best = retriever.invoke("无人机出口")[0]
    assert best.id == best.metadata["clause_id"] == "ftz-2024#8"
    policy = workspace.catalog.policy(best.metadata["policy_id"])
    assert best.page_content == policy.text[best.metadata["start"] : best.metadata["end"]]
    assert best.metadata["policy_title"] == policy.title
    assert best.metadata["doc_no"] == policy.doc_no
    assert best.metadata["url"] == "/policies/ftz-2024#8"
    assert best.metadata["number"] == "8"
    assert -1 <= best.metadata["dense"] <= 1


def test_documents_come_as_the_search_ranks_them(
    retriever: ClauseRetriever, workspace: Workspace
) -> None:
    hits = workspace.search().search("跨境电商有哪些支持", 8)
    documents = retriever.invoke("跨境电商有哪些支持", k=8)
    assert ids(documents) == [hit.clause_id for hit in hits]
    assert [d.metadata["fused"] for d in documents] == [hit.score for hit in hits]


def test_a_search_is_bounded_when_made_and_when_asked(workspace: Workspace) -> None:
    bounded = ClauseRetriever.over(workspace, k=9, where={"policy": "hongqiao-2021"})
    assert policies(bounded.invoke("无人机")) == {"hongqiao-2021"}
    assert policies(bounded.invoke("无人机", where={"policy": ["ftz-2024"]})) == {"ftz-2024"}
    assert policies(bounded.invoke("无人机", where={"year": 2024})) == {"ftz-2024"}
    assert policies(bounded.invoke("无人机", where={})) == {"ftz-2024", "hongqiao-2021"}
    assert bounded.invoke("无人机", where={"policy": "ftz-2024", "year": 2021}) == []


def test_of_several_units_one_is_enough(workspace: Workspace) -> None:
    retriever = ClauseRetriever.over(workspace, k=200)
    units = {
        unit: set(ids(retriever.invoke("任务", where={"unit": unit})))
        for unit in ("区经委", "区科委")
    }
    assert all(units.values())
    assert units["区经委"] != units["区科委"]
    either = retriever.invoke("任务", where={"unit": ["区经委", "区科委"]})
    assert set(ids(either)) == units["区经委"] | units["区科委"]


def test_an_unknown_argument_is_not_swallowed(retriever: ClauseRetriever) -> None:
    with pytest.raises(TypeError, match="filter"):
        retriever.invoke("无人机", filter={"year": 2024})


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_same_is_found_without_waiting(
    retriever: ClauseRetriever, anyio_backend: str
) -> None:
    now = retriever.invoke("无人机出口", k=4, where={"year": 2024})
    assert await retriever.ainvoke("无人机出口", k=4, where={"year": 2024}) == now
    assert len(now) == 4


def test_it_stands_in_a_chain(retriever: ClauseRetriever) -> None:
    cited = RunnableLambda(lambda found: [document.metadata["url"] for document in found])
    chain = {"question": RunnablePassthrough(), "urls": retriever | cited}
    told = (RunnablePassthrough() | chain).invoke("无人机出口")
    assert told["question"] == "无人机出口"
    assert told["urls"][0] == "/policies/ftz-2024#8"
    assert len(told["urls"]) == 3
    turned = retriever.configurable_fields(k=ConfigurableField(id="k"))
    assert len(turned.with_config(configurable={"k": 7}).invoke("无人机出口")) == 7
    assert [len(found) for found in retriever.batch(["无人机", "电商"], k=2)] == [2, 2]


def test_it_follows_what_is_ingested_later(settings: Settings, tmp_path: Path) -> None:
    workspace = Workspace(settings)
    retriever = ClauseRetriever.over(workspace, k=1)
    assert "低温等离子" not in retriever.invoke("低温等离子冰箱补贴")[0].page_content
    file = tmp_path / "fridge.txt"
    file.write_text("关于冰箱的通知\n1.对低温等离子冰箱给予补贴。(牵头单位:区经委)\n", "utf-8")
    list(workspace.ingest([file]))
    assert retriever.invoke("低温等离子冰箱补贴")[0].metadata["policy_id"] == "fridge"
    workspace.catalog.remove("fridge")
    assert "低温等离子" not in retriever.invoke("低温等离子冰箱补贴")[0].page_content
