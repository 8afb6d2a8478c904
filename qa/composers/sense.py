"""What is nearest in meaning where no clause has the words of a question: told as such, or asked back.

The rest of the chain answers by words that a clause and a question share. People who say 大夫 for 医师
share none; the vectors then say which clauses are near, and this file whether near enough.
"""

from __future__ import annotations

import re
from dataclasses import replace
from math import hypot

from domain import AnswerStatus
from index.rarity import rarity
from index.thesaurus import thesaurus
from index.tokens import is_noun, search_words
from qa.composers.facts import stated_pattern
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.ranking import likely
from qa.reading import Kind, Reading
from qa.relevance import Match, closeness, each_once, find
from qa.text import sentences
from qa.topic import Topic, content_words
from qa.wording import (
    body_span,
    label,
    marker_spans,
    next_statement,
    number_of,
    place_of,
    units_by_role,
)

_HAN = re.compile(r"[\u4e00-\u9fff]")
LEAST_HAN = 4  # characters; the sentence model knows hardly any word of another script

_KINDS = (Kind.FACT, Kind.WHO, Kind.APPLY, Kind.SELECT)
# Facts that a clause without them does not answer, however near it is: 人才公寓怎么申请
_TOLD_APART = (
    "title",
    "figure",
    "called",
    "roster",
    "criteria",
    "threshold",
    "shares",
    "hours",
    "date",
    "duration",
    "area",
    "place",
    "address",
    "latin",
    "procedure",
    "materials",
    "contact",
    "fee",
    "money",
    "name",
    "person",
    "percent",
    "penalty",
)
_ASKED_BY_YES = ("fee",)  # 免费吗
_WHETHER = re.compile(
    "(?:吗|(?<![什怎])么|不|没|没有)[?!。]*$|能不能|可不可以|行不行|有没有|是不是|能否|可否"
)
_OPEN = re.compile("多少|什么|哪|怎|几时")
_BY_NAME = re.compile(  # 文件里有元宇宙的条款吗: whether a thing is named, which it then is not
    "(?:文件|政策|方案|安排|办法|规定)[里中]?(?:有没有|有无|有|提到|涉及)[^,]*的(?:条款|规定|内容|任务|措施)"
    "|^请?(?:提供|列出)[^,]*的(?:条款|任务|措施|规定)"
)
MOST = 4  # clauses that are told
NEAR_BEST = 3.0  # nats below the best, down to which a clause is told beside it
AT_HOME_WITHIN = 6.0  # nats below the best of all, down to which the nearest at home is told alone
SHORT = 160  # characters; of a longer clause, the sentence nearest in words is told

# Of the likelihood that one of the first clauses answers: docs/decisions/0027-relevance.md
ANSWERS = 0.07  # from which they are told as the answer
SURE_OF = {Kind.WHO: 0.12, Kind.APPLY: 0.12}  # where a unit is named, or a verdict expected
NAMED = 0.3  # where 牵头 or 配合 is asked: who knows these words calls the matter by its name
ASKS = 0.055  # from which it is asked whether one of them is meant
TERM = 3.0  # nats at least of a word that is a term of documents, however rare: 公租房, 元宇宙
EVERYDAY = 9.0  # nats of rarity from which a word is no word of official documents


def nearest(reading: Reading, context: Context) -> Draft | None:
    """The clauses nearest in meaning to a question that nothing answers by its words.

    None where they are not near enough, or where the question names what is not there.
    """
    place = any(not anchor.isdecimal() for anchor in reading.anchors)
    named = (
        reading.elsewhere or reading.unknown_units or reading.numbers or reading.section or place
    )
    chinese = len(_HAN.findall(reading.text)) >= LEAST_HAN
    by_name = _BY_NAME.search(reading.text)
    if (
        reading.kind not in _KINDS
        or named
        or by_name
        or reading.claim
        or not (chinese and context.policies)
    ):
        return None
    listed = reading.kind is Kind.SELECT
    if listed and (reading.units or reading.roles or reading.literal or reading.bounds.on_items):
        return None
    everywhere = _matches(reading, context)
    home = context.policies & context.knowledge.home
    if home and home < context.policies and "policy" not in context.where:
        at_home = replace(context, policies=home)
        own = _matches(reading, at_home)
        best = everywhere[0].rank if everywhere else 0.0
        near = own and own[0].rank >= best - AT_HOME_WITHIN
        if near and (draft := _nearest(own, reading, at_home)) is not None:
            return draft
    return _nearest(everywhere, reading, context) if everywhere else None


