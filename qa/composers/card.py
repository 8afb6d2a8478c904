"""What a document says of itself: title, number, dates, to whom, what it ends; with its own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain import AnswerStatus, Policy, PolicyState
from ingest.state import Standing
from numerals import to_chinese
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.knowledge import Knowledge
from qa.reading import Reading
from qa.states import STATE_NAMES
from qa.wording import sentences_of, whole_span

_ACTS = re.compile(r"施\s*行|实\s*施|执\s*行|生\s*效|试\s*行|起\s*效")
_BEGINS = re.compile(rf"(?:之\s*日|即\s*日|当\s*日)\s*起?[^。]{{0,12}}(?:{_ACTS.pattern})")
_ENDS = re.compile(r"有\s*效|失\s*效|到\s*期|届\s*满|(?:行|施)[^。]{0,20}[至到]|试\s*行")
_LASTS = re.compile(
    rf"(?:(?:本[\u4e00-\u9fff]{{1,10}}|起\s*(?:{_ACTS.pattern}))[^。]{{0,30}}|^)"
    r"(?:有\s*效\s*期|试\s*行\s*期|执\s*行\s*期|试\s*行)"
)
_INTERPRETS = re.compile("由([^，。；由]{2,40}?)(?:共同|联合)?(?:负责)?(?:进行)?解释")
_PUT_UP = re.compile(r"(?:是|在)((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
_WIDE = str.maketrans("０１２３４５６７８９○零", "0123456789〇〇")
_EFFECTS = {"repeals": "废止", "replaces": "取代", "amends": "修改"}


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of a card as told, and where the text says so; no place where it does not.

    `reckoned` is the part of it that follows from the text and does not stand there.
    """

    words: str
    places: tuple[Span, ...] = ()
    reckoned: str = ""
    counts: tuple[int, ...] = ()


_Line = Callable[[Policy, Knowledge], _Said]


def card(reading: Reading, context: Context, today: Callable[[], date]) -> Draft:
    """The asked line of each document's card; unsaid where the text does not print it."""
    ids = sorted(context.policies)
    if reading.attribute == "validity":
        told = [_validity(policy_id, context.knowledge, today()) for policy_id in ids]
    else:
        told = [_told(reading.attribute, policy_id, context.knowledge) for policy_id in ids]
    said = sum(known for _, known in told)
    if said == len(told):
        status = AnswerStatus.ANSWERED
    else:
        status = AnswerStatus.PARTIAL if said else AnswerStatus.NOT_STATED
    lines = tuple(statement for statement, _ in told)
    if reading.attribute == "issued" and len(ids) == 1 and said:
        lines = (*_judged(reading.text, context.knowledge.policies[ids[0]]), *lines)
    return Draft(status, lines)


def _judged(asked: str, policy: Policy) -> tuple[Statement, ...]:
    """Yes or no to a date put up for that of the document: 是2023年印发的,对不对."""
    put_up = _PUT_UP.search(asked)
    if not put_up or not policy.issued:
        return ()
    day = (policy.issued.year, policy.issued.month, policy.issued.day)
    holds = all(int(part) == own for part, own in zip(put_up.groups(), day, strict=True) if part)
    return (Statement("是的。" if holds else "不是。"),)


def _told(attribute: str, policy_id: str, knowledge: Knowledge) -> tuple[Statement, bool]:
    """A line of one document's card, and whether its text says it."""
    name, line = _LINES[attribute]
    title = knowledge.title(policy_id)
    said = line(knowledge.policies[policy_id], knowledge)
    if said.words and said.places:
        echoed = (said.reckoned,) if said.reckoned else ()
        return Statement(f"{title}{said.words}。", said.places, said.counts, echoed), True
    as_kept = said.words if said.words.startswith("的") else f"为{said.words}"
    kept = f"；登记{as_kept}" if said.words else ""
    text = f"{title}的原文没有写明{name}{kept}。"
    return Statement(text, _first(policy_id, knowledge), echoed=(said.words,)), False


