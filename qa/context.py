"""What every composer works with: the documents, the search, and the bounds of this question."""

from __future__ import annotations

from dataclasses import dataclass

from index.entries import Where
from index.protocol import Search
from qa.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Context:
    """`policies` are the ids that may be answered from; `where` bounds a search beside them, `k` what
    it brings. `anchors` are places and years of which what is found must speak, `talked_of` the ids
    of the documents that the question before was answered from."""

    knowledge: Knowledge
    search: Search
    policies: frozenset[str]
    k: int
    where: Where
    anchors: tuple[str, ...] = ()
    talked_of: frozenset[str] = frozenset()
