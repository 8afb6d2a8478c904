"""A question set asked of an engine, one record a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain import Answer, Question
from eval.metrics import faults
from eval.questions import Expectation
from qa.engine import Engine


@dataclass(frozen=True, slots=True)
class Record:
    """A question, its answer, and what is wrong with it."""

    expected: Expectation
    answer: Answer
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def run(questions: Iterable[Expectation], engine: Engine) -> Iterator[Record]:
    """Ask each question in a conversation of its own, after the ones that it follows."""
    texts = {policy.id: policy.text for policy in engine.knowledge.policies.values()}
    for expected in questions:
        conversation_id = ""
        for earlier in expected.after:
            conversation_id = engine.answer(Question(earlier, conversation_id)).conversation_id
        answer = engine.answer(Question(expected.question, conversation_id))
        yield Record(expected, answer, tuple(faults(expected, answer, texts)))
