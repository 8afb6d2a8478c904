"""Slips of typing: a word that nobody writes, where one that sounds or looks like it is meant.

Precision goes first. Only what the dictionary cannot cut into words, and what the documents nowhere
say, is ever read as something else; and only as a word of asking or one that the documents do say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.rarity import rarity
from index.tokens import words
from qa.patterns import cue
from qa.topic import stop_words
from qa.typed.alike import near_sound, same_shape, same_sound, shapes, sound_keys
from qa.typed.vocabulary import LONGEST, Vocabulary, asking, single_words

_HAN = re.compile(r"[\u4e00-\u9fff]+")
TELLING = 4.0  # nats: a word that makes the one beside it certain
BY_CHANCE = 50  # times as often that a word of asking is said as the two characters that meet
FREQUENT = 3  # times as often as the others that a reading must be said, to be the one meant

_ROLES_AND_NOUNS = frozenset(
    [
        "牵头",
        "配合",
        "负责",
        "责任",
        "主办",
        "协办",
        "协助",
        "承办",
        "参与",
        "单位",
        "部门",
        "任务",
        "事项",
        "措施",
        "举措",
        "多少",
    ]
)

# Words of the dictionary that nobody means where a role is asked for.
_OF_ASKING = (
    (cue(r"(?<![一二三四五六七八九十百几数\d])[千前钱]头(?=@unit)", "(?<=[谁局委办])[千前钱]头"), "牵头"),
    (cue("陪合|配盒|佩合"), "配合"),
    (cue("(?<=[谁局委办])(?:付则|副责|附责)|(?:付则|附责)(?=@unit)"), "负责"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A stretch of a text, and the term that it is read as."""

    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str


_ASKS = cue(
    "第?几[个项条家届年天日月号期批次种类份]?|多少|哪[个些家里]?|什么|怎么"
)  # never a slip of 第九届


class _Place:
    """A stretch of a text, with the words that it is cut into and those beside it."""

    def __init__(self, text: str, start: int, end: int, tokens: list[_Token]) -> None:
        self.typed = text[start:end]
        self.words = [t.word for t in tokens if start <= t.start and t.end <= end]
        self.before = next((t.word for t in tokens if t.end == start), "")
        self.after = next((t.word for t in tokens if t.start == end), "")

    @property
    def between_words(self) -> bool:
        """Whether it begins and ends where words do, and is more than one of them."""
        return len(self.words) > 1 and sum(map(len, self.words)) == len(self.typed)

    @property
    def certain(self) -> bool:
        """Whether it holds a single character that nobody uses as a word."""
        return any(len(word) == 1 and word not in single_words() for word in self.words)

    @property
    def apart(self) -> bool:
        """Whether no loose character stands beside it, which may belong to it."""
        beside = (self.before, self.after)
        return all(len(word) != 1 or word in single_words() | stop_words() for word in beside)


def slips(text: str, vocabulary: Vocabulary) -> list[Slip]:
    """The slips of a question's plain form, left to right; they do not overlap."""
    found = [
        Slip(match.start(), match.end(), word)
        for pattern, word in _OF_ASKING
        for match in pattern.finditer(text)
    ]
    tokens = _tokens(text)
    odd = _odd(text, tokens, vocabulary)
    odd -= {at for slip in found for at in range(slip.start, slip.end)}
    odd -= {at for asks in _ASKS.finditer(text) for at in range(*asks.span())}
    while odd:
        slip = _best(text, min(odd), tokens, vocabulary)
        odd -= set(range(slip.start, slip.end)) if slip else {min(odd)}
        found += [slip] if slip else []
    taken = {at for slip in found for at in range(slip.start, slip.end)}
    found += [s for s in _beside(tokens, vocabulary) if not taken & set(range(s.start, s.end))]
    return sorted(found, key=lambda slip: slip.start)


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    lower = text.lower()
    for word in words(text):
        start = lower.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        tokens.append(_Token(start, at, word))
    return tokens


