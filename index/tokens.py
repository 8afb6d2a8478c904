"""Text to words: jieba's cuts, without guessing of unseen words; and pairs of characters.

The one door to jieba. rjieba carries jieba's dictionary and gives the same cuts (a test compares
them) and is ready in a fifth of the time that jieba takes to load its dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, KeysView
from functools import lru_cache
from threading import Lock

import rjieba

_WORD = re.compile(r"[\w.%]*\w[\w.%]*")
_NOUNS = ("vn", "an", "s", "eng")  # as well as n…, j, i and l of jieba's dictionary
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(  # 国办发〔2018〕128号, 令[2022]第3号
    r"([\u4e00-\u9fff]{0,3}) ?[〔\[(【]((?:19|20)\d\d)[〕\])】] ?第?(\d{1,5})号"
)


def normalise(text: str) -> str:
    """NFKC and lower case: full-width forms, and letters of either case, are one."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a text in order, each once cut; punctuation and blanks are left out."""
    return [word for word in rjieba.cut(normalise(text), hmm=False) if _WORD.fullmatch(word)]


def search_words(text: str, jieba: rjieba.Jieba | None = None) -> list[str]:
    """The words and the shorter words inside long ones, as a search index wants them."""
    cut = jieba.cut_for_search if jieba else rjieba.cut_for_search
    return [word for word in cut(normalise(text), hmm=False) if _WORD.fullmatch(word)]


@lru_cache(8192)
def is_noun(word: str) -> bool:
    """Whether a word of two characters or more names something, by the dictionary's part of speech.

    Nouns, names, set phrases, and verbs that are nouns as well: 补贴.
    """
    tags = [tag for _, tag in rjieba.tag(word, hmm=False)]
    return len(word) > 1 and len(tags) == 1 and (tags[0][0] in "njil" or tags[0] in _NOUNS)


def pairs(text: str) -> list[str]:
    """All pairs of neighbouring Han characters: what a dictionary cuts wrongly is found by them."""
    return [run[at : at + 2] for run in _HAN.findall(normalise(text)) for at in range(len(run) - 1)]


class Cutter:
    """The cuts of one index, whose own words stand beside those of the dictionary."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own: dict[str, None] = {}
        self._jieba: rjieba.Jieba | None = None
        self._lock = Lock()  # rjieba refuses to cut while another thread adds a word
        self.learn(own)

    @property
    def own(self) -> KeysView[str]:
        """The words that it has learnt, in order: learnt so again, they give the same cuts."""
        return self._own.keys()

    def learn(self, own: Iterable[str]) -> None:
        """Cut these words as one from now on, their parts beside them."""
        for word in map(normalise, own):
            if word in self._own:
                continue
            with self._lock:
                self._jieba = self._jieba or rjieba.Jieba()
                if not self._jieba.has_word(word):
                    self._jieba.add_word(word, self._jieba.suggest_freq(word), "n")
                self._own[word] = None

    def words(self, text: str) -> list[str]:
        """Search words, and document numbers: see `_numbers`."""
        if self._jieba is None:
            return search_words(text) + _numbers(text)
        with self._lock:
            cut = search_words(text, self._jieba)
        return cut + _numbers(text)


def _numbers(text: str) -> list[str]:
    """Each document number as one word: bare, and with the last two and three letters before it.

    Where the issuer's name begins cannot be told from the words before: 按照国发〔2021〕3号.
    """
    found: dict[str, None] = {}
    for issuer, year, count in _NUMBER.findall(normalise(text)) if "号" in text else ():
        for name in ("", issuer[-2:], issuer):
            found[f"{name}〔{year}〕{count}号"] = None
    return list(found)
