"""Days, months, quarters and years as printed, with or without their year: 2025年6月底, 三季度, 2025.6.

Patterns are for folded text (`ingest.figures.figures`): half-width, one character for one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

from ingest.figures.scanning import scan
from numerals import to_int

GAP = " {0,2}"
TO = rf"{GAP}(?:-{{1,2}}|[至到~]){GAP}"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?:(?:19|20)\d\d|[12] [09] \d \d|[一二][〇零一二三四五六七八九]{3})"
_POINT = re.compile(
    r"(?<![\d一二三四五六七八九十〇零.])"
    rf"(?:(?P<years>{_YEAR}年?{TO})?(?P<year>{_YEAR}){GAP}年度?"
    r"|(?P<word>今年|本年度?|明年|当年|次年|翌年|每年的?))?"
    r"(?:"
    rf"{GAP}(?P<months>{_MONTH}月?份?{TO})?(?P<month>{_MONTH}){GAP}月(?![均龄度])份?"
    rf"(?:{GAP}(?P<days>{DAY}[日号]?{TO})?(?P<day>{DAY}){GAP}[日号]"
    rf"|{GAP}(?P<third>[上中下])旬|{GAP}(?P<month_end>[底末]))?"
    rf"|{GAP}(?P<half>[上下])半年(?P<half_end>[底末])?"
    rf"|{GAP}第?(?P<quarter>[一二三四1-4]){GAP}季度(?P<quarter_end>[底末])?"
    rf"|{GAP}(?P<year_end>年?[底末终])(?![部线层座价色稿数气蕴板端点])|(?P<within>年)(?=内)"
    r")?",
    re.ASCII,
)
_FIRST = re.compile("[0-9一二三四五六七八九十年今本明当次翌每上下第]")
_NUMERIC = re.compile(
    rf"(?<![\d./-])(?P<years>(?:19|20)\d\d[-./]{_MONTH}(?:[-./]{DAY})?{TO})?(?P<year>(?:19|20)\d\d)"
    r"(?P<mark>[-./])(?P<month>1[0-2]|0?[1-9])(?:(?P=mark)(?P<day>3[01]|[12]\d|0?[1-9]))?"
    r"(?P<edge>底)?(?![\d./%年])",
    re.ASCII,
)
_FIRST_DIGIT = re.compile("[12]")
_JOINED = re.compile(rf"起?{TO}")
_ENDS = ("month_end", "half_end", "quarter_end", "year_end")
_THIRDS = {"上": 10, "中": 20}
_LATER = {"明年": 1}
_YEARLY = ("当年", "次年", "翌年", "每年", "每年的")


class Size(IntEnum):
    """How long a period is: its months, 0 for a part of a month."""

    DAY = 0
    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A printed period at `[start, end)`, by its last `month` and `day`; 0 is a month's last day.

    `year` is None where none is printed; a `yearly` one comes back every year. `edge`: its end is
    printed (底). `ranged`: so is its beginning (2024-2026年), unless it is January, from which
    figures are told. `numeric`: 2025.6. `bare`: 年底 alone.
    """

    start: int
    end: int
    size: Size
    month: int
    day: int = 0
    year: int | None = None
    yearly: bool = False
    edge: bool = False
    ranged: bool = False
    numeric: bool = False
    bare: bool = False


def read_periods(text: str, year: int | None) -> Iterator[Period]:
    """The periods of a folded text, in its order; 今年 and 明年 count from `year`.

    A range (3月1日至6月30日) is one period; its second part takes its year from the first.
    """
    printed = (_period(found, year) for found in scan(_POINT, _FIRST, text))
    found = [*printed, *map(_numeric, scan(_NUMERIC, _FIRST_DIGIT, text))]
    before: Period | None = None
    for period in sorted(filter(None, found), key=lambda one: one.start):
        if before:
            joined = _JOINED.match(text, before.end)
            if joined and joined.end() == period.start:
                period = _joined(before, period)
            elif period.start >= before.end:
                yield before
        before = period
    if before:
        yield before


def _joined(first: Period, last: Period) -> Period:
    return replace(
        last,
        start=first.start,
        year=last.year or first.year,
        yearly=first.yearly and last.year is None,
        ranged=first.size is not Size.MONTH or first.month > 1,
    )


def iso(period: Period, year: int | None, *, before: bool = False) -> str | None:
    """The last day of a period, or the day before its first one: `2025-06-30`, without a year
    `--06-30`. None for a day that no calendar has."""
    any_year = 2000 if period.day == 29 else 2001
    own = year or any_year
    try:
        last = period.day or calendar.monthrange(own, period.month)[1]
        day = date(own, period.month, last)
        if before and period.size in (Size.MONTH, Size.QUARTER, Size.YEAR) and not period.day:
            day = date(own, period.month - period.size + 1, 1) - timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return day.isoformat() if year else f"--{day:%m-%d}"


def _period(found: re.Match[str], year: int | None) -> Period | None:
    size, month, day = _last(found)
    word = found["word"] or ""
    if size is None or (found[0] == word and not found.string.startswith("内", found.end())):
        return None
    own = to_int(found["year"].replace(" ", "")) if found["year"] else None
    if word and word not in _YEARLY and year:
        own = year + _LATER.get(word, 0)
    return Period(
        start=found.start(),
        end=found.end(),
        size=size,
        month=month,
        day=day,
        year=own,
        yearly=word in _YEARLY,
        edge=any(found[name] for name in _ENDS) or found["third"] == "下",
        ranged=bool(found["years"] or found["days"] or _is_range(found["months"])),
        bare=not (found["year"] or word) and size is Size.YEAR,
    )


def _is_range(months: str | None) -> bool:
    """1-5月 tells of what has been, 3-5月 of what is to come."""
    return bool(months) and re.match("(?:0?1|一)(?![0-2十])", months or "") is None


def _last(found: re.Match[str]) -> tuple[Size | None, int, int]:
    """Size, last month and last day of what was printed."""
    if found["month"]:
        month = to_int(found["month"]) or 0
        if found["day"]:
            return Size.DAY, month, to_int(found["day"]) or 0
        return Size.MONTH, month, _THIRDS.get(found["third"] or "", 0)
    if found["half"]:
        return Size.HALF, 6 if found["half"] == "上" else 12, 0
    if found["quarter"]:
        return Size.QUARTER, 3 * (to_int(found["quarter"]) or 0), 0
    if found["year"] or found["word"]:
        return Size.YEAR, 12, 0
    bare = found["within"] or (found["year_end"] or "").startswith("年")
    return (Size.YEAR if bare else None), 12, 0


def _numeric(found: re.Match[str]) -> Period:
    day = int(found["day"] or 0)
    return Period(
        start=found.start(),
        end=found.end(),
        size=Size.DAY if day else Size.MONTH,
        month=int(found["month"]),
        day=day,
        year=int(found["year"]),
        edge=bool(found["edge"]),
        ranged=bool(found["years"]),
        numeric=True,
    )
