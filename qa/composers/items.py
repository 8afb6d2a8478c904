"""Items by their numbers: what item N says, which document is meant, that there is no such item."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from domain import AnswerStatus, Clause, ClauseKind
from numerals import CHINESE_DIGITS
from qa.context import Context
from qa.draft import Draft, Statement
from qa.knowledge import Knowledge
from qa.messages import unclear
from qa.reading import ItemNumber, Numbered, Reading
from qa.text import plain
from qa.understanding.numbered import take_numbers
from qa.understanding.scan import Scan
from qa.wording import body_span, label, number_of, whole_span

_NOUNS = {
    Numbered.TASK: "第{}项任务",
    Numbered.MEASURE: "第{}条措施",
    Numbered.ARTICLE: "第{}条",
    Numbered.PART: "第{}部分",
    Numbered.LISTED: "第{}个",
}

_MEASURES = re.compile("保障|措施")  # in the heading of a part
_CHAPTER = re.compile(f"第[{CHINESE_DIGITS}]+章")


def find_items(reading: Reading, context: Context) -> list[Clause]:
    """The clauses of the numbers asked for, in the parts or the documents that the question leaves."""
    parts = [context.knowledge.clauses[clause_id] for clause_id in reading.section]
    if parts and any(number.series is not Numbered.PART for number in reading.numbers):
        return [
            clause
            for number in reading.numbers
            for part in parts
            for clause in _in_part(number, within(context.knowledge, part))
        ]
    found = []
    for number in reading.numbers:
        if number.value < 0:
            found += _from_the_end(number, context)
            continue
        numbered = [
            clause
            for clause in _series(number.series, context.knowledge, context.policies)
            if clause.ordinal == number.value
        ]
        found += _of_measures(numbered) if number.series is Numbered.MEASURE else numbered
    return found


def _of_measures(clauses: list[Clause]) -> list[Clause]:
    """Of several (二), those under 保障措施 where a document has one there."""
    under = [one for one in clauses if any(_MEASURES.search(head) for head in one.section)]
    ids = {one.policy_id for one in under}
    return [one for one in clauses if one in under or one.policy_id not in ids]


def _in_part(number: ItemNumber, items: Sequence[Clause]) -> list[Clause]:
    """The item of a part by its number, else by its place: the second of items 36 to 43 is 37."""
    value = number.value
    if value < 0:
        return [items[value]] if len(items) >= -value else []
    by_number = [clause for clause in items if clause.ordinal == value]
    return by_number or ([items[value - 1]] if value <= len(items) else [])


def _from_the_end(number: ItemNumber, context: Context) -> list[Clause]:
    """The last item of each document (-1), the last but one (-2) …"""
    ids = sorted(context.policies)
    lists = [_series(number.series, context.knowledge, {policy_id}) for policy_id in ids]
    return [clause for items in lists for clause in _in_part(number, items)]


def _series(series: Numbered, knowledge: Knowledge, policies: Collection[str]) -> list[Clause]:
    """The clauses that a series of numbers counts. Articles are tasks where a text has none."""
    if series is Numbered.PART:
        return _parts(knowledge, policies)
    tasks = list(knowledge.tasks(policies))
    if series is Numbered.MEASURE:
        return list(knowledge.items(policies, ClauseKind.MEASURE)) or tasks
    if series is Numbered.ARTICLE:
        articles = [c for c in knowledge.items(policies, None) if c.is_article]
        return articles or tasks
    return [c for c in tasks if not c.is_article]


def _parts(knowledge: Knowledge, policies: Collection[str]) -> list[Clause]:
    """Chapters, else top-level parts; an unnumbered heading counts by its place."""
    parts = []
    for policy_id in sorted(policies):
        clauses = list(knowledge.items({policy_id}, None))
        kinds = (ClauseKind.HEADING, ClauseKind.PARAGRAPH)
        chapters = [c for c in clauses if c.kind in kinds and _CHAPTER.fullmatch(c.number)]
        top = chapters or [c for c in clauses if not c.section and c.kind in kinds]
        parts += [
            replace(clause, ordinal=clause.ordinal or place) for place, clause in enumerate(top, 1)
        ]
    return parts


def parts_of(knowledge: Knowledge, policy_id: str) -> list[Clause]:
    """The top-level parts of a document in order."""
    return _parts(knowledge, {policy_id})


def within(knowledge: Knowledge, part: Clause) -> list[Clause]:
    """The numbered items under a part, by the headings in their section; not their own parts."""
    heading = plain_heading(part)
    under = [
        clause
        for clause in knowledge.items({part.policy_id}, None)
        if clause.section and clause.number and clause.start > part.start
        and heading in clause.section
    ]  # fmt: skip
    under = [clause for clause in under if clause.kind is not ClauseKind.HEADING] or under
    inner = {one.id for clause in under for one in knowledge.parts(clause)}
    return [clause for clause in under if clause.id not in inner]


def plain_heading(part: Clause) -> str:
    """A part's heading line as its items' `section` prints it."""
    return part.text.strip().partition("\n")[0].strip("#* \t\u3000\xa0")


def item(reading: Reading, context: Context) -> Draft:
    """What the items asked for say, in their own words."""
    clauses = (
        [context.knowledge.clauses[clause_id] for clause_id in reading.focus]
        if reading.focus
        else find_items(reading, context)
    )
    if not clauses:
        return missing_item(reading, context) if reading.numbers else unclear(reading, context)
    if len({clause.policy_id for clause in clauses}) > 1 and not reading.focus:
        return which_document(reading, clauses, context)
    statements = [line for clause in clauses for line in _told(clause, context)]
    focus = [one.id for clause in clauses for one in (_under(clause, context) or [clause])]
    return Draft(AnswerStatus.ANSWERED, tuple(statements), _next(clauses[0], context), tuple(focus))


def _under(clause: Clause, context: Context) -> list[Clause]:
    """The items under a heading."""
    return within(context.knowledge, clause) if clause.kind is ClauseKind.HEADING else []


def _told(clause: Clause, context: Context) -> list[Statement]:
    """An item whole, with its parts; a heading with the items under it."""
    title = context.knowledge.title(clause.policy_id)
    under = _under(clause, context)
    if not under:
        start, end = body_span(clause)
        words = clause.words(start, end)
        first = Statement(f"{title}{number_of(clause)}：{words}", (whole_span(clause),))
        return [first, *(_part(inner) for inner in context.knowledge.parts(clause))]
    first = Statement(
        f"{title}“{plain_heading(clause)}”下有{len(under)}项：",
        (whole_span(clause),),
        (len(under),),
    )
    return [first, *(Statement(f"{label(inner)}", (whole_span(inner),)) for inner in under)]


def _part(clause: Clause) -> Statement:
    span = whole_span(clause)
    return Statement(clause.words(span.start, span.end), (span,))


def _next(clause: Clause, context: Context) -> tuple[str, ...]:
    following = [
        other
        for other in context.knowledge.items({clause.policy_id}, clause.kind)
        if other.ordinal == (clause.ordinal or 0) + 1 and other.section == clause.section
    ]
    units = context.knowledge.rows(clause.id)
    own = name_of(clause, context.knowledge)
    others = [name_of(other, context.knowledge) for other in following[:1]]
    who = [f"{own}由谁牵头？"] if units and own else []
    return (*who, *(f"{other}是什么？" for other in others if other))


def name_of(clause: Clause, knowledge: Knowledge) -> str:
    """What a clause is called in a question: document and number, where they lead to it alone."""
    if clause.kind is ClauseKind.PREAMBLE or not clause.number:
        return ""
    bare = re.fullmatch(f"[{CHINESE_DIGITS}]+", clause.number)
    number = f"第{clause.number}部分" if bare else number_of(clause)
    asked = take_numbers(Scan(plain(number)))
    series = {one.series for one in asked}
    if len(asked) != 1 or not asked[0].value:
        return ""
    found = _series(series.pop(), knowledge, {clause.policy_id})
    alone = [one.id for one in found if one.ordinal == asked[0].value] == [clause.id]
    return f"{knowledge.title(clause.policy_id)}{number}" if alone else ""


def which_document(reading: Reading, clauses: list[Clause], context: Context) -> Draft:
    """Several documents have the item: each reading, answerable by one click."""
    noun = "、".join(_noun(number) for number in reading.numbers)
    ids = tuple(dict.fromkeys(clause.policy_id for clause in clauses))
    statements = [
        Statement(f"有{len(ids)}份文件都有{noun}，请选择：", counts=(len(ids),), echoed=(noun,))
    ]
    statements += [
        Statement(
            f"{context.knowledge.title(clause.policy_id)}{label(clause)}", (whole_span(clause),)
        )
        for clause in clauses
    ]
    suggestions = tuple(
        f"{context.knowledge.title(policy_id)}{reading.text.strip(',、的?')}？" for policy_id in ids
    )
    focus = tuple(clause.id for clause in clauses)
    return Draft(AnswerStatus.CLARIFY, tuple(statements), suggestions, focus)


def missing_item(reading: Reading, context: Context) -> Draft:
    """No document has an item of that number: which ones there are."""
    noun = "、".join(_noun(number) for number in reading.numbers)
    lines = [Statement(f"没有{noun}。", echoed=(noun,))]
    suggestions = []
    for policy_id in sorted(context.policies):
        title = context.knowledge.title(policy_id)
        items = _series(reading.numbers[0].series, context.knowledge, {policy_id})
        if items:
            last = items[-1]
            text = f"{title}从{number_of(items[0])}到{number_of(last)}，共{len(items)}项。"
            ends = (items[0].ordinal or 0, last.ordinal or 0)
            lines.append(Statement(text, counts=(len(items), *ends)))
            suggestions.append(f"{title}{number_of(last)}是什么？")
    return Draft(AnswerStatus.NOT_FOUND, tuple(lines), tuple(suggestions))


def _noun(number: ItemNumber) -> str:
    if number.value < 0:
        return "最后一项" if number.value == -1 else f"倒数第{-number.value}项"
    return _NOUNS[number.series].format(number.value)
