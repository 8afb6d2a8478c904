"""The catalog: what goes in comes out, and nothing breaks it silently."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from domain import Policy, PolicyContent
from errors import BadSettings, StoreError, UnknownPolicy
from ingest.archives import Input
from ingest.catalog import Catalog
from ingest.parse import Parsed, parse
from settings import BUNDLED_POLICIES, ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def store(file: Path) -> Catalog:
    return Catalog(f"sqlite:///{file}")


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return parse_file(BUNDLED_POLICIES / "ftz-2024.txt")


def parse_file(path: Path) -> Parsed:
    return parse(Input(path))


def put(store: Catalog, parsed: Parsed, now: str = "") -> None:
    store.store(parsed.content, now=now)


def test_what_goes_in_comes_out(file: Path, store: Catalog, parsed: Parsed) -> None:
    put(store, parsed)
    for catalog in (store, Catalog(f"sqlite:///{file}")):
        assert catalog.policies() == [parsed.policy]
        assert catalog.policy("ftz-2024") == parsed.policy
        assert catalog.clauses() == catalog.clauses("ftz-2024") == list(parsed.content.clauses)
        assert catalog.assignments() == list(parsed.content.assignments)
        assert catalog.figures("ftz-2024") == list(parsed.content.figures) != []
        assert catalog.content("ftz-2024") == parsed.content


def test_storing_again_replaces_all_of_the_old(store: Catalog, parsed: Parsed) -> None:
    put(store, parsed)
    put(store, parse_file(BUNDLED_POLICIES / "hongqiao-2021.txt"))
    before = store.fingerprint()
    short = replace(parsed.policy, digest="0" * 64, title="新标题")
    stored = store.store(PolicyContent(short, parsed.content.clauses[:5]))
    assert store.policy("ftz-2024") == stored == replace(short, version=2)
    assert store.clauses("ftz-2024") == list(parsed.content.clauses[:5])
    assert store.assignments() == []
    assert len(store.clauses("hongqiao-2021")) == 65
    assert store.fingerprint() != before


def test_a_failed_store_leaves_the_old(store: Catalog, parsed: Parsed) -> None:
    put(store, parsed)
    twice = (*parsed.content.clauses, parsed.content.clauses[0])
    with pytest.raises(StoreError):
        store.store(PolicyContent(replace(parsed.policy, title="坏"), twice))
    assert store.content("ftz-2024") == parsed.content
    assert store.versions("ftz-2024") == []


def test_the_version_before_is_kept_and_can_be_read(store: Catalog, parsed: Parsed) -> None:
    put(store, parsed)
    changed = replace(parsed.content, policy=replace(parsed.policy, title="新标题"))
    store.store(changed, now="2026-01-02T03:04:05+00:00")
    [old] = store.versions("ftz-2024")
    assert (old.version, old.title, old.retired) == (
        1, parsed.policy.title, "2026-01-02T03:04:05+00:00")  # fmt: skip
    assert store.version("ftz-2024", 1) == parsed.content
    assert store.version("ftz-2024", 2).policy.title == "新标题"
    with pytest.raises(UnknownPolicy, match="没有第 3 版；现在是第 2 版"):
        store.version("ftz-2024", 3)


def test_a_removed_policy_is_gone_with_its_versions(store: Catalog, parsed: Parsed) -> None:
    put(store, parsed)
    put(store, parsed)
    before = store.fingerprint()
    store.remove("ftz-2024")
    assert store.policies() == store.clauses() == store.assignments() == store.figures() == []
    assert store.versions("ftz-2024") == []
    assert store.fingerprint() != before
    with pytest.raises(UnknownPolicy, match="没有编号为“ftz-2024”的文件"):
        store.remove("ftz-2024")


FIRST_SCHEMA = """
CREATE TABLE state (key VARCHAR(40) NOT NULL PRIMARY KEY, value TEXT);
INSERT INTO state VALUES ('schema', '1');
CREATE TABLE policies (id VARCHAR(200) NOT NULL PRIMARY KEY, title TEXT NOT NULL,
  text TEXT NOT NULL, digest VARCHAR(64) NOT NULL, doc_no TEXT, issuer TEXT, issued DATE,
  year INTEGER, region TEXT, source TEXT);
INSERT INTO policies VALUES ('a', '甲方案', '1.甲', 'x', NULL, NULL, '2024-05-06', 2024, NULL, NULL);
CREATE TABLE clauses (id VARCHAR(400) NOT NULL PRIMARY KEY, policy_id VARCHAR(200) NOT NULL
  REFERENCES policies (id) ON DELETE CASCADE, position INTEGER NOT NULL, kind VARCHAR(20) NOT NULL,
  number TEXT NOT NULL, ordinal INTEGER, section JSON NOT NULL, title TEXT NOT NULL,
  text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL);
INSERT INTO clauses VALUES ('a#1', 'a', 0, 'task', '1', 1, '[]', '甲', '1.甲', 0, 3);
CREATE TABLE assignments (clause_id VARCHAR(400) NOT NULL REFERENCES clauses (id)
  ON DELETE CASCADE, start INTEGER NOT NULL, role VARCHAR(20) NOT NULL, "end" INTEGER NOT NULL,
  unit TEXT NOT NULL, as_printed TEXT NOT NULL, marker_start INTEGER NOT NULL,
  marker_end INTEGER NOT NULL, PRIMARY KEY (clause_id, start, role));
