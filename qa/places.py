"""Places and years that a question names, to notice one that no document is of."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from index.tokens import words
from qa.knowledge import Knowledge
from settings import ROOT

TABLE = ROOT / "data" / "regions.txt"
_NAMED = re.compile(r"(?=([\u4e00-\u9fa5]{2,5}?)(省|市|新区|区|县|自治区|自治州|州))")
_FINEST = re.compile(r"[^省市区县州旗]{2,8}(?:自治区|自治州|自治县|新区|[省市区县州旗])$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    """Names known bare, and names known only with 省、市、区 or 县 behind them."""
    bare: set[str] = set()
    suffixed: set[str] = set()
    for line in TABLE.read_text("utf-8").splitlines():
        kind, _, names = line.partition(" = ")
        if kind in ("bare", "suffixed"):
            (bare if kind == "bare" else suffixed).update(names.split())
    return frozenset(bare), frozenset(suffixed)


def elsewhere(question: str, known_text: str) -> str:
    """The first place or year of a question that does not stand in `known_text`; empty for none.

    A place with its kind behind it (浦东新区) must stand there so.
    """
    bare, suffixed = _table()
    named = [f"{f[1]}{f[2]}" for f in _NAMED.finditer(question) if f[1] in bare | suffixed]
    tokens = [
        word for word in words(question) if word in bare and not any(word in n for n in named)
    ]
    years = [year[0] for year in _YEAR.finditer(question)]
    return next((where for where in (*named, *tokens, *years) if where not in known_text), "")


def of_place(
    question: str, knowledge: Knowledge, allowed: Collection[str]
) -> tuple[str, ...] | None:
    """Ids of the documents of the finest place that a question names; None where it names none of
    a document, or where all documents are of it."""
    regions = {i: p.region for i, p in knowledge.policies.items() if p.region and i in allowed}
    named = {
        policy_id: own[0]
        for policy_id, region in regions.items()
        if (own := _FINEST.search(region)) and _names(question, own[0])
    }
    longest = max(map(len, named.values()), default=0)
    found = tuple(sorted(i for i, own in named.items() if len(own) == longest))
    return found if found and len(found) < len(allowed) else None


def _names(question: str, place: str) -> bool:
    """With its kind, 长宁区, or without it, 长宁."""
    return place in question or (len(place) > 2 and place[:-1] in question)
