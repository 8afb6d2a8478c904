"""What people call a document by: words of its title before a noun for documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain import Policy
from index.tokens import words
from qa.text import plain
from qa.topic import content_words

LEAST = 3  # characters of a title that name a document without another word of its own
MOST = 3  # documents that a name may mean
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|$)")
_TAIL = re.compile(r"[(（][^()（）]*[)）]$")


def called(before: str, noun: str, policies: Iterable[Policy]) -> tuple[int, set[str]]:
    """The documents that the words before a noun call by words of their titles: (start, ids).

    `贵州市场主体行动方案` calls 贵州省培育壮大市场主体行动方案; a year in the words is of the title or of the
    document. `start` counts characters of `before`; no ids where the words call none, or too many.
    """
    titles = {p.id: _TAIL.sub("", plain(p.title)) for p in policies}
    years = {p.id: p.year for p in policies}
    holding = {i: t for i, t in titles.items() if _is_one(t, noun)}
    said = [word for word in content_words(before) if len(word) > 1]
    for first in range(len(said)):
        asked = said[first:]
        if sum(map(len, asked)) < LEAST:
            break
        ids = {i for i, title in holding.items() if all(word in title for word in asked)}
        for year in map(int, _YEAR.findall(before)):
            ids = {i for i in ids if str(year) in titles[i] or years[i] == year} or ids
        if 0 < len(ids) <= MOST:
            return first_of(before, titles[min(ids)]), ids
    for year in map(int, _YEAR.findall(before)):
        ids = {i for i, title in holding.items() if str(year) in title}
        if 0 < len(ids) <= MOST:
            return first_of(before, titles[min(ids)]), ids
    return len(before), set()


def _is_one(title: str, noun: str) -> bool:
    """Whether a title is of the kind that a noun says; 反洗钱法 is a law, 管理办法 is none."""
    if noun == "法":
        return title.endswith("法") and not title.endswith("办法")
    return noun in title


def first_of(before: str, title: str) -> int:
    """Where the words begin, right before a noun, that all stand in a title; years go with them."""
    start = len(before)
    for word in reversed(words(before)):
        if not (word in title or _YEAR.fullmatch(word) or word in ("年", "的")):
            break
        start -= len(word)
    return max(start, 0)
