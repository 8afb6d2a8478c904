"""Whether an answer is what it must be, and how rankings score. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from domain import Answer
from eval.questions import Expectation


def faults(expected: Expectation, answer: Answer, texts: dict[str, str]) -> list[str]:
    """What is wrong with an answer, each fault a phrase; empty where it holds.

    `texts` maps policy ids to their texts, against which every quote is compared.
    """
    found = []
    cited = {citation.clause_id for citation in answer.citations}
    right = (expected.status, *expected.status_any)
    if answer.status not in right:
        found.append(f"结果是 {answer.status.value}，应为 {_either(right)}")
    found += [f"没有说“{words}”" for words in expected.says if words not in answer.text]
    if expected.says_any and not any(words in answer.text for words in expected.says_any):
        found.append(f"没有说“{_either(expected.says_any)}”")
    found += [f"不该说“{words}”" for words in expected.says_not if words in answer.text]
    found += [f"没有引用 {clause_id}" for clause_id in expected.cites if clause_id not in cited]
    if expected.cites_any and not cited & set(expected.cites_any):
        found.append(f"没有引用 {_either(expected.cites_any)}")
    if expected.exact:
        spare = cited - {*expected.cites, *expected.cites_any}
        found += [f"多引用了 {clause_id}" for clause_id in sorted(spare)]
    for citation in answer.citations:
        if citation.quote != texts[citation.policy_id][citation.start : citation.end]:
            found.append(f"引文[{citation.marker}]与原文不一致")
    return found


def _either(choices: Sequence[str]) -> str:
    return " 或 ".join(choices)


def recall(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant documents among the first `k` (Manning et al., 2008, 8.4)."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """One over the rank of the first relevant document within `k`, 0 for none (Voorhees, 1999)."""
    return next((1 / rank for rank, one in enumerate(ranked[:k], 1) if one in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Discounted gain over the ideal one, binary judgements (Järvelin and Kekäläinen, 2002)."""
    gain = sum(1 / math.log2(rank + 1) for rank, d in enumerate(ranked[:k], 1) if d in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), k) + 1))
    return gain / ideal if ideal else 0.0
