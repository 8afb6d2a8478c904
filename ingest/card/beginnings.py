"""Where a document begins in its text, and where its body begins.

A page saved with its menus has lines before the document; a press page has buttons between.
"""

from __future__ import annotations

import re

from ingest.card.compact import squeeze
from ingest.card.dates import DAY, without_time
from ingest.card.lines import Line, Lines
from ingest.card.titles import clean

MENU = 300  # lines of a menu at most
LONGEST = 200  # characters of a line that is none of the body
BODY = re.compile(
    r"第[一1](?:[条章节编篇]|部分)|[一1](?:、|\.(?!\d))|\([一1]\)|目录$|前言$|各位代表|同志们"
)
NOTED = re.compile(
    rf"^(?:【.{{1,4}}】)?\(?(?:根据|-+|自)?\(?{DAY}"
)  # a note of the document's making
_SILENT = re.compile(
    r"[-_=#·.<>|【】〔〕()《》+×↺\d/\[\],:]+$|<!--.*-->$|【?字[号体]|第\d+页|A[+-]?[大中小]?$|共印|[(【]此件"
    r"|[大中小]】?$|加大|还原|减小|打印|下载|全屏|收藏|分享|听全文|基本信息$|无障碍|【打印】"
)
_CRUMB = re.compile(r"^[\[【]?您?(?:当前|现在|所在)*(?:所在)?的?位置")


def begin(lines: Lines) -> int:
    """The number of the line where the document begins, behind the menus of a saved page."""
    for number in range(min(len(lines), MENU)):
        if "位置" in lines.raw(number)[:30] and _CRUMB.match(lines[number].plain):
            return min(_behind_crumbs(lines, number + 1), len(lines) - 1)
    title = clean(lines[0].text)
    names = {lines[0].plain, squeeze(title)}
    opening = tuple({lines[0].text[:2], title[:2]})
    for number in range(9, min(len(lines), MENU)):
        words = lines.raw(number).lstrip(" \t\u3000#*")
        if words.startswith(opening) and lines[number].plain in names:
            between = lines.some(1, number)
            if any(len(one.plain) > 80 or BODY.match(one.plain) for one in between):
                return 0
            return number
    return 0


def is_silent(line: Line) -> bool:
    """Whether a line says nothing of the document: a rule, a page number, a button."""
    if len(line.plain) > 24 or not _SILENT.match(line.plain):
        return False
    return not NOTED.match(without_time(line.text))


def opens_body(line: Line) -> bool:
    """Whether a line is of the body: a numbered item, or a sentence."""
    if BODY.match(line.plain) or len(line.plain) > LONGEST:
        return True
    return len(line.plain) > 40 and ("。" in line.plain or line.plain.count(",") > 2)


def _behind_crumbs(lines: Lines, number: int) -> int:
    """The line behind `首页 > 政务公开 > 通知`, which may stand on lines of their own."""

    def marks(at: int) -> str:
        return lines[at].plain if at < len(lines) else ""

    while number < len(lines) and (
        ">" in marks(number) or marks(number - 1).endswith(">") or marks(number + 1).startswith(">")
    ):
        number += 1
    return number
