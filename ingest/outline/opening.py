"""A place at which a clause opens: what every step of the outline speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain import ClauseKind
from ingest.outline.nesting import Level
from ingest.outline.numbering import Marker, plain

PREAMBLE, ATTACHMENT, ROW, CLOSING, AFTER = "preamble", "attachment", "row", "closing", "after"
HEADING_LENGTH = 40  # characters; a longer line without a number is a paragraph
FREQUENT = frozenset({"task", "sub", "half", "circled"})  # styles that figures look like too
_SENTENCE_MARKS = "。!！?？;；,，:："


@dataclass(frozen=True, slots=True)
class Opening:
    """A place at which a clause opens.

    `style` names its number style, or `preamble`, `heading`, `row`, `closing`, `after`. `label` is
    the heading as later clauses' sections print it, `words` what follows the number on its line.
    """

    start: int
    style: str
    kind: ClauseKind = ClauseKind.PREAMBLE
    number: str = ""
    value: int | None = None
    label: str = ""
    words: str = ""
    depth: int = 0

    @property
    def level(self) -> Level:
        """Its level in the outline."""
        return Level(self.style, self.depth)


def numbered(start: int, line: str, marker: Marker, words: str, depth: int = 0) -> Opening:
    """The opening of a line with a number; `words` may stand on the next one."""
    label = plain(line[marker.start :])
    if words not in label:  # they stand on the next line
        gap = " " if marker.style.name == ATTACHMENT else ""
        label = f"{label.rstrip(':：')}{gap}{words}"
    return Opening(
        start,
        marker.style.name,
        marker.style.kind,
        marker.number,
        marker.value,
        label,
        words,
        depth,
    )


def is_heading_line(words: str) -> bool:
    """Whether a line's words may be a heading: short, and no sentence."""
    return 0 < len(words) <= HEADING_LENGTH and not any(mark in words for mark in _SENTENCE_MARKS)


def scopes(openings: Sequence[Opening]) -> Iterator[list[Opening]]:
    """The document and each of its attachments, which have numbers of their own."""
    scope: list[Opening] = []
    for opening in openings:
        if opening.style == ATTACHMENT and scope:
            yield scope
            scope = []
        scope.append(opening)
    if scope:
        yield scope
