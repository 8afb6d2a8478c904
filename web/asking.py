"""The JSON of a question, checked once at the edge."""

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
