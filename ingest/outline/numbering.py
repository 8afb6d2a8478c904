"""The printed numbers of official documents: one ordered table of styles, read line by line.

The styles follow GB/T 9704-2012, 7.3.3 (一、 (一) 1. (1)), the articles of statutes (第一条) and the
decimal headings of plans (1.2.3). A style tells how a number looks; which one stands above which
is for `ingest/outline/nesting.py` to find out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from domain import ClauseKind
from numerals import CHINESE_DIGITS, to_int

_CN = f"[{CHINESE_DIGITS}]{{1,6}}"
BLANKS = " \t\u3000\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
_GAP = r"[ \u3000\xa0\u2000-\u200a\u202f]"


@dataclass(frozen=True, slots=True)
class Style:
    """One way of printing an item's number.

    `pattern` has the whole printed number, without its dot, as group 1 and its numeral as group 2.
    `kind` is what such an item is. `rank` is its usual place in an outline, outermost 0.
    """

    name: str
    pattern: re.Pattern[str]
    kind: ClauseKind
    rank: int


def _styles(*rows: tuple[str, str, ClauseKind]) -> tuple[Style, ...]:
    return tuple(
        Style(name, re.compile(pattern), kind, rank)
        for rank, (name, pattern, kind) in enumerate(rows)
    )


STYLES = _styles(
    ("attachment", rf"((?:附件|附录|附表){_GAP}*(\d{{1,2}}|{_CN})?)(?:[:：.．、]|(?={_GAP}|\n|$))",
     ClauseKind.ATTACHMENT),
    ("book", rf"(第({_CN}|\d{{1,3}})(?:编|篇|部分))[:：、]?{_GAP}*", ClauseKind.PARAGRAPH),
    ("chapter", rf"(第({_CN}|\d{{1,3}})章){_GAP}*", ClauseKind.PARAGRAPH),
    ("section", rf"(第({_CN}|\d{{1,3}})节){_GAP}*", ClauseKind.PARAGRAPH),
    ("article", rf"(第{_GAP}?({_CN}|\d{{1,6}}){_GAP}?条(?:之{_CN})?)(?:[:：]|(?={_GAP}|[\n【（(*]|$))",
     ClauseKind.PARAGRAPH),
    ("part", rf"(({_CN})){_GAP}?[、.．]", ClauseKind.PARAGRAPH),  # 三、
    ("decimal2", rf"(([1-9１-９]\d?)[.．]\d{{1,2}})(?![.．\dA-Za-z]){_GAP}*",
     ClauseKind.PARAGRAPH),  # 1.2 等级
    ("decimal3", rf"(([1-9１-９]\d?)(?:[.．]\d{{1,2}}){{2}})(?![.．\d]){_GAP}*", ClauseKind.PARAGRAPH),
    ("decimal4", rf"(([1-9１-９]\d?)(?:[.．]\d{{1,2}}){{3}})(?![.．\d]){_GAP}*", ClauseKind.PARAGRAPH),
    ("measure", rf"([(（]({_CN})[)）]|([㈠-㈩]))", ClauseKind.MEASURE),  # (三)
    # 3. and 3、 and 3.5G网络 and 3.2025年, never 3.5万
    ("task", rf"((\d{{1,3}}|[⒈-⒛]))(?:(?<=[⒈-⒛])|{_GAP}*(?:[.．、\ufffd](?!\d)"
             rf"|[.．、](?=\d{{1,2}}[A-Za-z]|(?:19|20)\d\d年)|(?=\u3000)))", ClauseKind.TASK),
    ("sub", r"([(（](\d{1,3})[)）]|([⑴-⒇]))", ClauseKind.PARAGRAPH),  # (3)
    ("half", r"((\d{1,2}))[)）]", ClauseKind.PARAGRAPH),  # 3)
    ("circled", r"(([①-⑳㉑-㉟]))", ClauseKind.PARAGRAPH),
)  # fmt: skip
RANKS: dict[str, float] = {style.name: style.rank for style in STYLES}
RANKS["decimal1"] = RANKS["decimal2"] - 0.5  # the 1 above 1.1

_DECORATION = re.compile(rf"[{BLANKS}]*(?:(#{{1,6}})[{BLANKS}]+|[-*+>][{BLANKS}]+)?(?:\*\*|__)?")
_BOLD = re.compile(r"\*\*|__")
_MAY_OPEN = re.compile(rf"[{BLANKS}#*+>_-]*[第附{CHINESE_DIGITS}\d(（①-⑳㉑-㉟㈠-㈩⒈-⒛⑴-⒇]")
# A number that is spoken of: 第三条规定的…, (一)至(三)项, 二、三产业, 附件1所列
_SPOKEN_OF = (
    r"所|规定|确定|明确|中(?:所|规定|明确)|的|[、和与至或及]\s*(?:第|附件)"  # right behind it
)
_NAMED = frozenset({"book", "chapter", "section", "attachment"})
_REFERENCE = {
    "book": re.compile(_SPOKEN_OF),
    "chapter": re.compile(_SPOKEN_OF),
    "section": re.compile(_SPOKEN_OF),
    "part": re.compile(rf"{_CN}(?:[、类级线等]|者|产业|季度)"),
    "measure": re.compile(r"[至到和或、,，及与]\s*[（(]|[项款](?!目)"),
    "attachment": re.compile(_SPOKEN_OF + "|附件|另"),
    "sub": re.compile(r"[至到和或、,，及与][(（]|[项款目]"),
    "circled": re.compile(r"[至到和或、,，及与][①-⑳]|[项款目]"),
}
_AMOUNT = re.compile(r"[百千万亿]*元|[百千万亿%％‰℃]|平方|公里(?!管)")
_QUANTITY = re.compile(
    r"[百千万亿%％‰℃元角米吨个家人户亩年月日天分倍次项名岁度]|平方|公里|公斤|小时|[~～—\-至]\d"
)


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


def find_marker(line: str, start: int = 0) -> Marker | None:
    """The item number that opens a line, after blanks and Markdown marks; None for plain text.

    With `start`, the number that stands there.
    """
    if not _MAY_OPEN.match(line, start):
        return None
    lead = _DECORATION.match(line, start)
    assert lead is not None  # every part of it is optional
    for style in STYLES:
        found = style.pattern.match(line, lead.end())
        if not found:
            continue
        value = _value(style, found)
        if value is None or _is_reference(style, line, found):
            continue
        bold = _BOLD.match(line, found.end())  # **第一条**　…
        end = bold.end() if bold else found.end()
        end += _blank_run(line, end)
        return Marker(style, found[1], value, found.start(), end, len(lead[1] or ""))
    return None


def _value(style: Style, found: re.Match[str]) -> int | None:
    """What the number counts: the last figure of 1.2.3; 1 for an attachment without a number."""
    if style.name.startswith("decimal"):
        return int(re.split(r"[.．]", found[1])[-1])
    numeral = found[2] or (found.re.groups > 2 and found[3]) or ""
    return to_int(unicodedata.normalize("NFKC", numeral).strip("().")) if numeral else 1


def _is_reference(style: Style, line: str, found: re.Match[str]) -> bool:
    if style.name.startswith("decimal"):
        glued = found.end() == found.end(1)  # 1.2 人员职责 is a heading, 1.2人 a figure
        return bool((_QUANTITY if glued else _AMOUNT).match(line, found.end()))
    end = found.end(1) if style.name in _NAMED else found.end()
    return style.name in _REFERENCE and bool(_REFERENCE[style.name].match(line, end))


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
