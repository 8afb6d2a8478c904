"""How fast the built-in sentence model is, beside sentence-transformers on the same files and texts.

    python -m bench.encoder FOLDER

FOLDER is in the form of `statute-retrieval`: the clauses are 60 characters of its texts, all
different, the queries its questions. Each side runs in a process of its own with one thread, in
turn; seconds are of processor time, so that others on the machine count little. Prints one JSON
object: clauses a second and milliseconds a query, medians of the runs, and the ratios.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from settings import BUILTIN_ENCODER, ROOT

LENGTH = 60  # characters of a clause
CLAUSES, QUERIES = 20_000, 400
RUNS = 5
GOAL_CLAUSES, GOAL_QUERY_MS = 10_000, 0.2
ONE_THREAD = dict.fromkeys(
    ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)

Encode = Callable[[list[str]], Any]


def main() -> None:
    """Run both sides in turn and print the medians; with `--side`, run one of them once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", choices=SIDES)
    arguments = parser.parse_args()
    if arguments.side:
        print(orjson.dumps(_measure(SIDES[arguments.side](), arguments.folder)).decode())
        return
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(RUNS):
        for side, found in runs.items():
            found.append(_run(side, arguments.folder))
    figures = {
        side: {name: round(median(run[name] for run in found), 3) for name in found[0]}
        for side, found in runs.items()
    }
    ours, theirs = figures.values()
    ratios = {
        "clauses_a_second": round(ours["clauses_a_second"] / theirs["clauses_a_second"], 2),
        "query_ms": round(theirs["query_ms"] / ours["query_ms"], 2),
    }
    goal = {"clauses_a_second": GOAL_CLAUSES, "query_ms": GOAL_QUERY_MS}
    print(orjson.dumps(figures | {"times_better": ratios, "goal": goal}).decode())


def _run(side: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.encoder", str(folder), "--side", side],
        cwd=ROOT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found: dict[str, float] = orjson.loads(done.stdout)
    return found


def _measure(encode: Encode, folder: Path) -> dict[str, float]:
    from eval.retrieval import read_test_bed

    bed = read_test_bed(folder)
    clauses = list(_clauses(entry.text for entry in bed.entries))
    queries = list(bed.queries.values())[:QUERIES]
    encode(clauses[:1])
    alone = [_seconds(encode, [query]) for query in queries]
    return {
        "clauses": len(clauses),
        "clauses_a_second": round(len(clauses) / _seconds(encode, clauses)),
        "query_ms": 1000 * median(alone),
    }


def _clauses(texts: Iterator[str]) -> Iterator[str]:
    """Stretches of the texts, each once: a tokenizer that remembers words gains nothing unfairly."""
    seen = set()
    for text in texts:
        text = "".join(text.split())
        for start in range(0, len(text) - LENGTH + 1, LENGTH):
            clause = text[start : start + LENGTH]
            if clause not in seen:
                seen.add(clause)
                yield clause
            if len(seen) == CLAUSES:
                return


def _seconds(encode: Encode, texts: Sequence[str]) -> float:
    start = time.process_time()
    encode(list(texts))
    return time.process_time() - start


def _wence() -> Encode:
    from index.static import StaticEncoder

    return StaticEncoder(BUILTIN_ENCODER).encode_passages


def _sentence_transformers() -> Encode:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(BUILTIN_ENCODER), device="cpu")
    return lambda texts: model.encode(
        texts, batch_size=512, normalize_embeddings=True, show_progress_bar=False
    )


SIDES: dict[str, Callable[[], Encode]] = {
    "wence": _wence,
    "sentence_transformers": _sentence_transformers,
}


if __name__ == "__main__":
    main()
