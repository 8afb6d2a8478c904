"""What a text claims that can be checked character by character: figures, dates, document numbers,
who has which role, what is denied, how things compare. Pure; every pattern has an example beside it.

All positions count characters of `plain(text)`: NFKC, without blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from domain import Role
from numerals import CHINESE_DIGITS, to_int

_MEASURE_WORDS = (
    "平方公里 平方千米 平方米 m2 平米 立方米 公顷 亩 公里 千米 厘米 毫米 米 吨 公斤 千克 克 千瓦时 千瓦 兆瓦 "
    "美元 港元 欧元 日元 元 人次 人 百分点 % ‰ 工作日 自然日 个月 小时 学时 季度 分钟 秒 日 天 "
    "年级 年 岁 周岁 周 "
    "家 所 座 栋 幢 处 条 种 类 名 位 次 套 台 架 项 个 届 期 号线 号 倍 户 件 批 组 级 章 节 款 "
    "部 张 份 艘 辆 "
    "间 床 轮 成 折 场 门 篇"
)
_MEASURE = "|".join(sorted(_MEASURE_WORDS.split(), key=len, reverse=True))
_SCALES = {"万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 1000, "百": 100}
_HAN_DIGITS = "〇零○一二三四五六七八九"

_FIGURE = re.compile(
    r"(?P<order>第)?(?:"
    r"(?P<arabic>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<point>\.\d+)?"  # 1,000  50  3.5
    r"(?P<scale>万亿|亿|万|千(?![米瓦克])|百(?!分))?"  # 50万
    rf"(?P<more>[余多几])?个?(?P<measure>{_MEASURE})?"  # 20多个工作日
    rf"|百分之(?P<percent>\d+(?:\.\d+)?|[{CHINESE_DIGITS}点]+)"  # 百分之五十
    rf"|(?P<han>[{CHINESE_DIGITS}]*[一二三四五六七八九十两百千][{CHINESE_DIGITS}]*)"
    rf"(?P<han_more>[余多几])?个?(?P<han_measure>{_MEASURE}))"  # 五年, 三十个工作日
)
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_EDGE = r"(?P<edge>年?底|年?初|年?末|[上下]半年|[上中下]旬|第?[一二三四1-4]季度)?"
_DATES = (
    # 2024年11月1日, 二〇二四年, 2025年底
    re.compile(
        rf"(?P<y>(?<!\d)(?:19|20)\d\d|(?<![{_HAN_DIGITS}])[{_HAN_DIGITS}]{{4}})年度?"
        rf"(?:(?P<m>{_MONTH})月(?:(?P<d>{_DAY})日)?)?{_EDGE}"
    ),
    re.compile(
        r"(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>1[0-2]|0?[1-9])[-./](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
        r"(?P<edge>(?!))?"  # 2024-11-01
    ),
    # 6月30日, 10月底
    re.compile(
        rf"(?P<y>(?!))?(?<![个\d{CHINESE_DIGITS}])(?P<m>{_MONTH})月(?:(?P<d>{_DAY})日)?{_EDGE}"
    ),
)
_DOC_NO = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{0,12})[〔\[(【](?P<year>(?:19|20)\d\d)[〕\])】](?:第|字)?0*(?P<no>\d+)号"
)  # 沪自贸组〔2024〕2号

_SAME_LIMIT = {
    "由": "从", "自": "从", "到": "至", "成": "至", "之内": "以内", "内": "以内", "之前": "前",
    "以前": "前", "之后": "后", "以后": "后", "余": "多", "左右": "左右",
}  # fmt: skip
_BEFORE = re.compile(
    "(?:(?:人民币|等值|[给]予)|(?P<word>不得?(?:超过|高于|低于|多于|少于|大于|小于)|不[满足到]|超过|超出|高于|低于|多于|"
    "少于|大于|小于|至少|至多|最[多少高低长短大小]|约|近|逾|满|从|由|自|到|至|成))$"
)  # 最高不超过
_AFTER = re.compile(
    r"(?:\((?:不?含)[^)]{0,4}\)|及)?"
    r"(?P<word>以上|以下|以内|之内|内|以外|左右|上下|以前|之前|前|以后|之后|后)"
)  # 30日(含)以上

COMPARISONS = [
    "不超过",
    "不高于",
    "不低于",
    "不多于",
    "不少于",
    "不大于",
    "不小于",
    "不得超过",
    "不得低于",
    "不得高于",
    "不得少于",
    "超过",
    "高于",
    "低于",
    "多于",
    "少于",
    "大于",
    "小于",
    "至少",
    "至多",
    "最多",
    "最少",
    "最高",
    "最低",
    "最长",
    "最短",
    "以上",
    "以下",
    "以内",
    "提高",
    "降低",
    "压缩",
    "缩短",
    "延长",
    "增加",
    "减少",
    "增长",
    "下降",
    "上升",
    "提升",
    "扩大",
    "缩小",
    "上浮",
    "下浮",
    "上调",
    "下调",
]
_COMPARISON = re.compile("|".join(sorted(COMPARISONS, key=len, reverse=True)))

_NOT_DENYING = (
    "非(?:常|遗|物质|洲|法|公|盈利|营利|凡|得)|不(?:断|少(?!于)|仅|但|论|管|同|久|一定|妨|良|动产|锈|懈|等|单|只是|尽|光|"
    "息|畏|朽|屈|限)|无(?:人|线|锡|障碍|缝|论|形|偿|害|纸化|穷|限|数|疑|疫|党派|为|产|感)|未(?:来|成年|必)|并非"
)  # 不断, 无人机, 未来
_DENIAL = re.compile(
    rf"(?:{_NOT_DENYING})|(?P<word>(?:不(?!得?(?:超过|高于|低于|多于|少于|大于|小于)|[满足到])|未|没有|没|无|非|"
    "禁止|严禁)(?:得|予以?|能够?|可以?|应当?|再|宜|准|许|需|须|要|会|曾|经|是|被|有)*)"
)  # 不予, 不得, 未经
EXCEPTION = re.compile(
    "[^,。;]{0,40}除外|除[^,。;]{1,40}?(?:以外|之外|(?<![海国户中内])外)(?!资|商|籍|国|贸|汇)|[^,。;]{0,20}另有规定的?"
)  # 除…外, 另有规定的除外

_ROLE_WORDS = {
    "牵头": Role.LEAD, "主办": Role.LEAD, "配合": Role.COOPERATE, "协办": Role.COOPERATE,
    "协助": Role.COOPERATE, "负责": Role.RESPONSIBLE, "责任": Role.RESPONSIBLE,
}  # fmt: skip
_ROLE = "|".join(_ROLE_WORDS)
_ROLE_AFTER = re.compile(
    "(?:等)?(?:单位|部门)?(?:[是为]|作为|按职责分工|按职责|共同|联合|具体|主要|一起|承担|予以|给予|做好|积极|分别|来|全力|"
    rf"参与|统一|总|负责(?=牵头|配合))*(?P<role>{_ROLE})"
)  # 共同牵头, 是牵头单位
_ROLE_BEFORE = re.compile(
    rf"(?P<roles>(?:{_ROLE})[^,。;、:()《》“”]{{0,12}}?(?:单位|部门|的是|最[多少]的[是为]|责任人)?)"
    r"(?:共?\d+[个家]|分别|一共|都|均)*(?:[是为有:]|包括|:)*$"
)  # 牵头单位是
_TO_LAST = re.compile(rf"{_ROLE}")
_JOINING = re.compile("(?:、|和|及|与|以及|,(?=[^牵配责])){1,2}")  # between names of one list


@dataclass(frozen=True, slots=True)
class Number:
    """A figure: its value as a decimal numeral, its measure word, what limits it (不超过, 以内, 从).

    `measure` is empty where none is printed, begins with `第` for an ordinal. `one` marks a bare 一
    before a classifier (一个平台), which counts nothing; `alone` a figure that is a sentence (200日。).
    It stands at `[start, end)`.
    """

    value: str
    measure: str
    limits: frozenset[str]
    words: str
    start: int
    end: int
    one: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told; `edge` is 底, 初, 上半年 or empty."""

    year: int | None
    month: int | None
    day: int | None
    edge: str
    limits: frozenset[str]
    words: str
    start: int
    end: int

    def borne_by(self, other: Day) -> bool:
        """Whether another date says all that this one says."""
        own = (self.year, self.month, self.day, self.edge or None)
        theirs = (other.year, other.month, other.day, other.edge or None)
        told = all(mine is None or mine == one for mine, one in zip(own, theirs, strict=True))
        return told and self.limits <= other.limits


