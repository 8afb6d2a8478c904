"""Conditions on roles in a question: no cooperating unit, two lead units, only ever cooperating."""

from __future__ import annotations

import re

from domain import Role
from numerals import to_int
from qa.patterns import cue
from qa.reading import Bounds
from qa.understanding.scan import Scan

_ROLES = {"牵头": Role.LEAD, "配合": Role.COOPERATE, "协办": Role.COOPERATE}
_NO = "(?:(?<!有)没有?|无|未|不)(?:有|设|列|写|需要|用|明确|安排|带|要)*(?:任何|其他|别的)?"

_LACKING = cue(
    f"{_NO}(?P<role>配合|协办)的?@unit?",  # 没有配合单位, 不需要配合
    "(?:(?<!有)没有?|无|未)(?:有|写|列|明确)*(?P<lead>牵头)@unit",  # 没写牵头单位
    "(?:只有|仅有|只写了?)(?:一个)?(?P<only>牵头)@unit?的?",  # 只有牵头单位
)
_EXACT = cue(
    "(?:只|仅|就|恰好|刚好|正好|恰|刚)有?(?:一共)?(?P<n>一|两|二|三|四|五|[1-9])[个家]"
    "(?P<role>配合|协办|牵头)的?(?:@unit)?",  # 只有一个配合单位
    "(?P<role2>配合|协办|牵头)@unit(?:只|仅|就|恰好|刚好|正好|恰)+有?"
    "(?P<n2>一|两|二|三|四|五|[1-9])[个家]",  # 配合单位只有一家
)
_SOLE = cue(
    "(?:单独|独自|独立|只由|仅由)(?:一家|一个@unit)?牵头",  # 单独牵头
    "没有(?:别的|其他|其它)@unit?(?:一起|共同|联合)?牵头",
    "只有一[个家]牵头@unit",
)
_ONLY = cue(
    "[只仅光](?:负责|参与|做|当|担任|充当|作为|是)?(?P<only>牵头|配合)"  # 只配合、不牵头任何任务
    "(?:[、,]?[而并且]?(?:不|没有|没)(?:参与)?(?:牵头|配合)(?:任何)?(?:@item)?)?"
)
_BOTH = cue(
    "既.{0,4}牵头.{0,6}[又也].{0,4}配合",
    "既.{0,4}配合.{0,6}[又也].{0,4}牵头",
    "(?:同时|又|也)[^,。]{0,3}牵头[^,。]{0,5}[又也和、][^,。]{0,3}配合",  # 同时做牵头又做配合
)

NEGATED = cue(
    "不(?:是由?)?[^,。]{0,12}?(?:牵头|配合|参与|负责)", "除了?.{1,20}(?:以外|之外|外)", "既不|也不"
)


def _count(name: str) -> str:
    """So many units, as a named group: 两个以上, 超过两家, 不止一个, 多个."""
    digits = "两|二|2|三|3|四|4|五|5|多|好几|(?<=[过于止大])一"
    return (
        f"(?:不少于|不低于|至少有?)?(?P<more_{name}>超过|多于|不止|大于)?(?P<{name}>{digits})[个家]?"
        "(?:或[两三二][个家])?[及或]?(?:以上)?"
    )


_SEVERAL = cue(
    f"{_count('n1')}的?(?P<r1>牵头|配合)的?@unit?",  # 两个牵头单位
    f"{_count('n2')}的?@unit(?:一起|共同|联合|同时|并列|来)*(?P<r2>牵头|配合)",  # 多个单位牵头
    f"(?P<r3>牵头|配合)@unit(?:有|是|为|达到?)*{_count('n3')}",  # 配合单位有三家以上
    "(?<![含括上])(?:共同|联合|一起|并列)(?P<r4>牵头)(?!的?(?:也|都)?(?:算|在内|计入))",
    "(?<![没只仅])(?<!有没)有(?P<some>牵头|配合|协办)@unit的@item",  # 有配合单位的任务
)


_TASKS = cue(
    "(?P<one>只|仅|就)?(?P<role>牵头|配合|参与|负责)了?的?@item?(?:有|在|为)?(?P<over>不止|超过|多于)?"
    "(?:至少|不少于|达到)?(?P<n>一|两|二|三|四|五|六|七|八|九|十|[1-9])[项个件条](?P<up>(?:及|或)?以上)?的?@item?的?"
)
_WHICH_UNITS = cue("(?:哪[些几]?个?|什么)@unit(?:各自|分别|都)?$")
_MANY = 10_000  # more items than any unit has


def take_bounds(scan: Scan) -> Bounds:
    """The conditions of a question, which leave it."""
    both_roles = bool(scan.take(_BOTH))
    tasks = _of_tasks(scan)
    only_role = next((_ROLES[found["only"]] for found in scan.take(_ONLY)), None)
    sole = bool(scan.take(_SOLE))
    exact = next(map(_exact, scan.take(_EXACT)), None)
    several = next(map(_several, scan.take(_SEVERAL)), None)
    lacking = tuple(map(_lacking, scan.take(_LACKING)))
    return Bounds(lacking, several, sole, exact, only_role, both_roles, tasks)


def _of_tasks(scan: Scan) -> tuple[Role | None, int, int] | None:
    """Units by how many items they have: 牵头两项以上的单位, 哪些单位牵头不止一项."""
    if not _ASKS_UNITS.search(scan.left):
        return None
    for found in _TASKS.finditer(scan.left):
        number = 2 if found["n"] == "两" else to_int(found["n"]) or 1
        asked = _WHICH_UNITS.search(scan.left[: found.start()])  # 哪些单位牵头了3项任务
        if not (found["one"] or found["over"] or found["up"] or asked):
            continue
        scan.blot(found.start(), found.end())
        low = number + bool(found["over"])
        just = found["one"] or not (found["over"] or found["up"])
        return _ROLES.get(found["role"]), low, number if just else _MANY
    return None


_ASKS_UNITS = cue("@unit|谁|哪[些几]?家")


def _lacking(found: re.Match[str]) -> Role:
    """`没有配合单位` lacks what it names; `只有牵头单位` lacks the other."""
    return Role.COOPERATE if found["only"] else _ROLES[found["role"] or found["lead"]]


def _exact(found: re.Match[str]) -> tuple[Role, int]:
    """The role and the number of units: `只有一个配合单位`."""
    number = found["n"] or found["n2"]
    value = 2 if number == "两" else to_int(number) or 1
    return _ROLES[found["role"] or found["role2"]], value


def _several(found: re.Match[str]) -> tuple[Role, int]:
    """The role and the least number of units: `配合单位超过两家` asks for three."""
    if found["some"]:
        return _ROLES[found["some"]], 1
    groups = {name[0]: value for name, value in found.groupdict().items() if value}
    least = (to_int(groups.get("n", "两")) or 2) + ("m" in groups)
    return _ROLES[groups["r"]], max(least, 2)
