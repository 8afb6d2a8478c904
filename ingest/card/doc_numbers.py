"""Document numbers (发文字号) in every form that is printed; GB/T 9704-2012, 7.2.5.

Patterns are for text without blanks (`ingest.card.compact`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.card.compact import printed, squeeze
from ingest.card.dates import DAY
from ingest.card.titles import is_complete
from numerals import to_int

_OPEN, _CLOSE = r"[〔\[(【]", r"[〕\])】]"
_BRACKETED = rf"{_OPEN}(?:19|20)\d\d{_CLOSE}"
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百〇零]{1,6})"
_CORE = re.compile(
    "|".join(
        (
            rf"(?:令|公告)?\(?{_BRACKETED}第?{_COUNT}号\)?",  # 〔2018〕42号  令〔2022〕第3号
            rf"(?:令|公告)\(?(?:(?:19|20)\d\d年)?第?{_COUNT}号\)?",  # 令第706号  公告2024年第6号
            rf"(?:(?:19|20)\d\d年)?第?{_COUNT}号(?:令|公告)",  # 第4号令  2024年第6号公告
        )
    )
)
_NAME = re.compile(r"[\u4e00-\u9fff、]{0,80}\Z")
_LEAD = re.compile(r"(?:.*(?:根据|依据|按照|依照|文号|字号|编号|的))?(?:废止|[和及与由、日])*原?")
_ALONE = re.compile(r"原?")  # the name begins its line or bracket: 经开管发〔2020〕1号
_BESIDE = re.compile(rf"{DAY}|[()\[\]:]|发文字号|文号|发布日期|发布|公布|印发|自|起?施行")
_BEHIND = re.compile(r"[(（]([^()（）]*(?:[(（][^()（）]*[)）])?[^()（）]*号)[)）]$")
_COUNTRY = "中华人民共和国"


def doc_numbers(words: str) -> Iterator[tuple[int, int]]:
    """The document numbers in words without blanks, in order, as `[start, end)`.

    What stands before one and is no part of it (`文号`, `原`, `4月14日`) is left out.

    >>> words = "(2022年4月14日中国人民银行令〔2022〕第3号公布"
    >>> [words[start:end] for start, end in doc_numbers(words)]
    ['中国人民银行令〔2022〕第3号']
    """
    done = 0
    for core in _CORE.finditer(words):
        before = _NAME.search(words, max(done, core.start() - 80), core.start())
        name = before[0] if before else ""
        opens = core.start() - len(name)
        lead = (_LEAD if opens and words[opens - 1] not in "(《" else _ALONE).match(name)
        start = opens + (lead.end() if lead else 0)
        end = core.end() - (core[0].count("(") < core[0].count(")"))
        done = core.end()
        if start < core.start() or "令" in core[0] or "公告" in core[0]:
            yield start, end


def number_line(plain: str, *, alone: bool = False) -> tuple[int, int] | None:
    """The number on a line that holds little else but a date, or nothing else where `alone`."""
    span = next(doc_numbers(plain), None)
    if not span or "《" in plain or "。" in plain:
        return None
    title = re.fullmatch(r"\((.+)\)", plain[span[1] :])
    if title and is_complete(title[1]) and not alone:
        return span
    rest = _BESIDE.sub("", plain[: span[0]] + plain[span[1] :])
    return span if len(rest) <= (0 if alone else 6) else None


def split_number(title: str) -> tuple[str, str]:
    """A title and the number that it carries in brackets at its end, empty where none.

    >>> split_number("关于加强管理的通知（银发〔2021〕259号）")
    ('关于加强管理的通知', '银发〔2021〕259号')
    """
    found = _BEHIND.search(title) if title.endswith((")", "）")) else None
    span = next(doc_numbers(squeeze(found[1])), None) if found else None
    if not found or not span or span[0] > 1:
        return title, ""
    return title[: found.start()].strip(), as_printed(found[1], span)


def as_printed(words: str, span: tuple[int, int]) -> str:
    """The number at a span of words without blanks as it is printed, on one line."""
    places = [at for at, char in enumerate(words) if squeeze(char)]
    number = printed(words[places[span[0]] : places[span[1] - 1] + 1])
    return re.sub(r"(?<=[令告])[(（](.+)[)）]$", r"\1", number)


def doc_no_key(doc_no: str) -> str:
    """What is equal for two spellings of one number: brackets, blanks and 第 do not count.

    >>> doc_no_key("国办函[2005]57号"), doc_no_key("国办函〔 2005〕第57号")
    ('国办函2005-57', '国办函2005-57')
    >>> doc_no_key("国务院令第七百零六号"), doc_no_key("中华人民共和国国务院第706号令")
    ('国务院令706', '国务院令706')
    """
    plain = unicodedata.normalize("NFKC", "".join(doc_no.split())).removeprefix(_COUNTRY)
    year = re.search(rf"{_OPEN}((?:19|20)\d\d){_CLOSE}|((?:19|20)\d\d)年", plain)
    count = re.search(r"([\d一二三四五六七八九十百〇零]+)号", plain)
    if not count:
        return plain
    kind = "令" if "令" in plain else "公告" if "公告" in plain else ""
    name = re.split(rf"令|公告|{_OPEN}|第|\d", plain, maxsplit=1)[0].replace("、", "")
    return f"{name}{kind}{(year[1] or year[2]) + '-' if year else ''}{to_int(count[1])}"
