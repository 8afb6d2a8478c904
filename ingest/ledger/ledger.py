"""The ledger of a document: its unit statements and task tables as rows, by the document's own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from domain import Assignment, Clause, Role
from ingest.document import Document
from ingest.ledger.assignments import FIRST_LEADS, Statement, read_list, read_statements
from ingest.outline.tables import task_tables
from ingest.units import canonical, looks_like_unit

_FROM_HERE = re.compile(r"下\s*同")
_DEFINED = re.compile(
    r"[（(]\s*以下(?:统一)?(?:简称|称)\s*(?:为)?[:：]?\s*[“\"「‘]?([^”\"」’）()（]{2,20})[”\"」’]?\s*[）)]"
)
_NAME = re.compile(r"[\u4e00-\u9fa5（()）·]{3,40}$")
_BOUNDARY = re.compile(r"[由经向对将为是在或]")


def read_ledger(
    clauses: Sequence[Clause], document: Document, region: str | None = None
) -> list[Assignment]:
    """The rows of every clause in the order of the text; offsets count in the document's text."""
    short = defined_units(document.text, region)
    cells = _cells(document)
    tables = [(table.start, table.end) for table in document.tables]
    first_leads = _stated_at(document)
    rows: list[Assignment] = []
    for clause in clauses:
        found = _statements(clause, cells, tables)
        rows += [_row(clause, one, short, region) for one in _led(found, first_leads)]
    return rows


def defined_units(text: str, region: str | None = None) -> dict[str, str]:
    """Short names that a document gives to units, 区发展和改革委员会（以下简称区发改委）, with the one
    name of each."""
    found = {}
    for definition in _DEFINED.finditer(text):
        before = _NAME.search(text, max(definition.start() - 40, 0), definition.start())
        full = _name_at_end(before[0]) if before else ""
        if full:
            found[definition[1].strip()] = canonical(full, region)
    return found


def _name_at_end(words: str) -> str:
    """The unit that a phrase ends in: 由临江市商务局 → 临江市商务局."""
    starts = [0, *(found.end() for found in _BOUNDARY.finditer(words))]
    return next((words[at:] for at in reversed(starts) if looks_like_unit(words[at:])), "")


def _cells(document: Document) -> list[tuple[int, int, Role]]:
    """The cells of task tables that hold units, with the role of their column."""
    return [
        (*row.cells[column], role)
        for _, tasks in task_tables(document)
        for row in tasks.rows
        for column, role in tasks.roles.items()
        if column < len(row.cells)
    ]


def _statements(
    clause: Clause, cells: list[tuple[int, int, Role]], tables: list[tuple[int, int]]
) -> list[Statement]:
    inside = [cell for cell in cells if clause.start <= cell[0] and cell[1] <= clause.end]
    found = [
        _moved(one, start)
        for start, end, role in inside
        for one in read_list(clause.words(start, end), role)
    ]
    if any(start <= clause.start < end for start, end in tables):
        return sorted(found, key=lambda one: one.name.start)
    return [*found, *(_moved(one, clause.start) for one in read_statements(clause.text))]


def _moved(one: Statement, by: int) -> Statement:
    name = replace(one.name, start=one.name.start + by)
    return replace(one, name=name, start=one.start + by, end=one.end + by)


def _stated_at(document: Document) -> list[tuple[int, bool]]:
    """Where the text says that the first unit of a list leads, and whether it holds from there on."""
    text = document.text
    heads = [(table.start, table.rows[0].end) for table in document.tables]
    stated = []
    for found in FIRST_LEADS.finditer(text):
        sentence_end = re.compile(r"[。\n]|$").search(text, found.end())
        assert sentence_end is not None  # the end of the text always matches
        near = text[found.end() : min(found.end() + 20, sentence_end.end())]
        bracket = max(text.rfind(sign, 0, found.start()) for sign in "（(〔\n")
        in_head = any(start <= found.start() < end for start, end in heads)
        in_bracket = bracket >= 0 and text[bracket] != "\n" and not in_head
        stated.append((found.start(), not in_bracket or bool(_FROM_HERE.search(near))))
    return stated


def _led(found: list[Statement], stated: list[tuple[int, bool]]) -> Iterator[Statement]:
    """Where the document says so, the first unit of a list of responsible ones leads."""
    done: set[int] = set()
    leading = {one.start for one in found if one.role is Role.LEAD}
    for one in found:
        applies = any(
            (lasting and at < one.end) or one.start <= at < one.end for at, lasting in stated
        )
        if applies and one.plain and one.start not in done | leading:
            done.add(one.start)
            yield replace(one, role=Role.LEAD)
        else:
            yield one


def _row(
    clause: Clause, one: Statement, short: Mapping[str, str], region: str | None
) -> Assignment:
    name = one.name
    plain = re.sub(r"\s", "", name.text)
    return Assignment(
        clause_id=clause.id,
        role=one.role,
        unit=plain if name.group else short.get(plain) or canonical(plain, region),
        as_printed=name.text,
        start=name.start,
        end=name.start + len(name.text),
        marker_start=max(one.start, clause.start),
        marker_end=min(one.end, clause.end),
        group=name.group,
    )
