"""The rules are of no one document: another county, other units, other forms."""

import pytest
from conftest import assert_told, engine_over

from domain import AnswerStatus, Question
from qa.engine import Engine

PLAN = """青山县人民政府办公室关于印发《青山县养老服务提升行动方案》的通知
青政办发〔2023〕9号
各乡镇人民政府,县政府各部门:
现将《青山县养老服务提升行动方案》印发给你们,请认真组织实施。
青山县人民政府办公室
2023年5月8日
一、总体目标
到2025年底,全县养老机构床位达到3200张。
二、重点任务
1.建设社区食堂。在老旧小区新建助餐点40个,每个助餐点给予一次性补助8万元。(牵头单位:县民政局;配合单位:县财政局、各乡镇人民政府)
2.推进适老化改造。为特困老年人家庭实施居家适老化改造600户。(牵头单位:县民政局、县住房城乡建设局)
3.培训护理员。每年培训养老护理员500人次。(县人力资源社会保障局牵头,县卫生健康委配合)
三、保障措施
(一)加强领导
建立联席会议,由分管副县长担任召集人。
"""

RULES = """---
id: heritage-2022
title: 青山县非物质文化遗产保护办法
---
# 青山县非物质文化遗产保护办法

## 第一章 总则

第一条 为了加强非物质文化遗产保护,制定本办法。

第二条 代表性传承人每年给予传习补助2万元。
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Two documents of another county, in the place of the bundled ones."""
    files = {"elderly-2023.txt": PLAN, "rules.md": RULES}
    return engine_over(tmp_path_factory.mktemp("other"), files)


@pytest.mark.parametrize(
    ("question", "says", "cites"),
    [
        ("社区食堂由谁牵头?", "县民政局", "elderly-2023#1"),
        ("老年人吃饭的食堂归哪个部门管", "县民政局", "elderly-2023#1"),
        ("人社局牵头哪些任务?", "培训护理员", "elderly-2023#3"),
        ("哪些任务没有配合单位?", "推进适老化改造", "elderly-2023#2"),
        ("哪些任务有两个牵头单位", "推进适老化改造", "elderly-2023#2"),
        ("每个助餐点补助多少钱?", "8万元", "elderly-2023#1"),
        ("联席会议由谁担任召集人", "分管副县长", "elderly-2023#(一)"),
        ("县财政局牵头培训护理员,对吗?", "县人力资源社会保障局", "elderly-2023#3"),
        ("传承人每年补助多少?", "2万元", "heritage-2022#第二条"),
        ("养老方案的文号是什么", "青政办发〔2023〕9号", "elderly-2023#preamble"),
    ],
)
def test_other_documents_are_answered_alike(
    question: str, says: str, cites: str, other: Engine
) -> None:
    assert_told(other, question, says, cites)


@pytest.mark.parametrize(
    "question", ["低空经济由谁牵头?", "闵行区的跨境电商政策", "第9项任务是什么"]
)
def test_nothing_of_the_bundled_documents_is_known(question: str, other: Engine) -> None:
    assert other.answer(Question(question)).status is AnswerStatus.NOT_FOUND
