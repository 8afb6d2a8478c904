"""Kinds of questions on two counties' documents: counts, maxima, conditions, days, amounts, wholes."""

from pathlib import Path

import pytest

from domain import Answer, AnswerStatus, Question, Role
from qa.engine import Engine
from qa.understanding.due import Due, take_due
from qa.understanding.scan import Scan
from qa.understanding.worth import take_worth
from settings import load_settings
from workspace import Workspace

PLAN = """青山县人民政府办公室关于印发《青山县水乡旅游提升行动方案》的通知
青政办发〔2025〕6号
各乡镇人民政府,县政府各部门:
现将《青山县水乡旅游提升行动方案》印发给你们,请认真组织实施。
青山县人民政府办公室
2025年3月8日
一、行动目标
到2027年底,全县年接待游客达到500万人次。
二、重点任务
1.整治沿河环境。2025年6月底前完成河道清淤12公里。(牵头单位:县水利局;配合单位:县生态环境局、各乡镇人民政府)
2.建设游船码头。2025年9月30日前建成码头3座,每座补助60万元。(牵头单位:县文化旅游局、县交通运输局;配合单位:县财政局)
3.培育精品民宿。对评为精品的民宿一次性奖励20万元。(牵头单位:县文化旅游局)
4.打造水乡夜市。年底前开市,安排专项资金300万元。(牵头单位:县商务局;配合单位:县文化旅游局、县公安局、县市场监管局)
5.规范水上交通。(牵头单位:县交通运输局)
三、保障措施
(一)加强领导。成立工作专班,由分管副县长任组长。
(二)强化督查。按季度通报进展。
"""

RULES = """---
id: boats-2024
title: 青山县游船管理办法
---
# 青山县游船管理办法

## 第一章 总则

第一条 为了加强游船管理,制定本办法。

第二条 本办法适用于青山县行政区域内的游船。

第三条 本办法所称游船,是指以营利为目的运送游客的船舶,以下简称船。

## 第二章 管理

第四条 游船经营者应当在每年3月底前申请检验。

第五条 违反本办法的,处5000元以上2万元以下罚款。
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A plan with units, days and amounts, and rules with articles, of a county that is not there."""
    from ingest.catalog import Catalog
    from ingest.pipeline import ingest

    folder = tmp_path_factory.mktemp("county")
    (folder / "tourism-2025.txt").write_text(PLAN, "utf-8")
    (folder / "boats.md").write_text(RULES, "utf-8")
    settings = load_settings({"WENCE_DATA_DIR": str(folder / "data")}, folder / "none.toml")
    list(ingest([folder], Catalog(settings.catalog_url)))
    return Workspace(settings).engine()


