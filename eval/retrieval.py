"""Search measured on a folder of corpus, queries and judgements, in the form of `statute-retrieval`."""

from __future__ import annotations

import json
import lzma
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from errors import UnreadableFile
from eval.metrics import ndcg, recall, reciprocal_rank
from index.encoder import Encoder
from index.entries import Entry
from index.fusion import Scores, best
from index.local import LocalSearch
from index.manifest import Manifest
from index.postings import Postings, invert, key_of
from index.tokens import Cutter, search_words

DEPTH = 100

Ranking = Callable[[str], Sequence[str]]  # a question to the ids of what it finds, best first
Progress = Callable[[int, int], None]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class TestBed:
    """Documents, questions and which documents answer which question, by their ids.

    An entry's text is the document's, its context the name.
    """

    entries: list[Entry]
    queries: dict[str, str]
    relevant: dict[str, set[str]]


def read_test_bed(folder: Path) -> TestBed:
    """Read `corpus.jsonl[.xz]`, `queries.tsv` and `qrels.tsv`. Raises `UnreadableFile`."""
    try:
        documents = [json.loads(line) for line in _lines(folder, "corpus.jsonl")]
        entries = [Entry(str(d["id"]), d["text"], d.get("name") or "") for d in documents]
        queries = dict(line.split("\t", 1) for line in _lines(folder, "queries.tsv"))
        relevant: defaultdict[str, set[str]] = defaultdict(set)
        for line in _lines(folder, "qrels.tsv"):
            query, document = line.split("\t")[:2]
            relevant[query].add(document)
    except (OSError, ValueError, KeyError, TypeError, lzma.LZMAError) as error:
        raise UnreadableFile(
            f"{folder} 读不成检索测试集({error!r})；应有 corpus.jsonl(.xz)、queries.tsv、qrels.tsv"
        ) from None
    judged = {query: text for query, text in queries.items() if query in relevant}
    if not entries or not judged:
        missing = "文本" if not entries else "在 qrels.tsv 中有答案的问题"
        raise UnreadableFile(f"检索测试集 {folder} 里没有{missing}，请检查其中的文件")
    return TestBed(entries, judged, dict(relevant))


def _lines(folder: Path, name: str) -> Iterator[str]:
    plain = folder / name
    packed = folder / f"{name}.xz"
    data = plain.read_bytes() if plain.is_file() else lzma.decompress(packed.read_bytes())
    lines = (line.rstrip("\r") for line in data.decode("utf-8-sig").split("\n"))
    return (line for line in lines if line.strip())


def measure(
    bed: TestBed,
    encoder: Encoder,
    say: Callable[[str], None] = lambda message: None,
    progress: Progress = lambda done, of: None,
) -> dict[str, Figures]:
    """The figures of `bm25`, `dense` and `hybrid`: recall, MRR, nDCG, milliseconds a query.

    `hybrid` is the search that users have, over an index of its own in a temporary folder. `dense`
    ranks all of its vectors by their cosine with the question's. `bm25` stands for what is
    published: jieba's search words of name and text, none added, k1 1.5, b 0.75. `say` hears, in a
    sentence for people, how long the index took.
    """
    total = len(bed.entries) + 3 * len(bed.queries)
    done = 0

    def advance(more: int = 1) -> None:
        nonlocal done
        done += more
        progress(done, total)

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        empty = LocalSearch(Path(folder), Manifest(encoder.fingerprint), (), encoder, Cutter())
        search = empty.updated(bed.entries, progress=advance)
        say(f"{search.size} 条文本建好索引用了 {time.perf_counter() - start:.1f} 秒")
        ways = {
            "bm25": _by_words(bed.entries),
            "dense": _by_vectors(search),
            "hybrid": _by_both(search),
        }
        return {name: _measured(bed, ranking, advance) for name, ranking in ways.items()}


def word_scores(parts: Sequence[tuple[Postings, int]], question: Sequence[str]) -> Scores:
    """BM25 of each row for a question that is cut into words of the field `words`.

    `parts` are postings with the number of their rows, one after the other.
    """
    terms = Counter(question)
    keys = np.array([key_of("words", term) for term in terms], np.uint64)
    spans = [postings.spans(keys) for postings, _ in parts]
    size = sum(rows for _, rows in parts)
    holding = [sum(span.stop - span.start for span in term) for term in zip(*spans, strict=True)]
    weights = [
        np.float32(times * log(1 + (size - held + 0.5) / (held + 0.5)))
        for times, held in zip(terms.values(), holding, strict=True)
    ]
    scores = [np.zeros(rows, np.float32) for _, rows in parts]
    for (postings, _), places, sums in zip(parts, spans, scores, strict=True):
        for weight, span in zip(weights, places, strict=True):
            np.add.at(sums, postings.rows[span], weight * postings.impacts[span])
    return np.concatenate(scores)


def _by_words(entries: Sequence[Entry]) -> Ranking:
    cut = (search_words(f"{entry.context} {entry.text}") for entry in entries)
    parts = [(invert(cut, "words", None), len(entries))]

    def ranking(query: str) -> list[str]:
        scores = word_scores(parts, search_words(query))
        rows = np.flatnonzero(scores)
        return [entries[row].id for row in rows[best(scores[rows], DEPTH)]]

    return ranking


def _by_vectors(search: LocalSearch) -> Ranking:
    segments = [live.segment for live in search.live]
    places = [(segment, row) for segment in segments for row in range(segment.size)]

    def ranking(query: str) -> list[str]:
        [vector] = search.encoder.encode_queries([query])
        scores = np.concatenate([segment.vectors @ vector for segment in segments])
        found = [places[at] for at in best(scores, DEPTH)]
        return [segment.id(row) for segment, row in found]

    return ranking


def _by_both(search: LocalSearch) -> Ranking:
    return lambda query: [hit.clause_id for hit in search.search(query, DEPTH)]


def _measured(bed: TestBed, ranking: Ranking, advance: Callable[[], None]) -> Figures:
    sums: defaultdict[str, float] = defaultdict(float)
    spent = []
    ranking(next(iter(bed.queries.values())))  # what is opened at the first question, is open
    for query_id, text in bed.queries.items():
        start = time.perf_counter()
        ranked = ranking(text)
        spent.append((time.perf_counter() - start) * 1000)
        relevant = bed.relevant[query_id]
        for k in (5, 10, 100):
            sums[f"recall@{k}"] += recall(ranked, relevant, k)
        sums["mrr@10"] += reciprocal_rank(ranked, relevant, 10)
        sums["ndcg@10"] += ndcg(ranked, relevant, 10)
        advance()
    figures = {name: round(total / len(bed.queries), 4) for name, total in sums.items()}
    p50, p95 = np.percentile(spent, [50, 95])
    return figures | {"p50_ms": round(float(p50), 3), "p95_ms": round(float(p95), 3)}
