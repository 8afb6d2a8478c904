"""The words that a question may have meant: those of the documents, of asking, of the language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.rarity import rarity
from index.thesaurus import thesaurus
from index.tokens import words
from ingest.units import departments
from qa.patterns import WORDS
from qa.topic import stop_words
from qa.typed.alike import sound_key
from settings import ROOT

SINGLE = ROOT / "data" / "single-words.txt"
SHORTEST, LONGEST = 2, 10  # characters of a term
WORDS_OF_A_TERM = 3  # neighbouring words of a heading that make up a term: 混合 用地 探索
LONGEST_PHRASE = 30  # characters of a first phrase that speaks for its clause
MOST_PARTNERS = 400  # of a word, above which its neighbours tell nothing


class Vocabulary:
    """The terms of some documents beside those of the language.

    `own` are `names`, of units and of what the documents coined, and words of titles and headings
    with up to two of their neighbours. Everything else is made when a question first needs it.
    """

    def __init__(self, names: Iterable[str], titles: Iterable[str], text: str) -> None:
        """`titles` are headings of any kind, `text` is all that the documents say."""
        self._text = text.lower() + "\n\n"
        self._partners: dict[tuple[str, bool], set[str]] = {}
        self.names = frozenset(name for name in names if _fits(name))
        self.own = self.names | frozenset(self._terms(titles))

    def _terms(self, titles: Iterable[str]) -> Iterator[str]:
        for title in titles:
            cut = words(title)
            for at in range(len(cut)):
                for end in range(at + 1, min(at + WORDS_OF_A_TERM, len(cut)) + 1):
                    term = "".join(cut[at:end])
                    if _fits(term) and not {cut[at], cut[end - 1]} & stop_words():
                        yield term
            for left, right in pairwise(cut):
                self._partners.setdefault((right, True), set()).add(left)
                self._partners.setdefault((left, False), set()).add(right)

    def known(self, term: str) -> bool:
        """Whether a term is one of the documents' headings or of the language's lists."""
        return term in self.own or term in general()

    def stands(self, term: str) -> bool:
        """Whether the documents say a term anywhere."""
        return self._has_pairs(term) and term in self._text

    def _has_pairs(self, term: str) -> bool:
        """Whether all pairs of neighbouring characters of a term stand: a quick look before a long one."""
        asked = _codes(term)
        places = np.minimum(np.searchsorted(self._pairs, asked), len(self._pairs) - 1)
        return bool(np.all(self._pairs[places] == asked))

    @cached_property
    def _pairs(self) -> NDArray[np.uint32]:
        return np.unique(_codes(self._text))

    def prints(self, word: str) -> bool:
        """Whether the documents print a word of Latin letters, as a whole: AEO."""
        pattern = rf"(?<![a-z]){re.escape(word.lower())}(?![a-z])"
        return word.lower() in self._text and bool(re.search(pattern, self._text))

    def often(self, term: str) -> int:
        """How many times the documents say a term."""
        return self._text.count(term)

    def partners(self, word: str, *, left: bool) -> Collection[str]:
        """The words that stand left (or right) of a word in a heading; none where most do."""
        found = self._partners.get((word, left), set())
        return found if len(found) <= MOST_PARTNERS else ()

    def sounding(self, key: str) -> Iterator[str]:
        """The terms that sound like this; see `qa.typed.alike.sound_key`."""
        yield from self._by_sound.get(key, ())
        yield from _general_by_sound().get(key, ())

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return _by_sound(self.own - general())

    @cached_property
    def by_ends(self) -> dict[str, list[str]]:
        """The own terms of four characters and more, by their first and last character."""
        table: dict[str, list[str]] = {}
        for term in self.own:
            if len(term) > 3:
                table.setdefault(term[0] + term[-1], []).append(term)
        return table


def first_words(text: str) -> str:
    """The first phrase of a clause that has no title, where it is short enough to be one."""
    phrase = re.split(r"[,，、。;；:：\n]", text.strip(), maxsplit=1)[0]
    return phrase if len(phrase) <= LONGEST_PHRASE else ""


def _codes(text: str) -> NDArray[np.uint32]:
    """Each pair of neighbouring characters as one number."""
    units = np.frombuffer(text.encode("utf-16-le", "replace"), "<u2").astype(np.uint32)
    return (units[:-1] << 16 | units[1:]).astype(np.uint32, copy=False)


def _fits(term: str) -> bool:
    return SHORTEST <= len(term) <= LONGEST and all("\u4e00" <= char <= "\u9fff" for char in term)


@cache
def general() -> frozenset[str]:
    """Words of official texts, everyday and official terms, departments, words of asking."""
    terms = [*rarity().words, *thesaurus().terms]
    for name, forms in departments().items():
        terms += (name, *forms)
    return frozenset(term for term in terms if _fits(term)) | asking()


@cache
def _general_by_sound() -> dict[str, list[str]]:
    return _by_sound(general())


def _by_sound(terms: Iterable[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for term in sorted(terms):
        table.setdefault(sound_key(term), []).append(term)
    return table


@cache
def single_words() -> frozenset[str]:
    """Characters that people use as words on their own."""
    lines = SINGLE.read_text("utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))


@cache
def asking() -> frozenset[str]:
    """Words that ask: 牵头, 配合, 单位, 任务, 哪些, 多少."""
    parts = (part for name in ("item", "unit", "role") for part in WORDS[name].split("|"))
    nouns = {part.strip("(?:)") for part in parts}
    return frozenset(term for term in stop_words() | nouns if _fits(term))
