"""What the tests of the index share: entries, an encoder that counts, and search done plainly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log
from pathlib import Path

import numpy as np
from conftest import SeededEncoder

from domain import Hit
from index.changes import CONTEXT_WEIGHT
from index.encoder import Encoder, Vectors
from index.entries import Entry, Where
from index.fusion import fuse
from index.local import LocalSearch, held
from index.manifest import MANIFEST, Manifest
from index.postings import K1, B
from index.query import read_query
from index.tokens import Cutter, pairs

WORDS = [
    "支持", "企业", "申请", "认证", "促进", "低空", "经济", "产业", "铁路", "建设", "养老", "服务",
    "就业", "补贴", "落户", "人才", "AEO",
]  # fmt: skip


class Counting(SeededEncoder):
    """A seeded encoder that remembers the passages that it was given."""

    def __init__(self, seed: int = 0, dimensions: int = 32) -> None:
        super().__init__(seed, dimensions)
        self.texts: list[str] = []
        self._row = cache(super()._row)  # type: ignore[method-assign]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return super().encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return super().encode_passages(texts)


def entry(entry_id: str, text: str, context: str = "", **facets: str) -> Entry:
    return Entry(entry_id, text, context, {name: (value,) for name, value in facets.items()})


def some_entries(count: int, seed: int = 0, prefix: str = "p#") -> list[Entry]:
    """Entries of three to eight words, in three policies, four years and two regions."""
    random = np.random.default_rng(seed)
    entries = []
    for at in range(count):
        text = "".join(random.choice(WORDS, random.integers(3, 9)))
        facets = {"policy": f"p{at % 3}", "year": str(2020 + random.integers(4))}
        if at % 2:
            facets["region"] = random.choice(["长宁区", "青浦区"])
        entries.append(entry(f"{prefix}{at}", f"{text}第{at}项", **facets))
    return entries


ENCODER = Counting()


def latest(folder: Path) -> LocalSearch:
    """What the folder holds, or nothing yet; damage is an error."""
    return held(folder, ENCODER, print, None) or nothing_in(folder, ENCODER)


def nothing_in(folder: Path, encoder: Encoder | None = None) -> LocalSearch:
    """The search over a folder that holds no index yet."""
    encoder = encoder or Counting()
    return LocalSearch(folder, Manifest(encoder.fingerprint), (), encoder, Cutter())


def found(search: LocalSearch, query: str = "企业", where: Where | None = None) -> set[str]:
    """The ids of all that can be found, each once."""
    ids = [hit.clause_id for hit in search.search(query, 10**6, where=where)]
    assert len(ids) == len(set(ids))
    return set(ids)


def files(folder: Path) -> dict[str, int]:
    """The index's files with their sizes, the lock left out."""
    return {file.name: file.stat().st_size for file in folder.iterdir() if file.name != "lock"}


def assert_tidy(search: LocalSearch) -> None:
    """The folder holds what the manifest names, and nothing else."""
    parts = [name for part in search.manifest.parts for name in part.files]
    assert sorted(files(search.folder)) == sorted([MANIFEST, *parts])


class Plainly:
    """Search as the formulas say it, with dictionaries, over entries that are all there."""

    def __init__(self, entries: Iterable[Entry], search: LocalSearch) -> None:
        self._entries = list(entries)
        self._search = search
        texts = [f"{each.context} {each.text}" for each in self._entries]
        self._cut = {
            "words": [Counter(search.cutter.words(text)) for text in texts],
            "pairs": [Counter(pairs(text)) for text in texts],
        }
        self._vectors = [self._vector(each) for each in self._entries]

    def search(self, query: str, where: Where) -> list[Hit]:
        """Every entry that passes, best first."""
        asked = read_query(query, self._search.encoder, self._search.cutter)
        rows = [at for at, each in enumerate(self._entries) if passes(each, where)]
        words, of_pairs = (
            np.array([self.bm25(field, row, terms) for row in rows], np.float32)
            for field, terms in (("words", asked.words), ("pairs", asked.pairs))
        )
        dense = np.array([self._vectors[row] @ asked.vector for row in rows], np.float32)
        top = [float(scores.max(initial=0)) for scores in (words, of_pairs)]
        bm25, fused = fuse(words, of_pairs, dense, *top, asked.bound)
        hits = [
            Hit(
                self._entries[row].id,
                float(fused[at]),
                {"bm25": float(bm25[at]), "dense": float(dense[at]), "fused": float(fused[at])},
            )
            for at, row in enumerate(rows)
        ]
        return sorted(hits, key=lambda hit: -hit.score)

    def bm25(self, field: str, row: int, terms: Mapping[str, float]) -> float:
        """The score of a row: Robertson and Zaragoza, 2009, formula 3.15."""
        texts = self._cut[field]
        length = texts[row].total() / self._search.manifest.averages[field]
        score = 0.0
        for term, times in terms.items():
            holding = sum(term in text for text in texts)
            rarity = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            tf = texts[row][term]
            score += times * rarity * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length))
        return score

    def _vector(self, one: Entry) -> Vectors:
        encode = self._search.encoder.encode_passages
        zero = np.zeros(self._search.encoder.dimensions, np.float32)
        text, context = (encode([each])[0] if each else zero for each in (one.text, one.context))
        vector = text + CONTEXT_WEIGHT * context
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


def passes(one: Entry, where: Where) -> bool:
    """Whether an entry has, of every facet, one of the values."""
    return all(set(values) & set(one.facets.get(facet, ())) for facet, values in where.items())


def assert_alike(hits: Sequence[Hit], expected: Sequence[Hit], tolerance: float = 4e-3) -> None:
    """The same entries with about the same scores, in an order that differs in ties at most.

    Impacts and vectors are kept as float16, which has three digits.
    """
    assert len(hits) == len(expected)
    scores = {hit.clause_id: hit.scores for hit in expected}
    for hit, other in zip(hits, expected, strict=True):
        for kind in ("bm25", "dense", "fused"):
            assert abs(hit.scores[kind] - scores[hit.clause_id][kind]) <= tolerance, hit
        assert abs(hit.score - other.score) <= tolerance
