"""Search over local files: BM25 and vectors of all clauses, fused; exact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import orjson

from domain import Clause, ClauseKind, Hit
from errors import DamagedIndex
from index.bm25 import WordIndex
from index.encoder import Encoder, Vectors
from index.fusion import Scores, best, fuse, scaled
from index.layout import current_generation, read_manifest, write_generation
from index.thesaurus import thesaurus
from index.vectors import VectorIndex

Progress = Callable[[int, int], None]

BATCH = 2048  # texts that are encoded at a time
WIDENING_WEIGHT = 0.5  # of a question's counterparts in the thesaurus, against its own words

_CLAUSES, _WORDS, _VECTORS = "clauses.json", "bm25", "vectors.faiss"


class LocalSearch:
    """The `Search` protocol over one generation of index files."""

    def __init__(
        self, clause_ids: Sequence[str], words: WordIndex, vectors: VectorIndex, encoder: Encoder
    ) -> None:
        self._ids = list(clause_ids)
        self._policies = np.array([clause_id.partition("#")[0] for clause_id in self._ids])
        self._words = words
        self._vectors = vectors
        self._encoder = encoder

    def search(self, query: str, k: int, *, policies: Collection[str] | None = None) -> list[Hit]:
        """See `Search.search`."""
        if not self._ids or not query.strip():
            return []
        bm25, dense = self._bm25(query), self._dense(query)
        fused = fuse(bm25, dense)
        if policies is not None:
            fused[~np.isin(self._policies, list(policies))] = -np.inf
        relative = scaled(bm25)
        return [
            Hit(
                self._ids[place],
                float(fused[place]),
                {"bm25": float(relative[place]), "dense": float(dense[place]),
                 "fused": float(fused[place])},
            )
            for place in best(fused, k)
        ]  # fmt: skip

    def _bm25(self, query: str) -> Scores:
        wider = thesaurus().widen(query)
        scores = self._words.scores(query)
        return scores + WIDENING_WEIGHT * self._words.scores(" ".join(wider)) if wider else scores

    def _dense(self, query: str) -> Scores:
        wider = thesaurus().widen(query)
        rows = self._encoder.encode_queries([query, " ".join(wider)] if wider else [query])
        vector = rows[:1] + WIDENING_WEIGHT * rows[1:] if wider else rows
        norm = max(float(np.linalg.norm(vector)), 1e-12)
        return self._vectors.scores((vector / norm).astype(np.float32))


def open_search(
    root: Path,
    catalog: str,
    clauses: Callable[[], list[Clause]],
    encoder: Encoder,
    say: Callable[[str], None],
    progress: Progress = lambda done, of: None,
) -> LocalSearch:
    """The index in a folder, made anew from `clauses` where it is absent, stale or damaged.

    `catalog` is the fingerprint of what the clauses come from. `say` hears, in a sentence for
    people, why an index is made anew, and `progress` how many steps of how many are done. A stale
    one gives the vectors of what did not change. Raises `StoreError` where it cannot be written.
    """
    reason = ""
    known: dict[str, Vectors] = {}
    try:
        folder = current_generation(root)
        if folder:
            manifest = read_manifest(folder)
            if manifest.encoder != encoder.fingerprint:
                reason = f"索引由句向量模型 {manifest.encoder} 建成，现在用 {encoder.fingerprint}"
            elif manifest.catalog != catalog:
                reason = "文件有变动"
                known = _vectors(folder)
            else:
                return _load(folder, encoder)
    except DamagedIndex as error:
        reason = str(error)
    if reason:
        say(f"{reason}；正在从目录库重建索引")
    return build_search(root, catalog, clauses(), encoder, known, progress)


def build_search(
    root: Path,
    catalog: str,
    clauses: Sequence[Clause],
    encoder: Encoder,
    known: Mapping[str, Vectors] = {},
    progress: Progress = lambda done, of: None,
) -> LocalSearch:
    """Index the clauses, headings left out, as a new generation in the folder.

    Texts whose vector is `known`, by their digest, are not encoded again.
    """
    indexed = [clause for clause in clauses if clause.kind is not ClauseKind.HEADING]
    ids = [clause.id for clause in indexed]
    texts = [clause.text.strip() for clause in indexed]
    digests = [_digest(text) for text in texts]
    steps = 2 * len(texts)  # words, then vectors
    words = WordIndex.build(_told(texts or [""], progress, steps))
    parts = _encoded(texts or [""], digests or [""], encoder, known)
    vectors = VectorIndex.build(encoder.dimensions, _told_parts(parts, progress, steps))

    def write(folder: Path) -> None:
        (folder / _CLAUSES).write_bytes(orjson.dumps({"ids": ids, "digests": digests}))
        words.save(folder / _WORDS)
        vectors.save(folder / _VECTORS)

    write_generation(root, catalog, encoder.fingerprint, len(ids), write)
    return LocalSearch(ids, words, vectors, encoder)


def _encoded(
    texts: Sequence[str], digests: Sequence[str], encoder: Encoder, known: Mapping[str, Vectors]
) -> Iterator[Vectors]:
    """A row a text, so many at a time; what is known is not encoded again."""
    for start in range(0, len(texts), BATCH):
        part = range(start, min(start + BATCH, len(texts)))
        fresh = {digests[at]: texts[at] for at in part if digests[at] not in known}
        rows = encoder.encode_passages(list(fresh.values())) if fresh else ()
        found = dict(zip(fresh, rows, strict=True))
        yield np.stack(
            [found[d] if d in found else known[d] for d in map(digests.__getitem__, part)]
        )


def _told(texts: Sequence[str], progress: Progress, steps: int) -> Iterator[str]:
    for done, text in enumerate(texts):
        if done % BATCH == 0:
            progress(done, steps)
        yield text


def _told_parts(parts: Iterable[Vectors], progress: Progress, steps: int) -> Iterator[Vectors]:
    done = steps // 2
    for part in parts:
        yield part
        done += len(part)
        progress(min(done, steps), steps)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _vectors(folder: Path) -> dict[str, Vectors]:
    """The vectors of a generation, by the digest of their text."""
    stored = _clauses(folder)
    try:
        rows = VectorIndex.load(folder / _VECTORS).rows()
    except RuntimeError as error:
        raise DamagedIndex(f"索引 {folder} 打不开({error})") from None
    return dict(zip(stored["digests"], rows, strict=False))


def _load(folder: Path, encoder: Encoder) -> LocalSearch:
    ids = _clauses(folder)["ids"]
    try:
        words = WordIndex.load(folder / _WORDS, len(ids))
        return LocalSearch(ids, words, VectorIndex.load(folder / _VECTORS), encoder)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise DamagedIndex(f"索引 {folder} 打不开({error})") from None


def _clauses(folder: Path) -> dict[str, list[str]]:
    """Ids and text digests of what a generation holds, in order."""
    try:
        stored = orjson.loads((folder / _CLAUSES).read_bytes())
        return {"ids": list(stored["ids"]), "digests": list(stored["digests"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"索引 {folder} 打不开({error})") from None
