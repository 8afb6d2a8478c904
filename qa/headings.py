"""The headings of all documents, looked up by what a question says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from domain import Clause, ClauseKind
from qa.text import plain

LEAST_RUN = 4  # characters of a heading that name it

_KINDS = (ClauseKind.HEADING, ClauseKind.PARAGRAPH)


class Headings:
    """Titles of headings and parts, each found by any four characters that stand side by side."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._titles: dict[str, tuple[str, str]] = {}
        self._holding: defaultdict[str, list[str]] = defaultdict(list)
        for clause in clauses:
            if clause.kind in _KINDS and clause.title:
                title = plain(clause.title)
                self._titles[clause.id] = clause.policy_id, title
                for run in set(_runs(title)):
                    self._holding[run].append(clause.id)

    def sharing(self, question: str, policies: Collection[str]) -> dict[str, str]:
        """Clause ids and titles of those that share four characters or more with a question."""
        near = {one for run in _runs(question) for one in self._holding.get(run, ())}
        kept = ((i, *self._titles[i]) for i in self._titles if i in near) if near else ()
        return {clause_id: title for clause_id, policy_id, title in kept if policy_id in policies}


def _runs(text: str) -> Iterator[str]:
    return (text[at : at + LEAST_RUN] for at in range(len(text) - LEAST_RUN + 1))
