"""Whether an enterprise lies in the area that a condition, or a whole document, is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain import Clause, ClauseKind, Policy
from qa.draft import Span
from qa.knowledge import Knowledge
from qa.places import PROVINCES, place_names, regions_of
from qa.text import phrases, sentences

_SCOPE = re.compile("(?:包括|涵盖|范围(?:为|是)|由[^,，。]{2,40}(?:组成|构成))")
_SCOPE_HEADING = re.compile("范围")
_WIDE = re.compile(r"以外|之外|其他地区|其他城市|外地")
_LEAST = 3  # characters of a place that tell one zone from another


@dataclass(frozen=True, slots=True)
class Area:
    """What a document is for: its region, and the sentence that draws its bounds where it has one.

    `home` is where its text first names the region; None where it does not.
    """

    region: str
    scope: str
    home: Span | None


def area_of(policy: Policy, knowledge: Knowledge) -> Area:
    """The area of one document."""
    return Area(policy.region or "", _scope(policy, knowledge), _named_at(policy, knowledge))


def _scope(policy: Policy, knowledge: Knowledge) -> str:
    for clause in knowledge.items({policy.id}, None):
        if _speaks_of_scope(clause):
            for start, end in sentences(clause.text, clause.start):
                if _SCOPE.search(clause.words(start, end)):
                    return clause.words(start, end)
    return ""


def _speaks_of_scope(clause: Clause) -> bool:
    """A part such as 实施范围, and not an item that happens to draw bounds."""
    if clause.kind is ClauseKind.HEADING:
        return False
    heading = clause.title or (clause.section[-1] if clause.section else "")
    return bool(_SCOPE_HEADING.search(heading)) and len(heading) <= 8


def _named_at(policy: Policy, knowledge: Knowledge) -> Span | None:
    at = policy.text.find(policy.region or "\0")
    if at < 0:
        return None
    for clause in knowledge.items({policy.id}, None):
        if clause.start <= at < clause.end:
            return Span(clause.id, at, at + len(policy.region or ""))
    return None


def outside(places: Iterable[str], area: Area, text: str) -> str:
    """The place that lies outside a document's region for certain; empty where none does.

    A place of the region, or one that is no administrative place, leaves it open. `text` is the
    document's: a province or city that it names may be the one that its region lies in.
    """
    listed = list(places)
    zones = [place for place in listed if not place_names(place)]
    if not area.region or any(_inside(place, area) for place in listed):
        return ""
    if any(within(zone, text) for zone in zones):
        return ""
    return next((place for place in listed if _elsewhere(place, area.region, text)), "")


def _is_region(place: str, region: str) -> bool:
    return bool(region) and place in (region, region[:-1])


def _inside(place: str, area: Area) -> bool:
    """Whether a place is the region, lies in it, or is named for it or in the bounds drawn."""
    short = area.region[:-1] if len(area.region) > 2 else area.region
    return place in (area.region, short) or short in place or within(place, area.scope)


def _elsewhere(place: str, region: str, text: str) -> bool:
    named = place_names(place)
    if not named or regions_of(place, [region]) or regions_of(region, [place]):
        return False
    one = named[-1]
    if place != one and not place.endswith(("省", "市", "区", "县", "州")):
        return False
    wide = one.rstrip("省市") in PROVINCES or one.endswith(("省", "市"))
    small_region = region.endswith(("区", "县", "旗"))
    if wide and small_region:
        return one.rstrip("省市") not in text
    return small_region or region.endswith(("省", "市"))


def lies_in(places: Iterable[str], name: str, area: Area, sentence: str) -> bool | None:
    """Whether one of the places lies in a named area, or in that of the document for no name.

    None where it cannot be told: the region is the right one, but its part may not be.
    """
    listed = list(places)
    if name and _WIDE.search(name):
        return None
    if name:
        return True if any(within(place, name) for place in listed) else None
    if any(len(place) >= _LEAST + 1 and within(place, sentence) for place in listed):
        return True
    if area.scope:
        parts = [place for place in listed if not _is_region(place, area.region)]
        return True if any(within(place, area.scope) for place in parts) else None
    return True if any(_inside(place, area) for place in listed) else None


def is_wide(words: str) -> bool:
    """Whether words speak of places outside: 长三角其他地区."""
    return bool(_WIDE.search(words))


def within(place: str, drawn: str) -> bool:
    """Whether the words that draw an area name a place, in full or with words between.

    >>> within("虹桥商务区", "包括虹桥国际中央商务区(闵行部分)"), within("虹桥", "虹桥商务区")
    (True, False)
    """
    if len(place) < _LEAST:
        return False
    if place in drawn:
        return True
    return any(_in_order(place, drawn[start:end]) for start, end in phrases(drawn))


def _in_order(place: str, phrase: str) -> bool:
    at = phrase.find(place[:2])
    if at < 0:
        return False
    rest = iter(phrase[at : at + len(place) + 8])
    return all(char in rest for char in place)
