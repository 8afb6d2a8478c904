"""Files, folders and zips as one stream of inputs."""

import io
import os
import pickle
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.archives import Input, Refused, Skipped, inputs
from settings import ROOT

TEXT = b"# \xe6\x96\xb9\xe6\xa1\x88\n"


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def in_code(names: Mapping[str, bytes], encoding: str, **marked: bytes) -> bytes:
    """A zip whose names are in an encoding of their own and not marked, as Windows writes them;
    those of `marked` are."""
    codes = {name.encode(encoding): data for name, data in names.items()}
    stand_ins = {f"{place:03}".ljust(len(code), "_"): code for place, code in enumerate(codes)}
    data = zipped(dict(zip(stand_ins, codes.values(), strict=True)) | marked)
    for name, code in stand_ins.items():
        data = data.replace(name.encode(), code)
    return data


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(*paths: Path) -> dict[str, bytes]:
    """What is found, by its name below the folder of the test."""
    return {one.name: one.load() for one in inputs(paths) if isinstance(one, Input)}


def errors(*paths: Path) -> list[str]:
    return [one.error for one in inputs(paths) if isinstance(one, Refused)]


def test_a_folder_is_searched_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/z.MD", "sub/deep/y.docx", "c.zip"):
        saved(tmp_path, name, zipped({"甲.txt": TEXT}) if name.endswith("zip") else TEXT)
    found = [one.name.removeprefix(f"{tmp_path}/") for one in inputs([tmp_path])]
    assert found == ["a.txt", "b.txt", "c.zip/甲.txt", "sub/deep/y.docx", "sub/z.MD"]


def test_what_lies_beside_documents_is_passed_over(tmp_path: Path) -> None:
    litter = (".hidden.txt", "~$方案.docx", "__MACOSX/a.txt", "Thumbs.db", ".DS_Store", ".git/a.md")
    for name in (*litter, "a.txt", "a.toml", "video.mp4"):
        saved(tmp_path / "in", name, TEXT)
    files = dict.fromkeys((*litter, "a.txt", "a.toml", "video.mp4"), TEXT)
    archive = saved(tmp_path, "in.zip", zipped(files))
    for start in (tmp_path / "in", archive):
        found = [(type(one), one.name) for one in inputs([start])]
        assert found == [(Input, f"{start}/a.txt"), (Skipped, f"{start}/video.mp4")]


def test_links_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    saved(tmp_path, "in/sub/a.txt", TEXT)
    (tmp_path / "in/sub/up").symlink_to(tmp_path / "in")
    (tmp_path / "in/other").symlink_to(tmp_path / "in/sub")
    (tmp_path / "in/gone.txt").symlink_to(tmp_path / "nothing")
    found = list(inputs([tmp_path / "in"]))
    assert [one.name.rpartition("/")[2] for one in found] == ["gone.txt", "a.txt"]
    assert isinstance(found[0], Input)
    with pytest.raises(UnreadableFile, match=r"gone\.txt：没有这个文件"):
        found[0].load()


def test_what_a_person_names_is_read_or_told(tmp_path: Path) -> None:
    hidden = saved(tmp_path, ".hidden.txt", TEXT)
    assert read(hidden) == {str(hidden): TEXT}
    assert "不读取 .mp4 文件" in errors(saved(tmp_path, "a.mp4", b""))[0]
    assert "没有这个文件" in errors(tmp_path / "missing.zip")[0]
    [missing] = inputs([tmp_path / "missing.txt"])
    assert isinstance(missing, Input)
    with pytest.raises(UnreadableFile, match=r"missing\.txt：没有这个文件"):
        missing.load()


def test_an_input_knows_its_names(tmp_path: Path) -> None:
    path = saved(tmp_path, "包.zip", zipped({"市/某区 方案.2024.docx": b"x"}))
    [one] = inputs([path])
    assert isinstance(one, Input)
    assert one.name == f"{path}/市/某区 方案.2024.docx"
    assert (one.file_name, one.stem) == ("某区 方案.2024.docx", "某区 方案.2024")


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-8"])
def test_names_of_any_encoding_are_read(tmp_path: Path, encoding: str) -> None:
    files = {"通知/關於公布實施細則的公告.txt": b"1", "通知/附件：申請表.docx": b"2"}
    path = saved(tmp_path, "a.zip", in_code(files, encoding))
    assert read(path) == {f"{path}/{name}": data for name, data in files.items()}


