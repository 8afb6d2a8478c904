"""Characters with their places on a page as lines in reading order, blanks and columns restored."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.layout.columns import Band, Part, in_order
from ingest.layout.printed import Line

_SAME_PLACE = 0.14  # of the character size: a bold face drawn as two shifted copies
_SAME_LINE = 0.3  # of the character size, between two baselines
_RAISED = 0.85  # of the size of its line: an exponent has no more
_WORD_GAP = 0.17  # of the character size, between Latin words
_WIDE_GAP = 0.7  # of the character size, beside a Chinese character
_PART_GAP = 1.2  # of the character size: what stands so far apart may belong to two columns
_NO_GAP = 0.05  # of the character size: a blank that takes no room is none
_ASCENT = 0.88  # of the character size, above the baseline; the rest hangs below it
_SHARED = (("\u2e80", "\u2fdf"), ("\uf900", "\ufaff"), ("\ufb00", "\ufb06"))  # radicals, ligatures
_RADICALS = dict(
    zip(
        "\u2e9f\u2ea0\u2ec1\u2ec4\u2ec5\u2ec6\u2ec9\u2ecb\u2ed3\u2ed4\u2ed8\u2ed9\u2eda\u2edb\u2edc\u2edd"
        "\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea\u2eec\u2eee\u2ef0\u2ef3",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn character and its place, in the unit of the page, top growing downward.

    `x0` to `x1` is its advance, `baseline` what it stands on, `size` its font size.
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float


def plain(char: str) -> str:
    """A character as people type it: shapes that fonts share with it are taken back.

    >>> [plain(char) for char in "\u2f00\u2ed4\ufb01\uff0c"]
    ['一', '门', 'fi', '，']
    """
    if char < _SHARED[0][0] or "\u3000" <= char < "\uf900":
        return char
    if char in _RADICALS:
        return _RADICALS[char]
    shared = any(first <= char <= last for first, last in _SHARED)
    return unicodedata.normalize("NFKC", char) if shared else char


def lines(glyphs: Iterable[Glyph], *, columns: bool = True) -> tuple[Line, ...]:
    """The lines that the characters form, in reading order; without `columns` straight across."""
    glyphs = list(glyphs)
    order = {id(glyph): place for place, glyph in enumerate(glyphs)}
    bands = [parts for band in _bands(glyphs) if (parts := _parts(band, order))]
    return tuple(_line(band) for band in (in_order(bands) if columns else bands))


def once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The characters without the second copy of those that are drawn twice, a hair apart."""
    seen: dict[tuple[str, int], list[Glyph]] = defaultdict(list)
    kept: list[Glyph] = []
    for glyph in glyphs:
        row = int(glyph.baseline // 8)
        near = [other for at in (row - 1, row, row + 1) for other in seen[glyph.text, at]]
        if glyph.text.isspace() or not any(_copy(glyph, other) for other in near):
            seen[glyph.text, row].append(glyph)
            kept.append(glyph)
    return kept


def _copy(glyph: Glyph, other: Glyph) -> bool:
    if glyph.text == "f" and glyph.x0 == other.x0:  # the two letters of one ligature
        return False
    near = _SAME_PLACE * glyph.size
    return abs(glyph.x0 - other.x0) < near and abs(glyph.baseline - other.baseline) < near


def _bands(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The characters of each line across the page, top to bottom, left to right."""
    levels: dict[tuple[float, float], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        levels[round(glyph.baseline, 1), round(glyph.size, 1)].append(glyph)
    bands: list[tuple[float, float, list[Glyph]]] = []  # baseline, size, characters
    for (baseline, size), rest in sorted(levels.items(), key=lambda item: -item[0][1]):
        for level, large, band in bands:
            if abs(level - baseline) <= _SAME_LINE * size:
                band += rest
                rest = []
            elif size <= _RAISED * large and level - large < baseline - size / 2 < level + size / 4:
                rest = _attach(rest, band, large)
        if rest:
            bands.append((baseline, size, rest))
    bands.sort(key=lambda band: band[0])
    return [sorted(band, key=lambda glyph: (glyph.x0, glyph.x1)) for _, _, band in bands]


def _attach(small: list[Glyph], band: list[Glyph], size: float) -> list[Glyph]:
    """Add exponents and indices to the line that they touch; those that touch none come back."""
    ends = [(glyph.x0 - size / 4, glyph.x1 + size / 4) for glyph in band if glyph.text.strip()]
    rest = []
    for glyph in sorted(small, key=lambda glyph: glyph.x0):
        if any(x0 <= glyph.x1 and glyph.x0 <= x1 for x0, x1 in ends):
            ends.append((glyph.x0, glyph.x1 + size / 4))
            band.append(glyph)
        else:
            rest.append(glyph)
    return rest


def _parts(band: Sequence[Glyph], order: Mapping[int, int]) -> Band:
    """What of a line stands together; wide gaps part it."""
    runs: list[tuple[str, list[str], list[Glyph]]] = []  # blanks before, characters, their places
    blanks = ""
    for glyph in band:
        if glyph.text.isspace():
            blanks += glyph.text.replace("\xa0", " ")
            continue
        if runs:
            last = runs[-1][2][-1]
            between = _blank(last, glyph, blanks)
            if glyph.x0 - last.x1 < _PART_GAP * max(glyph.size, last.size):
                runs[-1][1].append(between + glyph.text)
                runs[-1][2].append(glyph)
            else:
                runs.append((between, [glyph.text], [glyph]))
        else:
            runs.append(("", [glyph.text], [glyph]))
        blanks = ""
    parts = [
        replace(_part(lead, "".join(text), places), order=order[id(places[0])])
        for lead, text, places in runs
    ]
    return [*parts[:-1], *(replace(part, tail=blanks[:1]) for part in parts[-1:])]


def _part(lead: str, text: str, places: Sequence[Glyph]) -> Part:
    sizes = Counter((glyph.size, glyph.baseline) for glyph in places)
    (size, baseline), _ = sizes.most_common(1)[0]
    return Part(text, places[0].x0, max(one.x1 for one in places), baseline, size, lead)


def _blank(last: Glyph, glyph: Glyph, drawn: str) -> str:
    """The blanks between two characters of a line: those drawn, or one that only shows."""
    gap = (glyph.x0 - last.x1) / max(glyph.size, last.size)
    if drawn:
        return drawn if gap > _NO_GAP else ""
    latin = _is_latin(last.text[-1]) and _is_latin(glyph.text[0])
    return " " if gap > (_WORD_GAP if latin else _WIDE_GAP) else ""


def _is_latin(char: str) -> bool:
    return char < "\u2e80" and not char.isspace()


def _line(parts: Band) -> Line:
    text = parts[0].text + "".join(part.lead + part.text for part in parts[1:])
    main = max(parts, key=lambda part: len(part.text))
    top = main.baseline - _ASCENT * main.size
    return Line(
        text, parts[0].x0, top, parts[-1].x1, top + main.size, main.size, tail=parts[-1].tail
    )
