"""The nouns of Wence, shared by every floor: frozen, slotted, standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import takewhile
from urllib.parse import quote

_VERSION = re.compile(r"(.+)@v(\d+)")  # the id of an older version: plan-2024@v1
_ARTICLE = re.compile(r"第[^章节条]{1,8}条(?:之[一二三四五六七八九十]+)?")


class ClauseKind(StrEnum):
    """What a clause (条款) is in its document. A heading opens a section and says nothing itself."""

    TASK = "task"
    MEASURE = "measure"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    PREAMBLE = "preamble"
    ATTACHMENT = "attachment"
    TABLE_ROW = "table_row"


class Role(StrEnum):
    """What a unit has to do with a clause: 牵头, 配合, 责任."""

    LEAD = "lead"
    COOPERATE = "cooperate"
    RESPONSIBLE = "responsible"


class AnswerStatus(StrEnum):
    """The six outcomes of a question; see ARCHITECTURE.md for when each holds."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_STATED = "not_stated"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"
    DECLINED = "declined"


class PolicyState(StrEnum):
    """Whether a policy holds on a day; unknown where no document says."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REPEALED = "repealed"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


class FigureKind(StrEnum):
    """What a figure of a clause counts."""

    DEADLINE = "deadline"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Repeal:
    """What a policy says of another one, at `[start, end)` of its text.

    `kind` is `repeals` (废止), `replaces` (取代) or `amends` (修改).
    """

    kind: str
    title: str | None
    doc_no: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document (政策文件) and the text that every span of it counts in.

    `text` is what was read, with line ends as `\\n` and without its residue; spans everywhere are
    half-open ranges of its characters. `digest` is the SHA-256 of the file's bytes, in hex.
    `issued` is the day of writing (成文日期), else of publication; `expires` the last day in force.
    `year` is the year that the document speaks of: of its issue, else of its title.
    `version` counts from 1; the one before it stays in the catalog. `validity` is what the file
    itself calls its state, as printed.
    """

    id: str
    title: str
    text: str
    digest: str
    doc_no: str | None = None
    issuer: str | None = None
    issued: date | None = None
    year: int | None = None
    region: str | None = None
    source: str | None = None
    addressees: tuple[str, ...] = ()
    published: date | None = None
    effective: date | None = None
    expires: date | None = None
    validity: str | None = None
    attachments: tuple[str, ...] = ()
    repeals: tuple[Repeal, ...] = ()
    version: int = 1

    @property
    def url(self) -> str:
        """The address of the document's source page."""
        return f"/policies/{quote(self.id)}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: a numbered item, an unnumbered heading, or the text before the first of them.

    `id` is `policy_id#anchor`, unique and the tail of its page's address. `number` is as printed
    without its dot (`8`, `(一)`, `第三条`), empty where none is printed; `ordinal` is its value.
    `section` holds the headings above it, outermost first. `[start, end)` lies in the policy's
    text; the clauses of a policy follow each other without gap or overlap. `page` is the page it
    begins on, where the file has pages; `confidence`, between 0 and 1, the lowest with which its
    characters were recognised, where they were.
    """

    id: str
    policy_id: str
    kind: ClauseKind
    number: str
    ordinal: int | None
    section: tuple[str, ...]
    title: str
    text: str
    start: int
    end: int
    page: int | None = None
    confidence: float | None = None

    @property
    def is_article(self) -> bool:
        """Whether it is an article (第三条) of a law or of rules."""
        return bool(_ARTICLE.fullmatch(self.number))

    @property
    def below_article(self) -> bool:
        """Whether it stands below an article."""
        return any(_ARTICLE.match(label) for label in self.section)

    def words(self, start: int, end: int) -> str:
        """The characters of a span that lies in the clause, counted in the policy's text."""
        return self.text[start - self.start : end - self.start]

    @property
    def url(self) -> str:
        """The address of the clause's place on its source page."""
        return page_of(self.id)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of the ledger (任务台账): in this clause, this unit has this role.

    `unit` is the canonical name, `as_printed` the name in the text at `[start, end)`.
    `[marker_start, marker_end)` is the printed statement that says so, such as the brackets
    `(牵头单位:区经委;配合单位:大零号湾集团)`. A `group` is no single unit: 各街镇, 有关部门.
    """

    clause_id: str
    role: Role
    unit: str
    as_printed: str
    start: int
    end: int
    marker_start: int
    marker_end: int
    group: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A deadline, an amount, a percentage or a count of a clause, as printed at `[start, end)`.

    `value` is an ISO date or an ISO 8601 duration for a deadline (the last day that keeps it),
    a decimal number for the others; `unit` is what it counts: 元, %, 家.
    """

    clause_id: str
    kind: FigureKind
    as_printed: str
    value: str
    unit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PolicyContent:
    """A policy with all that was read from it."""

    policy: Policy
    clauses: tuple[Clause, ...]
    assignments: tuple[Assignment, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy that was replaced by another, `retired` in ISO 8601, UTC."""

    policy_id: str
    version: int
    title: str
    digest: str
    retired: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Bounds on what is answered from or searched: one value of each kind that has any.

    Units, states and regions are as people write them: 商务委, 现行有效, 闵行.
    """

    policies: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it came in. `conversation_id` is empty for a question that stands alone."""

    text: str
    conversation_id: str = ""
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found. `scores` names every figure behind its rank.

    Of a long clause, `place` is that of the passage found (`index.passages.passages`), else 0.
    """

    clause_id: str
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)
    place: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that anyone can check: `quote` is exactly `policy.text[start:end]`.

    `page` is the page on which the cited clause begins, where the file has pages.
    """

    marker: int
    policy_id: str
    policy_title: str
    doc_no: str | None
    clause_id: str
    number: str
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    page: int | None = None

    @property
    def url(self) -> str:
        """The address of the cited clause's place on its source page."""
        return page_of(self.clause_id)


@dataclass(frozen=True, slots=True)
class Answer:
    """What every surface shows. `timings_ms` maps each step of the pipeline to milliseconds."""

    text: str
    status: AnswerStatus
    engine: str
    conversation_id: str
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def parts_of(clauses: Sequence[Clause], at: int) -> Iterator[Clause]:
    """The numbered parts of an item, (1) and ① below it; none of a heading.

    `clauses` are those of its document in order, the item stands at `at`. All that stands below an
    article (第五条) is a part of it.
    """
    item = clauses[at]
    if not item.number or item.kind is ClauseKind.HEADING:
        return
    after = (clauses[place] for place in range(at + 1, len(clauses)))
    for clause in takewhile(lambda other: len(other.section) > len(item.section), after):
        if clause.number and (item.is_article or clause.kind is ClauseKind.PARAGRAPH):
            yield clause


def version_id(policy_id: str, number: int) -> str:
    """The id by which an older version of a policy is cited."""
    return f"{policy_id}@v{number}"


def version_of(policy_id: str) -> tuple[str, int | None]:
    """The policy behind an id, and the number of its version where the id is of one."""
    found = _VERSION.fullmatch(policy_id)
    return (found[1], int(found[2])) if found else (policy_id, None)


def page_of(clause_id: str) -> str:
    """The address of a clause's place on its source page, `/policies/{policy}#{anchor}`.

    Of an older version `/policies/{policy}?version={number}#{anchor}`.
    """
    own_id, _, anchor = clause_id.partition("#")
    policy_id, number = version_of(own_id)
    version = "" if number is None else f"?version={number}"
    return f"/policies/{quote(policy_id)}{version}#{quote(anchor, safe='()')}"
