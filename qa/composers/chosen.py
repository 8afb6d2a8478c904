"""Items of the ledger by the conditions of a question: units, roles, sections, words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from domain import Clause, Role
from index.tokens import normalise
from qa.composers.items import plain_heading, within
from qa.context import Context
from qa.knowledge import Knowledge
from qa.reading import Reading, UnitAsk
from qa.topic import LITTLE, Topic, core_phrase
from qa.understanding.cues import MENTIONING
from qa.wording import ROLE_NAMES, label

LEAST_SHARE = 0.3  # of what the words of a list tell, that the documents must have


def bounded_items(reading: Reading, context: Context) -> list[Clause]:
    """The items that meet the conditions of a question on units, roles, sections and words."""
    bounded = bool(reading.bounds.on_items or reading.roles)
    return [
        clause
        for clause in items_asked(reading, context)
        if (not bounded or clause.policy_id in context.knowledge.stating)
        and _meets(clause, reading, context)
    ]


def items_asked(reading: Reading, context: Context) -> list[Clause]:
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
    words = sought(reading, clauses, knowledge)
    enough = any if reading.either and words else all
    return [c for c in clauses if enough(word in knowledge.searched(c) for word in words)]


def sought(reading: Reading, clauses: list[Clause], knowledge: Knowledge) -> list[str]:
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
    if reading.units or literal:
        return known if reading.units else known or asked
    told = Topic.of(reading.topic).telling().weights
    share = sum(told[word] for word in known) / max(sum(told[word] for word in asked), LITTLE)
    return known if share >= LEAST_SHARE else asked  # 光伏、储能产业 is not any 产业


def _seeks(reading: Reading) -> bool:
    """A list by its words: with a cue (提到…的任务), or with nothing else to go by."""
    bounded = reading.units or reading.roles or reading.bounds.on_items
    return bool(MENTIONING.search(reading.text)) or not bounded


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
    words = sought(reading, list(context.knowledge.tasks(context.policies)), context.knowledge)
    if words:
        said = "”或“".join(words) if reading.either else "、".join(words)
        parts.append(f"写到“{said}”")
    return "且".join(parts) + "的任务" if parts else "任务"


def _joined(units: Sequence[UnitAsk]) -> str:
    """`区经委、区科委牵头`: the units named, those of one role together."""
    by_role: dict[Role | None, list[str]] = {}
    for ask in units:
        by_role.setdefault(ask.role, []).append(names_asked(ask))
    return "且".join(
        "、".join(names) + (ROLE_NAMES[role] if role else "") for role, names in by_role.items()
    )


def names_asked(ask: UnitAsk) -> str:
    """The units that a name in a question means, as the documents print them."""
    return "、".join(ask.units)


def number_and_title(clause: Clause, context: Context, *, alone: bool | None = None) -> str:
    """A clause by its document and label, the document left out where there is only one.

    `alone` says so where it is not for the ledger to say.
    """
    several = len(context.policies & context.knowledge.stating) > 1 if alone is None else not alone
    return f"{context.knowledge.title(clause.policy_id) if several else ''}{label(clause)}"