def _odd(text: str, tokens: list[_Token], vocabulary: Vocabulary) -> set[int]:
    """The places of characters that make up no word: single ones, and rare words beside them."""
    single = {t.start for t in tokens if len(t.word) == 1 and _HAN.match(t.word)}
    odd = {at for at in single if text[at] not in stop_words()}
    for token in tokens:
        beside = single & {token.start - 1, token.end}
        if len(token.word) > 1 and beside and _HAN.fullmatch(token.word):
            rare = not vocabulary.known(token.word) and not vocabulary.stands(token.word)
            odd |= set(range(token.start, token.end)) if rare else set()
    return odd - _said(text, odd, tokens, vocabulary) if odd else odd


def _said(text: str, odd: Iterable[int], tokens: list[_Token], vocabulary: Vocabulary) -> set[int]:
    """The odd places that the longest known terms over them explain: 区经委, 经信局."""
    said: set[int] = set()
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    for at in sorted(odd):
        for start, end in _windows(text, at):
            between = start in starts and end in ends
            if between and at not in said and vocabulary.known(text[start:end]):
                said |= set(range(start, end))
    return said


def _windows(text: str, at: int, shortest: int = 2) -> Iterator[tuple[int, int]]:
    """The stretches of Chinese around a place, longest first."""
    run = next(found for found in _HAN.finditer(text) if found.start() <= at < found.end())
    for length in range(min(LONGEST + 1, len(run[0])), shortest - 1, -1):
        for start in range(max(run.start(), at - length + 1), min(at, run.end() - length) + 1):
            yield start, start + length


def _best(text: str, at: int, tokens: list[_Token], vocabulary: Vocabulary) -> Slip | None:
    """What the stretch around an odd place is read as: the longest term, with the fewest changes.

    None where there is none, or where two are as good. `商事登记` and `登记制度` that lead to the
    same text are one.
    """
    ranked: dict[tuple[int, float], dict[str, Slip]] = {}  # by the text that each would make
    for start, end in _windows(text, at):
        place = _Place(text, start, end, tokens)
        if not place.between_words or vocabulary.known(place.typed):
            continue
        for term, cost in _candidates(place, vocabulary):
            if not _is_said(place.typed, term, vocabulary):
                slip = Slip(start, end, term)
                ranked.setdefault((-len(term), cost), {}).setdefault(applied(text, [slip]), slip)
    return _one_of(list(ranked[min(ranked)].values()), vocabulary) if ranked else None


def _is_said(typed: str, term: str, vocabulary: Vocabulary) -> bool:
    """Whether the documents say what was typed; for words of asking, more than by chance."""
    if not vocabulary.stands(typed):
        return False
    by_chance = vocabulary.often(typed) * BY_CHANCE < vocabulary.often(term)
    return not (by_chance and term in _ROLES_AND_NOUNS)


def applied(text: str, slips: Iterable[Slip]) -> str:
    """The text with its slips read as they are meant."""
    for slip in sorted(slips, key=lambda slip: -slip.start):
        text = text[: slip.start] + slip.term + text[slip.end :]
    return text


def _one_of(slips: list[Slip], vocabulary: Vocabulary) -> Slip | None:
    """The one that is meant: of several, a term of the documents' headings, or the usual one."""
    some = [slip for slip in slips if slip.term in vocabulary.own] or slips
    if len(some) == 1:
        return some[0]
    counts = sorted(((vocabulary.often(slip.term), slip.term) for slip in some), reverse=True)
    if counts[0][0] < FREQUENT * max(counts[1][0], 1):
        return None
    return next(slip for slip in some if slip.term == counts[0][1])


