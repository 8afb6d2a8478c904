"""Metrics against figures worked out by hand, question sets, and search measured on a test bed."""

import json
import lzma
import math
from pathlib import Path

import pytest

from domain import Answer, AnswerStatus, Citation
from errors import UnreadableFile
from eval.metrics import faults, ndcg, recall, reciprocal_rank
from eval.questions import Expectation, read_questions
from eval.retrieval import measure, read_test_bed, word_scores
from index.entries import Entry
from index.postings import invert
from index.static import StaticEncoder
from settings import BUILTIN_ENCODER


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


def test_one_of_several_equally_right_is_enough() -> None:
    expected = Expectation(
        id="1", kind="k", question="问", status=AnswerStatus.NOT_FOUND,
        status_any=(AnswerStatus.NOT_STATED,), says_any=("甲", "乙"),
        cites_any=("p#1", "p#2"), exact=True,
    )  # fmt: skip
    texts = {"p": "原文"}
    assert faults(expected, answer("乙", "原文", AnswerStatus.NOT_STATED), texts) == []
    assert faults(expected, answer("甲", "原文", AnswerStatus.NOT_FOUND), texts) == []
    assert faults(expected, answer("丙", "原文"), texts) == [
        "结果是 answered，应为 not_found 或 not_stated",
        "没有说“甲 或 乙”",
    ]
    other = expected.model_copy(update={"cites_any": ("p#2", "p#3")})
    assert faults(other, answer("甲", "原文", AnswerStatus.NOT_FOUND), texts) == [
        "没有引用 p#2 或 p#3",
        "多引用了 p#1",
    ]


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


def write_bed(folder: Path, **files: str) -> Path:
    """A test bed of three articles; `files` replaces whole files by their stem."""
    folder.mkdir(exist_ok=True)
    texts = {
        "8": ("航空条例", "无人驾驶航空器应当实名登记。\u2028所有者应当备案。"),
        "7": ("市容条例", "流动商贩不得占道经营。"),
        "9": ("劳动合同法", "订立劳动合同，应当采用书面形式。"),
    }
    rows = [{"id": i, "name": name, "text": text} for i, (name, text) in texts.items()]
    corpus = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    queries = "q1\t可以摆摊吗\r\nq2\t劳动合同要书面的吗\r\nq3\t没有答案的问题\r\n"
    qrels = "q1\t7\r\nq2\t9\r\n"
    (folder / "corpus.jsonl.xz").write_bytes(lzma.compress(files.get("corpus", corpus).encode()))
    (folder / "queries.tsv").write_text(files.get("queries", queries), "utf-8", newline="")
    (folder / "qrels.tsv").write_text(files.get("qrels", qrels), "utf-8", newline="")
    return folder


def test_a_test_bed_is_read_packed_or_plain(tmp_path: Path) -> None:
    bed = read_test_bed(write_bed(tmp_path))
    assert [entry.id for entry in bed.entries] == ["8", "7", "9"]
    assert bed.entries[1] == Entry("7", "流动商贩不得占道经营。", "市容条例")
    assert "\u2028" in bed.entries[0].text
    assert bed.queries == {"q1": "可以摆摊吗", "q2": "劳动合同要书面的吗"}
    assert bed.relevant == {"q1": {"7"}, "q2": {"9"}}
    (tmp_path / "corpus.jsonl").write_text('{"id": 1, "text": "无名"}\n', "utf-8-sig")
    assert read_test_bed(tmp_path).entries == [Entry("1", "无名")]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"corpus": '{"id": 1}'}, "KeyError"),
        ({"corpus": "[1]"}, "TypeError"),
        ({"corpus": "\n"}, "没有文本"),
        ({"queries": "q1 无制表符"}, "ValueError"),
        ({"qrels": "q7\t7\n"}, "没有在 qrels.tsv 中有答案的问题"),
    ],
)
def test_a_bad_test_bed_says_what_is_wrong(
    files: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read_test_bed(write_bed(tmp_path, **files))


def test_search_is_measured_as_users_have_it(tmp_path: Path) -> None:
    said: list[str] = []
    seen: list[tuple[int, int]] = []
    figures = measure(
        read_test_bed(write_bed(tmp_path)),
        StaticEncoder(BUILTIN_ENCODER),
        said.append,
        lambda done, of: seen.append((done, of)),
    )
    names = "recall@5 recall@10 recall@100 mrr@10 ndcg@10 p50_ms p95_ms"
    assert {way: " ".join(row) for way, row in figures.items()} == dict.fromkeys(
        ("bm25", "dense", "hybrid"), names
    )
    assert figures["hybrid"]["mrr@10"] == 1.0  # 摆摊 is widened to 流动商贩 and 占道经营
    assert figures["bm25"]["mrr@10"] < 1.0  # and BM25 as published knows nothing of that
    assert all(0 < row["p50_ms"] <= row["p95_ms"] for row in figures.values())
    assert seen[-1] == (9, 9)
    assert said[0].startswith("3 条文本")


def test_word_scores_are_those_of_the_formula() -> None:
    texts = [["占", "道"], ["道", "道", "道", "路"], ["路", "灯"]]
    parts = [(invert(texts, "words", None), 3)]
    rarity = {"道": math.log(1 + 1.5 / 2.5), "灯": math.log(1 + 2.5 / 1.5)}

    def impact(tf: int, length: int) -> float:
        return tf * 2.5 / (tf + 1.5 * (0.25 + 0.75 * length / (8 / 3)))

    expected = [
        rarity["道"] * impact(1, 2),
        rarity["道"] * impact(3, 4),
        rarity["灯"] * impact(1, 2),
    ]
    assert word_scores(parts, ["道", "灯", "无"]) == pytest.approx(expected, rel=1e-3)
    assert word_scores(parts, ["道", "道"])[0] == pytest.approx(
        2 * impact(1, 2) * rarity["道"], rel=1e-3
    )
    split = [(invert(texts[:2], "words", 8 / 3), 2), (invert(texts[2:], "words", 8 / 3), 1)]
    assert word_scores(split, ["道", "灯"]) == pytest.approx(expected, rel=1e-3)
