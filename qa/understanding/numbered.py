"""Item numbers in a question: 第8项任务, 任务8, 措施(二), 第二部分, 第8到10项."""

from __future__ import annotations

import re

from numerals import CHINESE_DIGITS, to_int
from qa.patterns import WORDS, cue
from qa.reading import ItemNumber, Numbered
from qa.understanding.scan import Scan

_NOT_A_NUMBER = (  # 任务3项, 任务两份, 任务一共 name no item
    rf"(?![\d{CHINESE_DIGITS}项个家年月日份种类大件共起般些定样直并律体])"
)

_PATTERNS: tuple[tuple[Numbered, re.Pattern[str]], ...] = (
    (Numbered.PART, cue("第(@n)个?大?(?:部分|方面|板块|块|大项|章)")),  # 第二部分
    (
        Numbered.MEASURE,
        cue(
            r"(?:保障)?(?:措施|举措)的?第[(]?([一二三四五六七八九十]|\d)[)]?(?:条|项|点|个)?(?!方面)",
            r"(?:保障)?(?:措施|举措)[(]?([一二三四五六七八九十]|\d)[)]?(?![条项点个方])",
            "[(]([一二三四五六七八九十]{1,3})[)]",  # (二)
            "第(@n)(?:个|条|项)(?:保障)?(?:措施|举措)",  # 第二条措施
        ),
    ),
    (
        Numbered.TASK,
        cue(
            "第(@n)[项件号](?:@item)?",  # 第8项任务
            "第(@n)[个条]?@item",  # 第8个任务
            r"(?<!地铁)(?<!轨交)([1-9]\d{0,2})号(?![线楼院门])(?:@item)?",  # 8号任务
            "(@n)号@item",
            rf"(?:@item|#)第?(@n){_NOT_A_NUMBER}",  # 任务8
            "(?:^|那|再看|看看)(@n)项(?=呢|$)",  # 那12项呢
        ),
    ),
    (Numbered.ARTICLE, cue("第(@n)条")),
    (Numbered.LISTED, cue("第(@n)个|第(@n)(?=呢|是|又|的|$)")),  # 第二个呢
)
_RANGE = cue("第(@n)[项条]?(?:到|至|-|~|—)第?(@n)[项条个](?:@item)?")  # 第8到10项
_SEVERAL = cue("第(@n)项?((?:[、,和及与]第?@n项?)+)[项条个]?(?:@item)?")  # 第8、9项
_LAST = cue(
    "最后(?:那)?一?[项个条件](?:@item)?|倒数第(@n)[项个条件](?:@item)?"
)  # counted from the end
_FIRST = cue("(?<![之以提目当])前(?P<first>@n)[项条](?:@item)?|前(?P<first2>@n)个@item")  # 前三项
_HEAD = cue("头一?[项条](?:@item)?|首[项条](?:@item)?")  # 头一项
_FINAL = cue("(?:最后|后)(?P<last>@n)[项条](?:@item)?|(?:最后|后)(?P<last2>@n)个@item")  # 最后两项
_ONE_OF_TWO = cue(
    "前者|前(?:面(?:那)?)?一个|前面那[个项条]|后者|后(?:面(?:那)?)?一个|后面那[个项条]"
)
_LONGEST_RANGE = 100


def take_numbers(scan: Scan) -> tuple[ItemNumber, ...]:
    """The item numbers of a question, ranges and lists spelled out, in order and each once."""
    numbers: list[ItemNumber] = []
    for found in scan.take(_RANGE):
        first, last = to_int(found[1]), to_int(found[2])
        if first and last and first <= last < first + _LONGEST_RANGE:
            numbers += [ItemNumber(_counted(found), value) for value in range(first, last + 1)]
    for found in scan.take(_SEVERAL):
        numerals = re.findall(WORDS["n"], found[0])
        numbers += [ItemNumber(_counted(found), to_int(numeral) or 0) for numeral in numerals]
    for found in scan.take(_FIRST):
        many = _small(found["first"] or found["first2"])
        numbers += [ItemNumber(_counted(found), value) for value in range(1, many + 1)]
    numbers += [ItemNumber(_counted(found), 1) for found in scan.take(_HEAD)]
    for found in scan.take(_FINAL):
        many = _small(found["last"] or found["last2"])
        numbers += [ItemNumber(_counted(found), -value) for value in range(many, 0, -1)]
    for found in scan.take(_LAST):
        back = to_int(found[1]) if found[1] else 1
        numbers.append(ItemNumber(_counted(found), -(back or 1)))
    for found in scan.take(_ONE_OF_TWO):
        numbers.append(ItemNumber(Numbered.LISTED, 1 if found[0].startswith("前") else -1))
    for series, pattern in _PATTERNS:
        for found in scan.take(pattern):
            value = to_int(next(group for group in found.groups() if group))
            if value is not None:
                numbers.append(ItemNumber(series, value))
    return tuple(dict.fromkeys(numbers))


def _counted(found: re.Match[str]) -> Numbered:
    """Articles where the words say 条, which are tasks where a text has none."""
    return Numbered.ARTICLE if "条" in found[0] else Numbered.TASK


def _small(numeral: str) -> int:
    """The value of a numeral, two of 两; at most the longest range."""
    return min(2 if numeral == "两" else to_int(numeral) or 1, _LONGEST_RANGE)