@dataclass(frozen=True, slots=True)
class DocNo:
    """A document number: what stands before its year, the year, the number."""

    body: str
    year: str
    number: str
    words: str

    def borne_by(self, other: DocNo) -> bool:
        """Whether it is the same one; what precedes it in a sentence (根据国发〔2018〕1号) is no part."""
        same = (self.year, self.number) == (other.year, other.number)
        return same and (_shared_end(self.body, other.body) >= min(2, len(other.body)))


@dataclass(frozen=True, slots=True)
class Denial:
    """A negation at `[start, end)`, with the two characters that it denies."""

    start: int
    end: int
    words: str
    denied: str


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a text claims, but names and roles, which need to know the units."""

    text: str
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]
    doc_nos: tuple[DocNo, ...]
    denials: tuple[Denial, ...]
    exceptions: tuple[str, ...]
    comparisons: tuple[tuple[int, str], ...]


def plain(text: str) -> str:
    """NFKC without blanks; line ends stay."""
    return re.sub(r"[^\S\n]", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def claims_of(text: str) -> Claims:
    """The claims of a plain text."""
    bare = list(text)
    doc_nos = tuple(_doc_nos(text, bare))
    days = tuple(_days("".join(bare), bare))
    numbers = tuple(_numbers("".join(bare)))
    denials = tuple(
        Denial(m.start(), m.end(), m[0], _denied(text, m.end()))
        for m in _DENIAL.finditer(text)
        if m["word"]
    )
    exceptions = tuple(m[0] for m in EXCEPTION.finditer(text))
    compared = tuple((m.start(), m[0]) for m in _COMPARISON.finditer(text))
    return Claims(text, numbers, days, doc_nos, denials, exceptions, compared)


def _denied(text: str, start: int) -> str:
    found = re.compile(r"\w{1,2}").match(text, start)
    return found[0] if found else ""


def _doc_nos(text: str, bare: list[str]) -> Iterator[DocNo]:
    for found in _DOC_NO.finditer(text):
        _blank(bare, found.start("year") - 1, found.end())
        yield DocNo(found["body"], found["year"], found["no"], found[0])


def _days(text: str, bare: list[str]) -> Iterator[Day]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if bare[found.start()] == "\0":
                continue
            _blank(bare, found.start(), found.end())
            year, month, day = (_part(found[name]) for name in ("y", "m", "d"))
            edge = (found["edge"] or "").removeprefix("年")
            limits = _limits(text, found.start(), found.end())
            yield Day(year, month, day, edge, limits, found[0], *found.span())


def _part(numeral: str | None) -> int | None:
    return to_int(numeral.replace("○", "〇")) if numeral else None


def _numbers(text: str) -> Iterator[Number]:
    for found in _FIGURE.finditer(text):
        value = _value(found)
        if value is None:
            continue
        measure = found["measure"] or found["han_measure"] or ("%" if found["percent"] else "")
        if not measure and found[0].endswith("个"):
            measure = "个"
        limits = _limits(text, found.start(), found.end())
        if found["more"] or found["han_more"]:
            limits |= {"多"}
        if found["order"]:
            measure = f"第{measure}"
        one = found["han"] == "一" and measure in _CLASSIFIERS
        around = text[max(0, found.start() - 1) : found.start()] + text[found.end() :][:1]
        alone = not around.strip("。\n")
        yield Number(value, measure, limits, found[0], *found.span(), one, alone)


_CLASSIFIERS = frozenset("个批种类项次位名家条套件组部张份台座级处场门篇所轮成")


def _value(found: re.Match[str]) -> str | None:
    if found["arabic"]:
        number = Decimal(found["arabic"].replace(",", "") + (found["point"] or ""))
        return f"{(number * _SCALES.get(found['scale'] or '', 1)).normalize():f}"
    if found["percent"]:
        if found["percent"][0].isdigit():
            return f"{Decimal(found['percent']).normalize():f}"
        whole, _, rest = found["percent"].partition("点")
        digits = "".join(str(to_int(char)) for char in rest)
        value = to_int(whole)
        return None if value is None else f"{value}.{digits}" if digits else str(value)
    value = to_int(found["han"])
    return None if value is None else str(value)


def _limits(text: str, start: int, end: int) -> frozenset[str]:
    """The words that limit what stands at `[start, end)`: 最高不超过 … 以内."""
    words = []
    left = text[max(0, start - 16) : start]
    while found := _BEFORE.search(left):
        left = left[: found.start()]
        words.append(found["word"])
    after = _AFTER.match(text, end)
    if after:
        words.append(after["word"])
    return frozenset(_SAME_LIMIT.get(word, word) for word in words if word)


def _blank(bare: list[str], start: int, end: int) -> None:
    bare[start:end] = "\0" * (end - start)


def _shared_end(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


class Names:
    """Names to be found in a text, the longest at each place."""

    def __init__(self, names: set[str]) -> None:
        self._by_head: dict[str, list[str]] = {}
        for name in sorted(names, key=len, reverse=True):
            if len(name) > 1:
                self._by_head.setdefault(name[:2], []).append(name)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Places of the names in a text, apart from each other, in order."""
        found, place = [], 0
        while place < len(text) - 1:
            names = self._by_head.get(text[place : place + 2], ())
            name = next((name for name in names if text.startswith(name, place)), "")
            if name:
                found.append((place, place + len(name)))
            place += len(name) or 1
        return found


def roles_in(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[str, Role]]:
    """Which of the names at those places are told in which role, lists (A、B和C) as one."""
    lists: list[list[tuple[int, int]]] = []
    for place in places:
        joined = lists and _JOINING.fullmatch(text, lists[-1][-1][1], place[0])
        if joined:
            lists[-1].append(place)
        else:
            lists.append([place])
    for names in lists:
        for role in _roles_of(text, names[0][0], names[-1][1]):
            yield from ((text[start:end], role) for start, end in names)


def _roles_of(text: str, start: int, end: int) -> list[Role]:
    after = _ROLE_AFTER.match(text, end)
    if after:
        return [_ROLE_WORDS[after["role"]]]
    before = _ROLE_BEFORE.search(text, max(0, start - 30), start)
    if not before:
        return []
    return [_ROLE_WORDS[word] for word in _TO_LAST.findall(before["roles"])]
