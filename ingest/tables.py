"""Tables of tasks: which tables list work, and what each of their columns holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain import Role
from ingest.document import Row, Table
from ingest.roles import role_of

HEADER_ROWS = 2  # a header of two lines, the first with merged cells, is common
_NUMBER = re.compile(r"^(?:序号|编号|序|项次|No\.?)$", re.IGNORECASE)
_TASK = re.compile(r"任务|事项|措施|工作内容|内容|项目|举措|要点|工作$|名称|目标|要求|职责|清单")
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


def task_table(table: Table, text: str) -> TaskTable | None:
    """The table read by its header; None for figures, forms and lists of other things."""
    for height in range(1, min(HEADER_ROWS, len(table.rows) - 1) + 1):
        found = _by_header(_header(table, text, height), table.rows[height:])
        if found:
            return found
    return None


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
    tasks = [
        i for i, w in enumerate(header) if _TASK.search(w) and i not in roles and i != deadline
    ]
    if not tasks or not (roles or (number is not None and deadline is not None)):
        return None
    return TaskTable(
        rows, number, tasks[-1] if _nested(header, tasks) else tasks[0], roles, deadline
    )


def _nested(header: list[str], tasks: list[int]) -> bool:
    """类别|任务 and 重点任务|具体措施: the last of neighbouring task columns is the finest."""
    return len(tasks) > 1 and tasks[-1] - tasks[0] == len(tasks) - 1


def _role(words: str) -> Role:
    return role_of(words) or Role.RESPONSIBLE