def _topic(reading: Reading) -> Topic:
    return Topic.of(reading.text if reading.policies is None else reading.topic)


def _matches(reading: Reading, context: Context) -> list[Match]:
    """The numbered clauses that are found, best first."""
    found = find(_topic(reading), context, context.k)
    return [match for match in each_once(found) if match.clause.number]


def _nearest(matches: list[Match], reading: Reading, context: Context) -> Draft | None:
    """The nearest of some matches, told or asked back; None where they are not near enough."""
    strange = foreign(reading.text, context)
    sure = likely(matches[0].dense, strange)
    stated = stated_pattern(reading) if _shows(reading) else None
    near = [match for match in matches if match.rank >= matches[0].rank - NEAR_BEST][:MOST]
    chosen = [m for m in near if not stated or stated.search(m.clause.words(*m.body))]
    enough = NAMED if reading.roles else SURE_OF.get(reading.kind, ANSWERS)
    asks = enough if strange >= TERM or reading.kind is Kind.APPLY else ASKS
    if sure < asks or not chosen:
        return None
    told = sure >= enough
    return _told(chosen, _topic(reading), context) if told else _asked_back(chosen, context)


def _shows(reading: Reading) -> bool:
    """Whether only a clause answers that states the asked kind of fact: 一个月多少钱, not 手续好办吗."""
    whether = _WHETHER.search(reading.text) and reading.attribute not in _ASKED_BY_YES
    kind = reading.quantity or reading.attribute in _TOLD_APART
    return bool(kind) and not (whether and not _OPEN.search(reading.text))


def foreign(question: str, context: Context) -> float:
    """How much a question names that official documents speak of and these do not, in nats.

    A question on 医保 or 幼儿园, words that documents use, is not answered by documents without
    them; that a question says 洋奶粉 tells nothing. Of each such word counts how much commoner in
    official documents it is than everyday words are; together, the root of their squares.
    """
    text = context.knowledge.said_in(context.policies)
    said = [
        term
        for term, others in thesaurus().terms_in(question)
        if any(other.lower() in text for other in others)
    ]
    official = thesaurus().official
    lacking = (
        max(EVERYDAY - rarity()(word), TERM if word in official else 0.0)
        for word in {part for word in content_words(question) for part in search_words(word)}
        if (word in official or is_noun(word))
        and word not in text
        and not any(word in term for term in said)
    )
    return hypot(*(told for told in lacking if told > 0))


def _told(matches: list[Match], topic: Topic, context: Context) -> Draft:
    head = Statement("文件里没有这样的说法，意思最近的条款是：")
    lines = [_line(match, topic, context) for match in matches]
    focus = tuple(match.clause.id for match in matches)
    return Draft(AnswerStatus.ANSWERED, (head, *lines), focus=focus)


def _asked_back(matches: list[Match], context: Context) -> Draft:
    knowledge = context.knowledge
    head = Statement("文件里没有这样的说法。您问的是不是下面的事？")
    lines, asks = [], []
    for match in matches:
        title = knowledge.title(match.clause.policy_id)
        start, end = body_span(match.clause)
        span = Span(match.clause.id, start, end)
        lines.append(Statement(f"{title}{label(match.clause)}", (span,)))
        asks.append(f"{title}{number_of(match.clause)}是什么？")
    focus = tuple(match.clause.id for match in matches)
    return Draft(AnswerStatus.CLARIFY, (head, *lines), tuple(asks), focus)


def _line(match: Match, topic: Topic, context: Context) -> Statement:
    knowledge, clause = context.knowledge, match.clause
    start, end = match.body
    if end - start > SHORT:
        spans = list(sentences(clause.words(start, end), start)) or [(start, end)]
        near = closeness(topic, [clause.words(*span) for span in spans], context)
        start, end = spans[max(range(len(spans)), key=near.__getitem__)]
    rows = next_statement(knowledge.rows(clause.id), end)
    units = f"（{units_by_role(rows)}）" if rows else ""
    words = clause.words(start, end)
    return Statement(
        f"{place_of(clause, knowledge)}：“{words}”{units}",
        (Span(clause.id, start, end), *marker_spans(rows)),
    )
