"""What is said where there is no answer: unsaid, unknown, ambiguous, out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from domain import AnswerStatus, Clause, Role
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.examples import example_questions
from qa.knowledge import Knowledge
from qa.reading import Reading
from qa.relevance import find
from qa.topic import Topic
from qa.wording import ROLE_NAMES, label, number_of, sentences_of, whole_span

PURPOSE = (
    "我只回答与已收录政策文件有关的问题，例如某项任务由谁牵头、某单位有哪些任务、某条款怎么说。"
)
NEAREST = 3
MOST_NAMED = 5  # documents that are named where nothing is found in them


def declined(_reading: Reading, context: Context) -> Draft:
    """Small talk and other work."""
    examples = example_questions(context.knowledge)
    return Draft(AnswerStatus.DECLINED, (Statement(PURPOSE, echoed=(PURPOSE,)),), examples)


def unclear(_reading: Reading, context: Context) -> Draft:
    """A question that leans on something unsaid."""
    text = "请说明问的是哪一项任务、哪个单位或哪件事。"
    examples = example_questions(context.knowledge)
    return Draft(AnswerStatus.CLARIFY, (Statement(text, echoed=(text,)),), examples)


def nothing_found(reading: Reading, context: Context) -> Draft:
    """Nothing bears on the question: that, and the nearest topics, each a question to click."""
    titles = titled(sorted(context.policies), context.knowledge)
    if not titles:
        text = "没有符合筛选条件的文件，请放宽筛选条件。"
        return Draft(AnswerStatus.NOT_FOUND, (Statement(text),))
    where = f"与“{reading.elsewhere}”有关的" if reading.elsewhere else "与这个问题有关的"
    units = "、".join(reading.unknown_units)
    what = f"“{units}”" if units else f"{where}内容"
    text = f"已收录的文件{titles}中没有{what}。"
    echoed = (reading.elsewhere, units)
    statement = Statement(text, (), (len(context.policies),), tuple(one for one in echoed if one))
    return Draft(AnswerStatus.NOT_FOUND, (statement,), _nearest(reading, context))


def titled(policies: Sequence[str], knowledge: Knowledge) -> str:
    """Documents by their titles; of many, the first ones and how many there are."""
    named = "、".join(knowledge.title(one) for one in policies[:MOST_NAMED])
    return f"{named}等{len(policies)}份" if len(policies) > MOST_NAMED else named


def _nearest(reading: Reading, context: Context) -> tuple[str, ...]:
    topic = Topic.of(reading.topic or reading.text)
    found = find(topic, context, NEAREST)
    numbered = [match.clause for match in found if match.clause.number]
    return tuple(
        f"{context.knowledge.title(clause.policy_id)}{number_of(clause)}是什么？"
        for clause in numbered
    )


def no_units_named(clause: Clause, roles: Sequence[Role], context: Context) -> Statement:
    """The clause is there, and says nothing of who does it."""
    knowledge = context.knowledge
    what = "和".join(f"{ROLE_NAMES[role]}单位" for role in roles) or "牵头单位和配合单位"
    scope = (
        "这份文件没有逐条列出牵头、配合单位"
        if clause.policy_id not in knowledge.stating
        else f"该条没有写明{what}"
    )
    title = knowledge.title(clause.policy_id)
    return Statement(
        f"文件没有写明{what}。{title}{label(clause)}讲到这件事，但{scope}。", (whole_span(clause),)
    )


def policy_names_no_units(policy_id: str, roles: Sequence[Role], context: Context) -> Draft:
    """A whole document says nothing of who does what."""
    what = "和".join(f"{ROLE_NAMES[role]}单位" for role in roles) or "牵头单位和配合单位"
    text = f"{context.knowledge.title(policy_id)}没有写明各项任务的{what}。"
    spans = _mentions_roles(policy_id, roles, context)
    return Draft(AnswerStatus.NOT_STATED, (Statement(text, spans),))


def no_units_stated(reading: Reading, context: Context) -> Draft:
    """None of the documents asked names units: each said so."""
    roles = reading.roles or reading.bounds.lacking
    drafts = [policy_names_no_units(p, roles, context) for p in sorted(context.policies)]
    if not drafts:
        return nothing_found(reading, context)
    statements = tuple(line for draft in drafts for line in draft.statements)
    return Draft(AnswerStatus.NOT_STATED, statements)


def _mentions_roles(policy_id: str, roles: Sequence[Role], context: Context) -> tuple[Span, ...]:
    """The sentence of a document that speaks of lead or cooperating units, if one does."""
    names = [ROLE_NAMES[role] + "单位" for role in roles or tuple(Role)]
    for words, span in sentences_of(policy_id, context.knowledge):
        if any(name in words for name in names):
            return (span,)
    return tuple(map(whole_span, islice(context.knowledge.items({policy_id}, None), 1)))
