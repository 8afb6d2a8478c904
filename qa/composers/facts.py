"""Facts in sentences: the best-borne sentence, the asked figure first, or that it is not stated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain import AnswerStatus, Clause, ClauseKind
from ingest.units import names_in
from numerals import to_int
from qa.attributes import (
    CLAIMED,
    OF_DOCUMENTS,
    attribute,
    counted_noun,
    office_pattern,
    quantity_pattern,
)
from qa.composers.items import find_items, missing_item, which_document
from qa.context import Context
from qa.draft import Draft, Span, Statement, together
from qa.messages import nothing_found
from qa.reading import Reading
from qa.relevance import Match, find, near_best
from qa.text import phrases, plain, sentences
from qa.topic import Topic
from qa.wording import body_span, number_of, place_of, whole_span

MOST_CLAUSES = 3
MOST_PLACES = 4  # of which the same is asked at once
MOST_READ = 12  # clauses in which an asked figure is looked for
READ_WITHIN = 3.0  # nats below the best clause, down to which a clause is one of them
KIND_BONUS = 0.3  # of coverage, for a sentence that names the asked kind of fact
WHOLE_BODY = 240  # characters; a longer clause is told by its best sentences
SENTENCE_SHARE = 0.85  # of the best sentence's coverage, from which another counts as on the matter
_COUNTERS = ("种", "类", "项", "个", "条", "款", "点")  # of what a list has
_OF_LISTS = ("环节", "步骤", "程序", "阶段", "方式", "情形", "途径", "类型", "小组", "组")
STATED_SHARE = 0.6  # the same for a sentence that states the asked kind of fact
BESIDE_SHARE = 0.25  # the same in the clause of that sentence, and in the best clause
COVERED = 6.0  # nats that a sentence which covers all of the matter has before one that has none
BEHIND = 3.0  # nats that a clause gains which speaks of the whole matter of the question before
HOLDS = 0.9  # coverage from which a plain statement put up for a yes is one
_TO, _FROM = re.compile(r"[到至为成]\s*(?:约|了)?$"), re.compile(r"[从由]\s*(?:约)?$")
_LIMIT = re.compile(
    "(?:\\((?:不?含)[^)]{0,4}\\)|及)?(?:以上|以下|以内|之内|内|左右|上下|以前|之前|前|以后|之后|后)"
)
_LIMITED = re.compile(  # 最迟不超过 5个工作日
    r"(?:(?:最[迟早多少高低长短大小]|不得?(?:超过|高于|低于|多于|少于|大于|小于)|至少|至多|超过|约|近|逾)\s*)+$"
)
_EXCEPT = re.compile("除外|以外|之外|另有规定")
_WHICH_PLACE = re.compile("第几(?:项|条|个)|(?:序号|编号)(?:是|为)?(?:多少|几)")
_ASKS_FROM = re.compile(r"(?:从|由)(?:多少|几)|原来|之前|以前|原先|原本|压缩前|现在是")
_ASKS_TO = re.compile(r"[到至为成](?:了)?(?:多少|几)|压缩后|之后|以后|缩短|降到")
DEFINES = re.compile(
    r"什么是|何为|何谓|什么叫|啥是|啥叫|是什么(?:意思)?[?]?$|是指|指的?是?什么|定义|含义|又称|简称|怎么界定|如何界定|叫做?什么"
)
DEFINED = re.compile(
    r"是指|系指|指的是|所称|又称|也称|简称|以下统称|定义为|是[^，。；]{2,40}的(?:简称|总称|统称)|[:：]指"
)
REACH = 20  # characters after the word of defining in which a short form is given
_NEGATION = re.compile(r"不|没|无|未|非|禁止")


@dataclass(frozen=True, slots=True)
class Part:
    """What is read of a clause, as a span of its document; how much speaks for it, in nats."""

    clause: Clause
    span: tuple[int, int]
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class _Passage:
    """A sentence of a clause with what it covers of the matter, and how much speaks for its part."""

    clause: Clause
    span: Span
    text: str
    coverage: float
    rank: float = 0.0


def fact(reading: Reading, context: Context) -> Draft:
    """What the documents say on a matter."""
    if each := _of_several_places(reading, context):
        return _of_each(each, reading, context)
    parts = _parts(reading, context)
    if not parts:
        return (
            missing_item(reading, context) if reading.numbers else nothing_found(reading, context)
        )
    clauses = [part.clause for part in parts]
    if reading.numbers and len({clause.policy_id for clause in clauses}) > 1:
        return which_document(reading, clauses, context)
    if _WHICH_PLACE.search(reading.text) and not (reading.numbers or reading.focus):
        return _placed(parts, context)
    row = attribute(reading.attribute)
    topic = _topic(reading)
    passages = [
        passage
        for part in parts
        for passage in _passages(part, topic, context, row.asked if row else None)
    ]
    claimed = [(m[1], m[2]) for m in CLAIMED.finditer(reading.text)] if reading.claim else []
    if claimed:
        return _judge_figures(reading, claimed, passages, topic, context)
    if reading.claim:
        return _judge_words(reading, passages, context)
    stated = stated_pattern(reading)
    if stated is None:
        defining = definition(reading, topic, parts, context)
        return defining or _told(parts, topic, context)
    bearing = _stating(passages, stated, counted_noun(reading.text))
    of_lists = {reading.quantity, counted_noun(reading.text)} & set(_OF_LISTS)
    listed = of_lists or (bearing is None and reading.quantity in _COUNTERS)
    counted = listed and (_enumerated(reading, passages, context) or _counted(parts, context))
    if counted:
        return counted
    if bearing is None:
        return _unsaid(reading, _on_matter(passages)[0], context)
    return _found(reading, bearing, stated, topic, context)


def _placed(parts: Sequence[Part], context: Context) -> Draft:
    """`…是第几项`: the number of the item that bears best, and its words."""
    clause = context.knowledge.item_of(max(parts, key=lambda part: part.rank).clause)
    passage = _Passage(
        clause, Span(clause.id, *body_span(clause)), clause.words(*body_span(clause)), 1.0
    )
    number = number_of(clause)
    line = Statement(
        f"{number}。{_quoted(passage, context)}", (passage.span,), (clause.ordinal or 0,)
    )
    return _draft([line], [passage])


def _of_several_places(reading: Reading, context: Context) -> list[str]:
    """The documents of the places named, where they are several: 河北和吉林的…分别是多少."""
    ids = [one for one in reading.policies or () if one in context.policies]
    regions = {context.knowledge.policies[one].region for one in ids}
    apart = len(regions) == len(ids) and None not in regions
    return ids if apart and 1 < len(ids) <= MOST_PLACES else []


def _of_each(ids: Sequence[str], reading: Reading, context: Context) -> Draft:
    """The same asked of each document."""
    return together(
        [
            fact(replace(reading, policies=(one,)), replace(context, policies=frozenset({one})))
            for one in ids
        ]
    )


def _counted(parts: Sequence[Part], context: Context) -> Draft | None:
    """How many parts the clause lists that bears best, or that it is one of: （一）…（六）…."""
    best = max(parts, key=lambda part: part.rank).clause
    clause = best if _announces(best.text) else context.knowledge.item_of(best)
    listed = context.knowledge.announced(clause) if _announces(clause.text) else []
    if not listed:
        return None
    span = body_span(clause)
    passage = _Passage(clause, Span(clause.id, *span), clause.words(*span), 1.0)
    head = Statement(f"列出{len(listed)}项：", counts=(len(listed),))
    return _draft([head, *_lines([passage], context)], [passage])


def _announces(text: str) -> bool:
    """Whether a text ends in a colon, before the parts that it lists."""
    return text.rstrip().endswith((":", "："))


def _enumerated(reading: Reading, passages: Sequence[_Passage], context: Context) -> Draft | None:
    """How many names of the counted kind the best sentence sets side by side: 监督组、专家组…."""
    noun = re.escape(counted_noun(reading.text) or reading.quantity)
    names = re.compile(rf"(?:[^、，,。；：]{{1,12}}{noun}、)+[^、，,。；：]{{1,12}}{noun}")
    for passage in _on_matter(list(passages)) if noun else ():
        if found := names.search(passage.text):
            count = found[0].count("、") + 1
            text = f"{count}个。{_quoted(passage, context)}"
            return _draft([Statement(text, (passage.span,), (count,))], [passage])
    return None


def _stating(
    passages: Sequence[_Passage], stated: re.Pattern[str], noun: str = ""
) -> _Passage | None:
    """The sentence that states the asked kind of fact, where one on the matter does.

    It may say less of the matter than the sentence before it, which named it. Where some give a
    figure of the `noun` that is counted (选择10个左右有条件的城市), no other does.
    """
    best = max(passages, key=lambda passage: passage.coverage)
    first = {best.clause.id, max(passages, key=lambda passage: passage.rank).clause.id}
    near = [
        p
        for p in passages
        if stated.search(p.text)
        and p.coverage >= (BESIDE_SHARE if p.clause.id in first else STATED_SHARE) * best.coverage
    ]
    of_noun = (
        re.compile(f"(?:{stated.pattern})[^。；]{{0,24}}{re.escape(noun)}") if noun else stated
    )
    near = [passage for passage in near if of_noun.search(passage.text)] or near
    return max(near, key=lambda p: p.rank + COVERED * p.coverage, default=None)


def definition(
    reading: Reading, topic: Topic, parts: Sequence[Part], context: Context
) -> Draft | None:
    """The sentences that say what the matter is: 本办法所称X,是指…; None for another question."""
    if not DEFINES.search(reading.text) or not topic.tells:
        return None
    more = [Part(m.clause, m.body) for m in find(topic, context, context.k) if m.bears]
    passages = []
    for part in {(part.clause.id, part.span): part for part in (*parts, *more)}.values():
        for passage in _passages(part, topic, context):
            said = DEFINED.search(passage.text)
            if said and topic.coverage(passage.text[: said.end() + REACH]) >= HOLDS:
                passages.append(passage)
    if not passages:
        return None
    chosen = passages[:MOST_CLAUSES]
    return _draft(_lines(chosen, context), chosen)


def _parts(reading: Reading, context: Context) -> list[Part]:
    knowledge = context.knowledge
    if reading.focus:
        return _whole(knowledge.clauses[clause_id] for clause_id in reading.focus)
    if reading.numbers:
        return _whole(find_items(reading, context))
    matches = _leaning(find(_topic(reading), context, context.k), reading.behind)
    of_document = reading.policies and reading.attribute in OF_DOCUMENTS
    nothing = of_document and not any(match.bears for match in matches)
    if reading.policies and (nothing or not _topic(reading).tells):
        return _whole(knowledge.items(context.policies, None))
    if stated_pattern(reading) or reading.claim:
        near = near_best(matches, READ_WITHIN)[:MOST_READ]
    else:
        near = near_best(matches)[:MOST_CLAUSES]
    return [Part(match.clause, match.body, match.rank) for match in near]


def _leaning(matches: list[Match], behind: str) -> list[Match]:
    """The matches, those first that speak as well of what the question before was about."""
    if not behind:
        return matches
    before = Topic.of(behind)
    ranked = [
        replace(m, rank=m.rank + BEHIND * before.coverage(m.clause.words(*m.body))) for m in matches
    ]
    return sorted(ranked, key=lambda match: -match.rank)


def _whole(clauses: Iterable[Clause]) -> list[Part]:
    return [Part(clause, body_span(clause)) for clause in clauses]


def _topic(reading: Reading) -> Topic:
    row, counted = attribute(reading.attribute), counted_noun(reading.text)
    text = CLAIMED.sub("", reading.topic) if reading.claim else reading.topic
    kinds = [row.nouns.pattern] if row else []
    kinds += [re.escape(counted)] if counted else []
    return Topic.of(text, re.compile("|".join(kinds)) if kinds else None)


def _passages(
    part: Part, topic: Topic, context: Context, kind: re.Pattern[str] | None = None
) -> Iterable[_Passage]:
    clause, (start, end) = part.clause, part.span
    document = context.knowledge.policies[clause.policy_id].title
    for at, stop in sentences(clause.words(start, end), start):
        words = clause.words(at, stop)
        if words == clause.title and stop < body_span(clause)[1]:
            continue  # 2026年主要工作, on a line of its own above what it heads
        bonus = KIND_BONUS if kind and kind.search(words) else 0.0
        share = topic.coverage(f"{clause.title} {words}", document)
        bonus += KIND_BONUS * topic.kind_share(words)
        yield _Passage(clause, Span(clause.id, at, stop), words, share + bonus, part.rank)


def _on_matter(passages: list[_Passage]) -> list[_Passage]:
    """The passages that cover the matter about as well as the best one, best first."""
    best = max((passage.coverage for passage in passages), default=0.0)
    near = [passage for passage in passages if passage.coverage >= SENTENCE_SHARE * best]
    return sorted(near, key=lambda passage: -passage.coverage)


def stated_pattern(reading: Reading) -> re.Pattern[str] | None:
    """How a text looks that states the asked kind of fact; None where none is asked for."""
    if reading.quantity:
        return quantity_pattern(reading.quantity)
    row = attribute(reading.attribute)
    office = office_pattern(reading.text) if row and row.name == "person" else None
    return office or (row.stated if row else None)


def _found(
    reading: Reading, passage: _Passage, stated: re.Pattern[str], topic: Topic, context: Context
) -> Draft:
    bare = reading.quantity and not _EXCEPT.search(passage.text)  # a figure alone would drop it
    value = _value(reading, passage, stated, topic) if bare else ""
    if not value:
        return _draft(_lines([passage], context), [passage])
    return _draft([Statement(f"{value}。{_quoted(passage, context)}", (passage.span,))], [passage])


def _value(reading: Reading, passage: _Passage, stated: re.Pattern[str], topic: Topic) -> str:
    """The one figure that is asked for; empty where the words leave several."""
    texts = [passage.text[start:end] for start, end in phrases(passage.text)]
    texts = [text for text in texts if stated.search(text)] or [passage.text]
    best = max(texts, key=topic.coverage)
    found = list(stated.finditer(best))
    wanted = _FROM if _ASKS_FROM.search(reading.text) else _TO
    if len(found) > 1 and (_ASKS_FROM.search(reading.text) or _ASKS_TO.search(reading.text)):
        found = [match for match in found if wanted.search(best[: match.start()])] or found
    if len(found) != 1:
        return ""
    before, after = _LIMITED.search(best[: found[0].start()]), _LIMIT.match(best, found[0].end())
    start = before.start() if before else found[0].start()
    return re.sub(r"\s", "", best[start : after.end() if after else found[0].end()])


def _unsaid(reading: Reading, passage: _Passage, context: Context) -> Draft:
    home = context.knowledge.home
    named = reading.policies is not None or reading.focus or context.where
    if home and not named and passage.clause.policy_id not in home:
        return replace(nothing_found(reading, context), settled=True)
    row = attribute(reading.attribute)
    what = row.label if row else "具体数目"
    text = f"文件没有写明{what}。与此有关的原文是：{_quoted(passage, context)}"
    return _draft([Statement(text, (passage.span,))], [passage], AnswerStatus.NOT_STATED)


def _told(parts: Iterable[Part], topic: Topic, context: Context) -> Draft:
    """Each part in its own words: whole where it is short, else its sentences on the matter."""
    chosen: list[_Passage] = []
    for part in parts:
        clause, (start, end) = part.clause, part.span
        whole = clause.words(start, end)
        if len(whole) <= WHOLE_BODY:
            chosen.append(_Passage(clause, Span(clause.id, start, end), whole, 1.0))
            continue
        near = _on_matter(_saying(list(_passages(part, topic, context)), context))[:MOST_CLAUSES]
        chosen += sorted(near, key=lambda passage: passage.span.start)
    return _draft(_lines(chosen, context), chosen)


def _lines(passages: Iterable[_Passage], context: Context) -> list[Statement]:
    """Passages in their own words; one that ends in a colon with the parts that it announces."""
    lines = []
    for passage in passages:
        lines.append(Statement(_quoted(passage, context), (passage.span,)))
        if _announces(passage.text):
            lines += [
                Statement(part.words(span.start, span.end), (span,))
                for part in context.knowledge.announced(passage.clause)
                for span in [whole_span(part)]
            ]
    return lines


def _saying(passages: list[_Passage], context: Context) -> list[_Passage]:
    """The passages that say more than the document's name and whom it is sent to; all if none does."""
    return [p for p in passages if not _is_frame(p, context)] or passages


