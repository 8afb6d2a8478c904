"""Conversations: what leans on the question before, and what does not."""

import pytest

from domain import Answer, AnswerStatus, Question
from qa.engine import Engine


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
    ],
)
def test_a_question_that_leans_is_made_whole(
    questions: tuple[str, ...], numbers: set[str], engine: Engine
) -> None:
    answer = talk(engine, *questions)
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert {citation.number for citation in answer.citations} == numbers


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
    assert engine.answer(Question("月球驿站由谁牵头?")).status is AnswerStatus.NOT_FOUND
    plan = tmp_path / "plan.txt"
    plan.write_text("1.建设月球驿站。尽快建成。(牵头单位:区航天局)\n", "utf-8")
    list(workspace.ingest([plan]))
    assert "区航天局" in engine.answer(Question("月球驿站由谁牵头?")).text
