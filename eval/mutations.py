"""Wrong sentences made of true ones: one thing is changed, and what results is said nowhere. Pure.

Each mutation takes a true sentence and gives a wrong one, or None where it has nothing to change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from numerals import to_chinese, to_int
from qa.checking.bearing import quote
from qa.checking.claims import EXCEPTION, claims_of, plain
from qa.draft import Span, Statement
from qa.knowledge import Knowledge
from qa.wording import whole_span

_MEASURED = (
    r"(?P<measure>平方公里|平方米|公里|个工作日|工作日|个月|小时|个百分点|万元|亿元|万美元|"
    r"美元|元|日|天|年|周|家|所|人|项|条|%|倍|户|件)"
)
_ARABIC = re.compile(r"(?<![\d.,第〔\[(])(?P<value>[1-9]\d{0,5})(?![\d.,年月〕\]):：、．])")
_HAN = re.compile(
    rf"(?<![第一二三四五六七八九十百])(?P<value>[二三四五六七八九十]{{1,3}})(?=个?{_MEASURED})(?!年代)"
)
_WITH_MEASURE = re.compile(rf"(?<![\d.第])\d[\d.,]*[万亿]?{_MEASURED}")
_OTHER_MEASURE = {
    "日": "项", "天": "家", "年": "个月", "个月": "年", "家": "项", "所": "人", "人": "家", "项": "家",
    "条": "家",
    "万元": "亿元", "亿元": "万元", "元": "万元", "%": "倍", "工作日": "个月", "个工作日": "个月",
    "小时": "日",
    "平方公里": "平方米", "平方米": "公顷", "公里": "米", "个百分点": "倍", "万美元": "万元", "美元": "元",
    "倍": "%", "户": "人", "件": "人", "周": "年",
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=年|-\d)")
_DAY = re.compile(r"(?<![\d个])(1[0-2]|[1-9])(?=月(?!内|份内))")
_DOC_NO = re.compile(r"(?<=[〕\])])(\d+)(?=号)")
_VERBS = [
    "支持",
    "推进",
    "推动",
    "应当",
    "可以",
    "给予",
    "牵头",
    "配合",
    "负责",
    "开展",
    "加强",
    "鼓励",
    "建立",
    "完善",
    "实施",
    "落实",
    "提供",
    "纳入",
    "享受",
    "适用",
    "包括",
    "列入",
    "属于",
    "办理",
    "实行",
    "促进",
    "加快",
    "组织",
    "制定",
    "允许",
    "保障",
]
_NOTS = ("不", "未", "不得", "不予")
_OTHER_COMPARISON = {
    "不超过": "超过", "不低于": "低于", "不高于": "高于", "不少于": "少于",
    "不得超过": "可以超过", "不得低于": "可以低于",
    "以上": "以下", "以下": "以上", "以内": "以外", "至少": "至多", "最高": "最低",
    "提高": "降低", "降低": "提高", "压缩": "延长",
    "缩短": "延长", "延长": "缩短", "增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长",
    "提升": "下降", "扩大": "缩小",
    "超过": "不超过", "低于": "高于", "高于": "低于",
}  # fmt: skip
_LIMIT = re.compile(
    r"(?:最[高长多])?(?:不超过|不低于|不高于|不少于|至少|至多|最高|最长)(?=\d)|(?<=[元日天年月人%])(?:以上|以下|以内)"
)
_FRAMED = re.compile("《[^》]*》")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong sentence and how it became wrong."""

    kind: str
    true: Statement
    statement: Statement


Mutation = Callable[[Statement, Knowledge, Random], Statement | None]


def mutated(
    true: Statement, knowledge: Knowledge, chance: Random, kinds: Sequence[str] = ()
) -> list[Wrong]:
    """One wrong sentence of each kind that a true one can be made into."""
    made = []
    for kind, mutation in MUTATIONS.items():
        wrong = mutation(true, knowledge, chance) if not kinds or kind in kinds else None
        if wrong and wrong != true:
            made.append(Wrong(kind, true, wrong))
    return made


