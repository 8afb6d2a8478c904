"""What `wence doctor` says of the index, and that it reads every byte of it."""

from pathlib import Path

import pytest

from index import manifest
from index.manifest import MANIFEST
from index.nearest import EXACT_ROWS
from index.opening import check
from settings import Settings
from workspace import Workspace


@pytest.fixture
def ends_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of this test count as large: opening reads both their ends alone."""
    monkeypatch.setattr(manifest, "_WHOLE", 4_000)
    monkeypatch.setattr(manifest, "_EDGE", 1_000)


def damaged_within(folder: Path) -> Path:
    """Turn one byte in the middle of the segment."""
    [segment] = folder.glob("*.safetensors")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)
    return segment


@pytest.mark.usefixtures("ends_only")
def test_damage_that_opening_does_not_see_is_named_and_made_good(settings: Settings) -> None:
    before = Workspace(settings).search().search("低空经济", 5)
    segment = damaged_within(settings.index_dir)
    said: list[str] = []
    Workspace(settings, said.append).search()
    assert said == []
    checks = Workspace(settings, said.append).checks()
    assert said == [f"索引文件 {segment} 缺失或已被改动；正在从目录库重建索引"]
    assert "正常" in checks["索引"]
    assert not segment.exists()
    said.clear()
    again = Workspace(settings, said.append)
    assert again.checks() == checks
    assert again.search().search("低空经济", 5) == before
    assert said == []


def test_a_whole_index_and_no_index_are_left_as_they_are(settings: Settings) -> None:
    said: list[str] = []
    check(settings.index_dir, said.append)
    assert not settings.index_dir.exists()
    Workspace(settings).search()
    there = (settings.index_dir / MANIFEST).read_bytes()
    check(settings.index_dir, said.append)
    assert (settings.index_dir / MANIFEST).read_bytes() == there
    assert said == []


def test_the_check_tells_how_near_vectors_are_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = Workspace(settings).checks()["索引"]
    assert exact.endswith("86个条款(标题除外)，1个分段，BM25 与向量精确检索(每次逐条计算)")
    (settings.index_dir / MANIFEST).unlink()
    monkeypatch.setattr("index.segment.EXACT_ROWS", 80)
    large = Workspace(settings).checks()["索引"]
    assert large.endswith(f"BM25 与向量近似检索(超过{EXACT_ROWS}条的1个分段用 FAISS 倒排文件)")


def test_the_making_of_an_index_is_shown_as_it_goes_on(settings: Settings) -> None:
    steps: list[tuple[int, int]] = []
    Workspace(settings).checks(lambda done, of: steps.append((done, of)))
    assert steps == [(0, 2), (1, 2), (2, 2)]
