"""How long one question takes, and how much memory a process holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

Figures = dict[str, float]
Made = TypeVar("Made")

_WARM = 20  # questions before any is timed; not among those that are


def latency(ask: Callable[[str], object], questions: Sequence[str]) -> Figures:
    """Milliseconds a question, each asked once and alone; the last few only warm up."""
    for question in questions[-_WARM:]:
        ask(question)
    spent = []
    for question in questions[:-_WARM]:
        start = time.perf_counter()
        ask(question)
        spent.append((time.perf_counter() - start) * 1000)
    p50, p95 = np.percentile(spent, [50, 95])
    return {"p50_ms": round(float(p50), 3), "p95_ms": round(float(p95), 3), "questions": len(spent)}


def seconds(work: Callable[[], Made]) -> tuple[Made, float]:
    """What a call gives, and how long it took."""
    start = time.perf_counter()
    made = work()
    return made, time.perf_counter() - start


def resident() -> float:
    """The memory of this process in megabytes, with what it has touched of mapped files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
