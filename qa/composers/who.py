"""Who leads, who cooperates, on a matter or an item; and whether a unit that was named does."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from domain import AnswerStatus, Assignment, Clause, ClauseKind, Role
from index.passages import passages
from qa.attributes import AGENT
from qa.composers.facts import fact
from qa.composers.items import find_items, missing_item, name_of, which_document
from qa.context import Context
from qa.draft import Draft, Statement
from qa.messages import no_units_named, nothing_found, unclear
from qa.reading import Reading
from qa.relevance import Match, closeness, find, near_best
from qa.topic import Topic
from qa.understanding.cues import EITHER_ROLE
from qa.wording import ROLE_NAMES, label, marker_spans

_IN_PROSE = {Role.LEAD: re.compile("牵头"), Role.COOPERATE: re.compile("配合|协助|协同")}
NAMED_WITHIN = 6.0  # nats below the best, down to which a clause that names units is asked for them


@dataclass(frozen=True, slots=True)
class _Stated:
    """A clause that names units, and the ledger rows that are asked of."""

    clause: Clause
    rows: tuple[Assignment, ...]

    def units(self, *roles: Role) -> tuple[str, ...]:
        """The units in those roles, or in any, as the text orders them."""
        return tuple(dict.fromkeys(row.unit for row in self.rows if not roles or row.role in roles))

    def filling(self, role: Role | None) -> tuple[str, ...]:
        return self.units(*((role,) if role else ()))


@dataclass(frozen=True, slots=True)
class _Matter:
    """The clauses that a question is about: those that name units, and those that name none."""

    stating: tuple[_Stated, ...]
    silent: tuple[Clause, ...]


def who(reading: Reading, context: Context) -> Draft:
    """Answer from the ledger rows of the clauses that the question is about."""
    if reading.focus:
        clauses = [context.knowledge.clauses[clause_id] for clause_id in reading.focus]
    elif reading.numbers:
        clauses = find_items(reading, context)
        if not clauses:
            return missing_item(reading, context)
        if _ambiguous(clauses):
            return which_document(reading, clauses, context)
    else:
        if not Topic.of(reading.topic).tells:
            return unclear(reading, context)
        clauses = _on_topic(reading, context)
        if not clauses:
            return nothing_found(reading, context)
    matter = _split(clauses, reading, context)
    if not matter.stating and not reading.roles and _names_elsewhere(matter.silent, context):
        return fact(replace(reading, numbers=(), focus=tuple(c.id for c in matter.silent)), context)
    if not matter.stating:
        return _told_in_prose(reading, context) or _silent(reading, matter.silent, context)
    if reading.claim and (reading.units or reading.unknown_units):
        return _judge(reading, matter.stating, context)
    if reading.units and EITHER_ROLE.search(reading.text):
        return _which_role(reading, matter.stating, context)
    return _tell(reading, matter.stating, context)


def _on_topic(reading: Reading, context: Context) -> list[Clause]:
    """The clauses about the matter; where some have it in their title, only those."""
    found = find(Topic.of(reading.topic), context, context.k)
    matches = [_whole(match, context) for match in near_best(found)]
    stating = [match for match in matches if context.knowledge.rows(match.clause.id)]
    if not stating and matches and matches[0].clause.kind is ClauseKind.PREAMBLE:
        # it speaks of all, and names nobody
        wider = (_whole(match, context) for match in near_best(found, NAMED_WITHIN))
        stating = [match for match in wider if context.knowledge.rows(match.clause.id)][:1]
    chosen = _titled(stating) or stating or matches[:1]
    return list(dict.fromkeys(match.clause for match in chosen))


def _whole(match: Match, context: Context) -> Match:
    """A part of an item, (1) or ①, that names no units itself stands for its item."""
    if context.knowledge.rows(match.clause.id):
        return match
    return replace(match, clause=context.knowledge.item_of(match.clause))


def _titled(matches: list[Match]) -> list[Match]:
    best = max((match.title for match in matches), default=0.0)
    return [match for match in matches if match.title >= max(0.5, best - 0.05)]


def _ambiguous(clauses: list[Clause]) -> bool:
    """Two documents have an item of the number asked for."""
    return len({clause.policy_id for clause in clauses}) > 1


def _split(clauses: list[Clause], reading: Reading, context: Context) -> _Matter:
    topic = Topic.of(reading.topic)
    rows = {clause.id: _rows(clause, topic, context) for clause in clauses}
    stating = [_Stated(clause, rows[clause.id]) for clause in clauses if rows[clause.id]]
    return _Matter(tuple(stating), tuple(c for c in clauses if not rows[c.id]))


def _rows(clause: Clause, topic: Topic, context: Context) -> tuple[Assignment, ...]:
    """The ledger rows of a clause; of a section that names units after each of its paragraphs, those
    of the paragraph that says most of the matter."""
    rows = context.knowledge.rows(clause.id)
    ends = sorted({row.marker_end for row in rows})
    roles = Counter(role for _, role in {(row.marker_end, row.role) for row in rows})
    several = len(passages(clause.text)) > 1 and max(roles.values(), default=0) > 1
    if not several or not topic.tells or any(row.clause_id != clause.id for row in rows):
        return tuple(rows)
    starts = [clause.start, *ends[:-1]]
    spans = zip(starts, ends, strict=True)
    near = closeness(topic, [clause.words(*span) for span in spans], context)
    best = ends[max(range(len(ends)), key=near.__getitem__)]
    return tuple(row for row in rows if row.marker_end == best)


def _roles_told(reading: Reading, stating: tuple[_Stated, ...]) -> tuple[Role, ...]:
    """The roles asked for; all of them where none is, or where 责任单位 is meant at large."""
    at_large = reading.roles == (Role.RESPONSIBLE,) and not any(
        one.units(Role.RESPONSIBLE) for one in stating
    )
    return tuple(Role) if at_large or not reading.roles else reading.roles


def _told_in_prose(reading: Reading, context: Context) -> Draft | None:
    """The sentence in which somebody does what is asked: 由县文化和旅游局责令….

    None where it does not say of the role that is asked for.
    """
    topic = f"{reading.topic} 主管部门" if "主管" in reading.text else reading.topic
    asked = replace(reading, topic=topic, attribute=AGENT.name, quantity="", claim=False)
    told = fact(asked, context)
    words = " ".join(statement.text for statement in told.statements)
    says = all(_IN_PROSE[role].search(words) for role in reading.roles if role in _IN_PROSE)
    return told if told.status is AnswerStatus.ANSWERED and says else None


def _names_elsewhere(clauses: tuple[Clause, ...], context: Context) -> bool:
    """The documents name units, though not here: `谁` is then a person or a body in the text."""
    return all(clause.policy_id in context.knowledge.stating for clause in clauses)


def _tell(reading: Reading, stating: tuple[_Stated, ...], context: Context) -> Draft:
    roles = _roles_told(reading, stating)
    statements = tuple(_line(one, roles, context, reading.count) for one in stating)
    named = any(one.units(*roles) for one in stating)
    named = named or "有没有" in reading.text or "有无" in reading.text
    if reading.claim and reading.bounds.lacking:
        statements = (Statement("不是。" if named else "是的。"), *statements)
        named = True
    status = AnswerStatus.ANSWERED if named else AnswerStatus.NOT_STATED
    return Draft(
        status, statements, _next(stating, context), tuple(one.clause.id for one in stating)
    )


def _line(
    one: _Stated, roles: tuple[Role, ...], context: Context, count: bool = False
) -> Statement:
    """One clause: the roles asked first, then the others that the text names beside them.

    `count` tells how many units the roles asked have.
    """
    said = []
    counts: list[int] = []
    for role in sorted(Role, key=lambda role: (role not in roles, list(Role).index(role))):
        units = one.units(role)
        if units and count and role in roles:
            said.append(f"{ROLE_NAMES[role]}单位共{len(units)}个，是{'、'.join(units)}")
            counts.append(len(units))
        elif units:
            said.append(f"{ROLE_NAMES[role]}单位是{'、'.join(units)}")
        elif role in roles and len(roles) < len(Role):
            said.append(f"没有写明{ROLE_NAMES[role]}单位")
    head = f"{context.knowledge.title(one.clause.policy_id)}{label(one.clause)}"
    return Statement(f"{head}：{'，'.join(said)}。", marker_spans(one.rows), tuple(counts))


def _silent(reading: Reading, clauses: tuple[Clause, ...], context: Context) -> Draft:
    statements = tuple(no_units_named(clause, reading.roles, context) for clause in clauses)
    return Draft(AnswerStatus.NOT_STATED, statements, focus=tuple(clause.id for clause in clauses))


def _judge(reading: Reading, stating: tuple[_Stated, ...], context: Context) -> Draft:
    """Yes or no to `区教育局牵头低空经济,对吗?`, with the units that the text names."""
    asked = reading.units
    holds = not reading.unknown_units and all(
        any(set(ask.units) & set(one.filling(ask.role)) for one in stating) for ask in asked
    )
    agreeing = [
        one for one in stating if all(set(a.units) & set(one.filling(a.role)) for a in asked)
    ]
    chosen = tuple(agreeing) if holds else stating
    role = next((ask.role for ask in asked if ask.role), next(iter(reading.roles), None))
    first = Statement("是的。") if holds else _denial(reading, stating, role)
    roles = (role,) if role else tuple(Role)
    lines = tuple(_line(one, roles, context) for one in chosen)
    focus = tuple(one.clause.id for one in chosen)
    return Draft(AnswerStatus.ANSWERED, (first, *lines), _next(chosen, context), focus)


def _which_role(reading: Reading, stating: tuple[_Stated, ...], context: Context) -> Draft:
    """`区网信办是牵头还是配合`: the role of each unit named, then all units of the clause."""
    told = _tell(replace(reading, roles=()), stating, context)
    lines = [
        Statement(f"{row.unit}是{ROLE_NAMES[row.role]}单位。", marker_spans([row]))
        for one in stating
        for ask in reading.units
        for row in one.rows
        if row.unit in ask.units
    ]
    if not lines:
        names = tuple(ask.name for ask in reading.units)
        lines = [Statement(f"{'、'.join(names)}不是列名单位。", echoed=names)]
    return replace(told, statements=(*dict.fromkeys(lines), *told.statements))


def _denial(reading: Reading, stating: tuple[_Stated, ...], role: Role | None) -> Statement:
    """Which of the units put up do not have the role put up for them."""
    wrong = [
        (ask.name, ask.role or role)
        for ask in reading.units
        if not any(set(ask.units) & set(one.filling(ask.role)) for one in stating)
    ]
    wrong += [(name, role) for name in reading.unknown_units]
    told = [f"{name}不是{ROLE_NAMES[did] if did else '列名'}单位" for name, did in wrong]
    names = tuple(name for name, _ in wrong)
    return Statement(f"不是。{'、'.join(told)}。" if told else "不是。", echoed=names)


def _next(stating: tuple[_Stated, ...], context: Context) -> tuple[str, ...]:
    """Questions that the ledger answers next: what the units named here do beside."""
    first = stating[0]
    more = [f"{unit}牵头哪些任务？" for unit in first.units(Role.LEAD)[:2]]
    own = name_of(first.clause, context.knowledge)
    return (*more, f"{own}是什么？") if own else tuple(more)
