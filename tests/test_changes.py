"""Changes: what is found is what was left, for the cost of what changed, whoever else writes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from math import log2
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from indexing import (
    ENCODER,
    WORDS,
    Counting,
    Plainly,
    assert_alike,
    assert_tidy,
    entry,
    files,
    found,
    latest,
    nothing_in,
    some_entries,
)

from errors import StoreError
from index.changes import Live, encoded
from index.encoder import Vectors
from index.entries import Entry
from index.local import LocalSearch, held
from index.manifest import read_manifest
from index.segment import Arrays, Segment, open_segment, write_segment
from settings import ROOT

PROLOGUE = "import sys; sys.path.insert(0, 'tests')\nfrom indexing import *\n"
ONE_STEP = st.tuples(
    st.lists(st.tuples(st.integers(0, 30), st.lists(st.sampled_from(WORDS), max_size=6))),
    st.lists(st.integers(0, 30)),
)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of three entries, joined up to eight."""
    monkeypatch.setattr("index.changes.BLOCK", 3)
    monkeypatch.setattr("index.changes.LARGEST", 8)


@pytest.fixture
def same_averages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The length of a normal text does not depend on the order in which texts came."""
    averages = {"words": 6.0, "pairs": 8.0, "texts": 1}
    monkeypatch.setattr("index.changes._averages", lambda entries, cutter, before: averages)


def stepped(
    folder: Path, steps: list[tuple[list[tuple[int, list[str]]], list[int]]]
) -> tuple[LocalSearch, dict[str, Entry]]:
    """A search that took the steps one by one, and what should be left."""
    search, left = nothing_in(folder, ENCODER), dict[str, Entry]()
    for add, remove in steps:
        entries = [entry(f"第{at}条", "".join(words), policy="p") for at, words in add]
        gone = {f"第{at}条" for at in remove}
        search = search.updated(entries, gone)
        left = {each: left[each] for each in left if each not in gone}
        for each in entries:
            left.pop(each.id, None)
            left[each.id] = each
    return search, left


@given(steps=st.lists(ONE_STEP, min_size=1, max_size=6))
@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.usefixtures("small_blocks", "same_averages")
def test_any_steps_lead_to_what_is_left(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[list[tuple[int, list[str]]], list[int]]],
) -> None:
    """Vectors are exact; dead rows are still counted in how rare a word is."""
    search, left = stepped(tmp_path_factory.mktemp("index"), steps)
    again = held(search.folder, ENCODER, pytest.fail, None)
    assert again
    once = nothing_in(tmp_path_factory.mktemp("once"), ENCODER).updated(left.values())
    for query in ("企业申请低空经济", "养老"):
        hits = search.search(query, 100)
        assert found(search, query) == left.keys()
        assert again.search(query, 100) == hits
        dense = {hit.clause_id: hit.scores["dense"] for hit in once.search(query, 100)}
        for hit in hits:
            assert hit.scores["dense"] == pytest.approx(dense[hit.clause_id], abs=1e-6)
    assert (search.size, again.size) == (len(left), len(left))
    assert_tidy(search)


@given(steps=st.lists(ONE_STEP, min_size=1, max_size=6))
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.usefixtures("small_blocks", "same_averages")
def test_without_dead_rows_all_scores_are_those_of_an_index_made_at_once(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[list[tuple[int, list[str]]], list[int]]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.changes._MOSTLY_DEAD", 0)
        search, left = stepped(tmp_path_factory.mktemp("index"), steps)
        search = search.updated([], [])
    assert not any(live.dead for live in search.live)
    once = nothing_in(tmp_path_factory.mktemp("once"), ENCODER).updated(left.values())
    plain = Plainly(left.values(), search)
    for query in ("企业申请低空经济", "养老"):
        hits = search.search(query, 100)
        assert_alike(hits, once.search(query, 100), tolerance=1e-5)
        assert_alike(hits, plain.search(query, {}))


def test_of_entries_with_one_id_the_last_counts(tmp_path: Path) -> None:
    for name, size in (("one", 100), ("two", 2)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("index.changes.BLOCK", size)
            search = nothing_in(tmp_path / name).updated(
                [entry("a", "支持企业"), entry("b", "养老"), entry("c", "铁路"), entry("a", "低空")]
            )
        assert found(search) == {"a", "b", "c"}
        assert search.search("低空", 1)[0].clause_id == "a"
        assert search.search("支持企业", 3)[0].scores["bm25"] == 0


def test_what_is_removed_and_added_is_there(tmp_path: Path) -> None:
    search = nothing_in(tmp_path).updated([entry("a", "支持企业"), entry("b", "养老服务")])
    search = search.updated([entry("a", "低空经济")], ["a", "b", "never"])
    assert found(search) == {"a"}
    assert search.search("低空经济", 1)[0].scores["bm25"] == pytest.approx(1)


def test_an_index_may_be_emptied_and_filled_again(tmp_path: Path) -> None:
    entries = some_entries(20)
    search = nothing_in(tmp_path).updated(entries)
    empty = search.updated([], [each.id for each in entries])
    assert (empty.size, empty.search("企业", 5), list(empty.live)) == (0, [], [])
    assert_tidy(empty)
    assert found(empty.updated(entries[:3])) == {each.id for each in entries[:3]}


def test_nothing_changed_is_no_change(tmp_path: Path) -> None:
    search = nothing_in(tmp_path).updated(some_entries(20))
    again = search.updated([], [])
    assert again.search("企业", 20) == search.search("企业", 20)
    assert again.manifest == search.manifest


@pytest.mark.parametrize("text", ["", " \u3000", "。。。", "🙂", "𠀀"])
def test_texts_without_words_are_entries_too(tmp_path: Path, text: str) -> None:
    search = nothing_in(tmp_path).updated([entry("a", text)])
    assert found(search) == {"a"}
    search = search.updated([entry("b", "支持企业"), entry("c", text, "企业的标题")])
    hits = search.search("企业", 3)
    assert {hit.clause_id for hit in hits[:2]} == {"b", "c"}
    assert all(np.isfinite(hit.score) for hit in hits)
    if not text.strip():
        assert hits[2].scores["dense"] == 0


def test_words_that_did_not_change_are_not_encoded_again(tmp_path: Path) -> None:
    encoder = Counting()
    entries = [entry(str(at), f"第{at}件事", "标题") for at in range(20)]
    search = nothing_in(tmp_path, encoder).updated(entries)
    assert sorted(encoder.texts) == sorted(["标题", *(each.text for each in entries)])
    encoder.texts.clear()
    moved = Entry("new", entries[7].text, "标题", {"year": ("2024",)})
    search = search.updated(
        [
            Entry("3", entries[3].text, "标题", {"unit": ("区教育局",)}),  # other facets
            Entry("5", entries[6].text, "标题"),  # the numbers moved up by one
            Entry("6", entries[5].text, "标题"),
            moved,
        ],
        ["7"],
    )
    assert encoder.texts == []
    assert found(search, "第7件事", {"year": ["2024"]}) == {"new"}
    assert search.search("第7件事", 1)[0].scores["dense"] > 0.9
    search.updated([entry("8", "另一件事", "标题"), entry("9", entries[9].text, "另一个标题")])
    assert sorted(encoder.texts) == sorted(["标题", "另一个标题", "另一件事", entries[9].text])


def test_a_change_writes_about_its_own_size(tmp_path: Path) -> None:
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(3000))
    before = files(tmp_path)
    large = before.pop(f"{search.live[0].segment.name}.safetensors")
    changed = [entry(f"p#{at}", "低空经济", policy="p0") for at in range(0, 3000, 300)]
    after = search.updated(changed, ["p#5", "p#6"])
    wrote = sum(size for name, size in files(tmp_path).items() if name not in before)
    assert wrote - large < large / 50
    assert after.live[0].segment is search.live[0].segment
    assert found(after) == {f"p#{at}" for at in range(3000)} - {"p#5", "p#6"}


def test_many_small_steps_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of n entries that come one by one, each is written about log2(n) times."""
    written = []

    def counting(folder: Path, name: str, arrays: Arrays) -> Segment:
        written.append(len(arrays["id_rows"]))
        return write_segment(folder, name, arrays)

    monkeypatch.setattr("index.changes.write_segment", counting)
    search = nothing_in(tmp_path, ENCODER)
    entries = some_entries(100)
    for each in entries:
        search = search.updated([each])
    assert found(search) == {each.id for each in entries}
    sizes = [live.size for live in search.live]
    assert all(2 * small <= large for large, small in pairwise(sizes))
    assert sum(written) <= 100 * (log2(100) + 1)
    assert len(written) == 100
    assert_tidy(search)


