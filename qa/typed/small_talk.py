"""Talk around a question that says nothing of it: greetings, thanks, haste, emoji, rows of marks."""

from __future__ import annotations

import re
import unicodedata

from qa.patterns import cue, one_of
from settings import ROOT

TABLE = ROOT / "data" / "small-talk.txt"


def _words(kind: str) -> str:
    rows = (line.partition(" = ") for line in TABLE.read_text("utf-8").splitlines())
    return " ".join(words for name, _, words in rows if name == kind)


_MARKS = "[,，.。!！?？~～…、;；: -]"
_BEFORE = cue(
    one_of(_words("before")) + "|急{2,}(?![救诊])",
    flags=re.I,
)  # 亲, · 你好我想问一下 · 急急急
_APART = frozenset(_words("apart").split())
_AFTER = cue(
    one_of(_words("after")) + "|急{2,}",
    flags=re.I,
)  # 谢谢啦 · ,在线等,挺急的 · 呗
_FACES = cue(
    r"\[(?:" + one_of(_words("faces")) + r")\]",
    r"[(\[]?[TQ>^oO][_.\-~]+[TQ<^oO][)\]]?",
)  # [捂脸] · T_T
_DRAWN = frozenset({"So", "Sk", "Cn", "Co", "Cf", "Mn", "Me"})
_ROWS = (
    (re.compile(r"[?？!！]*[?？][?？!！~]*"), "?"),  # ？？？ ?!
    (re.compile(r"[!！]{2,}"), "!"),
    (re.compile(r"[~～]+|[.。…·]{2,}|[,，、]{2,}"), ","),  # 低空经济...谁牵头
)


def without_talk(text: str) -> str:
    """A question without the talk around it; talk alone stays as it is.

    >>> without_talk("急急急,低空经济谁牵头???谢谢啦")
    '低空经济谁牵头?'
    """
    bare = _FACES.sub("", "".join(char for char in text if not _is_drawn(char)))
    for pattern, mark in _ROWS:
        bare = pattern.sub(mark, bare)
    bare = _without_before(bare)
    bare = _without_after(bare)
    return bare if re.search(r"\w", bare) else text


def _is_drawn(char: str) -> bool:
    """An emoji, or what joins and colours one."""
    return char > "\u2000" and unicodedata.category(char) in _DRAWN


def _without_before(text: str) -> str:
    while True:
        rest = re.sub(f"^{_MARKS}+", "", text)
        found = _BEFORE.match(rest)
        left = rest[found.end() :] if found else ""
        apart = found and (found[0] not in _APART or re.match(_MARKS, left))
        if not apart or not re.search(r"\w", left):
            return rest if re.search(r"\w", rest) else text
        text = re.sub("^[呀啊哦哈呢吧下嘛]+(?=[,，。!！ ])", "", left)


def _without_after(text: str) -> str:
    while True:
        rest = re.sub(f"(?:(?![?!]){_MARKS})+$", "", text)
        asks = rest.endswith(("?", "!"))
        found = re.search(f"(?:{_AFTER.pattern})[!?]?$", rest, re.I)
        left = re.sub(f"(?:(?![?!]){_MARKS})+$", "", rest[: found.start()]) if found else ""
        if not re.search(r"\w", left):
            return rest
        text = left + ("?" if asks and not left.endswith("?") and rest[-1] == "?" else "")
