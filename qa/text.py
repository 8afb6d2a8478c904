"""Small steps on text: a question's plain form, sentences, phrases. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

_ALL = 12  # names up to which all of them are told
_SOME = 5  # names that are told of more
_ALIKE = 0.5  # share of characters from which two names are alike, as difflib counts
QUOTED = re.compile(r"[“\"‘「]([^”\"’」]{2,30})[”\"’」]")  # what a question quotes: “即买即退”
_SENTENCE = re.compile(r"[^。!?！？;；\n]+[。!?！？;；]*[”’)]?")
_OUTER = " \t\n\u3000\xa0*"  # blanks, and bold marks of Markdown
_PHRASE = re.compile(r"[^,，、。!?！？;；:：\n]+")


def plain(question: str) -> str:
    """A question in one form: NFKC (half-width marks), no outer blanks, inner blanks as one.

    Blanks between Chinese characters are typing, not meaning, and fall away.
    """
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", question)).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)


def sentences(text: str, offset: int = 0) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a text, outer blanks left out, counted from `offset`."""
    yield from _spans(_SENTENCE, text, offset)


def phrases(text: str, offset: int = 0) -> Iterator[tuple[int, int]]:
    """Spans of the phrases between commas and other marks."""
    yield from _spans(_PHRASE, text, offset)


def _spans(pattern: re.Pattern[str], text: str, offset: int) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text):
        words = found[0].strip(_OUTER)
        if words:
            start = offset + found.start() + found[0].index(words)
            yield start, start + len(words)


def choices(wanted: str, forms: Mapping[str, Sequence[str]]) -> str:
    """What there is instead of a name that there is not: all of a few, else those most like it.

    `forms` leads from every form of a name to the names that it may mean.
    """
    known = list(dict.fromkeys(name for names in forms.values() for name in names))
    if len(known) <= _ALL:
        return f"现有：{'、'.join(known) or '无'}"
    holding = [form for form in forms if _stands_in(wanted, form)]
    holding.sort(key=lambda form: (wanted not in form, len(form)))
    alike = holding + get_close_matches(wanted, forms, _SOME, _ALIKE)
    near = list(dict.fromkeys(name for form in alike for name in forms[form]))[:_SOME]
    if near:
        return f"相近的有：{'、'.join(near)}"
    return f"现有{len(known)}个，如：{'、'.join(known[:_SOME])}"


def _stands_in(short: str, long: str) -> bool:
    """Whether a text has the characters of another in order: 积分制入户 has those of 积分入户."""
    rest = iter(long)
    return bool(short) and all(char in rest for char in short)


def longest_run(one: str, other: str) -> str:
    """The longest run of characters that two texts share; the first of the longest."""
    best = ""
    for start in range(len(one)):
        while one[start : start + len(best) + 1] in other and start + len(best) < len(one):
            best = one[start : start + len(best) + 1]
    return best
