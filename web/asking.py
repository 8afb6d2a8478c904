"""What a question or a search asks for, checked once at the edge."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain import Filters, Question


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _well_formed(text: str) -> str:
    """Half of a surrogate pair is no character, and no JSON answer can carry it back."""
    text.encode("utf-8")
    return text


Name = Annotated[str, Field(max_length=200), AfterValidator(_well_formed)]
Year = Annotated[int, Field(ge=1900, le=2200)]


class FiltersIn(_Strict):
    """Bounds on what may be answered from; each empty by default."""

    policies: list[Name] = Field(default_factory=list, max_length=1000)
    units: list[Name] = Field(default_factory=list, max_length=100)
    year: Year | None = None


class AskIn(_Strict):
    """A question. `conversation_id` ties it to the ones before it."""

    question: str = Field(examples=["低空经济由谁牵头?"])
    conversation_id: Annotated[str, Field(max_length=64)] | None = None
    filters: FiltersIn | None = None

    def as_question(self) -> Question:
        """The domain's question."""
        given = self.filters or FiltersIn()
        years = () if given.year is None else (given.year,)
        filters = Filters(tuple(given.policies), tuple(given.units), years)
        return Question(self.question, self.conversation_id or "", filters)


class SearchIn(_Strict):
    """Words to look for, and bounds on what is found; see `domain.Filters`."""

    q: str = Field(max_length=2000, description="检索词")
    k: int = Field(default=10, ge=1, le=100, description="条数")
    policy: list[Name] = Field(default_factory=list, max_length=1000, description="文件编号")
    year: list[Year] = Field(default_factory=list, max_length=100, description="文件的年份")
    unit: list[Name] = Field(
        default_factory=list, max_length=100, description="条款中有职责的单位，简称也可"
    )
    state: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="文件今天的状态：有效、已失效、已废止、已被取代、不明",
    )
    region: list[Name] = Field(
        default_factory=list, max_length=100, description="文件的地区，包括其下的地区"
    )

    @property
    def filters(self) -> Filters:
        """The domain's bounds."""
        return Filters(
            policies=tuple(self.policy),
            units=tuple(self.unit),
            years=tuple(self.year),
            states=tuple(self.state),
            regions=tuple(self.region),
        )
