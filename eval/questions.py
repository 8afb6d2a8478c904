"""A question set: one JSON object a line, what a right answer must hold beside each question."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from domain import AnswerStatus
from errors import UnreadableFile, explain


class Expectation(BaseModel):
    """A question and what its answer must be.

    `after` are questions asked before it in the same conversation. `says` must all stand in the
    answer and one of `says_any`, `says_not` must not; `cites` are clause ids that must be cited,
    and one of `cites_any`; no others may be where `exact` is set. `status_any` are outcomes as
    right as `status`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    question: str
    status: AnswerStatus
    status_any: tuple[AnswerStatus, ...] = ()
    after: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    says_any: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    cites_any: tuple[str, ...] = ()
    exact: bool = False


def read_questions(path: Path) -> list[Expectation]:
    """The questions of a file in order. Raises `UnreadableFile`, naming the line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"问题集 {path} 打不开({error})，请检查路径") from None
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            questions.append(Expectation.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "整行"
            why = explain(first["type"], first["msg"])
            raise UnreadableFile(f"{path} 第{number}行 {place}：{why}") from None
    if not questions:
        raise UnreadableFile(f"问题集 {path} 里没有问题，每行应是一个 JSON 对象")
    return questions
