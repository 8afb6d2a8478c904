"""Ingest against what people read: real documents with marks, and the exam in every format."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gold import EXAM, MARKS, SHARED, Score, exam, load, marks
from render import blocks, convert, office, to_docx, to_html, to_ofd, to_scan, to_xlsx

from ingest.archives import Input
from ingest.document import Document
from ingest.formats.images import is_available
from ingest.parse import Parsed, parse, without_contents
from ingest.reader import read_source

ITEMS, PAIRS, KINDS = 0.99, 0.98, 0.98  # of precision and of recall
SHEETS = ("rural-task-ledger",)  # a document that is one table
BROKEN = ("industrial-park-reply", "water-supply-plan")  # texts whose lines are broken

needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
needs_recognition = pytest.mark.skipif(
    not is_available(), reason="character recognition is an extra: pip install 'wence[ocr]'"
)
needs_office = pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")


def held(score: Score, least: float) -> None:
    assert min(score.precision, score.recall) >= least, (
        f"{score.precision:.4f} {score.recall:.4f}\nmissed {score.missed[:20]}\nwrong {score.wrong[:20]}"
    )


def documents() -> Iterator[tuple[str, Path]]:
    """The exam: name and file of each document."""
    for gold in sorted(EXAM.glob("*.gold.json")):
        stem = gold.name.removesuffix(".gold.json")
        yield (
            stem,
            next(f for s in (".json", ".txt", ".md") if (f := EXAM / f"{stem}{s}").is_file()),
        )


def score(found: dict[str, Parsed]) -> None:
    """All the documents of a format together hold the goal."""
    whole: dict[str, Score] = {}
    for stem, parsed in found.items():
        content = parsed.content
        assert "".join(clause.text for clause in content.clauses) == content.policy.text
        results = exam(
            list(content.clauses), list(content.assignments), load(EXAM / f"{stem}.gold.json")
        )
        for name, one in results.items():
            whole.setdefault(name, Score()).add(one)
    held(whole["items"], ITEMS)
    held(whole["kinds"], KINDS)
    held(whole["pairs"], PAIRS)


def files(folder: Path, *, tables: bool = True) -> dict[str, Path]:
    """Each document of the exam as a Word file, but for those that only a text can be."""
    return {
        stem: to_docx(blocks(file), folder / f"{stem}.docx")
        for stem, file in documents()
        if file.suffix != ".md" and stem not in BROKEN and (tables or file.suffix != ".json")
    }


@needs_data
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_the_marked_documents(kind: str) -> None:
    """Every item of 31 real documents, and every unit of the six that print unit markers."""
    items, pairs = Score(), Score()
    for file in sorted(MARKS.glob("*.json")):
        gold = load(file)
        path = (SHARED / gold["file"]).with_suffix(f".{kind}")
        if not path.is_file():
            continue
        document, parsed = opened(path)
        found, units = marks(
            document, list(parsed.content.clauses), list(parsed.content.assignments), gold
        )
        items.add(found)
        if any(not one.get("optional") for one in gold["assignments"]):
            pairs.add(units)
    held(items, ITEMS)
    held(pairs, PAIRS)


def opened(path: Path) -> tuple[Document, Parsed]:
    item = Input(path)
    return without_contents(read_source(item.load(), item.name)), parse(item)


def test_the_exam_as_text() -> None:
    score({stem: parse(Input(file)) for stem, file in documents() if file.suffix != ".json"})


def test_the_exam_as_word_files(tmp_path: Path) -> None:
    score({stem: parse(Input(file)) for stem, file in files(tmp_path).items()})


def test_the_exam_as_web_pages(tmp_path: Path) -> None:
    score(
        {
            stem: parse(Input(to_html(blocks(file), tmp_path / f"{stem}.html")))
            for stem, file in documents()
            if file.suffix != ".md" and stem not in BROKEN
        }
    )


def test_the_exam_as_workbooks(tmp_path: Path) -> None:
    score(
        {
            stem: parse(Input(to_xlsx(blocks(file), tmp_path / f"{stem}.xlsx")))
            for stem, file in documents()
            if stem in SHEETS
        }
    )


@needs_office
@pytest.mark.parametrize("suffix", ["pdf", "doc"])
def test_the_exam_as_files_of_an_office(tmp_path: Path, suffix: str) -> None:
    made = files(tmp_path)
    converted = convert(made.values(), suffix, tmp_path)
    score({stem: parse(Input(file)) for stem, file in zip(made, converted, strict=True)})


def test_the_exam_as_ofd_files(tmp_path: Path) -> None:
    """Fixed pages, whose lines are broken and joined again."""
    score(
        {
            stem: parse(Input(to_ofd(blocks(file), tmp_path / f"{stem}.ofd")))
            for stem, file in documents()
            if file.suffix == ".txt" and stem not in BROKEN
        }
    )


@needs_office
@needs_recognition
def test_a_document_of_the_exam_as_a_scan(tmp_path: Path) -> None:
    """Recognition is not certain of every character; the outline and most units are right."""
    stem = "business-environment-plan"
    [printed] = convert(
        [to_docx(blocks(EXAM / f"{stem}.txt"), tmp_path / f"{stem}.docx")], "pdf", tmp_path
    )
    parsed = parse(Input(to_scan(printed, tmp_path)))
    found = exam(
        list(parsed.content.clauses),
        list(parsed.content.assignments),
        load(EXAM / f"{stem}.gold.json"),
    )
    held(found["items"], 0.95)
    held(found["pairs"], 0.9)
    assert all(0 < (clause.confidence or 0) <= 1 for clause in parsed.content.clauses)
    assert {clause.page for clause in parsed.content.clauses} >= {1, 2}