def printed_line(
    attribute: str, policy_id: str, knowledge: Knowledge
) -> tuple[str, tuple[Span, ...]]:
    """What a document's card says under one of its lines, and where its text prints it.

    Empty, and no place, where the text does not.
    """
    name, line = _LINES[attribute]
    said = line(knowledge.policies[policy_id], knowledge)
    if not said.places:
        return "", ()
    return said.words.removeprefix(f"的{name}是"), said.places


def _validity(policy_id: str, knowledge: Knowledge, day: date) -> tuple[Statement, bool]:
    """Whether a document holds on a day, and whether anything says so."""
    standing = knowledge.state(policy_id, day)
    title, reason = knowledge.title(policy_id), standing.reason
    known = standing.state is not PolicyState.UNKNOWN
    if known:
        text = f"{title}{STATE_NAMES[standing.state]}：{reason}。"
    else:
        text = f"{title}是否有效不能断定：{reason}。"
    places = _of_standing(policy_id, standing, knowledge) or _first(policy_id, knowledge)
    return Statement(text, places, echoed=(reason,)), known


def _of_standing(policy_id: str, standing: Standing, knowledge: Knowledge) -> tuple[Span, ...]:
    """The words behind a state: of the document that ended this one, else of its own dates."""
    for relation in knowledge.relations(policy_id):
        if relation.name in standing.reason and relation.start < relation.end:
            return (_span(relation.by_id, relation.start, relation.end, knowledge),)
    policy = knowledge.policies[policy_id]
    dates = [_effective(policy, knowledge), _expires(policy, knowledge)]
    places = [place for said in dates for place in said.places]
    return tuple(dict.fromkeys(places or _issued(policy, knowledge).places))


def _printed(label: str, value: str | None, policy: Policy, knowledge: Knowledge) -> _Said:
    if not value:
        return _Said("")
    return _Said(f"的{label}是{value}", tuple(_places(value, policy, knowledge)))


def _issued(policy: Policy, knowledge: Knowledge) -> _Said:
    if not policy.issued:
        return _Said("")
    found = _day_pattern(policy.issued).search(policy.text.translate(_WIDE))
    places = (_span(policy.id, found.start(), found.end(), knowledge),) if found else ()
    day = _spoken(policy.issued)
    return _Said(f"的成文日期是{day}", places, day)


def _effective(policy: Policy, knowledge: Knowledge) -> _Said:
    if not policy.effective:
        return _undated(policy, knowledge, _BEGINS)
    places = _sentence(policy, knowledge, policy.effective, _ACTS, _BEGINS)
    day = _spoken(policy.effective)
    return _Said(f"自{day}起施行", places, day)


def _undated(policy: Policy, knowledge: Knowledge, told: re.Pattern[str]) -> _Said:
    """What a document says of a day that cannot be reckoned: 本办法自发布之日起施行."""
    for sentence, span in sentences_of(policy.id, knowledge):
        words = sentence.strip()
        if told.search(words):
            return _Said(f"写明“{words.rstrip('。')}”", (span,))
    return _Said("")


def _expires(policy: Policy, knowledge: Knowledge) -> _Said:
    if not policy.expires:
        return _undated(policy, knowledge, _LASTS)
    places = _sentence(policy, knowledge, policy.expires, _ENDS, _LASTS)
    day = _spoken(policy.expires)
    own = [knowledge.clauses[place.clause_id].words(place.start, place.end) for place in places]
    quoted = (
        f"（原文：“{own[0].strip()}”）"
        if own and not _day_pattern(policy.expires).search(own[0])
        else ""
    )
    return _Said(f"有效期至{day}{quoted}", places, day)


def _addressees(policy: Policy, knowledge: Knowledge) -> _Said:
    if not policy.addressees:
        return _Said("")
    places = [place for name in policy.addressees for place in _places(name, policy, knowledge)]
    return _Said(f"主送{'、'.join(policy.addressees)}", _joined(places, knowledge))


def _attachments(policy: Policy, knowledge: Knowledge) -> _Said:
    titles = policy.attachments
    if not titles:
        return _Said("")
    places = [place for title in titles for place in _places(title, policy, knowledge)]
    listed = "；".join(f"{place}.{title}" for place, title in enumerate(titles, 1))
    counts = tuple(range(1, len(titles) + 1))
    return _Said(f"有{len(titles)}个附件：{listed}", tuple(dict.fromkeys(places)), counts=counts)


