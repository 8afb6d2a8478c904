"""Lists of what is put out of force (废止的文件目录), a document a line or a row, without book marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain import Repeal
from ingest.card.compact import printed
from ingest.card.lines import Line, Lines

LONGEST = 200  # characters of a line
LIMIT = 2000  # lines of a list
HEADERS = 3  # lines between the heading of a list and its first entry
_HEADING = re.compile(
    r".{0,30}(?:废止|失效|停止执行|修改)的?.{0,24}(?:目录|清单|一览表|名单)(?:\(.*\))?"
)
_HINT = re.compile(r"(?:废止|失效|停止执行|修改)[^\n]{0,30}(?:目录|清单|一览表|名单)")
_NUMBER = re.compile(
    r"[\s|(（]((?:[\u4e00-\u9fff、]{1,40}[〔\[(（【](?:19|20)\d\d[〕\])）】]\s*第?\s*\d{1,5}\s*号)"
    r"|(?:[\u4e00-\u9fff、]{1,40}令\s*第?\s*\d{1,5}\s*号))"
)
_COUNT = re.compile(r"^(?:[(（]?(?:\d{1,4}|[一二三四五六七八九十百]{1,5})[)）]?\s*[.．、\t ]\s*)")


def read_lists(lines: Lines) -> Iterator[Repeal]:
    """The entries under each heading of such a list, as far as each line holds a number."""
    for hint in _HINT.finditer(lines.source):
        number = lines.number_at(hint.start())
        if lines.length(number) <= LONGEST and _HEADING.fullmatch(lines[number].plain):
            yield from _entries(lines, number + 1, "修改" in lines[number].plain)


def _entries(lines: Lines, first: int, amends: bool) -> Iterator[Repeal]:
    found = 0
    for number in range(first, min(first + LIMIT, len(lines))):
        entry = _entry(lines[number], amends) if lines.length(number) <= LONGEST else None
        if entry:
            found += 1
            yield entry
        elif found or number >= first + HEADERS:
            return


def _entry(line: Line, amends: bool) -> Repeal | None:
    """A line's title and number: they stand in two cells, or the number in brackets."""
    found = _NUMBER.search(line.text)
    if not found or "《" in line.text:
        return None
    title = printed(_COUNT.sub("", line.text[: found.start()].replace("|", " ").strip()))
    kind = "amends" if amends else "repeals"
    return Repeal(kind, title or None, printed(found[1]), line.start, line.end)
