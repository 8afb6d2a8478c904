"""What a person should look at after an ingest: checks on an outline, small functions in a list."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain import Assignment, Clause, ClauseKind
from ingest.document import Document, Note
from numerals import CHINESE_DIGITS

_UNIT_LABEL = re.compile(
    r"(?:牵头|责任|配合|协同|协办|主办|承办|参与)\s*(?:单位|部门)\s*[:：]"
    r"|[（(〔][^（()）〔〕]{2,60}(?:牵头|配合|分工负责)\s*[)）〕]"
)
_CIRCLED = re.compile(r"[①-⑳㉑-㉟]")
_BLANK = re.compile(r"\s*")
_NO_NAME = re.compile(r"[:：]|时限|\d{4}年|[。;；]")
_LONGEST_NAME = 30  # characters; a group may be described at more length


@dataclass(frozen=True, slots=True)
class Issue:
    """Something odd at a place of a file.

    `line` and `column` count from 1, on the page where the file has pages, else in the file.
    """

    line: int
    column: int
    message: str
    page: int | None = None


def check(
    document: Document, clauses: Sequence[Clause], assignments: Sequence[Assignment]
) -> list[Issue]:
    """All issues of a document, in the order of the text."""
    notes = [note for one in CHECKS for note in one(document.text, clauses)]
    notes += [*units_read(clauses, assignments), *document.notes]
    return [_issue(document, note) for note in sorted(notes, key=lambda note: note.at)]


def no_items(text: str, clauses: Sequence[Clause]) -> Iterator[Note]:
    """A document in which no number was recognised is kept as one clause."""
    if all(not clause.number for clause in clauses):
        yield Note(_words_at(text, 0), "没有认出任何编号，整篇作为一个条款保存")


def numbering_runs(text: str, clauses: Sequence[Clause]) -> Iterator[Note]:
    """Items of one style run 1, 2, 3 … under one heading, or through the whole document."""
    runs: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        if clause.ordinal is not None and clause.kind is not ClauseKind.ATTACHMENT:
            runs[_style(clause)].append(clause)
    for run in runs.values():
        for before, after in pairwise(run):
            expected = (before.ordinal or 0) + 1
            restarts = after.ordinal == 1 and after.section != before.section
            merged = after.kind is ClauseKind.TABLE_ROW and after.ordinal == before.ordinal
            inserted = "之" in after.number and after.ordinal == before.ordinal  # 第十二条之一
            if after.ordinal == expected or restarts or merged or inserted:
                continue
            word = "重复或倒退" if (after.ordinal or 0) < expected else "跳号"
            message = f"编号{word}：{before.number} 之后是 {after.number}"
            yield Note(_words_at(text, after.start), message)


def units_read(clauses: Sequence[Clause], assignments: Sequence[Assignment]) -> Iterator[Note]:
    """A clause that prints 牵头单位 and the like gives ledger rows, whose names read as names."""
    stated: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in assignments:
        stated[row.clause_id].append((row.marker_start, row.marker_end))
    for clause in clauses:
        for said in _UNIT_LABEL.finditer(clause.text):
            at = clause.start + said.start()
            if not any(start <= at < end for start, end in stated[clause.id]):
                yield Note(at, f"写了“{said[0]}”，但没有读出单位")
    for row in assignments:
        name = row.as_printed
        uneven = name.count("（") + name.count("(") != name.count("）") + name.count(")")
        if _NO_NAME.search(name) or uneven or (len(name) > _LONGEST_NAME and not row.group):
            yield Note(row.start, f"“{name}”不像单位名称")


def _style(clause: Clause) -> str:
    """How a number is printed, whatever its value: （三） is (一), ３ is 1, 第十二条 is 第一条."""
    if _CIRCLED.fullmatch(clause.number):
        return "①"
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", clause.number))
    depth = plain.count(".")
    shape = re.sub(r"\d+", "1", re.sub(f"[{CHINESE_DIGITS}]+", "一", plain))
    shape = re.sub(r"之.*", "", shape)
    row = "row" if clause.kind is ClauseKind.TABLE_ROW else ""
    parent = plain.rpartition(".")[0] if depth else ""
    return f"{row}{shape}{parent}"


CHECKS = (no_items, numbering_runs)


def _words_at(text: str, offset: int) -> int:
    blank = _BLANK.match(text, offset)
    return blank.end() if blank else offset


def _issue(document: Document, note: Note) -> Issue:
    place = document.place(min(note.at, max(len(document.text) - 1, 0)))
    return Issue(place.line, place.column, note.message, place.page)
