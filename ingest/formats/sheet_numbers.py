"""Numbers, dates and times as a spreadsheet shows them, by their number format.

The codes are those of ECMA-376-1, 18.8.30 and 18.8.31, as Excel and WPS show them on a Chinese
system.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from numerals import to_chinese

GENERAL = "General"
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
    32: "h时mm分", 33: "h时mm分ss秒", 34: "上午/下午h时mm分", 35: "上午/下午h时mm分ss秒",
    36: "yyyy年m月", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日",
    55: "上午/下午h时mm分", 56: "上午/下午h时mm分ss秒", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_SYSTEM = {"[$-F800]": "yyyy年m月d日", "[$-F400]": "h:mm:ss"}  # the long forms that Windows sets
_IN_CHINESE = {"mmm": ("m", '"月"'), "ddd": ('"周"', "aaa"), "dddd": ("aaaa",)}  # with [$-804]
_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P|上午/下午|y+|e+(?![+-])|m+|d+|h+|s+(?:\.0+)?'
    r"|aaaa?|[0#?][0#?.,]*(?:E[+-]0+)?|\.0+|.",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = re.compile(r"[0#?.]")
_WEEKDAYS = "一二三四五六日"
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LAST_DAY = 2_958_465  # 9999-12-31
_MOST_PLACES = 30  # of a fraction, as Excel allows
_CONTEXT = Context(prec=400)  # holds any number of eight bytes with that many places


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as its format code shows it; one that the code cannot show, as `General` does.

    `since_1904` says that the workbook counts its days from 1904.

    >>> shown(0.853, "0.0%"), shown(45657, "yyyy年m月d日"), shown(1.0, "General")
    ('85.3%', '2024年12月31日', '1')
    >>> shown(-1234.5, "#,##0.00_ "), shown(45657, "[DBNum1]yyyy年m月")
    ('-1,234.50', '二〇二四年十二月')
    """
    if not math.isfinite(value):
        return str(value)
    for mark, meant in _SYSTEM.items():
        code = meant if code.upper().startswith(mark) else code
    section, signed = _section(code, value)
    tokens = [token for token in _TOKEN.findall(section) if token[0] not in "_*"]
    chinese = any(token.upper().startswith("[DBNUM1]") for token in tokens)
    if any("-804]" in token for token in tokens):
        tokens = [part for token in tokens for part in _IN_CHINESE.get(token.lower(), (token,))]
    if any(map(_is_of_time, tokens)):
        day = value + 1462 if since_1904 else value
        return _time(day, tokens, chinese) if 0 <= day <= _LAST_DAY else general(value)
    return _number(value if signed else abs(value), tokens, chinese)


def general(value: float) -> str:
    """A number without a format: at most eleven characters of a fraction, whole ones in full.

    >>> general(2.0), general(1 / 3), general(12345678901234.0), general(0.1 + 0.2)
    ('2', '0.333333333', '12345678901234', '0.3')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if not 1e-4 <= abs(value) < 1e11:
        mantissa, exponent = f"{value:.5E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    places = max(0, 10 - len(str(int(abs(value)))))
    text = f"{_rounded(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(code: str, value: float) -> tuple[str, bool]:
    """The part of a code for a value, and whether the sign is still to be printed."""
    parts = [""]
    for token in _TOKEN.findall(code):
        if token == ";":
            parts.append("")
        else:
            parts[-1] += token
    parts = [part for part in parts if "@" not in part] or parts  # which is the part for texts
    conditions = [_CONDITION.search(part) for part in parts]
    if any(conditions):
        for part, condition in zip(parts, conditions, strict=True):
            if condition is None or _holds(value, condition[1], float(condition[2])):
                return part, True
    if value < 0 and len(parts) > 1:
        return parts[1], False
    return (parts[2], True) if value == 0 and len(parts) > 2 else (parts[0], True)


def _holds(value: float, sign: str, bound: float) -> bool:
    return (
        (value < bound and "<" in sign)
        or (value > bound and ">" in sign)
        or (value == bound and "=" in sign)
    )


def _is_of_time(token: str) -> bool:
    return bool(_ELAPSED.match(token)) or (
        token[0] in "yYmMdDhHsS" or token.lower() in ("aaa", "aaaa", "am/pm", "a/p", "上午/下午")
    )


def _literal(token: str) -> str:
    """What a token prints as it stands: text in quotes, behind a backslash, or a plain character."""
    if token.startswith('"'):
        return token.strip('"')
    if token.startswith("\\"):
        return token[1:]
    if token.startswith("["):
        return token[2:-1].partition("-")[0] if token.startswith("[$") else ""
    return token


def _number(value: float, tokens: Sequence[str], chinese: bool) -> str:
    fields = [token for token in tokens if token[0] in "0#?." and _DIGITS.search(token)]
    scaled = abs(value) * float(f"1e{2 * tokens.count('%')}")
    if len(fields) > 1 or not math.isfinite(scaled):  # a fraction, a telephone number; out of range
        return general(value)
    pieces = []
    for token in tokens:
        if token.lower() == "general" or token == "@":
            pieces.append(_chinese(scaled) if chinese else general(scaled))
        elif token in fields:
            pieces.append(_digits(scaled, token))
        else:
            pieces.append(_literal(token))
    text = "".join(pieces).strip()
    return f"-{text}" if value < 0 and text else text


def _digits(value: float, field: str) -> str:
    """A value of no sign in placeholders: 0 prints a digit always, # and ? only where there is one."""
    field, exponent, zeros = field.upper().partition("E")
    if exponent:
        return _scientific(value, field, zeros)
    scale = len(field) - len(field.rstrip(","))
    whole, _, part = field.rstrip(",").partition(".")
    places = sum(map(part.count, "0#?"))
    scaled = _rounded(value / float(f"1e{3 * scale}"), places)
    digits, _, fraction = f"{scaled:f}".partition(".")
    fraction = fraction[: part.count("0")] + fraction[part.count("0") :].rstrip("0")
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole and digits:
        digits = f"{int(digits):0{len(digits) + (len(digits) - 1) // 3},}"
    return f"{digits}.{fraction}" if fraction or (part and not places) else digits


