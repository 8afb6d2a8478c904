"""Items that a question names by their title, in quotes or as it stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from domain import Clause
from qa.text import plain

HEAD = 4  # characters by which a title is found in a question
LEAST_BARE = 6  # characters of a title that stands without quotes
_QUOTED = re.compile(r"[“\"‘「『]([^”\"’」』]{2,80})[”\"’」』]")


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of all items, to see which of them stands in a question.

    `ids` leads from a title to the items that have it, `by_head` from its first characters to the
    titles that begin so, longest first.
    """

    ids: Mapping[str, tuple[str, ...]]
    by_head: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, items: Iterable[Clause]) -> Titles:
        """The titles of items; those of fewer than four characters name nothing by themselves."""
        ids: dict[str, tuple[str, ...]] = {}
        for clause in items:
            title = plain(clause.title)
            if len(title) >= HEAD:
                ids[title] = (*ids.get(title, ()), clause.id)
        heads: dict[str, list[str]] = {}
        for title in sorted(ids, key=len, reverse=True):
            heads.setdefault(title[:HEAD], []).append(title)
        return cls(ids, {head: tuple(titles) for head, titles in heads.items()})

    def quoted(self, text: str) -> tuple[int, int, str] | None:
        """The first title that stands in quotes: (start, end, title), the quotes in the span."""
        for found in _QUOTED.finditer(text):
            if plain(found[1]) in self.ids:
                return found.start(), found.end(), plain(found[1])
        inner = self.bare(text, HEAD)  # a title may hold quotes of its own
        if inner and text[inner[0] - 1 : inner[0]] in ("“", '"') and inner[0]:
            return inner[0] - 1, min(inner[1] + 1, len(text)), inner[2]
        return None

    def bare(self, text: str, least: int = LEAST_BARE) -> tuple[int, int, str] | None:
        """The longest title of at least `least` characters that stands in a text as it is."""
        best: tuple[int, int, str] | None = None
        for start in range(len(text) - HEAD + 1):
            for title in self.by_head.get(text[start : start + HEAD], ()):
                longer = len(title) >= least and (best is None or len(title) > len(best[2]))
                if longer and text.startswith(title, start):
                    best = start, start + len(title), title
        return best

    def items(self, title: str, policies: Collection[str]) -> tuple[str, ...]:
        """The items of some policies that have a title."""
        return tuple(i for i in self.ids.get(title, ()) if i.partition("#")[0] in policies)
