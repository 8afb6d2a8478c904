"""The text of a file as HTML: each clause a block, all that was read in it coloured.

Every character of the source stands in it once, in order: without its tags it is the policy's text
with the residue laid back. What is added to be seen (tags, arrows, margin marks) is drawn by the
style sheet from attributes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from domain import Clause, ClauseKind, PolicyContent
from highlight import Span, styled
from ingest.document import Residue, ResidueKind, restore
from ingest.wording import (
    FIGURE_NAMES,
    KIND_NAMES,
    REPEAL_NAMES,
    RESIDUE_NAMES,
    ROLE_NAMES,
    SURE,
)

if TYPE_CHECKING:
    from ingest.parse import Parsed

_FOLDED = 200  # characters of residue from which on it is folded away
_DEEPEST = 6  # steps that a clause is set in


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark in the margin at a place of the source, that leads to an issue."""

    at: int
    issue: str
    message: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the source of its own: a clause, residue between clauses, or what neither has."""

    start: int
    end: int
    clause: Clause | None = None
    number: int = 0  # of the clause, among those of its file
    residue: Residue | None = None


class Layout:
    """Where the clauses and the residue of a file stand in its source."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.source = restore(parsed.policy.text, parsed.residue)
        self._at = [piece.at for piece in parsed.residue]
        self._before = [0, *accumulate(len(piece.text) for piece in parsed.residue)]

    def to(self, at: int) -> int:
        """The place in the source of a character of the policy's text."""
        return at + self._before[bisect_right(self._at, at)]

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the source from the first to the last of a span of the text."""
        first = self.to(start)
        return first, max(first, self.to(end - 1) + 1)

    def residue(self) -> Iterator[tuple[int, Residue]]:
        """Where each piece of residue begins; pieces of one kind that touch are one."""
        waiting: Residue | None = None
        start = 0
        for before, piece in zip(self._before, self.parsed.residue, strict=False):
            if waiting and (waiting.at, waiting.kind) == (piece.at, piece.kind):
                waiting = replace(waiting, text=waiting.text + piece.text)
                continue
            if waiting:
                yield start, waiting
            waiting, start = piece, before + piece.at
        if waiting:
            yield start, waiting


def draw(layout: Layout, prefix: str, flags: Iterable[Flag]) -> Markup:
    """The blocks of a file; the ids of its clauses are `prefix` and their place among them."""
    blocks = list(_blocks(layout))
    folds = {
        start: piece
        for start, piece in layout.residue()
        if piece.kind is not ResidueKind.LINE_BREAK and "\n" in piece.text.strip()
    }
    edges = sorted(
        {edge for block in blocks for edge in (block.start, block.end)}
        | set(folds)
        | {start + len(piece.text) for start, piece in folds.items()}
    )
    place = {edge: number for number, edge in enumerate(edges)}
    spans = _shared(_spans(layout), edges)
    pins = _pins(flags, edges)
    drawn = [
        Markup("").join(pins[number].values()) + _fold(folds[start])
        if start in folds
        else styled(layout.source, start, end, spans[number], pins[number])
        for number, (start, end) in enumerate(pairwise(edges))
    ]
    return Markup("").join(
        _element(block, Markup("").join(drawn[place[block.start] : place[block.end]]), prefix)
        for block in blocks
    )


def clause_at(layout: Layout, at: int) -> int | None:
    """The place of the clause, among those of its file, that holds a character of the source."""
    clauses = layout.parsed.content.clauses
    found = bisect_right(clauses, at, key=lambda clause: layout.to(clause.start)) - 1
    return found if found >= 0 else None


def label(clause: Clause) -> str:
    """A clause in a word: its kind and its number."""
    return f"{KIND_NAMES[clause.kind]} {clause.number}".strip()


def _blocks(layout: Layout) -> Iterator[_Block]:
    """All of the source, without gap or overlap."""
    done = 0
    pieces = list(layout.residue())
    starts = [start for start, _ in pieces]
    for number, clause in enumerate(layout.parsed.content.clauses):
        start, end = layout.range(clause.start, clause.end)
        first, after = bisect_left(starts, done), bisect_left(starts, start)
        yield from _between(pieces[first:after], done, start)
        yield _Block(start, end, clause, number)
        done = end
    yield from _between(pieces[bisect_left(starts, done) :], done, len(layout.source))


def _between(pieces: Sequence[tuple[int, Residue]], start: int, end: int) -> Iterator[_Block]:
    """What stands between two clauses: residue, and what was wrongly given to no clause."""
    for at, piece in pieces:
        if start < at:
            yield _Block(start, at)
        start = at + len(piece.text)
        yield _Block(at, start, residue=piece)
    if start < end:
        yield _Block(start, end)


def _spans(layout: Layout) -> Iterator[Span]:
    """All that is coloured, in places of the source; the later wins over the earlier."""
    for span in _read(layout.parsed.content):
        if span.start < span.end:
            start, end = layout.range(span.start, span.end)
            yield replace(span, start=start, end=end)
    for at, character in enumerate(layout.source):
        if character == "\t":
            yield Span(at, at + 1, "cell")
    for start, piece in layout.residue():
        empty = "" if piece.text.strip() else " empty"
        style = f"residue {piece.kind}{empty}"
        yield Span(start, start + len(piece.text), style, RESIDUE_NAMES[piece.kind])


def _read(content: PolicyContent) -> Iterator[Span]:
    """What was read in the text, in places of the text."""
    for clause in content.clauses:
        yield from _opening(clause)
    for repeal in content.policy.repeals:
        told = f"{REPEAL_NAMES[repeal.kind]}：{repeal.title or repeal.doc_no or ''}"
        yield Span(repeal.start, repeal.end, "repeal", told)
    for start, end in dict.fromkeys(
        (row.marker_start, row.marker_end) for row in content.assignments
    ):
        yield Span(start, end, "marker")
    for figure in content.figures:
        told = f"{FIGURE_NAMES[figure.kind]}：{figure.value}{figure.unit}"
        yield Span(figure.start, figure.end, f"figure {figure.kind}", told)
    for row in content.assignments:
        group = " group" if row.group else ""
        told = f"{ROLE_NAMES[row.role]}单位：{row.unit}{'（一类单位）' if group else ''}"
        yield Span(row.start, row.end, f"unit {row.role}{group}", told)


def _opening(clause: Clause) -> Iterator[Span]:
    """The blank lines around a clause, and its printed number and title."""
    text = clause.text
    lead = len(text) - len(text.lstrip())
    yield Span(clause.start, clause.start + text.rfind("\n", 0, lead) + 1, "blank")
    yield Span(clause.start + len(text.rstrip()), clause.end, "blank")
    line = text.strip().partition("\n")[0]
    start = clause.start + lead
    number = _number_at(clause, line)
    if number is not None:
        yield Span(start + number, start + number + len(clause.number), "number")
    title = line.find(clause.title) if clause.title else -1
    if title >= 0:
        yield Span(start + title, start + title + len(clause.title), "title")


def _number_at(clause: Clause, line: str) -> int | None:
    """Where the first line of a clause prints its number; in a table, where a cell is it."""
    if not clause.number:
        return None
    if clause.kind is not ClauseKind.TABLE_ROW:
        found = line.find(clause.number)
        return found if found >= 0 else None
    start = 0
    for cell in line.split("\t"):
        if cell.strip() == clause.number:
            return start + cell.index(clause.number)
        start += len(cell) + 1
    return None


def _shared(spans: Iterable[Span], edges: Sequence[int]) -> list[list[Span]]:
    """The spans over each stretch between two edges, in their order."""
    shares: list[list[Span]] = [[] for _ in edges]
    for span in spans:
        first = bisect_right(edges, span.start) - 1
        for number in range(first, bisect_left(edges, span.end)):
            shares[number].append(span)
    return shares


def _pins(flags: Iterable[Flag], edges: Sequence[int]) -> list[dict[int, Markup]]:
    """The margin marks of each stretch between two edges."""
    pins: list[dict[int, Markup]] = [{} for _ in edges]
    for flag in flags:
        mark = Markup('<a class="flag" id="{0}-at" href="#{0}" title="{1}" aria-label="{1}"></a>')
        there = pins[bisect_right(edges, flag.at) - 1]
        there[flag.at] = there.get(flag.at, Markup("")) + mark.format(flag.issue, flag.message)
    return pins


def _fold(piece: Residue) -> Markup:
    """Residue of several lines, folded away where it is long."""
    told = f"{RESIDUE_NAMES[piece.kind]} · {len(piece.text.strip()):,} 字"
    if len(piece.text) < _FOLDED:
        return Markup('<div class="residue lines {}" title="{}">{}</div>').format(
            piece.kind, told, piece.text
        )
    return Markup(
        '<details class="residue lines {}"><summary data-t="{}" aria-label="{}"></summary>'
        "<div>{}</div></details>"
    ).format(piece.kind, told, told, piece.text)


def _element(block: _Block, words: Markup, prefix: str) -> Markup:
    if block.clause is None:
        kind = block.residue.kind if block.residue else None
        name = RESIDUE_NAMES[kind] if kind else "未归入条款"
        return Markup(
            '<div class="apart {}"><div class="tags"><i data-t="{}"></i></div>'
            '<div class="words">{}</div></div>'
        ).format(kind or "loose", name, words)
    clause = block.clause
    return Markup(
        '<section class="clause {}" id="{}{}" style="--depth:{}">'
        '<div class="tags" title="{}">{}</div><div class="words">{}</div></section>'
    ).format(
        clause.kind,
        prefix,
        block.number,
        min(len(clause.section), _DEEPEST),
        " › ".join([*clause.section, clause.id]),
        Markup("").join(_tags(clause)),
        words,
    )


def _tags(clause: Clause) -> Iterator[Markup]:
    tag = Markup('<i class="{}" data-t="{}"></i>')
    yield tag.format("kind", KIND_NAMES[clause.kind])
    if clause.number:
        yield tag.format("no", clause.number)
    if clause.page is not None:
        yield tag.format("page", f"第{clause.page}页")
    if clause.confidence is not None and clause.confidence < SURE:
        yield tag.format("doubt", f"识别把握 {clause.confidence:.2f}")
