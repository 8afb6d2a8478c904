"""Amounts as a question bounds them: 100万元以上, 不超过50万元. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from numerals import CHINESE_DIGITS, to_int
from qa.patterns import cue
from qa.understanding.scan import Scan

_NUMBER = rf"(?P<n>\d[\d,]*(?:\.\d+)?|[{CHINESE_DIGITS}]+)(?P<scale>[百千]?[万亿]|[百千])?元"
_BOUND = cue(
    "(?P<over>超过|高于|大于|多于)?(?P<least>不低于|不少于|至少|达到|满)?(?P<most>不超过|不高于|至多|低于|少于|小于)?"
    rf"{_NUMBER}(?P<after>(?:及|或|（含）)?以[上下内]|之内)?"
)
_OF_ITEMS = cue("@item", "哪些", "哪几[项条个]", "@many@each")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8,
           "百亿": 10**10, "千亿": 10**11}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worth:
    """Bounds on an amount in yuan, as the question says them; `strict` leaves the bound itself out."""

    said: str
    least: str = ""
    most: str = ""
    strict: bool = False

    def holds(self, value: str) -> bool:
        """Whether an amount, or an end of a range of amounts (`100000/200000`), is within bounds."""
        return any(self._within(part) for part in value.split("/"))

    def _within(self, value: str) -> bool:
        try:
            amount = Decimal(value)
        except InvalidOperation:
            return False
        low = Decimal(self.least) if self.least else None
        high = Decimal(self.most) if self.most else None
        if self.strict and amount in (low, high):
            return False
        return (low is None or amount >= low) and (high is None or amount <= high)


def take_worth(scan: Scan) -> Worth | None:
    """The bounds on amounts of a question on items, which leave it; None for none."""
    if not _OF_ITEMS.search(scan.text):
        return None
    for found in _BOUND.finditer(scan.left):
        words = found["after"] or ""
        upper = found["most"] or words.endswith(("下", "内"))
        lower = found["over"] or found["least"] or words.endswith("上")
        number = found["n"].replace(",", "")
        value = Decimal(number) if number[0].isdigit() else Decimal(to_int(number) or 0)
        if not (upper or lower) or not value:
            continue
        scan.blot(found.start(), found.end())
        bound = str((value * _SCALES.get(found["scale"] or "", 1)).normalize())
        strict = found["over"] is not None or found["most"] in ("低于", "少于", "小于")
        return Worth(found[0], "" if upper else bound, bound if upper else "", strict)
    return None