def _is_frame(passage: _Passage, context: Context) -> bool:
    title = plain(context.knowledge.policies[passage.clause.policy_id].title)
    words = plain(passage.text)
    rest = words.replace(title, "").strip("《》 ")
    named = title in words and (len(rest) < 30 or _HANDED.search(rest) is not None)
    return passage.clause.kind is ClauseKind.PREAMBLE and (named or words.endswith((":", "：")))


_HANDED = re.compile("印发给你们|请(?:认真)?(?:遵照|贯彻|组织)|现(?:予|将)")


def _judge_figures(
    reading: Reading,
    claimed: list[tuple[str, str]],
    passages: list[_Passage],
    topic: Topic,
    context: Context,
) -> Draft:
    """Whether the figures put up stand in the words on the matter, said of the same thing."""
    patterns = [quantity_pattern(measure) for _, measure in claimed]
    bearing = [p for p in _on_matter(passages) if any(x.search(p.text) for x in patterns)]
    if not bearing:
        text = f"文件没有写明这个数。与此有关的原文是：{_quoted(_on_matter(passages)[0], context)}"
        first = _on_matter(passages)[0]
        return _draft([Statement(text, (first.span,))], [first], AnswerStatus.NOT_STATED)
    passage = max(bearing, key=lambda p: p.coverage)
    texts = [passage.text[start:end] for start, end in phrases(passage.text)]
    texts = [text for text in texts if any(x.search(text) for x in patterns)] or [passage.text]
    best = max(texts, key=topic.coverage)
    printed = {(to_int(m[1]) or m[1], m[2]) for m in CLAIMED.finditer(best)}
    holds = all((to_int(figure) or figure, measure) in printed for figure, measure in claimed)
    holds = holds and not _turned(reading.text, best)
    verdict = "是的。" if holds else "与原文不符。"
    return _draft([Statement(f"{verdict}{_quoted(passage, context)}", (passage.span,))], [passage])


