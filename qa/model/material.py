"""What a chat model is shown of a question: its words, facts F1 … and evidence E1 …, nothing else.

All of it is data: what marks data in the prompt cannot stand in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain import Clause, ClauseKind
from index.passages import clauses_found, passage_around
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.knowledge import Knowledge
from qa.model.injected import speaks_to_a_model
from qa.prompts import prompt
from qa.reading import Reading
from qa.wording import ROLE_NAMES, body_span, label, number_of

MOST_FOUND = 6  # clauses of the search beside those that the built-in answer cites
LONGEST = 900  # characters of a clause; what comes after is not shown
_MARKS = str.maketrans("<>[]{}", "＜＞［］｛｝")
_NONE = "（无）"


@dataclass(frozen=True, slots=True)
class Handle:
    """What a sentence may rest on, by its name in the prompt.

    A fact is a line of the built-in answer. One that was counted, or that denies, stands in no span:
    it is `fixed`, and may only be repeated as it stands.
    """

    name: str
    statement: Statement
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """Facts that an answer must tell in full, or evidence that it may choose from."""

    handles: tuple[Handle, ...]
    meant: str
    question: str

    @property
    def by_name(self) -> Mapping[str, Handle]:
        """Each handle by its name."""
        return {handle.name: handle for handle in self.handles}

    @property
    def facts(self) -> tuple[Handle, ...]:
        """The handles of facts."""
        return tuple(handle for handle in self.handles if handle.name.startswith("F"))

    @property
    def told(self) -> str:
        """All of it as the model reads it."""
        return prompt("material").substitute(
            question=_data(self.question),
            meant=_data(self.meant) or _NONE,
            facts=_listed(self.facts) or _NONE,
            evidence=_listed(h for h in self.handles if h.name.startswith("E")) or _NONE,
        )


def facts_of(reading: Reading, draft: Draft, context: Context) -> Material:
    """Every line of a built-in answer as a fact."""
    handles = tuple(
        Handle(f"F{place}", line, fixed=not line.spans or bool(line.counts or line.echoed))
        for place, line in enumerate(draft.statements, 1)
    )
    return Material(handles, _meant(reading, context.knowledge), reading.text)


def evidence_of(reading: Reading, draft: Draft, context: Context) -> Material:
    """The clauses that a built-in answer cites and those that the search finds, the best first.

    A clause that speaks to a model is left out.
    """
    clauses = context.knowledge.clauses
    cited = [
        passage_around(clauses[span.clause_id], span.start)
        for line in draft.statements
        for span in line.spans
    ]
    chosen = dict.fromkeys([*cited, *_found(reading, context)])
    handles = tuple(
        Handle(f"E{place}", _clause(clause, context.knowledge))
        for place, clause in enumerate(
            (one for one in chosen if not speaks_to_a_model(one.text)), 1
        )
    )
    return Material(handles, _meant(reading, context.knowledge), reading.text)


def _found(reading: Reading, context: Context) -> Sequence[Clause]:
    where = dict(context.where)
    if len(context.policies) < len(context.knowledge.policies):
        where["policy"] = context.policies
    words = f"{reading.topic} {reading.text}" if reading.topic else reading.text
    hits = context.search.search(words, context.k, where=where)
    brought = (clause for _, clause in clauses_found(hits, context.knowledge.clauses))
    return [one for one in brought if one.kind is not ClauseKind.HEADING][:MOST_FOUND]


def _clause(clause: Clause, knowledge: Knowledge) -> Statement:
    """A clause by its document and name, with its words as the span behind them."""
    start, end = body_span(clause)
    end = min(end, start + LONGEST)
    name = f"{knowledge.title(clause.policy_id)}{number_of(clause)}"
    return Statement(f"{name}：{clause.words(start, end)}", (Span(clause.id, start, end),))


def _meant(reading: Reading, knowledge: Knowledge) -> str:
    """What the conversation and the reading add to the words of a question."""
    clauses = [knowledge.clauses[clause_id] for clause_id in reading.focus]
    parts = {
        "文件": "、".join(knowledge.title(one) for one in reading.policies or ()),
        "条款": "、".join(f"{knowledge.title(one.policy_id)}{label(one)}" for one in clauses),
        "事项": reading.topic,
        "单位": "、".join(name for ask in reading.units for name in ask.units),
        "角色": "、".join(ROLE_NAMES[role] for role in reading.roles),
    }
    return "；".join(f"{name}：{value}" for name, value in parts.items() if value)


def _listed(handles: Iterable[Handle]) -> str:
    return "\n".join(
        f"{handle.name}{'(原样)' if handle.fixed else ''} {_data(handle.statement.text)}"
        for handle in handles
    )


def _data(text: str) -> str:
    """A text that can close no mark of the prompt, and name no handle on a line of its own."""
    printed = "".join(
        char for char in text if unicodedata.category(char) not in ("Cc", "Cf") or char == "\n"
    )
    return " ".join(printed.translate(_MARKS).split())
