"""A question that leans on the one before it, made whole: pronouns, ellipses, a changed part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from domain import Role
from qa.attributes import attribute
from qa.cues import ROLE_NOUN
from qa.knowledge import Knowledge
from qa.leaning import EXPAND, MORE, PRONOUN
from qa.mentions import by_own_word
from qa.profile import tells_more
from qa.reading import Kind, Numbered, Reading, UnitAsk
from qa.topic import Topic

_ASK_UNIT = ("部门", "单位", "局", "委", "公司", "集团")


@dataclass(frozen=True, slots=True)
class Turn:
    """The question before, as it was understood, and the clauses that its answer told of."""

    reading: Reading
    focus: tuple[str, ...]


SHORT = 8  # characters of a reply that only names a document
_TURN = TypeAdapter(Turn)


def to_state(turn: Turn) -> dict[str, Any]:
    """A turn as JSON values."""
    return dict(_TURN.dump_python(turn, mode="json"))


def from_state(state: dict[str, Any], knowledge: Knowledge) -> Turn | None:
    """A stored turn; None where there is none, or where it tells of clauses that are gone."""
    if not state:
        return None
    turn = _TURN.validate_python(state)
    return turn if all(clause_id in knowledge.clauses for clause_id in turn.focus) else None


def resolve(
    reading: Reading, before: Turn | None, knowledge: Knowledge, *, within: bool = False
) -> Reading:
    """The reading with what it leaves out taken from the turn before it; the first rule that fits."""
    alone = reading.complete and not within
    if before is None or alone or reading.kind is Kind.DECLINE:
        return reading
    for rule in _RULES:
        whole = rule(reading, before, knowledge)
        if whole is not None:
            return whole
    return reading


def _again(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`还有吗`: the same question once more."""
    alone = not (reading.units or reading.numbers or reading.roles)
    return before.reading if alone and MORE.search(reading.text) else None