def _cited(statement: Statement, knowledge: Knowledge) -> str:
    return plain("\n".join(quote(span, knowledge) for span in statement.spans))


def _one(pattern: re.Pattern[str], text: str, chance: Random) -> re.Match[str] | None:
    """One match outside of titles, drawn by chance."""
    titles = [found.span() for found in _FRAMED.finditer(text)]
    free = [
        found
        for found in pattern.finditer(text)
        if not any(start <= found.start() < end for start, end in titles)
    ]
    return chance.choice(free) if free else None


def _with(statement: Statement, start: int, end: int, words: str) -> Statement:
    return replace(statement, text=statement.text[:start] + words + statement.text[end:])


def _figure(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """Another figure, which the cited words do not have: 60日 told as 83日."""
    found = _one(_ARABIC, true.text, chance) or _one(_HAN, true.text, chance)
    if not found:
        return None
    printed = {one.value for one in claims_of(_cited(true, knowledge)).numbers}
    known = printed | {str(count) for count in true.counts} | {str(to_int(found["value"]))}
    value = next(v for v in iter(lambda: chance.randint(2, 98), 0) if str(v) not in known)
    han = not found["value"][0].isdigit()
    return _with(true, found.start(), found.end(), to_chinese(value) if han else str(value))


def _figure_there(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """Two figures of one sentence in each other's place: 从200日压缩至60日 told as 从60日压缩至200日."""
    found = list(_WITH_MEASURE.finditer(true.text))
    if len({one[0] for one in found}) < 2 or _FRAMED.search(true.text):
        return None
    first = found[0]
    other = next(one for one in found if one[0] != first[0])
    between = true.text[first.end() : other.start()]
    if re.search("[、和及与或/]$|^[、和及与或/]", between) and len(between) < 4:
        return None  # of a list, whose order says nothing
    text = true.text
    swapped = text[: first.start()] + other[0] + between + first[0] + text[other.end() :]
    return replace(true, text=swapped)


def _measure(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """Another measure word: 60日 told as 60项, 50万元 as 50亿元."""
    found = _one(_WITH_MEASURE, true.text, chance)
    if not found:
        return None
    other = _OTHER_MEASURE[found["measure"]]
    wrong = _with(true, found.start("measure"), found.end("measure"), other)
    told = plain(wrong.text[found.start() : found.start("measure") + len(other)])
    return None if told in _cited(true, knowledge) else wrong


def _date(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """Another year or month."""
    cited = _cited(true, knowledge)
    found = _one(_YEAR, true.text, chance)
    if found:
        years = [str(y) for y in range(2000, 2040) if str(y) not in cited]
        return _with(true, found.start(), found.end(), chance.choice(years))
    found = _one(_DAY, true.text, chance)
    if not found:
        return None
    months = [str(m) for m in range(1, 13) if f"{m}月" not in cited and str(m) != found[0]]
    return _with(true, found.start(), found.end(), chance.choice(months)) if months else None


def _doc_no(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    found = _one(_DOC_NO, true.text, chance)
    if not found:
        return None
    return _with(true, found.start(), found.end(), str(int(found[0]) + chance.randint(1, 90)))


def _unit(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """Another unit of the ledger, which the cited words do not have."""
    named = [unit for unit in knowledge.units if unit in true.text]
    cited = _cited(true, knowledge)
    others = [unit for unit in knowledge.units if unit not in cited and unit not in true.text]
    whole = [unit for unit in named if not any(unit in one and unit != one for one in named)]
    if not whole or not others:
        return None
    unit = chance.choice(whole)
    place = true.text.index(unit)
    return _with(true, place, place + len(unit), chance.choice(others))


def _role(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """牵头 and 配合 in each other's place, where the ledger tells them apart."""
    rows = [row for span in true.spans for row in knowledge.own_rows(span.clause_id)]
    named = [row for row in rows if row.unit in true.text]
    if not named or not re.search("牵头|配合", true.text):
        return None
    held = {(row.unit, row.role.value) for row in rows}
    if any((row.unit, _SWAPPED.get(row.role.value)) in held for row in named):
        return None
    swap = {"牵头": "配合", "配合": "牵头"}
    return replace(true, text=re.sub("牵头|配合", lambda found: swap[found[0]], true.text))


_SWAPPED = {"lead": "cooperate", "cooperate": "lead"}


def _not_added(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """A 不 or 未 before a verb."""
    found = _one(re.compile(f"(?<![不未无非没])(?:{'|'.join(_VERBS)})"), true.text, chance)
    return _with(true, found.start(), found.start(), chance.choice(_NOTS)) if found else None


def _not_dropped(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """A negation lost: 不予补贴 told as 补贴."""
    text = plain(true.text)
    titles = [found.span() for found in _FRAMED.finditer(text)]
    denials = [
        one
        for one in claims_of(text).denials
        if len(one.denied) == 2
        and not any(start <= one.start < end for start, end in titles)
        and one.words + one.denied in _cited(true, knowledge)
    ]
    if not denials:
        return None
    one = chance.choice(denials)
    return replace(true, text=text[: one.start] + text[one.end :])


def _exception_added(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    bare = true.text.rstrip("。；;”")
    return None if "除" in true.text else replace(true, text=f"{bare},外商投资企业除外。")


def _exception_dropped(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    found = EXCEPTION.search(true.text)
    if not found or len(true.text) - len(found[0]) < 16:
        return None
    return replace(true, text=(true.text[: found.start()] + true.text[found.end() :]).strip(",，"))


def _comparison(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """The opposite comparison: 不超过 told as 超过, 提高 as 降低."""
    words = "|".join(sorted(_OTHER_COMPARISON, key=len, reverse=True))
    found = _one(re.compile(words), true.text, chance)
    if not found:
        return None
    return _with(true, found.start(), found.end(), _OTHER_COMPARISON[found[0]])


def _limit_dropped(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """不超过30日 told as 30日."""
    found = _one(_LIMIT, true.text, chance)
    return _with(true, found.start(), found.end(), "") if found else None


def _moved(true: Statement, knowledge: Knowledge, chance: Random) -> Statement | None:
    """The citation moved to the clause after, or before; not where that one says the same."""
    clause = knowledge.clauses[true.spans[0].clause_id]
    around = list(knowledge.items({clause.policy_id}, None))
    place = around.index(clause)
    near = [around[at] for at in (place + 1, place - 1) if 0 <= at < len(around)]
    cited = {span.clause_id for span in true.spans}
    for other in near:
        if other.id not in cited and not _says_the_same(true, other.id, knowledge):
            return replace(true, spans=(whole_span(other),))
    return None


def _says_the_same(true: Statement, other_id: str, knowledge: Knowledge) -> bool:
    """Whether another clause, its number and title included, bears the sentence as well."""
    other = knowledge.clauses[other_id]
    title = knowledge.policies[other.policy_id].title
    around = plain("\n".join((title, other.text, other.title, *other.section)))
    core = plain(_FRAMED.sub("", true.text)).strip("。;")
    core = re.sub(r"^[^,:]{0,12}[,:]|\(\d+项\)$", "", core)
    labels = re.findall("“([^”]+)”", core)
    if core in around or (labels and all(label in around for label in labels)):
        return True
    clauses = dict.fromkeys(span.clause_id for span in true.spans)
    told = {(r.unit, r.role) for one in clauses for r in knowledge.rows(one) if r.unit in true.text}
    there = {(row.unit, row.role) for row in knowledge.rows(other_id)}
    return bool(told) and told <= there and not re.search(r"第\d+项", true.text)


MUTATIONS: Mapping[str, Mutation] = {
    "figure": _figure,
    "figure_there": _figure_there,
    "measure": _measure,
    "date": _date,
    "doc_no": _doc_no,
    "unit": _unit,
    "role": _role,
    "not_added": _not_added,
    "not_dropped": _not_dropped,
    "exception_added": _exception_added,
    "exception_dropped": _exception_dropped,
    "comparison": _comparison,
    "limit_dropped": _limit_dropped,
    "moved": _moved,
}

__all__ = ["MUTATIONS", "Span", "Wrong", "mutated"]
