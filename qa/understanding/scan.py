"""A question that is read piece by piece: what a pattern takes is gone for the patterns after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

TAKEN = "\0"


class Scan:
    """The text of a question, with what was recognised in it blotted out, length kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = text

    @property
    def rest(self) -> str:
        """What nothing has taken yet; a blank stands where something was."""
        return re.sub(f"{TAKEN}+", " ", self._left).strip()

    @property
    def left(self) -> str:
        """The text at its full length, with a mark for each character that was taken."""
        return self._left

    def sees(self, pattern: str | re.Pattern[str]) -> bool:
        """Whether a pattern stands in what is left."""
        return re.search(pattern, self._left) is not None

    def take(self, pattern: str | re.Pattern[str]) -> list[re.Match[str]]:
        """All matches in what is left, which they leave."""
        found = list(re.finditer(pattern, self._left))
        for match in found:
            self.blot(match.start(), match.end())
        return found

    def blot(self, start: int, end: int) -> None:
        """Take a span."""
        self._left = self._left[:start] + TAKEN * (end - start) + self._left[end:]

    def free(self, start: int, end: int) -> bool:
        """Whether nothing has taken any of a span."""
        return TAKEN not in self._left[start:end]

    def find_longest(self, forms: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, int, str]]:
        """Left to right, the longest of the forms at each place, which leave: (start, end, form)."""
        longest = max(map(len, forms), default=0)
        start = 0
        while start < len(self._left):
            for length in range(min(longest, len(self._left) - start), 0, -1):
                form = self._left[start : start + length]
                if form in forms:
                    self.blot(start, start + length)
                    yield start, start + length, form
                    start += length - 1
                    break
            start += 1
