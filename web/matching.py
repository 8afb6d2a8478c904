"""`POST /api/match`: what is asked and answered, as JSON; `wence match --json` prints the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain import Filters
from errors import BadQuestion, UnreadableFile, explain
from qa.applicability.apply import Matching
from qa.applicability.matching import VERDICT_NAMES, Decided, Matched, Verdict
from qa.applicability.profile import Described, Profile
from qa.draft import Span
from qa.knowledge import Knowledge
from web.asking import FiltersIn


def _well_formed(text: str) -> str:
    """Half of a surrogate pair is no character, and no JSON answer can carry it back."""
    text.encode("utf-8")
    return text


Words = Annotated[str, Field(max_length=500), AfterValidator(_well_formed)]


class SizeIn(BaseModel):
    """How large an enterprise is."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    employees: int | None = Field(default=None, ge=0, le=100_000_000, description="从业人员，人")
    revenue: float | None = Field(default=None, ge=0, le=1e12, description="年营业收入，万元")


class MatchIn(BaseModel):
    """An enterprise or a person: a free description, fields, or both; fields stand above the text."""

    model_config = ConfigDict(extra="forbid")

    description: Words = Field(
        default="",
        description="用自己的话描述：做什么、在哪里、多大、想做什么",
        examples=["我们是闵行一家做低空无人机的公司，30人，想把产品卖到国外"],
    )
    industry: Words = Field(default="", description="行业或主营业务")
    size: SizeIn | None = Field(default=None, description="规模")
    place: Words = Field(default="", description="注册或经营的所在地：区、园区")
    plan: Words = Field(default="", description="打算做的事")
    founded: int | None = Field(default=None, ge=1800, le=2200, description="成立的年份")
    qualifications: list[Words] = Field(
        default_factory=list, max_length=50, description="已有的资质，如 高新技术企业、AEO"
    )
    filters: FiltersIn | None = Field(default=None, description="只在这些文件里找")

    def as_described(self) -> Described:
        """The domain's description."""
        size = self.size or SizeIn()
        return Described(
            self.description,
            self.industry,
            self.place,
            self.plan,
            size.employees,
            size.revenue,
            self.founded,
            tuple(self.qualifications),
        )

    @property
    def bounds(self) -> Filters:
        """The domain's bounds."""
        given = self.filters or FiltersIn()
        years = () if given.year is None else (given.year,)
        return Filters(tuple(given.policies), tuple(given.units), years)


class ProfileOut(BaseModel):
    """The enterprise as it was understood."""

    industry: list[str] = Field(description="行业，原话")
    sectors: list[str] = Field(description="归入的行业门类")
    kinds: list[str] = Field(description="企业或个人的类型，如 小微企业、外籍人才")
    employees: float | None = Field(description="从业人员，人")
    revenue: float | None = Field(description="年营业收入，万元")
    founded: int | None = Field(description="成立的年份")
    places: list[str] = Field(description="所在地，或打算落户的地方")
    plan: list[str] = Field(description="打算做的事，原话")
    qualifications: list[str] = Field(description="已有的资质")

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """The JSON form of a profile."""
        return cls(
            industry=list(profile.industry),
            sectors=sorted(profile.sectors),
            kinds=sorted(profile.all_kinds),
            employees=profile.employees,
            revenue=profile.revenue,
            founded=profile.founded,
            places=list(profile.places),
            plan=list(profile.plan),
            qualifications=sorted(profile.standings),
        )


class QuoteOut(BaseModel):
    """Words of a document: `text[start:end]` of `GET /api/policies/{policy_id}`."""

    quote: str = Field(description="原文")
    start: int = Field(description="在文件文本中的起点，字符")
    end: int = Field(description="终点，字符")

    @classmethod
    def of(cls, span: Span, knowledge: Knowledge) -> Self:
        """The JSON form of a span."""
        text = knowledge.policies[knowledge.clauses[span.clause_id].policy_id].text
        return cls(quote=text[span.start : span.end], start=span.start, end=span.end)


class ConditionOut(BaseModel):
    """A condition. `start` and `end` are null where no words of the document state it."""

    quote: str = Field(description="条件的原文；空的是文件没有写明的")
    start: int | None = Field(description="起点，字符")
    end: int | None = Field(description="终点，字符")
    met: bool | None = Field(description="符合、不符合，或者凭所述无法判断（null）")
    missing: str | None = Field(description="要补充什么才能判断")
    against: str | None = Field(description="不符合时，与之相反的所述")

    @classmethod
    def of(cls, one: Decided) -> Self:
        """The JSON form of a condition."""
        return cls(
            quote=one.quote,
            start=one.span.start if one.span else None,
            end=one.span.end if one.span else None,
            met=one.met,
            missing=one.missing or None,
            against=one.against or None,
        )


class MatchOut(BaseModel):
    """A clause with its verdict."""

    verdict: Verdict = Field(description="applies、needs_more 或 does_not_apply")
    verdict_text: str = Field(description="适用、需补充或不适用")
    policy_id: str
    policy_title: str
    clause_id: str
    number: str = Field(description="条款的序号，原样")
    gives: str = Field(description="gives 给予，opens 可以参与，works 只是部门的工作")
    offers: list[QuoteOut] = Field(description="条款提供什么")
    conditions: list[ConditionOut]
    contacts: list[str] = Field(description="牵头或责任单位；没有写明时是发文机关")
    contacts_named: bool = Field(description="联系单位是否由条款写明")
    url: str

    @classmethod
    def of(cls, one: Matched, knowledge: Knowledge) -> Self:
        """The JSON form of a match."""
        policy = knowledge.policies[one.clause.policy_id]
        return cls(
            verdict=one.verdict,
            verdict_text=VERDICT_NAMES[one.verdict],
            policy_id=policy.id,
            policy_title=policy.title,
            clause_id=one.clause.id,
            number=one.clause.number,
            gives=one.how.value,
            offers=[QuoteOut.of(span, knowledge) for span in one.offers],
            conditions=[ConditionOut.of(each) for each in one.conditions],
            contacts=list(one.contacts),
            contacts_named=one.named,
            url=one.clause.url,
        )


class MatchesOut(BaseModel):
    """The profile as understood, and the clauses that bear on it: those that apply first."""

    profile: ProfileOut
    matches: list[MatchOut]
    missing: list[str] = Field(description="补充这些就能判断得更准")
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, found: Matching, knowledge: Knowledge, timings: Mapping[str, float]) -> Self:
        """The JSON form of a matching."""
        return cls(
            profile=ProfileOut.of(found.profile),
            matches=[MatchOut.of(one, knowledge) for one in found.matches],
            missing=list(found.missing),
            timings_ms=dict(timings),
        )


def read_match(path: Path | None, given: Mapping[str, object]) -> MatchIn:
    """What a command was given, over what a JSON file describes; values that are None are not given.

    Raises `UnreadableFile` for the file, `BadQuestion` for a value.
    """
    told = _read(path) if path else {}
    told |= {key: value for key, value in given.items() if value not in (None, "", [])}
    try:
        return MatchIn.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "整个对象"
        where = f"{path} 里的" if path else ""
        raise BadQuestion(f"{where}{place}：{explain(first['type'], first['msg'])}") from None


def _read(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"企业情况 {path} 读不了({error})，请检查路径和 JSON 格式") from None
    if not isinstance(told, dict):
        raise UnreadableFile(f'企业情况 {path} 应是一个 JSON 对象，如 {{"industry": "无人机"}}')
    return told
