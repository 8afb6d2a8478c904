"""Places that a question names, to notice one that no document is of."""

from __future__ import annotations

import re
from functools import cache

from index.tokens import words
from settings import ROOT

TABLE = ROOT / "data" / "regions.txt"
_NAMED = re.compile(r"(?=([\u4e00-\u9fa5]{2,5}?)(?:省|市|新区|区|县|自治区|自治州|州))")


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
    """The first place of a question that does not stand in `known_text`; empty for none."""
    bare, suffixed = _table()
    named = [found[1] for found in _NAMED.finditer(question) if found[1] in bare | suffixed]
    tokens = [word for word in words(question) if word in bare]
    return next((place for place in (*named, *tokens) if place not in known_text), "")
