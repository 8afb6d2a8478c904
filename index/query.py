"""A question in the terms of an index: its words and pairs with their weights, and its vector.

The thesaurus widens the words: counterparts of what the question says count beside its own. The
vector is left alone, since the model has learnt them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from index.encoder import Encoder, Vectors
from index.postings import K1
from index.rarity import rarity
from index.thesaurus import thesaurus
from index.tokens import Cutter, pairs

WIDENING_WEIGHT = 0.5  # of a question's counterparts in the thesaurus, against its own words
OWN_RARITY = 3.0  # nats at most of a word of the index itself: “虹桥之夜” is no everyday word
BEYOND_COUNT = K1 + 1  # what BM25 makes of a word that fills a text


@dataclass(frozen=True, slots=True)
class Query:
    """Terms to their weights, 1 for each time that the question has one; `vector` of unit length.

    `bound` is about the most that BM25 could give for the question's own words, by their rarity in
    official documents at large: what a text reaches of it says how far its words answer.
    """

    words: Mapping[str, float]
    pairs: Mapping[str, float]
    vector: Vectors
    bound: float


def read_query(text: str, encoder: Encoder, cutter: Cutter) -> Query:
    """What a search over words, pairs and vectors asks for."""
    own = Counter(cutter.words(text))
    words: dict[str, float] = dict(own)
    for word in cutter.words(" ".join(thesaurus().widen(text))):
        words[word] = words.get(word, 0.0) + WIDENING_WEIGHT
    told = {word: min(rarity()(word), OWN_RARITY if word in cutter.own else inf) for word in own}
    bound = BEYOND_COUNT * sum(times * told[word] for word, times in own.items())
    return Query(words, Counter(pairs(text)), encoder.encode_queries([text])[0], bound)
