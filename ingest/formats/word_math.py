"""Equations as one line of text, in the linear form that Word itself offers (Unicode TN 28)."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.formats.word_package import Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SIMPLE = re.compile(r"[\w.%\u4e00-\u9fff]*")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def linear(element: Element) -> str:
    """An equation as a line: a fraction of a+b over c is `(a+b)/c`, a square `x²`."""
    name = element.tag.removeprefix(M) if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    form = _FORMS.get(name)
    return form(element) if form else "".join(linear(child) for child in element)


def raised(text: str) -> str | None:
    """A number as superscript figures: 2 → ²; None for other text."""
    return text.translate(_SUPERSCRIPTS) if text.isascii() and text.isdigit() else None


def _part(element: Element, name: str) -> str:
    child = element.find(f"{M}{name}")
    return "" if child is None else linear(child)


def _property(element: Element, name: str, default: str) -> str:
    found = element.find(f"{M}{element.tag.removeprefix(M)}Pr/{M}{name}")
    return default if found is None else found.get(f"{M}val", default)


def _closed(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _fraction(element: Element) -> str:
    return f"{_closed(_part(element, 'num'))}/{_closed(_part(element, 'den'))}"


def _power(element: Element) -> str:
    exponent = _part(element, "sup")
    return _part(element, "e") + (raised(exponent) or f"^{_closed(exponent)}")


def _indexed(element: Element) -> str:
    return f"{_part(element, 'e')}_{_closed(_part(element, 'sub'))}"


def _indexed_power(element: Element) -> str:
    exponent = _part(element, "sup")
    return _indexed(element) + (raised(exponent) or f"^{_closed(exponent)}")


def _root(element: Element) -> str:
    return f"{_part(element, 'deg')}√{_closed(_part(element, 'e'))}"


def _operator(element: Element) -> str:
    sign = _property(element, "chr", "∫")
    low, high = _part(element, "sub"), _part(element, "sup")
    bounds = (f"_{_closed(low)}" if low else "") + (f"^{_closed(high)}" if high else "")
    return f"{sign}{bounds} {_part(element, 'e')}" if bounds else f"{sign}{_part(element, 'e')}"


def _delimited(element: Element) -> str:
    separator = _property(element, "sepChr", "|")
    inner = separator.join(linear(one) for one in element.findall(f"{M}e"))
    return _property(element, "begChr", "(") + inner + _property(element, "endChr", ")")


def _limit(sign: str) -> Callable[[Element], str]:
    return lambda element: f"{_part(element, 'e')}{sign}{_closed(_part(element, 'lim'))}"


def _rows(element: Element) -> str:
    return " ".join("".join(linear(child) for child in row) for row in element.findall(f"{M}e"))


def _matrix(element: Element) -> str:
    rows = element.findall(f"{M}mr")
    return " ".join(" ".join(linear(one) for one in row.findall(f"{M}e")) for row in rows)


_FORMS: dict[str, Callable[[Element], str]] = {
    "f": _fraction,
    "sSup": _power,
    "sSub": _indexed,
    "sSubSup": _indexed_power,
    "rad": _root,
    "nary": _operator,
    "d": _delimited,
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "eqArr": _rows,
    "m": _matrix,
}
