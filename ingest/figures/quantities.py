"""Amounts, percentages and counts: printed numbers with what they count.

A number is read exactly, as a decimal: 3,000 and 1.2亿 and 一百五十万 and 1亿5000万. What follows it
decides: a currency, a sign of parts (%, 百分之, 个百分点, 成), or a measure word of the table. Patterns
are for folded text (`ingest.figures.figures`): half-width, one character for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain import FigureKind
from ingest.figures.measures import LARGE, LOOSE, MEASURES, PHYSICAL, PLAIN, UNIT_NAMES
from ingest.figures.scanning import scan
from numerals import to_int

_GAP = " {0,2}"
_ONE = "[一二两三四五六七八九]"
_THOUSAND = "千(?![瓦米克伏卡赫帕])"  # 3千克 is no 3000
_UNDER = rf"(?:{_ONE}?{_THOUSAND}零?)?(?:{_ONE}?百(?!分)零?)?(?:{_ONE}?十)?{_ONE}?"
_CHINESE = (  # 一亿二千万, 两千三百, 三点五, 百分之百
    rf"(?:[〇零](?=点)|(?<=[近超达逾过])(?:万亿?|亿)|(?<=(?<!以)上)(?:万亿?|亿)|(?={_ONE}|十|百(?!分)|{_THOUSAND})(?:{_UNDER}万?亿零?)?(?:{_UNDER}万零?)?{_UNDER})"
    r"(?:点[〇零一二三四五六七八九]{1,6})?"
)
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,8})?(?!\d)"
_NUMBER = re.compile(
    r"(?P<part>(?<![一二两三四五六七八九十百千个])[百千万]分之 ?)?"
    rf"(?:(?<![\dA-Za-z])(?<!\d[.,])(?P<large>\d{{1,5}}(?:\.\d{{1,4}})?[亿万])?(?P<arabic>{_ARABIC})"
    rf"|(?<![一二两三四五六七八九十百千万亿〇零])(?P<chinese>{_CHINESE}))"
    rf"(?:{_GAP}[余多来])?(?:{_GAP}(?P<scale>(?:[十百]|{_THOUSAND})?[万亿]亿?|百(?!分)|{_THOUSAND}))?[余多]?",
    re.ASCII,
)
_FIRST = re.compile("[0-9一二两三四五六七八九十百千万亿〇零]")
_KINDS = {
    "percent": FigureKind.PERCENTAGE,
    "money": FigureKind.AMOUNT,
    "measure": FigureKind.COUNT,
}
_QUOTES = ("“", '"', "‘", "「", "《")
_LARGE_VALUE = 1000
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_PART_SIGNS = {"百": "%", "千": "‰", "万": "‱"}

_TO = re.compile(rf"{_GAP}(?:-{{1,2}}|[至到~]){_GAP}")
_FROM = re.compile(r"(?:\(含\))?以上(?P<under>不足|不满)?")  # 5万元以上20万元以下
_UNDER_WORD = re.compile(r"以下|以内")

_PERCENT = rf"{_GAP}(?P<percent>[%‰‱]|个?百分点)"
_SHARE = re.compile(
    r"(?P<tenths>成)(?P<half>[一二三四五六七八九半])?(?=以[上下内]|左右|[,，。;；、)的多]|\s|\Z)"
)
_CURRENCY = (
    r"元(?:人民币)?(?![旦素首件宝宵月老帅春年器]|化|结构|论|制|方程|材料|区|里|桥)|人民币|美元|美金|港元|港币|欧元|日元|英镑"
    r"|澳门元|澳元|加元|新台币|新加坡元|韩元|卢布|瑞士法郎"
)
_PER = rf"(?:{_GAP}[/·]{_GAP}(?:{PLAIN}|年|月|日|天|小时|分钟|秒|学年|学期|季度|年度|周)){{0,2}}"
_UNIT = re.compile(
    rf"{_PERCENT}|{_GAP}(?P<money>(?:{_CURRENCY}){_PER})|{_GAP}(?P<measure>(?:{MEASURES}){_PER})"
)
_SYMBOL = re.compile(r"(?:US)?\$ ?\Z|[¥￥] ?\Z")
_ORDINAL = re.compile(
    r"(?:第[ \d一二三四五六七八九十百〇零、,和及或至-]*|(?:附件|附表|专栏) ?|届|[A-Za-z]-|\d[时点:] ?)\Z"
)
_HEAD = re.compile(r"(?:\A|\n)[ \t#*]*\Z|[表图] ?\Z")
_RANK = re.compile(r"前 ?\Z")
_LEAST = re.compile(
    r"(?:[不得]少于|不(?:得|能|应)?(?:超过|低于|高于|多于)|至少[\u4e00-\u9fff]{0,4}|最[多少]|[多少]于) ?\Z"
)
_MORE = re.compile(r"(?:超过|达到?|突破|约|共计?|累计|总计|合计|新[增建]|增加|减少) ?\Z")
_BOUND = re.compile(r" ?(?:以上|以下|以内|左右)")
_MEETING = re.compile("全会|会议|全体")
_BEFORE_DASH = re.compile(r"[\d%‰A-Za-z)]")
_ROUND = re.compile(r"[十百千万亿]+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at `[start, end)`; `value` is plain decimal, `low/high` for a range."""

    kind: FigureKind
    start: int
    end: int
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Number:
    """A printed number; `mantissa` is what stands before its 万 or 亿. `part` is the % of 百分之."""

    start: int
    end: int
    mantissa: Decimal
    scale: int
    part: str
    chinese: str

    @property
    def value(self) -> Decimal:
        return self.mantissa * self.scale


