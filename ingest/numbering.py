"""The printed numbers of official documents: one ordered table of styles, read line by line.

The styles follow GB/T 9704-2012, 7.3.3 (一、 (一) 1. (1)) and the articles of statutes (第一条).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain import ClauseKind
from numerals import CHINESE_DIGITS, to_int

_CN = f"[{CHINESE_DIGITS}]{{1,6}}"


@dataclass(frozen=True, slots=True)
class Style:
    """One way of printing an item's number.

    `pattern` has the whole printed number, without its dot, as group 1 and its numeral as group 2.
    `kind` is what such an item is; None for items that stay inside the clause around them.
    `strong` styles close every other open item: a new chapter ends whatever ran before it.
    """

    name: str
    pattern: re.Pattern[str]
    kind: ClauseKind | None
    strong: bool = False


def _style(name: str, pattern: str, kind: ClauseKind | None, *, strong: bool = False) -> Style:
    return Style(name, re.compile(pattern), kind, strong)


STYLES = (
    _style("chapter", rf"(第({_CN}|\d{{1,3}})[章编篇])[ \u3000]*", ClauseKind.PARAGRAPH, strong=True),
    _style("section", rf"(第({_CN}|\d{{1,3}})节)[ \u3000]*", ClauseKind.PARAGRAPH),
    _style("article", rf"(第({_CN}|\d{{1,6}})条)(?=[ \u3000\n]|$)", ClauseKind.PARAGRAPH),
    _style("attachment", r"(附件(?:[ \u3000]*(\d{1,2}))?)[:：.]?(?=[ \u3000\n]|$)", ClauseKind.ATTACHMENT,
           strong=True),
    _style("part", rf"(({_CN}))[、.．]", ClauseKind.PARAGRAPH, strong=True),  # 三、
    _style("measure", rf"([(（]({_CN})[)）])", ClauseKind.MEASURE),  # (三)
    _style("task", r"((\d{1,3}))[ ]?(?:[.．、](?!\d)|(?=[\u3000]))", ClauseKind.TASK),  # 3. not 3.5
    _style("sub", r"([(（](\d{1,2})[)）])", None),  # (3)
    _style("circled", r"(([①-⑳]))", None),
)  # fmt: skip

BLANKS = " \t\u3000\xa0"
_DECORATION = re.compile(rf"[{BLANKS}]*(?:(#{{1,6}})[{BLANKS}]+|[-*+>][{BLANKS}]+)?(?:\*\*|__)?")
_BOLD = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed item number at the head of a line.

    `start` is where the number stands in the line, `end` where the item's words begin, both
    counted in characters. `depth` is the Markdown heading level in front of it, 0 for none.
    """

    style: Style
    number: str
    value: int
    start: int
    end: int
    depth: int


def find_marker(line: str) -> Marker | None:
    """The item number that opens a line, after blanks and Markdown marks; None for plain text."""
    lead = _DECORATION.match(line)
    assert lead is not None  # every part of it is optional
    for style in STYLES:
        found = style.pattern.match(line, lead.end())
        if not found:
            continue
        value = to_int(found[2]) if found[2] else 1
        if value is not None:
            end = found.end() + _blank_run(line, found.end())
            return Marker(style, found[1], value, found.start(), end, len(lead[1] or ""))
    return None


def markdown_heading(line: str) -> tuple[int, str] | None:
    """Level and words of a Markdown heading line, `## 总则` → (2, "总则"); None for other lines."""
    lead = _DECORATION.match(line)
    if not lead or not lead[1]:
        return None
    return len(lead[1]), plain(line[lead.end() :])


def plain(line: str) -> str:
    """A line's words without bold marks and outer blanks."""
    return _BOLD.sub("", line).strip(BLANKS + "\n")


def bare(text: str) -> str:
    """A text's words without the Markdown marks in front of them either: `## **总则**` → 总则."""
    lead = _DECORATION.match(text)
    assert lead is not None  # every part of it is optional
    return plain(text[lead.end() :])


def _blank_run(line: str, start: int) -> int:
    return len(line[start:]) - len(line[start:].lstrip(BLANKS))
