"""Search over Milvus: the ranking of the local index, from vectors and BM25 that Milvus keeps.

One hybrid search of Milvus over vectors, words and pairs brings the candidates forward. Their
scores of each kind are then fused as the local index does it (index/fusion.py), so that the same
question has the same answer whichever is behind `Search`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

from domain import Hit
from index.changes import BLOCK, OWN_WORDS, encoded
from index.encoder import Encoder, WordVectors
from index.entries import Entry, Where, own_words
from index.fusion import Scores, best, cosines, fuse
from index.milvus_schema import FORMAT, TERMS, clause_row, joined, passing
from index.milvus_server import Server, State
from index.passages import hit_of
from index.query import read_query
from index.tokens import Cutter

Progress = Callable[[int, int], None]

_BROUGHT = 100  # candidates by vector, and as many by words and by pairs
_PARTS = 10  # of an own word's weight, in which that of a wider one is told


class MilvusSearch:
    """The `Search` protocol over a Milvus server or a folder of Milvus Lite."""

    def __init__(self, server: Server, encoder: Encoder, cutter: Cutter) -> None:
        self.server = server
        self.encoder = encoder
        self.cutter = cutter
        self.size = server.size()

    @property
    def words(self) -> WordVectors | None:
        """See `Search.words`."""
        return self.encoder if isinstance(self.encoder, WordVectors) else None

    @property
    def about(self) -> str:
        """Which search this is, for people."""
        kind = "Milvus Lite" if self.server.lite else "Milvus"
        return f"{kind} {self.server.address}，正常；{self.size}条，BM25 与向量混合检索"

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        """See `Search.search`. Raises `StoreError` where Milvus does not answer."""
        where = where or {}
        if not self.size or not query.strip() or k < 1 or not all(map(len, where.values())):
            return []
        asked = read_query(query, self.encoder, self.cutter)
        terms = {"words": _Terms(asked.words), "pairs": _Terms(asked.pairs)}
        texts = {name: each.text for name, each in terms.items() if each.text}
        count = max(_BROUGHT, 4 * k)
        found = self.server.candidates(asked.vector, texts, count, passing(where))
        if not found:
            return []
        keys = list(found)
        ids, vectors = zip(*found.values(), strict=True)
        words, pairs = (self._scores(name, terms[name], keys) for name in TERMS)
        dense = cosines(np.stack(vectors), asked.vector)
        bm25, fused = fuse(words, pairs, dense, float(words.max()), float(pairs.max()), asked.bound)
        return [
            hit_of(
                ids[at],
                float(fused[at]),
                {"bm25": float(bm25[at]), "dense": float(dense[at]), "fused": float(fused[at])},
            )
            for at in best(fused, k)
        ]

    def _scores(self, name: str, terms: _Terms, keys: list[str]) -> Scores:
        known = self.server.scores(name, terms.text, keys) if terms.text else {}
        return np.array([known.get(key, 0.0) for key in keys], np.float32) / np.float32(terms.times)


def open_milvus(
    url: str,
    policies: Mapping[str, str],
    entries: Callable[[str], list[Entry]],
    encoder: Encoder,
    say: Callable[[str], None],
    progress: Progress = lambda done, of: None,
    opened: MilvusSearch | None = None,
) -> MilvusSearch:
    """The index behind an address, with what `policies` (id to fingerprint) hold now.

    As `open_search`, for `milvus://host:port` or a folder of Milvus Lite: only policies that differ
    are asked for, and of them only the entries that differ are sent. What another encoder or
    another version made is made anew, which `say` hears. `opened` is what the same address gave
    before. Raises `StoreError`, naming the address, where Milvus does not answer.
    """
    server = opened.server if opened else Server(url)
    state = server.state()
    reason = _foreign(state, encoder)
    if reason:
        say(f"{reason}；正在从目录库重建索引")
    fresh = bool(reason) or not state.encoder
    if fresh:
        server.create(encoder.fingerprint, encoder.dimensions)
        state = State(encoder.fingerprint)
    cutter = opened.cutter if opened and not fresh else Cutter()
    cutter.learn(state.own_words)
    if dict(state.policies) != dict(policies):
        _Change(server, encoder, cutter, fresh).bring_up(
            state.policies, policies, entries, progress
        )
    return MilvusSearch(server, encoder, cutter)


def _foreign(state: State, encoder: Encoder) -> str:
    """Why what is there cannot be used; empty where it can, or where nothing is there."""
    if state.format != FORMAT:
        return f"Milvus 里的索引是第 {state.format} 版格式，本程序用第 {FORMAT} 版"
    if state.encoder not in ("", encoder.fingerprint):
        return f"索引由句向量模型 {state.encoder} 建成，现在用 {encoder.fingerprint}"
    return ""


class _Change:
    """One bringing up of the collections to the catalog."""

    def __init__(self, server: Server, encoder: Encoder, cutter: Cutter, fresh: bool) -> None:
        self._server = server
        self._encoder = encoder
        self._cutter = cutter
        self._fresh = fresh  # nothing was there before

    def bring_up(
        self,
        before: Mapping[str, str],
        policies: Mapping[str, str],
        entries: Callable[[str], list[Entry]],
        progress: Progress,
    ) -> None:
        """Put in what differs, take out what is gone, then note the policies.

        Whoever is killed on the way leaves them unnoted; what was already sent is found equal then.
        """
        for policy in before.keys() - policies.keys():
            self._server.remove_policy(policy)
        changed = {id_: digest for id_, digest in policies.items() if before.get(id_) != digest}
        block: dict[str, tuple[str, Entry]] = {}
        there: dict[str, bytes] = {}
        for done, policy in enumerate(changed):
            progress(done, len(changed))
            known = {} if self._fresh else self._server.digests(policy)
            now = {entry.id: entry for entry in entries(policy)}
            self._server.remove(known.keys() - now.keys())
            block |= {
                id_: (policy, entry) for id_, entry in now.items() if known.get(id_) != entry.digest
            }
            there |= known
            if len(block) >= BLOCK:
                self._put(block, there)
                block, there = {}, {}
        self._put(block, there)
        self._server.settle(rewrite=not self._fresh)
        self._server.note_policies(changed)
        progress(len(changed), len(changed))

    def _put(self, block: Mapping[str, tuple[str, Entry]], there: Mapping[str, bytes]) -> None:
        """Send entries; those whose words stay the same keep the vectors that are `there`."""
        entries = [entry for _, entry in block.values()]
        words = sorted(own_words(entries) - self._cutter.own)
        words = words[: max(0, OWN_WORDS - len(self._cutter.own))]
        self._cutter.learn(words)
        self._server.note_words(words)
        same = [e.id for e in entries if there.get(e.id, b"")[:8] == e.digest[:8]]
        known = {there[id_][:8]: vector for id_, vector in self._server.vectors(same).items()}
        vectors = encoded(entries, self._encoder, known)
        self._server.put(
            clause_row(policy, entry, vector, self._cutter)
            for (policy, entry), vector in zip(block.values(), vectors, strict=True)
        )


class _Terms:
    """Terms as a text in which each stands as often as it weighs, for BM25 counts them.

    `times` is how often that is for a weight of 1.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        parts = [Fraction(weight).limit_denominator(_PARTS) for weight in weights.values()]
        self.times = max((part.denominator for part in parts), default=1)
        counts = [round(part * self.times) for part in parts]
        self.text = joined(
            term for term, count in zip(weights, counts, strict=True) for _ in range(count)
        )
