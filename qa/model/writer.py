"""A built-in answer put into better words by a chat model; each sentence is checked as it comes.

Whatever goes wrong, the built-in answer is given, with the reason beside the engine's name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING

from domain import AnswerStatus, Role
from errors import ChatModelFailed
from qa.attributes import attribute, quantity_pattern
from qa.context import Context
from qa.draft import Draft, Statement
from qa.knowledge import Knowledge
from qa.model.founded import figures_of, founded
from qa.model.injected import speaks_to_a_model
from qa.model.material import Material, evidence_of, facts_of
from qa.model.said import objects
from qa.prompts import prompt
from qa.reading import Kind, Reading

if TYPE_CHECKING:  # LangChain is imported only where a model is set
    from qa.model.chat_model import Allowance, ChatModel

BUILTIN = "builtin"
MOST_FACTS = 40  # lines of a built-in answer; a longer list gains nothing by other words
_COMPLETE = (Kind.WHO, Kind.SELECT, Kind.UNITS, Kind.SECTIONS, Kind.ITEM, Kind.CARD, Kind.APPLY)
_OPEN = (Kind.FACT, Kind.APPLY, Kind.WHO)  # may be answered from what the search finds
_GIVEN = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL)
_MISSED = (AnswerStatus.NOT_FOUND, AnswerStatus.NOT_STATED)

_log = logging.getLogger("wence")


class _Unsaid(ChatModelFailed):
    """The model says that the evidence does not say what is asked."""


@dataclass(slots=True)
class Pen:
    """What writes one answer with a model: what it may still use, and what went wrong.

    With `grows`, what is written is shown before the whole of it is.
    """

    model: ChatModel
    allowance: Allowance
    grows: bool
    wrote: bool = False
    reasons: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, model: ChatModel, gone: Event | None, *, grows: bool) -> Pen:
        """A pen for a new answer; `gone` is set when nobody waits for it any more."""
        return cls(model, model.allowance(gone), grows)

    @property
    def engine(self) -> str:
        """What wrote the answer; where the model failed, why."""
        if self.reasons:
            return f"{BUILTIN} ({self.model.name}: {self.reasons[0]})"
        return self.model.name if self.wrote else BUILTIN

    def written(self, reading: Reading, context: Context, draft: Draft) -> Iterator[Draft]:
        """The answer to one question as it grows; the last one is whole.

        What was given once stays at the beginning of all that follows. Facts are given sentence by
        sentence. A list of the ledger, or what the built-in answer did not find, is given only when
        it is whole.
        """
        task = _task(reading, context, draft)
        if task is None:
            yield draft
            return
        yield replace(draft, statements=())
        told: list[Statement] = []
        status, grows = draft.status, self.grows and task.grows
        try:
            for status, statement in self._sentences(task, context.knowledge):
                told.append(statement)
                if grows:
                    yield Draft(status, tuple(told), focus=draft.focus)
            _whole(told, task, context.knowledge)
        except ChatModelFailed as failed:
            self.reasons.append(str(failed))
            _log.warning("%s: the built-in answer is given: %s", self.model.name, failed)
            shown = tuple(told) if grows else ()
            yield replace(draft, statements=(*shown, *draft.statements))
            return
        self.wrote = True
        yield _final(status, told, draft)

    def _sentences(
        self, task: _Task, knowledge: Knowledge
    ) -> Iterator[tuple[AnswerStatus, Statement]]:
        """What the model says, each sentence borne by what it rests on, with the verdict before."""
        handles, material = task.material.by_name, task.material.told
        asked = f"{task.material.question}{task.material.meant}"
        _log.info("%s is asked with %d characters", self.model.name, len(material))
        status = None
        with closing(
            self.model.stream(prompt("answer").template, material, self.allowance)
        ) as pieces:
            for said in objects(pieces):
                if said.status and status is None:
                    status = _status(said.status, task)
                known = [handles[name] for name in dict.fromkeys(said.rests_on) if name in handles]
                if said.say.strip() and known:
                    statement = founded(said.say, known, asked, knowledge)
                    if statement is None:
                        raise ChatModelFailed("有一句未通过核对")
                    task.used.update(handle.name for handle in known)
                    yield status or _status("answered", task), statement
                elif said.say.strip():
                    _log.info("%s: a sentence without evidence is left out", self.model.name)
                if said.end:
                    return


@dataclass(slots=True)
class _Task:
    """What a model is to write: from facts, all of them, or from evidence; `used` are its handles."""

    reading: Reading
    draft: Draft
    material: Material
    grows: bool
    used: set[str] = field(default_factory=set)

    @property
    def opens(self) -> bool:
        """Whether it may answer what the built-in rules did not."""
        return self.draft.status in _MISSED


def _task(reading: Reading, context: Context, draft: Draft) -> _Task | None:
    """None for what stays with the built-in answer: a choice, a refusal, a verdict, a long list."""
    if reading.claim or len(draft.statements) > MOST_FACTS:
        return None
    if draft.status in _GIVEN and reading.kind is Kind.FACT:
        material = evidence_of(reading, draft, context)
        cited = {s.clause_id for line in draft.statements for s in line.spans}
        clean = not any(speaks_to_a_model(context.knowledge.clauses[one].text) for one in cited)
        return _Task(reading, draft, material, grows=True) if clean else None
    if draft.status in _GIVEN and reading.kind in _COMPLETE:
        material = facts_of(reading, draft, context)
        told = " ".join(line.text for line in draft.statements)
        return None if speaks_to_a_model(told) else _Task(reading, draft, material, grows=False)
    if draft.status in _MISSED and _may_open(reading, context):
        material = evidence_of(reading, draft, context)
        return _Task(reading, draft, material, grows=False) if material.handles else None
    return None


def _may_open(reading: Reading, context: Context) -> bool:
    """Whether the search may find what the rules did not: no item, unit or place that is not there.

    Who does what is told by the ledger alone where that holds the clause.
    """
    named = reading.numbers or reading.unknown_units or reading.elsewhere
    return bool(not named and reading.kind in _OPEN and not reading.focus and context.policies)


def _status(said: str, task: _Task) -> AnswerStatus:
    """The outcome that a verdict leads to. Raises `_Unsaid` where the built-in one stands."""
    if said == "none" or (
        said == "not_stated" and task.draft.status is not AnswerStatus.NOT_STATED
    ):
        raise _Unsaid("原文没有写明所问")
    status = AnswerStatus(said)
    if task.opens or status is AnswerStatus.PARTIAL:
        return status
    return task.draft.status


def _whole(told: list[Statement], task: _Task, knowledge: Knowledge) -> None:
    """Raise `ChatModelFailed` where nothing is told, or less than must be."""
    if not told:
        raise ChatModelFailed("没有可以核对的句子")
    text = "".join("".join(line.text.split()) for line in told)
    missing = [handle.name for handle in task.material.facts if handle.name not in task.used]
    facts = "\n".join(handle.statement.text for handle in task.material.facts)
    if missing or not _holds_all(facts, text, knowledge):
        raise ChatModelFailed("内容不全")
    stated = _asked_figure(task.reading) if task.reading.kind is Kind.FACT else None
    if stated and not any(stated.search(line.text) for line in told):
        raise _Unsaid("没有写到所问的内容")
    if not task.opens and not _lead_figures(task.draft) <= figures_of(text):
        raise ChatModelFailed("内容不全")
    if not task.opens:
        return
    if task.reading.kind is Kind.WHO and not _units_told(told, task.reading, knowledge):
        raise ChatModelFailed("内容不全")


def _holds_all(facts: str, text: str, knowledge: Knowledge) -> bool:
    """Whether a text has every unit, figure and document of the facts."""
    units = (unit for unit in knowledge.units if unit in facts)
    return all(unit in text for unit in units) and figures_of(facts) <= figures_of(text)


def _lead_figures(draft: Draft) -> set[str]:
    """The figure that a built-in answer begins with, before it cites: `60日。《…》第13项：“…”`."""
    lead = draft.statements[0].text.partition("《")[0] if draft.statements else ""
    return figures_of(lead)


def _units_told(told: list[Statement], reading: Reading, knowledge: Knowledge) -> bool:
    """Whether all units of the clauses told of, in the roles asked for, are named; and there are any."""
    cited = dict.fromkeys(span.clause_id for line in told for span in line.spans)
    roles = reading.roles or (Role.LEAD, Role.RESPONSIBLE)
    units = {unit for one in cited for unit in knowledge.units_of(one, *roles)}
    text = "".join(line.text for line in told)
    return bool(units) and all(unit in text for unit in units)


def _asked_figure(reading: Reading) -> re.Pattern[str] | None:
    """What a sentence must hold that answers a question for a figure, a date, a place."""
    if reading.quantity:
        return quantity_pattern(reading.quantity)
    row = attribute(reading.attribute)
    return row.stated if row else None


def _final(status: AnswerStatus, told: list[Statement], draft: Draft) -> Draft:
    """The model's answer with what the next question may lean on."""
    cited = tuple(dict.fromkeys(span.clause_id for line in told for span in line.spans))
    if draft.status in _MISSED:
        return Draft(status, tuple(told), focus=cited)
    return replace(draft, status=status, statements=tuple(told), focus=draft.focus or cited)
