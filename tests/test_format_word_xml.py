"""Word documents in one XML file: read like the `.docx` that they could be."""

import zipfile
from io import BytesIO

import pytest
from docx_files import docx, item, level, lists, paragraph, row, table
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.document import ResidueKind
from ingest.formats import office, word

OLD = (
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
)
LISTS = (
    '<w:lists><w:listDef w:listDefId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/>'
    '<w:suff w:val="Nothing"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:lvlText w:val="%2."/></w:lvl></w:listDef><w:list w:ilfo="1"><w:ilst w:val="0"/></w:list></w:lists>'
)


def old_item(text: str, place: int) -> str:
    return paragraph(text, f'<w:listPr><w:ilvl w:val="{place}"/><w:ilfo w:val="1"/></w:listPr>')


def annotated(kind: str, content: str) -> str:
    return f'<aml:annotation w:type="Word.{kind}"><aml:content>{content}</aml:content></aml:annotation>'


def text_run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def old(body: str) -> bytes:
    document = (
        f"<w:wordDocument {OLD}>{LISTS}<w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    )
    return f'<?xml version="1.0"?><?mso-application progid="Word.Document"?>{document}'.encode()


def flat(data: bytes) -> bytes:
    """A `.docx` as one XML file."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = "".join(
            f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{package.read(name).decode()}'
            "</pkg:xmlData></pkg:part>"
            for name in package.namelist()
        )
    address = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'<?xml version="1.0"?><pkg:package xmlns:pkg="{address}">{parts}</pkg:package>'.encode()


def test_lists_and_tables_of_word_2003() -> None:
    body = old_item("总则", 0) + old_item("甲", 1) + old_item("乙", 1) + old_item("附则", 0)
    source = office.read(old(body + table(row("序号", "任务")) + paragraph("落款")), "通知.doc")
    assert source.text == "一、总则\n1.甲\n2.乙\n二、附则\n序号\t任务\n落款\n"
    assert len(source.tables) == 1


def test_notes_headers_and_changes_of_word_2003() -> None:
    note = f"<w:r><w:footnote>{paragraph('按户籍')}</w:footnote></w:r>"
    content = text_run("补助8万元") + note + annotated("Insertion", text_run("，增加"))
    content += annotated("Deletion", "<w:r><w:delText>，删去</w:delText></w:r>")
    content += annotated("Comment", paragraph("批注"))
    footer = f'<w:sectPr><w:ftr w:type="odd">{paragraph("— 1 —")}</w:ftr></w:sectPr>'
    source = office.read(old(paragraph(content) + footer), "通知.doc")
    assert source.text == "补助8万元〔注1〕，增加\n〔注1〕按户籍\n— 1 —\n"
    assert [one.kind for one in source.cuts] == [ResidueKind.PAGE_NUMBER]
    assert "修订" in source.notes[0].message


def test_a_flat_package_is_read_as_its_docx() -> None:
    data = docx(item("总则", 1), {"numbering": lists(level(0, "chineseCounting", "%1、"))})
    assert office.read(flat(data), "通知.doc") == word.read(data, "通知.docx")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (old(paragraph("文"))[:-20], "内容 已损坏"),
        (old(""), "没有可导入的文字"),
        (b'<x xmlns="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "没有 Word 正文"),
        (
            old("").replace(b"<w:wordDocument", b"<!DOCTYPE a [<!ENTITY a 'x'>]><w:wordDocument"),
            "DTD",
        ),
    ],
)
def test_a_bad_file_is_explained(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^旧\.doc：") as caught:
        office.read(data, "旧.doc")
    assert message in str(caught.value)


TAGS = st.sampled_from(
    [
        "p",
        "r",
        "t",
        "listPr",
        "ilfo",
        "lists",
        "listDef",
        "list",
        "nfc",
        "footnote",
        "hdr",
        "sectPr",
        "styles",
        "style",
        "tbl",
        "tr",
        "tc",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TAGS, TAGS, TAGS, st.sampled_from(["0", "1", "37", "x"])), max_size=6))
def test_any_elements_are_read_or_refused(found: list[tuple[str, str, str, str]]) -> None:
    body = "".join(
        f'<w:{a} w:val="{v}"><w:{b} w:val="{v}" w:ilfo="{v}"><w:{c}>文</w:{c}></w:{b}></w:{a}>'
        for a, b, c, v in found
    )
    assert "完" in office.read(old(body + paragraph("完")), "旧.doc").text
