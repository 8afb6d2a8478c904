"""`python -m eval.ranking`: learn how the signs of a clause weigh, from questions over documents.

Each question is asked of two documents, the one that answers it and another; among the clauses that
the search brings, the one that answers should come first (a conditional logit). The same questions
are then asked of two other documents: what sets the two cases apart tells how likely it is that an
answer is there at all (a logistic regression). None of the questions may have taught the encoder.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain import Clause
from index.training.corpus import OFFICIAL, STATUTES
from index.training.everyday import EverydayQuestion, read_questions
from qa.composers.sense import foreign
from qa.context import Context
from qa.ranking import NAMES, PLAIN, WEIGHTS
from qa.relevance import candidates
from qa.text import plain
from qa.topic import Topic
from settings import ROOT, Settings
from workspace import Workspace

FILES = ("kept.tsv", "kept-near.tsv", "kept-far.tsv", "ranking.tsv")
MARKS = r"\*\*|<!--.*?-->"  # of Markdown, in the statutes
CANDIDATES = 20
FIRST = 3  # clauses that are told
RIDGE = 1e-3  # holds the weights of scaled signs near zero
STEPS = 30  # of Newton's method, which needs about ten
SEED = 3

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question over two documents, before the search: `answers` are ids, none in the second case."""

    file: str
    text: str
    context: Context
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The signs of what the search brought, and which of it answers; `over_it` where it could."""

    file: str
    signs: Table
    answers: NDArray[np.bool_]
    foreign: float
    over_it: bool


def documents(data: Path, names: Iterable[str], folder: Path) -> dict[str, str]:
    """Write the documents that questions are over as files of text, to be ingested.

    Returns the name of each one's file, without its suffix: the id that its policy will have.
    """
    wanted, stems = set(names), {}
    for place, name in enumerate(sorted(name for name in wanted if name.startswith(OFFICIAL))):
        stems[name] = f"official-{place}"
        (folder / f"{stems[name]}.txt").write_bytes((data / name).read_bytes())
    with lzma.open(data / STATUTES, "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            row = json.loads(line)
            if row["title"] in wanted:
                stems[row["title"]] = f"statute-{place}"
                text = f"{row['title']}\n{re.sub(MARKS, '', row['text'])}"
                (folder / f"statute-{place}.txt").write_text(text, "utf-8")
    return stems


def cases(
    questions: Iterable[tuple[str, EverydayQuestion]],
    stems: Mapping[str, str],
    workspace: Workspace,
) -> Iterator[Case]:
    """Each question twice: over two documents of which one answers it, and over two others."""
    engine, chance = workspace.engine(), random.Random(SEED)
    knowledge = engine.knowledge
    clauses: dict[str, list[Clause]] = {}
    for clause in knowledge.clauses.values():
        clauses.setdefault(clause.policy_id, []).append(clause)
    for file, question in questions:
        home, opening = stems[question.document], _bare(question.opening)
        right = {c.id for c in clauses.get(home, ()) if _bare(c.text).startswith(opening)}
        right = right or {c.id for c in clauses.get(home, ()) if opening in _bare(c.text)}
        if not right:
            continue
        others = chance.sample([one for one in sorted(clauses) if one != home], 3)
        for policies, answers in (({home, others[0]}, right), (set(others[1:]), set())):
            bounds = Context(knowledge, engine.search, frozenset(policies), CANDIDATES, {})
            yield Case(file, plain(question.text), bounds, frozenset(answers))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def asked(case: Case) -> Asked | None:
    """What the search brings for a case; None where it brings nothing."""
    found, signs = candidates(Topic.of(case.text), case.context, CANDIDATES)
    if not found:
        return None
    right = np.array([clause.id in case.answers for clause, _ in found])
    strange = foreign(case.text, case.context)
    return Asked(case.file, signs, right, strange, bool(case.answers))


def fit_ranks(found: Sequence[Asked], names: Sequence[str]) -> dict[str, float]:
    """The weights of signs by which the answers come first: a conditional logit, Newton's method."""
    columns = [NAMES.index(name) for name in names]
    answered = [one for one in found if one.answers.any()]
    spread = np.vstack([one.signs[:, columns] for one in answered]).std(axis=0) + 1e-9
    tables = [(one.signs[:, columns] / spread, one.answers) for one in answered]
    weights = np.zeros(len(columns))
    for _ in range(STEPS):
        slope = -2 * RIDGE * len(tables) * weights
        bend = 2 * RIDGE * len(tables) * np.eye(len(columns))
        for table, right in tables:
            nats = table @ weights
            shares = np.exp(nats - nats.max())
            shares /= shares.sum()
            among = np.where(right, shares, 0.0)
            among /= max(among.sum(), 1e-12)
            mean = shares @ table
            slope += among @ table - mean
            bend += (table * shares[:, None]).T @ table - np.outer(mean, mean)
        weights = weights + np.linalg.solve(bend, slope)
    return dict(zip(names, (weights / spread).tolist(), strict=True))


