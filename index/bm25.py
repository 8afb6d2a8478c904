"""Word scores of clauses: BM25 (Robertson and Zaragoza, 2009) by bm25s, its one door."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path

import bm25s
import numpy as np

from index.fusion import Scores
from index.tokens import search_words

K1 = 1.5
B = 0.75


class WordIndex:
    """BM25 over the search words of texts; a text is known by its place."""

    def __init__(self, engine: bm25s.BM25, size: int) -> None:
        self._engine = engine
        self._size = size

    @classmethod
    def build(cls, texts: Iterable[str]) -> WordIndex:
        """Count the words of the texts; each word is held once, and a text as numbers of words."""
        engine = bm25s.BM25(k1=K1, b=B)
        vocabulary: dict[str, int] = {}
        cuts = [
            array("i", (vocabulary.setdefault(w, len(vocabulary)) for w in search_words(text)))
            for text in texts
        ]
        if not vocabulary:  # bm25s takes no corpus without a word
            cuts = [array("i", [0]) for _ in cuts]
            vocabulary[""] = 0
        engine.index((cuts, vocabulary), show_progress=False)
        return cls(engine, len(cuts))

    @classmethod
    def load(cls, folder: Path, size: int) -> WordIndex:
        """Map the files that `save` wrote for `size` texts."""
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False), size)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON into a folder."""
        self._engine.save(str(folder), show_progress=False)

    def scores(self, query: str) -> Scores:
        """One score a text, 0 where no word of the query stands in it."""
        known = [word for word in search_words(query) if word in self._engine.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._engine.get_scores(known), np.float32)
