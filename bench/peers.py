"""Hybrid search as users would otherwise put it together: LangChain's ensemble, and txtai.

Both get Wence's vectors. Of words, each is measured with those that Wence cuts and with its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.embeddings import Embeddings

from bench.timing import Figures, latency, resident, seconds
from index.encoder import Encoder, Vectors
from index.models import open_encoder
from index.tokens import search_words
from settings import load_settings

K = 10

Ask = Callable[[str], Sequence[object]]


def measure(build: Callable[..., Ask], texts: Sequence[str], questions: Sequence[str]) -> Figures:
    """Seconds to build a peer over texts, milliseconds of a question, and memory."""
    encoder = open_encoder(load_settings())
    ask, spent = seconds(lambda: build(texts, encoder))
    figures = latency(ask, questions)
    found = sum(len(ask(question)) for question in questions[:K]) / K
    return {"clauses": len(texts), "build_s": round(spent, 2), **figures,
            "memory_mb": round(resident()), "hits": round(found, 1)}  # fmt: skip


def langchain(texts: Sequence[str], encoder: Encoder, *, own_words: bool = False) -> Ask:
    """EnsembleRetriever over BM25Retriever and the FAISS store; its own words are split at blanks."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS

    cut: dict[str, Any] = {} if own_words else {"preprocess_func": search_words}
    words = BM25Retriever.from_texts(texts, k=K, **cut)
    store = FAISS.from_texts(texts, _Embeddings(encoder))
    near = store.as_retriever(search_kwargs={"k": K})
    ensemble = EnsembleRetriever(retrievers=[words, near])
    return lambda question: ensemble.invoke(question)[:K]


def txtai(texts: Sequence[str], encoder: Encoder, *, own_words: bool = False) -> Ask:
    """A hybrid index; its own words are those of Unicode, which are the characters in Chinese.

    It takes no function that cuts words: texts are given cut, with blanks between, and the vectors
    of what they were.
    """
    from txtai import Embeddings as Index

    plain: dict[str, str] = {}

    def given(text: str) -> str:
        words = text if own_words else " ".join(search_words(text))
        plain[words] = text
        return words

    def transform(rows: list[str]) -> Vectors:
        vectors = encoder.encode_passages([plain[row] for row in rows])
        vectors[~vectors.any(axis=1), 0] = 1  # it divides by their length
        return vectors

    scoring = {"method": "bm25", "terms": True, "normalize": True}
    tokenizer = {} if own_words else {"tokenizer": {"whitespace": True}}
    index = Index(method="external", transform=transform, scoring=scoring | tokenizer)
    index.index([given(text) for text in texts])
    return lambda question: index.search(given(question), K)


class _Embeddings(Embeddings):
    """Wence's vectors, as LangChain asks for them."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A row of unit length each."""
        rows: list[list[float]] = self._encoder.encode_passages(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """A row of unit length."""
        row: list[float] = self._encoder.encode_queries([text])[0].tolist()
        return row
