"""One file of entries: what is read is what was written, and joined files are as if made at once."""

import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexing import ENCODER, entry, passes, some_entries
from safetensors.numpy import load_file

from errors import DamagedIndex
from index.changes import encoded
from index.entries import Entry
from index.nearest import Nearest
from index.segment import (
    NEAREST_SUFFIX,
    SUFFIX,
    Arrays,
    Averages,
    Segment,
    build_arrays,
    files_of,
    id_keys,
    joined_arrays,
    open_segment,
    write_segment,
)
from index.tokens import Cutter
from settings import ROOT

VALUES = st.sampled_from(["长宁区", "2024", "a", ""])
FACETS = st.dictionaries(st.sampled_from(["unit", "year", "x y"]), st.lists(VALUES, max_size=3))
WHERE = st.dictionaries(
    st.sampled_from(["unit", "year", "x y", "never"]), st.lists(VALUES, max_size=2), max_size=2
)


def arrays_of(entries: Sequence[Entry]) -> Arrays:
    vectors = encoded(entries, ENCODER, {})
    return build_arrays(entries, vectors, Cutter(), Averages(8.0, 12.0))


def in_memory(entries: Sequence[Entry]) -> Segment:
    return Segment("", arrays_of(entries))


def assert_same(one: Arrays, other: Arrays) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert np.array_equal(array, other[name]), name


def test_a_segment_is_read_as_it_was_written(tmp_path: Path) -> None:
    arrays = arrays_of(some_entries(50))
    written = write_segment(tmp_path, "one", arrays)
    assert_same(open_segment(tmp_path, "one").arrays, arrays)
    assert_same(written.arrays, arrays)
    assert_same(dict(load_file(tmp_path / f"one{SUFFIX}")), arrays)
    assert files_of(tmp_path, "one") == [tmp_path / f"one{SUFFIX}"]


def test_a_large_segment_has_a_second_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.segment.EXACT_ROWS", 49)
    write_segment(tmp_path, "one", arrays_of(some_entries(50)))
    assert [file.suffix for file in files_of(tmp_path, "one")] == [SUFFIX, NEAREST_SUFFIX]
    assert open_segment(tmp_path, "one").nearest


def test_arrays_are_mapped_and_aligned(tmp_path: Path) -> None:
    write_segment(tmp_path, "one", arrays_of(some_entries(50)))
    for name, array in open_segment(tmp_path, "one").arrays.items():
        base = array
        while base.base is not None and not isinstance(base, np.memmap):
            base = base.base
        assert isinstance(base, np.memmap), name
        assert array.flags.aligned, name
        assert not array.flags.writeable, name


def test_nothing_is_pickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*args: object, **named: object) -> None:
        raise AssertionError("pickled")

    for name in ("dump", "dumps", "load", "loads", "Pickler", "Unpickler"):
        monkeypatch.setattr(pickle, name, no)
    monkeypatch.setattr("index.segment.EXACT_ROWS", 10)
    write_segment(tmp_path, "one", arrays_of(some_entries(50)))
    open_segment(tmp_path, "one")
    for file in files_of(tmp_path, "one"):
        assert not file.read_bytes().startswith(b"\x80")  # how a pickle begins


@given(st.lists(st.text(max_size=6), min_size=1, max_size=8, unique=True), st.text(max_size=6))
def test_ids_are_any_text(ids: list[str], other: str) -> None:
    segment = in_memory([entry(each, "支持企业") for each in ids])
    assert [segment.id(row) for row in range(segment.size)] == ids
    for row, each in enumerate(ids):
        assert segment.rows_of(id_keys([each])).tolist() == [row]
    known = [ids.index(other)] if other in ids else []
    assert segment.rows_of(id_keys([other])).tolist() == known
    assert segment.rows_of(id_keys([])).tolist() == []
    assert sorted(segment.rows_of(id_keys([*ids, other]))) == sorted([*range(len(ids)), *known])


@given(st.lists(FACETS, min_size=1, max_size=8), WHERE)
def test_a_filter_passes_what_has_one_of_the_values(
    facets: list[dict[str, list[str]]], where: dict[str, list[str]]
) -> None:
    entries = [
        Entry(str(at), "支持企业", facets={name: tuple(values) for name, values in each.items()})
        for at, each in enumerate(facets)
    ]
    mask = in_memory(entries).passing(where)
    assert mask.tolist() == [passes(each, where) for each in entries]


def test_one_value_may_be_told_without_a_list() -> None:
    segment = in_memory([entry("a", "支持", unit="区教育局"), entry("b", "支持", unit="区")])
    assert segment.passing({"unit": "区教育局"}).tolist() == [True, False]


@given(st.data())
def test_a_joined_segment_is_as_if_made_at_once(data: st.DataObject) -> None:
    """Whatever is dead of it, a whole part too."""
    parts, kept = [], []
    for at in range(data.draw(st.integers(1, 4))):
        entries = some_entries(data.draw(st.integers(1, 6)), seed=at, prefix=f"{at}#")
        if data.draw(st.booleans()):
            entries.append(entry(f"{at}#empty", ""))
        alive = np.array(data.draw(st.lists(st.booleans(), min_size=len(entries))), bool)
        alive = alive[: len(entries)]
        parts.append((in_memory(entries), alive))
        kept += [each for each, lives in zip(entries, alive, strict=True) if lives]
    segments, masks = zip(*parts, strict=True)
    assert_same(joined_arrays(segments, masks), arrays_of(kept))


