"""A long clause as passages: what is indexed and found of a section that runs over pages.

A clause is what a document numbers. A report numbers its chapters alone, and of 4,000 characters
neither a vector nor BM25 says what they are about; so each passage of such a clause is an entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from domain import Clause, Hit

if TYPE_CHECKING:
    from index.entries import Where
    from index.protocol import Search

LONGEST = 500  # characters of a text that is found as one
NORMAL = 300  # characters of a passage, about
_SPARE = 3  # times as many passages are asked for as clauses
_MARK = "\xb6"  # between the id of a clause and the place of its passage
_PARAGRAPH = re.compile(r"[^\n]*\n*")
_SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]*[”’）)]?\s*")


@lru_cache(4096)
def passages(text: str) -> tuple[tuple[int, int], ...]:
    """The passages of a text as spans of it, which join to it: all of a short one."""
    if len(text.strip()) <= LONGEST:
        return ((0, len(text)),)
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        if spans and end - spans[-1][0] <= NORMAL:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return tuple(spans)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The paragraphs of a text, those that are long cut into their sentences."""
    for found in _PARAGRAPH.finditer(text):
        pattern = _SENTENCE if len(found[0]) > NORMAL else _PARAGRAPH
        for piece in pattern.finditer(text, found.start(), found.end()):
            if piece[0]:
                yield piece.span()


def passage_id(clause_id: str, place: int) -> str:
    """The id by which a passage is indexed; of the first one it is the clause's own."""
    return f"{clause_id}{_MARK}{place}" if place else clause_id


def of_passage(entry_id: str) -> tuple[str, int]:
    """The clause of an indexed passage, and the place of the passage in it."""
    clause_id, _, place = entry_id.partition(_MARK)
    return clause_id, int(place or 0)


def hit_of(entry_id: str, score: float, scores: Mapping[str, float]) -> Hit:
    """What a search found of an indexed passage."""
    clause_id, place = of_passage(entry_id)
    return Hit(clause_id, score, scores, place)


def clauses_found(
    hits: Iterable[Hit], clauses: Mapping[str, Clause]
) -> Iterator[tuple[Hit, Clause]]:
    """Each hit with its clause, cut to the passage that was found; those of no known clause left out."""
    for hit in hits:
        clause = clauses.get(hit.clause_id)
        spans = passages(clause.text) if clause else ()
        if clause and hit.place < len(spans):
            start, end = spans[hit.place]
            yield hit, _cut(clause, start, end) if len(spans) > 1 else clause


def passage_around(clause: Clause, at: int) -> Clause:
    """A clause cut to its passage that holds a character of its document; whole where none does."""
    spans = passages(clause.text)
    start, end = next((s for s in spans if s[0] <= at - clause.start < s[1]), (0, len(clause.text)))
    return _cut(clause, start, end) if len(spans) > 1 else clause


def _cut(clause: Clause, start: int, end: int) -> Clause:
    return replace(
        clause, text=clause.text[start:end], start=clause.start + start, end=clause.start + end
    )


def best_clauses(search: Search, query: str, k: int, where: Where | None) -> list[Hit]:
    """The best `k` clauses, each once, by the best of its passages; fewer where no more are found."""
    asked = _SPARE * k
    while True:
        hits = search.search(query, asked, where=where)
        best: dict[str, Hit] = {}
        for hit in hits:
            best.setdefault(hit.clause_id, hit)
        if len(best) >= k or len(hits) < asked:
            return list(best.values())[:k]
        asked *= 2  # passages of a few long clauses filled them