@dataclass(frozen=True, slots=True)
class _Unit:
    kind: FigureKind
    name: str
    end: int


def read_quantities(text: str) -> Iterator[Quantity]:
    """The amounts, percentages and counts of a folded text, in its order, without overlaps."""
    numbers = list(scan(_NUMBER, _FIRST, text))
    units = [_unit(text, number) for number in numbers]
    done = 0
    for place, (number, unit) in enumerate(zip(numbers, units, strict=True)):
        if number.start() < done:
            continue
        found = _range(text, numbers[place : place + 2], units[place : place + 2])
        if not found and unit:
            found = _single(text, _number(number), unit)
        if found:
            done = found.end
            yield found


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros behind its point.

    >>> plain(Decimal("5E+6")), plain(Decimal("1.50"))
    ('5000000', '1.5')
    """
    whole = f"{value:f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _number(found: re.Match[str]) -> _Number:
    chinese = found["chinese"] or ""
    if chinese:
        before, _, after = chinese.partition("点")
        digits = "".join(str(to_int(char)) for char in after)
        whole = _scale(before) if before in ("万", "亿", "万亿") else to_int(before)
        mantissa = Decimal(f"{whole}.{digits or 0}")
    else:
        mantissa = Decimal(found["arabic"].replace(",", ""))
    scale = _scale(found["scale"] or "")
    if found["large"]:
        large = Decimal(found["large"][:-1]) * _TENS[found["large"][-1]]
        mantissa, scale = large + mantissa * scale, 1
    part = _PART_SIGNS[found["part"][0]] if found["part"] else ""
    return _Number(found.start(), found.end(), mantissa, scale, part, chinese)


def _scale(words: str) -> int:
    scale = 1
    for word in words:
        scale *= _TENS[word]
    return scale


def _single(text: str, number: _Number, unit: _Unit) -> Quantity | None:
    if not _counts(text, number, unit):
        return None
    if unit.name == "成":
        return _tenths(text, number)
    start, value = number.start, number.value
    if unit.kind is FigureKind.PERCENTAGE and _negative(text, start):
        start, value = start - 1, -value
    return Quantity(unit.kind, start, unit.end, plain(value), unit.name)


def _range(
    text: str, pair: Sequence[re.Match[str]], units: Sequence[_Unit | None]
) -> Quantity | None:
    """10-20万元, 5%至10%, 5万元以上20万元以下: the second number, when it follows the first."""
    own, unit = units[0], units[-1]
    if len(pair) < 2:
        return None
    if own and not unit and pair[0]["part"]:  # 百分之十至二十
        unit = replace(own, end=pair[1].end())
    if not unit or (own and own.name != unit.name):
        return None
    at = own.end if own else pair[0].end()
    joined, over = _TO.match(text, at), _FROM.match(text, at) if own else None
    under = _UNDER_WORD.match(text, unit.end)
    if joined and joined.end() == pair[1].start():
        end = unit.end
    elif over and over.end() == pair[1].start() and (under or over["under"]):
        end = under.end() if under else unit.end
    else:
        return None
    low, high = _number(pair[0]), _number(pair[1])
    shared = not own and low.scale == 1 and not low.part and low.mantissa < high.mantissa
    first = low.mantissa * high.scale if shared else low.value
    if first >= high.value or not _counts(text, low, unit):
        return None
    if unit.name == "成":
        tenths = _tenths(text, high)
        value = tenths and f"{plain(first * 10)}/{tenths.value}"
        return tenths and replace(tenths, start=low.start, value=value or "")
    return Quantity(unit.kind, low.start, end, f"{plain(first)}/{plain(high.value)}", unit.name)


def _unit(text: str, number: re.Match[str]) -> _Unit | None:
    if number["part"]:
        return _Unit(FigureKind.PERCENTAGE, _PART_SIGNS[number["part"][0]], number.end())
    found = _UNIT.match(text, number.end())
    if found:
        name = found[found.lastgroup or 0].replace(" ", "")
        return _Unit(_KINDS[found.lastgroup or ""], UNIT_NAMES.get(name, name), found.end())
    symbol = _SYMBOL.search(text[max(number.start() - 4, 0) : number.start()])
    if symbol:
        name = "美元" if "$" in symbol[0] else "元"
        return _Unit(FigureKind.AMOUNT, name, number.end())
    share = _SHARE.match(text, number.end())
    return _Unit(FigureKind.PERCENTAGE, "成", share.end()) if share else None


def _counts(text: str, number: _Number, unit: _Unit) -> bool:
    """Whether the number says how many: 第3项 and 附件2 个人 do not, nor does 三项制度."""
    before = text[max(number.start - 14, 0) : number.start]
    if _ORDINAL.search(before):
        return False
    if unit.kind is not FigureKind.COUNT:
        return not number.chinese or number.part != "" or _is_figure(number, before)
    spaced = " " in text[number.end : unit.end] and unit.name not in PHYSICAL
    if spaced and _HEAD.search(before):
        return False
    if number.chinese and not _is_figure(number, before):
        return False
    if unit.name in LARGE:
        return number.value >= _LARGE_VALUE
    if number.chinese:
        return _is_counted(text, number, unit, before)
    return not (_RANK.search(before) and unit.name in ("名", "位"))


def _is_figure(number: _Number, before: str) -> bool:
    """百元 and 万家 are words, 近百家 and 三百元 figures; 数百 has no value."""
    if not _ROUND.fullmatch(number.chinese):
        return True
    if number.chinese in ("百", "千"):
        return before.endswith(("近", "上", "超", "达", "逾", "约"))
    return not before.rstrip().endswith(("数", "几", "成", ":", "("))  # (单位:百万元)


def _is_counted(text: str, number: _Number, unit: _Unit, before: str) -> bool:
    """For numbers in Chinese: three or more of something, or a bound such as 至少一次."""
    if number.chinese == "十" and unit.name in ("分", "字"):  # 十分重视, 红十字
        return False
    if unit.name == "次" and _MEETING.match(text, unit.end):  # 十次全会
        return False
    strict = _LEAST.search(before) or _BOUND.match(text, unit.end)
    if strict or unit.name == "倍":
        return True
    if before.endswith(_QUOTES):
        return number.value >= 100
    least = 10 if unit.name in LOOSE and not _MORE.search(before) else 3
    return number.value >= least


def _negative(text: str, start: int) -> bool:
    """A minus sign stands before: -5.2%, not 5%-10%."""
    return text[start - 1 : start] == "-" and not _BEFORE_DASH.match(text[start - 2 : start - 1])


def _tenths(text: str, number: _Number) -> Quantity | None:
    """六成 is 60%, 六成五 65%."""
    if number.value >= 10 or number.scale != 1:
        return None
    shared = _SHARE.match(text, number.end)
    assert shared is not None  # its unit was found by it
    half = 5 if shared["half"] == "半" else to_int(shared["half"] or "〇") or 0
    value = plain(number.value * 10 + half)
    return Quantity(FigureKind.PERCENTAGE, number.start, shared.end(), value, "%")
