"""Words and vectors as one ranking, kept in files that say when they are not good."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest
from conftest import SeededEncoder
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from domain import Clause, ClauseKind, Hit
from errors import DamagedIndex, StoreError
from index.bm25 import WordIndex
from index.encoder import Vectors
from index.fusion import best, fuse, scaled
from index.layout import current_generation, read_manifest, write_generation
from index.local import LocalSearch, build_search, open_search
from index.vectors import VectorIndex
from ingest.catalog import Catalog
from qa.engine import Engine
from settings import ROOT
from workspace import Workspace

SCORES = arrays(np.float32, st.integers(0, 30), elements=st.floats(0, 50, width=32))
TEXTS = ["支持企业申请AEO认证", "促进低空经济产业联动发展", "推进铁路建设", "。。。", ""]


def clause(policy: str, number: int, text: str) -> Clause:
    return Clause(
        id=f"{policy}#{number}", policy_id=policy, kind=ClauseKind.TASK, number=str(number),
        ordinal=number, section=(), title="", text=text, start=0, end=len(text),
    )  # fmt: skip


class Opened:
    """A search in a folder over a few clauses; `said` is what a person was told."""

    def __init__(self, root: Path, encoder: SeededEncoder, catalog: str = "first") -> None:
        self.said: list[str] = []
        self.built = False
        self.search = open_search(root, catalog, self._clauses, encoder, self.said.append)

    def _clauses(self) -> list[Clause]:
        self.built = True
        return [clause("p", number, text) for number, text in enumerate(TEXTS, 1)]

    def found(self) -> list[Hit]:
        hits = self.search.search("低空经济", 5)
        assert hits[0].clause_id == "p#2"
        return hits


def folder_of(root: Path) -> Path:
    folder = current_generation(root)
    assert folder is not None
    return folder


@given(SCORES)
def test_scaled_scores_lie_in_0_to_1_in_the_same_order(scores: np.ndarray) -> None:
    relative = scaled(scores)
    assert relative.shape == scores.shape
    assert np.all((relative >= 0) & (relative <= 1))
    assert np.all(np.diff(relative[np.argsort(scores, kind="stable")]) >= 0)
    if scores.size and scores.max() > 0:
        assert relative.max() == pytest.approx(1)


def test_fusion_adds_the_weighted_cosine() -> None:
    bm25, dense = np.float32([4, 2, 0]), np.float32([0, 0.5, 1])
    assert fuse(bm25, dense, weight=2).tolist() == [1, 1.5, 2]
    assert fuse(np.zeros(3, np.float32), dense, weight=1).tolist() == dense.tolist()


@given(SCORES, st.integers(0, 40))
def test_the_best_come_first_and_ties_in_order(scores: np.ndarray, k: int) -> None:
    expected = sorted(range(scores.size), key=lambda place: (-scores[place], place))[:k]
    assert best(scores, k).tolist() == expected


def test_what_is_shut_out_is_not_among_the_best() -> None:
    assert best(np.float32([1, -np.inf, 3, -np.inf]), 4).tolist() == [2, 0]


def test_words_score_the_texts_that_hold_them() -> None:
    scores = WordIndex.build(TEXTS).scores("低空经济的发展")
    assert scores.argmax() == 1
    assert scores.shape == (5,)
    assert scores[2:].tolist() == [0, 0, 0]
    assert WordIndex.build(TEXTS).scores("量子").tolist() == [0] * 5


@pytest.mark.parametrize("texts", [[""], ["。。。", "!"]])
def test_texts_without_words_are_an_index_too(texts: list[str]) -> None:
    assert WordIndex.build(texts).scores("低空经济").tolist() == [0] * len(texts)


def test_words_are_the_same_from_files(tmp_path: Path) -> None:
    built = WordIndex.build(TEXTS)
    built.save(tmp_path / "bm25")
    loaded = WordIndex.load(tmp_path / "bm25", len(TEXTS))
    for query in (*TEXTS, "企业", "铁路 低空", "AEO"):
        assert loaded.scores(query).tolist() == built.scores(query).tolist()
    assert not [file for file in (tmp_path / "bm25").iterdir() if "pkl" in file.name]


def test_vectors_are_the_same_from_a_file(tmp_path: Path, encoder: SeededEncoder) -> None:
    rows = encoder.encode_passages(TEXTS)
    built = VectorIndex.build(rows.shape[1], [rows[:2], rows[2:]])
    built.save(tmp_path / "vectors.faiss")
    loaded = VectorIndex.load(tmp_path / "vectors.faiss")
    query = encoder.encode_queries(["低空"])
    assert built.size == loaded.size == len(TEXTS)
    assert loaded.scores(query).tolist() == built.scores(query).tolist()
    assert built.scores(query) == pytest.approx((rows @ query[0]), abs=1e-5)


def test_an_index_is_read_again_as_it_was_written(tmp_path: Path, encoder: SeededEncoder) -> None:
    first, second = Opened(tmp_path, encoder), Opened(tmp_path, encoder)
    assert (first.built, second.built) == (True, False)
    assert first.said == second.said == []
    assert first.found() == second.found()


@pytest.mark.parametrize("name", ["clauses.json", "vectors.faiss", "manifest.json", "bm25"])
@pytest.mark.parametrize("harm", ["gone", "empty", "changed"])
def test_a_damaged_file_is_named_and_made_anew(
    tmp_path: Path, encoder: SeededEncoder, name: str, harm: str
) -> None:
    before = Opened(tmp_path, encoder).found()
    file = folder_of(tmp_path) / name
    file = sorted(file.iterdir())[0] if file.is_dir() else file
    data = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(b"" if harm == "empty" else bytes([data[0] ^ 1]) + data[1:])
    again = Opened(tmp_path, encoder)
    [said] = again.said
    assert file.name in said
    assert again.built
    assert again.found() == before
    assert Opened(tmp_path, encoder).said == []


def test_an_index_of_another_format_is_made_anew(tmp_path: Path, encoder: SeededEncoder) -> None:
    Opened(tmp_path, encoder)
    file = folder_of(tmp_path) / "manifest.json"
    file.write_bytes(orjson.dumps(orjson.loads(file.read_bytes()) | {"format": 7}))
    with pytest.raises(DamagedIndex, match="第 7 版，本程序用第 2 版"):
        read_manifest(file.parent)
    again = Opened(tmp_path, encoder)
    assert "第 7 版" in again.said[0]
    assert again.found()


@pytest.mark.parametrize("content", ["", "gone", "../..", "\x00"])
def test_a_foreign_name_of_the_current_index_is_made_anew(
    tmp_path: Path, encoder: SeededEncoder, content: str
) -> None:
    before = Opened(tmp_path, encoder).found()
    (tmp_path / "current").write_text(content, "utf-8")
    again = Opened(tmp_path, encoder)
    assert again.built
    assert len(again.said) == 1
    assert again.found() == before


def test_a_catalog_that_changed_makes_the_index_anew(
    tmp_path: Path, encoder: SeededEncoder
) -> None:
    Opened(tmp_path, encoder, "first")
    again = Opened(tmp_path, encoder, "second")
    assert again.said == ["文件有变动；正在从目录库重建索引"]
    assert again.built
    assert Opened(tmp_path, encoder, "second").said == []


def test_another_encoder_makes_the_index_anew(tmp_path: Path, encoder: SeededEncoder) -> None:
    Opened(tmp_path, encoder)
    [said] = Opened(tmp_path, SeededEncoder(seed=1)).said
    assert "seeded-0-32" in said
    assert "seeded-1-32" in said


def test_only_the_current_generation_stays(tmp_path: Path, encoder: SeededEncoder) -> None:
    for catalog in ("first", "second", "third"):
        Opened(tmp_path, encoder, catalog)
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "current", folder_of(tmp_path)])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, encoder: SeededEncoder) -> None:
    (tmp_path / "index").write_text("a file", "utf-8")
    with pytest.raises(StoreError, match="WENCE_DATA_DIR") as caught:
        build_search(tmp_path / "index", "first", [], encoder)
    assert str(tmp_path / "index") in str(caught.value)


def test_a_writer_that_fails_leaves_the_current_index(
    tmp_path: Path, encoder: SeededEncoder
) -> None:
    before = Opened(tmp_path, encoder).found()

    def write(folder: Path) -> None:
        (folder / "clauses.json").write_text("[")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left"):
        write_generation(tmp_path, "second", "x", 1, write)
    again = Opened(tmp_path, encoder)
    assert (again.said, again.found()) == ([], before)


WRITE_AGAIN_AND_AGAIN = """
import sys
from pathlib import Path
from index.layout import write_generation

