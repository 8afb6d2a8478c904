"""Opening `.docx` packages: odd but sound ones are read, bad ones end in one clear sentence."""

import io
import zipfile

import docx as python_docx
import pytest
from docx_files import docx, paragraph, row, table, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.document import Source
from ingest.formats import word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = docx(paragraph("第一条 总则") + table(row("甲", "乙")))
BOMB = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def with_part(name: str, change: dict[str, str]) -> bytes:
    """The good file with texts of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        members = {one: package.read(one).decode() for one in package.namelist()}
    for old, new in change.items():
        assert old in members[name]
        members[name] = members[name].replace(old, new)
    return zipped(members)


def locked_zip() -> bytes:
    """The good file with the flag of encryption set for its body."""
    data = bytearray(docx(paragraph("文")))
    place = data.rindex(b"word/document.xml")  # in the central directory
    data[place - 46 + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "不是完整的"),
        ("只是文字".encode(), "不是完整的"),
        (GOOD[:-40], "不是完整的"),
        (OLE + bytes(600), "后缀改为 .doc"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (locked_zip(), "密码"),
        (zipped({"xl/workbook.xml": "<workbook/>"}), "没有 Word 正文"),
        (zipped({"word/document.xml": "<document/>"}), "没有 Word 正文"),
        (with_part("word/document.xml", {"</w:body>": ""}), "word/document.xml 已损坏"),
        (
            with_part(
                "word/document.xml", {"<w:document": "<!DOCTYPE a [<!ENTITY a 'x'>]><w:document"}
            ),
            "DTD",
        ),
        (
            with_part(
                "word/document.xml",
                {
                    "<w:document": f'<!DOCTYPE a [<!ENTITY a "x">{BOMB}]><w:document',
                    "第一条": "&i;",
                },
            ),
            "word/document.xml",
        ),
        (docx("<w:p/>" * 1_500_000), "超过上限"),
        (docx(f"{'<w:ins>' * 300}{'</w:ins>' * 300}"), "已损坏"),
        (docx(paragraph() + table(row("", ""))), "没有可导入的文字"),
        (docx(paragraph('<w:r><w:drawing><a:blip r:embed="x"/></w:drawing></w:r>')), "只有图片"),
        (docx('<w:altChunk r:id="x"/>'), "嵌入的另一份文件"),
    ],
)
def test_a_bad_file_is_explained(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^附件/文件\.docx：") as caught:
        word.read(data, "附件/文件.docx")
    assert message in str(caught.value)


def test_too_many_repeated_characters_are_refused() -> None:
    first = row(
        f"<w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>{paragraph('长' * 100_000)}</w:tc>",
        "甲",
    )
    rest = row(f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph()}</w:tc>", "甲") * 300
    with pytest.raises(UnreadableFile, match="文字超过上限"):
        word.read(docx(table(first, rest)), "文件.docx")


@pytest.mark.parametrize(
    "change",
    [
        {
            "schemas.openxmlformats.org/wordprocessingml/2006": "purl.oclc.org/ooxml/wordprocessingml"
        },
        {"<w:body>": "<?pi x?><!-- x --><w:body>"},
        {"<w:body>": '<w:background w:color="FFFFFF"/><w:body>'},
        {"<w:document ": '<w:document mc:Ignorable="w14" '},
    ],
)
def test_other_spellings_of_a_document_are_read(change: dict[str, str]) -> None:
    assert word.read(with_part("word/document.xml", change), "x").text == "第一条 总则\n甲\t乙\n"


def test_a_strict_package_is_read() -> None:
    """ISO 29500 strict names its namespaces and relations otherwise; python-docx refuses it."""
    strict = {
        "schemas.openxmlformats.org/officeDocument/2006": "purl.oclc.org/ooxml/officeDocument"
    }
    data = with_part("_rels/.rels", strict)
    with pytest.raises(KeyError):
        python_docx.Document(io.BytesIO(data))
    assert word.read(data, "x").text.startswith("第一条")


def test_names_of_parts_compare_without_case_and_slashes() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        members = {
            name.replace("word/", "Word\\"): package.read(name).decode()
            for name in package.namelist()
            if name != "_rels/.rels"
        }
    assert word.read(zipped(members), "x").text.startswith("第一条")


def test_a_relation_that_leads_nowhere_is_no_harm() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    lost = f'<Relationship Id="r" Type="{kind}" Target="NULL"/></Relationships>'
    data = with_part("word/_rels/document.xml.rels", {"</Relationships>": lost})
    assert word.read(data, "x").text.startswith("第一条")


def outcome(data: bytes) -> Source | None:
    try:
        return word.read(data, "坏.docx")
    except UnreadableFile:
        return None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_anything_else(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(GOOD) - 1))] = data.draw(st.integers(0, 255))
    outcome(bytes(damaged[: data.draw(st.integers(0, len(GOOD)))]))
    outcome(bytes(damaged))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_never_raise_anything_else(data: bytes) -> None:
    outcome(data)
    outcome(b"PK\x03\x04" + data)


TAGS = """
    p r t tbl tr tc tcPr trPr pPr rPr numPr numId ilvl vMerge hMerge gridSpan gridBefore sdt sdtContent ins
    del fldChar instrText fldSimple sym br pict drawing txbxContent footnoteReference sectPr vanish pStyle
    headerReference outlineLvl ruby rt rubyBase framePr object
"""
Tags = st.sampled_from(TAGS.split())
Values = st.sampled_from(
    ["0", "1", "-1", "begin", "separate", "end", "restart", "F0FE", "x", "9" * 12]
)
Trees = st.recursive(
    st.tuples(Tags, Values, st.just("文")),
    lambda inner: st.tuples(Tags, Values, st.lists(inner, max_size=5)),
    max_leaves=40,
)


def xml(tree: tuple[str, str, object]) -> str:
    tag, value, inner = tree
    content = "".join(map(xml, inner)) if isinstance(inner, list) else str(inner)
    names = "val type fldCharType char id instr font"
    attributes = " ".join(f'w:{name}="{value}"' for name in names.split())
    return f"<w:{tag} {attributes}>{content}</w:{tag}>"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(Trees, max_size=6))
def test_any_tree_of_elements_is_read(trees: list[tuple[str, str, object]]) -> None:
    source = outcome(docx("".join(map(xml, trees)) + paragraph("完")))
    for one in source.tables if source else ():
        assert len({len(line.cells) for line in one.rows}) == 1
        assert all("\n" not in source.text[line.start : line.end] for line in one.rows)
