"""Whose documents a question is about that names none: those of the asker's own region first."""

from __future__ import annotations

import re

from qa.context import Context
from qa.knowledge import Knowledge
from qa.places import of_place
from qa.reading import Kind, Reading
from qa.text import longest_run

_AT_LARGE = (
    Kind.SELECT, Kind.UNITS, Kind.SECTIONS, Kind.ITEM, Kind.WHO, Kind.RANK, Kind.DUE, Kind.AMOUNT
)  # fmt: skip
_RELATIVE = re.compile(r"[区县镇乡](?!域)")  # 区教育局 is that of each district, 市教委 is one
_OF_A_KIND = re.compile(r"报告|规划|纲要|条例|规定|办法|决定|意见|通知|方案|细则|计划")


def narrowed(reading: Reading, context: Context) -> frozenset[str]:
    """The documents that a question on the ledger at large is about.

    `哪些任务没有配合单位` and `第8项任务` are asked of those at home, `区教育局牵头哪些任务` where the
    ledger at home holds that unit; all other questions of everything that may be answered from.
    """
    own = context.policies & context.knowledge.home
    away = any(not _RELATIVE.match(unit) for unit in reading.unknown_units)
    named = reading.policies is not None or reading.focus or away
    if not own or named or "policy" in context.where or reading.kind not in _AT_LARGE:
        return context.policies
    if reading.kind is Kind.WHO and not reading.numbers:
        return context.policies
    naming = context.knowledge.naming
    at_home = all(
        any(_RELATIVE.match(unit) and naming[unit] & own for unit in ask.units)
        for ask in reading.units
    )
    return own if at_home else context.policies


def named_from(text: str, knowledge: Knowledge) -> frozenset[str]:
    """Ids of the documents among which a loose name, a year or a word of a title, is looked up.

    Those at home, unless the question names another place of which documents are, or has the words of
    a title elsewhere: 2021年政府工作报告.
    """
    everything = frozenset(knowledge.policies)
    if not knowledge.home or knowledge.home == everything:
        return everything
    of_places = frozenset(of_place(text, knowledge, everything) or ())
    if of_places and not of_places & knowledge.home:
        return of_places
    near = knowledge.headlines.sharing(text, everything)
    runs = {
        one: run
        for one, title in near.items()
        if _OF_A_KIND.search(run := longest_run(title, text))
    }
    at_home = max((len(run) for one, run in runs.items() if one in knowledge.home), default=0)
    away = max((len(run) for one, run in runs.items() if one not in knowledge.home), default=0)
    return everything if away > at_home else knowledge.home
