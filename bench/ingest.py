"""From files on disk to a searchable index: wall time, peak memory, and that cost is linear.

    python -m bench.ingest FILE.jsonl.xz [--limit N]

FILE holds one document a line with `title` and `text`, such as the statutes of LawRefBook/Laws.
The documents are written out as files, then `wence ingest` runs in a process of its own over an
empty data folder, for a quarter of them, for half and for all. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from settings import ROOT

SECONDS, MEGABYTES = 240.0, 2048.0  # the goal, on two cores
_POLL = 0.1  # seconds between two looks at the memory
_PARTS = (4, 2, 1)


def measure(documents: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The figures of one run over so many documents."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        folder.mkdir()
        for place, document in enumerate(documents):
            text = document["text"]
            (folder / f"{place:05d}.md").write_text(text, "utf-8")
        environment = os.environ | {"WENCE_DATA_DIR": str(Path(scratch) / "data")}
        wence = Path(sys.executable).with_name("wence")
        started = time.perf_counter()
        with subprocess.Popen(
            [wence, "ingest", folder], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        ) as process:
            peak = _peak(process)
        seconds = time.perf_counter() - started
        listed = subprocess.run(
            [wence, "policies", "--json"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
        )
    return {
        "documents": len(documents),
        "megabytes": round(sum(len(d["text"].encode()) for d in documents) / 1e6, 1),
        "stored": len(json.loads(listed.stdout)),
        "seconds": round(seconds, 1),
        "peak_mb": round(peak, 0),
        "exit": process.returncode,
    }


def _peak(process: subprocess.Popen[bytes]) -> float:
    """The most memory that a process and its children held at once, in megabytes."""
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(_POLL):
            peak = max(peak, sum(_proportional(pid) for pid in _family(process.pid)))

    thread = threading.Thread(target=watch)
    thread.start()
    process.wait()
    done.set()
    thread.join()
    return peak


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _proportional(pid: int) -> float:
    """A process's memory with shared pages divided among those who share them, in megabytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def main() -> None:
    """Run for a quarter, a half and all, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    with lzma.open(arguments.file, "rt", encoding="utf-8") as stream:
        documents = [json.loads(line) for line in stream][: arguments.limit]
    runs = [measure(documents[::part]) for part in _PARTS]
    whole = runs[-1]
    json.dump(
        {"runs": runs, "goal": {"seconds": SECONDS, "peak_mb": MEGABYTES},
         "held": whole["seconds"] <= SECONDS and whole["peak_mb"] <= MEGABYTES},
        sys.stdout, indent=2,
    )  # fmt: skip
    print()


if __name__ == "__main__":
    main()
