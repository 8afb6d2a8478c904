"""Questions that people wrote over clauses of official documents: `data/training/*.tsv`.

A line is a document, the opening words of its clause, and the question, with tabs between. The
document is named as in `Passage.document`; the opening is as long as it takes to tell the clause
from the others of its document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from errors import UserError
from index.training.corpus import Passage


class QuestionFileError(UserError):
    """A file of questions is missing, misshapen, or names what the data folder does not hold."""


@dataclass(frozen=True, slots=True)
class EverydayQuestion:
    """A question, and where its answer stands."""

    document: str
    opening: str
    text: str


def training_questions(folder: Path) -> list[EverydayQuestion]:
    """The questions to learn from, of `data/training`."""
    return read_questions(folder / "questions.tsv")


def kept_questions(folder: Path) -> list[EverydayQuestion]:
    """The questions kept to measure with; no question to learn from is over their documents."""
    return read_questions(folder / "kept.tsv") + read_questions(folder / "kept-near.tsv")


def read_questions(path: Path) -> list[EverydayQuestion]:
    """Read a file of questions. Raises `QuestionFileError`, naming the line."""
    if not path.is_file():
        raise QuestionFileError(f"No file of questions {path}.")
    questions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or not all(cells):
            raise QuestionFileError(f"{path}:{number} should hold document, opening and question.")
        questions.append(EverydayQuestion(*cells))
    return questions


def answers(questions: Iterable[EverydayQuestion], passages: Sequence[Passage]) -> list[int]:
    """The place in `passages` of each question's clause.

    Raises `QuestionFileError` for a clause that is not there.
    """
    by_document: dict[str, list[int]] = {}
    for place, passage in enumerate(passages):
        by_document.setdefault(passage.document, []).append(place)
    found = []
    for question in questions:
        places = by_document.get(question.document, [])
        match = (at for at in places if passages[at].text.startswith(question.opening))
        place = next(match, -1)
        if place < 0:
            raise QuestionFileError(
                f"The data folder has no clause {question.opening!r} in {question.document}."
            )
        found.append(place)
    return found
