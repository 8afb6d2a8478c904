"""What kinds and states are called before people."""

from __future__ import annotations

from domain import ClauseKind, FigureKind, Role
from ingest.document import ResidueKind

KIND_NAMES = {
    ClauseKind.TASK: "任务",
    ClauseKind.MEASURE: "措施",
    ClauseKind.PARAGRAPH: "段落",
    ClauseKind.HEADING: "标题",
    ClauseKind.PREAMBLE: "开头",
    ClauseKind.ATTACHMENT: "附件",
    ClauseKind.TABLE_ROW: "表格行",
}
ROLE_NAMES = {Role.LEAD: "牵头", Role.COOPERATE: "配合", Role.RESPONSIBLE: "责任"}
FIGURE_NAMES = {
    FigureKind.DEADLINE: "期限",
    FigureKind.AMOUNT: "金额",
    FigureKind.PERCENTAGE: "百分比",
    FigureKind.COUNT: "数量",
}
RESIDUE_NAMES = {
    ResidueKind.FRONT_MATTER: "元数据块",
    ResidueKind.NAVIGATION: "网页导航",
    ResidueKind.PAGE_NUMBER: "页码",
    ResidueKind.RUNNING_HEAD: "页眉页脚",
    ResidueKind.CONTENTS: "目录",
    ResidueKind.LINE_BREAK: "断行",
}
REPEAL_NAMES = {"repeals": "废止", "replaces": "取代", "amends": "修改"}
STATE_NAMES = {
    "new": "新文件",
    "changed": "有更新",
    "unchanged": "没有变化",
    "duplicate": "重复",
    "failed": "读不出",
}
SURE = 0.9  # confidence of character recognition below which a person should look
