"""The index over a catalog, opened: only what differs is read; damage is named and made good."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

import orjson
import pytest
from indexing import Counting, assert_tidy, entry, files, found, some_entries

from domain import Hit
from errors import DamagedIndex, StoreError, UnknownPolicy
from index.entries import Entry
from index.local import LocalSearch
from index.manifest import FORMAT, MANIFEST, read_manifest, writing
from index.opening import open_search
from index.segment import Segment, open_segment
from settings import Settings
from workspace import Workspace

TEXTS = ["支持企业申请AEO认证", "促进低空经济产业联动发展", "推进铁路建设", "。。。", ""]


class Shelf:
    """Policies with their entries, opened in a folder; what was asked for and said is kept."""

    def __init__(self, folder: Path, encoder: Counting | None = None) -> None:
        self.folder = folder
        self.encoder = encoder or Counting()
        self.policies: dict[str, list[Entry]] = {}
        self.fingerprints: dict[str, str] = {}
        self.asked: list[str] = []
        self.said: list[str] = []
        self.progress: list[tuple[int, int]] = []

    def put(self, policy: str, texts: Sequence[str]) -> None:
        self.policies[policy] = [
            entry(f"{policy}#{at}", text, "标题", policy=policy) for at, text in enumerate(texts, 1)
        ]
        self.fingerprints[policy] = str(hash(tuple(texts)))

    def drop(self, policy: str) -> None:
        del self.policies[policy], self.fingerprints[policy]

    def ids(self) -> set[str]:
        return {each.id for entries in self.policies.values() for each in entries}

    def open(self, opened: LocalSearch | None = None) -> LocalSearch:
        for heard in (self.asked, self.said, self.progress, self.encoder.texts):
            heard.clear()
        return open_search(
            self.folder,
            self.fingerprints,
            self._entries,
            self.encoder,
            self.said.append,
            lambda done, of: self.progress.append((done, of)),
            opened,
        )

    def hits(self) -> list[Hit]:
        return self.open().search("低空经济", 9)

    def _entries(self, policy: str) -> list[Entry]:
        self.asked.append(policy)
        if policy not in self.policies:
            raise UnknownPolicy(policy)
        return self.policies[policy]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Two policies that are indexed."""
    shelf = Shelf(tmp_path / "index")
    shelf.put("甲", TEXTS)
    shelf.put("b", ["养老服务补贴", "就业补贴"])
    shelf.open()
    return shelf


def test_an_index_is_read_again_as_it_was_written(shelf: Shelf) -> None:
    before = files(shelf.folder)
    hits = shelf.hits()
    assert hits[0].clause_id == "甲#2"
    assert (shelf.asked, shelf.said, shelf.encoder.texts) == ([], [], [])
    assert {hit.clause_id for hit in hits} == shelf.ids()
    assert shelf.hits() == hits
    assert files(shelf.folder) == before


def test_only_policies_that_changed_are_read_and_only_their_changed_clauses_encoded(
    shelf: Shelf,
) -> None:
    shelf.put("甲", [*TEXTS[:2], "推进铁路和道路建设", *TEXTS[3:], "新的一条"])
    shelf.put("new", ["鼓励老旧小区加装电梯"])
    shelf.drop("b")
    search = shelf.open()
    assert shelf.asked == ["甲", "new"]
    assert shelf.progress == [(0, 2), (1, 2), (2, 2)]
    assert shelf.said == []
    assert sorted(set(shelf.encoder.texts) - {"标题"}) == sorted(
        ["推进铁路和道路建设", "新的一条", "鼓励老旧小区加装电梯"]
    )
    assert found(search) == shelf.ids()
    assert dict(search.manifest.policies) == shelf.fingerprints
    assert_tidy(search)


def test_clauses_that_moved_to_other_numbers_are_not_encoded_again(shelf: Shelf) -> None:
    """One goes, those behind it move up; then the last becomes the first."""
    shelf.put("甲", TEXTS[1:])
    shelf.open()
    assert shelf.encoder.texts == []
    shelf.put("甲", [TEXTS[4], *TEXTS[1:4]])
    search = shelf.open()
    assert shelf.encoder.texts == []
    assert found(search) == shelf.ids()
    assert search.search("低空经济", 1)[0].clause_id == "甲#2"


def test_what_is_open_is_used_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shelf.open()
    shelf.put("new", ["鼓励老旧小区加装电梯"])
    added = Shelf.open(shelf)
    opened: list[str] = []

    def remembering(folder: Path, name: str) -> Segment:
        opened.append(name)
        return open_segment(folder, name)

    monkeypatch.setattr("index.local.open_segment", remembering)
    search = shelf.open(before)
    assert opened == [added.live[1].segment.name]
    assert search.live[0].segment is before.live[0].segment
    assert found(search) == shelf.ids()
    assert before.size == search.size - 1


def test_a_policy_that_goes_while_it_is_read_is_left_out(shelf: Shelf) -> None:
    shelf.put("ghost", ["支持企业"])
    entries = shelf.policies.pop("ghost")
    search = shelf.open()
    assert found(search) == shelf.ids()
    assert "ghost" not in search.manifest.policies
    shelf.policies["ghost"] = entries
    assert "ghost#1" in found(shelf.open())


