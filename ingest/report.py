"""What was understood of each file, drawn on one page that needs nothing but itself."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain import Policy
from errors import UserError
from ingest.document import ResidueKind
from ingest.drawing import Flag, Layout, clause_at, draw, label
from ingest.wording import (
    FIGURE_NAMES,
    KIND_NAMES,
    REPEAL_NAMES,
    RESIDUE_NAMES,
    ROLE_NAMES,
    STATE_NAMES,
)

if TYPE_CHECKING:
    from ingest.checks import Issue
    from ingest.parse import Parsed
    from ingest.pipeline import Ingested

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class _Share:
    """How many characters of a file are of a kind; `style` is its CSS class."""

    style: str
    name: str
    characters: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A file in the table at the top; a failed one has nothing but its error."""

    anchor: str
    name: str
    state: str
    state_name: str
    error: str
    parsed: Parsed | None
    shares: tuple[_Share, ...]

    @property
    def characters(self) -> int:
        """All characters of the source."""
        return sum(share.characters for share in self.shares)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the legend: how often something stands in a file."""

    style: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class _Problem:
    """An issue with where it stands: in words, and as the clause and the mark in its margin."""

    anchor: str
    place: str
    message: str
    clause: str
    clause_anchor: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A file with its text."""

    row: _Row
    policy: Policy
    facts: tuple[tuple[str, str], ...]
    problems: tuple[_Problem, ...]
    legend: tuple[tuple[str, tuple[_Entry, ...]], ...]
    text: Markup


def write_report(outcomes: Sequence[Ingested], path: Path) -> Path:
    """Draw each file's text with all that was read in it, as one HTML file; the path written to.

    Raises `UserError` where the path cannot be written.
    """
    rows = [_row(number, outcome) for number, outcome in enumerate(outcomes, 1)]
    page = _ENVIRONMENT.get_template("report.html.j2").stream(
        rows=rows, sections=(_section(row, row.parsed) for row in rows if row.parsed)
    )
    page.enable_buffering(64)
    try:
        with path.open("wb") as file:
            page.dump(file, "utf-8", "xmlcharrefreplace")
    except OSError as error:
        raise UserError(
            f"报告 {path} 写不进去（{error.strerror}），请用 --report 换一个可写的文件"
        ) from None
    return path


def check_place(path: Path) -> None:
    """Raises `UserError` where a report cannot be written, before any file is read for it."""
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        why = "它是文件夹" if path.is_dir() else "文件夹不存在或不可写"
        raise UserError(
            f"报告 {path} 写不进去（{why}），请用 --report 换一个位置；没有导入任何文件"
        )


def _row(number: int, outcome: Ingested) -> _Row:
    return _Row(
        anchor=f"f{number}",
        name=outcome.name,
        state=outcome.state,
        state_name=STATE_NAMES[outcome.state],
        error=outcome.error,
        parsed=outcome.parsed,
        shares=tuple(_shares(outcome.parsed)) if outcome.parsed else (),
    )


def _shares(parsed: Parsed) -> Iterator[_Share]:
    """The characters in clauses, in each kind of residue, and in neither."""
    assigned = sum(clause.end - clause.start for clause in parsed.content.clauses)
    yield _Share("assigned", "归入条款", assigned)
    rest: Counter[ResidueKind] = Counter()
    for piece in parsed.residue:
        rest[piece.kind] += len(piece.text)
    for kind, characters in rest.items():
        yield _Share(kind, RESIDUE_NAMES[kind], characters)
    if loose := len(parsed.policy.text) - assigned:
        yield _Share("loose", "未归入条款", loose)


def _section(row: _Row, parsed: Parsed) -> _Section:
    layout = Layout(parsed)
    places = _Places(layout)
    flags = [
        Flag(places.of(issue), f"{row.anchor}-i{number}", issue.message)
        for number, issue in enumerate(parsed.issues)
    ]
    prefix = f"{row.anchor}-c"
    return _Section(
        row=row,
        policy=parsed.policy,
        facts=tuple(_facts(parsed.policy)),
        problems=tuple(
            _problem(layout, flag, issue, prefix)
            for flag, issue in zip(flags, parsed.issues, strict=True)
        ),
        legend=tuple((name, entries) for name, entries in _legend(parsed) if entries),
        text=draw(layout, prefix, flags),
    )


