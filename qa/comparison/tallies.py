"""Comparisons that are counts and lists: which document has more, what a unit does in each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain import AnswerStatus, Clause, Role
from qa.comparison.sides import MOST_SIDES, Side, head_row, items_of
from qa.comparison.tables import Cell, row
from qa.composers.outlines import stated_count
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import no_units_stated, nothing_found
from qa.reading import Reading
from qa.relevance import find
from qa.text import sentences
from qa.topic import Topic, core_phrase
from qa.wording import ROLE_NAMES, body_span, label, marker_spans, number_of

MOST_NAMED = 6  # documents that speak of a matter
LEAST_PRINTED = 2  # characters of words that are looked for as they are
WHOLE = 200  # characters; of a longer clause the sentence on the matter is told
_UNITS = ("单位", "部门", "机构")
_ROLE_ASKED = re.compile("(牵头|配合|责任)(?:单位|部门)")
_ROLE_WORDS = {"牵头": Role.LEAD, "配合": Role.COOPERATE, "责任": Role.RESPONSIBLE}


def counts(reading: Reading, sides: Sequence[Side], context: Context) -> Draft:
    """How many items each document has, or units in a role, with the greater first."""
    of_units = any(word in reading.text for word in _UNITS)
    role = next((role for word, role in _ROLE_WORDS.items() if word in reading.text), None)
    noun = f"{ROLE_NAMES[role] if role else ''}单位" if of_units else "条目"
    measure = "个" if of_units else "条"
    if not of_units and "任务" in reading.text:
        noun, measure = "任务", "项"
    numbers = [
        len(_units(side, role, context)) if of_units else len(items_of(side.policy.id, context))
        for side in sides
    ]
    lines = [_verdict(sides, numbers, noun, measure), head_row("项目", sides)]
    cells = [
        Cell(f"{n}{measure}", () if of_units else _said(side, n, context), (n,))
        for side, n in zip(sides, numbers, strict=True)
    ]
    lines.append(row(Cell(f"{noun}数"), *cells))
    silent = [side for side in sides if side.policy.id not in context.knowledge.stating]
    if of_units and silent:
        names = "、".join(side.title for side in silent)
        lines.append(Statement(f"{names}没有写明各项任务的单位。"))
    return Draft(AnswerStatus.ANSWERED, tuple(lines))


def _verdict(sides: Sequence[Side], numbers: Sequence[int], noun: str, measure: str) -> Statement:
    most, least = max(numbers), min(numbers)
    years = [year for side in sides for year in side.counts]
    each = "，".join(f"{s.title}{n}{measure}" for s, n in zip(sides, numbers, strict=True))
    if most == least:
        return Statement(f"{noun}一样多：{each}。", counts=(*numbers, *years))
    first = sides[list(numbers).index(most)]
    text = f"{first.title}的{noun}更多：{each}，相差{most - least}{measure}。"
    return Statement(text, counts=(*numbers, most - least, *years))


def _said(side: Side, count: int, context: Context) -> tuple[Span, ...]:
    return stated_count(side.policy.id, count, "任务|工作|举措|措施", context)[:1]


def _units(side: Side, role: Role | None, context: Context) -> set[str]:
    knowledge = context.knowledge
    return {
        one.unit
        for clause in knowledge.items({side.policy.id}, None)
        for one in knowledge.own_rows(clause.id)
        if (role is None or one.role is role) and not one.group
    }


def roles_in_each(reading: Reading, sides: Sequence[Side], context: Context) -> Draft:
    """What each unit does in each document, role by role; that a document names no units is said."""
    stating = [side for side in sides if side.policy.id in context.knowledge.stating]
    if not stating:
        return no_units_stated(reading, context)
    lines: list[Statement] = [head_row("单位", sides)]
    focus: list[str] = []
    for ask in reading.units:
        roles = (ask.role,) if ask.role else reading.roles or tuple(Role)
        for unit in ask.units:
            for role in roles:
                own = [_led(unit, role, side, context) for side in sides]
                if not any(own) and len(roles) == len(Role):
                    continue
                cells = [
                    _role_cell(clauses, unit, role, context)
                    if side in stating
                    else Cell("没有写明分工")
                    for side, clauses in zip(sides, own, strict=True)
                ]
                name = Cell(f"{unit}{ROLE_NAMES[role]}")
                lines.append(row(name, *cells, echoed=(unit,)))
                focus += [clause.id for clauses in own for clause in clauses]
    status = AnswerStatus.ANSWERED if len(stating) == len(sides) else AnswerStatus.PARTIAL
    silent = "、".join(side.title for side in sides if side not in stating)
    if silent:
        lines.append(Statement(f"{silent}没有写明任何单位的分工，这一部分无从比较。"))
    return Draft(status, tuple(lines), focus=tuple(dict.fromkeys(focus)))


def _led(unit: str, role: Role, side: Side, context: Context) -> list[Clause]:
    tasks = context.knowledge.tasks({side.policy.id})
    return [c for c in tasks if unit in context.knowledge.filling(c.id, role)]


def _role_cell(clauses: Sequence[Clause], unit: str, role: Role, context: Context) -> Cell:
    if not clauses:
        return Cell("0项", counts=(0,))
    rows = [r for c in clauses for r in context.knowledge.rows(c.id, role) if r.unit == unit]
    listed = "、".join(label(clause) for clause in clauses)
    return Cell(f"{len(clauses)}项：{listed}", marker_spans(rows), (len(clauses),))


def which(reading: Reading, topic: Topic, context: Context) -> Draft:
    """Which documents speak of a matter, each in its own words; of a few, which do not.

    Where its words stand in a document as they are, those documents are all that is told.
    """
    asked = reading.comparison
    ids = {one for side in (asked.sides if asked else ()) for one in side} or set(context.policies)
    few = len(ids) <= MOST_SIDES
    if few and (role := _ROLE_ASKED.fullmatch(topic.said.strip())):
        return _naming_units(_ROLE_WORDS[role[1]], ids, context)
    what = core_phrase(topic.said) or "".join(topic.said.split())
    printed = _printing(what, ids, context)
    found = printed or _bearing(topic, ids, context, each=few)
    if not found:
        return nothing_found(reading, context)
    chosen = sorted(found.values(), key=lambda clause: (clause.policy_id, clause.start))
    told = chosen[:MOST_NAMED]
    more = "" if few or printed else "至少"
    lines = [
        Statement(f"讲到“{what}”的文件{more}有{len(chosen)}份：", (), (len(chosen),), (what,)),
        *(_in_words(clause, topic, what, context) for clause in told),
    ]
    if len(chosen) > len(told):
        rest = len(chosen) - len(told)
        lines.append(Statement(f"另有{rest}份没有列出。", counts=(rest,)))
    silent = [one for one in sorted(ids) if one not in found] if few else []
    lines += [_of(one, "没有提到。", context) for one in silent]
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(clause.id for clause in told))


def _naming_units(role: Role, ids: Collection[str], context: Context) -> Draft:
    """Which documents say who has a role in their items, with the first that does as the proof."""
    knowledge = context.knowledge
    tasks = list(knowledge.tasks(frozenset(ids)))
    if role is Role.RESPONSIBLE and not any(knowledge.rows(c.id, role) for c in tasks):
        role = Role.LEAD  # 责任单位 at large
    name = f"{ROLE_NAMES[role]}单位"
    lines, focus = [], []
    for policy_id in sorted(ids):
        items = [c for c in knowledge.tasks({policy_id}) if knowledge.rows(c.id, role)]
        if not items:
            lines.append(_of(policy_id, f"没有写明各项任务的{name}。", context))
            continue
        units = "、".join(knowledge.units_of(items[0].id, role))
        text = f"写明了{len(items)}项任务的{name}，如{number_of(items[0])}：{name}是{units}。"
        line = _of(policy_id, text, context)
        spans = marker_spans(knowledge.rows(items[0].id, role))
        lines.append(replace(line, spans=spans, counts=(*line.counts, len(items))))
        focus.append(items[0].id)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(focus))


def _printing(what: str, ids: Collection[str], context: Context) -> dict[str, Clause]:
    """The first clause of each document that prints some words as they are."""
    knowledge = context.knowledge
    if len(what) < LEAST_PRINTED:
        return {}
    printing = [one for one in sorted(ids) if what in knowledge.policies[one].text]
    clauses = ((one, knowledge.items({one}, None)) for one in printing)
    first = {one: next((c for c in own if what in c.text), None) for one, own in clauses}
    return {one: clause for one, clause in first.items() if clause is not None}


def _bearing(
    topic: Topic, ids: Collection[str], context: Context, *, each: bool
) -> dict[str, Clause]:
    """The best clause of each document that bears on a matter; searched one by one, or at once."""
    found: dict[str, Clause] = {}
    for group in [[one] for one in sorted(ids)] if each else [sorted(ids)]:
        within = replace(context, policies=frozenset(group))
        for match in find(topic, within, context.k):
            if match.bears:
                found.setdefault(match.clause.policy_id, match.clause)
    return found


def _of(policy_id: str, words: str, context: Context) -> Statement:
    """A line on a document, with its year where another has the same title."""
    policy = context.knowledge.policies[policy_id]
    alike = [one for one in context.knowledge.policies.values() if one.title == policy.title]
    dated = len(alike) > 1 and policy.year is not None
    year = (policy.year,) if dated and policy.year else ()
    name = f"《{policy.title}》" + (f"（{policy.year}年）" if dated else "")
    return Statement(f"{name}{words}", counts=year)


def _in_words(clause: Clause, topic: Topic, what: str, context: Context) -> Statement:
    start, end = body_span(clause)
    text = clause.words(start, end)
    if len(text) > WHOLE or "\n" in text:
        spans = list(sentences(text, start)) or [(start, end)]
        start, end = max(
            spans,
            key=lambda s: (what in clause.words(*s), topic.coverage(clause.words(*s))),
        )
    words = f"{number_of(clause)}：“{clause.words(start, end).strip()}”"
    return replace(_of(clause.policy_id, words, context), spans=(Span(clause.id, start, end),))
