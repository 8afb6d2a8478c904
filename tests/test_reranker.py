"""The re-ranker: a cross-encoder reads the first hits and puts them in order."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from small_models import headless_model, pair_model, sentence_model
from test_cli import wence

from domain import Hit
from errors import RerankerUnavailable
from index.entries import Where
from index.models import open_reranker
from index.reranker import READ, Reranked, passages_of
from ingest.catalog import Catalog
from qa.engine import Engine
from settings import BUNDLED_POLICIES, ROOT, load_settings
from workspace import Workspace

QUESTION = "无人机出口"
WORDS = [file.read_text("utf-8") for file in sorted(BUNDLED_POLICIES.glob("*.txt"))]


class Numbers:
    """A search whose hits are numbers, those that `where` names first."""

    def __init__(self, size: int = 1000) -> None:
        self.size = size
        self.asked: list[int] = []

    def search(self, query: str, k: int, *, where: Where | None = None) -> list[Hit]:
        self.asked.append(k)
        ids: Collection[str] = where["id"] if where else [str(at) for at in range(self.size)]
        return [Hit(key, -float(key), {"dense": float(key)}) for key in list(ids)[:k]]


class Value:
    """A scorer: a passage is the better the greater its number."""

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        return np.array([float(passage) for passage in passages], np.float32)


def numbers(hits: Sequence[Hit]) -> list[str]:
    return [hit.clause_id for hit in hits]


def reranked(search: Numbers) -> Reranked:
    return Reranked(search, Value, numbers)


def test_the_scorer_turns_the_order_around() -> None:
    hits = reranked(Numbers(4)).search(QUESTION, 3)
    assert [hit.clause_id for hit in hits] == ["3", "2", "1"]
    assert [hit.score for hit in hits] == [3.0, 2.0, 1.0]
    assert hits[0].scores == {"dense": 3.0, "rerank": 3.0}


def test_more_are_read_than_are_wanted() -> None:
    search = Numbers()
    assert [hit.clause_id for hit in reranked(search).search(QUESTION, 1)] == [str(READ - 1)]
    assert len(reranked(search).search(QUESTION, READ + 9)) == READ + 9
    assert search.asked == [READ, READ + 9]


def test_filters_pass_through() -> None:
    hits = reranked(Numbers()).search(QUESTION, 3, where={"id": ["7", "800"]})
    assert [hit.clause_id for hit in hits] == ["800", "7"]


def test_equal_scores_leave_the_order_as_it_was() -> None:
    class Same(Value):
        def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
            return np.zeros(len(passages), np.float32)

    hits = Reranked(Numbers(4), Same, numbers).search(QUESTION, 4)
    assert [hit.clause_id for hit in hits] == ["0", "1", "2", "3"]


def test_where_nothing_is_found_nothing_is_read() -> None:
    def no_scorer() -> Value:
        raise AssertionError("the model was asked for")

    assert Reranked(Numbers(0), no_scorer, numbers).search(QUESTION, 3) == []
    assert Reranked(Numbers(9), no_scorer, numbers).search(QUESTION, 0) == []


def test_a_clause_is_read_below_its_title_and_headings(catalog: Catalog) -> None:
    hits = [Hit(key, 1.0) for key in ("ftz-2024#8", "ftz-2024#no")]
    clause, unknown = passages_of(catalog, hits)
    assert clause.startswith(
        "关于推进上海自贸试验区闵行联动创新区建设的实施方案 三、重点任务\n8.促进低空"
    )
    assert clause.endswith(")")
    assert unknown == ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pair_model(tmp_path_factory.mktemp("pairs"), [*WORDS, QUESTION])


def opened(name: Path | str) -> object:
    return open_reranker(load_settings({"WENCE_RERANKER": str(name)}, Path("no.toml")))


def test_scores_are_those_of_the_library(folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    passages = ["低空经济", "无人机出口和飞行员培训", ""]
    theirs = CrossEncoder(str(folder), device="cpu").predict([(QUESTION, p) for p in passages])
    ours = opened(folder).scores(QUESTION, passages)
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert len({round(float(score), 6) for score in ours}) == 3


def test_a_long_clause_is_read_to_a_length(folder: Path) -> None:
    scorer = opened(folder)
    near, far = "低空经济" * 100, "低空经济" * 140
    assert scorer.scores(QUESTION, [near + "出口"]) != scorer.scores(QUESTION, [near + "企业"])
    assert scorer.scores(QUESTION, [far + "出口"]) == scorer.scores(QUESTION, [far + "企业"])


def test_several_threads_may_ask_at_once(folder: Path) -> None:
    scorer = opened(folder)
    passages = ["低空经济" * (at % 7 + 1) for at in range(40)]
    one = scorer.scores(QUESTION, passages)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: scorer.scores(QUESTION, passages), range(24)):
            assert found == pytest.approx(one, abs=1e-6)


def refusal(name: Path | str) -> str:
    with pytest.raises(RerankerUnavailable) as caught:
        opened(name)
    [sentence] = str(caught.value).splitlines()
    assert sentence.startswith(f"重排模型 {name} 载入失败(")
    assert "WENCE_RERANKER" in sentence
    return sentence


def test_what_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    for made in (
        headless_model(tmp_path / "headless", WORDS),
        pair_model(tmp_path / "classes", WORDS, labels=3),
        sentence_model(tmp_path / "sentences", WORDS),
    ):
        assert "不是给一对文字打一个分的模型" in refusal(made)


@pytest.mark.parametrize("broken", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_broken_folder_is_refused(tmp_path: Path, folder: Path, broken: str) -> None:
    shutil.copytree(folder, tmp_path / "m")
    (tmp_path / "m" / "vocab.txt").unlink()
    (tmp_path / "m" / broken).write_bytes(b"{")
    refusal(tmp_path / "m")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "没有这个文件夹" in refusal(tmp_path / "gone")


@pytest.fixture
def silent_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A hub that takes no connection: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = [socket.socket() for _ in range(8)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(address)
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{address[1]}")
        monkeypatch.setenv("no_proxy", "*")
        yield
        for client in waiting:
            client.close()


@pytest.mark.usefixtures("silent_hub")
def test_a_hub_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal("./gone")  # imports what is slow to import
    monkeypatch.setattr("index.hub.HUB_PATIENCE", 0.5)
    start = time.monotonic()
    assert "连不上模型仓库" in refusal("no-such/model")
    assert 0.4 < time.monotonic() - start < 3


def test_an_engine_searches_with_it(tmp_path: Path, folder: Path, engine: Engine) -> None:
    environ = {"WENCE_DATA_DIR": str(tmp_path / "data"), "WENCE_RERANKER": str(folder)}
    workspace = Workspace(load_settings(environ, tmp_path / "no.toml"))
    found = workspace.engine().find(QUESTION, 100)
    scores = [hit.scores["rerank"] for hit, _ in found]
    assert scores == sorted(scores, reverse=True)
    plain = engine.find(QUESTION, 100)
    assert [hit.clause_id for hit, _ in found] != [hit.clause_id for hit, _ in plain]
    before = {hit.clause_id: dict(hit.scores) for hit, _ in plain}
    after = {hit.clause_id: dict(hit.scores) for hit, _ in found}
    assert after == {
        key: scores | {"rerank": after[key]["rerank"]} for key, scores in before.items()
    }
    bounded = workspace.search().search(QUESTION, 100, where={"policy": ["ftz-2024"]})
    assert {hit.clause_id.partition("#")[0] for hit in bounded} == {"ftz-2024"}
    assert workspace.checks()["重排模型"] == str(folder)


def test_an_engine_without_its_model_does_not_open(tmp_path: Path) -> None:
    environ = {"WENCE_DATA_DIR": str(tmp_path / "data"), "WENCE_RERANKER": "./gone"}
    workspace = Workspace(load_settings(environ, tmp_path / "no.toml"))
    with pytest.raises(RerankerUnavailable):
        workspace.engine()


def test_the_command_searches_with_it(tmp_path: Path, folder: Path) -> None:
    options = ("--json", "-k", "5")
    done = wence("search", QUESTION, *options, data=tmp_path / "data", WENCE_RERANKER=str(folder))
    scores = [hit["scores"]["rerank"] for hit in json.loads(done.stdout)]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert all("已载入" in line for line in done.stderr.splitlines())


def test_without_it_nothing_is_imported_for_it(tmp_path: Path) -> None:
    code = (
        "import sys; from settings import load_settings; from workspace import Workspace\n"
        f"settings = load_settings({{'WENCE_DATA_DIR': {str(tmp_path)!r}}})\n"
        "found = Workspace(settings).engine().find('出口', 3)\n"
        "assert 'rerank' not in found[0][0].scores\n"
        "print(*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
