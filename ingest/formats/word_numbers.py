"""The automatic numbers that Word draws but does not store as text (ECMA-376, 17.9).

`numbering.xml` holds the definitions: an abstract list with nine levels, and instances of it that a
paragraph names. Instances of one abstract list go on counting where the other stopped, unless they
say where to start.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.formats.word_numerals import has_number, numeral
from ingest.formats.word_package import Element, W, flag, integer, number, tagged, value
from ingest.formats.word_styles import Styles
from ingest.formats.word_symbols import BULLET, bullet

LEVELS = 9
_LONGEST = 255  # characters of a level's text: Word's own limit
_PLACE = re.compile(r"%([1-9])")
_BLANKS = " \t\u3000\xa0"
_DOTS = ".．、"  # a figure behind one of these would read as a part of the number


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `text` holds `%1` for the number of the first level, and so on.

    `restart` is the level, from 1, that makes this one start anew; 0 for none, None for any above.
    `suffix` is what follows the number: `tab`, `space` or `nothing`. A `legal` level draws all
    numbers in decimal. `style` is the paragraph style that belongs to it.
    """

    start: int
    form: str
    text: str
    suffix: str
    restart: int | None
    legal: bool
    style: str | None


@dataclass(frozen=True, slots=True)
class Instance:
    """A list as paragraphs name it: `family` counts together, `starts` are its own beginnings."""

    family: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A number as drawn before a paragraph; `suffix` as in `Level`, `is_bullet` for no number."""

    text: str
    suffix: str
    is_bullet: bool

    def before(self, text: str) -> str:
        """The number and the blank that keeps it apart from the text.

        A blank stands where Word leaves a gap and no sign ends the number: `第一条` and `总则`,
        but `1.` and `总则` touch. A figure never touches `1.`, which would read as `1.2024`.
        """
        if not self.text or not text or text[0] in _BLANKS or self.text[-1] in _BLANKS:
            return self.text
        if self.is_bullet:
            return f"{self.text} "
        last, first = self.text[-1], text[0]
        if last in _DOTS:
            return f"{self.text} " if first.isdigit() else self.text
        if unicodedata.category(last) not in ("Lo", "Lu", "Ll", "Nd", "Nl"):
            return self.text
        if first in "、，。：；．.,:;)）":
            return self.text
        return self.text + ("\u3000" if self.suffix == "tab" else " ")


class Definitions:
    """The lists of a document, by the number (`w:numId`) that paragraphs name."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._instances = {} if root is None else _instances(root, styles)

    def find(self, list_id: int) -> Instance | None:
        """The list behind a `w:numId`; None for one that is not defined."""
        return self._instances.get(list_id)

    def place(self, properties: Element | None) -> tuple[int, int] | None:
        """The list and the level, from 0, of a paragraph, by itself or by its style."""
        own = None if properties is None else properties.find(f"{W}numPr")
        lineage = tuple(self._styles.lineage(value(properties, "pStyle")))
        list_id, level = number(own, "numId"), number(own, "ilvl")
        if list_id is None:
            list_id = next((one.list_id for one in lineage if one.list_id is not None), None)
        if not list_id:
            return None
        if level is None:
            level = self._linked(list_id, [one.id for one in lineage])
        if level is None:
            level = next((one.list_level for one in lineage if one.list_level is not None), 0)
        return list_id, level

    def _linked(self, list_id: int, styles: list[str]) -> int | None:
        """The level that names the nearest of the styles as its own (17.9.23)."""
        found = self._instances.get(list_id)
        levels = {one.style: place for place, one in found.levels.items()} if found else {}
        return next((levels[style] for style in styles if style in levels), None)


