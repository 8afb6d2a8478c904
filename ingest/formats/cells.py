"""The text of a table's cell on one line."""

from __future__ import annotations

from collections.abc import Iterable

_AFTER = "，。；：、！？）》】〉」』”’…,;:!?"  # a line that ends so needs no blank behind it
_BEFORE = "，。；：、！？）》】〉」』”’（《【〈「『“‘"


def joined(lines: Iterable[str]) -> str:
    """The lines of a cell as one: with a blank where two would run together otherwise.

    >>> joined(["区发展改革委", "区财政局"]), joined(["1.任务；", "2.任务"])
    ('区发展改革委 区财政局', '1.任务；2.任务')
    """
    text = ""
    for line in (stripped for one in lines if (stripped := one.strip())):
        apart = text and text[-1] not in _AFTER and line[0] not in _BEFORE
        text += f" {line}" if apart else line
    return text
