"""Wence's search over any texts, as a LangChain vector store."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from domain import Hit
from index.embeddings import WenceEmbeddings
from index.encoder import Vectors
from index.fusion import DENSE_WEIGHT
from index.kept import Kept
from index.local import LocalSearch
from index.metadata import Filter, where_of
from index.rows import diverse, near, vectors_of
from index.texts import Text, check

_log = logging.getLogger("wence")


class WenceStore(VectorStore):
    """Texts by BM25 and vectors in one ranking, bounded by their metadata while it searches.

    Metadata are kept as JSON. Values that are texts, whole numbers or booleans, and lists of them,
    can be filtered by: `filter={"year": 2024, "unit": ["区经委", "区科委"]}` finds what has that
    year and one of those units. Types count: 2024 is not "2024". Threads and processes may share a
    folder; each finds what the others have changed.
    """

    def __init__(
        self,
        folder: Path | str | None = None,
        embedding: Embeddings | None = None,
        *,
        rebuild: bool = False,
        say: Callable[[str], None] = _log.warning,
    ) -> None:
        """Open a folder, or make it; without one, a temporary folder that goes with the store.

        `embedding` is the sentence model, the built-in one by default. A folder that was made with
        another one is encoded anew: by itself where both are models of Wence, else only if told to
        `rebuild`, for that may cost money. `say` hears it, in a sentence for people. Raises
        `UserError` for another model, `StoreError` where the folder cannot be read or written.
        """
        if folder is None:
            self._temporary = TemporaryDirectory(prefix="wence-")
            folder = self._temporary.name
        self._embedding = embedding or WenceEmbeddings()
        self._kept = Kept(Path(folder), self._embedding, rebuild, say)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        folder: Path | str | None = None,
        **kwargs: Any,
    ) -> WenceStore:
        """A store with these texts added to what its folder holds. See `WenceStore`."""
        store = cls(folder, embedding, **kwargs)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    @property
    def embeddings(self) -> Embeddings:
        """The sentence model."""
        return self._embedding

    @property
    def size(self) -> int:
        """How many texts can be found."""
        return self._kept.search().size

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add texts, each in place of the one with its id; one without an id gets a new one.

        All are added or, upon an error, none. Returns the ids. Raises `ValueError` where the lists
        differ in length, metadata are not JSON, or a text is not UTF-8.
        """
        told = list(texts)
        for name, given in (("metadatas", metadatas), ("ids", ids)):
            if given is not None and len(given) != len(told):
                raise ValueError(f"{name} 有{len(given)}个，文本有{len(told)}条，应当一样多")
        made = [
            Text(text_id or str(uuid.uuid4()), text, metadata or {})
            for text, metadata, text_id in zip(
                told, metadatas or repeat(None), ids or repeat(None), strict=False
            )
        ]
        for text in made:
            check(text)
        if made:
            self._kept.change(list({text.id: text for text in made}.values()), ())
        return [text.id for text in made]

    def delete(self, ids: Sequence[str] | None = None, **kwargs: Any) -> bool:
        """Take texts out, all of them where no ids are given; ids that are not there do not matter."""
        gone = self._kept.texts.ids() if ids is None else {*self._kept.texts.find(list(ids))}
        if gone:
            self._kept.change((), gone)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The texts with these ids, in their order, those left out that are not there."""
        found = self._kept.texts.find(list(ids))
        return [_document(found[text_id]) for text_id in ids if text_id in found]

    def similarity_search(
        self, query: str, k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[Document]:
        """The best `k` texts for a question, best first.

        Raises `ValueError` for a filter by what cannot be filtered by.
        """
        return [document for document, _ in self.similarity_search_with_score(query, k, filter)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """As `similarity_search`, with the scores by which it ranks: higher is better."""
        hits = self._kept.search().search(query, k, where=where_of(filter))
        return self._told([(hit.clause_id, hit.score) for hit in hits])

    def _similarity_search_with_relevance_scores(
        self, query: str, k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[tuple[Document, float]]:
        """As `similarity_search`, with what a `score_threshold` compares. See `_relevance`."""
        hits = self._kept.search().search(query, k, where=where_of(filter))
        return self._told([(hit.clause_id, _relevance(hit)) for hit in hits])

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[Document]:
        """The `k` texts whose vectors are nearest, without any words.

        Raises `ValueError` where the vector is not as long as those of the store.
        """
        found = near(self._kept.search(), self._vector(embedding), k, where_of(filter))
        return [document for document, _ in self._told(found)]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Of the best `fetch_k` texts for a question, `k` that are not alike. See `diverse`."""
        search = self._kept.search()
        hits = search.search(query, fetch_k, where=where_of(filter))
        best = max((hit.score for hit in hits), default=0.0)
        found = [(hit.clause_id, hit.score / best if best > 0 else 0.0) for hit in hits]
        return self._diverse(search, found, k, lambda_mult)

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **kwargs: Any,
    ) -> list[Document]:
        """Of the `fetch_k` texts with the nearest vectors, `k` that are not alike."""
        search = self._kept.search()
        found = near(search, self._vector(embedding), fetch_k, where_of(filter))
        return self._diverse(search, found, k, lambda_mult)

    def _diverse(
        self, search: LocalSearch, found: list[tuple[str, float]], k: int, weight: float
    ) -> list[Document]:
        relevance = np.array([score for _, score in found], np.float32)
        vectors = vectors_of(search, [text_id for text_id, _ in found])
        chosen = [found[at] for at in diverse(relevance, vectors, k, weight)]
        return [document for document, _ in self._told(chosen)]

    def _told(self, found: Sequence[tuple[str, float]]) -> list[tuple[Document, float]]:
        """What was found, as documents; what another process has just taken out is left out."""
        texts = self._kept.texts.find([text_id for text_id, _ in found])
        return [(_document(texts[each]), score) for each, score in found if each in texts]

    def _vector(self, embedding: Sequence[float]) -> Vectors:
        vector = np.array(embedding, np.float32)
        if vector.shape != (self._kept.encoder.dimensions,):
            raise ValueError(f"向量是{vector.size}维，这里存的是{self._kept.encoder.dimensions}维")
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


def _relevance(hit: Hit) -> float:
    """0 to 1, comparable between questions: what neither the words nor the vector leave open.

    1 - (1 - words) (1 - cosine), where `words` is what words give to the score.
    """
    cosine = hit.scores["dense"]
    words = hit.score - DENSE_WEIGHT * cosine
    return 1 - (1 - min(max(words, 0.0), 1.0)) * (1 - min(max(cosine, 0.0), 1.0))


def _document(text: Text) -> Document:
    return Document(id=text.id, page_content=text.text, metadata=dict(text.metadata))
