"""What enterprises and persons are called: kinds, standings and sectors, from `data/enterprises.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from settings import ROOT

TABLE = ROOT / "data" / "enterprises.toml"


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a kind or standing, where it stands in a text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table. `never` are kinds that one of a kind cannot be, `implies` those that it is as well."""

    kinds: Mapping[str, tuple[str, ...]]
    never: Mapping[str, frozenset[str]]
    implies: Mapping[str, tuple[str, ...]]
    standings: Mapping[str, tuple[str, ...]]
    sectors: Mapping[str, tuple[str, ...]]
    kind_words: re.Pattern[str]
    standing_words: re.Pattern[str]
    sector_words: re.Pattern[str]

    def kinds_in(self, text: str) -> list[Named]:
        """The kinds that a text names, left to right, the longest form at each place."""
        return _found(self.kind_words, self.kinds, text)

    def standings_in(self, text: str) -> list[Named]:
        """The standings that a text names, left to right."""
        return _found(self.standing_words, self.standings, text)

    def sectors_of(self, text: str) -> frozenset[str]:
        """The sectors that a text speaks of."""
        words = {found[0] for found in self.sector_words.finditer(text)}
        return frozenset(name for name, forms in self.sectors.items() if words & set(forms))

    def whole(self, kinds: Iterable[str]) -> frozenset[str]:
        """The kinds with all that they imply."""
        return frozenset(one for kind in kinds for one in (kind, *self.implies.get(kind, ())))

    def excluded(self, wanted: str, own: Iterable[str]) -> bool:
        """Whether one of the kinds of `own` cannot be of the kind that is wanted."""
        return any(
            wanted in self.never.get(kind, ()) or kind in self.never.get(wanted, ())
            for kind in self.whole(own)
        )


@cache
def kinds() -> Kinds:
    """The table, read once."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    rows = table["kinds"]
    forms = {name: tuple(row["words"]) for name, row in rows.items()}
    standings = {name: tuple(words) for name, words in table["standings"].items()}
    sectors = {name: tuple(words) for name, words in table["sectors"].items()}
    return Kinds(
        forms,
        {name: frozenset(row.get("never", ())) for name, row in rows.items()},
        {name: tuple(row.get("implies", ())) for name, row in rows.items()},
        standings,
        sectors,
        *(_any_of(group.values()) for group in (forms, standings, sectors)),
    )


def _any_of(groups: Iterable[Iterable[str]]) -> re.Pattern[str]:
    words = sorted({word for group in groups for word in group}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _found(
    pattern: re.Pattern[str], table: Mapping[str, tuple[str, ...]], text: str
) -> list[Named]:
    names = {form: name for name, forms in table.items() for form in forms}
    return [Named(names[f[0]], f.start(), f.end()) for f in pattern.finditer(text)]
