"""Titles of headings and documents, looked up by what a question says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from qa.text import plain

LEAST_RUN = 4  # characters of a heading that name it


class Headings:
    """Titles, each found by any four characters that stand side by side in it."""

    def __init__(self, titles: Iterable[tuple[str, str, str]]) -> None:
        """`titles` are an id, the id of the policy, and the title."""
        self._titles = {one: (policy_id, plain(title)) for one, policy_id, title in titles}
        self._holding: defaultdict[str, list[str]] = defaultdict(list)
        for one, (_, title) in self._titles.items():
            for run in set(_runs(title)):
                self._holding[run].append(one)

    def sharing(self, question: str, policies: Collection[str]) -> dict[str, str]:
        """Ids and titles of those that share four characters or more with a question, in order."""
        near = {one for run in _runs(question) for one in self._holding.get(run, ())}
        kept = ((i, *self._titles[i]) for i in self._titles if i in near) if near else ()
        return {one: title for one, policy_id, title in kept if policy_id in policies}


def _runs(text: str) -> Iterator[str]:
    return (text[at : at + LEAST_RUN] for at in range(len(text) - LEAST_RUN + 1))
