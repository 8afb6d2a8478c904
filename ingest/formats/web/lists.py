"""The numbers that a browser draws before the items of an ordered list and the file leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from lxml import etree

from numerals import to_chinese

_TYPED = re.compile(
    r"[\s\u3000]*(?:[(（〔]?[\d\uff10-\uff19一二三四五六七八九十]{1,3}[)）〕、.．]|[①-⑳]|第[\d一二三四五六七八九十百]+[条章节])"
)
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 99


class Numbering:
    """Counts the items of one list; `draw` prints a number of it."""

    def __init__(self, draw: Callable[[int], str], first: int) -> None:
        self._draw = draw
        self._count = first

    def next(self, item: etree._Element) -> str:
        """The number of the next item; the item may set the count by its `value`."""
        value = _integer(item.get("value"))
        number = self._count if value is None else value
        self._count = number + 1
        return self._draw(number)


def numbering_of(element: etree._Element) -> Numbering | None:
    """The numbering of an `ol`; None where none is drawn, or its items bring their own numbers."""
    style = _style_of(element)
    if style == "none" or _is_typed(element):
        return None
    return Numbering(_DRAWN.get(style, _decimal), _integer(element.get("start")) or 1)


def _style_of(element: etree._Element) -> str:
    """The name of a list style, from the `style`, the editor's class or the `type`.

    UEditor, which most government sites write with, draws `custom_cn` 一、 and `custom_num2` (1).
    """
    classes = str(element.get("class", "")).split()
    drawn = [word for word in classes if word in _DRAWN]
    if drawn:
        return drawn[0]
    named = _STYLE.search(str(element.get("style", "")).lower())
    known = [word for word in named[1].split() if word in _DRAWN or word == "none"] if named else []
    if known:
        return known[0]
    return _TYPES.get(element.get("type", ""), "decimal")


def _is_typed(element: etree._Element) -> bool:
    """Whether its first items print a number of their own."""
    items = list(islice(element.iterchildren("li"), 2))
    return any(
        _TYPED.match("".join(islice((t for t in item.itertext() if t.strip()), 4)))
        for item in items
    )


def _integer(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else None


def _decimal(number: int) -> str:
    return f"{number}. "


def _letter(number: int) -> str:
    return f"{_LETTERS[number - 1]}. " if 0 < number <= len(_LETTERS) else _decimal(number)


def _roman(number: int) -> str:
    if not 0 < number <= _MOST // 3:
        return _decimal(number)
    printed = ""
    for value, sign in _ROMAN:
        printed += sign * (number // value)
        number %= value
    return f"{printed}. "


def _chinese(form: str) -> Callable[[int], str]:
    return lambda number: (
        form.format(to_chinese(number)) if 0 < number <= _MOST else _decimal(number)
    )


_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_DRAWN: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "lower-alpha": _letter,
    "lower-latin": _letter,
    "upper-alpha": lambda number: _letter(number).upper(),
    "upper-latin": lambda number: _letter(number).upper(),
    "lower-roman": _roman,
    "upper-roman": lambda number: _roman(number).upper(),
    "cjk-ideographic": _chinese("{}、"),
    "simp-chinese-informal": _chinese("{}、"),
    "trad-chinese-informal": _chinese("{}、"),
    "custom_num": _decimal,
    "custom_num1": lambda number: f"{number}) ",
    "custom_num2": lambda number: f"({number}) ",
    "custom_cn": _chinese("{}、"),
    "custom_cn1": _chinese("{}) "),
    "custom_cn2": _chinese("({}) "),
}
