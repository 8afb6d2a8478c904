"""What search is measured on: the sentences of the statutes, and questions that people ask."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path

SHORTEST = 12  # characters of a sentence that counts as a clause

_END = re.compile(r"(?<=[。；])")


def clauses(file: Path, count: int) -> Iterator[str]:
    """So many clauses, always the same: the sentences of `file` in a random order, then variations.

    `file` holds one document a line with `text`, such as the statutes of LawRefBook/Laws. A
    variation is the beginning of one sentence before that of another.
    """
    shuffled = _sentences(file)
    chance = random.Random(4)
    chance.shuffle(shuffled)
    yield from shuffled[:count]
    for _ in range(count - len(shuffled)):
        first, second = chance.choice(shuffled), chance.choice(shuffled)
        yield first[: chance.randrange(20, 60)] + second[:30]


def questions(folder: Path) -> list[str]:
    """The questions of a folder in the form of `statute-retrieval`."""
    lines = (folder / "queries.tsv").read_text("utf-8").splitlines()
    return [line.split("\t", 1)[1].strip() for line in lines]


def _sentences(file: Path) -> list[str]:
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    lines = (line for text in texts for line in text.splitlines())
    parts = (part.strip() for line in lines for part in _END.split(line))
    return [part for part in parts if len(part) >= SHORTEST]
