"""The JSON of the HTTP contract, checked once at the edge; the command's `--json` prints the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain import Answer, Citation, Clause, Filters, Hit, Policy, Question, Role, Version
from qa.knowledge import Knowledge


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _well_formed(text: str) -> str:
    """Half of a surrogate pair is no character, and no JSON answer can carry it back."""
    text.encode("utf-8")
    return text


Name = Annotated[str, Field(max_length=200), AfterValidator(_well_formed)]


class FiltersIn(_Strict):
    """Bounds on what may be answered from; each empty by default."""

    policies: list[Name] = Field(default_factory=list, max_length=1000)
    units: list[Name] = Field(default_factory=list, max_length=100)
    year: int | None = Field(default=None, ge=1900, le=2200)


class AskIn(_Strict):
    """A question. `conversation_id` ties it to the ones before it."""

    question: str = Field(examples=["低空经济由谁牵头?"])
    conversation_id: Annotated[str, Field(max_length=64)] | None = None
    filters: FiltersIn | None = None

    def as_question(self) -> Question:
        """The domain's question."""
        given = self.filters or FiltersIn()
        filters = Filters(tuple(given.policies), tuple(given.units), given.year)
        return Question(self.question, self.conversation_id or "", filters)


class CitationOut(BaseModel):
    """`quote` is `text[start:end]` of `GET /api/policies/{policy_id}`."""

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
    url: str

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        """The JSON form of a citation."""
        return cls.model_validate(citation, from_attributes=True)


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
        return cls(
            clause_id=clause.id,
            policy_id=clause.policy_id,
            number=clause.number,
            section=list(clause.section),
            title=clause.title,
            text=clause.text,
            start=clause.start,
            end=clause.end,
            score=hit.score,
            scores=dict(hit.scores),
            url=clause.url,
        )


class PolicyOut(BaseModel):
    """A document's card. `names_units` is false where its text names no unit for any task."""

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

    @classmethod
    def of(cls, policy: Policy, knowledge: Knowledge) -> PolicyOut:
        """The card of one document of the catalog."""
        return cls(
            id=policy.id,
            title=policy.title,
            doc_no=policy.doc_no,
            issuer=policy.issuer,
            issued=policy.issued,
            year=policy.year,
            region=policy.region,
            source=policy.source,
            clauses=sum(1 for _ in knowledge.items({policy.id}, None)),
            tasks=sum(1 for _ in knowledge.items({policy.id})),
            names_units=policy.id in knowledge.stating,
            url=policy.url,
        )


class ClauseOut(BaseModel):
    """One clause of a document; `[start, end)` counts characters of its `text`."""

    id: str
    number: str
    kind: str
    section: list[str]
    title: str
    text: str
    start: int
    end: int
    url: str

    @classmethod
    def of(cls, clause: Clause) -> ClauseOut:
        """The JSON form of a clause."""
        return cls.model_validate(clause, from_attributes=True)


class PolicyFull(PolicyOut):
    """A document whole: its card, its text, and its clauses in order."""

    text: str
    outline: list[ClauseOut]


class VersionOut(BaseModel):
    """A version of a document; `retired` is when it was replaced, null for the one that counts."""

    policy_id: str
    version: int
    title: str
    digest: str
    retired: str | None

    @classmethod
    def all_of(cls, policy: Policy, versions: Sequence[Version]) -> list[VersionOut]:
        """Every version of a document, oldest first, the one that counts last."""
        older = [cls.model_validate(version, from_attributes=True) for version in versions]
        now = cls(
            policy_id=policy.id,
            version=policy.version,
            title=policy.title,
            digest=policy.digest,
            retired=None,
        )
        return [*older, now]


class AssignmentOut(BaseModel):
    """A unit's role in a task, with the span of the text that names it."""

    role: Role
    unit: str
    as_printed: str
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

    @classmethod
    def of(cls, clause: Clause, knowledge: Knowledge) -> TaskOut:
        """The ledger row of a task."""
        return cls(
            clause_id=clause.id,
            policy_id=clause.policy_id,
            number=clause.number,
            title=clause.title,
            section=list(clause.section),
            lead=list(knowledge.units_of(clause.id, Role.LEAD)),
            cooperate=list(knowledge.units_of(clause.id, Role.COOPERATE)),
            responsible=list(knowledge.units_of(clause.id, Role.RESPONSIBLE)),
            stated=clause.policy_id in knowledge.stating,
            assignments=[
                AssignmentOut.model_validate(row, from_attributes=True)
                for row in knowledge.rows(clause.id)
            ],
            url=clause.url,
        )


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
