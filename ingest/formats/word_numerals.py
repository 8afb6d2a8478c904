"""The numerals of automatic numbers, by their name in ECMA-376, 17.18.59 (ST_NumberFormat).

Word and WPS part company beyond the numbers that lists reach. Where Word draws what no Chinese
document would let stand, the Chinese custom counts: 一、二、三 goes on to 一百零一 in every counting
format (Word: 一○一, 百一), and circles go on to 50.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_VALUE = 32_767  # Word counts no further
_LEGAL = (
    ("零", "壹贰叁肆伍陆柒捌玖", "拾佰仟", "万"),
    ("零", "壹貳參肆伍陸柒捌玖", "拾佰仟", "萬"),
)
_PLAIN = ("零", "一二三四五六七八九", "十百千", "万")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PADDED = re.compile(r"(0+1), 0+2, 0+3, \.\.\.")  # 001, 002, 003, ... ([MS-DOCX] 2.4)


def numeral(form: str, value: int) -> str:
    """A value as a format draws it; decimal for one that is not known or has no such value.

    >>> [numeral("chineseCountingThousand", n) for n in (3, 10, 12, 105, 110)]
    ['三', '十', '十二', '一百零五', '一百一十']
    >>> numeral("decimalFullWidth", 12), numeral("001, 002, 003, ...", 7)
    ('１２', '007')
    """
    if not 0 <= value <= MAX_VALUE:
        return str(value)
    padded = _PADDED.fullmatch(form)
    if padded:
        return str(value).zfill(len(padded[1]))
    draw = _FORMS.get(form)
    return (draw(value) if draw else "") or str(value)


def has_number(form: str) -> bool:
    """Whether a level of this format counts at all: bullets and `none` do not."""
    return form not in ("bullet", "none")


def _letters(value: int) -> str:
    """A … Z, AA, BB …: a letter is repeated, as Word does."""
    rounds, letter = divmod(value - 1, 26)
    return chr(ord("A") + letter) * (rounds + 1) if 0 < value <= 780 else ""


def _roman(value: int) -> str:
    drawn = ""
    for size, sign in _ROMAN:
        drawn += sign * (value // size)
        value %= size
    return drawn


def _ordinal(value: int) -> str:
    teen = 10 <= value % 100 <= 20
    return f"{value}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"


def _digits(signs: str) -> Callable[[int], str]:
    return lambda value: "".join(signs[int(digit)] for digit in str(value))


def _listed(*signs: str) -> Callable[[int], str]:
    """A row of signs for 1, 2, 3 …; what lies beyond has none."""
    row = "".join(signs)
    return lambda value: row[value - 1] if 0 < value <= len(row) else ""


def _run(first: str, length: int) -> str:
    """Neighbours in Unicode: ("①", 3) → ①②③."""
    return "".join(chr(ord(first) + i) for i in range(length))


def _counting(zero: str, ones: str, tens: str, myriad: str, value: int, bare: bool) -> str:
    """一千零一十: a numeral with places; `bare` leaves out the 一 of 一十二 at its head."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        head = _counting(zero, ones, tens, myriad, high, bare) + myriad
        tail = _counting(zero, ones, tens, myriad, low, False) if low else ""
        return head + (zero if 0 < low < 1000 else "") + tail
    drawn = gap = ""
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if not digit:
            gap = zero if drawn else ""
            continue
        head = "" if bare and place == 1 and digit == 1 and not drawn else ones[digit - 1]
        drawn += gap + head + (tens[place - 1] if place else "")
        gap = ""
    return drawn or zero


def _thousands(value: int) -> str:
    return _counting(*_PLAIN, value, True)


_CIRCLED = _listed(_run("①", 20), _run("㉑", 15), _run("㊱", 15))
_FULL_WIDTH = _digits("０１２３４５６７８９")
_FORMS: dict[str, Callable[[int], str]] = {
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "ordinal": _ordinal,
    "hex": lambda value: f"{value:X}",
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": _FULL_WIDTH,
    "decimalFullWidth2": _FULL_WIDTH,
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": _listed(_run("⒈", 20)),
    "decimalEnclosedParen": _listed(_run("⑴", 20)),
    "ideographEnclosedCircle": _listed(_run("㈠", 10)),
    "ideographTraditional": _listed(_STEMS),
    "ideographZodiac": _listed(_BRANCHES),
    "ideographZodiacTraditional": lambda value: (
        _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12]
    ),
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": _digits("〇一二三四五六七八九"),
    "taiwaneseDigital": _digits("○一二三四五六七八九"),
    "chineseCounting": _thousands,
    "taiwaneseCounting": _thousands,
    "japaneseCounting": _thousands,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": _thousands,
    "chineseLegalSimplified": lambda value: _counting(*_LEGAL[0], value, False),
    "ideographLegalTraditional": lambda value: _counting(*_LEGAL[1], value, False),
    "numberInDash": lambda value: f"- {value} -",
}
