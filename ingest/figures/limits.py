"""Limits of time: how long something may take, such as 自受理之日起10个工作日内.

Read are lengths with 内, and lengths after words such as 时限 or 压缩至. Looking back (近三年内) and bans
(五年内不得) limit no task. Patterns are for folded text (`ingest.figures.figures`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.figures.scanning import scan
from numerals import to_int

_GAP = " {0,2}"
_DIGIT = "[一两二三四五六七八九]"
_NUMBER = rf"(?:\d{{1,3}}|(?={_DIGIT}|十)(?:{_DIGIT}百)?(?:{_DIGIT}?十)?{_DIGIT}?|半)"
_LENGTH = re.compile(
    rf"(?<![\d.第一两二三四五六七八九十百〇零几])(?:{_NUMBER}{_GAP}(?:-{{1,2}}|[至到~]){_GAP})?"
    rf"(?P<number>{_NUMBER}){_GAP}"
    r"(?P<unit>个?(?:工作日|自然日|交易日|日历日|小时|学时|星期|季度)|个月|日|天|年|周(?![岁年边期])|分钟|秒)"
    r"(?P<half>半)?",
    re.ASCII,
)
_FIRST = re.compile("[0-9一两二三四五六七八九十半]")
_UNITS = {
    "工作日": ("P{}D", "工作日"),
    "自然日": ("P{}D", "日"),
    "日历日": ("P{}D", "日"),
    "交易日": ("P{}D", "交易日"),
    "日": ("P{}D", "日"),
    "天": ("P{}D", "日"),
    "周": ("P{}W", "周"),
    "星期": ("P{}W", "周"),
    "月": ("P{}M", "个月"),
    "季度": ("P{}M", "个月"),
    "年": ("P{}Y", "年"),
    "小时": ("PT{}H", "小时"),
    "分钟": ("PT{}M", "分钟"),
    "秒": ("PT{}S", "秒"),
}
_LONG = ("个月", "年")  # a ban or a record counts in these, a task seldom
_ONE_OR_HALF = ("1", "一", "半")
_ASKED = re.compile(r"(?:[在于用后起须]|今后|未来|力争|争取|应当?) ?\Z")
_DONE = re.compile(
    r"[,，]?(?:要|力争|基本|全部|全面|逐步)?(?:完成|建成|实现|达到|改造|解决|消除|投产|办理|提出|申请)"
)
_HALVES = {
    "年": ("P6M", "个月"),
    "月": ("P15D", "日"),
    "小时": ("PT30M", "分钟"),
    "日": ("PT12H", "小时"),
    "天": ("PT12H", "小时"),
}

WITHIN = re.compile(
    rf"{_GAP}(?:之|以)?内(?![部容地外陆涵需设控资在河蒙生侧化审科环]|乱|降[雨水雪]|累计|最[高大低小]|连续)"
)
_SINCE = re.compile(r"自[^自,，。;；:：\n\t]{1,40}起(?:的|后|之后)? ?\Z")
_BACK = re.compile(
    r"(?:近|前|最后|过去|以往|此前|连续|满|任意|滚动|每|历时|月|[一两二三四五六七八九]、) ?\Z"
)
_BAN = re.compile(
    r"(?:,|，|\(含[^()\n]{0,4}\))?(?:均|将|都)?(?:[的不未无免]|累计|连续|曾|有效|享受|受[到过]|发生|再次|禁止|没有|从未|平均|被)"
)
_SHRUNK = re.compile(
    r"(?:时[限间]|期限)[^,，。;；\n\t\d]{0,8}\Z|(?:压缩|缩短|压减|缩减|减少|精简)(?:至|到|为) ?\Z"
)
_EXTENT = re.compile(
    r"(?:不少于|不低于|至少|不得少于|以上|超过|(?:公示|公告|有效|贷款|租赁|合同|保障)[^,，。;；\n]{0,8}) ?\Z"
)
_MORE = re.compile(r"以上|后|前|以后|左右的|的(?!时)")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline at `[start, end)`; `value` as in `domain.Figure`."""

    start: int
    end: int
    value: str
    unit: str


def read_limits(text: str) -> Iterator[Deadline]:
    """The limits of time in a folded text, in its order: `P30D`, `PT24H`, `P6M`.

    The unit tells working days (工作日) from days; of a range (3至5日内) the longer length counts. 自…起
    before a limit is a part of it.
    """
    for found in scan(_LENGTH, _FIRST, text):
        before = text[max(found.start() - 48, 0) : found.start()]
        within = WITHIN.match(text, found.end())
        limited = _is_limit(text, found, before, within)
        value = _value(found)
        if not limited or not value:
            continue
        since = _SINCE.search(before)
        start = found.start() - (len(since[0]) if since else 0)
        yield Deadline(start, (within or found).end(), *value)


def _is_limit(text: str, found: re.Match[str], before: str, within: re.Match[str] | None) -> bool:
    if within is None:
        short = found["unit"] not in _LONG
        return bool(
            short
            and _SHRUNK.search(before)
            and not _EXTENT.search(before)
            and not _MORE.match(text, found.end())
        )
    if _BACK.search(before):
        return False
    if found["unit"] == "年" and found["number"] not in _ONE_OR_HALF:
        asked = _ASKED.search(before) or _DONE.match(text, within.end())
        return bool(asked) and not _BAN.match(text, within.end())
    return found["unit"] not in _LONG or not _BAN.match(text, within.end())


def _value(found: re.Match[str]) -> tuple[str, str] | None:
    """ISO 8601 and the unit; None for a year's number and lengths that have no such value."""
    name = found["unit"].removeprefix("个")
    if name not in _UNITS or (found["half"] and name != "年"):
        return None
    if found["number"] == "半":
        return _HALVES.get(name)
    count = to_int(found["number"]) or 0
    if found["half"]:
        return f"P{12 * count + 6}M", "个月"
    pattern, unit = _UNITS[name]
    return (pattern.format(count * (3 if name == "季度" else 1)), unit) if count else None
