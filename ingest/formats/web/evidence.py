"""What a single line of a web page says about itself: text of a document, or part of the site."""

from __future__ import annotations

import re
from enum import Enum

from ingest.formats.web import words
from ingest.formats.web.page import Line

_PROSE = re.compile(r"[。；！？，]|[\u4e00-\u9fff)）][,;]|[a-z]{3}[.,;](?: |$)")
_DATED = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
LONGEST_TITLE = 300  # characters; a longer line is no title
SHORT_TITLE = 4  # characters: a shorter one may be a part of any line
_SHORT = 80  # characters; a longer line is text, whatever words stand in it
_TABLE_SHARE = 0.5  # what a character of a table weighs, against one of a sentence


class Where(Enum):
    """Where a line stands: what speaks against it depends on that."""

    BEFORE = 1
    WITHIN = 2
    AFTER = 3


def weight(line: Line) -> float:
    """How much of the line is running text, in characters."""
    unlinked = line.size - line.linked
    if line.table is not None:
        told = is_linked(line) or has_pairs(line)
        return 0.0 if told else unlinked * _TABLE_SHARE
    if unlinked * 2 < line.size or not _PROSE.search(line.text) or is_site(line, Where.AFTER):
        return 0.0
    return float(unlinked)


def is_file(line: Line) -> bool:
    """Whether the line names or links an attachment."""
    return bool(words.ATTACHMENT.match(line.text)) or any(map(words.FILE.search, line.targets))


def is_linked(line: Line) -> bool:
    """Whether most of the line is links."""
    return line.linked * 2 > line.size


def has_pairs(line: Line) -> bool:
    """Whether the line holds metadata: 文号：国发〔2018〕42号, or 文号 in a cell and its value."""
    if any(value for _, value in words.pairs_in(line.text)):
        return True
    cells = [line.text[start:end] for start, end in line.cells]
    return any(words.plain_label(cell) in words.LABELS for cell in cells)


def is_title(text: str, title: str) -> bool:
    """Whether a line is the title, or a large part of it; blanks and marks do not count."""
    line, whole = _bare(text[:LONGEST_TITLE]), _bare(title)
    if len(whole) < SHORT_TITLE:
        return line == whole
    return (line in whole and len(line) * 2 >= len(whole)) or (
        whole in line and len(line) * 2 <= len(whole) * 3
    )


def is_byline(line: Line) -> bool:
    """Whether the line tells of the publication: 发布日期：2024-05-06 来源：市水务局 打印."""
    return line.table is None and (has_pairs(line) or bool(_DATED.match(line.text)))


def is_site(line: Line, where: Where) -> bool:
    """Whether the line belongs to the site: its tools, its paths, its foot."""
    text = line.text
    if line.table is not None or where is Where.WITHIN or is_file(line):
        return False
    if words.is_tools(text) or words.NEIGHBOUR.fullmatch(text):
        return True
    marks = len(words.FOOTER.findall(text)) + len(words.HOST.findall(text))
    if len(text) > _SHORT and not is_linked(line):
        return marks > 1
    if where is Where.BEFORE:
        return bool(words.CRUMBS.fullmatch(text))
    return bool(words.CREDIT.fullmatch(text)) or marks > 1 or (marks == 1 and _is_bare(line))


def is_hosted(line: Line) -> bool:
    """Whether the line names a host, 主办单位：市水务局: in a text it is no foot of the page."""
    hosts = words.HOST.search(line.text) and not words.FOOTER.search(line.text)
    return bool(hosts) and not is_linked(line)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _is_bare(line: Line) -> bool:
    """No sentence: a name, a number, a link."""
    return is_linked(line) or not re.search(r"[。；，]", line.text)
