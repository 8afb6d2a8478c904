"""Plain text and Markdown in any encoding that Chinese documents come in.

UTF-8 and the byte order marks decide by themselves. GB18030 and Big5 give characters for almost
any bytes, so the likelier of the two counts: the one whose common zone holds more of them.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from errors import UnreadableFile
from ingest.document import Cut, Heading, ResidueKind, Source
from ingest.layout.text_tables import read_tables
from ingest.layout.wrapped import cuts

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_CHINESE = ("gb18030", "big5hkscs")
_PLAUSIBLE = -13.5  # log likelihood of a character: official texts have -8, mistaken ones -15
_CERTAIN = -9.0
_FOREIGN = re.compile("[\u0250-\u07ff]")
_REPLACED = "\ufffd"
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile("\r\n|[\r\f\v\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"([\w-]+)\s*[:：=]\s*(.*)")  # title: 方案   title = "方案"
_NO_PAIR = re.compile(r"\s*$|\s+|- |#")  # a blank line, a list under a key, a comment
_HEADING = re.compile(r"^(#{1,6})[ \t]+\S", re.MULTILINE)  # "## 第一章"


@dataclass(frozen=True, slots=True)
class _Zone:
    """Two-byte codes of one kind: lead bytes `first` to `last`, trail bytes from `trail` on.

    `share` is how much of an official text's characters beyond ASCII lie in it, `size` how many
    characters it has.
    """

    first: int
    last: int
    trail: int
    share: float
    size: int

    @property
    def likelihood(self) -> float:
        """The logarithm of how likely one character of the zone is."""
        return math.log(self.share / self.size)


_ZONES = {  # measured on official documents; the first zone that holds a code counts
    "gb18030": (
        _Zone(0xB0, 0xD7, 0xA1, 0.905, 3755),  # GB 2312, level 1
        _Zone(0xA1, 0xA1, 0xA1, 0.046, 94),  # punctuation
        _Zone(0xA3, 0xA3, 0xA1, 0.045, 94),  # full-width letters and figures
        _Zone(0xD8, 0xF7, 0xA1, 0.001, 3008),  # GB 2312, level 2
        _Zone(0xA2, 0xA9, 0xA1, 0.001, 564),  # numbers in circles, other scripts
        _Zone(0x81, 0xFE, 0x40, 0.002, 16_425),  # GBK
    ),
    "big5hkscs": (
        _Zone(0xA4, 0xC6, 0x40, 0.905, 5401),  # level 1
        _Zone(0xA1, 0xA3, 0x40, 0.090, 408),  # punctuation and symbols
        _Zone(0xC9, 0xF9, 0x40, 0.003, 7652),  # level 2
        _Zone(0x87, 0xFE, 0x40, 0.002, 5009),  # the supplement of Hong Kong
    ),
}
_FOUR_BYTES = math.log(1e-4 / 1_587_600)  # GB18030 beyond GBK


def read(data: bytes, name: str) -> Source:
    """A text or Markdown file. Raises `UnreadableFile` where it is no text."""
    text = _INVISIBLE.sub("", decode(data, name)).replace("\xa0", " ")
    block, card = _front_matter(text)
    found = [Cut(0, len(block), ResidueKind.FRONT_MATTER)] if block else []
    tables = read_tables(text)
    if name.lower().endswith(".txt"):
        found += cuts(text)
    return Source(
        text=text,
        cuts=tuple(found),
        tables=tables,
        headings=tuple(
            Heading(line.start(), len(line[1])) for line in _HEADING.finditer(text, pos=len(block))
        ),
        card=card,
    )


def decode(data: bytes, name: str) -> str:
    r"""The characters behind the bytes, with `\n` line ends and no byte order mark.

    Raises `UnreadableFile` where no encoding gives text, with the line where one nearly does.
    """
    encoding = encoding_of(data)
    if encoding is None:
        raise UnreadableFile(f"{name}：{_why_not(data)}")
    return _LINE_ENDS.sub("\n", data.decode(encoding).rstrip("\x1a"))


def encoding_of(data: bytes) -> str | None:
    """The name of the encoding in which the bytes are text; None where there is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding if _decoded(data, encoding) is not None else None
    text = _decoded(data, "utf-8")
    if text is not None and not _is_accident(text, data):
        return "utf-8"
    names = _WIDE if b"\x00" in data else _CHINESE
    texts = {name: text for name in names if (text := _decoded(data, name)) is not None}
    scores = {name: _likelihood(text, name) for name, text in texts.items()}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best and scores[best] >= _PLAUSIBLE else None


def _decoded(data: bytes, encoding: str) -> str | None:
    """The text of the bytes, None where they are none."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if _is_text(text) else None


def _is_text(text: str) -> bool:
    """Text has no null and hardly another control character."""
    return "\x00" not in text and len(_CONTROL.findall(text)) * 100 <= len(text)


def _is_accident(text: str, data: bytes) -> bool:
    """Whether good UTF-8 is rather GB18030: 学校 has the bytes of two Cyrillic letters.

    Letters of Greek, Cyrillic or Arabic and no character from further on is what tells.
    """
    if not _FOREIGN.search(text) or max(text) >= "\u0800":
        return False
    chinese = _decoded(data, "gb18030")
    return chinese is not None and _likelihood(chinese, "gb18030") >= _CERTAIN


def _likelihood(text: str, encoding: str) -> float:
    """The mean log likelihood of the characters beyond ASCII; 0 where there are none."""
    zones = _ZONES.get(encoding, _ZONES["gb18030"])
    codec = encoding if encoding in _ZONES else "gb18030"
    counts = Counter(text)
    beyond = sum(count for char, count in counts.items() if char > "\x7f")
    score = sum(
        _of_code(char.encode(codec, "ignore"), zones) * count
        for char, count in counts.items()
        if char > "\x7f"
    )
    return score / beyond if beyond else 0.0


def _of_code(code: bytes, zones: tuple[_Zone, ...]) -> float:
    if len(code) != 2:
        return _FOUR_BYTES
    for zone in zones:
        if zone.first <= code[0] <= zone.last and code[1] >= zone.trail:
            return zone.likelihood
    return _FOUR_BYTES


def _why_not(data: bytes) -> str:
    """What is wrong: a text with a little damage has its line told, all else is no text."""
    for encoding in ("utf-8", *_CHINESE):
        text = data.decode(encoding, "replace")
        kept = text.replace(_REPLACED, "")
        few = len(text) - len(kept) <= max(1, len(text) // 50)
        if kept and few and _is_text(kept) and _likelihood(kept, encoding) >= _PLAUSIBLE:
            line = _LINE_ENDS.sub("\n", text[: text.find(_REPLACED)]).count("\n") + 1
            return (
                f"第 {line} 行有读不通的字节（按 {encoding.upper()} 读），"
                "文件可能已损坏，请重新下载，或另存为 UTF-8 文本再导入"
            )
    return "不是文本文件（按 UTF-8、GB18030、Big5 都读不通），请另存为纯文本再导入"


def _front_matter(text: str) -> tuple[str, dict[str, str]]:
    """The block at the head and its pairs; nothing where what stands between rules is prose."""
    block = _FRONT_MATTER.match(text)
    lines = block[2].split("\n") if block else []
    card = dict(_pairs(lines))
    if not block or not card:
        return "", {}
    if not all(_PAIR.match(line) or _NO_PAIR.match(line) for line in lines):
        return "", {}
    return block[0], card


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        pair = _PAIR.match(line)
        if pair and (value := pair[2].strip().strip("\"'")):
            yield pair[1], value
