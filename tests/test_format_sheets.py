"""Workbooks, `.xlsx` and `.xls`: what is shown, as a table."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pictures
from xlwt.CompoundDoc import XlsDoc

from errors import UnreadableFile
from ingest.document import Source
from ingest.formats.sheets import read
from ingest.reader import read_source

RANGE = re.compile(r"([A-Z])(\d+):([A-Z])(\d+)")


def packed(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(rows: Iterable[Iterable[object]], merged: Iterable[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for place in merged:
        book.active.merge_cells(place)
    return packed(book)


def xls(rows: Iterable[Iterable[object]], merged: Iterable[str] = ()) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    cells = {
        (place, column): text
        for place, row in enumerate(rows)
        for column, text in enumerate(row)
        if text is not None
    }
    for name in merged:
        left, top, right, bottom = RANGE.fullmatch(name).groups()  # type: ignore[union-attr]
        first = (int(top) - 1, ord(left) - 65)
        sheet.write_merge(first[0], int(bottom) - 1, first[1], ord(right) - 65, cells.pop(first))
    for (row, column), text in cells.items():
        sheet.write(row, column, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MAKERS = {"xlsx": xlsx, "xls": xls}
Maker = Callable[..., bytes]


@pytest.fixture(params=MAKERS)
def maker(request: pytest.FixtureRequest) -> Maker:
    return MAKERS[request.param]


def cells(source: Source) -> list[list[list[str]]]:
    return [
        [[source.text[start:end] for start, end in row.cells] for row in table.rows]
        for table in source.tables
    ]


def test_a_task_table_is_read(maker: Maker) -> None:
    data = maker(
        [
            ["2025年重点任务分解表"],
            [None, None, None, None, "单位：万元"],
            ["序号", "任务", "牵头单位", None, "资金"],
            [1, "推进产业\n升级", "区商务委", None, 200.0],
            [2, "优化\r\nAEO\r\nABC 认证", None, None, 1.5],
            [],
            [3, "便民服务", "区民政局", None, None],
            ["注：1.资金为概算。\n2.下同。"],
        ],
        ["A1:E1", "C4:C5", "A8:E8"],
    )
    source = read(data, "任务")
    assert source.text == (
        "2025年重点任务分解表\n单位：万元\n"
        "序号\t任务\t牵头单位\t资金\n"
        "1\t推进产业 升级\t区商务委\t200\n"
        "2\t优化 AEO ABC 认证\t区商务委\t1.5\n"
        "3\t便民服务\t区民政局\t\n"
        "注：1.资金为概算。\n2.下同。\n"
    )
    assert cells(source) == [[line.split("\t") for line in source.text.splitlines()[2:6]]]
    assert (source.headings, source.notes) == ((), ())


def test_merged_heads_and_groups_are_laid_out(maker: Maker) -> None:
    data = maker(
        [
            ["序号", "任务", "责任单位", None],
            [None, None, "牵头", "配合"],
            ["一、产业", None, None, None],
            [1, "甲", "区商务委", "区财政局"],
            [None, "乙", "区科委", "区财政局"],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "A3:D3", "A4:A5"],
    )
    assert cells(read(data, "a")) == [
        [
            ["序号", "任务", "责任单位", ""],
            ["序号", "任务", "牵头", "配合"],
            ["一、产业", "", "", ""],
            ["1", "甲", "区商务委", "区财政局"],
            ["1", "乙", "区科委", "区财政局"],
        ]
    ]


def test_a_sheet_of_lines_has_no_table(maker: Maker) -> None:
    source = read(maker([["关于印发方案的通知"], [], ["一、总体要求"], ["甲\n乙"]]), "a")
    assert source.text == "关于印发方案的通知\n一、总体要求\n甲\n乙\n"
    assert source.tables == ()


@pytest.mark.parametrize("kind", MAKERS)
def test_sheets_are_told_apart_and_hidden_ones_left_out(kind: str) -> None:
    out = io.BytesIO()
    rows = [["序号", "任务"], [1, "甲"]]
    if kind == "xlsx":
        new = openpyxl.Workbook()
        new.remove(new.active)
        for name in ("产业", "空", "隐", "民生"):
            sheet = new.create_sheet(name)
            for row in rows if name != "空" else []:
                sheet.append(row)
        new["隐"].sheet_state = "hidden"
        new.save(out)
    else:
        old = xlwt.Workbook()
        for name in ("产业", "空", "隐", "民生"):
            page = old.add_sheet(name)
            for place, row in enumerate(rows if name != "空" else []):
                page.write(place, 0, row[0])
                page.write(place, 1, row[1])
            page.visibility = int(name == "隐")
        old.save(out)
    source = read(out.getvalue(), "a")
    assert source.text == "产业\n序号\t任务\n1\t甲\n民生\n序号\t任务\n1\t甲\n"
    assert [heading.start for heading in source.headings] == [0, source.text.index("民生")]
    assert [note.message for note in source.notes] == ["工作表“隐”是隐藏的，没有读"]
    assert len(source.tables) == 2


def sheet_with(change: Callable[[Worksheet], None]) -> Source:
    book = openpyxl.Workbook()
    for row in (["序号", "内部", "任务"], [1, "甲", "乙"], [2, "丙", "丁"]):
        book.active.append(row)
    change(book.active)
    return read(packed(book), "a")


def hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def test_hidden_rows_and_columns_are_left_out_and_told() -> None:
    source = sheet_with(hide)
    assert source.text == "序号\t任务\n1\t乙\n"
    assert [note.message for note in source.notes] == [
        "工作表“Sheet”有 5 个单元格在隐藏的行或列中，没有读"
    ]


def test_hidden_rows_of_an_old_workbook_are_left_out() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row in range(4):
        sheet.write(row, 0, row + 1)
        sheet.write(row, 1, "任务")
    sheet.row(2).hidden = True
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue(), "a").text == "1\t任务\n2\t任务\n4\t任务\n"


def test_formulas_show_their_saved_result() -> None:
    data = xlsx([["项目", "金额"], ["甲", "=1+1"], ["乙", "=2+2"]])
    bare = read(data, "a")
    assert bare.text == "项目\t金额\n甲\t\n乙\t\n"
    assert [note.message for note in bare.notes] == ["工作表“Sheet”有 2 个公式没有保存结果，没有读"]
    saved = patched(
        data, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>", b"<v></v>", b"<v>2</v>"
    )
    assert read(saved, "a").text == "项目\t金额\n甲\t2\n乙\t2\n"


def test_pictures_are_told() -> None:
    picture = io.BytesIO()
    Pictures.new("RGB", (4, 4)).save(picture, "png")
    source = sheet_with(lambda sheet: sheet.add_image(Image(picture), "D1"))
    assert [note.message for note in source.notes] == ["工作簿中有图片、图形或文本框，没有读"]


def patched(data: bytes, part: str, *pairs: bytes) -> bytes:
    """A package with bytes of one part replaced, each by the one behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                content = content.replace(before, after) if name == part else content
            new.writestr(name, content)
    return out.getvalue()


