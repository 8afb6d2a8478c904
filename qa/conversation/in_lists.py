"""Follow-ups that count by a list or go along it: 第二个呢, 下一项, 其中…, 一共几项. Pure."""

from __future__ import annotations

from dataclasses import replace

from qa.attributes import attribute
from qa.conversation.turns import Turn
from qa.knowledge import Knowledge
from qa.reading import ItemNumber, Kind, Numbered, Reading
from qa.topic import Topic
from qa.understanding.cues import ITEM_NOUN
from qa.understanding.leaning import AMONG, DONE, MORE, NEIGHBOUR, WHICH_NUMBER


def again(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`还有吗`: the same question once more."""
    alone = not (reading.units or reading.numbers or reading.roles)
    past = before.reading
    if not alone or not MORE.search(reading.text):
        return None
    if past.claim and past.units:  # 区商务委牵头这项,对吧: what else it does
        roles = tuple(dict.fromkeys(ask.role for ask in past.units if ask.role))
        return replace(past, kind=Kind.SELECT, claim=False, topic="", focus=(), roles=roles)
    return past


def listed_item(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`第二个呢`, `最后一项`: one of the clauses that an answer listed, or offered to choose from."""
    if not reading.numbers or reading.policies is not None:
        return None
    listed = before.listed or before.focus
    focus = [_of_list(number, reading, listed, knowledge) for number in reading.numbers]
    if not listed or not all(focus):
        return None
    past = before.reading
    asked_who = Kind.WHO in (reading.kind, past.kind if past.numbers or past.focus else None)
    roles = reading.roles or past.roles
    kind = Kind.WHO if asked_who else Kind.FACT if reading.attribute else Kind.ITEM
    return replace(reading, kind=kind, numbers=(), focus=tuple(filter(None, focus)), roles=roles)


def _of_list(
    number: ItemNumber, reading: Reading, listed: tuple[str, ...], knowledge: Knowledge
) -> str | None:
    """The clause of a list that a number means: the one that bears it, else the one in that place.

    第二个 always counts by the list, 第2项任务 never; 第二项 does where more than one was listed.
    """
    value = number.value
    there = 0 < abs(value) <= len(listed)
    in_place = listed[value - 1 if value > 0 else value] if there else None
    if number.series is Numbered.LISTED:
        return in_place
    loose = number.series in (Numbered.TASK, Numbered.ARTICLE) and not ITEM_NOUN.search(
        reading.text
    )
    if not loose or len(listed) < 2:
        return None
    bearing = [id_ for id_ in listed if knowledge.clauses[id_].ordinal == value]
    return bearing[0] if len(bearing) == 1 else None if bearing else in_place


def neighbour(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`下一项呢`, `上一条`: the item after or before the one that the talk is of."""
    found = NEIGHBOUR.search(reading.text)
    if not found or len(before.focus) != 1:
        return None
    here = before.focus[0]
    listed = before.listed if here in before.listed else ()
    policy_id = knowledge.clauses[here].policy_id
    row = list(listed) or [clause.id for clause in knowledge.tasks({policy_id})]
    if here not in row:
        row = [c.id for c in knowledge.items({policy_id}, knowledge.clauses[here].kind)]
    place = row.index(here) + (1 if found[0].startswith(("下", "后")) else -1)
    if not 0 <= place < len(row):
        return None
    who = Kind.WHO in (reading.kind, before.reading.kind)
    kind = Kind.WHO if who else Kind.ITEM
    return replace(reading, kind=kind, numbers=(), focus=(row[place],), roles=reading.roles or
                   before.reading.roles)  # fmt: skip


def among(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`其中有配合单位的是哪些`: those of the listed items that meet a condition."""
    listed = before.focus if len(before.focus) > 1 else before.listed
    if not AMONG.search(reading.text) or len(listed) < 2 or reading.numbers:
        return None
    if not (reading.roles or reading.units or reading.bounds.on_items or reading.due):
        return None
    kind = Kind.DUE if reading.due else Kind.SELECT
    return replace(reading, kind=kind, focus=listed, topic="")


def when(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`什么时候完成`, after a list: when each of its items is due."""
    asks = reading.attribute in ("date", "deadline") and DONE.search(reading.text)
    bare = not (reading.units or reading.numbers or reading.roles or reading.due)
    kind = attribute(reading.attribute)
    tells = Topic.of(DONE.sub(" ", reading.topic), kind.nouns if kind else None).tells
    if not asks or not bare or tells or len(before.focus) < 2 or reading.policies is not None:
        return None
    return replace(reading, kind=Kind.DUE, focus=before.focus)


def which_number(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`是第几项`: the items that the answer told of, by their numbers."""
    bare = not (reading.units or reading.roles or reading.numbers or _telling(reading.topic))
    if not bare or not before.focus or not WHICH_NUMBER.search(reading.text):
        return None
    return replace(reading, kind=Kind.ITEM, focus=before.focus, topic=before.reading.topic)


def how_many(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`一共几项`: the count of what the answer listed."""
    own = reading.units or reading.numbers or reading.roles or reading.section
    bare = reading.kind is Kind.SELECT and not own and reading.policies is None
    if not bare or _telling(reading.topic) or before.reading.kind is not Kind.SELECT:
        return None
    return replace(before.reading, count=True)


def _telling(topic: str) -> bool:
    return Topic.of(topic).tells
