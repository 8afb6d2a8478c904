"""Text without its blanks and line ends, for patterns that printed lines break anywhere.

Typesetters space a title out (`几 个 问 题`), and a page breaks a date over two lines; a `Compact`
holds what is left without blanks, one character for one, with the way back to the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms
_MARKS = {
    "«": "《",
    "»": "》",
    "﹝": "〔",
    "﹞": "〕",
    "„": "〔",
    "‟": "〕",
    "○": "〇",
    "—": "-",
    "–": "-",
    "―": "-",
}
_TRADITIONAL = str.maketrans(  # the characters of the words that patterns look for
    "號發關於條則辦規劃實見決議廢執廳區縣國務會員長處總門單個與從後間應當據試暫細標綱預釋錄冊導動說書圖類轉復覆終"
    "現對為準開學場鎮鄉團隊聯屆過訂頒簽滿兩將機構給時",
    "号发关于条则办规划实见决议废执厅区县国务会员长处总门单个与从后间应当据试暂细标纲预释录册导动说书图类转复复终"
    "现对为准开学场镇乡团队联届过订颁签满两将机构给时",
)
_FOLD = _ASCII | {ord(mark): ord(plain) for mark, plain in _MARKS.items()} | _TRADITIONAL
_NONE = frozenset(
    " \t\n\r\f\v\xa0\u3000\u2002\u2003\u200b\u200c\u200d\ufeff*|"
)  # * and | of Markdown
_DIGITS = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))}
_BLANKS = re.compile(r"[\s\xa0\u3000\u200b]+")
_UNSEEN = re.compile(r"[*|\u200b-\u200d\ufeff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Compact:
    """`text` is the characters of a part that are no blanks, folded (`fold`); `places[i]` is where its
    character `i` stands."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands, which is not empty."""
        return self.places[start], self.places[end - 1] + 1


def compact(text: str, start: int = 0, end: int | None = None) -> Compact:
    """A part of a text without blanks.

    >>> compact("第 ３\\n号").text
    '第3号'
    """
    stop = len(text) if end is None else min(end, len(text))
    places = tuple(
        at for at in range(max(start, 0), stop) if not (text[at].isspace() or text[at] in _NONE)
    )
    return Compact("".join([text[at] for at in places]).translate(_FOLD), places)


def fold(text: str) -> str:
    """Full-width forms as ASCII, some traditional characters as simplified: one for one."""
    return text.translate(_FOLD)


def squeeze(text: str) -> str:
    """The characters of `compact` alone."""
    return _UNSEEN.sub("", "".join(text.split())).translate(_FOLD)


def printed(text: str) -> str:
    """A name or title as a person reads it: on one line, not spaced out, digits and letters ASCII.

    A blank stays between words of Chinese, as between two units that issue together.

    >>> printed("几 个 问 题 的 通 知"), printed("市民政局　市财政局 2024 年")
    ('几个问题的通知', '市民政局 市财政局2024年')
    """
    joined = "".join(_join(line) + "\n" for line in text.replace("*", "").split("\n"))
    return joined.replace("\n", "").strip().translate(_DIGITS)


def _join(line: str) -> str:
    words = [word for word in _BLANKS.split(line) if word]
    if not words:
        return ""
    pieces = [words[0]]
    for before, word in pairwise(words):
        apart = _HAN.match(before[-1]) and _HAN.match(word[0])
        spaced_out = len(before) == len(word) == 1
        pieces += [" " if apart and not spaced_out else "", word]
    return "".join(pieces)
