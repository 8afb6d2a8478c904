"""Items by the day on which they are due, from the deadlines of the ledger, in order of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain import AnswerStatus, Clause, Figure
from qa.composers.chosen import bounded_items, condition, number_and_title
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import nothing_found
from qa.reading import Reading
from qa.text import sentences
from qa.understanding.due import Due, day_of
from qa.wording import whole_span


def schedule(reading: Reading, context: Context) -> Draft:
    """The items with a deadline in the days asked for: their count, then each with its words."""
    due = reading.due
    knowledge = context.knowledge
    items = bounded_items(reading, context)
    if due is None:
        return _each(items, context) if items else nothing_found(reading, context)
    dated = [(clause, knowledge.deadlines(clause.id)) for clause in items]
    if not any(figures for _, figures in dated):
        return _undated(items, context) if items else nothing_found(reading, context)
    kept = [found for clause, figures in dated if (found := _due(clause, figures, due, context))]
    kept.sort(key=lambda one: (context.knowledge.policies[one[0].policy_id].id, one[2] or date.max))
    what = _what(reading, due, context)
    if not kept:
        nobody = Statement(f"{what}共0项，没有这样的任务。", counts=(0,), echoed=(what,))
        return Draft(AnswerStatus.ANSWERED, (nobody,))
    lines = [Statement(f"{what}共{len(kept)}项：", counts=(len(kept),), echoed=(what,))]
    lines += [_line(clause, figure, context) for clause, figure, _ in kept]
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(c.id for c, _, _ in kept))


def _each(items: list[Clause], context: Context) -> Draft:
    """When each of some items is due, or that it is not stated."""
    lines: list[Statement] = []
    stated = 0
    for clause in items:
        figures = context.knowledge.deadlines(clause.id)
        stated += bool(figures)
        lines += [_line(clause, figure, context) for figure in figures]
        if not figures:
            name = number_and_title(clause, context, alone=len(context.policies) == 1)
            lines.append(Statement(f"{name}：没有写明完成时限", (whole_span(clause),)))
    every = stated == len(items)
    status = AnswerStatus.ANSWERED if every else AnswerStatus.PARTIAL
    focus = tuple(clause.id for clause in items)
    return Draft(status if stated else AnswerStatus.NOT_STATED, tuple(lines), focus=focus)


def _what(reading: Reading, due: Due, context: Context) -> str:
    rest = condition(replace(reading, due=None), context).removesuffix("任务").removesuffix("的")
    when = due.said if due.anything else f"{due.said}到期"
    return f"{rest}且{when}的任务" if rest else f"{when}的任务"


def _due(
    clause: Clause, figures: list[Figure], due: Due, context: Context
) -> tuple[Clause, Figure, date | None] | None:
    """The first deadline of an item that falls in the days asked for."""
    year = context.knowledge.policies[clause.policy_id].year
    for figure in figures:
        if due.anything or due.holds(figure.value, year):
            return clause, figure, day_of(figure.value, year)
    return None


def _line(clause: Clause, figure: Figure, context: Context) -> Statement:
    printed = "".join(figure.as_printed.split())
    name = number_and_title(clause, context, alone=len(context.policies) == 1)
    return Statement(f"{name}：{printed}", (_sentence(figure, context),))


def _sentence(figure: Figure, context: Context) -> Span:
    """The sentence that prints a deadline."""
    clause = context.knowledge.clauses[figure.clause_id]
    for start, end in sentences(clause.text, clause.start):
        if start <= figure.start and figure.end <= end:
            return Span(clause.id, start, end)
    return Span(clause.id, figure.start, figure.end)


def _undated(items: list[Clause], context: Context) -> Draft:
    """No item of the documents has a deadline at all."""
    ids = list(dict.fromkeys(clause.policy_id for clause in items))
    lines = []
    for policy_id in ids:
        first = next(clause for clause in items if clause.policy_id == policy_id)
        text = f"{context.knowledge.title(policy_id)}没有写明各项任务的完成时限。"
        lines.append(Statement(text, (whole_span(first),)))
    return Draft(AnswerStatus.NOT_STATED, tuple(lines))
