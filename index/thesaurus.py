"""Everyday words to official ones, from `data/thesaurus.tsv`: 摆摊 is 流动商贩, 占道经营 in a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import chain

from index.tokens import normalise
from settings import ROOT

TABLE = ROOT / "data" / "thesaurus.tsv"


class Thesaurus:
    """Terms to the terms that say the same; looked up by the longest that a text contains."""

    def __init__(self, rows: Mapping[str, tuple[str, ...]]) -> None:
        self._rows = rows
        self._starting: dict[str, list[str]] = {}  # by first character, longest first
        for term in sorted(rows, key=len, reverse=True):
            self._starting.setdefault(term[0], []).append(term)

    @property
    def terms(self) -> Iterator[str]:
        """The terms of both columns; those that several rows hold come as often."""
        yield from self._rows
        yield from chain.from_iterable(self._rows.values())

    @cached_property
    def official(self) -> frozenset[str]:
        """The terms of documents: those that everyday ones lead to."""
        return frozenset(chain.from_iterable(self._rows.values()))

    def terms_in(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """The terms that a text contains in either case, left to right, each with its counterparts."""
        text = normalise(text)
        found = []
        start = 0
        while start < len(text):
            term = self._term_at(text, start)
            if term:
                found.append((term, self._rows[term]))
            start += len(term) or 1
        return found

    def widen(self, text: str) -> list[str]:
        """The counterparts of all terms in a text, each once, in order."""
        return list(dict.fromkeys(word for _, words in self.terms_in(text) for word in words))

    def _term_at(self, text: str, start: int) -> str:
        terms = self._starting.get(text[start], ())
        return next((term for term in terms if text.startswith(term, start)), "")


@cache
def thesaurus() -> Thesaurus:
    """The table that comes with Wence, read in both directions."""
    rows: dict[str, dict[str, None]] = {}
    for line in TABLE.read_text("utf-8").splitlines() if TABLE.is_file() else ():
        if not line or line.startswith("#"):
            continue
        everyday, _, official = line.partition("\t")
        for term in official.split():
            rows.setdefault(normalise(everyday), {})[term] = None
    return Thesaurus({term: tuple(words) for term, words in rows.items()})
