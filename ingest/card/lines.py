"""The lines of a text that hold something, each with its place and its characters without blanks."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from ingest.card.compact import squeeze

_MARKS = re.compile(r"^(?:#{1,6}\s*|[->*•·●]\s+(?=\S))")  # of Markdown
_ENTITY = re.compile(r"&\w{1,8};")
_BLANK = " \t\u3000\xa0"


@dataclass(frozen=True, slots=True)
class Line:
    """A line at `[start, end)`; `text` is without Markdown's marks, `plain` without blanks too."""

    start: int
    end: int
    text: str
    plain: str


class Lines:
    """The lines of a text, `source`, that are not blank. Each is looked at when it is asked for."""

    def __init__(self, text: str) -> None:
        self.source = text
        self._spans: list[tuple[int, int]] = []
        self._seen: dict[int, Line] = {}
        at = 0
        for words in text.split("\n"):
            if words and not words.isspace():
                self._spans.append((at, at + len(words)))
            at += len(words) + 1

    def __len__(self) -> int:
        return len(self._spans)

    def __getitem__(self, number: int) -> Line:
        line = self._seen.get(number)
        if line is None:
            line = self._seen[number] = _line(self.source, *self._spans[number])
        return line

    def some(self, start: int, stop: int) -> list[Line]:
        """The lines of these numbers, as far as there are any."""
        return [self[number] for number in range(max(start, 0), min(stop, len(self)))]

    def raw(self, number: int) -> str:
        """A line as it stands in the text."""
        start, end = self._spans[number]
        return self.source[start:end]

    def length(self, number: int) -> int:
        """How many characters a line has, blanks too."""
        start, end = self._spans[number]
        return end - start

    def number_at(self, offset: int) -> int:
        """The number of the line that an offset lies in, else of the next one."""
        return bisect_left(self._spans, offset, key=lambda span: span[1])


def _line(text: str, start: int, end: int) -> Line:
    words = _ENTITY.sub("", _MARKS.sub("", text[start:end].strip(_BLANK))).strip(_BLANK + "*_")
    return Line(start, end, words, squeeze(words))