def test_a_segment_that_is_mostly_dead_is_written_anew(tmp_path: Path) -> None:
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(100))
    half = search.updated([], [f"p#{at}" for at in range(50)])
    assert (half.live[0].segment.size, half.size) == (100, 50)
    less = half.updated([], ["p#50"])
    assert (less.live[0].segment.size, less.live[0].dead) == (49, ())
    assert found(less) == {f"p#{at}" for at in range(51, 100)}


def test_a_normal_length_is_that_of_many_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One odd text at the beginning does not set it for ever."""
    monkeypatch.setattr("index.changes._SAMPLE", 20)
    search = nothing_in(tmp_path, ENCODER).updated([entry("a", "企")])
    assert search.manifest.averages == {"words": 1.0, "pairs": 1.0, "texts": 1}
    search = search.updated(some_entries(30))
    averages = search.manifest.averages
    assert averages["words"] > 4
    assert averages["texts"] == 31
    assert search.updated(some_entries(30, seed=1)).manifest.averages == averages


def test_a_whole_encoder_batch_is_encoded_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.changes._BATCH", 3)
    entries = [*some_entries(8), entry("empty", ""), entry("last", "养老", "标题")]
    rows = encoded(entries, ENCODER, {})
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0] * 8 + [0.0, 1.0])
    for at, each in enumerate(entries):
        assert rows[at] == pytest.approx(encoded([each], ENCODER, {})[0], abs=1e-6)


class Failing(Counting):
    """Gives up at a text that says so."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if "坏" in texts:
            raise ValueError("坏")
        return super().encode_passages(texts)


