"""Dates and lengths of time as official documents print them.

Patterns are for text without blanks (`ingest.card.compact`), since `2 0 2 4 年` and dates broken over
lines are common. Forms: 2024年11月1日, 二〇二四年十一月一日, 2024-11-01, 2024.11.1, 2024/11/1.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from ingest.card.compact import squeeze
from numerals import to_int

_YEAR = r"(?:1[89]|20)\d\d|[一二][一二三四五六七八九〇零OoО]{3}"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"\d{1,2}|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九]"
DAY = rf"(?<!\d)(?:{_YEAR})(?:年|[-./])(?:{_MONTH})(?:月|[-./])(?:{_DAY})(?:日|(?!\d))"
_NUMBER = r"\d{1,3}|[一二两三四五六七八九十百]{1,4}"
LENGTH = rf"(?:{_NUMBER})(?:年(?:零?(?:{_NUMBER})个?月|半)?|个?月|个工作日|日|天)|半年"
_TIME = re.compile(
    r"(?:(?<=日)|\s)\s*\d{1,2}\s*[:：时]\s*\d{2}(?:\s*[:：分]\s*\d{0,2}\s*秒?)?\s*分?\s*$"
)
_PARTS = re.compile(rf"({_YEAR})(?:年|[-./])({_MONTH})(?:月|[-./])({_DAY})")
_LENGTH_PARTS = re.compile(
    rf"(?:(?P<years>{_NUMBER})年)?(?P<half>半年?)?(?:零?(?P<months>{_NUMBER})个?月)?"
    rf"(?:(?P<days>{_NUMBER})[日天])?"
)


def without_time(words: str) -> str:
    """Words without blanks and without the time of day that web pages print behind a date."""
    return squeeze(_TIME.sub("", words))


def read_day(words: str) -> date | None:
    """The first date in some words, blanks or not; None without one, or where none exists such.

    >>> [read_day(words) for words in ("二〇〇四年十月十五日", "2 0 2 4年1 月5日", "2024年13月1日")]
    [datetime.date(2004, 10, 15), datetime.date(2024, 1, 5), None]
    """
    found = _PARTS.search(without_time(words))
    if not found:
        return None
    year, month, day = (_value(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add(day: date, length: str) -> date | None:
    """A day and a length of time (`5年`, `两年零六个月`, `30日`) later; None for working days.

    >>> add(date(2024, 1, 31), "一个月"), add(date(2024, 4, 1), "5年")
    (datetime.date(2024, 2, 29), datetime.date(2029, 4, 1))
    """
    found = _LENGTH_PARTS.fullmatch(length)
    if not found or not length:
        return None
    years, months, days = (_value(found[name] or "0") for name in ("years", "months", "days"))
    total = day.year * 12 + day.month - 1 + years * 12 + months + (6 if found["half"] else 0)
    year, month = divmod(total, 12)
    if year > 9000:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def last_day(first: date, length: str) -> date | None:
    """The last day of a length of time that begins on `first`."""
    after = add(first, length)
    return after - timedelta(days=1) if after else None


def spoken(day: date) -> str:
    """A date as documents print it: 2024年11月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _value(numeral: str) -> int:
    plain = re.sub("[OoО]", "〇", numeral).replace("廿", "二十")
    return to_int(plain) or 0
