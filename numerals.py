"""Chinese and Arabic numerals as integers, and back. Pure; standard library only.

Values up to 亿 as in GB/T 15835; circled and full-width digits are read too.
"""

from __future__ import annotations

import unicodedata

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}

CHINESE_DIGITS = "〇零○一二两三四五六七八九十百千万亿"


def to_int(numeral: str) -> int | None:
    """The value of `十二`, `二〇二四`, `12`, `１２` or `⑫`; None for anything else.

    >>> [to_int(n) for n in ("十", "二十一", "一百零五", "二〇二四", "⑫", "３", "三点五")]
    [10, 21, 105, 2024, 12, 3, None]
    """
    plain = unicodedata.normalize("NFKC", numeral.strip()) if numeral else ""
    if plain.isascii() and plain.isdigit():
        return int(plain)
    if not plain or any(c not in CHINESE_DIGITS for c in plain):
        return None
    if all(c in _DIGITS for c in plain):
        return int("".join(str(_DIGITS[c]) for c in plain))
    return _positional(plain)


def _positional(numeral: str) -> int:
    total = group = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            group += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            total = (total + group + digit) * _GROUPS[char]
            group = digit = 0
    return total + group + digit


def to_chinese(value: int) -> str:
    """A value from 0 to 99 in Chinese, as section numbers print it.

    >>> [to_chinese(n) for n in (0, 4, 10, 12, 20, 45)]
    ['〇', '四', '十', '十二', '二十', '四十五']
    """
    if not 0 <= value < 100:
        raise ValueError(f"to_chinese takes 0 to 99, not {value}")
    tens, ones = divmod(value, 10)
    names = "〇一二三四五六七八九"
    if not tens:
        return names[ones]
    return ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")
