"""The table of formats: which module reads what, and what is told before any of them."""

import hashlib
import io
import os
import random
import struct
import zipfile
from importlib.util import find_spec
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from errors import UnreadableFile
from ingest.reader import BY_SUFFIX, FORMATS, digest, format_of, load, read_source
from ingest.sniff import Content, sniff

TEXT = "一、总体要求\n支持企业发展。\n"
PAGE = f"<!DOCTYPE html>\n<html><body><p>{TEXT}</p></body></html>"


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph(TEXT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet_file() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["序号", "任务"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old_sheet_file() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("任务").write(0, 0, "序号")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def compound(stream: str) -> bytes:
    """A compound file whose one stream at the root has another name."""
    data = old_sheet_file()
    at = data.index("Workbook".encode("utf-16-le"))
    name = stream.encode("utf-16-le") + b"\0\0"
    entry = name.ljust(64, b"\0") + struct.pack("<H", len(name))
    return data[:at] + entry + data[at + 66 :]


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


CONTENTS = {
    Content.TEXT: TEXT.encode("gb18030"),
    Content.HTML: PAGE.encode(),
    Content.FRAGMENT: b"<table><tr><td>1</td></tr></table>",
    Content.MHT: b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n",
    Content.RTF: b"{\\rtf1\\ansi x}",
    Content.DOC: compound("WordDocument"),
    Content.WORD_XML: b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?><w:a/>',
    Content.DOCX: word_file(),
    Content.ODT: package(mimetype="application/vnd.oasis.opendocument.text", content_xml="<a/>"),
    Content.ODS: package(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    Content.XLS: old_sheet_file(),
    Content.XLSX: sheet_file(),
    Content.XLSB: package(xl__workbook_bin="x"),
    Content.EXCEL_XML: b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><a/>',
    Content.PPT: compound("PowerPoint Document"),
    Content.PPTX: package(ppt__presentation_xml="<a/>"),
    Content.OFD: package(OFD_xml="<a/>"),
    Content.PDF: b"%PDF-1.7\n1 0 obj",
    Content.PNG: picture("png"),
    Content.JPEG: picture("jpeg"),
    Content.GIF: picture("gif"),
    Content.TIFF: picture("tiff"),
    Content.BMP: picture("bmp"),
    Content.WEBP: picture("webp"),
    Content.ZIP: package(a_txt=TEXT),
    Content.RAR: b"Rar!\x1a\x07\x01\x00",
    Content.SEVEN_ZIP: b"7z\xbc\xaf\x27\x1c\x00\x04",
    Content.GZIP: b"\x1f\x8b\x08\x00",
    Content.ENCRYPTED: compound("EncryptedPackage"),
    Content.COMPOUND: compound("CONTENTS"),
    Content.BROKEN: word_file()[:-100],
    Content.UNKNOWN: bytes(range(256)),
}


@pytest.mark.parametrize(("content", "data"), CONTENTS.items(), ids=[one.name for one in CONTENTS])
def test_every_content_is_known_by_its_bytes(content: Content, data: bytes) -> None:
    assert sniff(data) is content


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (Content.HTML, "\ufeff  <!-- saved -->\n<HTML>".encode()),
        (Content.HTML, b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "">'),
        (Content.HTML, "<html>".encode("utf-16")),
        (Content.FRAGMENT, b"<meta charset=gbk><p>"),
        (Content.TEXT, "<关于印发方案的通知>".encode()),
        (Content.TEXT, "BM 方案".encode()),
        (Content.PDF, b"\r\n%PDF-1.4"),
        (Content.BROKEN, b"PK\x03\x04"),
        (Content.BROKEN, old_sheet_file()[:600]),
    ],
    ids=str,
)
def test_contents_that_are_harder_to_tell(content: Content, data: bytes) -> None:
    assert sniff(data) is content


@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", CONTENTS[Content.XLS][:512]]))
def test_any_bytes_are_of_some_content(data: bytes, head: bytes) -> None:
    assert isinstance(sniff(head + data), Content)


def test_damaged_compound_files_are_of_some_content() -> None:
    rng, data = random.Random(5), CONTENTS[Content.XLS]
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 30)):
            damaged[rng.randrange(8, len(data))] = rng.randrange(256)
        assert isinstance(sniff(bytes(damaged[: rng.randrange(8, len(data))])), Content)


def test_every_module_of_the_table_is_there() -> None:
    modules = {module for form in FORMATS for module in form.modules}
    assert [name for name in sorted(modules) if find_spec(f"ingest.formats.{name}") is None] == []
    assert len(BY_SUFFIX) == sum(len(form.suffixes) for form in FORMATS)


def test_a_text_and_a_sheet_are_read() -> None:
    assert read_source(TEXT.encode("gb18030"), "a/方案.TXT").text == TEXT
    assert read_source(TEXT.encode(), "方案.md").text == TEXT
    assert read_source(CONTENTS[Content.XLSX], "任务.xlsx").text == "序号\t任务\n"
    assert read_source(CONTENTS[Content.XLSX], "任务.xls").text == "序号\t任务\n"
    assert read_source(CONTENTS[Content.XLS], "任务.et").text == "序号\n"