INSERT INTO assignments VALUES ('a#1', 2, 'lead', 3, '甲', '甲', 0, 3);
"""


def test_a_catalog_of_the_first_schema_is_brought_up(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(FIRST_SCHEMA)
    store = Catalog(file)
    assert (store.policy("a").title, store.policy("a").version) == ("甲方案", 1)
    assert [clause.text for clause in store.clauses()] == ["1.甲"]
    assert [(row.unit, row.group) for row in store.assignments()] == [("甲", False)]
    assert store.is_done("bundled")
    store.store(store.content("a"))
    assert Catalog(file).policy("a").version == 2


def test_the_same_documents_have_the_same_fingerprint(
    tmp_path: Path, store: Catalog, parsed: Parsed
) -> None:
    other = Catalog(f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert store.fingerprint() == other.fingerprint()
    put(store, parsed)
    assert store.fingerprint() != other.fingerprint()
    put(other, parsed)
    assert store.fingerprint() == other.fingerprint()


def test_an_unknown_policy_is_told_what_there_is(catalog: Catalog) -> None:
    with pytest.raises(UnknownPolicy) as caught:
        catalog.policy("ftz-2042")
    assert str(caught.value) == "没有编号为“ftz-2042”的文件；现有：ftz-2024、hongqiao-2021"
    assert catalog.clauses("ftz-2042") == []


def test_an_empty_catalog_says_so(store: Catalog) -> None:
    with pytest.raises(UnknownPolicy, match="现有：无"):
        store.policy("x")


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough " * 30, b"\x00" * 4096]
)
def test_a_file_that_is_no_database_is_named_and_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreError, match=re.escape(str(file))):
        Catalog(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_database_with_damaged_pages_is_not_read_as_good(
    file: Path, store: Catalog, parsed: Parsed
) -> None:
    put(store, parsed)
    store._engine.dispose()  # closes the file, so that all of it is in one place
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StoreError, match="移走它再重新导入"):
        Catalog(f"sqlite:///{file}").clauses()
    assert file.read_bytes()[4096:] == data[4096:]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(StoreError, match="WENCE_DATA_DIR"):
        Catalog(f"sqlite:///{tmp_path / 'taken' / 'data' / 'catalog.sqlite'}")


@pytest.mark.parametrize("url", ["nonsense", "nosuchdb://host/name"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="WENCE_DATABASE_URL"):
        Catalog(url)


def test_a_catalog_of_another_version_is_refused_with_both(
    file: Path, store: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.policies() == []
    monkeypatch.setattr("ingest.schema.SCHEMA_VERSION", 9)
    with pytest.raises(StoreError, match=r"第 2 版，本程序用第 9 版"):
        Catalog(f"sqlite:///{file}")


def test_a_conversation_is_remembered_and_replaced(store: Catalog) -> None:
    assert store.conversation("a") == {}
    store.remember("a", {"policy": "ftz-2024", "numbers": [8]}, now=1.0, keep=10)
    store.remember("a", {"policy": "ftz-2024", "numbers": [9]}, now=2.0, keep=10)
    assert store.conversation("a") == {"policy": "ftz-2024", "numbers": [9]}


def test_only_the_last_conversations_stay(store: Catalog) -> None:
    for number in range(10):
        store.remember(f"c{number}", {"n": number}, now=float(number), keep=3)
    known = [number for number in range(10) if store.conversation(f"c{number}")]
    assert known == [7, 8, 9]


OPEN_AND_FILL = """
import sys
from pathlib import Path
from ingest.catalog import Catalog
from ingest.pipeline import ingest

sys.stdin.readline()
outcome = list(ingest([Path(sys.argv[2])], Catalog(sys.argv[1])))
"""


def test_processes_may_open_an_empty_folder_at_once(file: Path) -> None:
    command = [sys.executable, "-c", OPEN_AND_FILL, f"sqlite:///{file}", str(BUNDLED_POLICIES)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) for _ in range(3)
    ]
    time.sleep(1)  # until all of them wait
    for process in started:
        process.communicate("go\n")
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(Catalog(f"sqlite:///{file}").clauses()) == 92


INGEST_FOR_EVER = """
import sys
from dataclasses import replace
from pathlib import Path
from ingest.archives import Input
from ingest.catalog import Catalog
from ingest.parse import parse

store = Catalog(sys.argv[1])
parsed = [parse(Input(Path(file))).content for file in sys.argv[2:]]
print("ready", flush=True)
for turn in range(1_000_000):
    for one in parsed:
        rows = tuple(replace(c, title=f"{turn}") for c in one.clauses)
        card = replace(one.policy, title=f"{turn}")
        store.store(replace(one, policy=card, clauses=rows))
"""


@pytest.mark.parametrize("moment", [0.01, 0.05, 0.12, 0.3])
def test_a_killed_ingest_leaves_a_whole_state(
    file: Path, store: Catalog, parsed: Parsed, moment: float
) -> None:
    """Every policy is of one turn: its card, all of its clauses and its ledger."""
    put(store, parsed)
    files = [str(path) for path in sorted(BUNDLED_POLICIES.glob("*.txt"))]
    with subprocess.Popen(
        [sys.executable, "-c", INGEST_FOR_EVER, f"sqlite:///{file}", *files],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(moment)
        os.kill(writer.pid, signal.SIGKILL)
    after = Catalog(f"sqlite:///{file}")
    policies: list[Policy] = after.policies()
    assert "ftz-2024" in {policy.id for policy in policies}
    for policy in policies:
        clauses = after.clauses(policy.id)
        assert "".join(clause.text for clause in clauses) == policy.text
        if policy.title != parsed.policy.title:
            assert {clause.title for clause in clauses} == {policy.title}
        for version in after.versions(policy.id):
            assert after.version(policy.id, version.version).policy.title == version.title
        assert policy.version == len(after.versions(policy.id)) + 1
    assert after.assignments() == list(parsed.content.assignments)
    put(after, parsed)
    assert replace(after.policy("ftz-2024"), version=1) == parsed.policy
