"""What a person should look at after an ingest: checks on an outline, small functions in a list."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from domain import Assignment, Clause, ClauseKind
from numerals import CHINESE_DIGITS


@dataclass(frozen=True, slots=True)
class Issue:
    """Something odd at a place of a document; `line` and `column` count from 1."""

    line: int
    column: int
    message: str


_UNIT_LABEL = re.compile(r"(?:牵头|责任|配合|协同)(?:单位|部门)\s*[:：]")
_NO_NAME = re.compile(r"[:：]|时限|\d{4}年")


def check(text: str, clauses: list[Clause], assignments: list[Assignment]) -> list[Issue]:
    """All issues of a document, in the order of the text."""
    found = [issue for one in CHECKS for issue in one(text, clauses)]
    found += units_read(text, clauses, assignments)
    return sorted(found, key=lambda issue: (issue.line, issue.column))


def no_items(text: str, clauses: list[Clause]) -> Iterator[Issue]:
    """A document in which no number was recognised is kept as one clause."""
    if all(not clause.number for clause in clauses):
        yield _issue(text, 0, "没有认出任何编号，整篇作为一个条款保存")


def numbering_runs(text: str, clauses: list[Clause]) -> Iterator[Issue]:
    """Items of one style run 1, 2, 3 … under one heading, or through the whole document."""
    runs: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        if clause.ordinal is not None and clause.kind is not ClauseKind.ATTACHMENT:
            runs[_style(clause.number)].append(clause)
    for run in runs.values():
        for before, after in pairwise(run):
            expected = (before.ordinal or 0) + 1
            restarts = after.ordinal == 1 and after.section != before.section
            if after.ordinal == expected or restarts:
                continue
            word = "重复或倒退" if (after.ordinal or 0) < expected else "跳号"
            yield _issue(text, after.start, f"编号{word}：{before.number} 之后是 {after.number}")


def units_read(text: str, clauses: list[Clause], assignments: list[Assignment]) -> Iterator[Issue]:
    """A clause that prints 牵头单位 and the like gives ledger rows, whose names read as names."""
    stating = {row.clause_id for row in assignments}
    for clause in clauses:
        said = _UNIT_LABEL.search(clause.text)
        if said and clause.id not in stating:
            message = f"写了“{said[0]}”，但没有读出单位"
            yield _issue(text, clause.start + said.start(), message)
    for row in assignments:
        if _NO_NAME.search(row.as_printed) or row.as_printed.count("（") != row.as_printed.count(
            "）"
        ):
            yield _issue(text, row.start, f"“{row.as_printed}”不像单位名称")


def _style(number: str) -> str:
    """How a number is printed, whatever its value: （三） is (一), ３ is 1, 第十二条 is 第一条."""
    plain = unicodedata.normalize("NFKC", number)
    return re.sub(r"\d+", "1", re.sub(f"[{CHINESE_DIGITS}]+", "一", plain))


CHECKS = (no_items, numbering_runs)


def _issue(text: str, offset: int, message: str) -> Issue:
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    line_start = text.rfind("\n", 0, offset) + 1
    return Issue(text.count("\n", 0, offset) + 1, offset - line_start + 1, message)
