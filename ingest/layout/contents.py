"""Printed tables of contents among the lines of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LEAST = 3  # entries that make contents without the title 目录; with it two do
_LONGEST_TITLE = 60  # characters with the blanks around it
_BROKEN = 2  # lines that one entry may take before its dots
_TITLE = re.compile(r"目[录次]|CONTENTS", re.IGNORECASE)
_DOTS = r"[.．·•…⋯‥﹒・。_]"
_DASHES = r"[-‐-―－─—]"
_FIGURE = rf"{_DASHES}*\s*[(（]?\s*(?:[\d０-９]{{1,4}}|[ivxIVX]{{1,6}})\s*[)）]?\s*{_DASHES}*"
_LED = re.compile(rf"(?:{_DOTS}\s*){{3,}}(?:{_FIGURE})?$")  # 第一章 总则 ........ 3
_COUNTED = re.compile(rf"(?:\s+|{_DASHES}\s*|[(（]\s*){_FIGURE}$")  # 第一章 总则  (3)
_BLANKS = re.compile(r"\s+")


def contents(lines: Sequence[str]) -> set[int]:
    """Which lines belong to printed contents, the line 目录 among them.

    An entry has leader dots or a page number at its end, or comes again later as a line of its
    own. A word 目录 that no entries follow is no contents.
    """
    begins = [at for at, line in enumerate(lines) if _is_title(line) or _is_led(line)]
    words = [_words(line) for line in lines] if begins else []
    last = {text: at for at, text in enumerate(words)}
    found: set[int] = set()
    for at in begins:
        if at in found:
            continue
        if _is_title(lines[at]):
            run = _entries(lines, words, last, at + 1)
            if len(run) > 1:
                found |= {at, *range(at + 1, max(run) + 1)}
        else:
            run = _entries(lines, words, {}, at)
            if len(run) >= _LEAST:
                found |= set(range(at, max(run) + 1))
    return found


def _entries(
    lines: Sequence[str], words: Sequence[str], last: dict[str, int], start: int
) -> list[int]:
    """The lines that end an entry, from `start` as long as entries go on."""
    run: list[int] = []
    known: set[str] = set()
    missed = 0
    for at in range(start, len(lines)):
        line, word = lines[at].strip(), words[at]
        if not word:
            continue
        led = _is_led(line)
        if word in known and not led:  # the first heading of the text itself
            break
        if led or _COUNTED.search(line) or last.get(word, at) > at:
            run.append(at)
            known.add(word)
            missed = 0
        elif missed == _BROKEN:
            break
        else:
            missed += 1
    return run


def _is_title(line: str) -> bool:
    return len(line) < _LONGEST_TITLE and bool(_TITLE.fullmatch(_BLANKS.sub("", line).strip("*#")))


def _is_led(line: str) -> bool:
    return _LED.search(line.rstrip()) is not None


def _words(line: str) -> str:
    """What an entry says, without its dots, its page number, blanks and Markdown marks."""
    bare = _COUNTED.sub("", _LED.sub("", line.strip().strip("*#- ")))
    return _BLANKS.sub("", bare)
