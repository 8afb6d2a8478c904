"""The search over any texts as a LangChain vector store, with LangChain's own tests of those."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SeededEncoder
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.indexing import InMemoryRecordManager, index
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    VectorStoreIntegrationTests,
)

from errors import EncoderUnavailable, StoreError, UserError
from index import rows
from index.embeddings import PROBE, LangChainEncoder, WenceEmbeddings
from index.nearest import Nearest
from index.texts import Text, Texts
from index.vectorstore import WenceStore
from settings import ROOT

TEXTS = {
    "stall": "在指定区域内允许流动商贩摆摊设点。",
    "drone": "支持无人机企业开展出口业务。",
    "trade": "发展跨境电商，建设海外仓。",
    "care": "为特困人员提供照料护理。",
}
METADATA: dict[str, dict[str, Any]] = {
    "stall": {"year": 2024, "unit": ["区城管执法局", "区市场监管局"], "open": True},
    "drone": {"year": 2024, "unit": "区经委", "open": False, "code": "2024"},
    "trade": {"year": 2021, "unit": ["区商务委", "区经委"], "price": 1.5},
    "care": {"year": 2021, "source": {"page": 3, "file": None}, "code": "1"},
}


class Embedder(Embeddings):
    """Embeddings of some other library: seeded vectors, not of unit length; keeps what it is given."""

    def __init__(self, seed: int = 0, noise: float = 0.0) -> None:
        self.seeded = SeededEncoder(seed)
        self.noise = noise
        self.given: list[str] = []
        self.broken = False

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if self.broken:
            raise ConnectionError("the service is away")
        assert all(text.strip() for text in texts), "services refuse empty texts"
        self.given += texts
        vectors = self.seeded.encode_passages(texts)
        rough = np.random.default_rng().standard_normal(vectors.shape) * self.noise
        return (3 * (vectors + rough)).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="module")
def builtin() -> WenceEmbeddings:
    """The built-in model."""
    return WenceEmbeddings()


@pytest.fixture
def store(folder: Path, builtin: WenceEmbeddings) -> WenceStore:
    """The texts above under the built-in model."""
    return filled(folder, builtin)


def filled(folder: Path, embedding: Embeddings) -> WenceStore:
    return WenceStore.from_texts(
        list(TEXTS.values()), embedding, list(METADATA.values()), ids=list(TEXTS), folder=folder
    )


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


def found(store: WenceStore, **bounds: Any) -> set[str | None]:
    return set(ids(store.similarity_search("工作", k=9, filter=bounds)))


@pytest.mark.anyio
class TestStandard(VectorStoreIntegrationTests):
    """What LangChain expects of any vector store, here with its own embeddings."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture
    def vectorstore(self, folder: Path) -> WenceStore:
        return WenceStore(folder, self.get_embeddings())


class TestStandardBuiltIn(TestStandard):
    """The same with the built-in model, in a temporary folder."""

    @pytest.fixture
    def vectorstore(self, builtin: WenceEmbeddings) -> WenceStore:
        return WenceStore(embedding=builtin)