def ask(engine: Engine, question: str, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    answer = engine.answer(Question(question))
    assert answer.status is status, answer.text
    return answer


def cited(answer: Answer) -> set[str]:
    return {citation.number for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "says", "numbers"),
    [
        # who, and how many of them
        ("建设游船码头由谁牵头?", "牵头单位是县文化旅游局、县交通运输局", {"2"}),
        ("“打造水乡夜市”的配合单位是谁?", "配合单位是县文化旅游局、县公安局、县市场监管局", {"4"}),
        ("第4项任务有几个配合单位?", "配合单位共3个", {"4"}),
        ("第2项任务的牵头单位有几个,分别是谁?", "牵头单位共2个，是县文化旅游局、", {"2"}),
        # what a unit does
        ("县文化旅游局牵头哪些任务?", "县文化旅游局牵头2项", {"2", "3"}),
        ("县文旅局牵头几项、配合几项?", "县文化旅游局配合1项", {"2", "3", "4"}),
        ("县财政局牵头哪些任务?", "县财政局牵头0项", {"2"}),
        ("县财政局是哪些任务的配合单位?", "县财政局配合1项", {"2"}),
        # the most and the least
        ("哪个单位牵头的任务最多?", "牵头任务最多的是县文化旅游局，共2项", {"2", "3", "5"}),
        ("配合单位最多的任务是哪一项?", "配合单位最多的任务有3个配合单位，共1项", {"4"}),
        ("哪项任务的牵头单位最多?", "牵头单位最多的任务有2个牵头单位", {"2"}),
        ("哪个单位参与的任务最多?", "参与的任务最多的是县文化旅游局，共3项", {"2", "3", "4"}),
        ("县文化旅游局和县商务局谁牵头的任务多?", "县文化旅游局多1项", {"2", "3", "4"}),
        ("县文化旅游局比县商务局多牵头几项?", "县文化旅游局多1项", {"2", "3", "4"}),
        ("哪些单位牵头不止一项?", "牵头2项以上任务的单位共2个", {"2", "3", "5"}),
        ("只牵头一项任务的单位有哪些?", "只牵头1项任务的单位共2个", {"1", "4"}),
        ("牵头任务数排第二的单位是谁?", "牵头任务第二多的是县水利局，共1项", {"1", "4"}),
        ("排名第一的牵头单位是谁?", "牵头任务最多的是县文化旅游局，共2项", {"2", "3", "5"}),
        ("牵头和配合加起来,参与任务最多的单位是哪个?", "最多的是县文化旅游局，共3项", {"2", "3", "4"}),
        # two matters, or two units, beside each other
        ("建设游船码头和培育精品民宿,牵头单位一样吗?", "牵头单位是县文化旅游局、县交通运输局", {"2", "3"}),
        ("水乡夜市跟精品民宿是同一个部门牵头吗?", "牵头单位是县商务局", {"3", "4"}),
        ("县文化旅游局和县商务局牵头的任务一样吗?", "县文化旅游局牵头2项，县商务局牵头1项", {"2", "3", "4"}),
        # roles counted together, or one of them alone
        ("县文化旅游局牵头(含联合牵头)的任务有哪些?", "县文化旅游局牵头2项", {"2", "3"}),
        ("县文化旅游局既牵头又配合的任务有哪几项?", "县文化旅游局配合1项", {"2", "3", "4"}),
        ("县文化旅游局牵头加配合,合计出现在几项任务里?", "县文化旅游局牵头2项", {"2", "3", "4"}),
        ("只算牵头的,不算配合的,县商务局有哪几项任务?", "县商务局牵头1项", {"4"}),
        ("除了牵头的以外,打造水乡夜市还有哪些单位配合?", "配合单位是县文化旅游局、", {"4"}),
        ("水乡夜市这一项,给县商务局打配合的是哪几家?", "配合单位是县文化旅游局、", {"4"}),
        # units in both roles, and in all
        ("既当牵头又当配合的单位有哪些?", "既牵头又配合的单位共1个：县文化旅游局", {"2", "4"}),
        ("同时做牵头又做配合的单位有几家?", "既牵头又配合的单位共1个", {"2", "4"}),
        ("只当配合单位的有几家?", "只配合的单位共4个", {"1", "2", "4"}),
        ("担任牵头单位的单位一共有多少家?", "牵头单位共4个", {"1", "2", "4"}),
        ("打造水乡夜市,县公安局是牵头还是配合?", "县公安局是配合单位", {"4"}),
        # conditions
        ("有配合单位的任务有几项?", "有1个以上配合单位的任务共3项", {"1", "2", "4"}),
        ("哪些任务是两个单位并列牵头?", "共1项", {"2"}),
        ("哪份文件给每项任务写明了牵头单位?", "写明了5项任务的牵头单位", {"1"}),
        ("哪些任务写明是“河道清淤”的?", "写到“河道清淤”的任务共1项", {"1"}),
        ("哪些任务没有配合单位?", "没有配合单位的任务共2项", {"3", "5"}),
        ("哪些任务没有牵头单位?", "没有牵头单位的任务共0项", set()),
        ("只有一个配合单位的任务有哪些?", "只有1个配合单位的任务共1项", {"2"}),
        ("配合单位不少于两家的任务有几项?", "有2个以上配合单位的任务共2项", {"1", "4"}),
        ("有两个牵头单位的任务", "共1项", {"2"}),
        ("县商务局牵头、县公安局配合的任务有哪些?", "共1项", {"4"}),
        ("县商务局和县交通运输局共同牵头的任务", "共0项", set()),
        ("县交通运输局牵头但没有配合单位的任务", "共1项", {"5"}),
        # days
        ("2025年6月底前要完成的任务有哪些?", "2025年6月底前到期的任务共1项", {"1"}),
        ("三季度到期的任务有哪些?", "三季度到期的任务共1项", {"2"}),
        ("下半年要完成哪些任务?", "下半年到期的任务共2项", {"2", "4"}),
        ("年底前完成的任务有几项?", "年底前到期的任务共3项", {"1", "2", "4"}),
        ("2026年要完成的任务有哪些?", "共0项", set()),
        ("哪些任务有明确的完成时限?", "共4项", {"1", "2", "4", "第四条"}),
        ("县商务局牵头的任务什么时候完成?", "年底前", {"4"}),
        # amounts
        ("50万元以上的条款有哪些?", "写有50万元以上的条款共2条", {"2", "4"}),
        ("奖励不超过30万元的任务有哪些?", "写有不超过30万元奖励的条款共1条", {"3"}),
        # items by number
        ("前两项任务是什么?", "整治沿河环境", {"1", "2"}),
        ("最后一项任务由谁牵头?", "县交通运输局", {"5"}),
        ("第2到4项任务由谁牵头?", "打造水乡夜市", {"2", "3", "4"}),
        ("旅游方案第三部分有哪些内容?", "加强领导", {"三", "(一)", "(二)"}),
        ("旅游方案重点任务有几项?", "部分的任务共5项", {"1", "2", "3", "4", "5"}),
        ("三个部分里哪个任务最多,几项?", "任务最多的部分是“二、重点任务”，共5项", {"二", "第一章"}),
        ("旅游方案由几大部分组成?", "分3个部分", {"一", "二", "三"}),
        ("哪个部分的任务最多?", "任务最多的部分是“二、重点任务”，共5项", {"二", "第一章"}),
        # documents as a whole
        ("旅游方案的目标是什么?", "500万人次", {"一"}),
        ("旅游方案主要讲什么?", "分3个部分", {"一", "二", "三"}),
        ("游船管理办法有多少条?", "共5条", {"第一条", "第五条", "第一章", "第二章"}),
        ("游船管理办法第二章有几条?", "共2项", {"第四条", "第五条"}),
        ("游船管理办法适用于谁?", "青山县行政区域内的游船", {"第二条"}),
        ("什么是游船?", "是指以营利为目的运送游客的船舶", {"第三条"}),
        ("旅游方案的文件号是什么?", "青政办发〔2025〕6号", {""}),
        ("旅游方案的文号、印发日期各是什么?", "2025年3月8日", {""}),
        ("旅游方案的文号是多少,谁印发的?", "青政办发〔2025〕6号", {""}),
    ],
)  # fmt: skip
def test_a_kind_is_answered_whole(
    question: str, says: str, numbers: set[str], county: Engine
) -> None:
    answer = ask(county, question)
    assert says in answer.text
    assert {n for n in cited(answer) if n} == {n for n in numbers if n}, answer.text


