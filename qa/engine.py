"""One question, straight down: understand, resolve, compose, verify; the answer is one object."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from domain import Answer, AnswerStatus, Clause, Hit, Question
from errors import BadQuestion
from index.protocol import Search
from ingest.catalog import Catalog
from qa.apply import apply
from qa.card import card
from qa.context import Context
from qa.dialogue import Turn, from_state, resolve, to_state
from qa.draft import Draft
from qa.facts import fact
from qa.items import item
from qa.knowledge import Knowledge
from qa.ledger import select
from qa.messages import declined, nothing_found, unclear
from qa.outlines import sections
from qa.reading import Kind, Reading
from qa.rosters import units
from qa.understand import split_parts, understand
from qa.verify import verify
from qa.who import who

ENGINE = "builtin"
MOST_PARTS = 5
MOST_SUGGESTIONS = 3

_log = logging.getLogger("wence")

_COMPOSERS: dict[Kind, Callable[[Reading, Context], Draft]] = {
    Kind.WHO: who,
    Kind.SELECT: select,
    Kind.UNITS: units,
    Kind.SECTIONS: sections,
    Kind.ITEM: item,
    Kind.CARD: card,
    Kind.FACT: fact,
    Kind.APPLY: apply,
    Kind.UNCLEAR: unclear,
    Kind.DECLINE: declined,
}


class Engine:
    """Answers questions from one catalog and one search."""

    def __init__(
        self,
        catalog: Catalog,
        knowledge: Knowledge,
        search: Search,
        *,
        search_k: int,
        question_limit: int,
        conversation_limit: int,
    ) -> None:
        """`question_limit` counts characters, `conversation_limit` remembered conversations."""
        self.catalog = catalog
        self.knowledge = knowledge
        self.search = search
        self._k = search_k
        self._question_limit = question_limit
        self._conversation_limit = conversation_limit

    def answer(self, question: Question) -> Answer:
        """Answer a question. Raises `BadQuestion` and, for its filters, `UnknownPolicy`."""
        clock = _Clock()
        self._check(question)
        conversation_id = question.conversation_id or uuid.uuid4().hex
        with clock("recall"):
            allowed = self.knowledge.allowed(question.filters)
            knowledge = self.knowledge.of_units(question.filters.units)
            state = self.catalog.conversation(conversation_id) if question.conversation_id else {}
            turn = from_state(state, knowledge)
        drafts: list[Draft] = []
        for part in split_parts(question.text)[:MOST_PARTS]:
            with clock("understand"):
                reading = resolve(understand(part, knowledge, allowed), turn, knowledge)
                if reading.policies is None and drafts and turn:
                    reading = replace(reading, policies=turn.reading.policies)
            with clock("compose"):
                draft = self._compose(reading, knowledge, allowed)
            drafts.append(draft)
            if reading.kind is not Kind.DECLINE:
                turn = Turn(reading, draft.focus)
        with clock("verify"):
            checked = verify(_joined(drafts), knowledge)
        for line in checked.dropped:
            _log.warning("dropped, not borne by what it cites: %s", line)
        with clock("remember"):
            if turn:
                self.catalog.remember(
                    conversation_id, to_state(turn), time.time(), self._conversation_limit
                )
        return Answer(
            text=checked.text,
            status=checked.status,
            engine=ENGINE,
            conversation_id=conversation_id,
            citations=checked.citations,
            suggestions=_suggestions(drafts),
            timings_ms=clock.timings,
        )

    def find(self, query: str, k: int) -> list[tuple[Hit, Clause]]:
        """The best `k` clauses for a query, best first. Raises `BadQuestion` for an empty one."""
        if not query.strip():
            raise BadQuestion("检索词是空的，请写下要找的内容")
        hits = self.search.search(query, k)
        return [
            (hit, self.knowledge.clauses[hit.clause_id])
            for hit in hits
            if hit.clause_id in self.knowledge.clauses
        ]

    def _check(self, question: Question) -> None:
        text = question.text.strip()
        if not text:
            raise BadQuestion("问题是空的，请写下要问的内容")
        if len(text) > self._question_limit:
            raise BadQuestion(
                f"问题有{len(text)}个字，上限是{self._question_limit}个字，请缩短后再问"
            )

    def _compose(self, reading: Reading, knowledge: Knowledge, allowed: frozenset[str]) -> Draft:
        policies = allowed if reading.policies is None else allowed & frozenset(reading.policies)
        context = Context(knowledge, self.search, policies, self._k)
        away = reading.elsewhere and reading.kind is not Kind.DECLINE
        if away or (not policies and reading.kind is not Kind.DECLINE):
            return nothing_found(reading, context)
        return _COMPOSERS[reading.kind](reading, context)


def _joined(drafts: Sequence[Draft]) -> Draft:
    """One draft of several: answered where all are, partial where some are."""
    if len(drafts) == 1:
        return drafts[0]
    statuses = {draft.status for draft in drafts}
    if len(statuses) == 1:
        status = statuses.pop()
    elif statuses & {AnswerStatus.ANSWERED, AnswerStatus.PARTIAL}:
        status = AnswerStatus.PARTIAL
    else:
        status = next(s for s in AnswerStatus if s in statuses)
    lines = dict.fromkeys(line for draft in drafts for line in draft.statements)
    return Draft(status, tuple(lines))


def _suggestions(drafts: Sequence[Draft]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for draft in drafts for s in draft.suggestions))[:MOST_SUGGESTIONS]


class _Clock:
    """Milliseconds per step, added up over the parts of a question."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.timings[step] = round(self.timings.get(step, 0.0) + spent, 3)