def test_styles_that_other_programs_write_oddly_do_not_matter() -> None:
    book = openpyxl.Workbook()
    book.active.append(["完成率", "时限"])
    book.active.append([0.85, date(2024, 12, 31)])
    book.active["A2"].number_format = "0%"
    family = (b'<family val="2"', b'<family val="25"')
    odd = patched(packed(book), "xl/styles.xml", *family)
    with pytest.raises(ValueError, match="stylesheet"):
        openpyxl.load_workbook(io.BytesIO(odd))
    assert read(odd, "a").text == "完成率\t时限\n85%\t2024-12-31\n"


PARTS = {
    "_rels/.rels": (
        '<Relationships><Relationship Type="x/officeDocument" Target="/xl/book.xml"/></Relationships>'
    ),
    "xl/_rels/book.xml.rels": (
        '<Relationships><Relationship Id="a" Type="x/worksheet" Target="s/1.xml"/>'
        '<Relationship Id="b" Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
    ),
    "xl/book.xml": '<workbook xmlns:r="r"><sheets><sheet name="表" r:id="a"/></sheets></workbook>',
    "xl/strings.xml": (
        "<sst><si><r><t>重点</t></r><r><t>任务</t></r><rPh><t>ふり</t></rPh></si>"
        "<si><t>一_x000D_\n二_x005F_三\u200b</t></si></sst>"
    ),
    "xl/s/1.xml": (
        "<worksheet><sheetData>"
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row r="3"><c r="B3" t="str"><f>x</f><v>丙\xa0丁</v></c><c t="e"><v>#N/A</v></c></row>'
        '<row><c t="b"><v>1</v></c><c/><c t="inlineStr"><is><t>戊</t></is></c></row>'
        '<row><c t="d"><v>2024-12-31</v></c><c><v>1E+400</v></c></row>'
        "</sheetData></worksheet>"
    ),
}


def test_every_kind_of_cell_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in PARTS.items():
            package.writestr(name, text)
    assert cells(read_source(out.getvalue(), "a.xlsx")) == [
        [
            ["重点任务", "一 二_三", ""],
            ["", "丙 丁", "#N/A"],
            ["TRUE", "", "戊"],
            ["2024-12-31", "inf", ""],
        ]
    ]


def test_dates_that_count_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["时限", datetime(2024, 12, 31)])
    book.active.append(["会议", time(9, 30)])
    assert read(packed(book), "a").text == "时限\t2024-12-31 0:00:00\n会议\t9:30:00\n"


