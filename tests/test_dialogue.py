"""Conversations: what leans on the question before, and what does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Answer, AnswerStatus, Question
from eval.questions import read_questions
from qa.conversation.corrections import corrected
from qa.engine import Engine
from settings import ROOT


def talk(engine: Engine, *questions: str) -> Answer:
    """The answer to the last of the questions, asked in one conversation."""
    answer = engine.answer(Question(questions[0]))
    for question in questions[1:]:
        answer = engine.answer(Question(question, answer.conversation_id))
    return answer


COMPLETE = (
    "哪些任务没有配合单位?",
    "提到长三角的任务有哪些?",
    "哪个单位牵头的任务最多?",
    "一共多少项任务?",
)
FIRST = (
    "区市场监管局牵头哪些任务?",
    "低空经济由谁牵头?",
    "火星旅游补贴多少?",
    "我们做跨境电商,有什么政策?",
)


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("question", COMPLETE)
def test_a_complete_question_is_answered_as_if_alone(
    first: str, question: str, engine: Engine
) -> None:
    assert talk(engine, first, question).text == engine.answer(Question(question)).text


@pytest.mark.parametrize(
    ("questions", "numbers"),
    [
        (("低空经济由谁牵头?", "那配合单位呢?"), {"8"}),
        (("区科委牵头哪些任务?", "那它配合的有哪些?"), {"9", "10", "15"}),
        (("区市场监管局牵头哪些任务?", "区财政局呢?"), {"13", "14", "15"}),
        (("区市场监管局牵头哪些任务?", "第二个是什么?"), {"10"}),
        (("自贸区方案第8项由谁牵头?", "那第9项呢?"), {"9"}),
        (("药品临床试验审批时限压缩到多少日?", "这件事谁牵头?"), {"10"}),
        (("第5项任务是什么?", "自贸区方案的"), {"5"}),
        (("第5项任务由谁牵头?", "第一个"), {"5"}),
        (("第5项任务是什么?", "虹桥"), {"5"}),
        (("区科委配合哪些任务?", "第二个由谁牵头?", "第三个呢?"), {"15"}),
        (("区市场监管局牵头几项?", "哪几项?"), {"9", "10", "12", "15"}),
        (("区市场监管局牵头几项?", "列出来"), {"9", "10", "12", "15"}),
        (("区经委牵头哪些任务?", "最后一项是什么?"), {"16"}),
        (("区经委牵头哪些任务?", "第一项和第二项的配合单位是谁?"), {"7", "8"}),
        (("区经委牵头哪些任务?", "其中有配合单位的是哪些?"), {"7", "8", "16"}),
        (("低空经济由谁牵头?", "他们还负责什么?"), {"7", "8", "16"}),
        (("低空经济由谁牵头?", "它是第几项?"), {"8"}),
        (("低空经济由谁牵头?", "为什么?"), {"8"}),
        (("低空经济由谁牵头?", "那数据跨境呢?", "它的牵头单位还牵头什么?"), {"19"}),
        (("低空经济由谁牵头?", "谢谢", "配合单位呢?"), {"8"}),
        (("自贸区方案第8项是什么?", "谁牵头?", "下一项呢?"), {"9"}),
        (("自贸区方案第8项是什么?", "上一项呢?"), {"7"}),
        (("保障措施有哪些?", "第二条说了什么?", "下一条呢?"), {"(三)"}),
        (("哪个单位牵头最多?", "它还牵头哪些任务?"), {"9", "10", "12", "15"}),
        (("自贸区方案分几个部分?", "第三部分有哪些任务?", "第二个谁牵头?"), {"2"}),
        (("区商务委牵头支持企业申请AEO认证,对吧?", "还有吗?"), {"3", "4"}),
        (("低空经济由谁牵头?", "那它要开展哪些培训?"), {"8"}),
        (("第7项任务是什么?", "我说的是自贸区方案的,不是虹桥的"), {"7"}),
        (("自贸区方案第1项和第2项分别是什么?", "前一个由谁牵头?"), {"1"}),
        (("区科委配合哪些任务?", "那它自己牵头的呢?"), {"6"}),
        (("跨境资金池谁牵头?", "区商务委呢,它参与吗"), {"14"}),
        (("跨境资金池谁牵头?", "这是哪一条?"), {"14"}),
        (("虹桥进口商品展示交易中心A栋什么时候投用?", "B栋呢?"), {"18"}),
        (("哪个单位牵头最多?", "排第二的呢?"), {"7", "8", "16", "13", "14", "15"}),
        (("区科委牵头的任务是哪项?由谁配合?",), {"6"}),
        (("闵行联动创新区面积多大?", "包括哪两块地方?"), {"二"}),
        (("虹桥安排南部科创中心部分的第二项是什么?",), {"37"}),
        (("虹桥安排南部科创中心部分的第二项是什么?", "第三项呢?"), {"38"}),
        (("低空经济由谁牵头?", "换个话题,数据跨境谁牵头?"), {"19"}),
        # a correction
        (("区科委牵头哪些任务?", "不对,我问的是配合"), {"9", "10", "15"}),
        (("低空经济由谁牵头?", "不对，我问的是配合单位"), {"8"}),
        (("区经委牵头哪些任务?", "不是区经委,是区科委"), {"6"}),
        (("第8项任务谁牵头?", "我说的是自贸区那份"), {"8"}),
        (("低空经济由谁牵头?", "错了,是数据跨境"), {"19"}),
        # a change of topic
        (("低空经济由谁牵头?", "跨境电商有哪些任务?"), {"30", "34"}),
        (("区市场监管局牵头哪些任务?", "区科委呢?", "那配合的呢?"), {"9", "10", "15"}),
    ],
)
def test_a_question_that_leans_is_made_whole(
    questions: tuple[str, ...], numbers: set[str], engine: Engine
) -> None:
    answer = talk(engine, *questions)
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert {citation.number for citation in answer.citations} == numbers


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        (("自贸区方案的文号是什么?", "什么时候印发的?"), "2024年11月1日"),
        (("自贸区方案的文号是什么?", "什么时候印发的?", "还有效吗?"), "没有写明有效期"),
        (("自贸区方案有几项任务?", "虹桥的呢?"), "共60项任务"),
        (("自贸区方案有几项任务?", "虹桥的呢?", "哪几个部分?"), "分4个方面"),
    ],
)
def test_a_document_stays_the_one_that_is_talked_of(
    questions: tuple[str, ...], says: str, engine: Engine
) -> None:
    answer = talk(engine, *questions)
    assert says in answer.text
    assert len({citation.policy_id for citation in answer.citations}) == 1


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("不对,我问的是配合单位", "配合单位呢"),
        ("不是区经委,是区科委", "区科委呢"),
        ("自贸区方案的,不是虹桥的", "自贸区方案的,不是虹桥的"),
        ("我说的是自贸区方案的,不是虹桥的", "自贸区方案的呢"),
        ("说错了,我想问的是区教育局", "区教育局呢"),
        ("我说的是虹桥那份", "虹桥那份呢"),
        ("错了,是数据跨境", "数据跨境呢"),
        ("不对,是谁配合?", "谁配合"),
        ("换成区科委", "区科委呢"),
        ("区经委是不是牵头低空经济?", "区经委是不是牵头低空经济?"),
        ("不是区经委牵头的任务有哪些?", "不是区经委牵头的任务有哪些?"),
        ("低空经济由谁牵头?", "低空经济由谁牵头?"),
    ],
)
def test_a_correction_is_read_as_what_it_puts_right(message: str, meant: str) -> None:
    assert corrected(message) == meant


def test_a_question_that_leans_on_nothing_is_asked_back(engine: Engine) -> None:
    answer = engine.answer(Question("那配合单位呢?"))
    assert answer.status is AnswerStatus.CLARIFY
    assert answer.suggestions


def test_what_another_process_ingests_is_seen(tmp_path, monkeypatch) -> None:
    from settings import load_settings
    from workspace import Workspace

    monkeypatch.setattr("qa.engine.LOOK_EVERY", 0.0)
    workspace = Workspace(load_settings({"WENCE_DATA_DIR": str(tmp_path / "data")}))
    engine = workspace.engine()
    assert engine.answer(Question("月球驿站由谁牵头?")).status is not AnswerStatus.ANSWERED
    plan = tmp_path / "plan.txt"
    plan.write_text("1.建设月球驿站。尽快建成。(牵头单位:区航天局)\n", "utf-8")
    list(workspace.ingest([plan]))
    assert "区航天局" in engine.answer(Question("月球驿站由谁牵头?")).text


def test_a_place_that_no_list_has_and_a_part_that_no_document_has_are_answered(
    engine: Engine,
) -> None:
    assert talk(engine, "火星旅游补贴多少?", "第0个是什么?").text
    assert talk(engine, "低空经济由谁牵头?", "它是第几项?", "联动创新区政策任务?").text


ASKED = [
    one.question
    for name in ("minhang", "unseen")
    for one in read_questions(ROOT / "eval" / "questions" / f"{name}.jsonl")
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(ASKED), st.sampled_from(ASKED), st.floats(0, 1), st.floats(0, 1)),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_is_typed_is_answered_with_true_quotes(
    engine: Engine, typed: list[tuple[str, str, float, float]]
) -> None:
    """Halves of questions put together, one after the other in a conversation."""
    messages = [
        first[: int(cut * len(first)) + 1] + second[int(rest * len(second)) :]
        for first, second, cut, rest in typed
    ]
    answer = talk(engine, *messages)
    assert answer.text
    for citation in answer.citations:
        assert citation.quote in engine.knowledge.policies[citation.policy_id].text