def _problem(layout: Layout, flag: Flag, issue: Issue, prefix: str) -> _Problem:
    page = f"第{issue.page}页" if issue.page else ""
    number = clause_at(layout, flag.at)
    return _Problem(
        anchor=flag.issue,
        place=f"{page}第{issue.line}行第{issue.column}字",
        message=issue.message,
        clause="" if number is None else label(layout.parsed.content.clauses[number]),
        clause_anchor=f"{prefix}{number}",
    )


def _facts(policy: Policy) -> Iterator[tuple[str, str]]:
    """What the document says of itself; an empty value was not read."""
    yield "文号", policy.doc_no or ""
    yield "发文机关", policy.issuer or ""
    yield "主送", "、".join(policy.addressees)
    yield "成文日期", str(policy.issued or "")
    yield "发布日期", str(policy.published or "")
    yield "施行日期", str(policy.effective or "")
    yield "有效期至", str(policy.expires or "")
    yield "效力", policy.validity or ""
    yield "地区", policy.region or ""
    yield "附件", "；".join(policy.attachments)
    told = (f"{REPEAL_NAMES[one.kind]}{one.title or one.doc_no or ''}" for one in policy.repeals)
    yield "废止或替代", "；".join(dict.fromkeys(told))
    yield "来源", policy.source or ""


def _legend(parsed: Parsed) -> Iterator[tuple[str, tuple[_Entry, ...]]]:
    """What stands in the file, by the colours that show it."""
    content = parsed.content
    kinds = Counter(clause.kind for clause in content.clauses)
    yield "条款", tuple(_Entry(f"edge {k}", n, kinds[k]) for k, n in KIND_NAMES.items() if kinds[k])
    roles = Counter(row.role for row in content.assignments)
    units = [_Entry(f"unit {k}", n, roles[k]) for k, n in ROLE_NAMES.items() if roles[k]]
    if groups := sum(row.group for row in content.assignments):
        units.append(_Entry("unit group", "一类单位", groups))
    if markers := {(row.marker_start, row.marker_end) for row in content.assignments}:
        units.append(_Entry("marker", "分工标注", len(markers)))
    yield "单位", tuple(units)
    found = Counter(figure.kind for figure in content.figures)
    figures = [_Entry(f"figure {k}", n, found[k]) for k, n in FIGURE_NAMES.items() if found[k]]
    if content.policy.repeals:
        figures.append(_Entry("repeal", "废止或替代", len(content.policy.repeals)))
    yield "期限和数字", tuple(figures)
    rest = Counter(piece.kind for piece in parsed.residue)
    yield (
        "非正文",
        tuple(_Entry(f"residue {k}", n, rest[k]) for k, n in RESIDUE_NAMES.items() if rest[k]),
    )


class _Places:
    """Where in the source a line of a page is.

    Where a page begins is told by the clauses that begin on it, and by the page numbers and
    running heads that stand between those before it and those that do not.
    """

    def __init__(self, layout: Layout) -> None:
        lines = layout.source.split("\n")
        self._length = len(layout.source)
        self._lines = [0, *accumulate(len(line) + 1 for line in lines[:-1])]
        self._turns = list(_turns(layout))
        clauses = layout.parsed.content.clauses
        self._known = [(layout.to(one.start), one.page) for one in clauses if one.page]

    def of(self, issue: Issue) -> int:
        """The character at which an issue stands."""
        top = bisect_right(self._lines, self._top(issue.page)) - 1 if issue.page else 0
        line = min(top + issue.line - 1, len(self._lines) - 1)
        return max(0, min(self._lines[line] + issue.column - 1, self._length - 1))

    def _top(self, page: int) -> int:
        if page == 1:
            return 0
        after = bisect_right(self._known, page - 1, key=lambda known: known[1])
        start, before = self._known[after - 1] if after else (0, 1)
        end, _ = self._known[after] if after < len(self._known) else (self._length, page)
        turns = self._turns[bisect_right(self._turns, start) : bisect_right(self._turns, end)]
        return turns[page - before - 1] if page - before <= len(turns) else end


def _turns(layout: Layout) -> Iterator[int]:
    """Where pages seem to begin: behind a page number, else where running heads begin."""
    done, top = 0, 0
    for start, piece in layout.residue():
        if piece.kind not in (ResidueKind.PAGE_NUMBER, ResidueKind.RUNNING_HEAD):
            continue
        if start > done and top:
            yield top
        if start > done:
            top = start
        done = start + len(piece.text)
        if piece.kind is ResidueKind.PAGE_NUMBER:
            top = done
    if top:
        yield top
