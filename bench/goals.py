"""What search must reach, held against what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Results = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its bound. `measured` and `held` are None where the part did not run."""

    goal: str
    bound: float
    measured: float | None
    held: bool | None


def verdicts(results: Results) -> list[dict[str, Any]]:
    """One row a goal; `results` holds the figures of each part by its name."""
    small, middle, large = "wence/10000", "wence/100000", "wence/1000000"
    rows = [
        _at_most("p50 of a hybrid query, 10,000 clauses, ms", 2, _of(results, small, "p50_ms")),
        _at_least("times faster than LangChain, 10,000", 20, _ratio(results, "langchain/10000", small)),
        _at_least("times faster than txtai, 10,000", 5, _ratio(results, "txtai/10000", small)),
        _at_most("p50 of a hybrid query, 100,000 clauses, ms", 5, _of(results, middle, "p50_ms")),
        _at_least("times faster than LangChain, 100,000", 100, _ratio(results, "langchain/100000", middle)),
        _at_most("p50 of a hybrid query, 1,000,000 clauses, ms", 15, _of(results, large, "p50_ms")),
        _at_most("memory at 1,000,000 clauses, MB", 4096, _of(results, large, "memory_mb")),
        _at_least("recall@10 against exact, 1,000,000", 0.95, _of(results, large, "recall@10")),
        _at_most("60,733 articles to searchable, s", 60, _of(results, "articles/60733", "build_s")),
        _at_most("ten of 100,000 clauses changed, ms", 20, _of(results, middle, "change_ms")),
        _at_most("ten of 100,000 clauses removed, ms", 20, _of(results, middle, "remove_ms")),
        _at_least("changes found at once, share", 1, _of(results, middle, "found_at_once")),
    ]  # fmt: skip
    return [asdict(row) for row in rows]


def _of(results: Results, part: str, figure: str) -> float | None:
    return results.get(part, {}).get(figure)


def _ratio(results: Results, peer: str, own: str) -> float | None:
    theirs, ours = _of(results, peer, "p50_ms"), _of(results, own, "p50_ms")
    return round(theirs / ours, 1) if theirs and ours else None


def _at_most(goal: str, bound: float, measured: float | None) -> Verdict:
    return Verdict(goal, bound, measured, None if measured is None else measured <= bound)


def _at_least(goal: str, bound: float, measured: float | None) -> Verdict:
    return Verdict(goal, bound, measured, None if measured is None else measured >= bound)
