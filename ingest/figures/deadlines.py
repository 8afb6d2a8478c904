"""Deadlines: the days by which something is to be done.

A date alone is no deadline: a limiting word (前, 底, 内, 到, 力争), a label (完成时限:) or a table cell of
its own makes it one. 底前 and 30日前 include the month or day; 6月前 and 2030年前 end before it begins.
Patterns are for folded text (`ingest.figures.figures`): half-width, one character for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.figures.limits import WITHIN, Deadline, read_limits
from ingest.figures.periods import DAY, GAP, Period, Size, iso, read_periods
from numerals import to_int

_HOUR = (
    r"(?:\([^()\n]{1,6}\))? ?(?:上午|下午|中午|晚上?)?"
    r"(?:\d{1,2}(?:[时点]|:\d\d)(?:\d{1,2}分)?)?(?:下班)?"
)
_BEFORE = (
    r"(?:之|以)?前(?![后期往]|半年|[一二三四1-4]个?[季月]|[一二三四五六七八九十\d]+个?[名位强])"
)
_UNTIL = re.compile(rf"{GAP}{_HOUR}{GAP}(?:{_BEFORE}|(?:为|截)?止)")  # 6月30日(星期一)17:30前
_TOWARDS = re.compile(
    r"(?:(?<![达得看受收遇等接碰找回直])到|(?<![甚乃截冬夏])至|不[迟晚]于|最[迟晚]|力争|争取|确保)"
    r"[在于到]? ?\Z"
)
_PRINTED_TOO = re.compile(r"[到至] ?\Z")  # part of the deadline: 到2027年
_AS_OF = re.compile(r"截[至止]到? ?\Z")  # 截至2024年底 tells what is
_BASE = re.compile(r"(?:[比较自从以]|同比|[早晚始]于) ?\Z")
_IN_FORCE = re.compile(
    r"(?:有效期限?|(?:施行|试行|执行)(?:期限?|时间)?)(?:自|为|延长|延续)?[至到]?[:(]? ?\Z"
)
_WAS = re.compile(  # 2029年12月31日前退休的人
    r"(?:\(含[^()\n]{0,4}\))?(?:的|已|出生|退休|毕业|参加工作|(?:建成|取得|注册|成立|登记|签订|竣工|开工)[^,，。;；\n]{0,8}的)"
)
_LABEL = re.compile(
    r"(?:[时期]限|节点|(?:完成|办结|整改|销号|截止|达标|报送|竣工|申报|报名|受理|缴费|办理)(?:时间|日期))(?:要求)?"
    r"[】\])]? ?[:为]? ?\Z"
)
_BEGINS = re.compile(r" ?(?:起|开始|以来|以后|之后|后|至今|相比|的?基[数础])")
_DONE = re.compile(
    r"[,， ]?(?:力争|确保|争取|全面|基本|全部|如期|正式)?"
    r"(?:完成|建成|竣工|投用|投产|投入|通车|实现|达到|开通|验收|上线|出台)(?![了过的])"
)
_PHRASE_END = re.compile(r" ?(?:[,，。;；、)\n]|\Z)")
_SPANNED = re.compile(r" ?(?:[,，。;；、\n]|期间|每年|年均|累计|共|分|\Z)")
_PLACED = re.compile(r"[于在:(] ?\Z")
_TAIL = re.compile(r"[;；,，:、] ?\Z")
_CELL_START, _CELL_END = re.compile(r"(?:\A|[\t|\n]) *\Z"), re.compile(r" *(?:\Z|[\t|\n])")
_OTHER_YEAR = re.compile(r"[学财去上前往历同整几多两半近数周然度全] ?\Z")  # 去年底, 学年内
_STOP = re.compile("[。\n]")

_PLAN = re.compile(  # “十四五”期间
    rf"[“\"「]?(?P<plan>十[一二三四五六七八九]?)五[”\"」]?(?:规划)?(?:时?期)?{GAP}(?:期间|期?末|期?内)(?!的)"
)
_MONTHLY = re.compile(rf"(?:每个?月|次月|当月)的?(?:(?P<day>{DAY})[日号]|[底末])(?:之|以)?前")
_ALL_YEAR = re.compile(r"(?:\A|(?<=[\t|\n])) *(全年) *(?=\Z|[\t|\n])")


def read_deadlines(text: str, year: int | None = None, *, row: bool = False) -> list[Deadline]:
    """The deadlines of a folded text, in its order, without overlaps.

    `year` completes dates without one; days before it are past and left out. Without it such a
    date is `--06-30`; so is one of every year (每年6月底前), with the unit 每年; one of every month is
    `---25`. In a `row` of a table a cell that is a date is a deadline.
    """
    found = [*_dated(text, year, row), *read_limits(text), *_planned(text), *_monthly(text)]
    if row and year:
        found += [Deadline(*cell.span(1), f"{year}-12-31", "") for cell in _ALL_YEAR.finditer(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Deadline] = []
    for one in found:
        past = year and one.value[:4].isdigit() and int(one.value[:4]) < year
        if not past and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept


def _dated(text: str, year: int | None, row: bool) -> Iterator[Deadline]:
    known, at = None, 0  # the year of the deadline before, in the same sentence
    for period in read_periods(text, year):
        if _STOP.search(text, at, period.start):
            known = None
        at = period.end
        before = text[max(period.start - 24, 0) : period.start]
        until = _UNTIL.match(text, period.end) or WITHIN.match(text, period.end)
        if not _is_deadline(text, period, before, until, year, row):
            continue
        own = None if period.yearly else period.year or known or year
        early = until is not None and "前" in until[0] and not (period.edge or period.ranged)
        value = iso(period, own, before=early)
        if value:
            known = period.year or known
            towards = _TOWARDS.search(before) and _PRINTED_TOO.search(before)
            start = period.start - (len(towards[0]) if towards else 0)
            end = until.end() if until else period.end
            yield Deadline(start, end, value, "每年" if period.yearly else "")


def _is_deadline(
    text: str,
    period: Period,
    before: str,
    until: re.Match[str] | None,
    year: int | None,
    row: bool,
) -> bool:
    if _BEGINS.match(text, period.end) or (until and _WAS.match(text, until.end())):
        return False
    if _IN_FORCE.search(before) and not until:
        return False
    if _AS_OF.search(before):
        return bool(year and period.year and period.year > year)
    other = _OTHER_YEAR if period.bare else _BASE
    if not period.ranged and other.search(before):
        return False
    if until or _LABEL.search(before):
        return True
    if _TOWARDS.search(before):
        return not text.startswith("的", period.end) or _PRINTED_TOO.search(before) is not None
    if row and _CELL_START.search(before) and _CELL_END.match(text, period.end):
        return True
    if text[period.end : period.end + 1] == ")" and _TAIL.search(before):  # (责任单位:A;2025年6月)
        return True
    return not period.numeric and _ends_something(text, period, before, year)


def _ends_something(text: str, period: Period, before: str, year: int | None) -> bool:
    """Without a limiting word: an end (2025年底), a range, a half or quarter of a printed year, or
    what is done then (2025年6月建成)."""
    done = period.size is not Size.DAY and _DONE.match(text, period.end) is not None
    dated = year is not None and period.year is not None and text[period.start] not in "今本明"
    if period.size is Size.YEAR and not (period.edge or period.ranged):
        return done and dated
    if period.bare:
        return done or _PHRASE_END.match(text, period.end) is not None
    if period.ranged:
        if period.size is Size.YEAR:  # 行动计划(2024-2026年)
            spanned = _SPANNED.match(text, period.end) and not before.rstrip().endswith("(")
            return dated and bool(spanned or done)
        return dated or (period.size is Size.DAY and _PLACED.search(before) is not None)
    return period.edge or done or (dated and period.size in (Size.QUARTER, Size.HALF))


def _planned(text: str) -> Iterator[Deadline]:
    """Five-year plans: the tenth ended in 2005."""
    for found in _PLAN.finditer(text):
        last = 1955 + 5 * (to_int(found["plan"]) or 0)
        yield Deadline(*found.span(), f"{last}-12-31", "")


def _monthly(text: str) -> Iterator[Deadline]:
    for found in _MONTHLY.finditer(text):
        day = to_int(found["day"]) if found["day"] else 31
        yield Deadline(*found.span(), f"---{day:02d}", "每月")
