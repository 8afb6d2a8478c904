"""Search over Milvus Lite, for real: the same answers as local files, and the same care for changes."""

import json
import lzma
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SeededEncoder

from errors import BadSettings, StoreError
from index.encoder import Vectors
from index.entries import Entry, Where, entries_of
from index.opening import open_search
from index.protocol import Search
from index.static import StaticEncoder
from settings import BUILTIN_ENCODER, ROOT, load_settings
from workspace import Workspace

pytest.importorskip("milvus_lite", reason="Milvus Lite is an extra: pip install 'wence[milvus]'")
pytest.importorskip("pymilvus", reason="Milvus is an extra: pip install 'wence[milvus]'")

from index.milvus import MilvusSearch, open_milvus
from index.milvus_schema import CLAUSES, FORMAT, among, of_policy, passing
from index.milvus_server import Server

SECOND = '乙\'s "二" \\'  # an id with all that a filter must escape
STATUTES = ROOT.parent / "shared" / "data" / "statute-retrieval"
ALIKE = 0.95  # share of questions that find the same ten
STEP = 30  # of how many articles one is taken


class Counting(SeededEncoder):
    """An encoder that knows which passages it has seen."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.seen: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode_passages(texts)


class Documents:
    """Policies with their entries; `asked` names those that someone wanted to see."""

    def __init__(self, policies: Mapping[str, list[Entry]]) -> None:
        self.policies = dict(policies)
        self.asked: list[str] = []

    @property
    def fingerprints(self) -> dict[str, str]:
        return {
            name: "-".join(e.digest.hex()[:8] for e in entries)
            for name, entries in self.policies.items()
        }

    def entries(self, policy: str) -> list[Entry]:
        self.asked.append(policy)
        return self.policies[policy]

    def local(self, folder: Path, encoder: SeededEncoder | StaticEncoder) -> Search:
        return open_search(folder, self.fingerprints, self.entries, encoder, pytest.fail)

    def milvus(
        self,
        url: Path | str,
        encoder: SeededEncoder | StaticEncoder,
        said: list[str] | None = None,
        opened: MilvusSearch | None = None,
    ) -> MilvusSearch:
        say = pytest.fail if said is None else said.append
        return open_milvus(str(url), self.fingerprints, self.entries, encoder, say, opened=opened)


def entry(policy: str, number: int, text: str, **facets: str) -> Entry:
    values = {name: tuple(value.split("、")) for name, value in facets.items()}
    return Entry(f"{policy}#{number}", text, f"《{policy}》", {"policy": (policy,)} | values)


@pytest.fixture
def documents() -> Documents:
    a = [
        entry(
            "甲", 1, "促进低空经济产业联动发展，规划起降点。", year="2024", unit="区经委、区科委"
        ),
        entry("甲", 2, "支持企业申请AEO认证，通关时间压缩3.5小时，达到99%。", year="2024"),
        entry(
            "甲",
            3,
            "推进“无废城市”建设，按闵府发〔2024〕17号办理，其余17号。",
            year="2024",
            unit='区"城管"局\\执法',
        ),
    ]
    b = [
        entry(SECOND, 1, "发展低空经济，开通无人机航线。", year="2021", unit="区科委"),
        entry(SECOND, 2, "加快铁路建设。", year="2021", region="上海"),
    ]
    return Documents({"甲": a, SECOND: b})


@pytest.fixture(scope="module")
def builtin() -> StaticEncoder:
    return StaticEncoder(BUILTIN_ENCODER)


def ids(search: Search, question: str, k: int = 10, where: Where | None = None) -> list[str]:
    return [hit.clause_id for hit in search.search(question, k, where=where)]


def alike(
    one: Search, other: Search, questions: Sequence[str], where: Where | None = None
) -> float:
    """The share of questions for which both find the same ten."""
    same = [set(ids(one, q, where=where)) == set(ids(other, q, where=where)) for q in questions]
    return sum(same) / len(same)


def test_bundled_policies_answer_as_from_local_files(
    workspace: Workspace, tmp_path: Path, builtin: StaticEncoder
) -> None:
    catalog = workspace.catalog
    milvus = open_milvus(
        str(tmp_path),
        catalog.fingerprints(),
        lambda policy: entries_of(catalog, policy),
        builtin,
        pytest.fail,
    )
    local = workspace.search()
    lines = (ROOT / "eval" / "questions" / "minhang.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) > 100
    assert alike(local, milvus, questions) >= ALIKE
    assert alike(local, milvus, questions[:20], {"policy": ["ftz-2024"]}) >= ALIKE
    assert alike(local, milvus, questions[:20], {"unit": ["区经委", "区科委"]}) >= ALIKE
    for question in questions[:10]:
        [here], [there] = local.search(question, 1), milvus.search(question, 1)
        assert here.clause_id == there.clause_id
        assert here.scores == pytest.approx(there.scores, abs=0.01)


@pytest.mark.skipif(not STATUTES.is_dir(), reason="the statute questions are not here")
def test_statutes_answer_as_from_local_files(tmp_path: Path, builtin: StaticEncoder) -> None:
    lines = (STATUTES / "queries.tsv").read_text("utf-8").splitlines()[:60]
    asked = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
    judged = [line.split("\t") for line in (STATUTES / "qrels.tsv").read_text("utf-8").splitlines()]
    wanted = {int(row[1]) for row in judged if row[0] in asked}
    policies: dict[str, list[Entry]] = {}
    with lzma.open(STATUTES / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        for article in map(json.loads, stream):
            if article["id"] % STEP == 0 or article["id"] in wanted:
                law = article["src"]
                found = Entry(f"{law}#{article['id']}", article["text"], article["name"])
                policies.setdefault(law, []).append(found)
    documents = Documents(policies)
    assert sum(map(len, policies.values())) > 2000
    local = documents.local(tmp_path / "local", builtin)
    milvus = documents.milvus(tmp_path / "milvus", builtin)
    assert milvus.size == sum(map(len, policies.values()))
    assert alike(local, milvus, list(asked.values())) >= ALIKE


WHERE = (
    {"policy": ["甲"]},
    {"policy": [SECOND]},
    {"year": ["2021", "2024"]},
    {"year": [2024]},
    {"unit": ["区科委"]},
    {"unit": ["区科委"], "year": ["2021"]},
    {"unit": ['区"城管"局\\执法']},
    {"region": ["上海"]},
    {"region": ["北京"]},
    {"nothing": ["x"]},
    {"policy": []},
    {"policy": ['甲"]) or (id != "']},
    {"policy": ["甲\n乙\t丙\r丁"]},
    {},
)


def test_filters_pass_what_they_pass_in_local_files(tmp_path: Path, documents: Documents) -> None:
    encoder = SeededEncoder()
    local = documents.local(tmp_path / "local", encoder)
    milvus = documents.milvus(tmp_path / "milvus", encoder)
    for where in WHERE:
        expected = ids(local, "低空经济", where=where)
        assert ids(milvus, "低空经济", where=where) == expected, where
    assert len(ids(milvus, "低空经济", where={"year": ["2024"]})) == 3
    assert ids(milvus, "城管", where={"unit": ['区"城管"局\\执法']}) == ["甲#3"]


def test_a_question_of_any_kind_is_served(tmp_path: Path, documents: Documents) -> None:
    encoder = SeededEncoder()
    local = documents.local(tmp_path / "local", encoder)
    milvus = documents.milvus(tmp_path / "milvus", encoder)
    for question in ("3.5小时 2024 5", "按闵府发〔2024〕17号 AEO认证 府发"):
        for here, there in zip(local.search(question, 5), milvus.search(question, 5), strict=True):
            assert there.clause_id == here.clause_id
            assert there.scores == pytest.approx(here.scores, abs=0.002)
    for question in ("", "  ", "？？", "AEO", "3.5小时", "99%", "无废城市", '"', "a" * 3000):
        assert set(ids(milvus, question)) == set(ids(local, question)), question
    assert milvus.search("低空经济", 0) == []
    assert len(milvus.search("低空经济", 100)) == 5
    assert ids(milvus, "3.5小时", 1) == ids(milvus, "99%", 1) == ["甲#2"]


def test_only_what_differs_is_read_and_sent(tmp_path: Path, documents: Documents) -> None:
    encoder = Counting()
    first = documents.milvus(tmp_path / "milvus", encoder)
    first_three, [kept, _] = documents.policies.values()
    documents.policies["甲"] = [
        first_three[0],
        replace(first_three[1], text="支持企业开展离岸经贸业务。"),
        replace(first_three[2], facets={"policy": ("甲",), "unit": ("区绿化局",)}),
        entry("甲", 4, "建设氢能走廊，布局加氢站。"),
    ]
    documents.policies[SECOND] = [kept]
    documents.policies["丙"] = [entry("丙", 1, "提高托育服务能力。")]
    documents.asked.clear()
    encoder.seen.clear()

    second = documents.milvus(tmp_path / "milvus", encoder, opened=first)

    assert sorted(documents.asked) == ["丙", SECOND, "甲"]
    texts = {text for text in encoder.seen if not text.startswith("《")}
    assert texts == {
        "支持企业开展离岸经贸业务。",
        "建设氢能走廊，布局加氢站。",
        "提高托育服务能力。",
    }
    assert second.size == 6
    assert ids(second, "加氢站", 1) == ["甲#4"]
    assert ids(second, "离岸经贸", 1) == ["甲#2"]
    assert ids(second, "无废城市", 1, {"unit": ["区绿化局"]}) == ["甲#3"]
    assert ids(second, "无废城市", 1, {"unit": ['区"城管"局\\执法']}) == []
    assert f"{SECOND}#2" not in ids(second, "加快铁路建设")

    del documents.policies[SECOND]
    documents.asked.clear()
    third = documents.milvus(tmp_path / "milvus", encoder, opened=second)
    assert documents.asked == []
    assert third.size == 5
    assert set(ids(third, "低空经济")) == {"甲#1", "甲#2", "甲#3", "甲#4", "丙#1"}

    encoder.seen.clear()
    fourth = documents.milvus(tmp_path / "milvus", encoder)
    assert (documents.asked, encoder.seen) == ([], [])
    assert ids(fourth, "低空经济") == ids(third, "低空经济")


def test_what_was_changed_is_ranked_as_in_local_files(
    workspace: Workspace, tmp_path: Path, builtin: StaticEncoder
) -> None:
    catalog = workspace.catalog
    whole = {policy.id: entries_of(catalog, policy.id) for policy in catalog.policies()}
    documents = Documents({name: entries[::2] for name, entries in whole.items()})
    documents.milvus(tmp_path / "milvus", builtin)
    documents.policies = whole
    milvus = documents.milvus(tmp_path / "milvus", builtin)
    lines = (ROOT / "eval" / "questions" / "minhang.jsonl").read_text("utf-8").splitlines()[:40]
    questions = [json.loads(line)["question"] for line in lines]
    assert alike(documents.local(tmp_path / "local", builtin), milvus, questions) >= ALIKE


def test_own_words_are_known_to_who_opens_it_later(tmp_path: Path, documents: Documents) -> None:
    encoder = SeededEncoder()
    milvus = documents.milvus(tmp_path, encoder)
    assert milvus.cutter.own >= {"无废城市", "区科委"}
    assert documents.milvus(tmp_path, encoder).cutter.own == milvus.cutter.own


def test_an_interrupted_change_is_taken_up(
    tmp_path: Path, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Counting()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Server, "note_policies", killed)
        with pytest.raises(KeyboardInterrupt):
            documents.milvus(tmp_path, encoder)
    gone = documents.policies["甲"].pop()
    encoder.seen.clear()
    milvus = documents.milvus(tmp_path, encoder)
    assert encoder.seen == []
    assert milvus.size == 4
    assert gone.id not in ids(milvus, gone.text)


def test_another_encoder_makes_it_anew(tmp_path: Path, documents: Documents) -> None:
    documents.milvus(tmp_path, SeededEncoder())
    said: list[str] = []
    other = SeededEncoder(seed=1, dimensions=16)
    milvus = documents.milvus(tmp_path, other, said)
    assert said == ["索引由句向量模型 seeded-0-32 建成，现在用 seeded-1-16；正在从目录库重建索引"]
    everything = {entry.id for entries in documents.policies.values() for entry in entries}
    assert set(ids(milvus, "低空经济")) == everything
    assert documents.milvus(tmp_path, other).size == 5


def test_a_lost_collection_is_made_anew(tmp_path: Path, documents: Documents) -> None:
    first = documents.milvus(tmp_path, SeededEncoder())
    first.server._client.drop_collection(CLAUSES)
    assert documents.milvus(tmp_path, SeededEncoder()).size == 5


def test_another_format_is_made_anew(
    tmp_path: Path, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.milvus_server.FORMAT", 0)
        documents.milvus(tmp_path, SeededEncoder())
    said: list[str] = []
    assert documents.milvus(tmp_path, SeededEncoder(), said).size == 5
    assert said == [f"Milvus 里的索引是第 0 版格式，本程序用第 {FORMAT} 版；正在从目录库重建索引"]


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    milvus = Documents({}).milvus(tmp_path, SeededEncoder())
    assert (milvus.size, milvus.search("低空经济", 5)) == (0, [])


def test_a_text_too_long_for_milvus_is_cut_and_found(tmp_path: Path) -> None:
    longest = "关于低空经济的各项规定，" * 1_000
    documents = Documents({"甲": [entry("甲", 1, longest), entry("甲", 2, "加快铁路建设。")]})
    milvus = documents.milvus(tmp_path, SeededEncoder())
    assert ids(milvus, "低空经济", 1) == ["甲#1"]


def test_filters_are_escaped() -> None:
    assert passing({"unit": ['a"b\\c', "d\ne"]}) == (
        'array_contains_any(facets, ["unit=a\\"b\\\\c", "unit=d\\ne"])'
    )
    assert passing({"a": ["1"], "b": ["2"]}).count(" and ") == 1
    assert of_policy("x' or \"") == 'policy == "x\' or \\""'
    assert among(["a", "b"]) == 'key in ["a", "b"]'


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_a_server_that_is_not_there_is_named(documents: Documents) -> None:
    url = f"milvus://user:secret@127.0.0.1:{free_port()}"
    start = time.monotonic()
    with pytest.raises(StoreError) as caught:
        documents.milvus(url, SeededEncoder())
    assert time.monotonic() - start < 8
    assert url.replace("user:secret@", "") in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "连不上" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server process and its address: Milvus Lite behind a port."""
    port = free_port()
    command = Path(sys.executable).with_name("milvus-lite")
    arguments = ["server", "--data-dir", str(tmp_path / "server"), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [str(command), *arguments, "--port", str(port)], stdout=subprocess.DEVNULL
    )
    for _ in range(200):
        with socket.socket() as trying:
            if not trying.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.1)
    yield f"milvus://127.0.0.1:{port}", process
    process.kill()
    process.wait()


