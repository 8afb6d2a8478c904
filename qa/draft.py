"""What a composer hands to verification: statements, each with the spans that must bear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain import AnswerStatus, PolicyContent

MARK = "\ue000"  # in a line: the marker of the next of its spans; those without one follow the line


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a policy's text: what a citation will quote."""

    clause_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of an answer.

    `counts` are figures that were counted from the ledger and stand in no text; `echoed` are words
    of the question that the line repeats to deny them. A line without spans holds no fact: it
    introduces the lines after it, or speaks of the documents as a whole.
    """

    text: str
    spans: tuple[Span, ...] = ()
    counts: tuple[int, ...] = ()
    echoed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is checked. `focus` are the clauses that a next question may lean on.

    Where it is `settled`, what is nearest in meaning is not looked for. `versions` are older versions
    of documents that it cites beside those that count.
    """

    status: AnswerStatus
    statements: tuple[Statement, ...]
    suggestions: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    versions: tuple[PolicyContent, ...] = ()
    settled: bool = False


def together(drafts: Sequence[Draft]) -> Draft:
    """One draft of several: answered where all are, partial where some are; each line once."""
    if len(drafts) == 1:
        return drafts[0]
    statuses = {draft.status for draft in drafts}
    if len(statuses) == 1:
        status = statuses.pop()
    elif statuses & {AnswerStatus.ANSWERED, AnswerStatus.PARTIAL}:
        status = AnswerStatus.PARTIAL
    else:
        status = next(s for s in AnswerStatus if s in statuses)
    return Draft(
        status,
        tuple(dict.fromkeys(line for draft in drafts for line in draft.statements)),
        tuple(dict.fromkeys(ask for draft in drafts for ask in draft.suggestions)),
        tuple(dict.fromkeys(one for draft in drafts for one in draft.focus)),
    )
