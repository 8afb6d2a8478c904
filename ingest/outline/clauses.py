"""Text to clauses: the outline of a document by its printed numbers, its headings and its tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from domain import Clause, ClauseKind
from ingest.document import Document
from ingest.outline.nesting import HEADING, Nesting, Step
from ingest.outline.numbering import bare
from ingest.outline.opening import (
    AFTER,
    ATTACHMENT,
    CLOSING,
    PREAMBLE,
    ROW,
    Opening,
    is_heading_line,
    scopes,
)
from ingest.outline.openings import find_openings
from ingest.outline.tables import task_tables

TITLE_LENGTH = 60  # characters; a longer first sentence is not a run-in heading
_PARTS_OF_A_TASK = frozenset({"sub", "half", "circled"})
_FLAT = frozenset({PREAMBLE, ROW, CLOSING, AFTER})  # levels that hold nothing


def split_clauses(policy_id: str, document: Document) -> list[Clause]:
    """The clauses of a document in order. Joined, their texts are its text, character by character.

    One clause is one numbered item, one heading, one row of a table of tasks, or the text before
    the first of these.
    """
    text = document.text
    openings = find_openings(document)
    if not openings or text[: openings[0].start].strip():
        openings.insert(0, Opening(0, PREAMBLE))
    starts = [0, *(opening.start for opening in openings[1:])]  # blank lines before the first one
    ends = [*starts[1:], len(text)]
    anchors = _Anchors(openings)
    nested = list(_nest(openings))
    # the header of a table of tasks belongs to no item's own words
    tables = [table.start for table, _ in task_tables(document)] + [len(text)]
    clauses = []
    for place, ((opening, above), start, end) in enumerate(zip(nested, starts, ends, strict=True)):
        body = text[start:end]
        inner = nested[place + 1][0] if place + 1 < len(nested) else None
        below = inner is not None and opening in nested[place + 1][1]
        part = inner is not None and inner.style in _PARTS_OF_A_TASK
        holds = below and not (part and opening.kind is ClauseKind.TASK)
        clauses.append(
            Clause(
                id=f"{policy_id}#{anchors.take(opening, above)}",
                policy_id=policy_id,
                kind=_kind(
                    opening, text[start : min(end, tables[bisect_left(tables, start)])], holds
                ),
                number=opening.number,
                ordinal=opening.value,
                section=tuple(item.label for item in above),
                title=_title(opening, body),
                text=body,
                start=start,
                end=end,
                page=document.page(start + len(body) - len(body.lstrip())),
                confidence=_confidence(document, start, end),
            )
        )
    return clauses


def _nest(openings: Sequence[Opening]) -> Iterator[tuple[Opening, tuple[Opening, ...]]]:
    """Each opening with those above it, outermost first. An attachment is an outline of its own."""
    for scope in scopes(openings):
        head = [scope[0]] if scope[0].style == ATTACHMENT else []
        nesting = Nesting(
            [Step(o.level, o.value) for o in scope if o.style not in _FLAT and o not in head]
        )
        stack: list[Opening] = []
        for opening in scope:
            if opening.style == CLOSING:
                stack.clear()
            elif opening.style not in _FLAT and opening not in head:
                _close(stack, opening, nesting)
            yield opening, tuple(head + stack) if opening not in head else ()
            if opening.style not in _FLAT and opening not in head:
                stack.append(opening)


def _close(stack: list[Opening], opening: Opening, nesting: Nesting) -> None:
    """Close the items that end where this one opens: its own level and all inside it."""
    levels = [item.level for item in stack]
    if opening.level in levels:
        del stack[levels.index(opening.level) :]
    while stack and nesting.is_outer(opening.level, stack[-1].level):
        stack.pop()


def _kind(opening: Opening, body: str, holds: bool) -> ClauseKind:
    kind = opening.kind
    if kind in (ClauseKind.PREAMBLE, ClauseKind.ATTACHMENT, ClauseKind.TABLE_ROW):
        return kind
    alone = _joined(bare(body)) == _joined(opening.label) and is_heading_line(opening.words)
    usual = opening.style in ("book", "chapter", "section", "part", HEADING)
    return ClauseKind.HEADING if alone and (holds or usual) else kind


def _joined(text: str) -> str:
    return re.sub(r"[\s*_]", "", text)


def _title(opening: Opening, body: str) -> str:
    """The heading of an item, on its line or run in before its first full stop."""
    words = opening.words
    if opening.style == ROW:
        return words if len(words) <= TITLE_LENGTH else words.partition("。")[0][:TITLE_LENGTH]
    if not words or is_heading_line(words):
        return words
    first, stop, rest = words.partition("。")
    more = rest.strip() or bare(body) != opening.label
    runs_in = stop and more and "," not in first and "\uff0c" not in first
    return first if runs_in and len(first) <= TITLE_LENGTH else ""


def _confidence(document: Document, start: int, end: int) -> float | None:
    """The lowest confidence of what was recognised in a span; None where nothing was."""
    return min(
        (c.score for c in document.confidences if c.start < end and c.end > start), default=None
    )


class _Anchors:
    """Names for places in a policy's page: the number where it is the only one, else its path."""

    def __init__(self, openings: Sequence[Opening]) -> None:
        self._printed = Counter(opening.number for opening in openings if opening.number)
        self._taken: Counter[str] = Counter()

    def take(self, opening: Opening, above: Sequence[Opening]) -> str:
        anchor = self._anchor(opening, above)
        self._taken[anchor] += 1
        count = self._taken[anchor]
        return anchor if count == 1 else f"{anchor}~{count}"

    def _anchor(self, opening: Opening, above: Sequence[Opening]) -> str:
        if not opening.number:
            return opening.style
        if self._printed[opening.number] == 1:
            return opening.number
        return ".".join([*(item.number for item in above if item.number), opening.number])