def _more_told(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`我们注册在闵行,有200人`, after verdicts: the same enterprise, of which more is known."""
    more = before.reading.kind is Kind.APPLY and reading.kind is not Kind.APPLY
    if not more or reading.roles or not tells_more(reading.text, knowledge.regions):
        return None
    return replace(
        before.reading, text=f"{before.reading.text},{reading.text}", elsewhere=reading.elsewhere
    )


def _listed_item(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`第二个呢`: one of the clauses that the answer listed, or offered to choose from."""
    listed = [n.value for n in reading.numbers if n.series is Numbered.LISTED]
    if not listed or not all(0 < value <= len(before.focus) for value in listed):
        return None
    focus = tuple(before.focus[value - 1] for value in listed)
    asked_who = Kind.WHO in (reading.kind, before.reading.kind if before.reading.numbers else None)
    roles = reading.roles or before.reading.roles
    kind = Kind.WHO if asked_who else Kind.ITEM
    return replace(reading, kind=kind, numbers=(), focus=focus, roles=roles)


def _other_item(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`那第9项呢`: the same asked of another item, in the document that the talk is of."""
    if not reading.numbers or reading.policies is not None:
        return None
    policies = before.reading.policies or _policies(before.focus, knowledge)
    whole = replace(reading, policies=policies)
    bare = reading.kind is Kind.ITEM and len(reading.text) <= 12 and _trails(reading.text)
    if bare and before.reading.kind in (Kind.WHO, Kind.FACT):
        return replace(
            before.reading, text=reading.text, numbers=reading.numbers, policies=policies,
            topic="", focus=(), units=(), claim=False,
        )  # fmt: skip
    return whole


def _other_policy(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`自贸区方案的`, `虹桥`: the same asked of another document."""
    own = by_own_word(reading.topic, knowledge) if len(reading.text) <= SHORT else None
    if own and reading.policies is None and before.reading.numbers:
        return replace(before.reading, policies=own, focus=())
    bare = not (reading.units or reading.numbers or reading.roles or _telling(reading.topic))
    if reading.policies is None or not bare or reading.kind not in (Kind.UNCLEAR, Kind.UNITS):
        return None
    if reading.kind is Kind.UNITS and reading.count:
        return None
    return replace(before.reading, policies=reading.policies, focus=())


def _other_unit(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`区财政局呢`: the same asked of another unit."""
    bare = not (reading.roles or reading.numbers or _telling(reading.topic))
    if not reading.units or not bare or not _trails(reading.text):
        return None
    past = before.reading
    roles = past.roles or tuple(ask.role for ask in past.units if ask.role)
    units = tuple(replace(ask, role=roles[0] if len(roles) == 1 else None) for ask in reading.units)
    return replace(
        reading, kind=Kind.SELECT, units=units, roles=roles, policies=past.policies,
        count=past.count, claim=False,
    )  # fmt: skip


def _same_unit(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`它还牵头别的任务吗`, `配合几项呢`: another role of the unit that the talk is of."""
    if reading.units or reading.numbers or _telling(reading.topic) or not reading.roles:
        return None
    if reading.policies is not None or reading.bounds.on_items or reading.bounds.on_units:
        return None
    past = before.reading
    units = past.units
    pronoun = PRONOUN.search(reading.text)
    names_unit = bool(pronoun and any(word in pronoun[0] for word in _ASK_UNIT))
    others = any(word in reading.text for word in ("别的", "其他", "其它", "还牵头", "还配合"))
    of_item = bool(pronoun) and not (names_unit or others)
    if pronoun and pronoun[0] in ("它", "其") and past.kind is Kind.SELECT and units:
        of_item = False
    if ROLE_NOUN.search(reading.text) or of_item:
        return None
    of_unit = reading.kind is Kind.SELECT or (past.kind is Kind.SELECT and bool(units))
    if not (of_unit or names_unit or others):
        return None
    if not units or past.kind is Kind.WHO:
        role = past.roles[0] if past.roles else Role.LEAD
        names = dict.fromkeys(u for c in before.focus for u in knowledge.units_of(c, role))
        units = tuple(UnitAsk(name, (name,)) for name in names) or units
    if not units:
        return None
    role_now = reading.roles[0] if len(reading.roles) == 1 else None
    return replace(
        reading, kind=Kind.SELECT, units=tuple(replace(u, role=role_now) for u in units),
        topic="", claim=False, policies=reading.policies or past.policies,
    )  # fmt: skip


def _same_matter(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`那配合单位呢`, `它什么时候完成`: another side of the clauses that the answer told of."""
    kind = attribute(reading.attribute)
    if (
        reading.units
        or reading.numbers
        or Topic.of(reading.topic, kind.nouns if kind else None).tells
    ):
        return None
    if reading.policies is not None or reading.bounds.on_items or reading.bounds.on_units:
        return None
    topic = before.reading.topic
    if not before.focus:
        missed = before.reading.kind in (Kind.WHO, Kind.FACT, Kind.APPLY) and bool(topic)
        return replace(reading, kind=Kind.FACT, topic=topic) if missed else None
    if reading.kind is Kind.WHO or (reading.kind in (Kind.SELECT, Kind.UNITS) and reading.roles):
        return replace(reading, kind=Kind.WHO, focus=before.focus, topic=topic)
    if EXPAND.search(reading.text) and not reading.attribute:
        return replace(reading, kind=Kind.ITEM, focus=before.focus)
    if reading.attribute or reading.quantity:
        return replace(
            reading, kind=Kind.FACT, focus=before.focus, topic=f"{topic} {reading.topic}"
        )
    if reading.kind is Kind.UNCLEAR and reading.leans:
        return replace(reading, kind=Kind.ITEM, focus=before.focus, topic=topic)
    return None


def _how_many(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`一共几项`: the count of what the answer listed."""
    own = reading.units or reading.numbers or reading.roles or reading.section
    bare = reading.kind is Kind.SELECT and not own and reading.policies is None
    if not bare or _telling(reading.topic) or before.reading.kind is not Kind.SELECT:
        return None
    return replace(before.reading, count=True)


def _unit_named(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`区科委参与吗`, after a matter: whether the unit has a part in it."""
    asks = reading.claim and bool(reading.units or reading.unknown_units)
    if not asks or reading.numbers or _telling(reading.topic) or not before.focus:
        return None
    return replace(reading, kind=Kind.WHO, focus=before.focus)


def _other_matter(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`那补充申请的审评呢`: the same asked of another matter."""
    own = reading.roles or reading.units or reading.numbers or reading.attribute or reading.quantity
    if own or reading.kind is not Kind.FACT or not _trails(reading.text):
        return None
    past = before.reading
    if past.kind not in (Kind.WHO, Kind.FACT, Kind.APPLY):
        return None
    units = () if past.claim else past.units
    return replace(
        past, text=f"{past.text},{reading.text}", topic=reading.topic, focus=(), numbers=(),
        units=units, claim=False, policies=reading.policies or past.policies,
    )  # fmt: skip


_RULES = (
    _again,
    _more_told,
    _listed_item,
    _other_item,
    _other_policy,
    _unit_named,
    _how_many,
    _other_unit,
    _same_unit,
    _same_matter,
    _other_matter,
)


def _trails(text: str) -> bool:
    """An ellipsis ends in 呢, or is introduced by 那."""
    return text.rstrip("?!。").endswith(("呢", "呐", "的")) or text.startswith(("那", "再", "换"))


def _telling(topic: str) -> bool:
    return Topic.of(topic).tells


def _policies(clause_ids: Sequence[str], knowledge: Knowledge) -> tuple[str, ...] | None:
    ids = dict.fromkeys(knowledge.clauses[clause_id].policy_id for clause_id in clause_ids)
    return tuple(ids) or None
