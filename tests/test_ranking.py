"""How the signs of a clause are read, weighed, and learnt."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import SeededEncoder

from domain import Question
from eval.ranking import Asked, fit_answers, fit_ranks, main
from index.encoder import WordVectors
from index.models import open_encoder
from index.static import StaticEncoder
from qa.composers.sense import foreign
from qa.context import Context
from qa.engine import Engine
from qa.likeness import CENTRES, COLUMNS, likeness
from qa.ranking import NAMES, PLAIN, WEIGHTS, likely, ranks, signs
from qa.relevance import find, near_best
from qa.topic import Topic
from settings import BUNDLED_POLICIES, ROOT, Settings

DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def words() -> StaticEncoder:
    found = open_encoder(Settings(), lambda _: None)
    assert isinstance(found, StaticEncoder)
    return found


@pytest.fixture
def context(engine: Engine) -> Context:
    knowledge = engine.knowledge
    return Context(knowledge, engine.search, frozenset(knowledge.policies), 24, {})


def test_a_word_that_stands_there_is_nearest(words: StaticEncoder) -> None:
    there, alike, other = likeness("医师", ["医师执业", "大夫", "港口岸线"], words)
    exact = CENTRES.index(1.0)
    assert there[exact] == pytest.approx(1.0)
    assert alike[exact] < 0.1
    assert alike @ np.r_[CENTRES, 0] > other @ np.r_[CENTRES, 0]


def test_texts_and_questions_without_words_say_nothing(words: StaticEncoder) -> None:
    assert not likeness("？！", ["医师执业"], words).any()
    rows = likeness("医师", ["", "医师执业", "。"], words)
    assert rows.shape == (3, COLUMNS)
    assert rows[1].any()
    assert not rows[[0, 2]].any()
    assert likeness("医师", [], words).shape == (0, COLUMNS)


def test_each_text_is_read_as_if_alone(words: StaticEncoder) -> None:
    texts = ["支持企业申请认证", "优化落户政策", "建立工作专班"]
    together = likeness("企业怎么认证", texts, words)
    alone = np.vstack([likeness("企业怎么认证", [text], words) for text in texts])
    assert np.allclose(together, alone, atol=1e-6)


def test_word_vectors_are_those_of_the_texts(words: StaticEncoder) -> None:
    tokens, numbers = words.cut("医师")
    assert tokens == ["医师"]
    assert np.allclose(words.vectors(numbers), words.encode_queries(["医师"]), atol=1e-6)
    assert isinstance(words, WordVectors)
    assert not isinstance(SeededEncoder(), WordVectors)


def test_the_weights_name_every_sign() -> None:
    weights = json.loads(WEIGHTS.read_text("utf-8"))
    assert set(weights["ranks"]) == set(NAMES)
    assert set(weights["plain"]) == set(PLAIN)
    assert weights["ranks"]["dense"] > 0
    assert likely(0.6, 0.0) > likely(0.3, 0.0) > likely(0.3, 5.0)


def test_a_model_without_word_vectors_ranks_by_the_other_signs() -> None:
    plain = np.array([[0.1, 0.9, 0.8, 4.0, 1.0], [0.9, 0.1, 0.1, 4.0, 1.0]])
    found = signs("低空经济", ["甲", "乙"], plain, None)
    first, second = ranks(found, with_words=False)
    assert first > second


def test_matches_come_best_first_and_near_ones_stay(context: Context) -> None:
    matches = find(Topic.of("低空经济由谁牵头"), context, context.k)
    assert [m.rank for m in matches] == sorted((m.rank for m in matches), reverse=True)
    assert matches[0].clause.id == "ftz-2024#8"
    assert near_best(matches, 0.0) == [m for m in matches if m.bears][:1]


def test_what_a_question_quotes_it_asks_of(context: Context, engine: Engine) -> None:
    matches = find(Topic.of("“虹桥之夜”哪天办"), context, context.k)
    assert {m.clause.id for m in near_best(matches)} == {"hongqiao-2021#54"}
    assert "不清楚" not in engine.answer(Question("即买即推在哪搞")).text
    assert "按“即买即退”理解" in engine.answer(Question("即买即推在哪搞")).text


def cases(random: np.random.Generator) -> list[Asked]:
    """Questions whose answer has the greatest score; in every third nothing answers."""
    found = []
    for at in range(90):
        table = random.random((6, len(NAMES)))
        right = np.arange(6) == table[:, NAMES.index("score")].argmax()
        there = at % 3 > 0
        table[:, NAMES.index("dense")] += 0.5 * there
        found.append(Asked("kept.tsv", table, right & there, 0.0, there))
    return found


def test_what_sets_the_answers_apart_is_learnt() -> None:
    found = cases(np.random.default_rng(1))
    weights = fit_ranks(found, NAMES)
    assert max(weights, key=lambda name: abs(weights[name])) == "score"
    ranked = [one.signs @ np.array([weights[name] for name in NAMES]) for one in found]
    answers = fit_answers(found, ranked)
    assert answers["dense"] > 0
    without = [replace(one, answers=np.zeros(6, bool)) for one in found]
    assert fit_answers(without, ranked)["bias"] < answers["bias"]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("专门张罗大展销的公司,这边想引几家过来吗?", "hongqiao-2021#10"),
        ("国外专家就来三天讲讲课,进来的手续好办吗?", "ftz-2024#18"),
    ],
)
def test_whether_something_is_needs_no_figure(question: str, clause: str, engine: Engine) -> None:
    answer = engine.answer(Question(question))
    assert answer.status.value == "answered", answer.text
    assert clause in {citation.clause_id for citation in answer.citations}


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real documents is not here")
def test_the_weights_are_made_by_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (ROOT / "data" / "training" / "kept.tsv").read_text("utf-8").splitlines()
    few = [line for line in lines if line.startswith("official/central-bank")][:120]
    (tmp_path / "kept.tsv").write_text("\n".join(few), "utf-8")
    out = tmp_path / "weights.json"
    main(["--data", str(DATA), "--questions", str(tmp_path), "--out", str(out)])
    assert set(json.loads(out.read_text("utf-8"))) == {"ranks", "plain", "answers"}
    told = capsys.readouterr().out
    assert "kept.tsv" in told
    assert "ranked" in told


def test_the_bundled_policies_taught_no_weight() -> None:
    """No question that the weights are learnt from is over a policy that comes with Wence."""
    own = {file.stem for file in BUNDLED_POLICIES.glob("*.txt")}
    for file in (ROOT / "data" / "training").glob("*.tsv"):
        documents = {line.partition("\t")[0] for line in file.read_text("utf-8").splitlines()}
        assert not any(name in document for document in documents for name in own)


def test_what_is_foreign_are_the_matters_of_official_documents(context: Context) -> None:
    assert foreign("公司买不起设备，能不能借别人家的用?", context) == 0.0  # 能不能 names nothing
    one, two = foreign("幼儿园怎么报名", context), foreign("幼儿园和养老院的床位怎么报名", context)
    assert 3.0 < one < two  # the root of the squares of both


@pytest.mark.parametrize(
    "question",
    [
        "推广应用里提到光伏、储能产业的任务有哪些?",
        "7所附属学校分别叫什么名字?",
        "工作专班组长叫什么名字?",
        "联动创新区46平方公里里面,虹桥和大零号湾各占多少?",
        "离岸经贸业务企业名单里有哪些公司?",
        "区域内“优质企业”的认定标准是什么?",
        "嘉闵线哪一年通车?",
    ],
)
def test_a_fact_that_no_clause_shows_is_not_told(question: str, engine: Engine) -> None:
    answer = engine.answer(Question(question))
    assert answer.status.value in ("not_stated", "not_found"), answer.text
