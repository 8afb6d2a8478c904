"""Search over local files: BM25 of words and of pairs of characters, and vectors, as one ranking.

A segment of up to `EXACT_ROWS` entries is scored whole. Of a larger one, those rows are scored that
its words or FAISS bring forward; with a filter that leaves few of them, all that pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain import Hit
from errors import DamagedIndex
from index.changes import Live, Progress, applied
from index.encoder import Encoder, Vectors, WordVectors
from index.entries import Entry, Where
from index.fusion import Scores, best, cosines, fuse
from index.manifest import Manifest, peek, read_manifest, writing
from index.nearest import EXACT_ROWS
from index.passages import hit_of
from index.postings import Postings, key_of
from index.query import read_query
from index.segment import Mask, Segment, open_segment
from index.tokens import Cutter

_BROUGHT = 200  # rows that the words, and as many that FAISS brings forward in a large segment
_FAINT = 0.3  # of the best word score, below which a row is not brought forward by its words
_READ = 30_000  # postings of a large segment that bring rows forward; terms beyond only order them
_SPARE = 3  # times as many rows are ordered as are kept

Terms = list[tuple[np.float32, slice]]  # weight of a term, and where its postings stand


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the terms of the index: for each segment, where those of each field stand."""

    words: list[Terms]
    pairs: list[Terms]
    vector: Vectors
    bound: float


@dataclass(frozen=True, slots=True)
class _Scored:
    """Rows of one segment with the scores of each kind."""

    live: Live
    rows: NDArray[np.int64]
    words: Scores
    pairs: Scores
    dense: Scores