def told(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as error:
        read_source(data, name)
    return str(error.value)


WRONG = [
    (Content.DOCX, "a.pdf", "内容是 Word 文档（.docx），后缀却是 .pdf，请改后缀为 .docx 再导入"),
    (Content.DOC, "a.docx", "内容是 Word 97-2003 文档（.doc），后缀却是 .docx，请改后缀为 .doc 再导入"),
    (Content.HTML, "a.xls", "内容是网页（.html），后缀却是 .xls，请改后缀为 .html 再导入"),
    (Content.FRAGMENT, "a.xls", "内容是网页片段（.html），后缀却是 .xls，请改后缀为 .html 再导入"),
    (Content.XLSB, "a.xls", "内容是 Excel 二进制表格（.xlsb），后缀却是 .xls，请另存为 .xlsx 再导入"),
    (Content.HTML, "a.txt", "内容是网页（.html），后缀却是 .txt，请改后缀为 .html 再导入"),
    (Content.PDF, "a.txt", "内容是 PDF 文件（.pdf），后缀却是 .txt，请改后缀为 .pdf 再导入"),
    (Content.TEXT, "a.pdf", "内容是纯文本（.txt），后缀却是 .pdf，请改后缀为 .txt 再导入"),
    (Content.ZIP, "a.docx", "内容是 ZIP 压缩包（.zip），后缀却是 .docx，请改后缀为 .zip 再导入"),
    (Content.RAR, "a.pdf", "内容是 RAR 压缩包（.rar），后缀却是 .pdf，请解压后再导入"),
    (Content.PPTX, "a.docx", "内容是 PowerPoint 演示文稿（.pptx），后缀却是 .docx，请另存为 PDF 再导入"),
    (Content.PNG, "a.pdf", "内容是 PNG 图片（.png），后缀却是 .pdf，请改后缀为 .png 再导入"),
    (Content.UNKNOWN, "a.pdf", "内容不是 PDF 文件，文件可能已损坏，请重新下载"),
    (Content.COMPOUND, "a.xls", "内容不是 Excel 表格，文件可能已损坏，请重新下载"),
    (Content.UNKNOWN, "a.png", "内容不是图片，文件可能已损坏，请重新下载"),
    (Content.BROKEN, "a.docx", "文件已损坏，打不开，请重新下载或另存一份"),
    (Content.ENCRYPTED, "a.docx", "文件有密码，请去掉密码后再导入"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "message"), WRONG, ids=lambda one: str(one)[:20])
def test_a_wrong_suffix_is_told(content: Content, name: str, message: str) -> None:
    assert told(CONTENTS[content], name) == f"{name}：{message}"


@pytest.mark.parametrize(
    ("content", "suffix", "module"),
    [
        (Content.DOC, ".wps", "office"),
        (Content.RTF, ".doc", "office"),
        (Content.DOCX, ".doc", "word"),
        (Content.HTML, ".doc", "html"),
        (Content.MHT, ".doc", "html"),
        (Content.MHT, ".html", "html"),
        (Content.XLSX, ".et", "sheets"),
        (Content.ODS, ".ods", "office"),
        (Content.JPEG, ".png", "images"),
        (Content.FRAGMENT, ".md", "text"),
    ],
)
def test_a_harmless_suffix_is_read(content: Content, suffix: str, module: str) -> None:
    assert BY_SUFFIX[suffix].module(content) == module


def test_a_bomb_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", bytes(60_000_000))
    assert "解压后大得不正常" in told(out.getvalue(), "a.docx")


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert told(data, "空.txt") == "空.txt：文件是空的，没有可导入的文字"


@pytest.mark.parametrize("name", ["方案.csv", "方案", "方案.txt.bak"])
def test_another_suffix_is_refused_with_those_that_are_read(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"请给 \.txt、\.md、.*\.ofd、.* 或 \.zip"):
        format_of(name)


def test_other_archives_are_to_be_unpacked() -> None:
    with pytest.raises(UnreadableFile, match=r"不读取 \.rar 压缩包，请解压后再导入"):
        format_of("方案.rar")


def test_a_file_that_is_too_large_is_refused_with_both_sizes(tmp_path: Path) -> None:
    file = tmp_path / "长.txt"
    with file.open("wb") as out:
        out.truncate(50_000_001)
    with pytest.raises(UnreadableFile, match=r"50,000,001 字节，上限 50,000,000 字节"):
        load(file)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    for name, reason in (
        ("folder.txt", "不是普通文件"),
        ("missing.txt", "没有这个文件"),
        ("pipe.txt", "不是普通文件"),
        ("loop.txt", "无法打开"),
    ):
        with pytest.raises(UnreadableFile, match=f"{name}：{reason}"):
            load(tmp_path / name)


def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, "utf-8")
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read every file")
    with pytest.raises(UnreadableFile, match=r"a\.txt：没有读取权限"):
        load(file)


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfa\r\n")
    data = load(tmp_path / "a.txt")
    assert digest(data) == hashlib.sha256(b"\xef\xbb\xbfa\r\n").hexdigest()
