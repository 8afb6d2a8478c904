"""The JSON that the HTTP contract answers with; the command's `--json` prints the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from domain import (
    Answer,
    Citation,
    Clause,
    Hit,
    Policy,
    PolicyState,
    Role,
    Version,
)
from ingest.state import Standing
from qa.knowledge import Knowledge


class _Noun(BaseModel):
    """The JSON form of a noun of the domain, by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class CitationOut(_Noun):
    """`quote` is `text[start:end]` of `GET /api/policies/{policy_id}`.

    `page` is the page on which the clause begins, null where the file has none.
    """

    marker: int
    policy_id: str
    policy_title: str
    doc_no: str | None
    clause_id: str
    number: str
    section: list[str]
    quote: str
    start: int
    end: int
    page: int | None
    url: str

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        """The JSON form of a citation."""
        return cls.model_validate(citation)


class AnswerOut(BaseModel):
    """An answer; `status` is one of the six outcomes, `timings_ms` milliseconds a step."""

    answer: str
    status: str
    engine: str
    conversation_id: str
    citations: list[CitationOut]
    suggestions: list[str]
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """The JSON form of an answer."""
        return cls(
            answer=answer.text,
            status=answer.status.value,
            engine=answer.engine,
            conversation_id=answer.conversation_id,
            citations=[CitationOut.of(citation) for citation in answer.citations],
            suggestions=list(answer.suggestions),
            timings_ms=dict(answer.timings_ms),
        )


class HitOut(BaseModel):
    """A clause that a search found, with every figure behind its rank."""

    clause_id: str
    policy_id: str
    number: str
    section: list[str]
    title: str
    text: str
    start: int
    end: int
    score: float
    scores: dict[str, float]
    url: str

    @classmethod
    def of(cls, hit: Hit, clause: Clause) -> HitOut:
        """The JSON form of a hit and its clause."""
        found = {"clause_id": clause.id, "score": hit.score, "scores": hit.scores}
        return cls.model_validate(_fields(cls, clause) | found)


class RepealOut(_Noun):
    """What a document says of another one: `kind` is `repeals`, `replaces` or `amends`."""

    kind: str
    title: str | None
    doc_no: str | None


class PolicyOut(BaseModel):
    """A document's card. `names_units` is false where its text names no unit for any task.

    `state` is that of today, or of an older version `superseded`; `state_reason` tells why.
    """

    id: str
    title: str
    doc_no: str | None
    issuer: str | None
    issued: date | None
    year: int | None
    region: str | None
    source: str | None
    clauses: int
    tasks: int
    names_units: bool
    url: str
    addressees: list[str]
    published: date | None
    effective: date | None
    expires: date | None
    attachments: list[str]
    repeals: list[RepealOut]
    version: int
    state: PolicyState
    state_reason: str

    @classmethod
    def of(cls, policy: Policy, knowledge: Knowledge, day: date | None = None) -> PolicyOut:
        """The card of one document of the catalog, with its state on a day: today where none is."""
        standing = knowledge.state(policy.id, day or date.today())
        return cls.model_validate(_card(policy, knowledge, standing))


class ClauseOut(_Noun):
    """One clause of a document; `[start, end)` counts characters of its `text`.

    `page` is the page on which it begins, `confidence` the lowest with which its characters were
    recognised; null where the file has no pages, or nothing had to be recognised.
    """

    id: str
    number: str
    kind: str
    section: list[str]
    title: str
    text: str
    start: int
    end: int
    page: int | None
    confidence: float | None
    url: str


class PolicyFull(PolicyOut):
    """A document whole: its card, its text, and its clauses in order."""

    text: str
    outline: list[ClauseOut]

    @classmethod
    def whole(cls, policy: Policy, knowledge: Knowledge, standing: Standing) -> PolicyFull:
        """A document of `knowledge`, which may be an older version, with its state."""
        whole = {
            "text": policy.text,
            "outline": list(knowledge.items({policy.id}, None)),
        }
        return cls.model_validate(_card(policy, knowledge, standing) | whole)


class VersionOut(_Noun):
    """A version of a document; `retired` is when it was replaced, null for the one that counts."""

    policy_id: str
    version: int
    title: str
    digest: str
    retired: str | None

    @classmethod
    def all_of(cls, policy: Policy, versions: Sequence[Version]) -> list[VersionOut]:
        """Every version of a document, oldest first, the one that counts last."""
        older = [cls.model_validate(version) for version in versions]
        now = cls(
            policy_id=policy.id,
            version=policy.version,
            title=policy.title,
            digest=policy.digest,
            retired=None,
        )
        return [*older, now]


class AssignmentOut(_Noun):
    """A unit's role in a task, with the span of the text that names it.

    A `group` is no single unit: 各街镇, 有关部门.
    """

    role: Role
    unit: str
    as_printed: str
    start: int
    end: int
    group: bool


class DeadlineOut(_Noun):
    """A deadline of a task, as printed at `[start, end)` of the document's text.

    `value` is an ISO date, the last day that keeps it, or an ISO 8601 duration.
    """

    as_printed: str
    value: str
    start: int
    end: int


class TaskOut(BaseModel):
    """A row of the ledger. `stated` is false where the document names no units at all."""

    clause_id: str
    policy_id: str
    number: str
    title: str
    section: list[str]
    lead: list[str]
    cooperate: list[str]
    responsible: list[str]
    stated: bool
    assignments: list[AssignmentOut]
    url: str
    deadlines: list[DeadlineOut]

    @classmethod
    def of(cls, clause: Clause, knowledge: Knowledge) -> TaskOut:
        """The ledger row of a task."""
        units = {role.value: knowledge.units_of(clause.id, role) for role in Role}
        told = {
            "clause_id": clause.id,
            "stated": clause.policy_id in knowledge.stating,
            "assignments": knowledge.rows(clause.id),
            "deadlines": knowledge.deadlines(clause.id),
        }
        return cls.model_validate(_fields(cls, clause) | units | told)


class UnitOut(BaseModel):
    """A unit of the ledger with the number of its tasks by role."""

    unit: str
    aliases: list[str]
    lead: int
    cooperate: int
    responsible: int


class Health(BaseModel):
    """What a probe reads."""

    status: str
    policies: int | None = None
    clauses: int | None = None


class Problem(BaseModel):
    """An error as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str


def _card(policy: Policy, knowledge: Knowledge, standing: Standing) -> dict[str, object]:
    counted = {
        "clauses": sum(1 for _ in knowledge.items({policy.id}, None)),
        "tasks": sum(1 for _ in knowledge.items({policy.id})),
        "names_units": policy.id in knowledge.stating,
    }
    told = {"state": standing.state, "state_reason": standing.reason}
    return _fields(PolicyOut, policy) | counted | told


def _fields(model: type[BaseModel], noun: object) -> dict[str, object]:
    """The fields of a model that a noun has under the same names."""
    return {name: getattr(noun, name) for name in model.model_fields if hasattr(noun, name)}
