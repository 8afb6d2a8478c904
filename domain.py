"""The nouns of Wence, shared by every floor: frozen, slotted, standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote


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


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document (政策文件) and the text that every span of it counts in.

    `text` is the decoded file with line ends as `\\n`, without a byte order mark and without the
    front matter that names its card; spans everywhere are
    half-open ranges of its characters. `digest` is the SHA-256 of the file's bytes, in hex.
    `year` is the year that the document speaks of: of its issue, else of its title.
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
    text; the clauses of a policy follow each other without gap or overlap.
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
    `(牵头单位:区经委;配合单位:大零号湾集团)`.
    """

    clause_id: str
    role: Role
    unit: str
    as_printed: str
    start: int
    end: int
    marker_start: int
    marker_end: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Bounds on what a question may be answered from; an empty one bounds nothing."""

    policies: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it came in. `conversation_id` is empty for a question that stands alone."""

    text: str
    conversation_id: str = ""
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found. `scores` names every figure behind its rank."""

    clause_id: str
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that anyone can check: `quote` is exactly `policy.text[start:end]`."""

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


def page_of(clause_id: str) -> str:
    """The address of a clause's place on its source page, `/policies/{policy}#{anchor}`."""
    policy_id, _, anchor = clause_id.partition("#")
    return f"/policies/{quote(policy_id)}#{quote(anchor, safe='()')}"