def test_an_empty_catalog_has_an_index(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "index")
    for _ in range(2):
        search = shelf.open()
        assert (search.search("低空经济", 5), search.size, shelf.said) == ([], 0, [])
    assert search.exact


def changed(at: float) -> Callable[[bytes], bytes]:
    """One bit is other, at this share of the file."""

    def change(data: bytes) -> bytes:
        place = min(int(at * len(data)), len(data) - 1)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return change


HARMS: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda data: None,
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "longer": lambda data: data + b"\0",
    "first byte": changed(0),
    "a byte at a third": changed(1 / 3),
    "middle byte": changed(0.5),
    "a byte at two thirds": changed(2 / 3),
    "last byte": changed(1),
}


@pytest.mark.parametrize("suffix", [".json", ".safetensors", ".faiss"])
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_file_is_named_and_made_anew(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, suffix: str, harm: str
) -> None:
    monkeypatch.setattr("index.segment.EXACT_ROWS", 30)
    shelf.put("large", [each.text for each in some_entries(40)])
    before = shelf.hits()
    [file] = [file for file in shelf.folder.iterdir() if file.suffix == suffix]
    data = HARMS[harm](file.read_bytes())
    file.unlink()
    if data is not None:
        file.write_bytes(data)
    again = shelf.open()
    if file.name == MANIFEST and harm == "gone":
        assert shelf.said == []
    else:
        [said] = shelf.said
        assert str(file) in said
        assert said.endswith("；正在从目录库重建索引")
    assert shelf.asked == list(shelf.policies)
    assert {hit.clause_id for hit in again.search("低空经济", 9)} == {h.clause_id for h in before}
    assert found(again) == shelf.ids()
    assert_tidy(again)
    shelf.open()
    assert (shelf.said, shelf.asked) == ([], [])


