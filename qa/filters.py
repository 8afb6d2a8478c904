"""What filters leave: the bounds inside a search, and the documents that may be answered from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain import Filters
from errors import BadQuestion, UnknownPolicy
from index.entries import Where
from qa.knowledge import Knowledge
from qa.places import regions_of
from qa.states import state_meant
from qa.text import choices


def bounds(filters: Filters, knowledge: Knowledge, day: date) -> Where:
    """The facets of a clause that passes; one without any value lets none pass.

    States are those of `day`. A year that no document is of is no error; raises `UnknownPolicy`,
    and `BadQuestion` for a unit, a state or a region that there is not, or an empty one.
    """
    where: dict[str, frozenset[str]] = {}
    if filters.policies:
        where["policy"] = policies_meant(filters.policies, knowledge)
    if filters.states:
        holding = _holding(filters.states, knowledge, day)
        where["policy"] = where.get("policy", holding) & holding
    if filters.years:
        where["year"] = frozenset(map(str, filters.years))
    if filters.regions:
        where["region"] = _regions(filters.regions, knowledge)
    if filters.units:
        where["unit"] = _units(filters.units, knowledge)
    return where


def allowed(where: Where, knowledge: Knowledge) -> frozenset[str]:
    """Ids of the policies that pass; units bound clauses, not policies."""
    return frozenset(
        policy.id
        for policy in knowledge.policies.values()
        if policy.id in where.get("policy", knowledge.policies)
        and ("year" not in where or str(policy.year) in where["year"])
        and ("region" not in where or policy.region in where["region"])
    )


def policies_meant(ids: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """The ids as they are stored. Raises `UnknownPolicy` for one that is not."""
    meant = frozenset(_written("文件编号", ids))
    for policy_id in meant - knowledge.policies.keys():
        named = {policy.title: (policy.id,) for policy in knowledge.policies.values()}
        known = choices(policy_id, named | {i: (i,) for i in knowledge.policies})
        raise UnknownPolicy(f"没有编号为“{policy_id}”的文件；{known}")
    return meant


def _holding(words: Iterable[str], knowledge: Knowledge, day: date) -> frozenset[str]:
    """Ids of the policies in one of the states."""
    states = {state_meant(word) for word in _written("状态", words)}
    return frozenset(i for i, state in knowledge.states(day).items() if state in states)


def _regions(places: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """The regions, as the documents have them, that are one of the places or lie in it."""
    known = {p.region: (p.region,) for p in knowledge.policies.values() if p.region}
    meant: set[str] = set()
    for place in _written("地区", places):
        found = regions_of(place, known)
        if not found:
            raise BadQuestion(f"没有地区为“{place}”的文件；{choices(place, known)}")
        meant.update(found)
    return frozenset(meant)


def _units(names: Iterable[str], knowledge: Knowledge) -> frozenset[str]:
    """The units by the one name that the catalog, and so the index, has for each."""
    meant = {unit for name in _written("单位", names) for unit in knowledge.units_meant(name)}
    return frozenset(unit for unit, name in knowledge.printed.items() if name in meant)


def _written(kind: str, values: Iterable[str]) -> list[str]:
    """The values of a filter, outer blanks left out; an empty one is a slip, and bounds nothing."""
    plain = [value.strip() for value in values]
    if "" in plain:
        raise BadQuestion(f"筛选用的{kind}是空的，请写明，或去掉这一项")
    return plain