def test_several_processes_share_a_server_until_it_is_gone(
    server: tuple[str, subprocess.Popen[bytes]],
    workspace: Workspace,
    tmp_path: Path,
    builtin: StaticEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, process = server
    assert answer(tmp_path / "data", WENCE_SEARCH_URL=url)["status"] == "answered"
    policies = workspace.catalog.fingerprints()
    milvus = open_milvus(url, policies, pytest.fail, builtin, pytest.fail)
    assert ids(milvus, "低空经济") == ids(workspace.search(), "低空经济")
    process.kill()
    process.wait()
    monkeypatch.setattr(milvus.server, "_patience", 2.0)
    start = time.monotonic()
    with pytest.raises(StoreError, match=url):
        milvus.search("低空经济", 2)
    assert time.monotonic() - start < 10


def answer(data: Path, status: int = 0, **environ: str) -> dict[str, object]:
    """What `wence ask` prints."""
    done = wence("ask", "低空经济由谁牵头?", "--json", data=data, **environ)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return dict(json.loads(done.stdout)) if done.stdout else {"says": done.stderr}


def wence(*arguments: str, data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        env=clean | {"WENCE_DATA_DIR": str(data), "COLUMNS": "200"} | environ,
        cwd=data.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_answers_from_a_folder_as_from_local_files(
    tmp_path: Path, workspace: Workspace
) -> None:
    local = answer(tmp_path / "data")
    folder = tmp_path / "检索 库"
    milvus = answer(tmp_path / "data", WENCE_SEARCH_URL=str(folder))
    assert {**milvus, "timings_ms": 0, "conversation_id": 0} == {
        **local, "timings_ms": 0, "conversation_id": 0
    }  # fmt: skip
    assert (folder / "wence.db").is_dir()
    doctor = wence("doctor", data=tmp_path / "data", WENCE_SEARCH_URL=str(folder))
    assert f"Milvus Lite {folder}，正常；" in doctor.stdout
    assert workspace.checks()["索引"].startswith("本地文件")


def test_a_folder_in_use_is_named(tmp_path: Path, documents: Documents) -> None:
    documents.milvus(tmp_path / "lite", SeededEncoder())
    said = answer(tmp_path / "data", 1, WENCE_SEARCH_URL=str(tmp_path / "lite"))["says"]
    assert f"打不开 Milvus Lite 的文件夹 {tmp_path / 'lite'}" in str(said)
    assert str(said).count("\n") <= 3  # two policies loaded, one sentence


@pytest.mark.parametrize("url", ["http://localhost:19530", "milvus://", "milvus://host:many"])
def test_a_bad_address_is_named_with_its_key(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"WENCE_SEARCH_URL.*milvus://主机:端口，或一个文件夹"):
        load_settings({"WENCE_SEARCH_URL": url}, tmp_path / "wence.toml")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, documents: Documents) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file.*WENCE_SEARCH_URL"):
        documents.milvus(tmp_path / "file" / "lite", SeededEncoder())


def test_without_the_setting_milvus_is_not_imported(tmp_path: Path) -> None:
    code = (
        "import sys, workspace, settings\n"
        "workspace.Workspace(settings.load_settings()).search().search('低空经济', 3)\n"
        "print(sorted({'pymilvus', 'milvus_lite', 'grpc', 'pandas'} & set(sys.modules)))"
    )
    environ = os.environ | {"WENCE_DATA_DIR": str(tmp_path), "WENCE_SEARCH_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environ, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
