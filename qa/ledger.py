"""Questions on the items of the ledger: what a unit does, which items meet conditions, how many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain import AnswerStatus, Clause, ClauseKind, Role
from index.tokens import normalise
from qa.context import Context
from qa.cues import MENTIONING
from qa.draft import Draft, Span, Statement
from qa.items import find_items, item, plain_heading, which_document, within
from qa.knowledge import Knowledge
from qa.messages import no_units_stated, nothing_found
from qa.outlines import whole_documents
from qa.reading import Numbered, Reading, UnitAsk
from qa.topic import Topic, core_phrase
from qa.wording import (
    ROLE_NAMES,
    label,
    marker_spans,
    units_by_role,
    whole_span,
)

MOST_LISTED = 200  # items of whole documents; of more, the counts are told


def select(reading: Reading, context: Context) -> Draft:
    """Items that meet conditions, complete and in order, with their count first."""
    draft = _selected(reading, context)
    if reading.claimed is None or draft.status is not AnswerStatus.ANSWERED:
        return draft
    counted = next((line.counts[0] for line in draft.statements if line.counts), None)
    verdict = Statement("是的。" if counted == reading.claimed else f"不是{reading.claimed}项。",
                        counts=(reading.claimed,))  # fmt: skip
    return replace(draft, statements=(verdict, *draft.statements))


def _selected(reading: Reading, context: Context) -> Draft:
    parts = [context.knowledge.clauses[clause_id] for clause_id in reading.section]
    if parts and not any(within(context.knowledge, part) for part in parts):
        return item(replace(reading, focus=reading.section), context)
    if any(number.series is Numbered.PART for number in reading.numbers):
        sections = [c for c in find_items(reading, context) if c.id in context.knowledge.clauses]
        if len({clause.policy_id for clause in sections}) > 1:
            return which_document(reading, sections, context)
        ids = tuple(clause.id for clause in sections)
        return _selected(replace(reading, numbers=(), section=ids), context)
    if reading.unknown_units and not reading.units:
        return _in_prose(reading, context)
    if _names_nobody(reading):
        return nothing_found(reading, context)
    asks_roles = bool(reading.units or reading.roles or reading.bounds.on_items)
    if asks_roles and not context.policies & context.knowledge.stating:
        return no_units_stated(reading, context)
    if reading.units and not reading.bounds.on_items:
        return _together(reading, context) if _joint(reading) else _by_unit(reading, context)
    return _listed(reading, context)


def _in_prose(reading: Reading, context: Context) -> Draft:
    """Clauses that name a unit which the ledger does not hold: all that the text says of it."""
    names = reading.unknown_units
    clauses = [
        clause
        for clause in context.knowledge.items(context.policies, None)
        if clause.number and any(name in clause.text for name in names)
    ]
    if not clauses:
        return nothing_found(reading, context)
    return _list_draft(
        f"台账里没有{'、'.join(names)}；原文提到它的条款", clauses, context, bounded=False
    )


def _names_nobody(reading: Reading) -> bool:
    """A role is asked of somebody whom the ledger does not know: never answered for everyone."""
    asks_roles = reading.roles and not (reading.units or reading.bounds.on_items or reading.section)
    return bool(asks_roles and not reading.literal and Topic.of(reading.topic).tells)


def _joint(reading: Reading) -> bool:
    """`A牵头、B配合的任务`: several units, each tied to a role, of the same items."""
    roles = [ask.role for ask in reading.units]
    apart = len(set(roles)) == len(roles) and all(roles)
    return (len(reading.units) > 1 and apart and not reading.count) or _says_both(reading)


def _says_both(reading: Reading) -> bool:
    words = ("都参与", "同时", "都配合", "都牵头", "一起", "共同", "都涉及", "都有份")
    return len(reading.units) > 1 and any(word in reading.text for word in words)


def _together(reading: Reading, context: Context) -> Draft:
    clauses = [
        clause
        for clause in _items(reading, context)
        if all(
            set(a.units) & set(context.knowledge.filling(clause.id, a.role)) for a in reading.units
        )
    ]
    condition = "、".join(
        f"{_names(ask)}{ROLE_NAMES[ask.role] if ask.role else '参与'}" for ask in reading.units
    )
    return _list_draft(f"{condition}的任务", clauses, context)


def _names(ask: UnitAsk) -> str:
    return "、".join(ask.units)


def _by_unit(reading: Reading, context: Context) -> Draft:
    """What each unit named does, role by role; roles that were asked are told even when empty."""
    statements: list[Statement] = []
    focus: list[str] = []
    items = _items(reading, context)
    for ask in reading.units:
        roles = (ask.role,) if ask.role else reading.roles or tuple(Role)
        for unit in ask.units:
            told = {role: _unit_lines(unit, role, items, context) for role in Role}
            asked = {role: told[role] for role in roles}
            empty = not any(clauses for _, clauses in asked.values())
            if empty and len(ask.units) > 1 and any(_has(u, roles, items, context) for u in ask.units):
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


def number_and_title(clause: Clause, context: Context, *, alone: bool | None = None) -> str:
    """A clause by its document and label, the document left out where there is only one.

    `alone` says so where it is not for the ledger to say.
    """
    several = len(context.policies & context.knowledge.stating) > 1 if alone is None else not alone
    return f"{context.knowledge.title(clause.policy_id) if several else ''}{label(clause)}"


def _next_for(unit: str, roles: Sequence[Role]) -> tuple[str, ...]:
    other = [role for role in (Role.LEAD, Role.COOPERATE) if role not in roles]
    return tuple(f"{unit}{ROLE_NAMES[role]}哪些任务？" for role in other)


def _items(reading: Reading, context: Context) -> list[Clause]:
    """The items in the bounds of the question: tasks, or what stands under the section named."""
    knowledge = context.knowledge
    if reading.focus:  # those of a list that the conversation is about
        return [knowledge.clauses[clause_id] for clause_id in reading.focus]
    if reading.section:
        parts = [knowledge.clauses[clause_id] for clause_id in reading.section]
        clauses = [c for part in parts if part.policy_id in context.policies
                   for c in (within(knowledge, part) or [part])]  # fmt: skip
    else:
        clauses = list(knowledge.tasks(context.policies))
    words = _sought(reading, clauses, knowledge)
    return [c for c in clauses if all(word in knowledge.searched(c) for word in words)]


def _sought(reading: Reading, clauses: list[Clause], knowledge: Knowledge) -> list[str]:
    """Words that an item must hold: those in quotes, else the matter's, if the question seeks any.

    Words that stand in no item (两个字, 算上) are talk about the question and seek nothing.
    """
    if reading.section:
        return []
    literal = [normalise(word) for word in reading.literal]
    if not literal and not _seeks(reading):
        return []
    phrase = normalise(core_phrase(reading.topic))
    if not literal and phrase and any(phrase in knowledge.searched(c) for c in clauses):
        return [phrase]
    asked = literal or [w for w in Topic.of(reading.topic).telling().weights if len(w) > 1]
    known = [word for word in asked if any(word in knowledge.searched(c) for c in clauses)]
    return known if reading.units else known or asked


def _seeks(reading: Reading) -> bool:
    """A list by its words: with a cue (提到…的任务), or with nothing else to go by."""
    bounded = reading.units or reading.roles or reading.bounds.on_items
    return bool(MENTIONING.search(reading.text)) or not bounded


def bounded_items(reading: Reading, context: Context) -> list[Clause]:
    """The items that meet the conditions of a question on units, roles, sections and words."""
    bounded = bool(reading.bounds.on_items or reading.roles)
    return [
        clause
        for clause in _items(reading, context)
        if (not bounded or clause.policy_id in context.knowledge.stating)
        and _meets(clause, reading, context)
    ]


def _listed(reading: Reading, context: Context) -> Draft:
    """Items by conditions that name no unit to look for, or by a unit with conditions."""
    bounded = bool(reading.bounds.on_items or reading.roles)
    clauses = bounded_items(reading, context)
    if not bounded and not (reading.section or reading.focus) and not _sought(
        reading, clauses, context.knowledge
    ):
        told = whole_documents(clauses, context)
        return told if reading.count or len(clauses) > MOST_LISTED else _all(told, clauses, context)
    what = condition(reading, context)
    if not clauses and not reading.bounds.on_items:
        return nothing_found(reading, context)
    return _list_draft(what, clauses, context, bounded=bounded)


def _all(told: Draft, clauses: list[Clause], context: Context) -> Draft:
    """Every item of the documents, after their count."""
    lines = [
        Statement(_with_document(clause, context), (whole_span(clause),)) for clause in clauses
    ]
    heads = [line for line in told.statements if not line.text.startswith("“")]
    return replace(told, statements=(*heads, *lines))


def _meets(clause: Clause, reading: Reading, context: Context) -> bool:
    units = context.knowledge.units_of
    if any(units(clause.id, role) for role in reading.bounds.lacking):
        return False
    if (
        reading.bounds.several
        and len(units(clause.id, reading.bounds.several[0])) < reading.bounds.several[1]
    ):
        return False
    exact = reading.bounds.exact
    if exact and len(units(clause.id, exact[0])) != exact[1]:
        return False
    if reading.bounds.sole and len(units(clause.id, Role.LEAD)) != 1:
        return False
    several = reading.bounds.several
    role = Role.LEAD if reading.bounds.sole else several[0] if several else None
    if not all(
        set(ask.units) & set(context.knowledge.filling(clause.id, ask.role or role))
        for ask in reading.units
    ):
        return False
    named = reading.units or reading.bounds.lacking or reading.bounds.several or exact
    return bool(named) or all(units(clause.id, role) for role in reading.roles)


def _joined(units: Sequence[UnitAsk]) -> str:
    """`区经委、区科委牵头`: the units named, those of one role together."""
    by_role: dict[Role | None, list[str]] = {}
    for ask in units:
        by_role.setdefault(ask.role, []).append(_names(ask))
    return "且".join(
        "、".join(names) + (ROLE_NAMES[role] if role else "") for role, names in by_role.items()
    )


def condition(reading: Reading, context: Context) -> str:
    """The conditions of a question in words: `没有配合单位的任务`."""
    parts = [_joined(reading.units)] if reading.units else []
    parts += [f"没有{ROLE_NAMES[role]}单位" for role in reading.bounds.lacking]
    if reading.bounds.sole:
        parts.append("只有一个牵头单位")
    if reading.bounds.several:
        role, least = reading.bounds.several
        parts.append(f"有{least}个以上{ROLE_NAMES[role]}单位")
    if reading.bounds.exact:
        role, number = reading.bounds.exact
        parts.append(f"只有{number}个{ROLE_NAMES[role]}单位")
    if not parts and len(reading.roles) == 1:
        parts.append(f"有{ROLE_NAMES[reading.roles[0]]}单位")
    if reading.section:
        heading = plain_heading(context.knowledge.clauses[reading.section[0]])
        parts.append(f"“{heading}”部分")
    words = _sought(reading, list(context.knowledge.tasks(context.policies)), context.knowledge)
    if words:
        parts.append(f"写到“{'、'.join(words)}”")
    return "且".join(parts) + "的任务" if parts else "任务"


def _list_draft(
    what: str, clauses: list[Clause], context: Context, *, bounded: bool = True
) -> Draft:
    """The count, then each item with what proves it: its unit statement, or its own words."""
    knowledge = context.knowledge
    lines = [Statement(f"{what}共{len(clauses)}项：", counts=(len(clauses),), echoed=(what,))]
    for clause in clauses:
        rows = knowledge.rows(clause.id) if bounded else []
        units = f"（{units_by_role(knowledge, clause.id)}）" if rows else ""
        name = number_and_title(clause, context) if bounded else _with_document(clause, context)
        lines.append(Statement(f"{name}{units}", marker_spans(rows) or (whole_span(clause),)))
    silent = [p for p in sorted(context.policies) if p not in knowledge.stating]
    if bounded and silent:
        titles = "、".join(knowledge.title(policy_id) for policy_id in silent)
        lines.append(Statement(f"{titles}没有写明各项任务的单位，不在统计之内。"))
    if not clauses:
        lines[0] = Statement(f"{what}共0项，没有这样的任务。", counts=(0,), echoed=(what,))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(clause.id for clause in clauses))


def _with_document(clause: Clause, context: Context) -> str:
    several = len(context.policies) > 1
    return f"{context.knowledge.title(clause.policy_id) if several else ''}{label(clause)}"
