"""Tables of tasks: which tables list work, and what each of their columns holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain import Role
from ingest.document import Document, Row, Table
from ingest.ledger.roles import role_of

HEADER_ROWS = 2  # a header of two lines, the first with merged cells, is common
_NUMBER = re.compile(r"^(?:序号|编号|序|项次|No\.?)$", re.IGNORECASE)
_TASKS = (  # the finest first: 重点任务|具体措施 are told apart by their measures
    re.compile(r"措施|举措|做法"),
    re.compile(r"任务|事项|工作内容|要点|职责"),
    re.compile(r"内容|项目|工作|清单|名称|指标"),
)
_UNITS = re.compile(
    r"^(?:[^\s]{0,6})(?:单位|部门|主体|处室|科室|机构|牵头|配合|协同)(?:[（(].*[)）])?$"
)
_NO_UNITS = re.compile(r"名称|数|^单位$|计量|电话|地址|人员|联系|填报|建设单位|实施单位$|企业")
_DEADLINE = re.compile(r"时限|期限|时间|进度|节点|日期")


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A table in which each row is a piece of work. Columns count from 0.

    `roles` maps a column of unit names to their role.
    """

    rows: tuple[Row, ...]
    number: int | None
    task: int
    roles: Mapping[int, Role]
    deadline: int | None


def task_tables(document: Document) -> list[tuple[Table, TaskTable]]:
    """The tables of a document that list work, as they stand and as they are read."""
    read = ((table, task_table(table, document.text)) for table in document.tables)
    return [(table, tasks) for table, tasks in read if tasks]


def task_table(table: Table, text: str) -> TaskTable | None:
    """The table read by its header; None for figures, forms and lists of other things."""
    heights = range(1, min(HEADER_ROWS, len(table.rows) - 1) + 1)
    read = (_by_header(_header(table, text, height), table.rows[height:]) for height in heights)
    return max((found for found in read if found), key=lambda found: len(found.roles), default=None)


def _header(table: Table, text: str, height: int) -> list[str]:
    """The words over each column; a cell that spans both header lines counts once."""
    columns: list[str] = []
    for place in range(len(table.rows[0].cells)):
        words = [_words(text, row, place) for row in table.rows[:height]]
        columns.append("".join(dict.fromkeys(words)))
    return columns


def _words(text: str, row: Row, column: int) -> str:
    if column >= len(row.cells):
        return ""
    start, end = row.cells[column]
    return re.sub(r"[\s*]", "", text[start:end])


def _by_header(header: list[str], rows: tuple[Row, ...]) -> TaskTable | None:
    number = next((i for i, words in enumerate(header) if _NUMBER.match(words)), None)
    roles = {
        i: role
        for i, words in enumerate(header)
        if _UNITS.match(words) and not _NO_UNITS.search(words) and (role := _role(words))
    }
    deadline = next((i for i, words in enumerate(header) if _DEADLINE.search(words)), None)
    free = [i for i in range(len(header)) if i not in roles and i not in (number, deadline)]
    task = next((i for kind in _TASKS for i in free if kind.search(header[i])), None)
    if task is None or not (roles or (number is not None and deadline is not None)):
        return None
    return TaskTable(rows, number, task, roles, deadline)


def _role(words: str) -> Role:
    """The role of a column; in 责任单位（第一位为牵头单位） the bracket is a rule for its cells."""
    return role_of(re.sub(r"[（(].*[）)]", "", words)) or Role.RESPONSIBLE
