"""Search beside what its users would otherwise put together: same run, same texts, same vectors.

    python -m bench.search --all --out docs/search.json
    python -m bench.search wence/10000 langchain bm25

Measures a hybrid query at 10,000, 100,000 and 1,000,000 clauses, memory, recall against an exact
search, changes, and BM25 engines alone. A name without a size selects the
parts that begin with it. Each part
runs in a process of its own; one that fails, or whose peer is not installed (`pip install -e
'.[bench]'`), says so in its place. One JSON object goes to standard output, a table to standard
error; with `--out`, the object is also written after each part, and a plot beside it. The `load`
of a part is that of the machine when it began: much above 1, and others worked at the same time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any

from bench.goals import verdicts
from bench.plot_search import plot
from settings import ROOT

DATA = ROOT.parent / "shared" / "data"
QUESTIONS = 220  # of which the last 20 warm up
FEW = 80  # for engines that take a second a question
LIMIT = 1800  # seconds of a part

_VERSIONS = ("bm25s", "faiss-cpu", "langchain-classic", "langchain-community", "numba", "numpy",
             "rank-bm25", "tantivy", "txtai")  # fmt: skip

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bed:
    """Where the texts stand, and a folder to write in."""

    data: Path
    scratch: Path

    @property
    def file(self) -> Path:
        """A clause a line, as many as the largest part asks for."""
        return self.scratch / "clauses.txt"

    def texts(self, count: int) -> list[str]:
        """The first so many clauses."""
        with self.file.open(encoding="utf-8") as stream:
            return [line.rstrip("\n") for line in islice(stream, count)]

    def questions(self, count: int = QUESTIONS) -> list[str]:
        """So many questions of `statute-retrieval`, or all, always the same."""
        from bench.sentences import questions

        found = questions(self.data / "statute-retrieval")
        return random.Random(4).sample(found, min(count, len(found)))


def _hybrid(count: int, bed: Bed) -> Figures:
    """Wence: a query; at 100,000 clauses also a change, at 1,000,000 also recall."""
    from bench import local_search

    folder = bed.scratch / f"index-{count}"
    questions = bed.questions()
    figures = local_search.measure(bed.file, count, questions, folder)
    if count == 100_000:
        figures |= local_search.change(folder)
    if count == 1_000_000:
        figures |= local_search.recall(folder, questions)
    shutil.rmtree(folder)
    return figures


def _articles(bed: Bed) -> Figures:
    from bench import local_search

    return local_search.articles(bed.data / "statute-retrieval", bed.scratch / "index-articles")


def _peer(name: str, own_words: bool, count: int, bed: Bed) -> Figures:
    from bench import peers

    build = partial(getattr(peers, name), own_words=own_words)
    questions = bed.questions(FEW if name == "langchain" and count > 10_000 else QUESTIONS)
    return peers.measure(build, bed.texts(count), questions)


def _words(name: str, count: int, bed: Bed, **options: str) -> Figures:
    from bench import word_engines

    build = partial(getattr(word_engines, name), **options)
    questions = bed.questions(FEW if name == "rank_bm25" else QUESTIONS)
    return word_engines.measure(build, bed.texts(count), questions)


PARTS: dict[str, Callable[[Bed], Figures]] = {
    "wence/10000": partial(_hybrid, 10_000),
    "langchain/10000": partial(_peer, "langchain", False, 10_000),
    "langchain-defaults/10000": partial(_peer, "langchain", True, 10_000),
    "txtai/10000": partial(_peer, "txtai", False, 10_000),
    "txtai-defaults/10000": partial(_peer, "txtai", True, 10_000),
    "wence/100000": partial(_hybrid, 100_000),
    "langchain/100000": partial(_peer, "langchain", False, 100_000),
    "langchain-defaults/100000": partial(_peer, "langchain", True, 100_000),
    "txtai/100000": partial(_peer, "txtai", False, 100_000),
    "txtai-defaults/100000": partial(_peer, "txtai", True, 100_000),
    "bm25-wence/100000": partial(_words, "wence", 100_000),
    "bm25-bm25s-numpy/100000": partial(_words, "bm25s", 100_000, backend="numpy"),
    "bm25-bm25s-numba/100000": partial(_words, "bm25s", 100_000, backend="numba"),
    "bm25-tantivy/100000": partial(_words, "tantivy", 100_000),
    "bm25-rank_bm25/100000": partial(_words, "rank_bm25", 100_000),
    "articles/60733": _articles,
    "wence/1000000": partial(_hybrid, 1_000_000),
}


def main() -> None:
    """Run the parts that are asked for, one after the other, and print what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=" · ".join(PARTS))
    parser.add_argument("--all", action="store_true", help="every part")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the statutes")
    parser.add_argument("--out", type=Path, help="a JSON file; the plot is written beside it")
    parser.add_argument(
        "--within", type=Path, help=argparse.SUPPRESS
    )  # the folder of a running part
    arguments = parser.parse_args()
    if arguments.within:
        [name] = arguments.parts
        figures = PARTS[name](Bed(arguments.data, arguments.within))
        (arguments.within / "figures.json").write_text(json.dumps(figures), "utf-8")
        return
    names = [name for name in PARTS if arguments.all or _selected(name, arguments.parts)]
    if not names:
        parser.error(f"name a part, or --all: {' · '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a running part ends with this
    with tempfile.TemporaryDirectory() as folder:
        report = run(names, Bed(arguments.data.resolve(), Path(folder)), arguments.out)
    print(json.dumps(report, ensure_ascii=False, indent=2))
    _show(report)


def _selected(name: str, asked: Sequence[str]) -> bool:
    engine = name.rpartition("/")[0]
    return name in asked or any(engine.startswith(each) for each in asked)


def run(names: Sequence[str], bed: Bed, out: Path | None) -> dict[str, Any]:
    """The figures of the parts, with the machine and the goals; written to `out` after each part."""
    from bench.sentences import clauses

    started = time.perf_counter()
    _say("clauses ...")
    largest = max(int(name.rpartition("/")[2]) for name in names)
    with bed.file.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{text}\n" for text in clauses(bed.data / "statutes.jsonl.xz", largest))
    report: dict[str, Any] = {"machine": _machine(), "parts": {}}
    for name in names:
        _say(f"{name} ...")
        load = round(os.getloadavg()[0], 2)
        report["parts"][name] = figures = _apart(name, bed) | {"load": load}
        report["goals"] = verdicts(report["parts"])
        report["seconds"] = round(time.perf_counter() - started)
        if "failed" in figures:
            _say(f"{name}: {figures['failed']}")
        if out:
            _replace(out, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
            _replace(out.with_suffix(".svg"), plot(report["parts"]))
    return report


def _apart(name: str, bed: Bed) -> Figures:
    """The figures of a part from a process of its own, or why there are none."""
    where = ("--data", str(bed.data), "--within", str(bed.scratch))
    command = [sys.executable, "-m", "bench.search", name, *where]
    written = bed.scratch / "figures.json"
    written.unlink(missing_ok=True)
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, start_new_session=True) as process:  # fmt: skip
        try:
            _, told = process.communicate(timeout=LIMIT)
        except BaseException as stop:
            os.killpg(process.pid, signal.SIGKILL)  # with the process that builds an index for it
            if not isinstance(stop, subprocess.TimeoutExpired):
                raise
            return {"failed": f"not done after {LIMIT} s"}
    if process.returncode or not written.is_file():
        lines = told.strip().splitlines() or [f"exit status {process.returncode}"]
        return {"failed": lines[-1]}
    figures: Figures = json.loads(written.read_text("utf-8"))
    return figures | {"part_s": round(time.perf_counter() - started)}


def _machine() -> Figures:
    """What the figures were measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), "")  # fmt: skip
    versions = {}
    for package in _VERSIONS:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "processor": model, "cores": os.cpu_count(),
        "python": sys.version.split()[0], "versions": versions,
    }  # fmt: skip


def _replace(file: Path, text: str) -> None:
    new = file.with_name(f"{file.name}.new")
    new.write_text(text, "utf-8")
    new.replace(file)


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, width=110)
    columns = ("p50_ms", "p95_ms", "build_s", "memory_mb", "add_ms", "recall@10", "agreement")
    table = Table("part", *columns)
    for name, figures in report["parts"].items():
        cells = [f"{figures[column]:,g}" if column in figures else "" for column in columns]
        table.add_row(name, *cells if "failed" not in figures else ["failed"])
    console.print(table)
    table = Table("goal", "bound", "measured", "held")
    for row in report["goals"]:
        if row["held"] is not None:
            table.add_row(
                row["goal"],
                f"{row['bound']:,g}",
                f"{row['measured']:,g}",
                "yes" if row["held"] else "NO",
            )
    console.print(table)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
