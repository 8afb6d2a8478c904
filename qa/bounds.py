"""Conditions on roles in a question: no cooperating unit, two lead units, only ever cooperating."""

from __future__ import annotations

import re

from domain import Role
from numerals import to_int
from qa import cues
from qa.reading import Bounds
from qa.scan import Scan

_ROLES = {"牵头": Role.LEAD, "配合": Role.COOPERATE, "协办": Role.COOPERATE}


def take_bounds(scan: Scan) -> Bounds:
    """The conditions of a question, which leave it."""
    both_roles = bool(scan.take(cues.BOTH_ROLES))
    only_role = next(map(_role, scan.take(cues.ONLY_ROLE)), None)
    sole = bool(scan.take(cues.SOLE))
    several = next(map(_several, scan.take(cues.SEVERAL)), None)
    lacking = tuple(map(_lacking, scan.take(cues.LACKING)))
    return Bounds(lacking, several, sole, only_role, both_roles)


def _role(found: re.Match[str]) -> Role:
    return next(_ROLES[group] for group in found.groups() if group in _ROLES)


def _lacking(found: re.Match[str]) -> Role:
    """`没有配合单位` lacks what it names; `只有牵头单位` lacks the other."""
    return Role.COOPERATE if found["only"] else _role(found)


def _several(found: re.Match[str]) -> tuple[Role, int]:
    """The role and the least number of units: `两个以上牵头单位`, `配合单位超过两家` (three)."""
    groups = {name[0]: value for name, value in found.groupdict().items() if value}
    least = (to_int(groups.get("n", "两")) or 2) + ("m" in groups)
    return _ROLES[groups["r"]], max(least, 2)
