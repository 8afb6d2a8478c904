"""Chinese and Arabic numerals as integers, and back. Pure; standard library only.

Values up to 亿 as in GB/T 15835; circled and full-width digits are read too.
"""

from __future__ import annotations

import unicodedata

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"亿": 100_000_000, "万": 10_000}  # the larger first

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
    return _grouped(plain)


def _grouped(numeral: str) -> int:
    """一亿二千万 is 一 times 亿 and 二千万; each side is read the same way."""
    for sign, group in _GROUPS.items():
        before, found, after = numeral.rpartition(sign)
        if found:
            return _grouped(before) * group + _grouped(after)
    return _under_ten_thousand(numeral)


def _under_ten_thousand(numeral: str) -> int:
    total = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return total + digit


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
