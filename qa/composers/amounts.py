"""Clauses by the amounts that they print: above or below a figure, from the ledger's figures."""

from __future__ import annotations

import re

from domain import AnswerStatus, Clause, Figure
from qa.attributes import LIMITS
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import nothing_found
from qa.reading import Reading
from qa.text import sentences
from qa.topic import content_words
from qa.wording import label

_ALL = ("金额", "数额", "资金")  # words for any amount at all

_BEFORE = re.compile(f"{LIMITS}$")
_AFTER = re.compile("以[上下内外]")


def amounts(reading: Reading, context: Context) -> Draft:
    """The clauses with an amount within the bounds, in order: their count, then each amount."""
    worth = reading.worth
    if worth is None:
        return nothing_found(reading, context)
    found = [
        (clause, figure, _sentence(clause, figure))
        for clause, figure in context.knowledge.amounts
        if clause.policy_id in context.policies and worth.holds(figure.value)
    ]
    words = [word for word in content_words(reading.topic) if word not in _ALL]
    bearing = [one for one in found if all(word in _said(one, context) for word in words)]
    if not bearing:
        return nothing_found(reading, context)
    kept: dict[str, list[tuple[Clause, Figure, Span]]] = {}
    for one in bearing:
        kept.setdefault(one[0].id, []).append(one)
    what = f"写有{worth.said}{'、'.join(words)}的条款"
    lines = [Statement(f"{what}共{len(kept)}条：", counts=(len(kept),), echoed=(what,))]
    for mine in kept.values():
        clause = mine[0][0]
        printed = "、".join(dict.fromkeys(_printed(clause, figure) for _, figure, _ in mine))
        title = context.knowledge.title(clause.policy_id) if len(context.policies) > 1 else ""
        spans = tuple(dict.fromkeys(span for _, _, span in mine))
        lines.append(Statement(f"{title}{label(clause)}：{printed}", spans))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(kept))


def _printed(clause: Clause, figure: Figure) -> str:
    """A figure with what limits it: 最高200万元, 5万美元以上."""
    before, after = clause.words(clause.start, figure.start), clause.words(figure.end, clause.end)
    limit = _BEFORE.search(before)
    tail = _AFTER.match(after)
    words = (limit[0] if limit else "", figure.as_printed, tail[0] if tail else "")
    return "".join("".join(words).split())


def _said(one: tuple[Clause, Figure, Span], context: Context) -> str:
    clause, _, span = one
    headings = "".join(clause.section)
    return f"{context.knowledge.title(clause.policy_id)}{headings}{clause.title}" + clause.words(
        span.start, span.end
    )


def _sentence(clause: Clause, figure: Figure) -> Span:
    """The sentence that prints an amount."""
    for start, end in sentences(clause.text, clause.start):
        if start <= figure.start and figure.end <= end:
            return Span(clause.id, start, end)
    return Span(clause.id, figure.start, figure.end)
