"""What is indexed: a clause's text, what stands above it, and the facets that a search may bound."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from domain import Assignment, Clause, ClauseKind, parts_of
from index.passages import passage_id, passages
from ingest.catalog import Catalog

Where = Mapping[str, Collection[str]]  # facet to the values of which an entry must have one

_QUOTED = re.compile(r"“([\u4e00-\u9fff]{3,10})”")  # “无废城市”, “一网通办”


@dataclass(frozen=True, slots=True)
class Entry:
    """One text that can be found.

    `context` is found with it and not shown: the document's title and the headings above. `facets`
    are names with values; those of a clause are `policy`, `year`, `region` and `unit`. Its units
    are all that stand in the item that it is or is a part of.
    """

    id: str
    text: str
    context: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def digest(self) -> bytes:
        """16 bytes that differ when anything of the entry does; the first 8 are of its words."""
        facets = {name: list(values) for name, values in sorted(self.facets.items())}
        words = orjson.dumps([self.text, self.context])
        rest = orjson.dumps([self.id, facets])
        return b"".join(hashlib.blake2b(part, digest_size=8).digest() for part in (words, rest))


def entries_of(catalog: Catalog, policy_id: str) -> list[Entry]:
    """The entries of one policy's clauses, headings left out, as the catalog holds them now.

    A long clause has an entry a passage.
    """
    policy = catalog.policy(policy_id)
    clauses = catalog.clauses(policy_id)
    units = _units(clauses, catalog.assignments(policy_id))
    card = {"policy": (policy.id,)}
    if policy.year is not None:
        card["year"] = (str(policy.year),)
    if policy.region:
        card["region"] = (policy.region,)
    return [
        Entry(
            passage_id(clause.id, place),
            clause.text[start:end].strip(),
            " ".join((policy.title, *clause.section, *([clause.title] if place else []))).strip(),
            card | ({"unit": tuple(units[clause.id])} if clause.id in units else {}),
        )
        for clause in clauses
        if clause.kind is not ClauseKind.HEADING
        for place, (start, end) in enumerate(passages(clause.text))
    ]


def _units(
    clauses: Sequence[Clause], assignments: Iterable[Assignment]
) -> Mapping[str, dict[str, None]]:
    """The units of each clause that has any: a task's stand often behind its last part alone."""
    own: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for assignment in assignments:
        own[assignment.clause_id][assignment.unit] = None
    units: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for at, clause in enumerate(clauses):
        item = [clause.id, *(part.id for part in parts_of(clauses, at))]
        named = {unit: None for one in item if one in own for unit in own[one]}
        for one in item if named else ():
            units[one].update(named)
    return units


def own_words(entries: Iterable[Entry]) -> set[str]:
    """Words that a general dictionary lacks: the units, and the terms that the texts put in quotes."""
    words: set[str] = set()
    for entry in entries:
        words.update(unit for unit in entry.facets.get("unit", ()) if len(unit) > 2)
        words.update(_QUOTED.findall(entry.text))
    return words