def _candidates(place: _Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """Terms that a stretch may stand for, with what the changes cost."""
    typed = place.typed
    for key in sound_keys(typed):
        for term in vocabulary.sounding(key):
            cost = _sounds(typed, term, vocabulary)
            if cost and _means(term, place, vocabulary):
                yield term, cost
    for at, char in enumerate(typed):
        for other in shapes().get(char, ""):
            term = typed[:at] + other + typed[at + 1 :]
            if vocabulary.known(term) and _means(term, place, vocabulary):
                yield term, 1.5
    if len(typed) > 2:
        yield from ((term, 1.5) for term in _edited(place, vocabulary))


def _means(term: str, place: _Place, vocabulary: Vocabulary) -> bool:
    """Whether a stretch may mean a term: one of asking, or one that the documents say.

    A short word must stand beside the word beside it in the documents too.
    """
    if term in vocabulary.names or term in _ROLES_AND_NOUNS:
        return True
    if term in asking():
        return term.startswith("多少")
    if not place.certain:
        changed = sum(a != b for a, b in zip(place.typed, term, strict=False))
        return len(term) > 3 and changed == 1 and term in vocabulary.own
    if len(term) > 2:
        return term in vocabulary.own or vocabulary.stands(term)
    if term in vocabulary.own and not stop_words() & set(place.words):
        return True
    beside = (place.before + term, term + place.after)
    return any(len(two) > 3 and vocabulary.stands(two) for two in beside)


def _sounds(typed: str, term: str, vocabulary: Vocabulary) -> float:
    """What the changes from a stretch to a term of the same sound cost; 0 where they are too many.

    At most half of the characters differ. A short word of the language must sound just the same.
    """
    changed = [(a, b) for a, b in zip(typed, term, strict=True) if a != b]
    if not changed or 2 * len(changed) > len(term):
        return 0.0
    named = term in vocabulary.names or term in _ROLES_AND_NOUNS
    if len(changed) > 1 and not named and any(a in stop_words() for a, _ in changed):
        return 0.0
    exact = all(same_sound(a, b, usual=len(term) < 3) for a, b in changed)
    nearly = (len(term) > 3 or named) and all(near_sound(a, b) for a, b in changed)
    return len(changed) * (1.0 if exact else 1.4) if exact or nearly else 0.0


def _edited(place: _Place, vocabulary: Vocabulary) -> Iterator[str]:
    """Own terms that become the stretch by one character dropped, doubled, or swapped."""
    typed = place.typed
    for at in range(len(typed) - 1):
        term = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        if term != typed and term in vocabulary.own:
            yield term
    alike = vocabulary.by_ends.get(typed[0] + typed[-1], ())
    if not alike or not place.apart:
        return
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    for term, _, _ in process.extract(typed, alike, scorer=OSA.distance, score_cutoff=1, limit=9):
        doubled = any(a == b and typed.replace(a + b, a, 1) == term for a, b in pairwise(typed))
        if doubled or (len(term) > len(typed) and not _verb_apart(place, term)):
            yield term


def _verb_apart(place: _Place, term: str) -> bool:
    """Whether what lacks a character is a word on its own at either end: 租 before 人才公寓."""
    first, last = place.words[0], place.words[-1]
    after_first = first in single_words() and term[0] + term[2:] == place.typed
    before_last = last in single_words() and term[:-2] + term[-1] == place.typed
    return after_first or before_last


def _beside(tokens: list[_Token], vocabulary: Vocabulary) -> Iterator[Slip]:
    """Words of the language in the place of one that sounds the same: 低空经纪 for 低空经济.

    The word beside it must tell of the matter, and the documents say neither the word nor the two.
    """
    for one, other in pairwise(tokens):
        for kept, typed, left in ((one, other, False), (other, one, True)):
            if one.end != other.start or len(typed.word) < 2 or rarity()(kept.word) < TELLING:
                continue
            for word in vocabulary.partners(kept.word, left=left):
                if _is_alike(typed.word, word) and not vocabulary.stands(typed.word):
                    term = word + kept.word if left else kept.word + word
                    yield Slip(one.start, other.end, term)


def _is_alike(typed: str, word: str) -> bool:
    """One character differs, and sounds or looks the same."""
    if len(typed) != len(word) or typed == word or not set(typed) & set(word):
        return False
    changed = [(a, b) for a, b in zip(typed, word, strict=True) if a != b]
    return len(changed) == 1 and (same_sound(*changed[0]) or same_shape(*changed[0]))
