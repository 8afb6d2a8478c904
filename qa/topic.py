"""The words of a question that name its matter, and how much of them a text covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from index.rarity import rarity
from index.thesaurus import thesaurus
from index.tokens import normalise, search_words, words
from numerals import CHINESE_DIGITS
from settings import ROOT

STOP_WORDS = ROOT / "data" / "question-words.txt"
COUNTERPART_SHARE = 0.8  # of a word that a text says by its counterpart in the thesaurus
PART_SHARE = 0.7  # of a long word of which a text has only the parts
COMMON = 2.0  # nats of rarity that every official text may share; what a word tells is beyond
MOST = 6.0  # what any word tells at most: one that no official text has may be mere talk
LITTLE = 0.2  # what a common word tells all the same
SINGLE = 1.0  # what one character tells at most: 领 of 怎么领 stands in 领域 as well
HEAD_SHARE = 0.6  # of what the most telling word tells, from which a word heads the matter
TELLING = 1.0  # what a word must tell to set one matter apart from others
_LINE = re.compile(r"\d+号(?:线|楼|门|馆)")  # a name, not a number
_FRAME = re.compile(
    rf"[哪几].*|[{CHINESE_DIGITS}\d]+[个家项条件种类位名所座栋枚份块亩吨米公里平方天年月日人次]?"
)  # 哪条, 两家, 20


@cache
def _stop_words() -> frozenset[str]:
    lines = STOP_WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def stop_words() -> frozenset[str]:
    """Words that people put around a question and that say nothing of its matter."""
    return _stop_words()


@cache
def _stop_phrases() -> re.Pattern[str]:
    """Frame words of three characters and more, which a cut into words may tear: 加起来."""
    long = [word for word in _stop_words() if len(word) > 2 and not word.isascii()]
    return re.compile("|".join(sorted(map(re.escape, long), key=len, reverse=True)))


def content_words(text: str) -> list[str]:
    """The words of a question that are not frame, each once, in order.

    Single characters side by side are a word that the dictionary lacks: 电竞.
    """
    merged: list[str] = _LINE.findall(text)
    in_run = False
    for word in words(_stop_phrases().sub(" ", text)):
        single = len(word) == 1 and word not in _stop_words() and not word.isascii()
        if single and in_run:
            merged[-1] += word
        else:
            merged.append(word)
        in_run = single
    return list(
        dict.fromkeys(w for w in merged if w not in _stop_words() and not _FRAME.fullmatch(w))
    )


def telling_words(text: str) -> list[str]:
    """The content words of a text that are words: of more than one character."""
    return [word for word in words(text) if len(word) > 1 and word not in _stop_words()]


def _compounds(kept: list[str], terms: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Words, those side by side that make up a term of the thesaurus (垃圾分类) as one: (word, parts)."""
    start = 0
    while start < len(kept):
        ends = range(len(kept), start + 1, -1)
        end = next((end for end in ends if "".join(kept[start:end]) in terms), start + 1)
        yield "".join(kept[start:end]), kept[start:end]
        start = end


def core_phrase(text: str) -> str:
    """What is left of a text when frame words are taken from both its ends: 临港新片区."""
    kept = words(text)
    while kept and kept[0] in _stop_words():
        kept.pop(0)
    while kept and kept[-1] in _stop_words():
        kept.pop()
    return "".join(kept)


def _told(word: str) -> float:
    return max(rarity()(word) - COMMON, LITTLE)


def told_by(word: str) -> float:
    """What one word tells, in nats."""
    return min(_told(word), MOST)


@lru_cache(4096)
def _parts(word: str) -> tuple[str, ...]:
    """The shorter words inside a word."""
    return tuple(part for part in search_words(word) if part != word and len(part) > 1)


@lru_cache(2048)  # one question reads the same words several times
def _weighed(text: str) -> tuple[dict[str, float], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The words of a matter with what each tells, and the terms of the thesaurus in it."""
    terms = tuple(thesaurus().terms_in(text))
    weights: dict[str, float] = {}
    for word, parts in _compounds(content_words(text), [term for term, _ in terms]):
        told = sum(_told(part) for part in parts)
        weights[word] = min(told, SINGLE if len(word) == 1 else MOST)
    return weights, terms


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter: its words with what each tells (nats), and thesaurus terms with counterparts.

    `kind` are words for the asked kind of fact, `said` is the text as it stood.
    """

    text: str
    weights: dict[str, float]
    counterparts: tuple[tuple[str, tuple[str, ...]], ...]
    kind: frozenset[str] = frozenset()
    said: str = ""

    @classmethod
    def of(cls, text: str, nouns: re.Pattern[str] | None = None) -> Topic:
        """The matter of what is left of a question.

        `nouns` take words for the asked kind of fact (面积, 金额) as such: they set no matter
        apart, and a text may lack them.
        """
        weights, terms = _weighed(text)
        kind = frozenset(word for word in weights if nouns and nouns.fullmatch(word))
        return cls(" ".join(weights), dict(weights), terms, kind, text)

    def telling(self) -> Topic:
        """The matter without its common words."""
        kept = {word: weight for word, weight in self.weights.items() if weight >= TELLING}
        return replace(self, text=" ".join(kept), weights=kept)

    @property
    def tells(self) -> bool:
        """Whether the words name a matter at all: one of two characters or more that tells."""
        return any(
            len(word) > 1 and weight >= TELLING and word not in self.kind
            for word, weight in self.weights.items()
        )

    @property
    def empty(self) -> bool:
        """Whether no word of a matter was left."""
        return not self.weights

    def coverage(self, text: str, given: str = "") -> float:
        """The weighted share of the matter's words that a text holds, 0 to 1.

        Words that only `given` holds, such as the title of the text's document, count neither way.
        """
        plain, around = normalise(text), normalise(given)
        asked = [
            word
            for word in self.weights
            if self._held(word, plain) or not (self._named(word, around) or word in self.kind)
        ]
        return self._share(plain, asked)

    def kind_share(self, text: str) -> float:
        """The share of the words for the asked kind of fact that a text holds; 0 for none asked."""
        plain = normalise(text)
        return sum(word in plain for word in self.kind) / len(self.kind) if self.kind else 0.0

    def heads(self, text: str) -> bool:
        """Whether a text holds one of the matter's most telling words in some form."""
        most = max(self.weights.values(), default=0.0)
        plain = normalise(text)
        return any(
            weight >= HEAD_SHARE * most and self._held(word, plain)
            for word, weight in self.weights.items()
        )

    def holds(self, word: str, text: str) -> bool:
        """Whether a text has a word of the matter in some form."""
        return self._held(word, normalise(text)) > 0

    def stands(self, word: str, plain: str) -> bool:
        """The same of a text that is in its normal form already: a long one, asked many times."""
        return self._held(word, plain) > 0

    def _share(self, plain: str, asked: Sequence[str]) -> float:
        total = sum(self.weights[word] for word in asked)
        return sum(self.weights[w] * self._held(w, plain) for w in asked) / total if total else 0.0

    def _named(self, word: str, title: str) -> bool:
        """Whether a title holds a word, or a term that says it: 公租房 in 公共租赁住房管理办法."""
        return word in title or self._held(word, title) >= COUNTERPART_SHARE

    def _held(self, word: str, plain: str) -> float:
        if word in plain:
            return 1.0
        for term, others in self.counterparts:
            if word in term and any(other.lower() in plain for other in others):
                return COUNTERPART_SHARE
        parts = _parts(word) if len(word) > 2 else ()
        if not parts:
            return 0.0
        return PART_SHARE * sum(part in plain for part in parts) / len(parts)
