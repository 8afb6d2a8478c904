"""How much a word tells: its rarity in official documents at large, from `data/rarity.tsv`.

A small set of documents cannot say which words are common; 20,000 words counted over laws, reports
and notices can. Written by `python -m index.training rarity`.
"""

from __future__ import annotations

from collections.abc import KeysView, Mapping
from functools import cache

from settings import ROOT

TABLE = ROOT / "data" / "rarity.tsv"


class Rarity:
    """Inverse document frequencies, ln(N / df), in nats; a word outside the table is the rarest."""

    def __init__(self, table: Mapping[str, float], rarest: float) -> None:
        self._table = table
        self._rarest = rarest

    @property
    def words(self) -> KeysView[str]:
        """The words of the table."""
        return self._table.keys()

    def __call__(self, word: str) -> float:
        """What one word tells."""
        return self._table.get(word, self._rarest)


@cache
def rarity() -> Rarity:
    """The table that comes with Wence."""
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines())
    table = {word: float(value) for word, value in rows}
    return Rarity(table, table.pop(""))
