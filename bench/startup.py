"""How long `wence ask` takes from process start to its answer, beside what a usual stack imports.

    python -m bench.startup

Prints one JSON object: median seconds of each command, and the ratio to the peer of the same run.
The peer is a process that only imports LangChain, sentence-transformers and FAISS, and asks nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import orjson

RUNS = 7
GOAL_S = 1.5
WENCE = str(Path(sys.executable).with_name("wence"))
COMMANDS = {
    "wence ask": [WENCE, "ask", "低空经济由谁牵头?", "--json"],
    "bare python": [sys.executable, "-c", "pass"],
    "peer imports": [sys.executable, "-c", "import faiss, langchain, sentence_transformers"],
}


def main() -> None:
    """Run every command in turn, `RUNS` times after one warm-up, and print the medians."""
    spent: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "WENCE_DATA_DIR": folder}
        for run in range(RUNS + 1):
            for name, command in COMMANDS.items():
                start = time.perf_counter()
                subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
                if run:
                    spent[name].append(time.perf_counter() - start)
    seconds = {name: round(median(times), 3) for name, times in spent.items()}
    ratio = round(seconds["peer imports"] / seconds["wence ask"], 1)
    print(orjson.dumps({"median_s": seconds, "peer_over_wence": ratio, "goal_s": GOAL_S}).decode())


if __name__ == "__main__":
    main()
