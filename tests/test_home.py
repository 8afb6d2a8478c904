"""Among documents of other places: those of one's own region answer, the others where they are asked of."""

import pytest
from conftest import engine_over

from domain import Answer, AnswerStatus, Question
from qa.engine import Engine
from settings import BUNDLED_POLICIES

OTHERS = {
    "report": """---
title: 青海省2025年政府工作报告
region: 青海省
year: 2025
---
青海省2025年政府工作报告
一、2024年工作回顾
低空经济破题起步，开通无人机航线12条。跨境电商交易额增长31%。
二、2025年重点任务
培育低空经济产业集群，建设通用机场3个。发展盐湖化工，新增钾肥产能40万吨。新建养老服务中心26个。
""",
    "plan": """---
title: 海东市推进低空经济发展2025年行动方案
region: 海东市
year: 2025
---
海东市推进低空经济发展2025年行动方案
1.开通低空航线。年内开通无人机物流航线5条，每条补助30万元。(牵头单位:市交通运输局;配合单位:市财政局)
2.发展低空旅游。建设直升机起降点8个。(牵头单位:市文化旅游局)
3.支持跨境电商。对跨境电商企业给予运费补贴。(牵头单位:市商务局)
""",
    "national": """---
title: 国务院关于加强养老服务的意见
issuer: 国务院
year: 2024
---
国务院关于加强养老服务的意见
一、扩大养老服务供给。鼓励社会力量兴办养老机构，每个县至少建设1所失能老年人照护机构。
二、培训护理人员。到2027年培训养老护理员200万人次。
""",
}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The bundled policies, at home in Minhang, beside a province, a city and the whole country."""
    files = {f"{name}.txt": text for name, text in OTHERS.items()}
    return engine_over(tmp_path_factory.mktemp("home"), files, BUNDLED_POLICIES)


def cited(answer: Answer) -> set[str]:
    return {citation.clause_id for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "status", "cites"),
    [
        ("低空经济由谁牵头?", "answered", {"ftz-2024#8"}),
        ("我们做跨境电商,有哪些政策?", "answered", None),
        ("海东市的低空航线每条补助多少?", "answered", {"plan#1"}),
        ("海东低空旅游谁牵头?", "answered", {"plan#2"}),
        ("青海去年跨境电商交易额增长多少?", "answered", {"report#一"}),
        ("钾肥产能新增多少?", "answered", {"report#二"}),
        ("要培训多少养老护理员?", "answered", {"national#二"}),
        ("第2项任务是什么?", "clarify", {"ftz-2024#2", "hongqiao-2021#2"}),
        ("上海泰和诚肿瘤医院在推动吗?", "answered", {"hongqiao-2021#44"}),
    ],
)
def test_home_answers_where_no_other_place_is_named(
    question: str, status: str, cites: set[str] | None, region: Engine
) -> None:
    answer = region.answer(Question(question))
    assert answer.status == status, answer.text
    if cites is None:
        home = {"ftz-2024", "hongqiao-2021"}
        assert {one.partition("#")[0] for one in cited(answer)} <= home
    else:
        assert cited(answer) == cites


@pytest.mark.parametrize(
    ("question", "cites"),
    [
        ("海东市低空经济行动方案第3项是什么?", {"plan#3"}),
        ("海东市方案里谁牵头低空旅游", {"plan#2"}),
        ("国务院的意见说培训多少人", {"national#二"}),
    ],
)
def test_a_document_of_another_place_is_named_by_its_place(
    question: str, cites: set[str], region: Engine
) -> None:
    answer = region.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert cited(answer) == cites


@pytest.mark.parametrize(
    "question", ["海东市的养老服务方案讲了什么?", "海东市养老服务方案由谁牵头?"]
)
def test_a_place_and_the_title_of_another_place_name_no_document(
    question: str, region: Engine
) -> None:
    answer = region.answer(Question(question))
    assert answer.status is AnswerStatus.NOT_FOUND, answer.text
    assert "海东市" in answer.text
    assert not answer.citations


def test_an_enterprise_that_names_no_place_is_at_home(region: Engine) -> None:
    found = cited(region.answer(Question("我们公司做低空经济,能享受什么政策?")))
    assert "ftz-2024#8" in found
    assert not {one for one in found if one.startswith(("plan", "report"))}
    away = cited(region.answer(Question("我们公司在海东市做低空旅游,能享受什么政策?")))
    assert "plan#2" in away
