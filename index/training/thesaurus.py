"""Everyday and official terms: two more sources of pairs.

An official term of a query may become an everyday one, and an everyday term alone may ask for its
official terms.

A line of the file is an everyday term, a tab, and official terms separated by blanks; both cells
may hold several terms, also separated by `|`, `、`, commas or semicolons. `#` begins a note.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.training.ragged import Ids
from index.training.tokenizer import token_ids

SEPARATORS = re.compile(r"[|｜、,，;；/\s]+")

Entry = tuple[tuple[str, ...], tuple[str, ...]]
Term = tuple[int, ...]


def read_thesaurus(path: Path) -> list[Entry]:
    """Read (everyday terms, official terms) rows; a missing file gives none."""
    if not path.is_file():
        return []
    entries: list[Entry] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) >= 2 and not line.startswith("#"):
            entries.append((terms(cells[0]), terms(cells[1])))
    return [entry for entry in entries if entry[0] and entry[1]]


def terms(cell: str) -> tuple[str, ...]:
    """Split one cell into its terms."""
    return tuple(term for term in SEPARATORS.split(cell.strip()) if term)


@dataclass(frozen=True, slots=True)
class TermIds:
    """The thesaurus as token ids.

    `entries` holds (everyday terms, official terms). `by_first` holds, for the first token of each
    official term, (the whole term, its everyday terms); longer ones first, so that the longest
    that matches is the one replaced.
    """

    entries: list[tuple[list[Term], list[Term]]]
    by_first: dict[int, list[tuple[Term, list[Term]]]]

    def pair(self, random: np.random.Generator) -> tuple[Ids, Ids]:
        """Draw one entry: an everyday term, and half of its official terms (at least one)."""
        everyday, official = self.entries[int(random.integers(len(self.entries)))]
        term = everyday[int(random.integers(len(everyday)))]
        chosen = random.permutation(len(official))[: (len(official) + 1) // 2]
        return np.asarray(term), np.concatenate([official[index] for index in chosen])

    def substitute(self, query: Ids, share: float, random: np.random.Generator) -> Ids:
        """Replace each official term of `query`, with probability `share`, by an everyday one."""
        if not self.by_first or self.by_first.keys().isdisjoint(query.tolist()):
            return query
        tokens, out, place = query.tolist(), list[int](), 0
        while place < len(tokens):
            official, everyday = self._match(tokens, place)
            if official and random.random() < share:
                out += everyday[int(random.integers(len(everyday)))]
                place += len(official)
            else:
                out.append(tokens[place])
                place += 1
        return np.asarray(out, dtype=np.int64)

    def _match(self, tokens: list[int], place: int) -> tuple[Term, list[Term]]:
        for official, everyday in self.by_first.get(tokens[place], []):
            if tuple(tokens[place : place + len(official)]) == official:
                return official, everyday
        return (), []


def build_term_ids(entries: Iterable[Entry], tokenizer: Tokenizer) -> TermIds:
    """Cut the terms with `tokenizer`; terms with unknown characters are left out."""
    cut = [
        (cut_terms(everyday, tokenizer), cut_terms(official, tokenizer))
        for everyday, official in entries
    ]
    usable = [(everyday, official) for everyday, official in cut if everyday and official]
    everyday_of: dict[Term, list[Term]] = defaultdict(list)
    for everyday, official in usable:
        for term in official:
            everyday_of[term] += everyday
    by_first: dict[int, list[tuple[Term, list[Term]]]] = defaultdict(list)
    for term in sorted(everyday_of, key=lambda ids: (-len(ids), ids)):
        by_first[term[0]].append((term, everyday_of[term]))
    return TermIds(usable, dict(by_first))


def cut_terms(texts: Sequence[str], tokenizer: Tokenizer) -> list[Term]:
    """Return the token ids of the terms that the tokenizer knows whole."""
    return [tuple(ids) for ids in token_ids(tokenizer, texts) if ids and 0 not in ids]
