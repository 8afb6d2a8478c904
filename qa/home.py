"""Whose documents a question is about that names none: those of the asker's own region first."""

from __future__ import annotations

import re

from qa.knowledge import Knowledge
from qa.places import regions_of
from qa.reading import Kind, Reading

_AT_LARGE = (Kind.SELECT, Kind.UNITS, Kind.SECTIONS, Kind.ITEM, Kind.WHO)
_RELATIVE = re.compile(r"[区县镇乡](?!域)")  # 区教育局 is that of each district, 市教委 is one


def home_of(region: str, knowledge: Knowledge) -> frozenset[str]:
    """Ids of the documents of a region and of the places in it; none where it is empty."""
    known = {policy.region for policy in knowledge.policies.values() if policy.region}
    own = set(regions_of(region, known)) if region.strip() else set()
    return frozenset(i for i, policy in knowledge.policies.items() if policy.region in own)


def narrowed(
    reading: Reading, policies: frozenset[str], home: frozenset[str], knowledge: Knowledge
) -> frozenset[str]:
    """The documents that a question on the ledger at large is about.

    `哪些任务没有配合单位` and `第8项任务` are asked of those at home, `区教育局牵头哪些任务` where the
    ledger at home holds that unit; all other questions of everything that may be answered from.
    """
    own = policies & home
    named = reading.policies is not None or reading.focus or reading.unknown_units
    if not own or named or reading.kind not in _AT_LARGE:
        return policies
    if reading.kind is Kind.WHO and not reading.numbers:
        return policies
    at_home = all(
        any(_RELATIVE.match(unit) and knowledge.naming[unit] & own for unit in ask.units)
        for ask in reading.units
    )
    return own if at_home else policies
