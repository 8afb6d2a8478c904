"""Days by which something is due, as a question bounds them: 6月底前, 2025年, 第二季度, 年内. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from numerals import CHINESE_DIGITS, to_int
from qa.patterns import cue
from qa.understanding.scan import Scan

_FIRST, _LAST = date.min, date.max


@dataclass(frozen=True, slots=True)
class Due:
    """A stretch of days in which a deadline falls, as the question says it.

    Without a `year` it is of each document's own. `before` asks for all that is due up to its end;
    without months any deadline at all is meant where `anything` is set.
    """

    said: str
    year: int | None = None
    first: int = 1
    last: int = 12
    day: int | None = None
    before: bool = False
    anything: bool = False

    def span(self, year: int | None) -> tuple[date, date]:
        """The first and the last day, in a document of a year."""
        at = self.year or year
        if self.anything or at is None:
            return _FIRST, _LAST
        day = min(self.day or 31, calendar.monthrange(at, self.last)[1])
        return (_FIRST if self.before else date(at, self.first, 1)), date(at, self.last, day)

    def holds(self, value: str, year: int | None) -> bool:
        """Whether a deadline's value falls in it; one without a year counts in the document's."""
        day = day_of(value, year)
        first, last = self.span(year)
        return day is not None and first <= day <= last


def day_of(value: str, year: int | None) -> date | None:
    """The day of a deadline's value: `2025-06-30`, `--06-30` of a year; None for a length of time."""
    found = re.fullmatch(r"(?:(\d{4})|-)-(\d\d)-(\d\d)", value)
    at = int(found[1]) if found and found[1] else year
    return date(at, int(found[2]), int(found[3])) if found and at else None


_N = rf"(?:\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})"
_YEAR = r"(?:(?P<{0}>20\d\d)年|今年|本年度?|当年)?"
_BEFORE = "(?:以前|之前|前)"
_PATTERNS = tuple(
    (name, cue(pattern))
    for name, pattern in (
        (  # 2025年6月底前, 6月30日前
            "month_before",
            _YEAR.format("y")
            + rf"(?P<m>{_N})月(?:份)?(?:(?P<d>{_N})[日号]|底|末|内|中旬|上旬|下旬)?{_BEFORE}",
        ),
        ("quarter", _YEAR.format("y") + r"第?(?P<q>[一二三四1-4])季度(?P<b>(?:[底末])?前?)"),
        ("half", _YEAR.format("y") + "(?P<h>[上下])半年(?P<b>(?:[底末])?前?)"),
        (
            "year_before",
            r"(?:(?P<y>20\d\d)年|今年|本年)?年?[底末终](?:以前|之前|前)?",
        ),  # 2025年底前, 年底
        ("before_year", rf"(?P<y>20\d\d)年{_BEFORE}"),
        (
            "month",
            _YEAR.format("y") + rf"(?P<m>{_N})月(?:份|内|底|末|当月)?(?![{CHINESE_DIGITS}\d])",
        ),
        ("year", r"(?P<y>20\d\d)年(?:度|内|全年)?|年内|今年|本年度?"),
    )
)
_DOING = cue(
    "完成|到期|截止|办结|建成|竣工|落实|交付|实现|出台|要做|要办|的@item|有哪些@item|之?前@item"
)
_ANY = cue(
    "(?:有|写明|写了|规定|明确|设|设有|设了)+(?:明确|具体|规定)?了?的?(?:完成)?"
    "(?:时限|期限|截止(?:时间|日期)|完成时间|时间节点|时间要求|时间表|最后期限)(?:要求)?的?"
)
_OF_ITEMS = cue(
    "@item",
    "@which(?:@each|$|[?!呢])",
    "@many@each",
    "(?:完成|到期|截止|办结)的?(?:有|是)?(?:哪些|什么)",
)


def take_due(scan: Scan) -> Due | None:
    """The days that a question on items bounds them by, which leave it; None for none.

    A year alone may name a document, so that it counts only where something is to be done in it.
    """
    if not _OF_ITEMS.search(scan.text):
        return None
    for found in scan.take(_ANY):
        return Due(found[0].removesuffix("的"), anything=True)
    if not _DOING.search(scan.text):
        return None
    for name, pattern in _PATTERNS:
        seen = pattern.search(scan.left)
        if seen and (name != "year" or _IN_YEAR.match(scan.text, seen.end())):
            scan.blot(seen.start(), seen.end())
            scan.take(_DONE)
            return _due(name, seen)
    return None


_IN_YEAR = cue(
    "(?:要|须|需|应|应当|必须|计划|预计|将)*(?:完成|到期|截止|办结|建成|竣工|交付|实现|出台|落实)"
)
_DONE = cue(
    "(?:要|须|需|应|应当|必须|计划|预计|将|前)*(?:全部|全面)?"
    "(?:完成|到期|截止|办结|建成|竣工|交付|出台|落实)的?"
)


def _due(name: str, found: re.Match[str]) -> Due:
    said = found.groupdict()
    year = int(said["y"]) if said.get("y") else None
    text = found[0]
    if name == "quarter":
        last = 3 * (to_int(said["q"]) or 1)
        return Due(text, year, last - 2, last, before=text.endswith("前"))
    if name == "half":
        first = 1 if said["h"] == "上" else 7
        return Due(text, year, first, first + 5, before=text.endswith("前"))
    if name == "before_year":
        return Due(text, (year or 1) - 1, before=True)
    if name in ("month", "month_before"):
        month = min(max(to_int(said["m"]) or 1, 1), 12)
        whole = name == "month" or "d" not in said or said["d"] or re.search("[底末内旬]", text)
        if not whole:  # 6月前 ends before June begins
            month, year = (month - 1, year) if month > 1 else (12, year and year - 1)
        day = to_int(said["d"]) if said.get("d") else None
        return Due(text, year, month, month, day, before=name == "month_before")
    return Due(text, year, before=text.endswith("前"))