class LocalSearch:
    """The `Search` protocol over the segments of one folder. It never changes; `updated` gives anew."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        live: Sequence[Live],
        encoder: Encoder,
        cutter: Cutter,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.live = tuple(live)
        self.encoder = encoder
        self.cutter = cutter

    @property
    def size(self) -> int:
        """How many entries can be found."""
        return sum(live.size for live in self.live)

    @property
    def exact(self) -> bool:
        """Whether every query reads every vector."""
        return all(live.segment.nearest is None for live in self.live)

    @property
    def words(self) -> WordVectors | None:
        """See `Search.words`."""
        return self.encoder if isinstance(self.encoder, WordVectors) else None

    @property
    def about(self) -> str:
        """Which search this is, for people."""
        large = sum(live.segment.nearest is not None for live in self.live)
        approximate = f"近似检索(超过{EXACT_ROWS}条的{large}个分段用 FAISS 倒排文件)"
        return (
            f"本地文件 {self.folder}，正常；{self.size}个条款(标题除外)，{len(self.live)}个分段，"
            f"BM25 与向量{'精确检索(每次逐条计算)' if self.exact else approximate}"
        )

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        """See `Search.search`."""
        if not self.size or not query.strip() or k < 1:
            return []
        asked = self._asked(query)
        scored = [self._scored(at, asked, k, where or {}) for at in range(len(self.live))]
        scored = [part for part in scored if len(part.rows)]
        top = _top(part.words for part in scored), _top(part.pairs for part in scored)
        hits = []
        for part in scored:
            bm25, fused = fuse(part.words, part.pairs, part.dense, *top, asked.bound)
            for at in best(fused, k):
                scores = {
                    "bm25": float(bm25[at]),
                    "dense": float(part.dense[at]),
                    "fused": float(fused[at]),
                }
                entry_id = part.live.segment.id(int(part.rows[at]))
                hits.append(hit_of(entry_id, scores["fused"], scores))
        return sorted(hits, key=lambda hit: -hit.score)[:k]

    def updated(
        self,
        add: Iterable[Entry],
        remove: Collection[str] = (),
        *,
        policies: Mapping[str, str] | None = None,
        progress: Progress = lambda done: None,
    ) -> LocalSearch:
        """The search over the same folder with entries added, replaced by their id, or removed.

        An id that is both removed and added is added. `policies` is what the catalog says of them
        now. Costs what changes, not what there is. What another process wrote there since stays.
        Raises `StoreError` where the folder cannot be written.
        """
        with writing(self.folder):
            return self.latest().changed(add, remove, policies, progress)

    def changed(
        self,
        add: Iterable[Entry],
        remove: Collection[str],
        policies: Mapping[str, str] | None,
        progress: Progress,
    ) -> LocalSearch:
        """As `updated`, for who is `writing` and has the latest."""
        manifest, live = applied(self, add, remove, policies, progress)
        return LocalSearch(self.folder, manifest, live, self.encoder, self.cutter)

    def latest(self) -> LocalSearch:
        """What the folder holds now; where that is nothing whole of this encoder, what is here."""
        try:
            manifest = peek(self.folder)
            if manifest == self.manifest:
                return self
            now = held(self.folder, self.encoder, lambda _: None, self)
        except DamagedIndex:
            now = None
        if now or not self.live:
            return now or self
        here = [Live(Segment("", part.segment.arrays), part.dead) for part in self.live]
        return LocalSearch(self.folder, self.manifest, here, self.encoder, self.cutter)

    def _asked(self, query: str) -> _Asked:
        asked = read_query(query, self.encoder, self.cutter)
        return _Asked(
            self._weighted("words", asked.words),
            self._weighted("pairs", asked.pairs),
            asked.vector,
            asked.bound,
        )

    def _weighted(self, field: str, terms: Mapping[str, float]) -> list[Terms]:
        """For each segment the terms that it holds, weighted by their rarity over all of them."""
        keys = np.array([key_of(field, term) for term in terms], np.uint64)
        spans = [live.segment.postings.spans(keys) for live in self.live]
        total = sum(live.segment.size for live in self.live)
        weights = []
        for times, places in zip(terms.values(), zip(*spans, strict=True), strict=True):
            holding = sum(place.stop - place.start for place in places)
            rarity = log(1 + (total - holding + 0.5) / (holding + 0.5))
            weights.append(np.float32(times * rarity))
        return [
            [(weight, span) for weight, span in zip(weights, part, strict=True) if span.stop > span.start]
            for part in spans
        ]  # fmt: skip

    def _scored(self, at: int, asked: _Asked, k: int, where: Where) -> _Scored:
        live, in_words, in_pairs = self.live[at], asked.words[at], asked.pairs[at]
        segment, postings = live.segment, live.segment.postings
        passing = live.passing(where)
        if segment.nearest is None:
            rows = np.flatnonzero(passing) if passing is not None else np.arange(segment.size)
            scores = (
                _sums(postings, in_words, segment.size),
                _sums(postings, in_pairs, segment.size),
                cosines(segment.vectors, asked.vector),
            )
            if passing is None:
                return _Scored(live, rows, *scores)
            return _Scored(live, rows, *(kind[rows] for kind in scores))
        there = segment.size if passing is None else np.count_nonzero(passing)
        rows = np.zeros(0, np.int64)
        if there > EXACT_ROWS:
            count = max(_BROUGHT, 4 * k)
            near = segment.nearest.rows(asked.vector, count, passing)
            rows = np.union1d(_brought(postings, in_words, segment.size, count, passing), near)
        if len(rows) < min(k, there):  # few enough, or FAISS found few of those that pass
            rows = np.arange(segment.size) if passing is None else np.flatnonzero(passing)
        words, pairs = (_sums_at(postings, terms, rows) for terms in (in_words, in_pairs))
        dense = cosines(np.asarray(segment.halves[rows], np.float32), asked.vector)
        return _Scored(live, rows, words, pairs, dense)


def held(
    folder: Path, encoder: Encoder, say: Callable[[str], None], before: LocalSearch | None
) -> LocalSearch | None:
    """The index that a folder holds, None where there is none, or none that this encoder made.

    `before` is what the same folder held then: its segments are used again. Raises `DamagedIndex`.
    """
    known = {live.segment.name: live.segment for live in before.live} if before else {}
    manifest = read_manifest(folder, known=known)
    if manifest is None:
        return None
    if manifest.encoder != encoder.fingerprint:
        say(
            f"索引由句向量模型 {manifest.encoder} 建成，现在用 {encoder.fingerprint}；"
            "正在从目录库重建索引"
        )
        return None
    try:
        live = [
            Live(known.get(part.name) or open_segment(folder, part.name), part.dead)
            for part in manifest.parts
        ]
    except DamagedIndex:
        if peek(folder) != manifest:  # another process changed it in the meantime
            return held(folder, encoder, say, before)
        raise
    cutter = before.cutter if before else Cutter()
    cutter.learn(manifest.own_words)
    return LocalSearch(folder, manifest, live, encoder, cutter)


def _top(kinds: Iterable[Scores]) -> float:
    """The highest of several scores; 0 for none."""
    return max((float(scores.max()) for scores in kinds), default=0.0)


def _sums(postings: Postings, terms: Terms, size: int) -> Scores:
    """The score of every row."""
    scores = np.zeros(size, np.float32)
    for weight, span in terms:
        np.add.at(scores, postings.rows[span], weight * postings.impacts[span])
    return scores


def _sums_at(postings: Postings, terms: Terms, chosen: NDArray[np.integer]) -> Scores:
    """The scores of chosen rows, which ascend."""
    scores = np.zeros(len(chosen), np.float32)
    chosen = chosen.astype(postings.rows.dtype)  # of another type, all postings would be converted
    for weight, span in terms:
        rows = postings.rows[span]
        at = np.minimum(rows.searchsorted(chosen), len(rows) - 1)
        held = rows[at] == chosen
        scores[held] += weight * postings.impacts[span][at[held]]
    return scores


def _brought(
    postings: Postings, terms: Terms, size: int, count: int, passing: Mask | None
) -> NDArray[np.int64]:
    """About the `count` rows with the highest scores.

    The terms that few rows hold bring rows forward; those that many hold only order them, so that a
    query does not read half of the index for 企业 (after the essential lists of MaxScore: Turtle and
    Flood, 1995).
    """
    rarest = sorted(terms, key=lambda term: term[1].stop - term[1].start)
    read = np.cumsum([span.stop - span.start for _, span in rarest])
    essential = max(1, int(np.searchsorted(read, _READ, side="right")))
    common = rarest[essential:]
    scores = _sums(postings, rarest[:essential], size)
    rows = _highest(scores, _SPARE * count if common else count, passing)
    if len(rows) <= count:
        return rows
    whole = scores[rows] + _sums_at(postings, common, rows)
    return np.sort(rows[np.argpartition(-whole, count)[:count]])


def _highest(scores: Scores, count: int, passing: Mask | None) -> NDArray[np.int64]:
    """The rows of about the `count` highest scores in order, faint ones left out."""
    if passing is not None:
        scores = np.where(passing, scores, np.float32(0))
    rows = np.flatnonzero(scores > _FAINT * scores.max(initial=0.0))
    if len(rows) > count:
        rows = np.sort(rows[np.argpartition(-scores[rows], count)[:count]])
    return rows