def test_what_is_in_store_is_listed(county: Engine) -> None:
    answer = ask(county, "一共收录了几份文件?")
    assert answer.text.startswith("已收录2份文件")
    assert "青山县游船管理办法" in answer.text
    assert ask(county, "2025年的文件有哪些?").text.startswith("已收录1份文件")


def test_groups_are_told_apart_from_units(county: Engine) -> None:
    answer = ask(county, "配合单位有哪些?")
    assert "配合单位共5个" in answer.text
    assert "另有配合的统称1个，不计在内：各乡镇人民政府" in answer.text


def test_a_joint_lead_counts_for_each_and_the_rule_is_said(county: Engine) -> None:
    answer = ask(county, "哪个单位牵头的任务最多?")
    assert "县交通运输局，共2项" in answer.text
    assert "对每个单位各计一项" in answer.text


def test_a_whole_list_has_every_item_after_its_count(county: Engine) -> None:
    answer = ask(county, "旅游方案有哪些任务?")
    assert answer.text.splitlines()[0].count("共5项任务")
    assert [line[:3] for line in answer.text.splitlines()[1:]] == [f"第{n}项" for n in range(1, 6)]


def test_several_questions_share_their_matter(county: Engine) -> None:
    answer = ask(county, "水乡夜市谁牵头、谁配合、是第几项?")
    assert answer.text.count("牵头单位是县商务局") == 1
    assert "第4项" in answer.text
    assert cited(answer) == {"4"}


def test_what_no_document_dates_is_not_stated(engine: Engine) -> None:
    answer = engine.answer(Question("自贸区方案哪些任务要在2024年底前完成?"))
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.NOT_STATED)
    assert "共0项" in answer.text or "没有写明" in answer.text


def test_two_readings_with_one_answer_are_not_asked_back(county: Engine) -> None:
    answer = county.answer(Question("第3项任务由谁牵头?"))  # the rules have articles, no third task
    assert answer.status is AnswerStatus.ANSWERED
    assert cited(answer) == {"3"}


