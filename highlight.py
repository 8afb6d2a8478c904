"""A text as HTML in which stretches stand out: each of its characters once, in order, escaped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` in a style of their own, with what a pointer is told of them.

    `style` is one or more CSS classes with blanks between them.
    """

    start: int
    end: int
    style: str
    hint: str = ""


def styled(
    text: str,
    start: int,
    end: int,
    spans: Iterable[Span],
    pins: Mapping[int, Markup] | None = None,
) -> Markup:
    """The characters `[start, end)`, each stretch in the styles of all spans over it, in order.

    `pins` is markup without text that is put before the character at its place. The cost is linear
    in characters and spans as long as few spans lie over one another.

    >>> styled("由区经委牵头", 0, 6, [Span(1, 4, "unit", "牵头单位")])
    Markup('由<span class="unit" title="牵头单位">区经委</span>牵头')
    """
    inside = [span for span in spans if max(span.start, start) < min(span.end, end)]
    pinned = {at: pin for at, pin in (pins or {}).items() if start <= at < end}
    begins: defaultdict[int, list[int]] = defaultdict(list)
    edges = {start, end, *pinned}
    for place, span in enumerate(inside):
        first = max(span.start, start)
        begins[first].append(place)
        edges |= {first, min(span.end, end)}
    pieces: list[Markup] = []
    over: list[int] = []
    for first, after in pairwise(sorted(edges)):
        if first in pinned:
            pieces.append(pinned[first])
        over = sorted([*(place for place in over if inside[place].end > first), *begins[first]])
        pieces.append(_piece(text[first:after], [inside[place] for place in over]))
    return Markup("").join(pieces)


def _piece(characters: str, over: list[Span]) -> Markup:
    if not over:
        return escape(characters)
    style = " ".join(span.style for span in over)
    hint = "；".join(dict.fromkeys(span.hint for span in over if span.hint))
    title = Markup(' title="{}"').format(hint) if hint else Markup("")
    return Markup('<span class="{}"{}>{}</span>').format(style, title, characters)
