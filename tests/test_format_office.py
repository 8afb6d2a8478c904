"""What LibreOffice reads for us: the same text from every format, or a sentence on what to do."""

import io
import os
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx_files import cell, converted, docx, item, level, lists, paragraph, row, run, table, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.document import settle
from ingest.formats import office, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_office = pytest.mark.skipif(not office.available(), reason="LibreOffice is not installed")
PARTS = {
    "numbering": lists((level(0, "chineseCountingThousand", "%1、"), level(1, "decimal", "%2."))),
    "footnotes": f'<w:footnote w:id="2">{paragraph("按户籍计算")}</w:footnote>',
    "footer1": paragraph("— 1 —"),
}
DOWN = '<w:vMerge w:val="restart"/>'
BODY = (
    paragraph("青山县养老服务方案")
    + item("总体要求", 1)
    + item("2025年底前建成40个", 1, 1)
    + paragraph(run("补助8万元") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("。"))
    + item("重点任务", 1)
    + table(row("任务", "单位"), row("甲", cell("县民政局", DOWN)), row("乙", cell("", "<w:vMerge/>")))
    + paragraph("落款")
    + '<w:sectPr><w:footerReference w:type="default" r:id="rId-footer1"/></w:sectPr>'
)  # fmt: skip
SHOWN = [
    "青山县养老服务方案",
    "一、总体要求",
    "1. 2025年底前建成40个",
    "补助8万元〔注1〕。",
    "二、重点任务",
    "任务\t单位",
    "甲\t县民政局",
    "乙\t县民政局",
    "落款",
    "〔注1〕按户籍计算",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The document in every format that LibreOffice writes, by suffix."""
    folder = tmp_path_factory.mktemp("office")
    file = folder / "made.docx"
    file.write_bytes(docx(BODY, PARTS))
    return {one: converted(folder, one, file)[0].read_bytes() for one in ("doc", "odt")}


@needs_office
def test_the_text_is_that_of_the_docx(made: dict[str, bytes]) -> None:
    """Two at once. A `.wps` is what WPS calls a `.doc`; a wrong suffix does no harm."""
    with ThreadPoolExecutor(2) as pool:
        sources = list(pool.map(office.read, made.values(), ["方案.wps", "方案.doc"]))
    assert [settle(one).text.splitlines() for one in sources] == [SHOWN, SHOWN]
    assert [len(one.tables) for one in sources] == [1, 1]


@needs_office
def test_rtf_with_numbers_in_a_chinese_code_page() -> None:
    r"""Word writes 、 as two bytes of GBK: {\leveltext \'03\'00\'a1\'a2;}."""
    number = r"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc37\leveljc0\levelfollow2\levelstartat1"
    number += r"{\leveltext\'02\'00\u12289\'a1\'a2;}{\levelnumbers\'01;}\fi0\li0}\listid1}}"
    number += r"{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
    words = "总则".encode("gbk"), "附则".encode("gbk")
    escaped = ["".join(f"\\'{byte:02x}" for byte in one) for one in words]
    items = "".join(rf"\pard\ls1\ilvl0 {one}\par " for one in escaped)
    data = rf"{{\rtf1\ansi\ansicpg936\deff0{{\fonttbl{{\f0\fcharset134 SimSun;}}}}{number}\f0 {items}}}"
    assert office.read(data.encode("ascii"), "通知.doc").text.split() == ["一、总则", "二、附则"]


@needs_office
def test_a_web_page_called_doc() -> None:
    cells = "<table><tr><td>序号</td><td>任务</td></tr><tr><td>1</td><td>甲</td></tr></table>"
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    page = f"<html><head>{head}</head><body><p>第一条 总则</p>{cells}</body></html>"
    source = office.read(page.encode("gb2312"), "通知.doc")
    assert source.text.split() == ["第一条", "总则", "序号", "任务", "1", "甲"]
    assert len(source.tables) == 1


def test_a_docx_called_doc_needs_no_conversion() -> None:
    data = docx(BODY, PARTS)
    assert office.read(data, "方案.doc") == word.read(data, "方案.doc")


@needs_office
def test_a_spreadsheet_is_read_as_one() -> None:
    cells = "".join(
        f"<t:table-cell o:value-type='string'><x:p>{text}</x:p></t:table-cell>"
        for text in ("序号", "任务")
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("o", "office"), ("t", "table"), ("x", "text"))
    )
    sheet = f"<t:table t:name='甲'><t:table-row>{cells}</t:table-row></t:table>"
    body = f"<o:body><o:spreadsheet>{sheet}</o:spreadsheet></o:body>"
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    kind = f'<m:file-entry m:full-path="/" m:media-type="{mimetype}"/>'
    kind += '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/>'
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{kind}</m:manifest>'
    content = f'<o:document-content{names} o:version="1.2">{body}</o:document-content>'
    data = zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest})
    assert "序号\t任务" in office.read(data, "清单.ods").text


@needs_office
def test_an_old_spreadsheet_of_wps(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    for place, text in enumerate(("序号", "任务")):
        book.add_sheet("甲").write(0, place, text) if not place else book.get_sheet(0).write(
            0, 1, text
        )
    book.save(tmp_path / "old.xls")
    assert "序号\t任务" in office.read((tmp_path / "old.xls").read_bytes(), "清单.et").text


def locked_odt() -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<m:encryption-data/>",
        }
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的"),
        (b" \n", "文件是空的"),
        ("第一条 总则".encode(), "后缀改为 .txt"),
        (bytes(range(256)) * 4, "可能已损坏"),
        (OLE + bytes(2000), "没有文字处理或表格内容"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (locked_odt(), "密码"),
        (locked_odt()[:-20], "不是完整的文件"),
        (zipped({"mimetype": "image/png", "META-INF/manifest.xml": "<m/>"}), "可能已损坏"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "MHTML"),
    ],
)
def test_a_bad_file_is_explained(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^附件/旧\.doc：") as caught:
        office.read(data, "附件/旧.doc")
    assert message in str(caught.value)


@needs_office
def test_a_password_is_seen_in_the_file_itself(made: dict[str, bytes]) -> None:
    data = bytearray(made["doc"])
    start = next(at for at in range(512, len(data), 512) if data[at : at + 2] == b"\xec\xa5")
    data[start + 11] |= 1  # fEncrypted
    with pytest.raises(UnreadableFile, match="密码"):
        office.read(bytes(data), "旧.doc")


@needs_office
def test_a_damaged_file_ends_in_an_error(made: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made["odt"])) as package:
        members = {
            name: package.read(name).decode("utf-8", "ignore") for name in package.namelist()
        }
    with pytest.raises(UnreadableFile, match="没能读出内容"):
        office.read(zipped(members | {"content.xml": "<office"}), "坏.odt")


@needs_office
def test_a_long_conversion_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: dict[str, bytes]
) -> None:
    monkeypatch.setattr(office, "TIMEOUT", 0.3)
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))
    with pytest.raises(UnreadableFile, match=r"超过 0\.3 秒，已停止"):
        office.read(made["odt"], "大.odt")
    running = [
        one for one in Path("/proc").glob("[0-9]*/cmdline") if os.fsencode(tmp_path) in _bytes(one)
    ]
    assert not running


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_without_libreoffice_the_error_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert not office.available()
    with pytest.raises(UnreadableFile, match="apt-get install libreoffice-writer-nogui"):
        office.read(rb"{\rtf1 a}", "旧.rtf")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([b"", OLE, b"PK\x03\x04"]), st.binary(max_size=200))
def test_any_bytes_never_raise_anything_else(head: bytes, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        office.read(head + b"\x00" + data, "坏.doc")
