"""Whom a document is sent to (主送机关), on the line or lines before a colon; GB/T 9704-2012, 7.3.2."""

from __future__ import annotations

import re

from ingest.card.beginnings import BODY
from ingest.card.compact import printed, squeeze
from ingest.card.labels import is_label
from ingest.card.lines import Lines
from ingest.card.titles import is_unit

LONGEST = 500  # characters of all addressees
_ADDRESSED = re.compile(
    r"各|有关|政府|部门?|单位|委|局|公司|行|代表|主席|办事处|中心|同志|院|会|厅|先生|女士|同胞|市民|人士"
)
_WHOLE = re.compile("各|有关|全体|所有|等")


def read_addressees(lines: Lines, number: int, title: str) -> tuple[str, ...]:
    """The addressees that stand on a line, and on those that it runs on to; none where none do.

    A title that was joined with them is left out.
    """
    words = ""
    for line in lines.some(number, number + 8):
        if is_label(line.text):
            return ()
        words += line.text.strip()
        plain = squeeze(words)
        if re.search("[。!?]", plain) or BODY.match(plain) or len(plain) > LONGEST:
            return ()
        if plain.endswith(":"):
            if not _ADDRESSED.search(plain) or "下:" in plain:
                return ()
            behind = printed(words)[:-1].removeprefix(title) if title else printed(words)[:-1]
            return split_addressees(re.sub(r"^[(（][^()（）]*号[)）]", "", behind))
        if not re.search("[,;、]", plain):
            return ()
    return ()


def split_addressees(words: str) -> tuple[str, ...]:
    """The addressees between ， and ；, and between 、 where each part is a unit of its own.

    >>> split_addressees("各区人民政府，市政府各部门、各直属机构")
    ('各区人民政府', '市政府各部门、各直属机构')
    >>> split_addressees("国家经贸委、冶金部")
    ('国家经贸委', '冶金部')
    """
    names: list[str] = []
    for piece in filter(None, (piece.strip() for piece in re.split("[,，;；]", words))):
        parts = piece.split("、")
        apart = not _WHOLE.search(piece) and all(map(is_unit, parts))
        names += parts if apart else [piece]
    return tuple(names)
