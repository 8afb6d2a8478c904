"""What a document lists as its attachments (附件), as printed; GB/T 9704-2012, 7.3.4.

`附件：1.任务分解表` with the next ones on lines of their own; without such a list, the titles under
the lines `附件1`, `附件2`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.card.compact import printed
from ingest.card.dates import DAY
from ingest.card.lines import Line, Lines
from ingest.card.titles import is_unit
from numerals import to_int

LONGEST = 160  # characters of a line that may name an attachment
MOST = 60  # lines of one list
_COUNT = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
_LIST = re.compile(
    r"附[件录]?\s*(?:[(（][^()（）]*[)）])?\s*[:：](?P<rest>.*)|附[件录]?\s*[(（][^()（）]*[)）]\s*"
)
_HEAD = re.compile(
    rf"附[件录]?\s*(?:(?P<number>{_COUNT})(?:\s*[:：]\s*|\s+|$)|$)(?:[(（][^()（）]*[)）]$)?(?P<rest>.*)"
)
_NUMBER = re.compile(
    rf"附[件录]?\s*(?P<named>{_COUNT})\s*[.．、:：]?\s*(?=\S)|(?P<plain>\d{{1,2}})\s*[.．、]\s*(?=\S)"
)
_FILE = re.compile(
    r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|7z|jpe?g|png|txt|pptx?|tiff?)", re.IGNORECASE
)
_WHOLE = re.compile(
    r"(?:表|单|清单|目录|办法|方案|细则|规定|指南|指引|流程|图|书|名单|标准|说明|报告|模板|格式|样式|意见|计划|要点|预案"
    r"|简介|须知|规范|公约|任务|分工|措施|窗口|网点|函|证|册|汇总|安排|台账|要求)(?:\([^()]*\))*[;；。]?$"
)
_OTHER = re.compile(
    rf"附|\(此件|抄送|主送|联系|公开方式|发布|扫一扫|{DAY}|第[一1][条章]|一、|\(一\)"
)


def read_attachments(lines: Lines, start: int = 0) -> tuple[str, ...]:
    """The titles of the attachments in order, without their numbers; empty where none is named."""
    heads = [
        number
        for number in range(start, len(lines))
        if "附" in lines.raw(number)[:12]
        and lines.length(number) <= LONGEST
        and lines[number].plain.startswith("附")
    ]
    for number in heads:
        found = _LIST.fullmatch(lines[number].text)
        titles = (
            _listed(found["rest"] or "", lines.some(number + 1, number + MOST)) if found else ()
        )
        if titles:
            return titles
    return _headed(lines, heads)


def _listed(first: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """The list that begins with some words on its first line, or on the next where none are."""
    words = [first.strip()] if first.strip() else []
    for line in lines:
        number = _numbered(line.text)
        if number == len(words) + 1 or (number is None and not words and _may_end(line)):
            words.append(line.text)
        elif number is None and words and _runs_on(words[-1], line):
            words[-1] += "\n" + line.text
        else:
            break
    return tuple(title for title in map(_title, words) if title)


def _numbered(words: str) -> int | None:
    found = _NUMBER.match(words.strip())
    return to_int(found["named"] or found["plain"]) if found else None


def _may_end(line: Line) -> bool:
    """A line that ends as the name of an attachment does."""
    ends = _WHOLE.search(line.plain) or _FILE.search(line.plain)
    return bool(ends) and not _OTHER.match(line.plain) and not is_unit(line.plain)


def _runs_on(name: str, line: Line) -> bool:
    """Whether a line ends the name that the line before began."""
    begun = not _WHOLE.search("".join(name.split())) and not _FILE.search(name)
    return begun and _may_end(line) and "。" not in line.plain and len(line.plain) <= 60


def _title(words: str) -> str:
    found = _NUMBER.match(words)
    return printed(words[found.end() :] if found else words).strip(" ;；。、")


def _headed(lines: Lines, heads: Sequence[int]) -> tuple[str, ...]:
    """The titles behind or under 附件1, 附件2 …, wherever they stand; of each number once."""
    titles: dict[str, str] = {}
    for number in heads:
        head = _HEAD.match(lines[number].text)
        if not head:
            continue
        title = head["rest"]
        if not title:
            below = lines.some(number + 1, number + 3)
            title = below[0].text if below else ""
            if len(below) == 2 and _numbered(below[1].text) is None and _runs_on(title, below[1]):
                title += "\n" + below[1].text
        elif not _WHOLE.search("".join(title.split())):
            continue
        if title and len(title) <= 80 and "。" not in title:
            titles.setdefault(head["number"] or "", printed(title))
    return tuple(titles.values())
