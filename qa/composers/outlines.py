"""Questions on a document's outline: its parts, how many tasks it has, in its own words if it says."""

from __future__ import annotations

import re
from itertools import islice

from domain import AnswerStatus, Clause
from numerals import to_chinese
from qa.composers.items import parts_of, plain_heading, within
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import nothing_found
from qa.reading import Reading
from qa.wording import number_of, sentences_of, whole_span


def whole_documents(clauses: list[Clause], context: Context) -> Draft:
    """How many tasks each document has, part by part."""
    lines = []
    for policy_id in sorted(context.policies):
        items = [clause for clause in clauses if clause.policy_id == policy_id]
        if not items:
            continue
        title = context.knowledge.title(policy_id)
        noun = "条" if items[0].number.endswith("条") else "项任务"
        text = f"{title}共{len(items)}{noun}：{_numbers(items)}。"
        ends = tuple(item.ordinal or 0 for item in items)
        stated = stated_count(policy_id, len(items), "任务|工作|举措|措施", context)
        spans = stated or (whole_span(items[0]), whole_span(items[-1]))
        lines.append(Statement(text, tuple(dict.fromkeys(spans)), (len(items), *ends)))
        for part in parts_of(context.knowledge, policy_id):
            under = [c for c in within(context.knowledge, part) if c in items]
            if under and len(under) < len(items):
                lines.append(
                    Statement(
                        f"“{plain_heading(part)}”{len(under)}项", (whole_span(part),), (len(under),)
                    )
                )
    if len({clause.policy_id for clause in clauses}) > 1:
        lines.append(Statement(f"合计{len(clauses)}项。", counts=(len(clauses),)))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(clause.id for clause in clauses))


def _numbers(items: list[Clause]) -> str:
    """`第1项至第19项`; each number where they do not run through."""
    ordinals = [item.ordinal or 0 for item in items]
    if len(items) > 1 and ordinals == list(range(ordinals[0], ordinals[0] + len(items))):
        return f"{number_of(items[0])}至{number_of(items[-1])}"
    return "、".join(number_of(item) for item in items)


def sections(reading: Reading, context: Context) -> Draft:
    """The parts of each document asked for, with how many items each has."""
    lines: list[Statement] = []
    focus: list[str] = []
    for policy_id in sorted(context.policies):
        parts = parts_of(context.knowledge, policy_id)
        if not parts:
            continue
        title = context.knowledge.title(policy_id)
        stated = stated_count(policy_id, len(parts), "方面|部分|板块|领域", context)
        noun = _noun(stated, context)
        unders = [within(context.knowledge, part) for part in parts]
        articles = [one for under in unders for one in under if one.is_article]
        total = f"，共{len(articles)}条" if articles else ""
        head = f"{title}分{len(parts)}个{noun}{total}："
        lines.append(Statement(head, stated, (len(parts), len(articles))))
        for part, under in zip(parts, unders, strict=True):
            each = "条" if articles else "项"
            more = f"（{len(under)}{each}）" if under else ""
            lines.append(
                Statement(f"{plain_heading(part)}{more}", (_heading_span(part),), (len(under),))
            )
            focus.append(part.id)
    if not lines:
        return nothing_found(reading, context)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(focus))


def _noun(stated: tuple[Span, ...], context: Context) -> str:
    """What a document itself calls its parts: 4个方面, 三大板块."""
    said = "".join(context.knowledge.clauses[s.clause_id].words(s.start, s.end) for s in stated)
    found = re.search("方面|板块|领域", said)
    return found[0] if found else "部分"


def _heading_span(part: Clause) -> Span:
    whole = whole_span(part)
    line = part.text.strip().partition("\n")[0]
    return Span(part.id, whole.start, whole.start + len(line.rstrip()))


def stated_count(policy_id: str, count: int, nouns: str, context: Context) -> tuple[Span, ...]:
    """The sentence in which a document itself gives the number of its tasks or parts, if any."""
    forms = f"{count}|{to_chinese(count)}" if count < 100 else str(count)
    said = re.compile(rf"(?<!\d)(?:{forms})(?:项|个|条|大)*(?:重点|具体|主要)?(?:工作)?(?:{nouns})")
    found = (
        span for words, span in sentences_of(policy_id, context.knowledge) if said.search(words)
    )
    return tuple(islice(found, 1))
