"""Metrics against figures worked out by hand, and question sets that cannot be read."""

from pathlib import Path

import pytest

from domain import Answer, AnswerStatus, Citation
from errors import UnreadableFile
from eval.metrics import faults, ndcg, recall, reciprocal_rank
from eval.questions import Expectation, read_questions


def test_ranking_metrics() -> None:
    ranked = ["a", "b", "c", "d"]
    assert recall(ranked, {"b", "x"}, 2) == 0.5
    assert recall(ranked, {"d"}, 3) == 0.0
    assert reciprocal_rank(ranked, {"c", "d"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranked, {"d"}, 3) == 0.0
    assert ndcg(ranked, {"a"}, 10) == 1.0
    assert ndcg(ranked, {"b"}, 10) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(ranked, set(), 10) == 0.0


def answer(text: str, quote: str, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    citation = Citation(1, "p", "题", None, "p#1", "1", (), quote, 0, len(quote))
    return Answer(text, status, "builtin", "c", (citation,))


def test_every_kind_of_fault_is_found() -> None:
    expected = Expectation(
        id="1", kind="k", question="问", status=AnswerStatus.ANSWERED,
        says=("甲",), says_not=("乙",), cites=("p#1",), exact=True,
    )  # fmt: skip
    texts = {"p": "原文"}
    assert faults(expected, answer("甲", "原文"), texts) == []
    assert len(faults(expected, answer("乙", "原文"), texts)) == 2
    assert faults(expected, answer("甲", "改文"), texts) == ["引文[1]与原文不一致"]
    [fault] = faults(expected, answer("甲", "原文", AnswerStatus.PARTIAL), texts)
    assert "partial" in fault
    other = expected.model_copy(update={"cites": ("p#2",)})
    assert faults(other, answer("甲", "原文"), texts) == ["没有引用 p#2", "多引用了 p#1"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"id": "1"}', "第1行"),
        ('{"id": "1", "kind": "k", "question": "q", "status": "good"}', "status"),
        ("\n\nno json", "第3行"),
        ("\n", "没有问题"),
    ],
)
def test_a_bad_question_set_names_its_line(content: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(UnreadableFile, match=says):
        read_questions(file)
