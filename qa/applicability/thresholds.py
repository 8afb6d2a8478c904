"""Bounds and figures of an enterprise: persons, money, years. Pure.

Money counts in 万 of its currency, persons in heads, age in years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from numerals import CHINESE_DIGITS, to_int
from qa.patterns import one_of

_NUMBER = rf"(?P<number>\d[\d,]*(?:\.\d+)?|[{CHINESE_DIGITS}]+?)"
_GROUP = r"(?P<group>万|亿|千万|百万|千|百)?"
_UNIT = r"(?P<unit>人民币元|美元|欧元|港元|港币|日元|英镑|元|块钱|块|刀|人|名|个人|位|年)"
_MONEY = ("元", "美元", "欧元", "港元", "日元", "英镑")
_SAME = {
    "人民币元": "元", "块钱": "元", "块": "元", "刀": "美元", "港币": "港元",
    "名": "人", "个人": "人", "位": "人",
}  # fmt: skip
_TIMES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_LEAST = one_of("不低于 不少于 达到 超过 高于 多于 满 至少 不小于")
_MOST = one_of("不超过 不高于 低于 少于 不足 未满 不满 小于 未超过 至多 不多于")
_ABOVE, _BELOW = "(?:及|含|或)?以上", "(?:及|含|或)?以[下内]"

# 从业人员300人以下 · 年营业收入2000万元以上 · 成立5年以内 · 单笔等值5万美元以上
_BOUND = re.compile(
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))?{_NUMBER}{_GROUP}{_UNIT}"
    rf"(?:\([^()]*\))?(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))?"
)
_FIGURE = re.compile(rf"{_NUMBER}{_GROUP}多?余?{_UNIT}")

# What is counted: the word before the figure, the name of the quantity, the units that it may have.
QUANTITIES = (
    ("employees", "从业人员|员工|职工|用工|雇员|参保人数|参保职工|团队|人数|人员", ("人",)),
    ("revenue", "营业收入|营收|主营业务收入|销售额|销售收入|产值|年收入|流水", _MONEY),
    ("age", "成立|注册登记|登记注册|设立|注册时间|经营|创办", ("年",)),
    ("amount", "单笔|单个|投资|注册资本|实缴资本|资产总额|进出口|交易额|金额|支出|付汇|贷款", _MONEY),
)  # fmt: skip
_REACH = 24  # characters before a figure in which its quantity is named


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that something must reach (`least`) or keep below; `value` counts in `unit`.

    `quantity` is employees, revenue, age or amount; `[start, end)` its place in the text read, from
    the word that names the quantity on.
    """

    quantity: str
    value: float
    unit: str
    least: bool
    start: int
    end: int

    def met(self, value: float) -> bool:
        """Whether a value of the same unit keeps to it; the bound itself is within."""
        return value >= self.value if self.least else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its unit, as a description gives it. `said` are its words."""

    value: float
    unit: str
    said: str
    start: int


def bounds_in(text: str) -> Iterator[Bound]:
    """The bounds of a text whose quantity is named before the figure.

    >>> [(b.quantity, b.value, b.least) for b in bounds_in("从业人员300人以下、成立5年以内的企业")]
    [('employees', 300.0, False), ('age', 5.0, False)]
    """
    for found in _BOUND.finditer(text):
        least = bool(found["least"] or found["above"])
        bounded = found["above"] or found["below"] or found["most"]
        if not bounded and not (least and text[found.end() :].startswith("的")):
            continue  # 营收达到8400亿元 is a target, 员工达到50人的企业 a bound
        unit = _SAME.get(found["unit"], found["unit"])
        named = _quantity(text[max(0, found.start() - _REACH) : found.start()], unit)
        value = _value(found)
        if named and value is not None:
            quantity, back = named
            start = found.start() - back
            yield Bound(quantity, value, unit, least, start, found.end())


def figures_in(text: str) -> Iterator[Figure]:
    """All figures of a description with a unit of persons, money or years."""
    for found in _FIGURE.finditer(text):
        value = _value(found)
        if value is not None:
            unit = _SAME.get(found["unit"], found["unit"])
            yield Figure(value, unit, found[0], found.start())


def _value(found: re.Match[str]) -> float | None:
    printed = found["number"].replace(",", "")
    try:
        number = float(printed)
    except ValueError:
        whole = to_int(printed)
        if whole is None:
            return None
        number = float(whole)
    value = number * _TIMES[found["group"] or ""]
    unit = _SAME.get(found["unit"], found["unit"])
    return value / 1e4 if unit in _MONEY else value


def _quantity(before: str, unit: str) -> tuple[str, int] | None:
    """The quantity that the words before a figure name last, and how far back its name begins."""
    phrase = re.split(r"[,，。;；、]", before)[-1]
    best: tuple[str, int] | None = None
    for name, words, units in QUANTITIES:
        places = [f.start() for f in re.finditer(words, phrase)] if unit in units else []
        if places and (best is None or len(phrase) - places[0] < best[1]):
            best = name, len(phrase) - places[0]
    return best