@dataclass(slots=True)
class Counters:
    """Where every list stands in one story: the body, or the notes, count for themselves."""

    definitions: Definitions
    _values: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[int, int]] = field(default_factory=set)

    def next(self, list_id: int, level: int) -> Label | None:
        """Count a paragraph and give its number; None where there is none to draw."""
        found = self.definitions.find(list_id)
        if found is None or level not in found.levels:
            return None
        values = self._values.setdefault(found.family, [None] * LEVELS)
        if level in found.starts and (list_id, level) not in self._begun:
            values[level] = None
        self._begun.add((list_id, level))
        before = values[level]
        values[level] = _start(found, level) if before is None else before + 1
        for deeper in range(level + 1, LEVELS):
            if _restarts(found.levels.get(deeper), deeper, level):
                values[deeper] = None
        return _label(found, level, values)


def _start(instance: Instance, level: int) -> int:
    return instance.starts.get(level, instance.levels[level].start)


def _restarts(deeper: Level | None, place: int, level: int) -> bool:
    """Whether a paragraph at `level` makes the deeper level at `place` start anew."""
    if deeper is None or deeper.restart is None or deeper.restart > place:
        return True
    return level < deeper.restart


def _label(instance: Instance, level: int, values: list[int | None]) -> Label | None:
    own = instance.levels[level]

    def drawn(place: re.Match[str]) -> str:
        other = int(place[1]) - 1
        definition = instance.levels.get(other)
        if other > level or definition is None or not has_number(definition.form):
            return ""
        count = values[other]
        shown = _start(instance, other) if count is None else count
        return numeral("decimal" if own.legal else definition.form, shown)

    is_bullet = own.form == "bullet"
    text = own.text if is_bullet else _PLACE.sub(drawn, own.text)
    return Label(text, own.suffix, is_bullet) if text else None


def _instances(root: Element, styles: Styles) -> dict[int, Instance]:
    abstract = {one.get(f"{W}abstractNumId", ""): one for one in tagged(root, "abstractNum")}
    lists = {integer(one.get(f"{W}numId")): one for one in tagged(root, "num")}
    found = {}
    for list_id, one in lists.items():
        family = _family(one, abstract, lists, styles)
        if list_id is None or family is None:
            continue
        levels = _levels(abstract[family])
        starts = {}
        for override in tagged(one, "lvlOverride"):
            place = integer(override.get(f"{W}ilvl"))
            start = number(override, "startOverride")
            if place is not None and start is not None:
                starts[place] = start
            levels |= _levels(override)
        found[list_id] = Instance(family, levels, starts)
    return found


def _family(
    one: Element,
    abstract: Mapping[str, Element],
    lists: Mapping[int | None, Element],
    styles: Styles,
) -> str | None:
    """The abstract list of an instance, through list styles that only refer to another."""
    family = value(one, "abstractNumId")
    seen: set[str] = set()
    while family is not None and family in abstract and family not in seen:
        seen.add(family)
        link = value(abstract[family], "numStyleLink")
        if link is None:
            return family
        linked = next(iter(styles.lineage(link, paragraph=False)), None)
        target = lists.get(linked.list_id) if linked and linked.list_id is not None else None
        family = None if target is None else value(target, "abstractNumId")
    return None


def _levels(parent: Element) -> dict[int, Level]:
    levels = {}
    for one in parent.findall(f"{W}lvl"):
        place = integer(one.get(f"{W}ilvl"))
        if place is not None and 0 <= place < LEVELS:
            levels[place] = _level(one)
    return levels


def _level(element: Element) -> Level:
    run = element.find(f"{W}rPr")
    fonts = None if run is None else run.find(f"{W}rFonts")
    form = element.find(f"{W}numFmt")
    level = Level(
        start=max(0, number(element, "start") or 0),
        form="decimal" if form is None else form.get(f"{W}format") or form.get(f"{W}val", ""),
        text=(value(element, "lvlText") or "")[:_LONGEST],
        suffix=value(element, "suff") or "tab",
        restart=number(element, "lvlRestart"),
        legal=bool(flag(element, "isLgl")),
        style=value(element, "pStyle"),
    )
    if flag(run, "vanish"):
        return replace(level, text="")
    if level.form != "bullet":
        return level
    if element.find(f"{W}lvlPicBulletId") is not None:
        return replace(level, text=BULLET)
    font = None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")
    return replace(level, text=bullet(font, level.text))