def _scientific(value: float, field: str, zeros: str) -> str:
    places = sum(map(field.partition(".")[2].count, "0#?"))
    mantissa, _, power = f"{value:.{places}E}".partition("E")
    sign = "-" if int(power) < 0 else "+" if zeros.startswith("+") else ""
    return f"{mantissa}E{sign}{abs(int(power)):0{len(zeros) - 1}}"


def _rounded(value: float, places: int) -> Decimal:
    """Rounded as people do, half away from zero, on the fifteen digits that a spreadsheet keeps."""
    unit = Decimal(1).scaleb(-min(places, _MOST_PLACES))
    return Decimal(f"{value:.15g}").quantize(unit, ROUND_HALF_UP, _CONTEXT)


def _chinese(value: float) -> str:
    return to_chinese(int(value)) if value == int(value) and value < 100 else general(value)


def _time(days: float, tokens: Sequence[str], chinese: bool) -> str:
    moment = datetime(1899, 12, 31 if days < 60 else 30) + timedelta(seconds=round(days * 86400))
    noon = any(token.lower() in ("am/pm", "a/p", "上午/下午") for token in tokens)
    pieces = []
    for place, token in enumerate(tokens):
        if token[0] in "mM" and len(token) < 3 and _is_minute(tokens, place):
            pieces.append(str(moment.minute).zfill(len(token)))
        elif elapsed := _ELAPSED.match(token):
            pieces.append(_total(days, elapsed[1]))
        elif _is_of_time(token) or token[0] in "eE":
            pieces.append(_part(moment, token.lower(), noon=noon, chinese=chinese))
        else:
            pieces.append(_literal(token))
    return "".join(pieces).strip()


def _is_minute(tokens: Sequence[str], place: int) -> bool:
    """An `m` means minutes behind hours and before seconds."""
    marks = [token.strip("[]")[0].lower() for token in tokens if _is_of_time(token)]
    at = sum(map(_is_of_time, tokens[:place]))
    return "h" in marks[max(0, at - 1) : at] or "s" in marks[at + 1 : at + 2]


def _total(days: float, unit: str) -> str:
    seconds = round(days * 86400)
    per = {"h": 3600, "m": 60, "s": 1}[unit[0].lower()]
    return str(seconds // per).zfill(len(unit))


def _part(moment: datetime, token: str, *, noon: bool, chinese: bool) -> str:
    """A year, month, day, weekday, hour or second as a token asks for it."""
    match token[0]:
        case "y" | "e":
            year = f"{moment.year:04}"[-2 if token in ("y", "yy") else 0 :]
            return year.translate(_CHINESE_DIGITS) if chinese else year
        case "m" | "d" if len(token) > 2:
            names, number = (
                (_MONTHS, moment.month - 1) if token[0] == "m" else (_DAYS, moment.weekday())
            )
            return names.split()[number][: {3: 3, 5: 1}.get(len(token))]
        case "上":
            return "上午" if moment.hour < 12 else "下午"
        case "a" if "/" in token:
            return "AP"[moment.hour >= 12] + ("M" if len(token) > 3 else "")
        case "a":
            return ("星期" if len(token) > 3 else "") + _WEEKDAYS[moment.weekday()]
    hour = (moment.hour - 1) % 12 + 1 if noon else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[token[0]]
    return to_chinese(value) if chinese else str(value).zfill(len(token.partition(".")[0]))
