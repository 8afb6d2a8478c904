"""One question, straight down: understand, resolve, compose, verify; the answer is one object."""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from domain import Answer, AnswerStatus, Clause, Filters, Hit, Question
from errors import BadQuestion
from index.passages import best_clauses, clauses_found
from index.protocol import Search
from ingest.catalog import Catalog
from qa.applicability.apply import Matching, apply, describes, draft_of, matching
from qa.applicability.profile import Described, profile_of
from qa.checking.verify import UNSUPPORTED, Checked, verify
from qa.comparison.compare import compare
from qa.composers.about import about
from qa.composers.amounts import amounts
from qa.composers.card import card
from qa.composers.facts import fact
from qa.composers.items import item
from qa.composers.ledger import select
from qa.composers.outlines import sections
from qa.composers.ranks import rank
from qa.composers.rosters import units
from qa.composers.schedule import schedule
from qa.composers.sense import nearest
from qa.composers.who import who
from qa.context import Context
from qa.conversation.corrections import corrected
from qa.conversation.dialogue import joined, resolve
from qa.conversation.turns import Turn, following, from_state, to_state
from qa.draft import Draft, Statement, together
from qa.filters import allowed, bounds
from qa.home import narrowed
from qa.knowledge import Knowledge
from qa.messages import declined, nothing_found, unclear
from qa.model.writer import BUILTIN, Pen
from qa.nextup import next_questions
from qa.reading import Kind, Reading
from qa.states import notice
from qa.text import plain
from qa.typed.spelling import Correction, told
from qa.typed.spelling import corrected as respelt
from qa.understanding.parts import split_parts
from qa.understanding.understand import understand

if TYPE_CHECKING:  # a model is opened only where one is set
    from qa.model.chat_model import ChatModel

LOOK_EVERY = 1.0  # seconds between two looks at the catalog's fingerprint
DAY = 86_400.0  # seconds
MOST_PARTS = 5
MOST_SUGGESTIONS = 3
MOST_CHOICES = 8  # readings of a question that are offered
_UNBOUNDED = Filters()

_log = logging.getLogger("wence")