def test_a_segment_without_entries_can_be_asked(tmp_path: Path) -> None:
    [made] = [in_memory(some_entries(3))]
    arrays = joined_arrays([made], [np.zeros(3, bool)])
    for segment in (Segment("", arrays), write_segment(tmp_path, "one", arrays)):
        assert segment.size == 0
        assert segment.rows_of(id_keys(["p#0"])).tolist() == []
        assert segment.passing({"policy": ["p0"]}).tolist() == []
        assert segment.vectors.shape == (0, ENCODER.dimensions)


def test_vectors_keep_their_direction_in_half_the_bytes() -> None:
    entries = some_entries(50)
    rows = encoded(entries, ENCODER, {})
    segment = in_memory(entries)
    assert segment.halves.dtype == np.float16
    assert np.sum(segment.vectors * rows, axis=1) == pytest.approx(1, abs=1e-3)


def test_an_entry_is_known_by_its_words_and_by_the_rest() -> None:
    one = entry("a", "支持企业", "标题", unit="区教育局")
    for other in (entry("b", "支持企业", "标题"), entry("a", "支持企业", "标题", unit="区科委")):
        assert other.digest[:8] == one.digest[:8]
        assert other.digest[8:] != one.digest[8:]
    for other in (entry("a", "支持企", "业标题"), entry("a", "支持企业"), entry("a", "标题")):
        assert other.digest[:8] != one.digest[:8]
    swapped = {"b": ("1",), "a": ("2",)}, {"a": ("2",), "b": ("1",)}
    assert len({Entry("a", "", facets=facets).digest for facets in swapped}) == 1


FOREIGN = {
    "empty": b"",
    "short": b"\x08\x00",
    "text": "这不是索引文件".encode() * 20,
    "a list": b"\x02\x00\x00\x00\x00\x00\x00\x00[]",
    "nothing": b"\x02\x00\x00\x00\x00\x00\x00\x00{}",
    "another kind": (
        b'\x36\x00\x00\x00\x00\x00\x00\x00{"keys":{"dtype":"C64","shape":[0],"data_offsets":[0,0]}}'
    ),
    "a long header": b"\xff\xff\xff\xff\xff\xff\xff\x7f{}",
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_file_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"one{SUFFIX}").write_bytes(data)
    with pytest.raises(DamagedIndex, match=f"one{SUFFIX} 打不开"):
        open_segment(tmp_path, "one")


def test_a_foreign_second_file_is_named(tmp_path: Path) -> None:
    write_segment(tmp_path, "one", arrays_of(some_entries(5)))
    (tmp_path / f"one{NEAREST_SUFFIX}").write_bytes("这不是索引文件".encode())
    with pytest.raises(DamagedIndex, match="one"):
        open_segment(tmp_path, "one")


def test_a_segment_that_does_not_fit_the_disk_leaves_nothing(tmp_path: Path) -> None:
    """The process may write files of 20 kB at most."""
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from pathlib import Path\n"
        "from test_segments import arrays_of, some_entries, write_segment\n"
        "try: write_segment(Path(sys.argv[1]), 'one', arrays_of(some_entries(500)))\n"
        "except OSError as error: print(error.strerror)"
    )

    def bound() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT, preexec_fn=bound, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "File too large" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_second_file_that_does_not_fit_takes_the_first_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.segment.EXACT_ROWS", 10)
    (tmp_path / f"one{NEAREST_SUFFIX}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left on device"):
        write_segment(tmp_path, "one", arrays_of(some_entries(50)))
    assert not (tmp_path / f"one{SUFFIX}").exists()


def test_near_rows_are_those_of_the_highest_cosines(tmp_path: Path) -> None:
    """Those that are shut out are not among them."""
    random = np.random.default_rng(0)
    centres = random.standard_normal((40, 24))
    rows = centres[random.integers(40, size=3000)] + 0.6 * random.standard_normal((3000, 24))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    Nearest.build(rows.astype(np.float16)).save(tmp_path / "near.faiss")
    nearest = Nearest.load(tmp_path / "near.faiss")
    among = random.random(3000) < 0.3
    recalled = []
    for query in rows[:60]:
        for mask in (None, among):
            scores = rows @ query if mask is None else np.where(mask, rows @ query, -9)
            found = nearest.rows(query, 40, mask)
            assert mask is None or np.all(mask[found])
            recalled.append(len({*found} & {*np.argsort(-scores)[:10]}) / 10)
    assert np.mean(recalled) > 0.98


@pytest.mark.parametrize("count", [1, 2, 50])
def test_few_rows_and_rows_that_say_nothing_have_an_index(
    count: int, capfd: pytest.CaptureFixture[str]
) -> None:
    nearest = Nearest.build(np.zeros((count, 8), np.float16))
    assert len(nearest.rows(np.zeros(8, np.float32), 100, None)) <= count
    assert capfd.readouterr() == ("", "")