def test_a_change_that_fails_leaves_the_index_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.changes.BLOCK", 4)
    monkeypatch.setattr("index.changes.LARGEST", 4)  # so that segments are written before it fails
    search = nothing_in(tmp_path, Failing()).updated(some_entries(10))
    with pytest.raises(ValueError, match="坏"):
        search.updated([*some_entries(9, seed=1), entry("bad", "坏")], ["p#3"])
    again = held(tmp_path, search.encoder, pytest.fail, None)
    assert again
    assert again.search("企业", 20) == search.search("企业", 20)
    assert found(search.updated([entry("good", "好")])) == found(search) | {"good"}
    assert_tidy(again.latest())


class Unreachable(Counting):
    """A model at the other end of a broken line."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        raise ConnectionError("the line is broken")


def test_what_fails_elsewhere_is_not_told_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError, match="the line is broken"):
        nothing_in(tmp_path, Unreachable()).updated(some_entries(3))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file", "utf-8")
    with pytest.raises(StoreError, match="WENCE_DATA_DIR") as caught:
        nothing_in(tmp_path / "index").updated(some_entries(3))
    assert str(tmp_path / "index") in str(caught.value)


def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Files of 60 kB at most; the index before the change is there and whole."""
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(20))
    code = (
        f"{PROLOGUE}"
        "import resource, signal\n"
        "from errors import StoreError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "search = latest(Path(sys.argv[1]))\n"
        "try: search.updated(some_entries(2000))\n"
        "except StoreError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    [said] = done.stdout.splitlines()
    assert said.startswith(f"索引目录 {tmp_path} 写不进去(")
    assert "File too large" in said
    assert_tidy(search)
    assert read_manifest(tmp_path, thorough=True) == search.manifest


def test_two_changes_of_one_search_are_both_there(tmp_path: Path) -> None:
    """Whoever changes goes on from what the folder holds, not from what he read of it."""
    first = nothing_in(tmp_path, ENCODER).updated([entry("a", "支持企业")])
    first.updated([entry("b", "养老服务")])
    both = first.updated([entry("c", "低空经济")])
    assert found(both) == {"a", "b", "c"}
    assert found(first) == {"a"}
    assert read_manifest(tmp_path) == both.manifest


def test_a_folder_that_went_is_written_again(tmp_path: Path) -> None:
    search = nothing_in(tmp_path / "index", ENCODER).updated(some_entries(20))
    for file in (tmp_path / "index").iterdir():
        file.unlink()
    (tmp_path / "index").rmdir()
    found(search.updated([entry("new", "低空")]))
    again = held(tmp_path / "index", ENCODER, pytest.fail, None)
    assert again
    assert found(again) == {"new", *(each.id for each in some_entries(20))}
    assert_tidy(again)


def test_an_index_of_another_encoder_is_not_gone_on_from(tmp_path: Path) -> None:
    nothing_in(tmp_path, Counting(seed=1)).updated([entry("a", "支持企业")])
    search = nothing_in(tmp_path, ENCODER).updated([entry("b", "支持企业")])
    assert found(search) == {"b"}
    assert_tidy(search)


def test_what_killed_writers_left_is_dropped_and_what_others_put_there_stays(
    tmp_path: Path,
) -> None:
    ours = ("0123456789ab.safetensors", "0123456789ab.faiss", "0123456789ab.new", ".tmpAb3dEf")
    others = ("notes.txt", "my.safetensors", "texts.sqlite", "current", "0123456789abc.faiss")
    for name in (*ours, *others):
        (tmp_path / name).write_text("not a name", "utf-8")
    (tmp_path / "folder").mkdir()
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(3))
    left = files(tmp_path).keys()
    assert left >= {*others, "folder"}
    assert not left & {*ours}
    assert len(left - {*others, "folder"}) == 1 + len(search.live)


