"""Wence's search in LangChain: as a retriever over its policies, as a vector store over any texts.

    python docs/examples/langchain_search.py

The first run loads the two bundled policies. No network and no language model is needed.
"""

from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from index.retriever import ClauseRetriever
from index.vectorstore import WenceStore
from settings import load_settings
from workspace import Workspace

PROMPT = ChatPromptTemplate.from_template(
    "只根据下列条款回答，并写明出处。\n\n{clauses}\n\n问题：{question}"
)


def written(documents: list[Document]) -> str:
    """The clauses as a prompt holds them."""
    return "\n\n".join(
        f"《{each.metadata['policy_title']}》第{each.metadata['number']}项\n{each.page_content}"
        for each in documents
    )


def clauses_in_a_chain() -> None:
    """The clauses of the bundled policies, in a chain whose prompt a chat model would be given."""
    retriever = ClauseRetriever.over(Workspace(load_settings()), k=2, where={"year": 2024})
    chain = {
        "clauses": retriever | RunnableLambda(written),
        "question": RunnablePassthrough(),
    } | PROMPT  # | init_chat_model("…") | StrOutputParser()
    print(chain.invoke("我们出口无人机，有哪些支持?").to_string())

    for document in retriever.invoke("跨境电商", k=3, where={"unit": ["区商务委", "区经委"]}):
        print(document.metadata["url"], round(document.metadata["fused"], 2))


def texts_of_ones_own() -> None:
    """Any texts with metadata. Give a folder to keep them: `WenceStore("notes")`."""
    store = WenceStore()
    store.add_texts(
        [
            "在指定区域和时段内，允许流动商贩摆摊经营。",
            "为特困人员提供照料护理服务。",
            "对跨境电商海外仓给予建设补助。",
        ],
        [
            {"year": 2024, "unit": ["区城管执法局"]},
            {"year": 2023, "unit": ["区民政局", "区卫生健康委"]},
            {"year": 2024, "unit": ["区商务委"]},
        ],
        ids=["stall", "care", "trade"],
    )
    [found] = store.similarity_search("哪里可以摆地摊", k=1)
    print(found.id, found.page_content)

    recent = store.as_retriever(search_kwargs={"k": 3, "filter": {"year": 2024}})
    print([document.id for document in recent.invoke("做外贸有什么补贴")])

    either = {"unit": ["区民政局", "区商务委"]}
    for document, score in store.similarity_search_with_score("孤寡老人谁来照顾", filter=either):
        print(document.id, round(score, 2))
    store.delete(["stall"])


if __name__ == "__main__":
    clauses_in_a_chain()
    texts_of_ones_own()
