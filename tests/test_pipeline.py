"""Files into the catalog: new, changed, unchanged, duplicate, failed; versions; what is gone."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from errors import UnreadableFile
from ingest.archives import Input
from ingest.catalog import Catalog
from ingest.parse import Parsed, parse
from ingest.pipeline import FEW, gone, ingest
from settings import BUNDLED_POLICIES, ROOT

PLAN = "某区行动方案(2025年)\n1.甲。(牵头单位:区商务委)\n2.乙。\n"
OTHER = "另一个通知\n1.丙\n"


@pytest.fixture
def store(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def read(file: Path) -> Parsed:
    return parse(Input(file))


def states(path: Path, store: Catalog, *, replace: bool = False) -> dict[str, str]:
    return {Path(done.name).name: done.state for done in ingest([path], store, replace=replace)}


def test_the_same_file_again_is_unchanged(tmp_path: Path, store: Catalog) -> None:
    file = write(tmp_path / "in", "plan.txt", PLAN)
    assert states(file, store) == {"plan.txt": "new"}
    before = store.fingerprint()
    assert states(file, store) == {"plan.txt": "unchanged"}
    assert store.fingerprint() == before
    assert store.versions("plan") == []


def test_a_changed_file_takes_the_place_of_the_old_which_is_kept(
    tmp_path: Path, store: Catalog
) -> None:
    file = write(tmp_path / "in", "plan.txt", PLAN)
    states(file, store)
    before = store.fingerprint()
    file.write_text(PLAN.replace("2.乙。\n", "").replace("行动方案", "行动计划"), "utf-8")
    assert states(file, store) == {"plan.txt": "changed"}
    assert [clause.number for clause in store.clauses("plan")] == ["", "1"]
    assert [row.unit for row in store.assignments()] == ["区商务委"]
    assert store.fingerprint() != before
    assert store.policy("plan").version == 2
    assert store.version("plan", 1).policy.text == PLAN
    [old] = store.versions("plan")
    assert old.retired.startswith("20")


def test_a_copy_of_a_file_elsewhere_changes_nothing(tmp_path: Path, store: Catalog) -> None:
    states(write(tmp_path / "a", "plan.txt", PLAN), store)
    assert states(write(tmp_path / "b", "plan.txt", PLAN), store) == {"plan.txt": "unchanged"}


def test_another_document_of_the_same_name_gets_an_id_of_its_own(
    tmp_path: Path, store: Catalog
) -> None:
    states(write(tmp_path / "a", "plan.txt", PLAN), store)
    other = write(tmp_path / "b", "plan.txt", OTHER)
    assert states(other, store) == {"plan.txt": "new"}
    assert {p.id: p.title for p in store.policies()} == {
        "b-plan": "另一个通知", "plan": "某区行动方案(2025年)"}  # fmt: skip
    assert states(other, store) == {"plan.txt": "unchanged"}


def test_another_document_takes_the_place_where_told(tmp_path: Path, store: Catalog) -> None:
    states(write(tmp_path / "a", "plan.txt", PLAN), store)
    other = write(tmp_path / "b", "plan.txt", OTHER)
    assert states(other, store, replace=True) == {"plan.txt": "changed"}
    assert [policy.title for policy in store.policies()] == ["另一个通知"]
    assert store.version("plan", 1).policy.text == PLAN


LONG = "某区人民政府关于印发办法的通知\n某府发〔2025〕3号\n一、总则\n" + "".join(
    f"{n}.第{n}项工作由各镇街按照年度计划组织实施并且按季度报送进展情况。\n" for n in range(1, 9)
)


def test_two_files_of_one_policy_are_noticed(tmp_path: Path, store: Catalog) -> None:
    folder = tmp_path / "in"
    write(folder, "a.txt", LONG)
    write(folder, "b.md", "# " + LONG)
    write(folder, "c.html", f"<p>{LONG.replace(chr(10), '</p><p>')}</p>")
    first, *others = ingest([folder], store)
    assert (Path(first.name).name, first.state) == ("a.txt", "new")
    assert [other.state for other in others] == ["duplicate", "duplicate"]
    assert "某府发〔2025〕3号" in others[0].error
    assert "编号 a" in others[0].error
    assert [policy.id for policy in store.policies()] == ["a"]
    assert states(folder / "b.md", store, replace=True) == {"b.md": "changed"}
    assert [policy.id for policy in store.policies()] == ["a"]
    assert store.policy("a").text.startswith("# 某区")


def test_one_number_for_a_notice_and_another_document_is_no_duplicate(
    tmp_path: Path, store: Catalog
) -> None:
    folder = tmp_path / "in"
    write(folder, "a.txt", LONG)
    write(
        folder,
        "b.txt",
        "实施细则\n某府发〔2025〕3号\n一、适用\n1.本细则适用于全区范围内的各类市场主体。\n",
    )
    assert states(folder, store) == {"a.txt": "new", "b.txt": "new"}


def test_a_bad_file_stops_only_itself(tmp_path: Path, store: Catalog) -> None:
    folder = tmp_path / "in"
    write(folder, "a.txt", PLAN)
    (folder / "b.txt").write_bytes(b"\x89PNG\x00\x01\x02")
    write(folder, "c.md", "# 通知\n1.丙\n")
    write(folder, "d.txt", "")
    write(folder, "g.txt", "某办法\n1.丁\n")
    write(folder, "g.toml", "year = [")
    write(folder, "ignored.csv", "1,2")
    outcome = {Path(done.name).name: done for done in ingest([folder], store)}
    assert {name: done.state for name, done in outcome.items()} == {
        "a.txt": "new", "b.txt": "failed", "c.md": "new", "d.txt": "failed", "g.txt": "failed",
    }  # fmt: skip
    assert all(outcome[name].error for name in outcome if outcome[name].state == "failed")
    assert [policy.id for policy in store.policies()] == ["a", "c"]


def test_a_missing_file_fails_with_its_name(tmp_path: Path, store: Catalog) -> None:
    [failed] = ingest([tmp_path / "missing.txt"], store)
    assert failed.state == "failed"
    assert "missing.txt" in failed.error


def test_a_dry_run_stores_nothing_and_shows_all(tmp_path: Path) -> None:
    [done] = ingest([write(tmp_path / "in", "plan.txt", PLAN)], None)
    assert done.parsed is not None
    assert [clause.number for clause in done.parsed.content.clauses] == ["", "1", "2"]
    assert [row.unit for row in done.parsed.content.assignments] == ["区商务委"]


def test_many_files_are_parsed_side_by_side_in_their_order(tmp_path: Path, store: Catalog) -> None:
    folder = tmp_path / "in"
    names = [f"{number:02d}.txt" for number in range(FEW * 2)]
    for name in names:
        write(folder, name, f"第{name[:2]}号方案\n1.第{name[:2]}件事。(牵头单位:区商务委)\n")
    (folder / "05.txt").write_bytes(b"\x00\x01")
    seen: list[tuple[int, int]] = []
    done = list(ingest([folder], store, progress=lambda at, of: seen.append((at, of))))
    assert [Path(one.name).name for one in done] == names
    assert [one.name[-6:] for one in done if one.state == "failed"] == ["05.txt"]
    assert len(store.policies()) == len(names) - 1
    assert seen == [(place, len(names)) for place in range(len(names) + 1)]


def test_a_file_may_name_its_own_id(tmp_path: Path, store: Catalog) -> None:
    file = write(tmp_path / "in", "随便 什么.md", "---\nid: plan-2025\n---\n# 方案\n1.甲\n")
    states(file, store)
    assert [policy.id for policy in store.policies()] == ["plan-2025"]


@pytest.mark.parametrize(
    ("stem", "fit"),
    [
        ("a b", "a-b"),
        ("a#b", "a-b"),
        ("a?b%c&d", "a-b-c-d"),
        ("x" * 120, "x" * 100),
        ("..", "policy"),
    ],
)
def test_an_id_stands_in_an_address(tmp_path: Path, store: Catalog, stem: str, fit: str) -> None:
    states(write(tmp_path / "in", f"{stem}.txt", PLAN), store)
    assert [policy.id for policy in store.policies()] == [fit]
    assert {clause.id.partition("#")[0] for clause in store.clauses()} == {fit}


def test_a_source_is_the_file_unless_told(tmp_path: Path) -> None:
    assert read(write(tmp_path / "in", "plan.txt", PLAN)).policy.source == "plan.txt"
    assert "闵府发" in str(read(BUNDLED_POLICIES / "ftz-2024.txt").policy.source)


def test_a_file_of_nothing_but_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有正文"):
        read(write(tmp_path / "in", "a.md", "---\ntitle: 甲\n---\n"))


def test_what_is_gone_from_a_folder_is_known(tmp_path: Path, store: Catalog) -> None:
    folder = tmp_path / "in"
    for name, title in (("a", "甲办法"), ("b", "乙办法")):
        write(folder, f"{name}.txt", f"{title}\n1.做{title}的事\n")
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("丙.txt", "丙办法\n1.做丙的事\n")
    elsewhere = write(tmp_path / "out", "d.txt", "丁办法\n1.做丁的事\n")
    assert len(list(ingest([folder, elsewhere], store))) == 4
    assert gone(store, [folder]) == []
    (folder / "a.txt").unlink()
    elsewhere.unlink()
    assert gone(store, [folder]) == ["a"]
    (folder / "c.zip").unlink()
    assert gone(store, [folder]) == ["a", "丙"]
    assert gone(store, [tmp_path]) == ["a", "d", "丙"]


INGEST = """
import sys
from pathlib import Path
from ingest.catalog import Catalog
from ingest.pipeline import ingest

store = Catalog(Path(sys.argv[1]))
print("ready", flush=True)
for _ in ingest([Path(sys.argv[2])], store):
    pass
"""


@pytest.mark.parametrize("moment", [0.2, 0.9])
def test_a_killed_run_is_taken_up_where_it_was(
    tmp_path: Path, store: Catalog, moment: float
) -> None:
    """The workers end with it, what was stored is whole, and the next run does the rest."""
    folder = tmp_path / "in"
    for number in range(40):
        write(folder, f"{number:02d}.txt", f"第{number}号方案\n" + f"1.第{number}件事。\n" * 200)
    with subprocess.Popen(
        [sys.executable, "-c", INGEST, str(tmp_path / "catalog.sqlite"), str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        time.sleep(moment)
        os.killpg(run.pid, signal.SIGKILL)
    for policy in store.policies():
        assert "".join(c.text for c in store.clauses(policy.id)) == policy.text
    known = len(store.policies())
    done = [one.state for one in ingest([folder], store)]
    assert done.count("unchanged") == known
    assert done.count("new") == 40 - known
    assert len(store.policies()) == 40
