"""The words of a question that name its matter, and how much of them a text covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.rarity import rarity
from index.thesaurus import thesaurus
from index.tokens import normalise, search_words, words
from settings import ROOT

STOP_WORDS = ROOT / "data" / "question-words.txt"
COUNTERPART_SHARE = 0.8  # of a word that a text says by its counterpart in the thesaurus
PART_SHARE = 0.7  # of a long word of which a text has only the parts
COMMON = 3.0  # nats; a word below tells little in an official document


@cache
def _stop_words() -> frozenset[str]:
    lines = STOP_WORDS.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def content_words(text: str) -> list[str]:
    """The words of a question that are not frame, each once, in order."""
    return list(dict.fromkeys(word for word in words(text) if word not in _stop_words()))


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter: its words with their weights (nats), and thesaurus terms with counterparts."""

    text: str
    weights: dict[str, float]
    counterparts: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, text: str) -> Topic:
        """The matter of what is left of a question."""
        kept = content_words(text)
        plain = normalise(text)
        return cls(
            " ".join(kept),
            {word: rarity()(word) for word in kept},
            tuple((term, others) for term, others in thesaurus().terms_in(plain)),
        )

    @property
    def empty(self) -> bool:
        """Whether no word of a matter was left."""
        return not self.weights

    def coverage(self, text: str) -> float:
        """The weighted share of the matter's words that a text holds, 0 to 1."""
        plain = normalise(text)
        return self._share(plain, list(self.weights))

    def missing(self, text: str) -> list[str]:
        """The telling words of the matter that a text does not hold in any form."""
        plain = normalise(text)
        return [w for w in self.weights if self.weights[w] > COMMON and not self._held(w, plain)]

    def _share(self, plain: str, asked: Sequence[str]) -> float:
        total = sum(self.weights[word] for word in asked)
        return sum(self.weights[w] * self._held(w, plain) for w in asked) / total if total else 0.0

    def _held(self, word: str, plain: str) -> float:
        if word in plain:
            return 1.0
        for term, others in self.counterparts:
            if word in term and any(other.lower() in plain for other in others):
                return COUNTERPART_SHARE
        parts = [part for part in search_words(word) if part != word]
        if len(word) < 3 or not parts:
            return 0.0
        return PART_SHARE * sum(part in plain for part in parts) / len(parts)
