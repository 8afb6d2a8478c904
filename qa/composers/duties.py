"""What a unit does, role by role: its items with their count first, and what the text says beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain import AnswerStatus, Clause, ClauseKind, Role
from qa.composers.chosen import items_asked, number_and_title
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.reading import Reading
from qa.wording import ROLE_NAMES, marker_spans


def by_unit(reading: Reading, context: Context) -> Draft:
    """What each unit named does, role by role; roles that were asked are told even when empty."""
    statements: list[Statement] = []
    focus: list[str] = []
    items = items_asked(reading, context)
    for ask in reading.units:
        roles = (ask.role,) if ask.role else reading.roles or tuple(Role)
        for unit in ask.units:
            told = {role: _unit_lines(unit, role, items, context) for role in Role}
            asked = {role: told[role] for role in roles}
            empty = not any(clauses for _, clauses in asked.values())
            if (
                empty
                and len(ask.units) > 1
                and any(_has(u, roles, items, context) for u in ask.units)
            ):
                continue  # a short form of several units: those that have none are not meant
            shown = asked | told if empty else asked
            for role, (lines, clauses) in shown.items():
                named = ask.role or reading.roles or (empty and role is Role.LEAD)
                statements += lines if clauses or (named and role in roles) else []
                focus += [clause.id for clause in clauses]
            if reading.count and len(roles) == len(Role):
                statements.append(_total(unit, told))
            if ask.role or reading.roles:
                statements += _elsewhere_in_text(unit, roles, reading, context)
    return Draft(
        AnswerStatus.ANSWERED,
        tuple(statements),
        _next_for(reading.units[0].units[0], roles),
        tuple(dict.fromkeys(focus)),
    )


def _has(unit: str, roles: Sequence[Role], items: list[Clause], context: Context) -> bool:
    """Whether a unit has one of the items in one of the roles."""
    held = [context.knowledge.held(unit, role) for role in roles]
    return any(c.id in ids for c in items for ids in held)


def _total(unit: str, told: dict[Role, tuple[list[Statement], list[Clause]]]) -> Statement:
    """How many tasks a unit has a part in, each counted once."""
    tasks = {clause.id for _, clauses in told.values() for clause in clauses}
    return Statement(f"{unit}合计{len(tasks)}项。", counts=(len(tasks),), echoed=(unit,))


def _unit_lines(
    unit: str, role: Role, items: list[Clause], context: Context
) -> tuple[list[Statement], list[Clause]]:
    held = context.knowledge.held(unit, role)
    clauses = [c for c in items if c.id in held]
    if not clauses:
        return [Statement(f"{unit}{ROLE_NAMES[role]}0项。", counts=(0,), echoed=(unit,))], []
    head = Statement(
        f"{unit}{ROLE_NAMES[role]}{len(clauses)}项：",
        counts=(len(clauses),),
        echoed=(unit,),
    )
    lines = [
        Statement(
            f"{number_and_title(clause, context)}",
            _unit_spans([clause], unit, role, context),
        )
        for clause in clauses
    ]
    return [head, *lines], clauses


def _unit_spans(
    clauses: Iterable[Clause], unit: str, role: Role, context: Context
) -> tuple[Span, ...]:
    rows = [row for c in clauses for row in context.knowledge.rows(c.id, role) if row.unit == unit]
    return marker_spans(rows)


def _elsewhere_in_text(
    unit: str, roles: Sequence[Role], reading: Reading, context: Context
) -> list[Statement]:
    """What the unit does outside the numbered tasks, told apart from the count."""
    if reading.section:
        return []
    knowledge = context.knowledge
    held = {id_ for role in roles for id_ in knowledge.held(unit, role)}
    policies = {id_.partition("#")[0] for id_ in held} & context.policies
    tasks = list(knowledge.tasks(policies))
    counted = {one.id for task in tasks for one in (task, *knowledge.parts(task))}
    rows = [
        row
        for clause in knowledge.items(policies, None)
        if clause.id in held and clause.id not in counted and clause.kind is not ClauseKind.TASK
        for row in knowledge.own_rows(clause.id)
        if row.unit == unit and row.role in roles
    ]
    return [
        Statement(
            f"任务之外，{number_and_title(context.knowledge.clauses[row.clause_id], context)}"
            f"也写明由{unit}{ROLE_NAMES[row.role]}。",
            marker_spans([row]),
        )
        for row in rows
    ]


def _next_for(unit: str, roles: Sequence[Role]) -> tuple[str, ...]:
    other = [role for role in (Role.LEAD, Role.COOPERATE) if role not in roles]
    return tuple(f"{unit}{ROLE_NAMES[role]}哪些任务？" for role in other)
