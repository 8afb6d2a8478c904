"""Two lists of items put side by side: which say the same, which changed, which stand alone. Pure.

Aligning proposes what belongs together, by words that tell; it verifies nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from math import log, sqrt

from index.rarity import rarity
from index.tokens import normalise, words
from qa.attributes import FIGURE, LIMITS, MEASURES
from qa.topic import COMMON, LITTLE, MOST, content_words

ALIKE = 0.25  # score from which items of two documents are on the same thing
ALIKE_BY_SENSE = 0.36  # the same, where half of the score is the cosine of their vectors
LEAST_WORDS = 0.13  # score of words alone that such a pair needs as well
ALIKE_ON_MATTER = 0.15  # the same, of items that were found for one matter
STILL = 0.5  # score from which an item of a new version is the one of the old
STILL_NAMED = 0.2  # the same, where number or title stayed
MANY = 12  # items from which a word that many of them say tells less
GAP = 2  # pieces between two edits that make them one
_TOKEN = re.compile(  # 2025年底, 80万元, AEO, a run of Han characters, any other character
    rf"\d{{4}}年[底末]?|\d[\d.,]*(?:{MEASURES}|月|日)?|[a-zA-Z]+|[\u4e00-\u9fff]+|.", re.DOTALL
)
_BLANK = re.compile(r"\s+")

# What may differ between two texts on one thing, the narrower first
_VALUES = (
    ("文号", re.compile(r"[〔\[(（](?:19|20)\d\d[〕\])）]\s*第?\d+号")),  # 〔2024〕2号
    (
        "日期",  # 2025年底, 2024年11月1日, 年底前
        re.compile(
            r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?|年?[底末]|[上下]半年)?|\d{1,2}月\d{1,2}日"
        ),
    ),
    (
        "数字",
        re.compile(rf"(?<!第){LIMITS}{FIGURE}[余多]?个?(?:{MEASURES})(?:以[上下内])?"),
    ),  # 最长五年
)


Sense = Mapping[tuple[str, str], float]


class Verdict(StrEnum):
    """What two texts on one thing are to each other."""

    SAME = "same"
    CHANGED = "changed"
    ONLY_LEFT = "only_left"
    ONLY_RIGHT = "only_right"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to align: `key` tells it from others, `number` is as printed, `text` without it."""

    key: str
    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items on one thing, or one that stands alone; `score` is how alike they are, 0 to 1."""

    left: Item | None
    right: Item | None
    score: float

    @property
    def verdict(self) -> Verdict:
        """Same where the words are the same but for blanks and the width of characters."""
        if self.right is None:
            return Verdict.ONLY_LEFT
        if self.left is None:
            return Verdict.ONLY_RIGHT
        same = bare(self.left.text) == bare(self.right.text)
        return Verdict.SAME if same else Verdict.CHANGED


@dataclass(frozen=True, slots=True)
class Difference:
    """Values of one kind (文号, 日期, 数字) that only one of two texts prints."""

    kind: str
    left: tuple[str, ...]
    right: tuple[str, ...]


def align(
    left: Sequence[Item],
    right: Sequence[Item],
    *,
    versions: bool = False,
    alike: float = ALIKE,
    sense: Sense | None = None,
) -> list[Pair]:
    """Every item in exactly one pair, in the order of `left`, what only `right` has in its place.

    Items whose words are the same come first, then the most alike, each once; of equal ones those
    nearest in place. `alike` is the score that a pair needs; for `versions` of one document it is
    `STILL`, less where number or title stayed. `sense` gives cosines of pairs, by their keys; with
    it, half of a score is theirs. The same pairs result with the sides changed.
    """
    partners: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    candidates = _candidates(left, right, versions, LEAST_WORDS if sense else alike)
    if sense:
        candidates = _by_sense(candidates, left, right, sense)
    for score, i, j in candidates:
        if i not in partners and j not in taken:
            partners[i] = (j, score)
            taken.add(j)
    return _in_order(left, right, partners)


def columns(
    lists: Sequence[Sequence[Item]], alike: float = ALIKE, sense: Sense | None = None
) -> list[tuple[Item | None, ...]]:
    """Rows of items on one thing, a column a list; each list joins the rows of those before it.

    Two lists are rows as `align` pairs them; what joins a row is alike to its first item.
    """
    rows: list[tuple[Item | None, ...]] = [(item,) for item in lists[0]] if lists else []
    for width, items in enumerate(lists[1:], 1):
        heads = [next(item for item in row if item) for row in rows]
        places = {id(head): row for head, row in zip(heads, rows, strict=True)}
        rows = [
            (*(places[id(pair.left)] if pair.left else (None,) * width), pair.right)
            for pair in align(heads, items, alike=alike, sense=sense)
        ]
    return rows


def bare(text: str) -> str:
    """A text without what layout alone changes: blanks, width and case of characters."""
    return _BLANK.sub("", normalise(text))


def differences(left: str, right: str) -> list[Difference]:
    """What figures, dates and document numbers only one of two texts prints, kind by kind."""
    found = []
    values = dict(_values(left)), dict(_values(right))
    for kind, _ in _VALUES:
        mine, others = values[0][kind], values[1][kind]
        only = tuple(v for v in mine if v not in others), tuple(v for v in others if v not in mine)
        if any(only):
            found.append(Difference(kind, *only))
    return found


def edits(left: str, right: str) -> list[tuple[str, str]]:
    """The stretches in which two texts differ, as they stand: (old, new), one of them may be empty.

    Edits that a single piece parts are one.
    """
    old, new = list(_tokens(left)), list(_tokens(right))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[list[int]] = []
    for kind, start, end, at, stop in blocks:
        if kind == "equal":
            continue
        if found and start - found[-1][1] < GAP:
            found[-1][1], found[-1][3] = end, stop
        else:
            found.append([start, end, at, stop])
    return [("".join(old[a:b]), "".join(new[c:d])) for a, b, c, d in found]


def _tokens(text: str) -> Iterator[str]:
    """A text in pieces that change whole: figures with what they measure, words, marks."""
    for piece in _TOKEN.findall(text):
        cut = words(piece) if len(piece) > 1 and not piece[0].isascii() else [piece]
        yield from cut if "".join(cut) == piece else piece


def shared_words(left: str, right: str, most: int) -> list[str]:
    """The most telling words that stand in both texts, at most so many, in the order of `left`."""
    mine, others = _weights(left), _weights(right)
    both = [w for w in mine if w in others and len(w) > 1 and not re.search(r"\d", w)]
    kept = sorted(both, key=lambda word: -mine[word])[:most]
    return [word for word in both if word in kept]


def _candidates(
    left: Sequence[Item], right: Sequence[Item], versions: bool, alike: float
) -> list[tuple[float, int, int]]:
    """Pairs alike enough: (score, place, place), best first, whichever side is called left."""
    mine, others = _weighed(left, right)
    holders: dict[str, list[int]] = {}
    for place, weights in enumerate(others):
        for word in weights:
            holders.setdefault(word, []).append(place)
    found = []
    for i, weights in enumerate(mine):
        shared: dict[int, float] = {}
        for word, weight in weights.items():
            for j in holders.get(word, ()):
                shared[j] = shared.get(j, 0.0) + weight
        for j, weight in shared.items():
            both = sqrt(sum(weights.values()) * sum(others[j].values()))
            same = bare(left[i].text) == bare(right[j].text)
            score = 1.0 if same else 0.99 * weight / both if both else 0.0
            if score >= _least(left[i], right[j], versions, alike):
                found.append((round(score + _named(left[i], right[j], versions), 9), i, j))
    return sorted(found, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1] + pair[2]))


def _weighed(
    left: Sequence[Item], right: Sequence[Item]
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """The words of each item with what they tell here: little, where many of the items say them."""
    sides = [_marked(item) for item in left], [_marked(item) for item in right]
    number = len(left) + len(right)
    if number < MANY:
        return sides
    holders = Counter(word for side in sides for weights in side for word in weights)
    told = {word: log(number / count) / log(number) for word, count in holders.items()}
    mine, others = (
        [{word: weight * told[word] for word, weight in weights.items()} for weights in side]
        for side in sides
    )
    return mine, others


def _marked(item: Item) -> dict[str, float]:
    """The telling words of an item, and its whole text, by which the same one finds it."""
    return _weights(_words(item)) | {f"={bare(item.text)}": 0.0}


def _by_sense(
    candidates: Sequence[tuple[float, int, int]],
    left: Sequence[Item],
    right: Sequence[Item],
    sense: Sense,
) -> list[tuple[float, int, int]]:
    """The pairs that words and vectors together hold alike; those of the same words stay first."""
    found = []
    for score, i, j in candidates:
        keys = left[i].key, right[j].key
        cosine = sense.get(keys, sense.get(keys[::-1], 0.0))
        both = score if score == 1.0 else (score + max(cosine, 0.0)) / 2
        if both >= ALIKE_BY_SENSE:
            found.append((round(both, 9), i, j))
    return sorted(found, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1] + pair[2]))


def _least(left: Item, right: Item, versions: bool, alike: float) -> float:
    if not versions:
        return alike
    return STILL_NAMED if _named(left, right, versions) else STILL


def _named(left: Item, right: Item, versions: bool) -> float:
    """What a title or number that stayed adds to the score of an item in a new version."""
    if not versions:
        return 0.0
    titled = bool(left.title) and bare(left.title) == bare(right.title)
    numbered = bool(left.number) and left.number == right.number
    return 0.3 * titled + 0.1 * numbered


def _words(item: Item) -> str:
    return item.text if item.title in item.text else f"{item.title} {item.text}"


@lru_cache(maxsize=4096)
def _weights(text: str) -> dict[str, float]:
    """The words of a text that tell something, with what each tells, in nats."""
    tell = rarity()
    return {word: min(max(tell(word) - COMMON, LITTLE), MOST) for word in content_words(text)}


def _in_order(
    left: Sequence[Item], right: Sequence[Item], partners: dict[int, tuple[int, float]]
) -> list[Pair]:
    """Pairs in the order of `left`; what only `right` has follows what stands before it there."""
    after: dict[int, list[Pair]] = {}
    place_of = {j: i for i, (j, _) in partners.items()}
    anchor = -1
    for j, item in enumerate(right):
        if j in place_of:
            anchor = place_of[j]
        else:
            after.setdefault(anchor, []).append(Pair(None, item, 0.0))
    pairs = after.get(-1, [])
    for i, item in enumerate(left):
        j, score = partners.get(i, (-1, 0.0))
        pairs.append(Pair(item, right[j] if j >= 0 else None, min(score, 1.0)))
        pairs += after.get(i, [])
    return pairs


def _values(text: str) -> Iterator[tuple[str, dict[str, None]]]:
    """The values of each kind in a text, as printed but for blanks; a value is of one kind only."""
    left = text
    for kind, pattern in _VALUES:
        yield kind, dict.fromkeys("".join(found[0].split()) for found in pattern.finditer(left))
        left = pattern.sub(" ", left)