def test_names_in_gbk_beside_marked_ones_are_read(tmp_path: Path) -> None:
    unmarked = {"学校.txt": b"1", "方案\\统一.md": b"2"}
    path = saved(tmp_path, "a.zip", in_code(unmarked, "gbk", **{"总体要求.txt": b"3"}))
    assert read(path) == {
        f"{path}/学校.txt": b"1",
        f"{path}/总体要求.txt": b"3",
        f"{path}/方案/统一.md": b"2",
    }


def test_names_that_lead_outside_are_only_names(tmp_path: Path) -> None:
    files = {"../../a.txt": b"1", "/etc/b.txt": b"2"}
    path = saved(tmp_path, "x/y/a.zip", zipped(files))
    assert sorted(read(path).values()) == [b"1", b"2"]
    assert [one.name for one in tmp_path.rglob("*.txt")] == []


def test_a_link_in_a_zip_is_no_document(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(link, "/etc/passwd")
        file.writestr("a.txt", TEXT)
    path = saved(tmp_path, "a.zip", out.getvalue())
    assert read(path) == {f"{path}/a.txt": TEXT}


def test_zips_in_zips_are_opened_to_a_depth(tmp_path: Path) -> None:
    data = zipped({"深.txt": TEXT})
    for depth in range(4):
        data = zipped({f"{depth}.zip": data, f"{depth}.txt": str(depth).encode()})
    path = saved(tmp_path, "a.zip", data)
    assert sorted(name.removeprefix(f"{path}/") for name in read(path)) == [
        "3.txt",
        "3.zip/2.txt",
        "3.zip/2.zip/1.txt",
    ]
    assert errors(path) == [f"{path}/3.zip/2.zip/1.zip：压缩包嵌套超过 2 层，请解压后再导入"]


def test_a_member_with_a_password_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = saved(tmp_path, "a.zip", bytes(data))
    assert errors(path) == [f"{path}/a.txt：压缩包内的文件有密码，请去掉密码后再导入"]
    assert list(read(path)) == [f"{path}/b.txt"]


def test_a_damaged_member_stops_only_itself(tmp_path: Path) -> None:
    files = {f"{letter}.txt": bytes([place]) * 99 for place, letter in enumerate("abc", 65)}
    data = zipped(files, zipfile.ZIP_STORED).replace(b"B" * 99, b"B" * 98 + b"X")
    path = saved(tmp_path, "a.zip", data)
    first, damaged, last = inputs([path])
    assert isinstance(damaged, Input)
    with pytest.raises(UnreadableFile, match=r"b\.txt：在压缩包中已损坏"):
        damaged.load()
    assert [one.load() for one in (first, last) if isinstance(one, Input)] == [b"A" * 99, b"C" * 99]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({"a.txt": TEXT})[:-30], "压缩包已损坏，打不开，请重新下载"),
        (b"", "文件是空的，没有可导入的文字"),
        (b"\x00" * 500, "压缩包已损坏，打不开，请重新下载"),
        (b"Rar!\x1a\x07\x01\x00", "内容是 RAR 压缩包（.rar），后缀却是 .zip，请解压后再导入"),
        (TEXT, "内容是纯文本（.txt），后缀却是 .zip，请改后缀为 .txt 再导入"),
    ],
)
def test_what_is_no_zip_is_told(tmp_path: Path, data: bytes, message: str) -> None:
    path = saved(tmp_path, "a.zip", data)
    assert errors(path) == [f"{path}：{message}"]
    nested = saved(tmp_path, "b.zip", zipped({"a.zip": data, "b.txt": TEXT}))
    assert errors(nested) == [f"{nested}/a.zip：{message}"]
    assert read(nested) == {f"{nested}/b.txt": TEXT}


def test_a_zip_without_documents_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.zip", zipped({"a.mp4": b"x", "a.toml": b""}))
    assert "压缩包内没有可读的文件" in errors(path)[0]
    assert errors(tmp_path) == []


def test_bombs_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, "a.zip", zipped({"a.txt": bytes(60_000_000), "b.txt": TEXT}))
    assert errors(path) == [f"{path}/a.txt：解压后大得不正常，没有读取，请核实文件来源"]
    assert list(read(path)) == [f"{path}/b.txt"]
    monkeypatch.setattr("ingest.archives.MAX_MEMBER", 1000)
    monkeypatch.setattr("ingest.archives.MAX_TOTAL", 2500)
    large = saved(tmp_path, "b.zip", zipped({"a.txt": os.urandom(1001), "b.txt": TEXT}))
    assert errors(large) == [f"{large}/a.txt：文件有 1,001 字节，上限 1,000 字节，请拆分后再导入"]
    inner = zipped({"c.txt": os.urandom(900), "d.txt": os.urandom(900)})
    whole = saved(tmp_path, "c.zip", zipped({"a.zip": inner, "b.txt": TEXT}))
    monkeypatch.setattr("ingest.archives.MAX_MEMBER", 5000)
    assert errors(whole) == [f"{whole}/a.zip：压缩包解压后超过 2,500 字节，请拆分后再导入"]


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.archives.MAX_MEMBERS", 5)
    path = saved(tmp_path, "a.zip", zipped({f"{place}.txt": TEXT for place in range(6)}))
    assert errors(path) == [f"{path}：压缩包内超过 5 个文件，请拆分后再导入"]