def write(folder):
    for name in "abcdefgh":
        (folder / name).write_bytes(name.encode() * 100_000)

print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    write_generation(Path(sys.argv[1]), "c", "e", 1, write)
"""


def start_writer(root: Path, times: int) -> subprocess.Popen[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE_AGAIN_AND_AGAIN, str(root), str(times)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


@pytest.mark.parametrize("moment", [0.005, 0.02, 0.05, 0.1])
def test_a_killed_writer_leaves_a_whole_index(tmp_path: Path, moment: float) -> None:
    write_generation(tmp_path, "c", "e", 1, lambda folder: None)
    with start_writer(tmp_path, 1_000_000) as writer:
        time.sleep(moment)
        os.kill(writer.pid, signal.SIGKILL)
    manifest = read_manifest(folder_of(tmp_path))
    assert (manifest.catalog, manifest.encoder) == ("c", "e")


def test_two_writers_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with start_writer(tmp_path, 20) as one, start_writer(tmp_path, 20) as other:
        assert (one.wait(), other.wait()) == (0, 0)


def test_what_a_killed_writer_left_is_dropped_after_an_hour(
    tmp_path: Path, encoder: SeededEncoder
) -> None:
    for name, hours in (("old.new", 2), ("young.new", 0)):
        (tmp_path / name).mkdir()
        touched = time.time() - 3600 * hours
        os.utime(tmp_path / name, (touched, touched))
    Opened(tmp_path, encoder)
    assert not (tmp_path / "old.new").exists()
    assert (tmp_path / "young.new").exists()


def test_an_empty_catalog_has_an_index(tmp_path: Path, encoder: SeededEncoder) -> None:
    for _ in range(2):
        search = open_search(tmp_path, "none", list, encoder, pytest.fail)
        assert search.search("低空经济", 5) == []


@pytest.fixture(scope="module")
def search(workspace: Workspace) -> LocalSearch:
    return workspace.search()


OBVIOUS = {
    "无人机适航取证": "ftz-2024#8",
    "企业怎么申请AEO认证": "ftz-2024#3",
    "离岸经贸业务": "ftz-2024#4",
    "应届毕业生落户": "ftz-2024#17",
    "机场联络线和嘉闵线": "hongqiao-2021#45",
    "外籍人员子女学校": "hongqiao-2021#57",
    "虹桥之夜": "hongqiao-2021#54",
    "工作专班的组长是谁": "ftz-2024#(一)",
}


@pytest.mark.parametrize(("query", "expected"), OBVIOUS.items())
def test_a_search_finds_the_obvious_clause(search: LocalSearch, query: str, expected: str) -> None:
    assert search.search(query, 1)[0].clause_id == expected


def test_a_hit_says_why_it_is_there(search: LocalSearch) -> None:
    hits = search.search("企业申请AEO认证", 5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].scores["bm25"] == 1
    for hit in hits:
        assert set(hit.scores) == {"bm25", "dense", "fused"}
        assert -1.001 <= hit.scores["dense"] <= 1.001
        assert hit.score == hit.scores["fused"]


@pytest.mark.parametrize("policy", ["ftz-2024", "hongqiao-2021"])
def test_a_filter_holds_inside_the_search(
    search: LocalSearch, catalog: Catalog, policy: str
) -> None:
    """Asked for more than there are, one policy gives all its clauses that say something."""
    hits = search.search("免税购物", 1000, policies={policy})
    said = {c.id for c in catalog.clauses(policy) if c.kind is not ClauseKind.HEADING}
    assert {hit.clause_id for hit in hits} == said
    assert len(hits) == len(said)
    assert len(search.search("免税购物", 5, policies={policy})) == 5


def test_a_filter_without_policies_finds_nothing(search: LocalSearch) -> None:
    assert search.search("免税购物", 5, policies=()) == []
    assert search.search("免税购物", 5, policies={"ftz"}) == []


@pytest.mark.parametrize("query", ["", "  \n\u3000"])
def test_an_empty_query_finds_nothing(search: LocalSearch, query: str) -> None:
    assert search.search(query, 5) == []


@given(st.text(max_size=50), st.integers(0, 10))
def test_any_query_is_served(search: LocalSearch, query: str, k: int) -> None:
    hits = search.search(query, k)
    assert len(hits) == (k if query.strip() else 0)
    assert all(np.isfinite(hit.score) for hit in hits)


def test_the_engine_searches_the_same_index(engine: Engine, search: LocalSearch) -> None:
    assert engine.search.search("低空经济", 3) == search.search("低空经济", 3)


def test_only_changed_clauses_are_encoded_again(tmp_path: Path) -> None:
    """The vectors of the others are taken from the generation before."""

    class Counting(SeededEncoder):
        texts: list[str]

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            self.texts += texts
            return super().encode_passages(texts)

    encoder = Counting()
    encoder.texts = []
    clauses = [clause("p", number, f"第{number}件事") for number in range(20)]
    first = open_search(tmp_path, "one", lambda: clauses, encoder, print)
    assert len(encoder.texts) == 20
    encoder.texts.clear()
    clauses[3:5] = [clause("p", 3, "另一件事"), clause("p", 99, "新的一件事")]
    second = open_search(tmp_path, "two", lambda: clauses, encoder, print)
    assert encoder.texts == ["另一件事", "新的一件事"]
    fresh = build_search(tmp_path / "fresh", "two", clauses, SeededEncoder())
    for query in ("另一件事", "第7件事"):
        assert second.search(query, 5) == fresh.search(query, 5)
    assert first.search("第7件事", 1)[0].clause_id == second.search("第7件事", 1)[0].clause_id
