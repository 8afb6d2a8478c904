"""What has most or least: items by their units, parts by their items, one unit beside another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain import AnswerStatus, Clause, Role
from qa.composers.chosen import bounded_items, number_and_title
from qa.composers.items import parts_of, plain_heading, within
from qa.context import Context
from qa.draft import Draft, Statement
from qa.messages import no_units_stated, nothing_found
from qa.reading import Bounds, Reading
from qa.understanding import cues
from qa.wording import ROLE_NAMES, marker_spans, units_by_role, whole_span


def rank(reading: Reading, context: Context) -> Draft:
    """The items with the most units, the part with the most items, or which of two units has more."""
    if cues.MOST_PART.search(reading.text):
        return _parts(reading, context)
    if not context.policies & context.knowledge.stating:
        return no_units_stated(reading, context)
    return _compared(reading, context) if len(reading.units) > 1 else _items(reading, context)


def _least(reading: Reading) -> bool:
    return "最少" in reading.text


def _items(reading: Reading, context: Context) -> Draft:
    """The items with the most units in a role; all that have as many."""
    knowledge = context.knowledge
    roles = reading.roles or tuple(Role)
    counted: list[tuple[Clause, int]] = []
    for clause in knowledge.items(context.policies & knowledge.stating):
        number = len(knowledge.units_of(clause.id, *roles))
        if number:
            counted.append((clause, number))
    if not counted:
        return nothing_found(reading, context)
    numbers = [number for _, number in counted]
    edge = min(numbers) if _least(reading) else max(numbers)
    best = [clause for clause, number in counted if number == edge]
    word = "最少" if _least(reading) else "最多"
    who = f"{ROLE_NAMES[roles[0]]}单位" if len(roles) == 1 else "参与单位"
    head = f"{who}{word}的任务有{edge}个{who}，共{len(best)}项："
    lines = [Statement(head, counts=(edge, len(best)), echoed=(who,))]
    for clause in best:
        rows = knowledge.rows(clause.id, *(roles if len(roles) == 1 else ()))
        told = units_by_role(rows)
        name = number_and_title(clause, context)
        spans = marker_spans(knowledge.rows(clause.id))
        lines.append(Statement(f"{name}（{told}）", spans))
    if _least(reading) and len(roles) == 1:
        lines.append(Statement(f"没有{who}的任务不在其内。", echoed=(who,)))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(clause.id for clause in best))


def _parts(reading: Reading, context: Context) -> Draft:
    """The part of each document with the most items."""
    word = "最少" if _least(reading) else "最多"
    lines: list[Statement] = []
    focus: list[str] = []
    for policy_id in sorted(context.policies):
        items = {clause.id for clause in context.knowledge.tasks({policy_id})}
        counted = [
            (part, sum(clause.id in items for clause in within(context.knowledge, part)))
            for part in parts_of(context.knowledge, policy_id)
        ]
        counted = [(part, number) for part, number in counted if number]
        if not counted:
            continue
        numbers = [number for _, number in counted]
        edge = min(numbers) if word == "最少" else max(numbers)
        for part, _ in (one for one in counted if one[1] == edge):
            title = context.knowledge.title(policy_id)
            text = f"{title}中任务{word}的部分是“{plain_heading(part)}”，共{edge}项。"
            lines.append(Statement(text, (whole_span(part),), (edge,)))
            focus.append(part.id)
    if not lines:
        return nothing_found(reading, context)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(focus))


def _compared(reading: Reading, context: Context) -> Draft:
    """Which of the units named has more items in a role, and by how many; then the items."""
    several = reading.bounds.several  # 多牵头 reads as several units that lead
    roles = reading.roles or ((several[0],) if several else tuple(Role))
    items = bounded_items(_whole(reading), context)
    units = [unit for ask in reading.units for unit in ask.units]
    mine = {unit: _of_unit(unit, roles, items, context) for unit in units}
    mine = {unit: found for unit, found in mine.items() if found} or mine
    verb = "、".join(ROLE_NAMES[role] for role in roles) if len(roles) == 1 else "参与"
    order = sorted(mine, key=lambda unit: -len(mine[unit]))
    told = "，".join(f"{unit}{verb}{len(mine[unit])}项" for unit in order)
    counts = [len(found) for found in mine.values()]
    gap = max(counts) - min(counts)
    end = f"{order[0]}多{gap}项" if gap and len(order) == 2 else "" if gap else "一样多"
    verdict = f"{told}{'，' if end else ''}{end}。"
    lines = [Statement(verdict, counts=(*counts, gap), echoed=tuple(order))]
    for unit in order:
        for clause in mine[unit]:
            rows = [r for r in context.knowledge.rows(clause.id, *roles) if r.unit == unit]
            text = f"{unit}：{number_and_title(clause, context)}"
            lines.append(Statement(text, marker_spans(rows)))
    focus = tuple(dict.fromkeys(clause.id for found in mine.values() for clause in found))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=focus)


def _whole(reading: Reading) -> Reading:
    """All items of the section named, or of the documents."""
    bare = replace(reading, units=(), roles=(), bounds=Bounds())
    return replace(bare, topic="", literal=(), text="")


def _of_unit(
    unit: str, roles: Sequence[Role], items: list[Clause], context: Context
) -> list[Clause]:
    return [c for c in items if unit in context.knowledge.units_of(c.id, *roles)]