@pytest.mark.anyio
class TestStandardEmbeddings(EmbeddingsIntegrationTests):
    """What LangChain expects of any embeddings."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return WenceEmbeddings


def test_texts_and_metadata_come_back_as_they_were(store: WenceStore, folder: Path) -> None:
    for opened in (store, WenceStore(folder, store.embeddings)):
        documents = opened.get_by_ids(["care", "nothing", "stall"])
        assert documents == [
            Document(id=each, page_content=TEXTS[each], metadata=METADATA[each])
            for each in ("care", "stall")
        ]
        assert ids(opened.similarity_search("哪里可以摆地摊", k=1)) == ["stall"]


def test_nothing_is_pickled(store: WenceStore, folder: Path) -> None:
    names = {file.name for file in folder.rglob("*") if file.is_file()}
    [segment] = {name for name in names if name.endswith(".safetensors")}
    assert names - {"lock", "texts.sqlite-shm", "texts.sqlite-wal"} == {
        "texts.sqlite", "manifest.json", segment,
    }  # fmt: skip


def test_filters(store: WenceStore) -> None:
    assert found(store, year=2024) == {"stall", "drone"}
    assert found(store, year=[2021, 1999]) == {"trade", "care"}
    assert found(store, unit="区经委") == {"drone", "trade"}
    assert found(store, unit=["区市场监管局", "区商务委"]) == {"stall", "trade"}
    assert found(store, unit="区经委", year=2021) == {"trade"}
    assert found(store, open=True) == {"stall"}
    assert found(store, open=False) == {"drone"}
    assert found(store, year=[]) == found(store, nothing="here") == set()
    assert found(store) == set(TEXTS)


def test_types_count_in_a_filter(store: WenceStore) -> None:
    assert found(store, code="2024") == {"drone"}
    assert found(store, code=2024) == found(store, year="2024") == found(store, open=1) == set()


@pytest.mark.parametrize("bound", [1.5, None, {"$in": [1]}, [2024, 1.5]])
def test_what_cannot_be_filtered_by_is_said(store: WenceStore, bound: object) -> None:
    with pytest.raises(ValueError, match="filter 的 price 不能是"):
        found(store, price=bound)
    with pytest.raises(ValueError, match="字典"):
        store.similarity_search("工作", filter=lambda metadata: True)  # type: ignore[arg-type]


def test_a_filter_bounds_the_search_and_not_its_result(folder: Path) -> None:
    texts = ["无人机出口"] * 300 + ["照料护理"]
    metadatas = [{"rare": at == 300} for at in range(301)]
    store = WenceStore.from_texts(texts, Embedder(), metadatas, folder=folder)
    [only] = store.similarity_search("无人机出口", k=1, filter={"rare": True})
    assert only.page_content == "照料护理"


def test_an_id_is_replaced_with_its_metadata(store: WenceStore) -> None:
    assert store.add_texts(["建设充电桩。"], [{"year": 1999}], ids=["stall"]) == ["stall"]
    assert store.size == len(TEXTS)
    assert found(store, open=True) == set()
    assert found(store, year=1999) == {"stall"}
    [charger] = store.similarity_search("充电桩", k=1)
    assert charger == Document(id="stall", page_content="建设充电桩。", metadata={"year": 1999})


def test_of_one_id_twice_the_last_counts(folder: Path) -> None:
    store = WenceStore.from_texts(["一", "二"], Embedder(), ids=["a", "a"], folder=folder)
    assert store.size == 1
    assert [each.page_content for each in store.get_by_ids(["a"])] == ["二"]


def test_what_is_deleted_is_gone_for_good(store: WenceStore, folder: Path) -> None:
    assert store.delete(["stall", "nothing"])
    for opened in (store, WenceStore(folder, store.embeddings)):
        assert opened.size == 3
        assert opened.get_by_ids(["stall"]) == []
        assert found(opened) == set(TEXTS) - {"stall"}
    assert store.delete([])
    assert store.size == 3
    assert store.delete()
    assert store.size == 0
    assert found(WenceStore(folder, store.embeddings)) == set()
    store.add_texts(["新的文本"])
    assert [each.page_content for each in store.similarity_search("新的")] == ["新的文本"]


def test_lists_of_different_lengths_are_refused(store: WenceStore) -> None:
    with pytest.raises(ValueError, match="metadatas 有1个，文本有2条"):
        store.add_texts(["一", "二"], [{}])
    with pytest.raises(ValueError, match="ids 有3个，文本有2条"):
        store.add_texts(["一", "二"], ids=["a", "b", "c"])
    assert store.add_texts([]) == []
    assert store.size == len(TEXTS)


def test_metadata_that_json_does_not_have_are_refused(store: WenceStore) -> None:
    with pytest.raises(ValueError, match="metadata 的 when 不能存成 JSON：b'"):
        store.add_texts(["一", "二"], [{"a": 1}, {"b": 1, "when": b"2024"}])
    assert store.size == len(TEXTS)


def test_text_that_is_not_utf_8_is_refused(store: WenceStore) -> None:
    with pytest.raises(ValueError, match="文本 'b' 含有不能存成 UTF-8 的字符：'坏\\\\udc80字'"):
        store.add_texts(["好", "坏\udc80字"], ids=["a", "b"])
    with pytest.raises(ValueError, match="文本 'c' 含有"):
        store.add_texts(["好"], [{"by": "\ud800"}], ids=["c"])
    assert store.size == len(TEXTS)


def test_a_transaction_keeps_all_or_nothing(tmp_path: Path) -> None:
    texts = Texts(tmp_path / "texts.sqlite")
    with texts.changing() as change:
        change.put([Text("a", "一", {})])
    with pytest.raises(ZeroDivisionError), texts.changing() as change:
        change.put(Text(each, str(1 // (each != "c")), {}) for each in ("b", "a", "c"))
    assert list(Texts(texts.file).all()) == [Text("a", "一", {})]


def test_a_file_of_a_later_version_is_refused(folder: Path) -> None:
    filled(folder, Embedder())
    with sqlite3.connect(folder / "texts.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="第 99 版"):
        WenceStore(folder, Embedder())


def test_scores_and_relevance(store: WenceStore) -> None:
    query = "无人机出口"
    scored = store.similarity_search_with_score(query, k=4)
    scores = [score for _, score in scored]
    assert scored[0][0].id == "drone"
    assert scores == sorted(scores, reverse=True)
    relevant = store.similarity_search_with_relevance_scores(query, k=4)
    assert [document.id for document, _ in relevant] == [document.id for document, _ in scored]
    assert all(0 <= relevance <= 1 for _, relevance in relevant)
    assert relevant[0][1] > 0.6 > 0.4 > relevant[1][1]
    [(same, relevance)] = store.similarity_search_with_relevance_scores(TEXTS["drone"], k=1)
    assert (same.id, relevance) == ("drone", pytest.approx(1, abs=0.01))
    [_, (_, unrelated)] = store.similarity_search_with_relevance_scores("量子引力", k=2)
    assert unrelated < 0.4


def test_retrievers_of_each_kind(store: WenceStore) -> None:
    near = store.as_retriever(search_kwargs={"k": 2, "filter": {"year": 2021}})
    assert set(ids(near.invoke("无人机"))) == {"trade", "care"}
    assert ids(near.invoke("无人机出口", k=1, filter={"unit": "区经委"})) == ["drone"]
    threshold = store.as_retriever(
        search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.5}
    )
    assert ids(threshold.invoke(TEXTS["care"])) == ["care"]
    mmr = store.as_retriever(search_type="mmr", search_kwargs={"k": 3, "filter": {"year": 2024}})
    assert set(ids(mmr.invoke("无人机"))) == {"stall", "drone"}
    assert "WenceEmbeddings" in (near.tags or [])


def test_search_by_vector_is_by_vectors_alone(folder: Path) -> None:
    embedder = Embedder()
    texts = [f"第{at}条 {'支持保障建设'[at % 6]}措施{at * 7}" for at in range(60)]
    store = WenceStore.from_texts(texts, embedder, folder=folder)
    store.delete([*ids(store.similarity_search_by_vector(embedder.embed_query(texts[9]), k=1))])
    rest = [text for text in texts if text != texts[9]]
    vectors = embedder.seeded.encode_passages(rest)
    for query in ("保障措施", "第9条"):
        cosines = vectors @ embedder.seeded.encode_queries([query])[0]
        nearest = [rest[at] for at in np.argsort(-cosines)[:5]]
        documents = store.similarity_search_by_vector(embedder.embed_query(query), k=5)
        assert [document.page_content for document in documents] == nearest
    assert store.similarity_search_by_vector(embedder.embed_query("一"), k=0) == []
    with pytest.raises(ValueError, match="向量是3维，这里存的是32维"):
        store.similarity_search_by_vector([1.0, 2.0, 3.0])


def test_many_vectors_are_searched_without_reading_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.segment.EXACT_ROWS", 500)
    monkeypatch.setattr("index.rows.EXACT_ROWS", 500)
    asked: list[int] = []
    plain = Nearest.rows
    monkeypatch.setattr(Nearest, "rows", lambda *args: asked.append(args[2]) or plain(*args))
    texts = [f"{at}号{'文件通知办法规定'[at % 8]}{at % 97}" for at in range(1500)]
    embedder = Embedder()
    metadatas = [{"third": at % 3 == 0, "few": at % 300 == 0} for at in range(1500)]
    store = WenceStore.from_texts(texts, embedder, metadatas, folder=folder)
    query = embedder.embed_query(texts[600])
    assert store.similarity_search_by_vector(query, k=1)[0].page_content == texts[600]
    bounded = store.similarity_search_by_vector(query, k=50, filter={"third": False})
    assert len(bounded) == 50
    assert not any(document.metadata["third"] for document in bounded)
    assert len(asked) == 2
    few = store.similarity_search_by_vector(query, k=5, filter={"few": True})
    assert few[0].page_content == texts[600]
    assert len(asked) == 2  # so few that all are read


def test_marginal_relevance_leaves_out_what_is_alike(folder: Path) -> None:
    texts = ["无人机出口业务", "无人机出口业务。", "无人机出口业务！", "无人机登记", "养老护理"]
    embedder = Embedder()
    store = WenceStore.from_texts(texts, embedder, folder=folder)

    def chosen(weight: float) -> list[str]:
        documents = store.max_marginal_relevance_search("无人机出口业务", k=3, lambda_mult=weight)
        return [document.page_content for document in documents]

    plain = store.similarity_search("无人机出口业务", k=3)
    assert chosen(1.0) == [document.page_content for document in plain]
    assert set(chosen(1.0)) == set(texts[:3])
    assert chosen(0.5)[0] == texts[0]
    assert len(set(chosen(0.3)) & set(texts[:3])) == 1
    vector = embedder.embed_query("无人机出口业务")
    by_vector = store.max_marginal_relevance_search_by_vector(vector, k=2, lambda_mult=0.2)
    assert [document.page_content for document in by_vector] == [texts[0], texts[4]]


def test_diversity_follows_its_formula() -> None:
    random = np.random.default_rng(3)
    vectors = random.standard_normal((30, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    relevance = random.random(30).astype(np.float32)
    expected: list[int] = []
    while len(expected) < 10:
        gain = {
            at: 0.4 * relevance[at]
            - 0.6 * max((float(vectors[at] @ vectors[one]) for one in expected), default=0.0)
            for at in range(30)
            if at not in expected
        }
        expected.append(max(gain, key=gain.__getitem__))
    assert rows.diverse(relevance, vectors, 10, 0.4) == expected
    assert sorted(rows.diverse(relevance, vectors, 99, 0.4)) == list(range(30))
    assert rows.diverse(relevance[:0], vectors[:0], 3, 0.5) == []


def test_only_what_changes_is_encoded(folder: Path) -> None:
    embedder = Embedder()
    store = filled(folder, embedder)
    assert embedder.given == [PROBE, *TEXTS.values()]
    store.add_texts(["一条新文本", TEXTS["care"]], [{}, {"year": 2030}], ids=["new", "care"])
    store.delete(["drone"])
    again = Embedder(noise=1e-4)  # no two runs of a model are quite the same
    opened = WenceStore(folder, again)
    assert embedder.given[5:] == ["一条新文本"]
    assert again.given == [PROBE]
    assert found(opened, year=2030) == {"care"}
    assert opened.similarity_search("一条新文本", k=1)[0].id == "new"


def test_the_same_text_under_another_id_and_blank_texts(folder: Path) -> None:
    store = WenceStore.from_texts(["", "  ", "一", "一"], Embedder(), folder=folder)
    assert store.size == 4
    assert sorted(each.page_content for each in store.similarity_search("一")) == [
        "",
        "  ",
        "一",
        "一",
    ]
    assert store.similarity_search(" ") == []


def test_embeddings_that_fail_change_nothing(folder: Path) -> None:
    embedder = Embedder()
    store = filled(folder, embedder)
    embedder.broken = True
    with pytest.raises(EncoderUnavailable, match="Embedder 没有给出向量"):
        store.add_texts(["新的", "替换"], ids=["new", "care"])
    with pytest.raises(EncoderUnavailable, match="the service is away"):
        store.similarity_search("新的")
    embedder.broken = False
    for opened in (store, WenceStore(folder, embedder)):
        assert opened.get_by_ids(["new"]) == []
        assert opened.get_by_ids(["care"])[0].page_content == TEXTS["care"]
        assert found(opened) == set(TEXTS)


KILLED = """
import os, sys
from index.texts import Change
from index.vectorstore import WenceStore
store = WenceStore(sys.argv[1])
Change.{method} = lambda *args, **values: os._exit(9)
store.{call}
"""


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("put", "add_texts(['海水淡化', '替换护理'], ids=['new', 'care'])"),
        ("remove", "delete(['care', 'drone'])"),
    ],
)
def test_a_process_killed_between_index_and_texts_changes_nothing(
    store: WenceStore, folder: Path, method: str, call: str
) -> None:
    code = KILLED.format(method=method, call=call)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == 9
    for opened in (store, WenceStore(folder, store.embeddings)):
        assert found(opened) <= set(TEXTS)
        assert opened.get_by_ids(["new"]) == []
    assert found(opened) == found(store) == set(TEXTS)
    [best] = opened.similarity_search("特困人员照料护理", k=1)
    assert (best.id, best.page_content) == ("care", TEXTS["care"])
    assert opened.size == len(TEXTS)
    store.add_texts(["海水淡化"], ids=["later"])
    assert found(opened) == {*TEXTS, "later"}


@pytest.mark.parametrize("harm", ["cut", "removed", "foreign"])
def test_a_damaged_index_is_named_and_made_anew(
    folder: Path, builtin: WenceEmbeddings, harm: str
) -> None:
    filled(folder, builtin)
    heard: list[str] = []
    if harm == "removed":
        (folder / "index" / "manifest.json").unlink()
    elif harm == "foreign":
        (folder / "index" / "manifest.json").write_text("[]")
    else:
        [segment] = (folder / "index").glob("*.safetensors")
        segment.write_bytes(segment.read_bytes()[:-9])
    store = WenceStore(folder, builtin, say=heard.append)
    assert found(store, year=2024) == {"stall", "drone"}
    assert store.similarity_search("哪里可以摆地摊", k=1)[0].id == "stall"
    assert len(heard) == (harm != "removed")
    assert all("重建索引" in sentence and str(folder) in sentence for sentence in heard)
    assert WenceStore(folder, builtin, say=heard.append).size == len(TEXTS)
    assert len(heard) == (harm != "removed")


def test_an_older_index_beside_newer_texts_is_mended(folder: Path, tmp_path: Path) -> None:
    embedder = Embedder()
    store = filled(folder, embedder)
    (folder / "index").rename(tmp_path / "older")
    store = WenceStore(folder, embedder)
    store.delete(["trade"])
    store.add_texts(["海水淡化"], ids=["new"])
    (folder / "index").rename(tmp_path / "newer")
    (tmp_path / "older").rename(folder / "index")
    given = len(embedder.given)
    opened = WenceStore(folder, embedder)
    assert embedder.given[given:] == [PROBE, "海水淡化"]  # the other vectors are used again
    assert found(opened) == {"stall", "drone", "care", "new"}


def test_a_damaged_file_of_texts_is_named(folder: Path) -> None:
    folder.mkdir()
    (folder / "texts.sqlite").write_bytes(b"no database at all, and long enough to see" * 40)
    with pytest.raises(StoreError, match=r"texts\.sqlite 不能读写"):
        WenceStore(folder, Embedder())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file/store 建不起来"):
        WenceStore(tmp_path / "file" / "store", Embedder())


def test_another_model_is_refused_where_it_may_cost_money(
    folder: Path, builtin: WenceEmbeddings
) -> None:
    filled(folder, Embedder())
    for other in (Embedder(seed=1), builtin):
        with pytest.raises(UserError, match="rebuild=True"):
            WenceStore(folder, other)
    heard: list[str] = []
    store = WenceStore(folder, builtin, rebuild=True, say=heard.append)
    assert "重新编码" in heard[0]
    assert store.similarity_search("哪里可以摆地摊", k=1)[0].id == "stall"
    with pytest.raises(UserError, match="langchain-Embedder"):
        WenceStore(folder, Embedder())
    WenceStore(folder, builtin, say=heard.append)
    assert len(heard) == 1


def test_another_model_of_wence_encodes_anew(folder: Path) -> None:
    first, other = (WenceEmbeddings(SeededEncoder(seed)) for seed in (0, 1))
    filled(folder, first)
    heard: list[str] = []
    store = WenceStore(folder, other, say=heard.append)
    assert "seeded-0-32" in heard[0]
    assert "seeded-1-32" in heard[0]
    vector = other.embed_query(TEXTS["trade"])
    assert store.similarity_search_by_vector(vector, k=1)[0].id == "trade"


def test_other_processes_are_followed(store: WenceStore, folder: Path) -> None:
    code = (
        "import sys; from index.vectorstore import WenceStore; s = WenceStore(sys.argv[1]); "
        "s.add_texts(['海水淡化工程'], [{'year': 2030}], ids=['sea']); s.delete(['drone'])"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True)
    assert ids(store.similarity_search("海水淡化", k=1, filter={"year": 2030})) == ["sea"]
    assert found(store) == {"stall", "trade", "care", "sea"}
    store.add_texts(["一条"], ids=["own"])
    assert found(WenceStore(folder, store.embeddings)) == {"stall", "trade", "care", "sea", "own"}


def test_threads_add_remove_and_search_at_once(folder: Path) -> None:
    store = filled(folder, Embedder())

    def change(turn: int) -> list[str]:
        unit = f"第{turn}号专项工作领导小组"
        texts = [f"{unit}负责第{at}项。" for at in range(3)]
        added = store.add_texts(texts, [{"unit": unit}] * 3)
        store.delete(added[:1])
        return added[1:]

    def look(turn: int) -> bool:
        return len(store.similarity_search("哪里可以摆地摊，谁负责", k=3)) >= 2

    with ThreadPoolExecutor(8) as pool:
        changes = [pool.submit(change, turn) for turn in range(12)]
        looks = [pool.submit(look, turn) for turn in range(80)]
        kept = {each for done in changes for each in done.result()}
        assert all(done.result() for done in looks)
    assert len(kept) == 24
    for opened in (store, WenceStore(folder, store.embeddings)):
        assert set(ids(opened.similarity_search("负责", k=99))) == kept | set(TEXTS)


def test_langchain_keeps_it_in_step_with_a_source(store: WenceStore) -> None:
    """`index` of LangChain writes what changed of a source and deletes what is there no more."""
    store.delete()
    records = InMemoryRecordManager("policies")
    records.create_schema()

    def ingested(*texts: str) -> dict[str, int]:
        documents = [Document(page_content=text, metadata={"source": "a.txt"}) for text in texts]
        done = index(
            documents, records, store, cleanup="full", source_id_key="source", key_encoder="sha256"
        )
        return {name: count for name, count in done.items() if count}

    assert ingested("支持无人机。", "发展电商。") == {"num_added": 2}
    assert ingested("支持无人机。", "发展电商。") == {"num_skipped": 2}
    assert ingested("支持无人机。", "建设海外仓。") == {
        "num_added": 1, "num_skipped": 1, "num_deleted": 1,
    }  # fmt: skip
    assert {each.page_content for each in store.similarity_search("企业", k=9)} == {
        "支持无人机。", "建设海外仓。",
    }  # fmt: skip


@pytest.mark.parametrize("made", [WenceEmbeddings, Embedder])
def test_vectors_are_the_models_own(made: Callable[[], Embeddings]) -> None:
    embeddings = made()
    encoder = LangChainEncoder(embeddings)
    texts = ["支持无人机企业", "", "发展跨境电商"]
    rows_of = encoder.encode_passages(texts)
    assert rows_of.shape == (3, encoder.dimensions)
    assert np.linalg.norm(rows_of, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)
    own = np.array(embeddings.embed_documents(texts[:1])[0])
    assert rows_of[0] == pytest.approx(own / np.linalg.norm(own), abs=1e-5)
    assert encoder.encode_queries(texts)[0] == pytest.approx(rows_of[0], abs=1e-5)


def test_a_fingerprint_tells_models_and_not_runs() -> None:
    first = LangChainEncoder(Embedder())
    noisy = LangChainEncoder(Embedder(noise=1e-4), first.probe.tolist())
    assert noisy.fingerprint == first.fingerprint == LangChainEncoder(Embedder()).fingerprint
    assert LangChainEncoder(Embedder(1), first.probe.tolist()).fingerprint != first.fingerprint
    assert "Embedder" in first.fingerprint


def test_the_example_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "examples" / "langchain_search.py"],
        cwd=tmp_path,
        env=os.environ | {"WENCE_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    prompt, _, rest = done.stdout.partition("问题：我们出口无人机，有哪些支持?\n")
    assert "第8项\n8.促进低空经济产业联动发展" in prompt
    lines = rest.splitlines()
    assert [line.partition("#")[0] for line in lines[:3]] == ["/policies/ftz-2024"] * 3
    assert lines[3] == "stall 在指定区域和时段内，允许流动商贩摆摊经营。"
    assert lines[4] == "['trade', 'stall']"
    assert [line.split()[0] for line in lines[5:]] == ["care", "trade"]
