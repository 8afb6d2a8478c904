"""Text to clauses: the outline of a document by its printed numbers and its headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from domain import Clause, ClauseKind
from ingest.numbering import Style, bare, find_marker, markdown_heading, plain

HEADING_LENGTH = 40  # characters; a longer line without a number is a paragraph
TITLE_LENGTH = 60  # characters; a longer first sentence is not a run-in heading
PREAMBLE = "preamble"
_ENDS = tuple("。!！?？;；:：)）”】〕")
_SENTENCE_MARKS = "。!！?？;；,，:："
_DATED = re.compile(r"\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?$|\d+号$|^\W*[\d.]+\W*$")  # no heading
_HEADING_KINDS = (ClauseKind.PARAGRAPH, ClauseKind.MEASURE)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A line that opens a clause.

    `level` names its style, `depth` is its Markdown heading level, 0 for none; `start` is the
    offset of the line.
    """

    start: int
    level: str
    style: Style | None
    number: str
    value: int | None
    label: str
    words: str
    depth: int = 0


def split_clauses(policy_id: str, text: str) -> list[Clause]:
    """The clauses of a document in order. Joined, their texts are `text`, character by character.

    One clause is one numbered item, one heading, or the text before the first of either. What is
    numbered inside an item, (1) or ①, stays in it.
    """
    openings = _openings(text)
    if not openings or text[: openings[0].start].strip():
        openings.insert(0, _Opening(0, PREAMBLE, None, "", None, "", ""))
    ends = [opening.start for opening in openings[1:]] + [len(text)]
    starts = [0, *ends[:-1]]  # blank lines before the first item belong to it
    anchors = _Anchors(openings)
    clauses = []
    open_items: list[_Opening] = []
    for opening, start, end in zip(openings, starts, ends, strict=True):
        _close(open_items, opening)
        body = text[start:end]
        clauses.append(
            Clause(
                id=f"{policy_id}#{anchors.take(opening, open_items)}",
                policy_id=policy_id,
                kind=_kind(opening, body),
                number=opening.number,
                ordinal=opening.value,
                section=tuple(item.label for item in open_items),
                title=_title(opening, body),
                text=body,
                start=start,
                end=end,
            )
        )
        if opening.level != PREAMBLE:
            open_items.append(opening)
    return clauses


def _openings(text: str) -> list[_Opening]:
    lines = text.splitlines(keepends=True)
    openings = []
    offset = 0
    for number, line in enumerate(lines):
        opening = _opening(lines, number, offset)
        if opening:
            openings.append(opening)
        offset += len(line)
    return _without_title(openings)


def _without_title(openings: list[_Opening]) -> list[_Opening]:
    """A heading that opens the text, alone of its level and with parts or chapters next, is its title."""
    if len(openings) < 2 or openings[0].level not in ("md1", "heading"):
        return openings
    alone = sum(opening.level == openings[0].level for opening in openings) == 1
    after = openings[1]
    parted = after.level.startswith("md") or bool(after.style and after.style.strong)
    return openings[1:] if alone and (parted or openings[0].level == "md1") else openings


def _opening(lines: list[str], number: int, offset: int) -> _Opening | None:
    line = lines[number]
    marker = find_marker(line)
    if marker and marker.style.kind:
        words = plain(line[marker.end :])
        return _Opening(
            offset,
            marker.style.name,
            marker.style,
            marker.number,
            marker.value,
            plain(line[marker.start :]),
            words,
            marker.depth,
        )
    heading = markdown_heading(line)
    if heading and _next_words(lines, number):
        depth, words = heading
        return _Opening(offset, f"md{depth}", None, "", None, words, words, depth)
    words = bare(line)
    if (
        not marker
        and _is_heading_line(words)
        and not _DATED.search(words)
        and _finished(lines, number)
        and _numbered(_next_words(lines, number))
    ):
        return _Opening(offset, "heading", None, "", None, words, words)
    return None


def _is_heading_line(words: str) -> bool:
    return 0 < len(words) <= HEADING_LENGTH and not any(mark in words for mark in _SENTENCE_MARKS)


def _next_words(lines: list[str], number: int) -> str:
    """The next line that is not blank."""
    following = (lines[place] for place in range(number + 1, len(lines)))
    return next((line for line in following if line.strip()), "")


def _finished(lines: list[str], number: int) -> bool:
    """Whether the text before a line has come to an end, so that the line is no part of it."""
    before = lines[number - 1].strip() if number else ""
    return not before or before.endswith(_ENDS) or _is_heading_line(bare(before))


def _numbered(line: str) -> bool:
    marker = find_marker(line)
    return bool(marker and marker.style.kind)


def _close(open_items: list[_Opening], opening: _Opening) -> None:
    """Close the items that end where this one opens: its own level and all inside it."""
    levels = [item.level for item in open_items]
    if opening.level in levels:
        del open_items[levels.index(opening.level) :]
    elif opening.depth and not opening.style:
        _cut(open_items, [not 0 < item.depth < opening.depth for item in open_items])
    elif opening.style:
        if opening.depth:
            _cut(open_items, [item.depth >= opening.depth for item in open_items])
        if opening.style.strong:
            holders = [i for i, item in enumerate(open_items, 1) if _holds_parts(item)]
            del open_items[holders[-1] if holders else 0 :]


def _holds_parts(item: _Opening) -> bool:
    """An attachment and a Markdown heading may have chapters and parts of their own."""
    return item.level == "attachment" or bool(not item.style and item.depth)


def _cut(open_items: list[_Opening], ends: list[bool]) -> None:
    """Close the first item that ends and all inside it."""
    if True in ends:
        del open_items[ends.index(True) :]


def _kind(opening: _Opening, body: str) -> ClauseKind:
    if opening.level == PREAMBLE:
        return ClauseKind.PREAMBLE
    kind = opening.style.kind if opening.style and opening.style.kind else ClauseKind.PARAGRAPH
    if kind in _HEADING_KINDS and bare(body) == opening.label and _is_heading_line(opening.words):
        return ClauseKind.HEADING
    return kind


def _title(opening: _Opening, body: str) -> str:
    """The heading of an item, on its line or run in before its first full stop."""
    if not opening.words or _is_heading_line(opening.words):
        return opening.words
    first, stop, rest = opening.words.partition("。")
    more = rest.strip() or bare(body) != opening.label
    runs_in = stop and more and "," not in first and "，" not in first
    return first if runs_in and len(first) <= TITLE_LENGTH else ""


class _Anchors:
    """Names for places in a policy's page: the number where it is the only one, else its path."""

    def __init__(self, openings: list[_Opening]) -> None:
        self._printed = Counter(opening.number for opening in openings if opening.number)
        self._taken: Counter[str] = Counter()

    def take(self, opening: _Opening, above: list[_Opening]) -> str:
        anchor = self._anchor(opening, above)
        self._taken[anchor] += 1
        count = self._taken[anchor]
        return anchor if count == 1 else f"{anchor}~{count}"

    def _anchor(self, opening: _Opening, above: list[_Opening]) -> str:
        if opening.level == PREAMBLE:
            return PREAMBLE
        if not opening.number:
            return "heading"
        if self._printed[opening.number] == 1:
            return opening.number
        return ".".join([*(item.number for item in above if item.number), opening.number])
