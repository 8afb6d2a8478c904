"""Questions that the documents can answer next, from the clauses that an answer told of."""

from __future__ import annotations

from collections.abc import Iterator

from domain import AnswerStatus, Role
from qa.composers.items import name_of
from qa.context import Context
from qa.draft import Draft
from qa.reading import Kind, Reading
from qa.text import plain

MOST = 3
_TELLING = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.NOT_STATED)


def next_questions(reading: Reading, draft: Draft, context: Context) -> tuple[str, ...]:
    """At most three questions, each answered as it stands: of the items told, else of the document."""
    if draft.suggestions or draft.status not in _TELLING:
        return draft.suggestions
    asked = plain(reading.text)
    found = dict.fromkeys(
        one for one in _candidates(reading, draft, context) if plain(one) != asked
    )
    return tuple(found)[:MOST]


def _candidates(reading: Reading, draft: Draft, context: Context) -> Iterator[str]:
    knowledge = context.knowledge
    now = [id_ for id_ in draft.focus if id_ in knowledge.clauses]  # not of an older version
    items = dict.fromkeys(knowledge.item_of(knowledge.clauses[id_]) for id_ in now)
    for clause in list(items)[:MOST]:
        name = name_of(clause, knowledge)
        leads = knowledge.units_of(clause.id, Role.LEAD)
        if name and leads and reading.kind is not Kind.WHO:
            yield f"{name}由谁牵头？"
        if leads and not reading.units:
            yield f"{leads[0]}牵头哪些任务？"
        if name and reading.kind is not Kind.ITEM:
            yield f"{name}是什么？"
    for policy_id in dict.fromkeys(_policies(draft, context)):
        title = knowledge.title(policy_id)
        tasks = list(knowledge.tasks({policy_id}))
        if tasks:
            yield f"{title}一共有多少项任务？"
        if policy_id in knowledge.stating and any(
            knowledge.units_of(task.id, Role.LEAD) for task in tasks
        ):
            yield f"{title}哪个单位牵头的任务最多？"
        yield f"{title}主要讲什么？"


def _policies(draft: Draft, context: Context) -> Iterator[str]:
    """The documents that an answer told of, else those that it could have."""
    told = [*draft.focus, *(span.clause_id for line in draft.statements for span in line.spans)]
    ids = [id_.partition("#")[0] for id_ in told if id_ in context.knowledge.clauses]
    yield from ids or sorted(context.policies)
