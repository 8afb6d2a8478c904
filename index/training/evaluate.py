"""How well the encoder, BM25 and their sum find the judged articles of `statute-retrieval`.

The questions and judgements are STARD (Su et al. 2024, arXiv:2406.15313). They measure; nothing
is trained on them.
"""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.training.corpus import DataFolderError
from index.training.tokenizer import search_words

RETRIEVAL = "statute-retrieval"
K1, B = 1.5, 0.75
COSINE_WEIGHT = 1.5
DEPTHS = (5, 10, 100)
MRR_DEPTH = 10

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RetrievalTask:
    """Articles and questions as texts; `judged[i]` holds the article rows that answer i."""

    articles: list[str]
    questions: list[str]
    judged: list[frozenset[int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions, from 0 to 1: share of judged articles found, and MRR@10."""

    system: str
    recall: dict[int, float]
    mrr: float


def read_task(data: Path) -> RetrievalTask:
    """Read articles, questions and judgements; raises `DataFolderError` if they are missing."""
    folder = data / RETRIEVAL
    if not folder.is_dir():
        raise DataFolderError(f"No folder {folder}. Name the data folder with --data.")
    with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    rows = {str(article["id"]): row for row, article in enumerate(articles)}
    judged: dict[str, set[int]] = {}
    for question, article in read_tsv(folder / "qrels.tsv"):
        judged.setdefault(question, set()).add(rows[article])
    questions = [(key, text) for key, text in read_tsv(folder / "queries.tsv") if key in judged]
    return RetrievalTask(
        [f"{article['name']} {article['text']}" for article in articles],
        [text for _, text in questions],
        [frozenset(judged[key]) for key, _ in questions],
    )


def read_tsv(path: Path) -> list[tuple[str, str]]:
    """Read the first two columns of a tab separated file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = (line.split("\t") for line in lines if line)
    return [(row[0], row[1]) for row in cells]


def evaluate(encoder: Encoder, task: RetrievalTask) -> list[Figures]:
    """Measure the encoder alone, BM25 alone, and BM25 / its best + 1.5 x cosine."""
    cosine = encoder_scores(encoder, task)
    words = bm25_scores(task)
    best = np.maximum(words.max(axis=1, keepdims=True), 1e-9)
    return [
        figures("BM25", words, task),
        figures("encoder", cosine, task),
        figures("BM25 + 1.5 x encoder", words / best + COSINE_WEIGHT * cosine, task),
    ]


def encoder_scores(encoder: Encoder, task: RetrievalTask) -> Scores:
    """Return cosines (questions, articles), from -1 to 1."""
    return encoder.encode_queries(task.questions) @ encoder.encode_passages(task.articles).T


def bm25_scores(task: RetrievalTask) -> Scores:
    """Return BM25 scores (questions, articles), at least 0, over jieba's search-mode words."""
    index = bm25s.BM25(k1=K1, b=B)
    index.index([search_words(article) for article in task.articles], show_progress=False)
    rows = [index.get_scores(search_words(question)) for question in task.questions]
    return np.asarray(rows, dtype=np.float32)


def figures(system: str, scores: Scores, task: RetrievalTask) -> Figures:
    """Rank the articles of every question by `scores` and average the measures."""
    depth = max(DEPTHS)
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, :depth].tolist()
    answers = list(zip(ranked, task.judged, strict=True))
    recall = {k: float(np.mean([recall_at(k, *answer) for answer in answers])) for k in DEPTHS}
    return Figures(system, recall, float(np.mean([reciprocal_rank(*answer) for answer in answers])))


def recall_at(k: int, ranked: list[int], judged: frozenset[int]) -> float:
    """Share of the judged articles among the first `k`."""
    return len(judged.intersection(ranked[:k])) / len(judged)


def reciprocal_rank(ranked: list[int], judged: frozenset[int]) -> float:
    """One over the place (from 1) of the first judged article, 0 beyond `MRR_DEPTH`."""
    places = (place for place, row in enumerate(ranked[:MRR_DEPTH], 1) if row in judged)
    return 1 / next(places, float("inf"))


def as_markdown(results: list[Figures]) -> str:
    """Lay the figures out as a Markdown table."""
    head = "| system | " + " | ".join(f"R@{k}" for k in DEPTHS) + f" | MRR@{MRR_DEPTH} |"
    lines = [head, "|---" * (len(DEPTHS) + 2) + "|"]
    for result in results:
        cells = [*(result.recall[k] for k in DEPTHS), result.mrr]
        lines.append(f"| {result.system} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    return "\n".join(lines)
