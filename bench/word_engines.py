"""BM25 alone, as several engines compute it from the same words: to build, to ask, to add ten texts.

An engine is made from texts that are cut into words; it gives the places of the best texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice

import numpy as np

from bench.timing import Figures, latency, seconds
from eval.retrieval import word_scores
from index.fusion import best
from index.postings import K1, B, invert
from index.tokens import search_words

K = 10
TEN = 10
FAINT = 0.3  # of the best score, below which a row is looked at only where few are above

Words = Sequence[str]
Ask = Callable[[Words], Iterable[int]]
Add = Callable[[Sequence[Words]], object]
Engine = tuple[Ask, Add | None]  # None: to add a text, all are read again


def measure(
    build: Callable[[Sequence[Words]], Engine], texts: Sequence[str], questions: Sequence[str]
) -> Figures:
    """Seconds to build from words, milliseconds of a question, milliseconds to add ten texts.

    `agreement` is the share of the ten best that Wence's own engine gives, too.
    """
    cut = [search_words(text) for text in texts]
    engine, spent = seconds(lambda: build(cut))
    ask, add = engine
    figures = latency(lambda question: ask(search_words(question)), questions)
    new = [["量子", "计算机", "产业园", str(place)] for place in range(TEN)]
    adding = partial(add, new) if add else partial(build, [*cut, *new])
    _, added = seconds(adding)
    own, _ = wence(cut)
    shares = []
    for question in questions[:TEN]:
        words = search_words(question)
        found, wanted = (set(islice(each(words), K)) for each in (ask, own))
        shares.append(len(found & wanted) / K)
    return {"clauses": len(texts), "build_s": round(spent, 2), **figures,
            "add_ms": round(added * 1000, 2), "agreement": round(float(np.mean(shares)), 2)}  # fmt: skip


def wence(texts: Sequence[Words]) -> Engine:
    """The postings of Wence's index; texts that are added make postings of their own beside them."""
    parts = [(invert(texts, "words", None), len(texts))]

    def ask(words: Words) -> list[int]:
        scores = word_scores(parts, words)
        rows = np.flatnonzero(scores > FAINT * scores.max())
        if len(rows) < K:
            rows = np.flatnonzero(scores)
        return [int(row) for row in rows[best(scores[rows], K)]]

    return ask, lambda new: parts.append((invert(new, "words", None), len(new)))


def bm25s(texts: Sequence[Words], *, backend: str) -> Engine:
    """bm25s, with numpy or with numba."""
    from bm25s import BM25

    engine = BM25(k1=K1, b=B, backend=backend)
    engine.index(texts, show_progress=False)

    def ask(words: Words) -> Iterable[int]:
        rows, _ = engine.retrieve([words], k=K, show_progress=False)
        return [int(row) for row in rows[0]]

    return ask, None


def tantivy(texts: Sequence[Words]) -> Engine:
    """tantivy in memory, with its own k1 of 1.2."""
    from tantivy import Document, Index, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

    schema = SchemaBuilder()
    schema.add_text_field("words", tokenizer_name="cut", index_option="freq")
    schema.add_integer_field("place", stored=True)
    schema = schema.build()
    index = Index(schema)
    index.register_tokenizer("cut", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer()

    def add(new: Sequence[Words], first: int = len(texts)) -> None:
        for place, words in enumerate(new, first):
            writer.add_document(Document(words=" ".join(words), place=place))
        writer.commit()
        index.reload()

    def ask(words: Words) -> Iterable[int]:
        terms = [
            (Occur.Should, Query.term_query(schema, "words", word, index_option="freq"))
            for word in words
        ]
        searcher = index.searcher()
        hits = searcher.search(Query.boolean_query(terms), K, count=False).hits
        return [int(searcher.doc(address)["place"][0]) for _, address in hits]

    add(texts, 0)
    return ask, add


def rank_bm25(texts: Sequence[Words]) -> Engine:
    """rank_bm25, as LangChain's BM25Retriever uses it."""
    from rank_bm25 import BM25Okapi

    engine = BM25Okapi(texts, k1=K1, b=B)
    return lambda words: [int(row) for row in np.argsort(-engine.get_scores(words))[:K]], None
