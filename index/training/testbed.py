"""Kept questions as a folder that `wence bench retrieval` measures a search on."""

import json
from pathlib import Path

from index.training.corpus import OFFICIAL, DataFolderError, read_official, unique
from index.training.everyday import EverydayQuestion, answers


def write_test_bed(data: Path, questions: list[EverydayQuestion], out: Path) -> int:
    """Write all official texts of the data folder as corpus, and the questions with their clauses.

    The form is that of `statute-retrieval`: `corpus.jsonl`, `queries.tsv`, `qrels.tsv`. Returns how
    many texts there are. Raises `DataFolderError` and `QuestionFileError`.
    """
    folder = data / OFFICIAL
    if not folder.is_dir():
        raise DataFolderError(f"No folder {folder}. Name the data folder with --data.")
    passages = list(unique(read_official(folder)))
    found = answers(questions, passages)
    out.mkdir(parents=True, exist_ok=True)
    corpus = [
        {"id": place, "name": f"{passage.title} {passage.section}".strip(), "text": passage.text}
        for place, passage in enumerate(passages)
    ]
    write_lines(out / "corpus.jsonl", [json.dumps(row, ensure_ascii=False) for row in corpus])
    write_lines(out / "queries.tsv", [f"{at}\t{q.text}" for at, q in enumerate(questions)])
    write_lines(out / "qrels.tsv", [f"{at}\t{place}" for at, place in enumerate(found)])
    return len(passages)


def write_lines(path: Path, lines: list[str]) -> None:
    """Write a text file, a line feed after each line."""
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
