"""What was typed to what was meant: script, talk, English, numbers, slips; corrections are told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qa.draft import Statement
from qa.knowledge import Knowledge
from qa.text import plain
from qa.typed.english import in_chinese, mixed
from qa.typed.script import simplified
from qa.typed.short_numbers import spelled_out
from qa.typed.slips import applied, slips
from qa.typed.small_talk import without_talk


class Reason(StrEnum):
    """Why something is read otherwise than it was typed."""

    SCRIPT = "script"  # traditional characters
    ENGLISH = "english"
    SLIP = "slip"  # a homophone, a look-alike, a character too many, too few or swapped


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed, and what it is read as."""

    typed: str
    read: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Corrected:
    """A message as it is understood, in plain form, with what was corrected in it."""

    text: str
    corrections: tuple[Correction, ...] = ()


def corrected(message: str, knowledge: Knowledge) -> Corrected:
    """A message in the words of the documents; one that is well written comes back as it is.

    `区财正局牵头哪些任务` gives the correction of 区财正局 to 区财政局, a slip.
    """
    vocabulary, typed = knowledge.vocabulary, plain(message)
    found: list[Correction] = []
    text = simplified(typed, vocabulary)
    if text != typed:
        found.append(Correction(typed, text, Reason.SCRIPT))
    text = without_talk(text)
    chinese = in_chinese(text, vocabulary)
    if chinese:
        return Corrected(chinese, (*found, Correction(text, chinese, Reason.ENGLISH)))
    text, names = mixed(text, vocabulary)
    found += [Correction(one, other, Reason.ENGLISH) for one, other in names]
    text = spelled_out(text, knowledge)
    kept, quoted = _aside(text)
    meant = slips(kept, vocabulary)
    found += [Correction(kept[s.start : s.end], s.term, Reason.SLIP) for s in meant]
    return Corrected(_back(applied(kept, meant), quoted), tuple(found))


def told(corrections: Iterable[Correction]) -> Statement | None:
    """The line that tells the corrections: `按“区财政局”理解。`; None where there are none."""
    corrections = tuple(corrections)
    script = any(one.reason is Reason.SCRIPT for one in corrections)
    words = dict.fromkeys(one.read for one in corrections if one.reason is not Reason.SCRIPT)
    parts = ["按简体字"] if script else []
    parts += ["按" + "、".join(f"“{word}”" for word in words)] if words else []
    line = "，".join(parts) + "理解。"
    return Statement(line, echoed=(line,)) if parts else None


_QUOTED = re.compile(
    r"[“\"‘「《][^”\"’」》]{1,60}[”\"’」》]|[\u4e00-\u9fff]{1,6}〔\d{4}〕第?\d+号"
)  # 《…方案》 · 闵府发〔2024〕17号
_ASIDE = "\ufffc"


def _aside(text: str) -> tuple[str, list[str]]:
    """A text without what it quotes: a title or a quotation is meant as it stands."""
    return _QUOTED.sub(_ASIDE, text), _QUOTED.findall(text)


def _back(text: str, quoted: list[str]) -> str:
    left = iter(quoted)
    return re.sub(_ASIDE, lambda _: next(left), text)