def _interpreter(policy: Policy, knowledge: Knowledge) -> _Said:
    """Who says what the document means: 本办法由市教育局负责解释."""
    for sentence, span in sentences_of(policy.id, knowledge):
        found = _INTERPRETS.search("".join(sentence.split()))
        if found:
            return _Said(f"由{found[1]}负责解释", (span,))
    return _Said("")


def _repeals(policy: Policy, knowledge: Knowledge) -> _Said:
    parts = []
    for kind, word in _EFFECTS.items():
        ended = [repeal for repeal in policy.repeals if repeal.kind == kind]
        names = [
            (f"《{one.title}》" if one.title else "") + (f"（{one.doc_no}）" if one.doc_no else "")
            for one in ended
        ]
        if names:
            parts.append(f"{word}{'、'.join(names)}")
    places = [_span(policy.id, one.start, one.end, knowledge) for one in policy.repeals]
    words = "，".join(parts)
    return _Said(words, tuple(dict.fromkeys(places)), words)


_LINES: Mapping[str, tuple[str, _Line]] = {
    "title": ("标题", lambda policy, all_: _printed("标题", policy.title, policy, all_)),
    "doc_no": ("文号", lambda policy, all_: _printed("文号", policy.doc_no, policy, all_)),
    "issuer": ("印发单位", lambda policy, all_: _printed("印发单位", policy.issuer, policy, all_)),
    "issued": ("成文日期", _issued),
    "effective": ("施行日期", _effective),
    "expires": ("有效期", _expires),
    "addressees": ("主送机关", _addressees),
    "attachments": ("附件", _attachments),
    "interpreter": ("由谁解释", _interpreter),
    "repeals": ("废止了哪些文件", _repeals),
}


def _sentence(
    policy: Policy, knowledge: Knowledge, day: date, cue: re.Pattern[str], told: re.Pattern[str]
) -> tuple[Span, ...]:
    """The sentence that prints a day with a cue, else the one from which the day is reckoned."""
    printed = _day_pattern(day)
    reckoned: tuple[Span, ...] = ()
    for sentence, span in sentences_of(policy.id, knowledge):
        words = sentence.translate(_WIDE)
        if printed.search(words) and cue.search(words):
            return (span,)
        if not reckoned and told.search(words):
            reckoned = (span,)
    return reckoned


def _places(words: str, policy: Policy, knowledge: Knowledge) -> Iterator[Span]:
    """Where words stand first in a text, whatever blanks are between their characters."""
    pattern = r"\s*".join(map(re.escape, "".join(words.split())))
    found = re.search(pattern, policy.text)
    if found:
        yield _span(policy.id, found.start(), found.end(), knowledge)


def _joined(places: list[Span], knowledge: Knowledge) -> tuple[Span, ...]:
    """Places of one clause as one, from the first to the last."""
    if len({place.clause_id for place in places}) != 1:
        return tuple(places)
    ends = min(place.start for place in places), max(place.end for place in places)
    return (Span(places[0].clause_id, *ends),)


def _span(policy_id: str, start: int, end: int, knowledge: Knowledge) -> Span:
    clauses = knowledge.items({policy_id}, None)
    return Span(next(c.id for c in clauses if c.start <= start < c.end), start, end)


def _first(policy_id: str, knowledge: Knowledge) -> tuple[Span, ...]:
    return (whole_span(next(knowledge.items({policy_id}, None))),)


def _day_pattern(day: date) -> re.Pattern[str]:
    """A day as documents print it: 2025年6月1日, 2025-06-01, 二〇二五年六月一日."""
    year = f"{day.year}|" + "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    parts = (
        rf"(?<!\d)(?:{year})",
        *(rf"(?:0?{n}(?!\d)|{to_chinese(n)})" for n in (day.month, day.day)),
    )
    marks = (r"\s*[年\-./]\s*", r"\s*[月\-./]\s*", r"\s*日?")
    return re.compile("".join(part + mark for part, mark in zip(parts, marks, strict=True)))


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
