"""Wence's own search measured: an index made in a process of its own, opened and asked in this one."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from bench.timing import Figures, latency, resident, seconds
from eval.retrieval import read_test_bed
from index.changes import Live
from index.entries import Entry
from index.local import LocalSearch
from index.manifest import Manifest
from index.models import open_encoder
from index.opening import open_search
from index.segment import open_segment
from index.tokens import Cutter
from settings import load_settings

K = 10
ROUNDS = 10  # of changes
TEN = 10  # clauses of a change

_CLAUSES_OF_A_POLICY = 50


def measure(texts: Path, count: int, questions: Sequence[str], folder: Path) -> Figures:
    """A hybrid query over the first `count` lines of a file: milliseconds, and memory while asked."""
    built = _apart(_build, folder, texts, count)
    search = _opened(folder)
    figures = latency(lambda question: search.search(question, K), questions)
    return built | figures | {"memory_mb": round(resident()), "exact": search.exact}


def recall(folder: Path, questions: Sequence[str]) -> Figures:
    """The share of the ten best of an exact search that the index of a folder finds.

    The exact search scores every row, with the same vectors, words and weights.
    """
    search = _opened(folder)
    exact = _exact(search)
    shares = []
    for question in questions:
        found, wanted = (
            {hit.clause_id for hit in each.search(question, K)} for each in (search, exact)
        )
        shares.append(len(found & wanted) / len(wanted))
    return {"recall@10": round(float(np.mean(shares)), 4)}


def change(folder: Path) -> Figures:
    """Milliseconds to change ten clauses of an index, and to remove them again.

    `found_at_once` is the share of changes after which the first of the ten is the best hit for its
    words, and after removal no hit at all.
    """
    search = _opened(folder)
    chance = np.random.default_rng(4)
    changed, removed, held = [], [], []
    for turn in range(ROUNDS):
        places = chance.choice(search.size, TEN, replace=False).tolist()
        new = [_entry(at, f"第{turn}号量子计算机产业园对项目{at}给予补贴。") for at in places]
        search, spent = seconds(partial(search.updated, new))
        changed.append(spent * 1000)
        held.append(search.search(new[0].text, 1)[0].clause_id == new[0].id)
        search, spent = seconds(partial(search.updated, [], [entry.id for entry in new]))
        removed.append(spent * 1000)
        hits = search.search(new[0].text, 100)
        held.append(not {entry.id for entry in new} & {hit.clause_id for hit in hits})
    return {
        "change_ms": round(float(np.median(changed)), 2),
        "remove_ms": round(float(np.median(removed)), 2),
        "slowest_ms": round(max(changed + removed), 2),
        "found_at_once": round(float(np.mean(held)), 3),
    }


def articles(bed: Path, folder: Path) -> Figures:
    """Seconds from the articles of a test bed, in memory, to an index that answers."""
    return _apart(_build_articles, folder, bed)


def _build(folder: Path, texts: Path, count: int) -> Figures:
    with texts.open(encoding="utf-8") as stream:
        entries = (_entry(at, line.rstrip("\n")) for at, line in enumerate(islice(stream, count)))
        return _built(folder, entries)


def _build_articles(folder: Path, bed: Path) -> Figures:
    return _built(folder, read_test_bed(bed).entries)


def _built(folder: Path, entries: Iterable[Entry]) -> Figures:
    encoder = open_encoder(load_settings())
    empty = LocalSearch(folder, Manifest(encoder.fingerprint), (), encoder, Cutter())
    search, spent = seconds(lambda: empty.updated(entries))
    assert search.search("谁可以申请？", 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"clauses": search.size, "build_s": round(spent, 2), "build_peak_mb": round(peak)}


def _apart(work: Callable[..., Figures], *arguments: object) -> Figures:
    """What a function gives in a process of its own, whose memory is not counted here."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _opened(folder: Path) -> LocalSearch:
    encoder = open_encoder(load_settings())
    return open_search(folder, {}, lambda policy: [], encoder, _refuse)


def _refuse(message: str) -> None:
    """An index that would be made anew is not the one that was measured."""
    raise RuntimeError(message)


def _exact(search: LocalSearch) -> LocalSearch:
    """The same segments without what finds near vectors, so that all of their rows are scored."""
    segments = [open_segment(search.folder, live.segment.name) for live in search.live]
    for segment in segments:
        segment.nearest = None
    live = [Live(segment, part.dead) for segment, part in zip(segments, search.live, strict=True)]
    return LocalSearch(search.folder, search.manifest, live, search.encoder, search.cutter)


def _entry(place: int, text: str) -> Entry:
    policy = f"p{place // _CLAUSES_OF_A_POLICY}"
    return Entry(f"{policy}#{place}", text, "", {"policy": (policy,)})
