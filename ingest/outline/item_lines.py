"""The lines of a document that open clauses: numbers, headings, signatures, lists of attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain import ClauseKind
from ingest.document import Heading
from ingest.outline.inline import run_in, set_off
from ingest.outline.lines import Line
from ingest.outline.nesting import HEADING
from ingest.outline.numbering import STYLES, Marker, bare, find_marker, markdown_heading, plain
from ingest.outline.opening import (
    AFTER,
    ATTACHMENT,
    CLOSING,
    FREQUENT,
    Opening,
    is_heading_line,
    numbered,
)
from numerals import CHINESE_DIGITS, to_int

LIST_LINES = 12  # a list of attachments stands so close to the signature, or to the end
SIGNATURES = 6  # lines above a date that may name who signs
BRACKET_LINES = 4  # that a bracket may take before it closes
_OPEN, _CLOSE = "（(〔【", "）)〕】"
_NO_HEADING = re.compile(
    r"[【\[][^】\]]{2,8}[】\]].|[（(〔].*[）)〕]$"
)  # 【责任单位】A, （此件公开发布）
_ENDS = tuple("。!！?？;；:：)）”】〕")
_DATED = re.compile(r"\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?$|\d+号$|^\W*[\d.]+\W*$")  # no heading
_DATE_LINE = re.compile(
    rf"^[{CHINESE_DIGITS}\d ]{{4,9}}年[{CHINESE_DIGITS}\d ]{{1,4}}月[{CHINESE_DIGITS}\d ]{{1,5}}日$"
)
_ARTICLE = next(style for style in STYLES if style.name == "article")
_BARE_ARTICLE = re.compile(  # 第三条本条例所称…: the blank is lost, the numbers go on
    rf"[ \t\u3000]*(第([{CHINESE_DIGITS}]{{1,6}}|\d{{1,4}})条)(?![之的款项第、和至及与或，,]|规定)"
)
_PART = next(style for style in STYLES if style.name == "part")
_BARE_PART = re.compile(rf"\s*([{CHINESE_DIGITS}]{{1,3}}?)[.,，·\s]?([\u4e00-\u9fa5][^\n]*)")
_TASK = next(style for style in STYLES if style.name == "task")
_BARE_DECIMAL = re.compile(r"[ \t\u3000]*(\d{1,2})[ \u3000\xa0]+(?=[\u4e00-\u9fa5])")
_NOTE = re.compile(r"[ \t\u3000]*(?:备注|附注|注|说明|填表说明|填报说明)\s*[:：]\s*")
_ALONE = re.compile(r"\s*(\d{1,3})\s*$")
_LOST = "\ufffd"  # what a converter writes for a character that it cannot read


class LineReader:
    """Reads the lines of one document, remembering what the next decision needs."""

    def __init__(
        self, lines: Sequence[Line], headings: Sequence[Heading], *, recognised: bool = False
    ) -> None:
        """With `recognised`, from a picture: the 、 behind a number may not have been seen."""
        self._lines = lines
        self._headings = {heading.start: heading.level for heading in headings}
        self._markers = [find_marker(line.text) for line in lines]
        self._decimals = {m.number for m in self._markers if m and m.style.name == "decimal2"}
        self._recognised = recognised
        self._part = 0
        self._article = 0
        self._listed_until = -1
        self._noted = 0  # the last number of a list inside a note
        self._taken = -1  # a line that gives the words of the number above it

    def openings(self) -> list[Opening]:
        """What the lines open, in order."""
        found: list[Opening] = []
        for place, line in enumerate(self._lines):
            if place <= self._listed_until or place == self._taken:
                continue
            marker = self._markers[place] or self._unmarked(place)
            if marker and self._in_note(place, marker):
                continue
            if marker:
                found += self._numbered(place, line, marker)
            elif not self._closing(place, found):
                found += self._heading(place, line) or set_off(line, found)
        return found

    def _numbered(self, place: int, line: Line, marker: Marker) -> list[Opening]:
        if marker.style.name == "article":
            self._article = marker.value
        if marker.style.name == "part":
            self._part = marker.value
        if marker.style.name == ATTACHMENT and self._is_list(place, marker):
            self._listed_until = self._list_end(place)
        depth = marker.depth or self._headings.get(line.start, 0)
        words = plain(line.text[marker.end :])
        if not words and place + 1 < len(self._lines) and not self._markers[place + 1]:
            words = plain(self._lines[place + 1].text).lstrip(_LOST)
            self._taken = place + 1 if is_heading_line(words) or marker.number.isdigit() else -1
        if self._listed_until >= place:
            return [Opening(line.start, AFTER, ClauseKind.ATTACHMENT, label=words, words=words)]
        found = [numbered(line.start, line.text, marker, words, depth)]
        return [*found, *run_in(line, marker)]

    def _in_note(self, place: int, marker: Marker) -> bool:
        """备注：1.… 2.… and 填表说明：1.… 2.…: the list began inside a note and goes on there."""
        before = self._lines[place - 1].text if place else ""
        note = _NOTE.match(before)
        first = find_marker(before, note.end()) if note else None
        if first and first.value == 1 and first.style is marker.style:
            self._noted = 1
        if self._noted and marker.style.name in FREQUENT and marker.value == self._noted + 1:
            self._noted = marker.value
            return True
        self._noted = 0
        return False

    def _unmarked(self, place: int) -> Marker | None:
        """A number that only its surroundings show to be one."""
        return (
            self._bare_article(place)
            or self._bare_decimal(place)
            or self._lost_dot(place)
            or self._unseen_comma(place)
        )

    def _unseen_comma(self, place: int) -> Marker | None:
        """三保障措施 for 三、保障措施, as the next heading of its kind."""
        match = _BARE_PART.match(self._lines[place].text) if self._recognised else None
        value = to_int(match[1]) if match else None
        followed = place + 1 < len(self._lines) and self._markers[place + 1] is not None
        if match and value == self._part + 1 and followed and is_heading_line(match[2]):
            return Marker(_PART, match[1], value, match.start(1), match.end(1), 0)
        return None

    def _bare_decimal(self, place: int) -> Marker | None:
        """1 总则, where there is a 1.1."""
        match = _BARE_DECIMAL.match(self._lines[place].text)
        if match and f"{match[1]}.1" in self._decimals:
            value = int(match[1])
            return Marker(_TASK, match[1], value, match.start(1), match.end(), 0)
        return None

    def _bare_article(self, place: int) -> Marker | None:
        match = _BARE_ARTICLE.match(self._lines[place].text)
        value = to_int(match[2]) if match else None
        if match and value == self._article + 1 and self._finished(place):
            return Marker(_ARTICLE, match[1], value, match.start(1), match.end(), 0)
        return None

    def _lost_dot(self, place: int) -> Marker | None:
        """A number alone, and a sign that could not be read before its words on the next line."""
        match = _ALONE.match(self._lines[place].text)
        following = self._lines[place + 1].text.strip() if place + 1 < len(self._lines) else ""
        if match and following.startswith(_LOST):
            value = int(match[1])
            return Marker(_TASK, match[1], value, match.start(1), match.end(1), 0)
        return None

    def _is_list(self, place: int, marker: Marker) -> bool:
        """附件：1.… names attachments that follow elsewhere; 附件1 alone is the head of one."""
        line = self._lines[place].text
        if (
            marker.depth
            or not plain(line[marker.end :])
            or line[marker.end - 1] not in ":：.．、 \u3000"
        ):
            return False
        near = self._lines[place + 1 : place + 1 + LIST_LINES]
        heads = [m is not None and m.style.name == ATTACHMENT and plain(near[i].text) == m.number
                 for i, m in enumerate(self._markers[place + 1 : place + 1 + LIST_LINES])]  # fmt: skip
        dated = any(_DATE_LINE.match(plain(other.text)) for other in near)
        return dated or any(heads) or place + 1 + LIST_LINES >= len(self._lines)

    def _list_end(self, place: int) -> int:
        """The last line of a list of attachments."""
        last = place
        for following in range(place + 1, len(self._lines)):
            marker = self._markers[following]
            words = plain(self._lines[following].text)
            if (
                not marker
                or marker.style.name not in (ATTACHMENT, "task")
                or words == marker.number
            ):
                break
            last = following
        return last

    def _closing(self, place: int, found: list[Opening]) -> bool:
        """A date on a line of its own with who signs above it closes a document."""
        if not found or not _DATE_LINE.match(bare(self._lines[place].text)):
            return False
        first = place
        while first and place - first < SIGNATURES and self._signs(first - 1, found[-1].start):
            first -= 1
        if first == place:
            return False
        start = self._lines[first].start
        while found and found[-1].start >= start:
            found.pop()
        words = bare(self._lines[first].text)
        found.append(Opening(start, CLOSING, ClauseKind.PARAGRAPH, label=words, words=words))
        return True

    def _signs(self, place: int, after: int) -> bool:
        words = bare(self._lines[place].text)
        opened = self._lines[place].start <= after and self._markers[place] is not None
        return is_heading_line(words) and not opened and not self._markers[place]

    def _heading(self, place: int, line: Line) -> list[Opening]:
        following = self._lines[place + 1] if place + 1 < len(self._lines) else None
        if following is None:
            return []
        heading = markdown_heading(line.text)
        depth = heading[0] if heading else self._headings.get(line.start, 0)
        words = heading[1] if heading else bare(line.text)
        if depth and words:
            return [
                Opening(
                    line.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words, depth=depth
                )
            ]
        marked = self._markers[place + 1] is not None
        if _NO_HEADING.match(words) or self._in_bracket(place):
            return []
        if marked and is_heading_line(words) and not _DATED.search(words) and self._finished(place):
            return [Opening(line.start, HEADING, ClauseKind.PARAGRAPH, label=words, words=words)]
        return []

    def _in_bracket(self, place: int) -> bool:
        """Whether a line stands inside a bracket that a line before it opened."""
        depth = 0
        for line in self._lines[max(0, place - BRACKET_LINES) : place]:
            for char in line.text:
                depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        return (depth > 0 and any(char in _CLOSE for char in self._lines[place].text)) or (
            depth > 0
            and place + 1 < len(self._lines)
            and any(char in _CLOSE for char in self._lines[place + 1].text)
        )

    def _finished(self, place: int) -> bool:
        """Whether the text before a line has come to an end, so that the line is no part of it."""
        if not place:
            return True
        before = self._lines[place - 1]
        gap = before.start + len(before.text) < self._lines[place].start  # blank lines between
        ended = before.text.strip().endswith(_ENDS) or is_heading_line(bare(before.text))
        return gap or ended
