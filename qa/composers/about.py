"""Documents as a whole: which there are, what one is about, its goal, scope and main line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from domain import AnswerStatus, Clause, ClauseKind
from qa.composers.items import item, plain_heading, within
from qa.composers.outlines import sections
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.reading import Reading
from qa.text import sentences
from qa.understanding import cues
from qa.wording import number_of, whole_span

MOST_SENTENCES = 4  # of a document on its goal or scope
LONGEST = 600  # characters of a part that is told whole
_AIMS = re.compile("到20[0-9]{2}年|力争|建成一|努力建成")  # an aim that is not called one
MOST_OVERVIEWS = 3  # documents of which an overview is given at once


def about(reading: Reading, context: Context) -> Draft:
    """The documents there are, or what the text of one says of the whole."""
    if cues.DOCUMENTS.search(reading.text):
        return _documents(_of_year(reading, context))
    for asked, told in cues.GOAL:
        if asked.search(reading.text):
            return _facet(told, asked.search(reading.text)[0], reading, context)  # type: ignore[index]
    if len(context.policies) > MOST_OVERVIEWS:
        return _documents(context)
    return _overview(reading, context)


def _of_year(reading: Reading, context: Context) -> Context:
    """The documents of the year that a question names; all where it names none, or none is of it."""
    found = re.search(r"(?:19|20)\d\d", reading.text)
    policies = context.knowledge.policies
    ids = {id_ for id_ in context.policies if found and policies[id_].year == int(found[0])}
    return replace(context, policies=frozenset(ids) or context.policies)


def _documents(context: Context) -> Draft:
    """How many documents there are, and each with its number."""
    knowledge = context.knowledge
    ids = sorted(context.policies)
    head = f"已收录{len(ids)}份文件："
    lines = [Statement(head, counts=(len(ids),), echoed=(head,))]
    for policy_id in ids:
        policy = knowledge.policies[policy_id]
        number = f"（{policy.doc_no}）" if policy.doc_no else ""
        text = f"{knowledge.title(policy_id)}{number}"
        lines.append(Statement(text, echoed=(text,)))
    asks = tuple(f"{knowledge.title(policy_id)}主要讲什么？" for policy_id in ids)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), asks)


def _overview(reading: Reading, context: Context) -> Draft:
    """A document in its own outline: its main line where it prints one, and its parts."""
    lines: list[Statement] = []
    for policy_id in sorted(context.policies):
        one = replace(context, policies=frozenset({policy_id}))
        line = next(_saying(re.compile("主线|目标"), policy_id, context), None)
        outline = sections(replace(reading, policies=(policy_id,)), one)
        if outline.status is AnswerStatus.ANSWERED:
            lines += outline.statements
        else:
            lines += _items(policy_id, context)
        if line:
            lines.append(_quoted(*line, context))
    if not lines:
        first = [next(context.knowledge.items({p}, None)) for p in sorted(context.policies)]
        return item(replace(reading, focus=tuple(clause.id for clause in first)), context)
    return Draft(AnswerStatus.ANSWERED, tuple(lines))


def _items(policy_id: str, context: Context) -> list[Statement]:
    """The items of a document without parts, by their titles."""
    items = list(context.knowledge.tasks({policy_id}))
    if not items:
        return []
    head = f"{context.knowledge.title(policy_id)}共{len(items)}项："
    named = [c for c in items if c.title]
    first = Statement(head, counts=(len(items),))
    return [first, *(Statement(f"{number_of(c)}“{c.title}”", (whole_span(c),)) for c in named)]


def _facet(told: re.Pattern[str], asked: str, reading: Reading, context: Context) -> Draft:
    """The part of each document that is headed so, else the sentences that say it."""
    statements: list[Statement] = []
    focus: list[str] = []
    silent: list[Statement] = []
    for policy_id in sorted(context.policies):
        headed = _headed(told, policy_id, context)
        if headed:
            draft = item(replace(reading, numbers=(), focus=(headed.id,)), context)
            statements += draft.statements
            focus.append(headed.id)
            continue
        said = list(islice(_saying(told, policy_id, context), MOST_SENTENCES))
        if not said and "目标" in asked:
            said = list(islice(_saying(_AIMS, policy_id, context), 1))
        statements += [_quoted(clause, span, context) for clause, span in said]
        focus += [clause.id for clause, _ in said]
        if not said:
            first = next(context.knowledge.items({policy_id}, None))
            text = f"{context.knowledge.title(policy_id)}没有写明{asked}。"
            silent.append(Statement(text, (whole_span(first),), echoed=(asked,)))
    if not statements:
        return Draft(AnswerStatus.NOT_STATED, tuple(silent))
    return Draft(AnswerStatus.ANSWERED, tuple(statements), focus=tuple(dict.fromkeys(focus)))


def _headed(told: re.Pattern[str], policy_id: str, context: Context) -> Clause | None:
    """The first part of a document whose heading says it, short enough to be told whole."""
    for clause in context.knowledge.items({policy_id}, None):
        heading = plain_heading(clause)
        named = len(heading) <= 20 and told.search(clause.title or heading)
        if named and (len(clause.text) <= LONGEST or within(context.knowledge, clause)):
            return clause
    return None


def _saying(
    told: re.Pattern[str], policy_id: str, context: Context
) -> Iterator[tuple[Clause, Span]]:
    """The sentences of a document's text that say it, those of its first parts before its items."""
    items = {clause.id for clause in context.knowledge.tasks({policy_id})}
    clauses = list(context.knowledge.items({policy_id}, None))
    for clause in sorted(clauses, key=lambda c: (c.id in items, c.kind is ClauseKind.ATTACHMENT)):
        for start, end in sentences(clause.text, clause.start):
            words = clause.words(start, end)
            if told.search(words) and len(words) > 12:
                yield clause, Span(clause.id, start, end)


def _quoted(clause: Clause, span: Span, context: Context) -> Statement:
    title = context.knowledge.title(clause.policy_id)
    words = clause.words(span.start, span.end).strip()
    return Statement(f"{title}{number_of(clause)}：“{words}”", (span,))
