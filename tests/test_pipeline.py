"""Files into the catalog: new, changed, unchanged, failed."""

from pathlib import Path

import pytest

from errors import UnreadableFile
from ingest.catalog import Catalog
from ingest.pipeline import find_files, ingest, parse_file
from settings import BUNDLED_POLICIES

PLAN = "某区行动方案(2025年)\n1.甲。(牵头单位:区商务委)\n2.乙。\n"


@pytest.fixture
def store(tmp_path: Path) -> Catalog:
    return Catalog(f"sqlite:///{tmp_path / 'catalog.sqlite'}")


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def states(path: Path, store: Catalog, *, replace: bool = False) -> dict[str, str]:
    return {done.path.name: done.state for done in ingest([path], store, replace=replace)}


def test_the_same_file_again_is_unchanged(tmp_path: Path, store: Catalog) -> None:
    file = write(tmp_path / "in", "plan.txt", PLAN)
    assert states(file, store) == {"plan.txt": "new"}
    before = store.fingerprint()
    assert states(file, store) == {"plan.txt": "unchanged"}
    assert store.fingerprint() == before


def test_a_changed_file_takes_the_place_of_the_old(tmp_path: Path, store: Catalog) -> None:
    file = write(tmp_path / "in", "plan.txt", PLAN)
    states(file, store)
    before = store.fingerprint()
    file.write_text(PLAN.replace("2.乙。\n", ""), "utf-8")
    assert states(file, store) == {"plan.txt": "changed"}
    assert [clause.number for clause in store.clauses("plan")] == ["", "1"]
    assert [row.unit for row in store.assignments()] == ["区商务委"]
    assert store.fingerprint() != before


def test_an_id_of_another_title_is_kept_unless_told(tmp_path: Path, store: Catalog) -> None:
    states(write(tmp_path / "a", "plan.txt", PLAN), store)
    other = write(tmp_path / "b", "plan.txt", "另一个通知\n1.丙\n")
    [refused] = ingest([other], store)
    assert refused.state == "failed"
    assert "已属于《某区行动方案(2025年)》" in refused.error
    assert "--replace" in refused.error
    assert store.policy("plan").text == PLAN
    assert states(other, store, replace=True) == {"plan.txt": "changed"}
    assert store.policy("plan").title == "另一个通知"


def test_a_bad_file_stops_only_itself(tmp_path: Path, store: Catalog) -> None:
    folder = tmp_path / "in"
    write(folder, "a.txt", PLAN)
    (folder / "b.txt").write_bytes(b"\x89PNG\x00\x01\x02")
    write(folder, "c.md", "# 通知\n1.丙\n")
    write(folder, "d.txt", "")
    write(folder, "e f.txt", PLAN)
    write(folder, "g.txt", PLAN)
    write(folder, "g.toml", "year = [")
    write(folder, "ignored.csv", "1,2")
    outcome = {done.path.name: done for done in ingest([folder], store)}
    assert {name: done.state for name, done in outcome.items()} == {
        "a.txt": "new", "b.txt": "failed", "c.md": "new", "d.txt": "failed", "e f.txt": "failed",
        "g.txt": "failed"}  # fmt: skip
    assert all(outcome[name].error for name in outcome if outcome[name].state == "failed")
    assert [policy.id for policy in store.policies()] == ["a", "c"]


def test_a_missing_file_fails_with_its_name(tmp_path: Path, store: Catalog) -> None:
    [failed] = ingest([tmp_path / "missing.txt"], store)
    assert failed.state == "failed"
    assert "missing.txt" in failed.error


def test_a_dry_run_stores_nothing_and_shows_all(tmp_path: Path) -> None:
    [done] = ingest([write(tmp_path / "in", "plan.txt", PLAN)], None)
    assert done.parsed is not None
    assert [clause.number for clause in done.parsed.clauses] == ["", "1", "2"]
    assert [row.unit for row in done.parsed.assignments] == ["区商务委"]


def test_a_file_may_name_its_own_id(tmp_path: Path) -> None:
    file = write(tmp_path / "in", "随便 什么.md", "---\nid: plan-2025\n---\n# 方案\n1.甲\n")
    assert parse_file(file).policy.id == "plan-2025"


@pytest.mark.parametrize("stem", ["a b", "a#b", "a?b", "a%b", "a&b", "x" * 101])
def test_an_id_that_cannot_stand_in_an_address_is_refused(tmp_path: Path, stem: str) -> None:
    with pytest.raises(UnreadableFile, match="不能作文件编号"):
        parse_file(write(tmp_path / "in", f"{stem}.txt", PLAN))


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    write(tmp_path / "in", "b.txt", "")
    write(tmp_path / "in" / "sub", "a.MD", "")
    write(tmp_path / "in", "a.txt", "")
    found = [str(path.relative_to(tmp_path)) for path in find_files([tmp_path / "in"])]
    assert found == ["in/a.txt", "in/b.txt", "in/sub/a.MD"]


def test_a_source_is_the_file_unless_told(tmp_path: Path) -> None:
    assert parse_file(write(tmp_path / "in", "plan.txt", PLAN)).policy.source == "plan.txt"
    assert "闵府发" in str(parse_file(BUNDLED_POLICIES / "ftz-2024.txt").policy.source)
