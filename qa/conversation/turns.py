"""What is kept of a conversation: the last question as it was understood, and what it was answered from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from qa.knowledge import Knowledge
from qa.reading import Reading


@dataclass(frozen=True, slots=True)
class Turn:
    """The question before, as it was understood, and the clauses that its answer told of.

    `listed` are the clauses of the last list, by which a next question may count (第二个呢).
    """

    reading: Reading
    focus: tuple[str, ...]
    listed: tuple[str, ...] = ()


_TURN = TypeAdapter(Turn)


def to_state(turn: Turn) -> dict[str, Any]:
    """A turn as JSON values."""
    return dict(_TURN.dump_python(turn, mode="json"))


def from_state(state: dict[str, Any], knowledge: Knowledge) -> Turn | None:
    """A stored turn; None where there is none, or one that cannot be used any more.

    It may be of another version of Wence, or tell of documents or clauses that are gone.
    """
    if not state:
        return None
    try:
        turn = _TURN.validate_python(state)
    except ValidationError:
        return None
    if not set(turn.reading.policies or ()) <= knowledge.policies.keys():
        return None
    told = (*turn.focus, *turn.listed)
    return turn if all(clause_id in knowledge.clauses for clause_id in told) else None


def following(reading: Reading, focus: tuple[str, ...], before: Turn | None) -> Turn:
    """The turn after an answer; the last list stays while one of its clauses is talked about."""
    listed = before.listed if before else ()
    if len(focus) > 1:
        listed = focus
    elif not set(focus) <= set(listed):
        listed = ()
    return Turn(reading, focus, listed)