@pytest.mark.parametrize(
    ("question", "due"),
    [
        ("2025年6月底前要完成的任务", Due("2025年6月底前", 2025, 6, 6, before=True)),
        ("6月30日前完成的任务", Due("6月30日前", None, 6, 6, 30, before=True)),
        ("6月前完成哪些任务", Due("6月前", None, 5, 5, before=True)),
        ("第二季度完成的任务", Due("第二季度", None, 4, 6)),
        ("三季度末前完成的任务", Due("三季度末前", None, 7, 9, before=True)),
        ("上半年要做哪些任务", Due("上半年", None, 1, 6)),
        ("2025年底前的任务", Due("2025年底前", 2025, before=True)),
        ("2026年要完成的任务", Due("2026年", 2026)),
        ("有完成时限的任务", Due("有完成时限", anything=True)),
        ("2024年的任务有哪些", None),  # the year of a document
        ("2025年6月发布的文件", None),
        ("谁牵头", None),
    ],
)
def test_days_are_read_from_a_question(question: str, due: Due | None) -> None:
    assert take_due(Scan(question)) == due


@pytest.mark.parametrize(
    ("value", "year", "holds"),
    [
        ("2025-06-30", 2025, True),
        ("2025-07-01", 2025, False),
        ("--06-30", 2025, True),
        ("--06-30", None, False),
        ("P30D", 2025, False),
    ],
)
def test_a_deadline_falls_in_days(value: str, year: int | None, holds: bool) -> None:
    assert Due("6月底前", None, 6, 6, before=True).holds(value, year) is holds


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("奖励100万元以上的条款", {"1000000": True, "999999": False}),
        ("超过100万元的条款有哪些", {"1000000": False, "1000001": True}),
        ("不超过五十万元的措施", {"500000": True, "600000": False, "400000/600000": True}),
        ("1.2亿元以上的任务", {"120000000": True, "119999999": False}),
    ],
)
def test_amounts_are_read_from_a_question(question: str, values: dict[str, bool]) -> None:
    worth = take_worth(Scan(question))
    assert worth is not None
    assert {value: worth.holds(value) for value in values} == values


def test_an_amount_alone_bounds_nothing() -> None:
    assert take_worth(Scan("补助60万元的是哪一项")) is None
    assert take_worth(Scan("超过100万元吗")) is None


SUGGESTING = (
    "建设游船码头由谁牵头?", "县文化旅游局牵头哪些任务?", "哪个单位牵头的任务最多?", "哪些任务没有配合单位?",
    "年底前完成的任务有几项?", "50万元以上的条款有哪些?", "旅游方案的目标是什么?", "旅游方案主要讲什么?",
    "第2项任务是什么?", "什么是游船?", "游船管理办法有多少条?", "每座码头补助多少?", "旅游方案的文号是多少?",
    "旅游方案分几个部分?", "配合单位有哪些?", "我们开民宿,有什么政策?", "第五条是什么?",
)  # fmt: skip


@pytest.mark.parametrize("question", SUGGESTING)
def test_every_answer_leads_on_to_questions_that_are_answered(
    question: str, county: Engine
) -> None:
    answer = ask(county, question)
    assert 1 <= len(answer.suggestions) <= 3
    for suggestion in answer.suggestions:
        ask(county, suggestion)


def test_every_suggestion_of_the_question_set_is_answered(engine: Engine) -> None:
    from eval.questions import read_questions

    files = (Path(__file__).parents[1] / "eval" / "questions").glob("minhang*.jsonl")
    asked = [one.question for file in files for one in read_questions(file) if not one.after]
    suggested: dict[str, str] = {}
    for question in asked[::2]:
        answer = engine.answer(Question(question))
        if answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL):
            assert answer.suggestions, question
            suggested |= dict.fromkeys(answer.suggestions, question)
    for suggestion, question in suggested.items():
        told = engine.answer(Question(suggestion))
        assert told.status is AnswerStatus.ANSWERED, (question, suggestion, told.text)


def test_the_ledger_indexes_who_holds_what(county: Engine) -> None:
    knowledge = county.knowledge
    assert knowledge.held("县文化旅游局", Role.LEAD) >= {"tourism-2025#2", "tourism-2025#3"}
    assert knowledge.held("县文化旅游局", Role.RESPONSIBLE) == frozenset()


def test_a_department_of_another_level_is_no_unit_of_the_ledger(engine: Engine) -> None:
    """市发展改革委 stands in the text, and 区发展改革委 in the ledger: one is not the other."""
    answer = engine.answer(Question("市发展改革委牵头哪些任务?"))
    assert "市发展改革委" in answer.text.splitlines()[0]
    assert "区发展改革委牵头1项" not in answer.text


def test_the_same_asked_of_two_matters_is_told_of_both(engine: Engine) -> None:
    answer = engine.answer(Question("AEO认证和离岸经贸分别由谁牵头?"))
    assert {citation.number for citation in answer.citations} == {"3", "4"}
