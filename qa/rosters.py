"""Questions on the units of the ledger as a whole: which there are, which only cooperate, which most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain import AnswerStatus, Clause, Role
from qa.context import Context
from qa.draft import Draft, Statement
from qa.messages import no_units_stated
from qa.reading import Reading
from qa.wording import ROLE_NAMES, marker_spans, number_of


def units(reading: Reading, context: Context) -> Draft:
    """All units with a role, how many they are, or which has the most items."""
    stating = context.policies & context.knowledge.stating
    if not stating:
        return no_units_stated(reading, context)
    roles = reading.roles or (Role.LEAD, Role.COOPERATE)
    tasks = list(context.knowledge.items(stating))
    if reading.bounds.on_units:
        return _by_all_roles(reading, tasks, context)
    if reading.most:
        return _most(roles, tasks, least="最少" in reading.text, context=context)
    lines: list[Statement] = []
    for role in roles:
        rows = [row for clause in tasks for row in context.knowledge.rows(clause.id, role)]
        names = tuple(dict.fromkeys(row.unit for row in rows))
        first = {name: next(row for row in rows if row.unit == name) for name in names}
        text = f"{ROLE_NAMES[role]}单位共{len(names)}个：{'、'.join(names)}。"
        lines.append(Statement(text, marker_spans(first.values()), (len(names),)))
    if len(roles) > 1:
        everyone = {unit for c in tasks for unit in context.knowledge.units_of(c.id, *roles)}
        told = "、".join(ROLE_NAMES[role] for role in roles)
        total = Statement(f"{told}合计{len(everyone)}个单位。", counts=(len(everyone),))
        lines.insert(0, total)
    return Draft(AnswerStatus.ANSWERED, tuple(lines))


def _by_all_roles(reading: Reading, tasks: list[Clause], context: Context) -> Draft:
    """Units that only lead, only cooperate, or do both."""
    rows = [row for clause in tasks for row in context.knowledge.rows(clause.id)]
    roles: dict[str, set[Role]] = {}
    for row in rows:
        roles.setdefault(row.unit, set()).add(row.role)
    wanted = (
        {Role.LEAD, Role.COOPERATE} if reading.bounds.both_roles else {reading.bounds.only_role}
    )
    names = [unit for unit, mine in roles.items() if mine == wanted]
    what = (
        "既牵头又配合"
        if reading.bounds.both_roles
        else f"只{ROLE_NAMES[reading.bounds.only_role or Role.LEAD]}"
    )
    text = f"{what}的单位共{len(names)}个：{'、'.join(names)}。"
    spans = marker_spans(next(row for row in rows if row.unit == name) for name in names)
    return Draft(AnswerStatus.ANSWERED, (Statement(text, spans, (len(names),)),))


def _most(roles: Sequence[Role], tasks: list[Clause], *, least: bool, context: Context) -> Draft:
    lines = []
    word = "最少" if least else "最多"
    focus: list[str] = []
    for role in roles:
        rows = [row for clause in tasks for row in context.knowledge.rows(clause.id, role)]
        counted = Counter(row.unit for row in rows)
        edge = min(counted.values()) if least else max(counted.values())
        for unit in (name for name, count in counted.items() if count == edge):
            mine = [row for row in rows if row.unit == unit]
            items = "、".join(number_of(context.knowledge.clauses[row.clause_id]) for row in mine)
            text = f"{ROLE_NAMES[role]}任务{word}的是{unit}，共{edge}项：{items}。"
            lines.append(Statement(text, marker_spans(mine), (edge,)))
            focus += [row.clause_id for row in mine]
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(dict.fromkeys(focus)))