def test_formats_of_an_old_workbook() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    codes = [("0%", 0.85), ('yyyy"年"m"月"d"日"', 45657), ("M/D/YY", 45657), ("#,##0", 1234)]
    for row, (code, value) in enumerate(codes):
        sheet.write(row, 0, "项目")
        sheet.write(row, 1, value, xlwt.easyxf(num_format_str=code))
    sheet.write(4, 0, "完成")
    sheet.write(4, 1, True)
    out = io.BytesIO()
    book.save(out)
    assert [row[1] for row in cells(read(out.getvalue(), "a"))[0]] == [
        "85%",
        "2024年12月31日",
        "2024/12/31",
        "1,234",
        "TRUE",
    ]


def told(data: bytes, name: str, reader: Callable[[bytes, str], Any] = read) -> str:
    with pytest.raises(UnreadableFile) as error:
        reader(data, name)
    return str(error.value)


def test_an_empty_workbook_is_told(maker: Maker) -> None:
    assert told(maker([[]]), "空.xlsx") == "空.xlsx：工作簿是空的，没有可导入的文字"
    assert told(maker([["  "]]), "空.xlsx") == "空.xlsx：工作簿是空的，没有可导入的文字"


def test_a_workbook_of_hidden_sheets_is_told() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("隐").append(["甲"])
    book["隐"].sheet_state = "veryHidden"
    assert told(packed(book), "a.xlsx") == "a.xlsx：工作簿只有隐藏的工作表有内容，没有可导入的文字"


def test_passwords_are_told() -> None:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "甲")
    stream = book.get_biff_data()
    locked = stream[:20] + struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2) + stream[20:]
    out = io.BytesIO()
    XlsDoc().save(out, locked)
    message = "a.xls：文件有密码，请去掉密码后再导入"
    assert told(out.getvalue(), "a.xls", read_source) == message


def test_a_sheet_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    far = openpyxl.Workbook()
    far.active.cell(200_001, 1, "甲")
    assert "a.xlsx：工作表太大，上限 200,000 行、500 列" in told(packed(far), "a.xlsx")
    wide = openpyxl.Workbook()
    wide.active.cell(1, 501, "甲")
    assert "工作表太大" in told(packed(wide), "a.xlsx")
    monkeypatch.setattr("ingest.formats.sheet_xlsx._MAX_XML", 1000)
    assert "表格的内容超过 1,000 字节" in told(xlsx([["甲", "乙"]]), "a.xlsx")


def test_a_merge_over_whole_columns_costs_nothing() -> None:
    data = xlsx([["总表", None, None], ["甲", "乙", "丙"], [1, 2, 3]], ["A1:C1"])
    data = patched(data, "xl/worksheets/sheet1.xml", b'ref="A1:C1"', b'ref="A1:XFD1"')
    assert read(data, "a").text == "总表\n甲\t乙\t丙\n1\t2\t3\n"
    long = patched(data, "xl/worksheets/sheet1.xml", b'ref="A1:XFD1"', b'ref="C3:C1048576"')
    assert read(long, "a").text == "总表\n甲\t乙\t丙\n1\t2\t3\n"


@pytest.mark.parametrize("kind", MAKERS)
def test_damage_is_told(kind: str) -> None:
    rng = random.Random(7)
    whole = MAKERS[kind]([["序号", "任务"], [1, "甲"], [None, "乙"]], ["A2:A3"])
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 20)):
            damaged[rng.randrange(len(whole))] = rng.randrange(256)
        for reader in (read, read_source):
            try:
                reader(bytes(damaged[: rng.randrange(len(whole) // 2, len(whole))]), f"a.{kind}")
            except UnreadableFile as error:
                assert "a.xls" in str(error)  # noqa: PT017


def test_damaged_parts_are_told() -> None:
    rng, whole = random.Random(7), xlsx([["序号", "任务"], [1, "甲"], [2.5, "乙"]], ["A1:A2"])
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(200):
        name = rng.choice(sorted(parts))
        content = bytearray(parts[name])
        for _ in range(rng.randint(1, 9)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for other, old in parts.items():
                if rng.random() < 0.97:
                    package.writestr(other, bytes(content) if other == name else old)
        try:
            read(out.getvalue(), "a.xlsx")
        except UnreadableFile as error:
            assert str(error).startswith("a.xlsx：")  # noqa: PT017


WORD = st.text(st.sampled_from("区商务委牵头（配合）ABC ,。12"), min_size=1, max_size=6).filter(
    lambda word: word == word.strip() and not word.startswith("=")
)
GRIDS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(WORD, min_size=width, max_size=width), min_size=2, max_size=6)
)


@settings(max_examples=30)
@given(GRIDS, st.sampled_from(sorted(MAKERS)))
def test_any_grid_is_read_back(grid: list[list[str]], kind: str) -> None:
    source = read(MAKERS[kind](grid), "a")
    assert cells(source) == [grid]
    assert source.text == "".join("\t".join(row) + "\n" for row in grid)