def fit_answers(found: Sequence[Asked], ranked: Sequence[Table]) -> dict[str, float]:
    """The weights by which an answer is among the first: a logistic regression, Newton's method."""
    dense, pairs = NAMES.index("dense"), list(zip(found, ranked, strict=True))
    table = np.array([(one.signs[nats.argmax(), dense], one.foreign, 1.0) for one, nats in pairs])
    there = np.array([one.answers[np.argsort(-nats)[:FIRST]].any() for one, nats in pairs])
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (there - likely) - RIDGE * weights
        bend = (table * (likely * (1 - likely))[:, None]).T @ table + RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return dict(zip(("dense", "foreign", "bias"), weights.tolist(), strict=True))


def report(found: Sequence[Asked], ranked: Sequence[Table]) -> None:
    """Print how often an answer is first, among three and among five, by the search and as ranked."""
    score = NAMES.index("score")
    for file in FILES:
        mine = [
            (one, nats)
            for one, nats in zip(found, ranked, strict=True)
            if one.file == file and one.over_it
        ]
        for name, orders in (
            ("search", [one.signs[:, score] for one, _ in mine]),
            ("ranked", [nats for _, nats in mine]),
        ):
            places = np.array(
                [_place(one, order) for (one, _), order in zip(mine, orders, strict=True)]
            )
            shares = "  ".join(f"{(places < k).mean():.3f}" for k in (1, 3, 5)) if mine else ""
            print(f"{file:14} {name}  {shares}  of {len(mine)}")


def _place(one: Asked, order: Table) -> int:
    """The place of the first answer in an order, 0 the best; beyond all where none was found."""
    right = np.flatnonzero(one.answers[np.argsort(-order)])
    return int(right[0]) if len(right) else CANDIDATES


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the weights, write them, and print what they reach."""
    parser = argparse.ArgumentParser(prog="python -m eval.ranking")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--questions", type=Path, default=ROOT / "data" / "training")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    given = parser.parse_args(arguments)
    files = [file for file in FILES if (given.questions / file).is_file()]
    questions = [(file, q) for file in files for q in read_questions(given.questions / file)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "files"
        folder.mkdir()
        stems = documents(given.data, (question.document for _, question in questions), folder)
        workspace = Workspace(Settings(data_dir=Path(scratch) / "data"))
        for outcome in workspace.ingest([folder]):
            if outcome.error:
                print(outcome.error, file=sys.stderr)
        found = [one for one in map(asked, cases(questions, stems, workspace)) if one]
    weights = {"ranks": fit_ranks(found, NAMES), "plain": fit_ranks(found, PLAIN)}
    ranks = np.array([weights["ranks"][name] for name in NAMES])
    ranked = [one.signs @ ranks for one in found]
    weights["answers"] = fit_answers(found, ranked)
    given.out.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
    report(found, ranked)


if __name__ == "__main__":
    main()
