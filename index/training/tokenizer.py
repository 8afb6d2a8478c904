"""The encoder's tokenizer: jieba's dictionary as a Unigram model, plain JSON at run time.

Unigram picks the cut with the highest product of word probabilities, as jieba does (without its
HMM). Blanks and punctuation are dropped; full-width forms and capitals are folded first, so that
`AEO`, `aeo` and its full-width form are one token.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import jieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
OUTSIDE = r"[^\p{Han}a-z0-9]+"  # dropped
LATIN_RUN = r"[a-z0-9]+"  # aeo, b2b, 2024, 5g
CHUNK = 4096

Vocabulary = Sequence[tuple[str, float]]


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Make a tokenizer from (word, natural-log probability) rows; row 0 is `UNKNOWN`."""
    tokenizer = Tokenizer(models.Unigram(list(vocabulary), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(OUTSIDE), "removed"),
            pre_tokenizers.Split(Regex(LATIN_RUN), "isolated"),
        ]
    )
    return tokenizer


def choose_vocabulary(texts: Sequence[str], size: int, extra: Iterable[str] = ()) -> Vocabulary:
    """Choose at most `size` rows: all characters seen, then the most frequent words.

    Words come from jieba's dictionary and from the Latin runs of `texts`; those of `extra`
    (for example the terms of a thesaurus) are kept however rare they are.
    """
    characters, runs = seen_characters(texts), latin_runs(texts)
    scores = {word: score for word, score in dictionary(runs).items() if set(word) <= characters}
    floor = min(scores.values(), default=0.0)
    scores |= {character: floor for character in sorted(characters) if character not in scores}
    counts = count_tokens(build_tokenizer([(UNKNOWN, 0.0), *scores.items()]), texts)
    kept = {normalised(word) for word in extra} & scores.keys() | characters
    words = sorted(counts.keys() & scores.keys() - kept, key=lambda word: (-counts[word], word))
    chosen = [*sorted(kept), *words][: size - 1]
    return [(UNKNOWN, 0.0), *((word, round(scores[word], 2)) for word in chosen)]


def dictionary(runs: Counter[str], min_count: int = 5) -> dict[str, float]:
    """Return jieba's words, and frequent Latin runs, with their natural-log probabilities.

    A run that is seen gets the probability of a word of its count, and at least that of its
    characters together, so that it is never cut in the middle.
    """
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    frequencies: dict[str, int] = jieba.dt.FREQ
    total = math.log(jieba.dt.total)
    scores: dict[str, float] = {}
    for word, frequency in frequencies.items():
        key = normalised(word)
        if frequency and is_word(key):
            scores[key] = max(math.log(frequency) - total, scores.get(key, -math.inf))
    for run, count in runs.items():
        if count >= min_count and len(run) > 1:
            scores[run] = math.log(count) - total
    return scores


def is_word(text: str) -> bool:
    """True when the tokenizer could ever produce `text`: all Han, or one Latin run."""
    return bool(re.fullmatch(r"[a-z0-9]+|[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+", text))


def normalised(text: str) -> str:
    """Fold full-width forms and capitals, as the tokenizer's own normalizer does."""
    return unicodedata.normalize("NFKC", text).lower()


def seen_characters(texts: Iterable[str]) -> set[str]:
    """Return every Han character, letter and digit of `texts`, and always a to z and 0 to 9."""
    seen = set("abcdefghijklmnopqrstuvwxyz0123456789").union(*map(normalised, texts))
    return {character for character in seen if is_word(character)}


def latin_runs(texts: Iterable[str]) -> Counter[str]:
    """Count the runs of ASCII letters and digits, in normalised form."""
    return Counter(chain.from_iterable(re.findall(LATIN_RUN, normalised(text)) for text in texts))


def count_tokens(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    """Count the known tokens of `texts`."""
    counts: Counter[int] = Counter()
    for ids in token_ids(tokenizer, texts):
        counts.update(ids)
    words = {index: word for word, index in tokenizer.get_vocab().items()}
    return Counter({words[index]: count for index, count in counts.items() if index})


def token_ids(tokenizer: Tokenizer, texts: Iterable[str]) -> Iterator[list[int]]:
    """Yield the token ids of each text, cutting `CHUNK` texts at a time."""
    rest = iter(texts)
    while chunk := list(islice(rest, CHUNK)):
        for encoding in tokenizer.encode_batch_fast(chunk, add_special_tokens=False):
            yield encoding.ids
