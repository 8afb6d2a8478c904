"""Which characters people take for one another: alike in sound, or alike in shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

from settings import ROOT

SHAPES = ROOT / "data" / "similar-characters.txt"
READINGS = 2  # of a character at most
MOST_KEYS = 16  # of a text whose characters have several readings
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))  # initials that many say alike
_NASALS = ("ang", "eng", "ing")  # an and ang, en and eng, in and ing


@cache
def readings(char: str) -> tuple[str, ...]:
    """How a character is read, without tones, the most usual first; none for what has no sound."""
    from pypinyin import Style, pinyin

    [found] = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore") or [[]]
    return tuple(dict.fromkeys(found))[:READINGS]


@cache
def near(reading: str) -> str:
    """One form of the readings that are often taken for one another: zhang and zan, ling and nin."""
    for initial, other in _NEAR:
        if reading.startswith(initial) and not reading.startswith(other + "g"):
            reading = other + reading.removeprefix(initial)
            break
    return reading.removesuffix("g") if reading.endswith(_NASALS) else reading


@cache
def _near_readings(char: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(near(reading) for reading in readings(char)))


def sound_key(text: str) -> str:
    """How a text sounds, near sounds as one, each character in its most usual reading."""
    return " ".join((_near_readings(char) or (char,))[0] for char in text)


def sound_keys(text: str) -> Iterator[str]:
    """How a text may sound, in all readings of its characters, up to a bound."""
    choices = [_near_readings(char) or (char,) for char in text]
    for at, keys in enumerate(product(*choices)):
        if at == MOST_KEYS:
            return
        yield " ".join(keys)


def same_sound(one: str, other: str, *, usual: bool = False) -> bool:
    """Whether the usual reading of one character is one of the other's, tones aside.

    `usual`: whether the usual readings of both are the same.
    """
    mine, theirs = readings(one), readings(other)
    if usual or not (mine and theirs):
        return mine[:1] == theirs[:1]
    return mine[0] in theirs or theirs[0] in mine


def near_sound(one: str, other: str) -> bool:
    """Whether the usual readings of two characters are nearly the same."""
    return _near_readings(one)[:1] == _near_readings(other)[:1]


def same_shape(one: str, other: str) -> bool:
    """Whether two characters look alike, as `data/similar-characters.txt` has it."""
    return other in shapes().get(one, "")


@cache
def shapes() -> dict[str, str]:
    """Each character of the table to those that look like it."""
    table: dict[str, str] = {}
    for line in SHAPES.read_text("utf-8").splitlines():
        for group in () if line.startswith("#") else line.split():
            for char in group:
                others = "".join(other for other in group if other != char)
                table[char] = "".join(dict.fromkeys(table.get(char, "") + others))
    return table
