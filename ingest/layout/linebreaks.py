"""Where a line of Chinese text can break, and what stands between two lines that are one."""

from __future__ import annotations

import re

from ingest.layout.printed import Line

_CLOSING = "，。、；：？！）》〉」』】〕］…,.;:?!)%％‰℃"
_OPENING = "（(《〈「『【〔［“‘"
_QUOTES = "“”‘’"
_WORD = re.compile(r"[0-9A-Za-z.,:/%+\-=×÷±~≥≤<>#&@_]+")
_LONGEST_WORD = 12  # characters: a longer one is broken anywhere
_ENDS = "。！？；：!?;:"
_CLOSED = "”’）)」』》"
_ADDRESS = re.compile(r"(?:://|www\.|@)\S*$")
_ITEM = re.compile(
    r"(?P<part>第[〇零一二两三四五六七八九十百千\d]{1,6}[章编篇节条])"
    r"|(?P<chinese>[一二三四五六七八九十]{1,4}[、.．])"  # 一、
    r"|(?P<bracket>[（(][一二三四五六七八九十]{1,4}[)）])"  # （一）
    r"|(?P<figure>\d{1,3}(?:[.．](?!\d)|、))"  # 1.  not 2024.11
    r"|(?P<figures>[（(]?\d{1,2}[)）])"  # (1)
    r"|(?P<circled>[①-⑳])"
    r"|(?P<annex>附\s*件)"
    r"|(?P<bullet>[•●■◆▪◇○])"
)


def item_style(text: str) -> str | None:
    """The name of the style of the item number that opens a line; None for other lines."""
    found = _ITEM.match(text)
    return found.lastgroup if found else None


def is_ended(text: str) -> bool:
    """Whether a line ends with the end of a sentence, or with a colon before a list."""
    return text.rstrip(_CLOSED)[-1:] in tuple(_ENDS)


def glue(before: str, after: str) -> str:
    """What stands between two lines that are one: a blank between Latin words, else nothing."""
    last, first = before[-1:], after[:1]
    if not (_is_word(last) and _is_word(first)) or _ADDRESS.search(before):
        return ""
    return " "


def leaves_room(line: Line, following: Line, right: float) -> bool:
    """Whether the next line's first characters would still have fitted before `right`.

    If so, the line ends where it does because its paragraph ends.
    """
    em = max(line.size, following.size)
    wide = (following.x1 - following.x0) / max(width(following.text), 1)
    needed = width(unit(following.text)) * min(wide, em / 2)
    return right - line.x1 > needed + 0.4 * em


def unit(text: str) -> str:
    """The characters at the head of a line that a line break cannot part (UAX 14)."""
    at, joined = 0, True
    while joined and at < len(text):
        while at < len(text) - 1 and text[at] in _OPENING:
            at += 1
        word = _WORD.match(text, at)
        at = min(word.end(), at + _LONGEST_WORD) if word else at + 1
        closed = at
        while at < len(text) and text[at] in _CLOSING + _QUOTES:
            at += 1
        quoted = bool(set(text[closed:at]) & set(_QUOTES))
        joined = quoted or (at > closed and _WORD.match(text, at) is not None)
    return text[:at]


def width(text: str) -> int:
    """The width of a text in halves of a Chinese character: the bytes that GB 18030 has for it."""
    return len(text.encode("gb18030", "replace"))


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