def _turned(claimed: str, printed: str) -> bool:
    """Whether a figure put up as the end of a change is its beginning in the text, or the reverse.

    压缩到60日, where the text says 从60日压缩至30日.
    """
    told = {m[0]: _direction(claimed[: m.start()]) for m in CLAIMED.finditer(claimed)}
    there = {m[0]: _direction(printed[: m.start()]) for m in CLAIMED.finditer(printed)}
    return any(way and there.get(figure, "") not in ("", way) for figure, way in told.items())


def _direction(before: str) -> str:
    """`to` or `from` by the word right before a figure; empty for neither."""
    return "to" if _TO.search(before) else "from" if _FROM.search(before) else ""


def _judge_words(reading: Reading, passages: list[_Passage], context: Context) -> Draft:
    """A plain statement: yes where a sentence holds all its words and neither side denies."""
    best = _on_matter(passages)[0]
    denied = bool(_NEGATION.search(reading.topic)) != bool(_NEGATION.search(best.text))
    if reading.units or reading.unknown_units:
        return _judge_unit(reading, best, context)
    holds = best.coverage >= HOLDS and not denied
    verdict = "是的。" if holds else "请对照原文："
    return _draft([Statement(f"{verdict}{_quoted(best, context)}", (best.span,))], [best])


def _judge_unit(reading: Reading, passage: _Passage, context: Context) -> Draft:
    """`专班办公室设在区商务委,是不是?`: whether the unit stands in the words on the matter."""
    printed = {unit for _, _, unit in names_in(passage.text)}
    holds = bool(reading.units) and all(
        set(ask.units) & printed or any(unit in passage.text for unit in ask.units)
        for ask in reading.units
    )
    verdict = "是的。" if holds else "与原文不符。"
    return _draft([Statement(f"{verdict}{_quoted(passage, context)}", (passage.span,))], [passage])


def _quoted(passage: _Passage, context: Context) -> str:
    name = place_of(passage.clause, context.knowledge)
    return f"{name}：“{passage.text.strip()}”"


def _draft(
    statements: list[Statement],
    passages: list[_Passage],
    status: AnswerStatus = AnswerStatus.ANSWERED,
) -> Draft:
    focus = tuple(dict.fromkeys(passage.clause.id for passage in passages))
    return Draft(status, tuple(statements), focus=focus)
