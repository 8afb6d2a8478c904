"""Search measured on a folder of corpus, queries and judgements, in the form of `statute-retrieval`."""

from __future__ import annotations

import json
import lzma
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from errors import UnreadableFile
from eval.metrics import ndcg, recall, reciprocal_rank
from index.bm25 import WordIndex
from index.encoder import Encoder
from index.fusion import Scores, best, fuse
from index.vectors import VectorIndex

DEPTH = 100
BATCH = 4096  # texts encoded at once


@dataclass(frozen=True, slots=True)
class TestBed:
    """Documents, questions and which documents answer which question, by their ids."""

    ids: list[str]
    texts: list[str]
    queries: dict[str, str]
    relevant: dict[str, set[str]]


def read_test_bed(folder: Path) -> TestBed:
    """Read `corpus.jsonl[.xz]`, `queries.tsv` and `qrels.tsv`. Raises `UnreadableFile`."""
    try:
        documents = [json.loads(line) for line in _lines(folder, "corpus.jsonl")]
        queries = dict(line.split("\t", 1) for line in _lines(folder, "queries.tsv"))
        relevant: defaultdict[str, set[str]] = defaultdict(set)
        for line in _lines(folder, "qrels.tsv"):
            query, document = line.split("\t")[:2]
            relevant[query].add(document)
        ids = [str(document["id"]) for document in documents]
        texts = [f"{document.get('name', '')} {document['text']}".strip() for document in documents]
    except (OSError, ValueError, KeyError, lzma.LZMAError) as error:
        raise UnreadableFile(
            f"{folder} 读不成检索测试集({error!r})；应有 corpus.jsonl(.xz)、queries.tsv、qrels.tsv"
        ) from None
    return TestBed(ids, texts, {q: t for q, t in queries.items() if q in relevant}, dict(relevant))


def _lines(folder: Path, name: str) -> Iterator[str]:
    plain = folder / name
    if plain.is_file():
        text = plain.read_text("utf-8")
    else:
        text = lzma.decompress((folder / f"{name}.xz").read_bytes()).decode("utf-8")
    return (line for line in text.splitlines() if line.strip())


def measure(bed: TestBed, encoder: Encoder) -> dict[str, dict[str, float]]:
    """The figures of `bm25`, `dense` and `hybrid`: recall, MRR, nDCG, milliseconds a query."""
    words = WordIndex.build(bed.texts)
    batches = range(0, len(bed.texts), BATCH)
    encoded = [encoder.encode_passages(bed.texts[at : at + BATCH]) for at in batches]
    vectors = VectorIndex.build(encoder.dimensions, encoded)

    def dense(query: str) -> Scores:
        return vectors.scores(encoder.encode_queries([query]))

    ways: dict[str, Callable[[str], Scores]] = {
        "bm25": words.scores,
        "dense": dense,
        "hybrid": lambda query: fuse(words.scores(query), dense(query)),
    }
    return {name: _measure_one(bed, scores) for name, scores in ways.items()}


def _measure_one(bed: TestBed, scores: Callable[[str], Scores]) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    spent = []
    for query_id, text in bed.queries.items():
        start = time.perf_counter()
        ranked = [bed.ids[place] for place in best(scores(text), DEPTH)]
        spent.append((time.perf_counter() - start) * 1000)
        relevant = bed.relevant[query_id]
        for k in (5, 10, 100):
            sums[f"recall@{k}"] += recall(ranked, relevant, k)
        sums["mrr@10"] += reciprocal_rank(ranked, relevant, 10)
        sums["ndcg@10"] += ndcg(ranked, relevant, 10)
    figures = {name: round(total / len(bed.queries), 4) for name, total in sums.items()}
    p50, p95 = np.percentile(spent, [50, 95])
    return figures | {"p50_ms": round(float(p50), 3), "p95_ms": round(float(p95), 3)}