def test_a_member_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    data = zipped({"a.txt": bytes(3_000_000)})
    real, said = (3_000_000).to_bytes(4, "little"), (3_000).to_bytes(4, "little")
    path = saved(tmp_path, "a.zip", data.replace(real, said))
    [one] = inputs([path])
    assert isinstance(one, Input)
    with pytest.raises(UnreadableFile, match="在压缩包中已损坏"):
        one.load()


def test_a_zip_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.zip", zipped({"a.txt": b"1", "b.txt": b"2"}))
    found = [one for one in inputs([path]) if isinstance(one, Input)]
    saved(tmp_path, "a.zip", zipped({"a.txt": b"new"}))
    assert found[0].load() == b"new"
    with pytest.raises(UnreadableFile, match=r"b\.txt：压缩包在读取时变了，请重新导入"):
        found[1].load()


def test_the_card_beside_a_document_is_found(tmp_path: Path) -> None:
    saved(tmp_path, "in/方案.txt", TEXT)
    saved(tmp_path, "in/方案.toml", b"title = 'x'")
    saved(tmp_path, "in/sub/方案.txt", TEXT)
    inner = zipped({"区/方案.docx": TEXT, "区/方案.toml": b"y", "方案.txt": TEXT})
    saved(tmp_path, "in/包.zip", zipped({"内.zip": inner}))
    cards = {one.name: one.beside() for one in inputs([tmp_path]) if isinstance(one, Input)}
    assert {name.removeprefix(f"{tmp_path}/in/"): card for name, card in cards.items()} == {
        "sub/方案.txt": None,
        "包.zip/内.zip/区/方案.docx": b"y",
        "包.zip/内.zip/方案.txt": None,
        "方案.txt": b"title = 'x'",
    }


def test_a_card_too_large_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.zip", zipped({"a.txt": TEXT, "a.toml": bytes(1_000_001)}))
    [one] = inputs([path])
    assert isinstance(one, Input)
    with pytest.raises(UnreadableFile, match=r"a\.toml：元数据有 1,000,001 字节"):
        one.beside()


def test_an_input_is_read_in_another_process(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.zip", zipped({"内.zip": zipped({"甲.txt": TEXT})}))
    code = "import pickle, sys; sys.stdout.buffer.write(pickle.load(sys.stdin.buffer).load())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(*inputs([path])),
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == TEXT


def test_a_process_does_not_share_its_parents_place_in_the_file(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.zip", zipped({f"{i}.txt": os.urandom(200_000) for i in range(4)}))
    found = [one for one in inputs([path]) if isinstance(one, Input)]
    whole = [one.load() for one in found]
    child = os.fork()
    same = all([one.load() for one in found] == whole for _ in range(10))
    if not child:
        os._exit(0 if same else 1)
    assert same
    assert os.waitpid(child, 0)[1] == 0


NAME = st.text(st.sampled_from("关于印发方案的通知學校ab12 _（）"), min_size=1, max_size=8)
FILES = st.dictionaries(
    st.builds(lambda parts, suffix: "/".join(parts) + suffix, st.lists(NAME, min_size=1, max_size=3),
              st.sampled_from([".txt", ".md", ".docx"])),
    st.binary(max_size=200),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, nested=st.booleans())
def test_every_zip_is_read_back(tmp_path: Path, files: dict[str, bytes], nested: bool) -> None:
    data = zipped({"内.zip": zipped(files)}) if nested else zipped(files)
    path = saved(tmp_path, "a.zip", data)
    inside = f"{path}/内.zip/" if nested else f"{path}/"
    assert {name.removeprefix(inside): data for name, data in read(path).items()} == files


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_zip_never_stops_the_run(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(
        zipped({"a.txt": TEXT * 9, "方案.docx": TEXT, "c.zip": zipped({"d.md": TEXT})})
    )
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=8)
    ):
        whole[place] = byte
    path = saved(tmp_path, "a.zip", bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    for one in inputs([path]):
        if isinstance(one, Input):
            try:
                one.load()
            except UnreadableFile:
                continue
