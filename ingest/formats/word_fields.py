"""Fields whose drawing is not stored as text: circled numbers, form boxes (ECMA-376, 17.16)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.formats.word_numerals import numeral
from ingest.formats.word_package import Element, W, flag, integer, number, value

_CIRCLES = "○〇◯⚪"
_EQUATION = re.compile(r"\s*EQ\b", re.IGNORECASE)
_OVERLAY = re.compile(r"\\o\s*(?:\\\w+\s*)*\(", re.IGNORECASE)
_FRACTION = re.compile(r"\\f\s*\(", re.IGNORECASE)
_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)|\\[A-Za-z]+\d*\s*')
_RAISED = re.compile(r"\\s\s*\\up", re.IGNORECASE)


@dataclass(slots=True)
class Field:
    """An open field: its instruction as read so far, whether its result has begun, and whether
    that holds any text."""

    begin: Element | None
    instruction: list[str] = field(default_factory=list)
    in_result: bool = False
    has_text: bool = False

    @property
    def is_contents(self) -> bool:
        """Whether its result is a table of contents."""
        return re.match(r"\s*TOC\b", "".join(self.instruction)) is not None

    @property
    def is_number(self) -> bool:
        """Whether Word draws a number that the file does not hold: AUTONUM and LISTNUM count."""
        return re.match(r"\s*(?:AUTONUM|LISTNUM)", "".join(self.instruction)) is not None

    def drawn(self) -> str:
        """What Word draws for a field that has no stored result; empty for most."""
        words = "".join(self.instruction)
        if _EQUATION.match(words):
            return equation(words)
        form = None if self.begin is None else self.begin.find(f"{W}ffData")
        return "" if form is None else _form(form)


def equation(instruction: str) -> str:
    """The text that an EQ field draws: Word writes circled numbers and phonetic guides as such.

    >>> equation(r"EQ \\o\\ac(○,11)"), equation(r"eq \\f(a,b)"), equation(r"EQ \\x(甲)")
    ('⑪', 'a/b', '甲')
    """
    words = _EQUATION.sub("", instruction)
    overlay = _OVERLAY.search(words)
    fraction = _FRACTION.search(words)
    if overlay:
        return _overlaid(_arguments(words, overlay.end()))
    if fraction:
        return "/".join(_plain(one) for one in _arguments(words, fraction.end()))
    return _plain(words)


def _overlaid(layers: list[str]) -> str:
    """Layers drawn over each other: a circle and a number, a reading above its character."""
    above = [_plain(one) for one in layers if _RAISED.search(one)]
    below = [_plain(one) for one in layers if not _RAISED.search(one)]
    if above:
        return f"{''.join(below)}（{''.join(above)}）"
    signs = [one for one in below if one not in _CIRCLES]
    inner = integer("".join(signs))
    if inner is not None and len(signs) < len(below):
        return numeral("decimalEnclosedCircle", inner)
    return "".join(signs)


def _arguments(words: str, start: int) -> list[str]:
    """The arguments from behind an opening bracket to the one that closes it."""
    found, depth = [""], 0
    for char in words[start:]:
        if char == ")" and not depth:
            break
        depth += (char == "(") - (char == ")")
        if char in ",;，；" and not depth:
            found.append("")
        else:
            found[-1] += char
    return [one.strip() for one in found]


def _plain(words: str) -> str:
    return _SWITCH.sub("", words).translate(str.maketrans("", "", "()")).strip()


def _form(form: Element) -> str:
    """A box of an old form: ticked or not, or the entry that is chosen from a list."""
    box, entries = form.find(f"{W}checkBox"), form.find(f"{W}ddList")
    if box is not None:
        ticked = flag(box, "checked")
        return "☑" if (flag(box, "default") if ticked is None else ticked) else "□"
    if entries is not None:
        listed = [one.get(f"{W}val", "") for one in entries.findall(f"{W}listEntry")]
        chosen = number(entries, "result") or 0
        return listed[chosen] if 0 <= chosen < len(listed) else value(entries, "listEntry") or ""
    return ""