def test_a_change_beyond_the_ends_of_a_huge_file_is_found_by_a_thorough_look(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.manifest._WHOLE", 1000)
    monkeypatch.setattr("index.manifest._EDGE", 100)
    [file] = shelf.folder.glob("*.safetensors")
    shelf.put("甲", TEXTS[:2])
    shelf.open()
    [file] = [f for f in shelf.folder.glob("*.safetensors") if f.stat().st_size > 1000][:1]
    file.write_bytes(changed(0.5)(file.read_bytes()))
    assert read_manifest(shelf.folder)
    with pytest.raises(DamagedIndex, match=file.name):
        read_manifest(shelf.folder, thorough=True)
    file.write_bytes(changed(1)(file.read_bytes()))
    with pytest.raises(DamagedIndex, match=file.name):
        read_manifest(shelf.folder)


FOREIGN = {
    "no object": b"[]",
    "nothing": b"null",
    "nothing in it": b"{}",
    "no text": b"\xff\xfe",
    "a number": b"3",
    "only the format": orjson.dumps({"format": FORMAT}),
    "other keys": orjson.dumps({"format": FORMAT, "parts": [], "own_words": [], "x": 1}),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_manifest_is_named_and_made_anew(shelf: Shelf, data: bytes) -> None:
    (shelf.folder / MANIFEST).write_bytes(data)
    search = shelf.open()
    [said] = shelf.said
    assert f"索引文件 {shelf.folder / MANIFEST} 读不出来" in said
    assert found(search) == shelf.ids()


def test_what_a_manifest_says_cannot_be_changed_by_hand(shelf: Shelf) -> None:
    """A dead row more, and a clause would silently never be found again."""
    file = shelf.folder / MANIFEST
    values = orjson.loads(file.read_bytes())
    values["parts"][0]["dead"] = [0]
    file.write_bytes(orjson.dumps(values))
    with pytest.raises(DamagedIndex, match=r"manifest\.json 已被改动"):
        read_manifest(shelf.folder)
    assert found(shelf.open()) == shelf.ids()


def test_a_folder_in_place_of_the_manifest_is_told(shelf: Shelf) -> None:
    (shelf.folder / MANIFEST).unlink()
    (shelf.folder / MANIFEST / "x").mkdir(parents=True)
    with pytest.raises(StoreError, match="WENCE_DATA_DIR"):
        shelf.open()
    assert MANIFEST in shelf.said[0]


def test_an_index_of_another_format_is_made_anew(shelf: Shelf) -> None:
    file = shelf.folder / MANIFEST
    file.write_bytes(orjson.dumps(orjson.loads(file.read_bytes()) | {"format": 7}))
    with pytest.raises(DamagedIndex, match=f"第 7 版，本程序用第 {FORMAT} 版"):
        read_manifest(shelf.folder)
    search = shelf.open()
    assert "第 7 版" in shelf.said[0]
    assert found(search) == shelf.ids()


def test_another_encoder_makes_the_index_anew(shelf: Shelf) -> None:
    other = Shelf(shelf.folder, Counting(seed=1, dimensions=16))
    other.policies, other.fingerprints = shelf.policies, shelf.fingerprints
    search = other.open()
    [said] = other.said
    assert "seeded-0-32" in said
    assert "seeded-1-16" in said
    assert found(search) == shelf.ids()
    assert_tidy(search)
    other.open()
    assert (other.said, other.asked) == ([], [])


def test_an_index_of_the_format_before_is_made_anew_and_dropped(tmp_path: Path) -> None:
    """Format 2 had a folder a generation, and a file that named the current one."""
    shelf = Shelf(tmp_path / "index")
    for name in ("0123456789ab", "ba9876543210.new"):
        folder = shelf.folder / name
        (folder / "bm25").mkdir(parents=True)
        for file in ("manifest.json", "clauses.json", "vectors.faiss", "bm25/data.npy"):
            (folder / file).write_text("{}", "utf-8")
    (shelf.folder / "current").write_text("0123456789ab", "utf-8")
    (shelf.folder / "ba9876543210.new.current").write_text("ba9876543210", "utf-8")
    shelf.put("甲", TEXTS)
    search = shelf.open()
    assert (shelf.said, found(search)) == ([], shelf.ids())
    assert_tidy(search)


def test_own_words_reach_the_cutter_and_survive_reopening(tmp_path: Path) -> None:
    """Units, and terms in quotes; a question is then cut as the texts were."""
    shelf = Shelf(tmp_path / "index")
    shelf.put("甲", ["建设“无废城市”", "“一网通办”改革", "“长江大保护”行动", "养老"])
    shelf.policies["甲"].append(
        Entry("甲#9", "牵头", facets={"policy": ("甲",), "unit": ("区建管委", "区府")})
    )
    own = {"无废城市", "一网通办", "长江大保护", "区建管委"}
    first = shelf.open()
    assert first.cutter.own == own
    assert "区建管委" in first.cutter.words("由区建管委牵头")
    again = shelf.open()
    assert shelf.asked == []
    assert again.cutter.own == own
    assert again.cutter.words("“无废城市”由区建管委牵头") == first.cutter.words(
        "“无废城市”由区建管委牵头"
    )
    plain = Shelf(tmp_path / "plain")
    plain.put("甲", ["建设无废城市"])
    assert "无废城市" not in plain.open().cutter.words("无废城市")
    shelf.put("b", ["“夜间经济”"])
    assert shelf.open(again).cutter.own == own | {"夜间经济"}
    assert shelf.open().cutter.own == own | {"夜间经济"}


def test_an_index_learns_so_many_words_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.changes.OWN_WORDS", 2)
    shelf = Shelf(tmp_path / "index")
    shelf.put("甲", ["“无废城市”“一网通办”“长江大保护”"])
    assert len(shelf.open().cutter.own) == 2
    shelf.put("b", ["“夜间经济”"])
    assert len(shelf.open().cutter.own) == 2


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    shelf = Shelf(tmp_path / "file" / "index")
    with pytest.raises(StoreError, match="WENCE_DATA_DIR"):
        shelf.open()


def test_who_waited_for_another_does_nothing_again(shelf: Shelf) -> None:
    """What the first one brought up while the second one waited is not brought up again."""
    shelf.put("new", ["鼓励老旧小区加装电梯"])
    other = Shelf(shelf.folder)
    other.policies, other.fingerprints = shelf.policies, shelf.fingerprints
    opened: list[LocalSearch] = []
    threads = [
        Thread(target=lambda one=one: opened.append(one.open()))  # type: ignore[misc]
        for one in (shelf, other)
    ]
    with writing(shelf.folder):
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert opened == []
    for thread in threads:
        thread.join()
    assert sorted([shelf.asked, other.asked]) == [[], ["new"]]
    assert [found(each) for each in opened] == [shelf.ids()] * 2


def test_the_index_follows_the_catalog(settings: Settings, tmp_path: Path) -> None:
    """A document comes, changes and goes; each time the search of the same data folder follows."""
    document = tmp_path / "notice.txt"
    document.write_text(
        "关于垃圾分类的通知\n\n一、推进湿垃圾资源化利用，由区绿化市容局牵头。\n二、补助回收网点。\n",
        "utf-8",
    )
    workspace = Workspace(settings)
    bundled = found(workspace.search())
    [loaded] = workspace.ingest([document])
    assert loaded.state == "new"
    first = workspace.search()
    best = first.search("湿垃圾资源化利用", 1)[0]
    assert "湿垃圾" in workspace.catalog.clauses_by_id([best.clause_id])[best.clause_id].text
    document.write_text(
        "关于垃圾分类的通知\n\n一、推进可回收物体系建设，由区绿化市容局牵头。\n二、补助回收网点。\n",
        "utf-8",
    )
    list(workspace.ingest([document], replace=True))
    second = Workspace(settings).search()
    assert second.search("可回收物体系", 1)[0].clause_id == best.clause_id
    assert second.search("湿垃圾资源化利用", 1)[0].score < best.score - 0.1
    assert found(second) == found(first) > bundled
    workspace.catalog.remove("notice")
    assert found(workspace.search()) == bundled
