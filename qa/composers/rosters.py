"""Questions on the units of the ledger as a whole: which there are, which only cooperate, which most."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain import AnswerStatus, Assignment, Clause, Role
from qa.context import Context
from qa.draft import Draft, Statement
from qa.messages import no_units_stated, policy_names_no_units
from qa.reading import Reading
from qa.wording import ROLE_NAMES, marker_spans, number_of

JOINT = "多个单位共同牵头的任务，对每个单位各计一项。"


def units(reading: Reading, context: Context) -> Draft:
    """All units with a role, how many they are, or which has the most items."""
    stating = context.policies & context.knowledge.stating
    if not stating:
        return no_units_stated(reading, context)
    tasks = list(context.knowledge.items(stating))
    roles = reading.roles or tuple(role for role in Role if _fills(role, tasks, context))
    if reading.bounds.tasks:
        return _by_number(reading.bounds.tasks, tasks, context)
    if reading.bounds.on_units:
        return _by_all_roles(reading, tasks, context)
    if reading.most:
        return _most(reading, tasks, context)
    lines: list[Statement] = []
    for role in roles:
        rows = [row for clause in tasks for row in context.knowledge.rows(clause.id, role)]
        names = tuple(dict.fromkeys(row.unit for row in rows if not row.group))
        first = _first(rows)
        text = f"{ROLE_NAMES[role]}单位共{len(names)}个：{'、'.join(names)}。"
        if names or len(roles) == 1:
            spans = marker_spans(first[name] for name in names)
            lines.append(Statement(text if names else f"没有写明{ROLE_NAMES[role]}单位。", spans,
                                   (len(names),)))  # fmt: skip
        groups = tuple(name for name in first if name not in names)
        if groups:
            text = f"另有{ROLE_NAMES[role]}的统称{len(groups)}个，不计在内：{'、'.join(groups)}。"
            spans = marker_spans(first[name] for name in groups)
            lines.append(Statement(text, spans, (len(groups),)))
    if len(roles) > 1:
        everyone = {
            row.unit
            for clause in tasks
            for row in context.knowledge.rows(clause.id, *roles)
            if not row.group
        }
        told = "、".join(ROLE_NAMES[role] for role in roles)
        total = Statement(f"{told}合计{len(everyone)}个单位。", counts=(len(everyone),))
        lines.insert(0, total)
    return Draft(AnswerStatus.ANSWERED, tuple(lines))


def _fills(role: Role, tasks: list[Clause], context: Context) -> bool:
    return any(context.knowledge.rows(clause.id, role) for clause in tasks)


def _first(rows: Sequence[Assignment]) -> dict[str, Assignment]:
    """The first row of each unit, in the order of the text."""
    first: dict[str, Assignment] = {}
    for row in rows:
        first.setdefault(row.unit, row)
    return first


def _by_all_roles(reading: Reading, tasks: list[Clause], context: Context) -> Draft:
    """Units that only lead, only cooperate, or do both."""
    every = (row for clause in tasks for row in context.knowledge.rows(clause.id))
    rows = [row for row in every if not row.group]
    roles: dict[str, set[Role]] = {}
    for row in rows:
        roles.setdefault(row.unit, set()).add(row.role)
    both = {Role.LEAD, Role.COOPERATE}
    wanted = both if reading.bounds.both_roles else {reading.bounds.only_role}
    names = [unit for unit, mine in roles.items() if mine == wanted]
    what = (
        "既牵头又配合"
        if reading.bounds.both_roles
        else f"只{ROLE_NAMES[reading.bounds.only_role or Role.LEAD]}"
    )
    text = f"{what}的单位共{len(names)}个：{'、'.join(names)}。"
    first: dict[tuple[str, Role], Assignment] = {}
    for row in rows:
        first.setdefault((row.unit, row.role), row)
    spans = marker_spans(first[name, role] for name in names for role in sorted(roles[name]))
    return Draft(AnswerStatus.ANSWERED, (Statement(text, spans, (len(names),)),))


def _by_number(
    wanted: tuple[Role | None, int, int], tasks: list[Clause], context: Context
) -> Draft:
    """The units with so many items in a role, most first, each with its items."""
    role, low, high = wanted
    roles = (role,) if role else ()
    rows = [row for clause in tasks for row in context.knowledge.rows(clause.id, *roles)]
    mine = {u: items for u, items in _by_unit(rows, context).items() if low <= len(items) <= high}
    doing = ROLE_NAMES[role] if role else "参与"
    what = f"只{doing}{low}项" if low == high else f"{doing}{low}项以上"
    head = f"{what}任务的单位共{len(mine)}个{'：' if mine else '。'}"
    lines = [Statement(head, counts=(len(mine), low), echoed=(what,))]
    focus: list[str] = []
    for unit, items in sorted(mine.items(), key=lambda one: -len(one[1])):
        named = "、".join(_named(clause, tasks, context) for clause in items)
        spans = marker_spans(row for row in rows if row.unit == unit)
        lines.append(Statement(f"{unit}{doing}{len(items)}项：{named}。", spans, (len(items),)))
        focus += [clause.id for clause in items]
    if role is Role.LEAD and any(_joint(items, context) for items in mine.values()):
        lines.append(Statement(JOINT, echoed=(JOINT,)))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(dict.fromkeys(focus)))


_TOGETHER = re.compile("参与|合起来|加起来|加在一起|合计|一并|总共|总数")
_ORDER = {1: "最多", 2: "第二多", 3: "第三多", 4: "第四多", 5: "第五多"}


def _most(reading: Reading, tasks: list[Clause], context: Context) -> Draft:
    """The units with the most items in each role asked, or in that place of the order.

    In all roles together where the question adds them up.
    """
    least = "最少" in reading.text
    adds_up = _TOGETHER.search(reading.text) and len(reading.roles) != 1
    apart: list[tuple[Role, ...]] = [(role,) for role in reading.roles]
    if adds_up:
        apart = [()]
    elif not apart:
        apart = [(), (Role.LEAD,), (Role.COOPERATE,)]
    lines: list[Statement] = []
    focus: list[str] = []
    joint = False
    for roles in apart:
        rows = [row for clause in tasks for row in context.knowledge.rows(clause.id, *roles)]
        mine = _by_unit(rows, context)
        numbers = sorted({len(items) for items in mine.values()}, reverse=not least)
        if len(numbers) < reading.place:
            continue
        edge = numbers[reading.place - 1]
        order = "最少" if least else _ORDER[reading.place]
        for unit in (name for name, items in mine.items() if len(items) == edge):
            spans = marker_spans(row for row in rows if row.unit == unit)
            told = f"{_doing(roles)}任务{order}的是{unit}，共{edge}项"
            items = "、".join(_named(clause, tasks, context) for clause in mine[unit])
            lines.append(Statement(f"{told}：{items}。", spans, (edge,), (order,)))
            focus += [clause.id for clause in mine[unit]]
            joint = joint or (roles == (Role.LEAD,) and _joint(mine[unit], context))
    if joint:
        lines.append(Statement(JOINT, echoed=(JOINT,)))
    first = next((line for line in lines if line.spans), None)
    if first is None:
        policy_id = sorted({task.policy_id for task in tasks} or context.policies)[0]
        return policy_names_no_units(policy_id, reading.roles, context)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(dict.fromkeys(focus)))


def _by_unit(rows: Sequence[Assignment], context: Context) -> dict[str, list[Clause]]:
    """The items of each single unit, each item once; groups (各街镇) are no single unit."""
    mine: dict[str, dict[str, Clause]] = {}
    for row in rows:
        if not row.group:
            item = context.knowledge.item_of(context.knowledge.clauses[row.clause_id])
            mine.setdefault(row.unit, {})[item.id] = item
    return {unit: list(items.values()) for unit, items in mine.items()}


def _doing(roles: Sequence[Role]) -> str:
    return "、".join(ROLE_NAMES[role] for role in roles) if roles else "参与的"


def _named(clause: Clause, tasks: list[Clause], context: Context) -> str:
    """An item by its number, and by its document where there are several."""
    several = len({task.policy_id for task in tasks}) > 1
    return f"{context.knowledge.title(clause.policy_id) if several else ''}{number_of(clause)}"


def _joint(clauses: Sequence[Clause], context: Context) -> bool:
    return any(len(context.knowledge.units_of(c.id, Role.LEAD)) > 1 for c in clauses)