_COMPOSERS: dict[Kind, Callable[[Reading, Context], Draft]] = {
    Kind.WHO: who,
    Kind.DUE: schedule,
    Kind.AMOUNT: amounts,
    Kind.RANK: rank,
    Kind.ABOUT: about,
    Kind.SELECT: select,
    Kind.UNITS: units,
    Kind.SECTIONS: sections,
    Kind.ITEM: item,
    Kind.FACT: fact,
    Kind.UNCLEAR: unclear,
    Kind.DECLINE: declined,
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What questions are answered from: the catalog as it was at `fingerprint`, and its index."""

    fingerprint: str
    knowledge: Knowledge
    search: Search


class Engine:
    """Answers questions from one catalog; what another process ingests is seen within a second."""

    def __init__(
        self,
        catalog: Catalog,
        load: Callable[[], Snapshot],
        *,
        search_k: int,
        question_limit: int,
        conversation_limit: int,
        conversation_days: int = 30,
        today: Callable[[], date] = date.today,
        model: ChatModel | None = None,
    ) -> None:
        """`question_limit` counts characters, `conversation_limit` remembered conversations,
        each for `conversation_days` after its last question.

        `today` tells the day on which the documents' states count. A `model` puts answers into
        better words.
        """
        self.catalog = catalog
        self._load = load
        self._snapshot = load()
        self._looked = time.monotonic()
        self.today = today
        self._model = model
        self._composers = _COMPOSERS | {
            Kind.CARD: partial(card, today=today),
            Kind.COMPARE: partial(compare, older=catalog.older),
            Kind.APPLY: partial(apply, today=today),
        }
        self._lock = Lock()
        self._k = search_k
        self._question_limit = question_limit
        self._conversation_limit = conversation_limit
        self._conversation_age = conversation_days * DAY

    @property
    def knowledge(self) -> Knowledge:
        """What the documents hold now."""
        return self._current().knowledge

    @property
    def search(self) -> Search:
        """The index over the documents as they are now."""
        return self._current().search

    def _current(self) -> Snapshot:
        if time.monotonic() - self._looked > LOOK_EVERY:
            with self._lock:
                self._looked = time.monotonic()
                if self.catalog.fingerprint() != self._snapshot.fingerprint:
                    self._snapshot = self._load()
        return self._snapshot

    def answer(self, question: Question) -> Answer:
        """Answer a question. Raises `BadQuestion` and what `qa.filters.bounds` does."""
        return deque(self.tell(question, grows=False), maxlen=1).pop()

    def tell(
        self, question: Question, gone: Event | None = None, *, grows: bool = True
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is whole, and begins with the text of those before.

        All that is given is verified. Where a chat model is asked, the first one is empty and comes
        before it; without one, the whole answer is the only one. `gone` is set by who waits no more,
        and without `grows` nothing that a model writes is given before it is whole. Raises what
        `answer` does, before anything is given.
        """
        clock = _Clock()
        self._check(question.text)
        conversation_id = question.conversation_id or uuid.uuid4().hex
        with clock("recall"):
            current = self._current()
            where = bounds(question.filters, current.knowledge, self.today())
            policies = allowed(where, current.knowledge)
            knowledge = current.knowledge.of_units(question.filters.units)
            turn = from_state(self._recalled(question.conversation_id), knowledge)
        pen = Pen.of(self._model, gone, grows=grows) if self._model else None
        drafts: list[Draft] = []
        with clock("spelling"):
            typed = respelt(question.text, current.knowledge)
        text = corrected(plain(typed.text)) if turn else typed.text
        for part in split_parts(text)[:MOST_PARTS]:
            with clock("understand"):
                reading = understand(part, knowledge, policies)
                reading = resolve(reading, turn, knowledge, within=bool(drafts))
                if reading.policies is None and drafts and turn:
                    reading = replace(reading, policies=turn.reading.policies)
                if drafts and turn and (both := joined(reading, turn)):
                    reading = both
                    drafts.pop()
            context = Context(
                knowledge, current.search, policies, self._k, where, talked_of=_talked_of(turn)
            )
            with clock("compose"):
                draft = self._compose(reading, context, within=bool(drafts))
            if pen:
                with clock("write"):
                    for written in pen.written(reading, context, draft):
                        draft = written
                        grown = _telling([*drafts, draft], typed.corrections)
                        yield _so_far(grown, knowledge, pen.engine, conversation_id)
            drafts.append(draft)
            if reading.kind is not Kind.DECLINE:
                turn = following(reading, draft.focus, turn)
        drafts = _telling(drafts, typed.corrections)
        if question.filters.units and drafts:
            drafts[-1] = _bounded(drafts[-1], question.filters.units)
        with clock("verify"):
            knowledge = knowledge.beside([one for draft in drafts for one in draft.versions])
            checked = verify(together(drafts), knowledge)
            notices = _notices(checked, knowledge, self.today())
        for line in checked.dropped:
            _log.info("dropped, not borne by what it cites: %s", line)
        with clock("remember"):
            if turn:
                self._remember(conversation_id, turn)
        yield Answer(
            text="\n".join((checked.text, *notices)),
            status=checked.status,
            engine=pen.engine if pen else BUILTIN,
            conversation_id=conversation_id,
            citations=checked.citations,
            suggestions=_suggestions(drafts),
            timings_ms=clock.timings,
        )

    def match(
        self, given: Described, filters: Filters = _UNBOUNDED
    ) -> tuple[Matching, dict[str, float]]:
        """Which clauses apply to an enterprise, and the milliseconds a step.

        Raises `BadQuestion`, also where nothing is described, and what `qa.filters.bounds` does.
        """
        clock = _Clock()
        self._check(given.words or given.place)
        with clock("recall"):
            current = self._current()
            where = bounds(filters, current.knowledge, self.today())
            knowledge = current.knowledge.of_units(filters.units)
            context = Context(
                knowledge, current.search, allowed(where, current.knowledge), self._k, where
            )
        with clock("understand"):
            profile = profile_of(given, knowledge.regions)
        with clock("match"):
            matched = matching(profile, context, self.today())
        return matched, clock.timings

    def told(self, found: Matching) -> Answer:
        """A matching in words, verified as every answer is; it belongs to no conversation."""
        knowledge = self.knowledge
        draft = draft_of(found, knowledge)
        checked = verify(draft, knowledge)
        text = "\n".join((checked.text, *_notices(checked, knowledge, self.today())))
        return Answer(text, checked.status, BUILTIN, "", checked.citations, draft.suggestions, {})

    def find(self, query: str, k: int, filters: Filters = _UNBOUNDED) -> list[tuple[Hit, Clause]]:
        """The best `k` clauses for a query of those that pass the filters, best first, each of a long
        one cut to its best passage.

        Raises `BadQuestion`, also for an empty query, and what `qa.filters.bounds` does.
        """
        self._check(query)
        current = self._current()
        clauses = current.knowledge.clauses
        where = bounds(filters, current.knowledge, self.today())
        hits = best_clauses(current.search, query, k, where) if all(where.values()) else []
        return list(clauses_found(hits, clauses))

    def _recalled(self, conversation_id: str) -> dict[str, Any]:
        since = time.time() - self._conversation_age
        return self.catalog.conversation(conversation_id, since) if conversation_id else {}

    def _remember(self, conversation_id: str, turn: Turn) -> None:
        now, keep = time.time(), self._conversation_limit
        since = now - self._conversation_age
        self.catalog.remember(conversation_id, to_state(turn), now, keep, since)

    def _check(self, words: str) -> None:
        text = words.strip()
        if not text:
            raise BadQuestion("问题是空的，请写下要问的内容")
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise BadQuestion("问题里有不成字的编码，请用 UTF-8 重新输入")
        if len(text) > self._question_limit:
            raise BadQuestion(
                f"问题有{len(text)}个字，上限是{self._question_limit}个字，请缩短后再问"
            )

    def _compose(self, reading: Reading, context: Context, *, within: bool = False) -> Draft:
        """The answer to one question; `within` a message, of the documents of the one before it first."""
        if reading.policies is not None:
            context = replace(context, policies=context.policies & frozenset(reading.policies))
        context = replace(context, policies=narrowed(reading, context), anchors=reading.anchors)
        away = reading.elsewhere and not (
            reading.kind is Kind.DECLINE
            or describes(reading)
            or (reading.kind is Kind.CARD and reading.policies)  # 是2023年印发的吗
        )
        if away or (not context.policies and reading.kind is not Kind.DECLINE):
            return nothing_found(reading, context)
        talked_of = context.policies & context.talked_of
        near = (reading.behind or within) and reading.policies is None and talked_of
        first = replace(context, policies=talked_of) if near else context
        draft = self._composers[reading.kind](reading, first)
        if draft.status is AnswerStatus.NOT_FOUND and first is not context:
            draft = self._composers[reading.kind](reading, context)
        if draft.status is AnswerStatus.NOT_FOUND and reading.kind is Kind.APPLY:
            draft = fact(reading, first)  # what somebody tells of itself may ask for one fact
        if draft.status is AnswerStatus.NOT_FOUND and not draft.settled:
            draft = nearest(reading, context) or draft
        return replace(draft, suggestions=next_questions(reading, draft, context))


def _talked_of(turn: Turn | None) -> frozenset[str]:
    """Ids of the documents that the question before was answered from."""
    return (
        frozenset(clause_id.partition("#")[0] for clause_id in turn.focus) if turn else frozenset()
    )


def _telling(drafts: list[Draft], corrections: Sequence[Correction]) -> list[Draft]:
    """The answers with a first line on what was read otherwise than it was typed."""
    line = told(corrections)
    if not line or all(draft.status is AnswerStatus.DECLINED for draft in drafts):
        return drafts
    return [replace(drafts[0], statements=(line, *drafts[0].statements)), *drafts[1:]]


def _so_far(
    drafts: Sequence[Draft], knowledge: Knowledge, engine: str, conversation_id: str
) -> Answer:
    """What is written of an answer: all of it is verified, and none of it changes any more."""
    draft = together(drafts)
    checked = verify(draft, knowledge)
    if checked.text == UNSUPPORTED.text:  # nothing yet
        return Answer("", draft.status, engine, conversation_id)
    return Answer(checked.text, draft.status, engine, conversation_id, checked.citations)


def _bounded(draft: Draft, units: Sequence[str]) -> Draft:
    """The answer with a word on the filter that it was given under."""
    names = "、".join(units)
    note = Statement(f"以上只限于与{names}有关的条款。", echoed=tuple(units))
    return replace(draft, statements=(*draft.statements, note))


def _notices(checked: Checked, knowledge: Knowledge, day: date) -> list[str]:
    """A line for each cited document that does not hold, unless the answer says why."""
    if checked.status is AnswerStatus.DECLINED:
        return []
    cited = dict.fromkeys(citation.policy_id for citation in checked.citations)
    states = {policy_id: knowledge.state(policy_id, day) for policy_id in cited}
    lines = (
        notice(knowledge.title(policy_id), standing)
        for policy_id, standing in states.items()
        if standing.reason not in checked.text
    )
    return [line for line in lines if line]


def _suggestions(drafts: Sequence[Draft]) -> tuple[str, ...]:
    asks = any(draft.status is AnswerStatus.CLARIFY for draft in drafts)
    found = tuple(dict.fromkeys(s for draft in drafts for s in draft.suggestions))
    return found[: MOST_CHOICES if asks else MOST_SUGGESTIONS]


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
