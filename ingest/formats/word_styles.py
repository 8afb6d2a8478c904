"""The styles of a document: what a paragraph or run inherits from them (ECMA-376, 17.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.formats.word_package import Element, W, flag, number, tagged, value

_BODY_TEXT = 9  # the outline level that is none
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])")
_CONTENTS = re.compile(r"(?:toc|contents|目录) ?(?:heading|标题|[1-9])|table of figures")


@dataclass(frozen=True, slots=True)
class Style:
    """One style by itself. `name` is in lower case; what it does not set is None.

    `list_id` and `list_level` are its numbering, `outline` counts from 0, `hidden` is `w:vanish`.
    """

    id: str
    name: str
    base: str | None
    list_id: int | None
    list_level: int | None
    outline: int | None
    hidden: bool | None


class Styles:
    """The styles by their id; all answers follow `basedOn`, from a style to what it stands on."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default: str | None = None
        for one in () if root is None else tagged(root, "style"):
            style = _style(one)
            self._styles[style.id] = style
            if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
                self._default = style.id

    def lineage(self, style_id: str | None, *, paragraph: bool = True) -> Iterator[Style]:
        """A style and its bases; a paragraph that names no style has the default one."""
        if paragraph and style_id not in self._styles:
            style_id = self._default
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = self._styles[style_id].base

    def heading(self, style_id: str | None) -> int | None:
        """The heading level that a paragraph style gives, from 1; a title is level 1."""
        for style in self.lineage(style_id):
            if style.outline is not None:
                return style.outline + 1 if style.outline < _BODY_TEXT else None
            named = _HEADING.fullmatch(style.name)
            if named:
                return int(named[1])
            if style.name == "title":
                return 1
        return None

    def is_contents(self, style_id: str | None) -> bool:
        """Whether the style is for lines of a table of contents."""
        return any(_CONTENTS.match(style.name) for style in self.lineage(style_id))

    def hidden(self, style_id: str | None, *, paragraph: bool = True) -> bool | None:
        """Whether the style hides its text; None where it leaves that open."""
        styles = self.lineage(style_id, paragraph=paragraph)
        return next((style.hidden for style in styles if style.hidden is not None), None)


def _style(element: Element) -> Style:
    paragraph = element.find(f"{W}pPr")
    listed = None if paragraph is None else paragraph.find(f"{W}numPr")
    return Style(
        id=element.get(f"{W}styleId", ""),
        name=(value(element, "name") or "").strip().lower(),
        base=value(element, "basedOn"),
        list_id=number(listed, "numId"),
        list_level=number(listed, "ilvl"),
        outline=number(paragraph, "outlineLvl"),
        hidden=flag(element.find(f"{W}rPr"), "vanish"),
    )


def direct_outline(properties: Element | None) -> int | None:
    """The heading level that a paragraph sets itself: from 1, 0 for body text, None if it does
    not."""
    level = number(properties, "outlineLvl")
    return None if level is None else level + 1 if 0 <= level < _BODY_TEXT else 0
