"""Bytes to text: the encodings of official files, and what is refused."""

import codecs
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.reader import decode, read_document
from settings import BUNDLED_POLICIES

TEXT = "一、总体要求\n1.支持企业申请AEO认证,“大零号湾”46平方公里。\n\n  54.促进会商旅文体联动\u3000发展。\n"

ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16 little endian": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big endian": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "gb18030": TEXT.encode("gb18030"),
    "line ends of Windows": TEXT.replace("\n", "\r\n").encode(),
    "gb18030, line ends of Windows": TEXT.replace("\n", "\r\n").encode("gb18030"),
    "line ends of old Macs": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_every_encoding_gives_the_same_characters(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "方案.txt"
    file.write_bytes(data)
    document = read_document(file)
    assert document.text == TEXT
    assert document.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("stem", ["ftz-2024", "hongqiao-2021"])
def test_a_bundled_policy_is_read_as_it_stands(stem: str) -> None:
    file = BUNDLED_POLICIES / f"{stem}.txt"
    assert read_document(file).text == file.read_bytes().decode("utf-8")


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]) | st.sampled_from("\n\t")


@given(st.text(CHARACTERS, min_size=1).filter(lambda text: not text.startswith("\ufeff")))
def test_any_text_in_utf8_comes_back(text: str) -> None:
    assert decode(text.encode(), Path("x.txt")) == text


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8))
def test_chinese_in_gb18030_comes_back(text: str) -> None:
    assert decode(text.encode("gb18030"), Path("x.txt")) in (text, _as_utf8(text))


def _as_utf8(text: str) -> str:
    """The rare bytes that are good UTF-8 too are read as that."""
    return text.encode("gb18030").decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(255, 0, -1)) * 4,
        TEXT.encode() + b"\x00",
        b"\xff\xfe\x00",
    ],
    ids=["zip", "png", "pdf", "a null at the end", "half a utf-16 character"],
)
def test_a_binary_file_is_refused_by_its_name(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "方案.txt"
    file.write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"方案\.txt：不是文本文件"):
        read_document(file)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "空.txt"
    file.write_bytes(data)
    with pytest.raises(UnreadableFile, match="文件是空的"):
        read_document(file)


@pytest.mark.parametrize("name", ["方案.docx", "方案.pdf", "方案"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, "utf-8")
    with pytest.raises(UnreadableFile, match=r"请给 \.txt、\.md"):
        read_document(tmp_path / name)


def test_a_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "方案.TXT").write_text(TEXT, "utf-8")
    assert read_document(tmp_path / "方案.TXT").text == TEXT


def test_a_folder_and_a_missing_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name, reason in (("folder.txt", "不是普通文件"), ("missing.txt", "无法打开")):
        with pytest.raises(UnreadableFile, match=f"{name}：{reason}"):
            read_document(tmp_path / name)


def test_a_file_that_is_too_large_is_refused_with_both_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.reader.MAX_BYTES", 1000)
    (tmp_path / "长.txt").write_bytes(b"x" * 1001)
    with pytest.raises(UnreadableFile, match=r"1,001 字节，上限 1,000 字节"):
        read_document(tmp_path / "长.txt")
