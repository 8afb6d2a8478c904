"""Training of the encoder, on a few paragraphs: seconds, not minutes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from typer.testing import CliRunner

from index.static import StaticEncoder
from index.training.__main__ import app
from index.training.checkpoint import CheckpointError
from index.training.corpus import DataFolderError, Passage, passages_of, read_passages
from index.training.everyday import (
    EverydayQuestion,
    QuestionFileError,
    answers,
    kept_questions,
    read_questions,
    training_questions,
)
from index.training.export import EMBEDDING, write_encoder
from index.training.model import build_mixture
from index.training.pairs import PairRecipe, PairSampler, cut_query, tokenise, tokenise_questions
from index.training.questions import QuestionFrames
from index.training.ragged import Ragged
from index.training.settings import TrainingSettings
from index.training.testbed import write_test_bed
from index.training.thesaurus import build_term_ids, read_thesaurus
from index.training.tokenizer import build_tokenizer, choose_vocabulary
from index.training.train import train_encoder
from settings import ROOT

PARAGRAPHS = """
第一条 为了规范流动商贩的经营行为,维护城市道路的通行秩序,制定本条例。
第二条 在城市道路上占道经营的,由城市管理部门责令改正,可以并处罚款。
第三条 失业人员可以向公共就业服务机构申请职业技能培训补贴和创业担保贷款。
第四条 特困人员的供养标准由省级人民政府确定,并向社会公布。
第五条 企业申请成为海关高级认证企业(AEO)的,由海关对其内部控制进行评估。
第六条 支持ＡＥＯ企业在2024年开展离岸经贸业务,对接跨境贸易服务平台。
"""
DOCUMENT = "城市管理条例(2024-11-28)"
PASSAGES = list(passages_of(DOCUMENT, PARAGRAPHS.splitlines(), DOCUMENT))
SHARED = ROOT.parent / "shared" / "data"
QUESTIONS = [
    EverydayQuestion(DOCUMENT, "第二条", "摆摊会不会被罚"),
    EverydayQuestion(DOCUMENT, "第三条", "下岗了想开店能贷款吗"),
]
SMALL = TrainingSettings(vocabulary=400, dimensions=16, steps=6, batch=4, checkpoint_every=2)
SENTENCES = ["流动商贩占道经营怎么处罚?", "失业人员的创业担保贷款", "AEO 认证", "", "???"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build_tokenizer(choose_vocabulary([PARAGRAPHS], 400))


def train(work: Path, out: Path, stop_after: int | None = None) -> StaticEncoder:
    train_encoder(PASSAGES, QUESTIONS, [], SMALL, work, out, stop_after=stop_after)
    return StaticEncoder(out)


def test_articles_take_the_lines_that_follow_them() -> None:
    """
    # 某条例
    ## 第二章 保护措施
    **第三条** 有下列情形之一的,应当保护:
    (一)第一种;
    (二)第二种。
    第四条 本条例自公布之日起施行。
    """
    text = test_articles_take_the_lines_that_follow_them.__doc__ or ""
    first, second = passages_of("某条例(2024-11-28)", text.splitlines())
    assert first == Passage(
        "某条例", "第二章 保护措施", "第三条 有下列情形之一的,应当保护:(一)第一种;(二)第二种。"
    )
    assert second.text == "第四条 本条例自公布之日起施行。"


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="--data"):
        read_passages(tmp_path / "nowhere")
    result = CliRunner().invoke(app, ["--data", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "nowhere" in result.stderr


def test_the_official_folder_alone_is_enough(tmp_path: Path) -> None:
    (tmp_path / "official").mkdir()
    (tmp_path / "official" / "通知.txt").write_text(PARAGRAPHS, encoding="utf-8")
    assert [passage.title for passage in read_passages(tmp_path)] == ["通知"] * 6


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("失业人员申请补贴", ["失业", "人员", "申请", "补贴"]),
        ("ＡＥＯ，AEO。aeo", ["aeo"] * 3),
        ("(２０２４)年", ["2024", "年"]),
        ("。 ?\n", []),
    ],
)
def test_the_tokenizer_cuts_words_and_drops_marks(text: str, tokens: list[str]) -> None:
    cut = build_tokenizer(choose_vocabulary([PARAGRAPHS * 5], 400))
    assert cut.encode(text).tokens == tokens


def test_a_pair_shares_no_place_of_the_text() -> None:
    text = np.arange(40)
    for seed in range(50):
        query, rest = cut_query(text, PairRecipe(span=(4, 14)), np.random.default_rng(seed))
        assert 2 <= len(query) <= 14
        assert sorted([*query, *rest]) == text.tolist()


def test_an_official_term_becomes_an_everyday_one(tmp_path: Path, tokenizer: Tokenizer) -> None:
    path = tmp_path / "thesaurus.tsv"
    path.write_text("# note\n经营\t占道经营 流动商贩\n", encoding="utf-8")
    terms = build_term_ids(read_thesaurus(path), tokenizer)
    query = np.asarray(tokenizer.encode("处罚占道经营").ids)
    random = np.random.default_rng(0)
    changed = terms.substitute(query, 1.0, random)
    assert changed.tolist() == tokenizer.encode("处罚").ids + tokenizer.encode("经营").ids
    assert terms.substitute(query, 0.0, random).tolist() == query.tolist()
    everyday, official = terms.pair(random)
    assert everyday.tolist() == tokenizer.encode("经营").ids
    assert tuple(official) in {terms.entries[0][1][0], terms.entries[0][1][1]}
    assert read_thesaurus(tmp_path / "missing.tsv") == []


def test_a_word_shares_the_vectors_of_its_parts() -> None:
    mixture = build_mixture(["[UNK]", "人", "员", "人员"], share=1.0)
    own = torch.eye(4)
    half = 0.5**0.5
    assert torch.allclose(mixture.table(own)[3], torch.tensor([0.0, half, half, 1.0]))
    assert mixture.table(own)[0].abs().sum() == 0


def test_ragged_rows_come_back() -> None:
    rows = Ragged.of([[1, 2], [], [3]])
    assert rows.take(np.asarray([2, 0])).flat.tolist() == [3, 1, 2]
    assert rows.joined(Ragged.of([[4]])).row(3).tolist() == [4]


def test_sentence_transformers_gives_the_vectors_of_the_numpy_path(tmp_path: Path) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    ours = train(tmp_path / "work", tmp_path / "encoder").encode_passages(SENTENCES)
    model = sentence_transformers.SentenceTransformer(str(tmp_path / "encoder"), device="cpu")
    theirs = model.encode(SENTENCES).astype(np.float32)
    assert (np.einsum("ij,ij->i", ours[:3], theirs[:3]) >= 0.999).all()
    assert not ours[3:].any()


def test_a_resumed_run_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    whole = train(tmp_path / "a", tmp_path / "whole").fingerprint
    halfway = train(tmp_path / "b", tmp_path / "resumed", stop_after=3).fingerprint
    resumed = train(tmp_path / "b", tmp_path / "resumed").fingerprint
    assert halfway != whole
    assert resumed == whole


def test_a_checkpoint_of_other_texts_is_refused(tmp_path: Path) -> None:
    train(tmp_path / "work", tmp_path / "encoder", stop_after=2)
    with pytest.raises(CheckpointError, match="--work"):
        train_encoder(PASSAGES[1:], [], [], SMALL, tmp_path / "work", tmp_path / "encoder")


def test_a_new_encoder_keeps_the_model_card(tmp_path: Path, tokenizer: Tokenizer) -> None:
    out = tmp_path / "encoder"
    out.mkdir()
    (out / "README.md").write_text("card", encoding="utf-8")
    write_encoder(out, tokenizer, torch.ones(tokenizer.get_vocab_size(), 4))
    assert (out / "README.md").read_text(encoding="utf-8") == "card"
    assert json.loads((out / "modules.json").read_text())[0]["path"] == EMBEDDING
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


def test_questions_name_the_clauses_that_answer_them(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text(f"{DOCUMENT}\t第四条\t孤寡老人谁来养\n", "utf-8")
    [question] = read_questions(path)
    assert answers([question], PASSAGES) == [3]
    with pytest.raises(QuestionFileError, match="第九条"):
        answers([EverydayQuestion(DOCUMENT, "第九条", "？")], PASSAGES)
    path.write_text(f"{DOCUMENT}\t第四条\n", "utf-8")
    with pytest.raises(QuestionFileError, match=r"questions\.tsv:1"):
        read_questions(path)
    with pytest.raises(QuestionFileError, match="nowhere"):
        read_questions(tmp_path / "nowhere")


def test_a_written_question_is_drawn_with_its_clause(tokenizer: Tokenizer) -> None:
    corpus = tokenise(PASSAGES, tokenizer)
    texts = [question.text for question in QUESTIONS]
    written = tokenise_questions(texts, answers(QUESTIONS, PASSAGES), corpus.kept, tokenizer)
    recipe = PairRecipe(everyday=1.0, forget=0.0, everyday_name=0.0, term=0.0)
    frames = QuestionFrames(tokenizer)
    sampler = PairSampler(corpus, recipe, written, build_term_ids([], tokenizer), frames, 0)
    batch = sampler.batch(0, 6)
    expected = {
        tuple(tokenizer.encode(question.text).ids): tokenizer.encode(PASSAGES[place].text).ids
        for question, place in zip(QUESTIONS, (1, 2), strict=True)
    }
    for row in range(len(batch.queries)):
        assert batch.passages.row(row).tolist() == expected[tuple(batch.queries.row(row).tolist())]


def test_nothing_of_a_kept_document_is_read(tmp_path: Path) -> None:
    """Also a copy of its text in another file, with other blanks, is left out."""
    folder = tmp_path / "official"
    folder.mkdir()
    (folder / "甲.txt").write_text("第一条 为了保护耕地，制定本办法，自公布之日起施行。\n", "utf-8")
    (folder / "乙.txt").write_text(
        "第一条　为了保护耕地,制定本办法，自公布之日起施行。\n第二条 占用耕地的，应当开垦相等的耕地。\n",
        "utf-8",
    )
    assert len(read_passages(tmp_path)) == 3
    [left] = read_passages(tmp_path, {"official/甲.txt"})
    assert left.text.startswith("第二条")


def test_no_question_to_learn_from_is_over_a_kept_document() -> None:
    folder = ROOT / "data" / "training"
    learnt, kept = training_questions(folder), kept_questions(folder)
    assert len(learnt) >= 6000
    assert len(kept) >= 500
    assert not {q.document for q in learnt} & {q.document for q in kept}
    assert not {q.text for q in learnt} & {q.text for q in kept}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no folder {SHARED}")
def test_every_written_question_has_its_clause_in_the_data_folder(tmp_path: Path) -> None:
    folder = ROOT / "data" / "training"
    kept = kept_questions(folder)
    passages = read_passages(SHARED, {question.document for question in kept})
    questions = training_questions(folder)
    assert len(answers(questions, passages)) == len(questions)
    texts = write_test_bed(SHARED, kept, tmp_path)
    corpus = (tmp_path / "corpus.jsonl").read_text("utf-8").splitlines()
    assert len(corpus) == texts
    first = (tmp_path / "qrels.tsv").read_text("utf-8").splitlines()[0].split("\t")[1]
    assert json.loads(corpus[int(first)])["text"].startswith(kept[0].opening)
