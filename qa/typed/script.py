"""Traditional characters to simplified ones, with OpenCC: 低空經濟 is 低空经济, 資訊 is 信息 in Taiwan."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from index.tokens import words
from qa.typed.vocabulary import Vocabulary

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


class _Converter(Protocol):
    def convert(self, text: str) -> str:
        """A text in other characters."""


def simplified(text: str, vocabulary: Vocabulary) -> str:
    """A text in simplified characters, and in the words of the mainland where the documents say them."""
    if not _may_be_traditional(text):
        return text
    plain = _converter("t2s").convert(text)
    if plain == text:
        return text
    mainland = _converter("tw2sp").convert(text)
    return max(plain, mainland, key=lambda one: _said(one, vocabulary))


def _may_be_traditional(text: str) -> bool:
    """Whether a character stands outside GB 2312, the set of simplified characters in daily use."""
    try:
        "".join(_HAN.findall(text)).encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def _said(text: str, vocabulary: Vocabulary) -> int:
    return sum(len(word) for word in words(text) if len(word) > 1 and vocabulary.stands(word))


@cache
def _converter(name: str) -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC(name)
    return converter