ADD_ONE_BY_ONE = """
search = latest(Path(sys.argv[1]))
print("ready", flush=True)
for at in range(int(sys.argv[3])):
    search = search.updated([entry(f"{sys.argv[2]}#{at}", f"支持企业第{at}项")], [])
"""


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a process with a piece of code and its arguments, and wait until it is ready."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROLOGUE + code, *map(str, arguments)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


Start = Callable[..., subprocess.Popen[str]]


@pytest.mark.parametrize("moment", [0.02, 0.1, 0.25])
def test_a_killed_writer_leaves_a_whole_index(tmp_path: Path, start: Start, moment: float) -> None:
    nothing_in(tmp_path, ENCODER).updated(some_entries(50))
    writer = start(ADD_ONE_BY_ONE, tmp_path, "killed", 1_000_000)
    time.sleep(moment)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    search = latest(tmp_path)
    there = found(search)
    more = len(there) - 50
    assert there == {f"p#{at}" for at in range(50)} | {f"killed#{at}" for at in range(more)}
    assert read_manifest(tmp_path, thorough=True) == search.manifest
    assert_tidy(search.updated([entry("next", "养老")]))


def test_two_writers_at_once_lose_nothing(tmp_path: Path, start: Start) -> None:
    writers = [start(ADD_ONE_BY_ONE, tmp_path, name, 15) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    search = latest(tmp_path)
    assert found(search) == {f"{name}#{at}" for name in "ab" for at in range(15)}
    assert_tidy(search)


REPLACE_ALL = """
search = latest(Path(sys.argv[1]))
print("ready", flush=True)
for at in range(10**6):
    search = search.updated([entry(f"p#{i}", f"第{at}次") for i in range(5)])
"""


def test_who_reads_while_another_replaces_never_sees_damage(tmp_path: Path, start: Start) -> None:
    nothing_in(tmp_path, ENCODER).updated(some_entries(5))
    start(REPLACE_ALL, tmp_path)
    manifests = set()
    before = None
    for at in count():
        if len(manifests) > 20:
            break
        search = held(tmp_path, ENCODER, pytest.fail, before)
        assert search
        assert search.size == 5
        assert len(search.search("企业", 9)) == 5
        manifests.add(tuple(part.name for part in search.manifest.parts))
        before = search if at % 2 else None


def test_segments_that_are_replaced_while_they_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the manifest was read and all files were checked."""
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(5))

    def too_late(folder: Path, name: str) -> Segment:
        monkeypatch.setattr("index.local.open_segment", open_segment)
        search.updated(some_entries(5, seed=1))
        return open_segment(folder, name)

    monkeypatch.setattr("index.local.open_segment", too_late)
    again = held(tmp_path, ENCODER, pytest.fail, None)
    assert again
    assert read_manifest(tmp_path) == again.manifest != search.manifest
    assert again.size == 5


def test_threads_search_while_another_changes(tmp_path: Path) -> None:
    """With words of its own, which the cutter learns meanwhile."""
    search = nothing_in(tmp_path, ENCODER).updated(some_entries(200))
    current = [search]
    stop = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        while not stop.is_set():
            one = current[0]
            for query in ("支持“无废城市”企业" * 20, "低空经济"):
                try:
                    ids = [hit.clause_id for hit in one.search(query, 50)]
                    if len(set(ids)) != 50 or ids != [h.clause_id for h in one.search(query, 50)]:
                        wrong.append(ids)
                except Exception as error:
                    wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for at in range(25):
            words = "".join(f"“无废城市{chr(0x4E00 + 50 * at + i)}”" for i in range(30))
            current[0] = current[0].updated([entry(f"p#{at}", words)], [f"p#{199 - at}"])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert current[0].size == 175
    assert len(current[0].cutter.own) >= 700


def test_threads_that_change_at_once_lose_nothing(tmp_path: Path) -> None:
    search = nothing_in(tmp_path, ENCODER).updated([entry("a", "支持企业")])
    threads = [
        threading.Thread(target=search.updated, args=([entry(f"t#{at}", "养老服务")],))
        for at in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(search.latest()) == {"a", *(f"t#{at}" for at in range(12))}
    assert_tidy(search.latest())


def test_a_live_segment_counts_what_is_not_dead(tmp_path: Path) -> None:
    [live] = nothing_in(tmp_path, ENCODER).updated(some_entries(6)).live
    assert live.alive is None
    assert live.passing({}) is None
    some = Live(live.segment, (1, 4))
    assert some.size == 4
    assert some.alive is not None
    assert np.flatnonzero(some.alive).tolist() == [0, 2, 3, 5]
    for policy, rows in (("p0", [0, 3]), ("p1", [])):
        passing = some.passing({"policy": [policy]})
        assert passing is not None
        assert np.flatnonzero(passing).tolist() == rows
