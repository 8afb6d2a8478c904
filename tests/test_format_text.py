"""Plain text and Markdown: encodings, front matter, tables."""

import codecs
import contextlib
import json
import lzma
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.document import ResidueKind, Source, restore, settle
from ingest.formats.text import decode, encoding_of, read
from ingest.layout.text_tables import read_tables

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TEXT = "一、总体要求\n1.支持企业申请AEO认证,“大零号湾”46平方公里。\n\n  54.促进会商旅文体联动\u3000发展。\n"
TRADITIONAL = (
    "主旨：檢送本府「推動社區長者共餐服務計畫」一份，請查照並轉知所屬機關辦理。\n"
    "說明：依據本府一百一十三年五月會議紀錄辦理，經費由各機關年度預算支應。",
    "食物環境衞生署今日公布，持牌處所須於十月一日前裝設隔油設備，違者最高罰款二萬五千元。",
    "第三條　各中央目的事業主管機關應訂定產業發展方向及計畫，報行政院核定。",
    "申請人應檢具申請書及所有權證明文件，逾期未補正者，駁回其申請。",
    "財政預算案諮詢會",
    "發文日期及字號",
    "罰款二萬元",
)

ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16 little endian": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big endian": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16 little endian, no mark": TEXT.encode("utf-16-le"),
    "utf-16 big endian, no mark": TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "gb18030": TEXT.encode("gb18030"),
    "line ends of Windows": TEXT.replace("\n", "\r\n").encode(),
    "gb18030, line ends of Windows": TEXT.replace("\n", "\r\n").encode("gb18030"),
    "line ends of old Macs": TEXT.replace("\n", "\r").encode(),
    "line ends of Unicode": TEXT.replace("\n", "\u2028").encode(),
    "the end mark of DOS": TEXT.encode("gb18030") + b"\x1a",
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_every_encoding_gives_the_same_characters(data: bytes) -> None:
    assert decode(data, "方案.txt") == TEXT


@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_script_in_big5_comes_back(text: str) -> None:
    assert decode(text.encode("big5hkscs"), "通函.txt") == text


@pytest.mark.parametrize("text", [line for line in TRADITIONAL if len(line) > 20])
def test_traditional_script_in_gb18030_comes_back(text: str) -> None:
    assert decode(text.encode("gb18030"), "通函.txt") == text


@pytest.mark.parametrize("text", ["学校", "联通", "统一", "同时", "方案", "支持企业发展"])
def test_a_few_characters_in_gb18030_are_no_other_script(text: str) -> None:
    assert decode(text.encode("gb18030"), "a.txt") == text


def test_other_scripts_in_utf8_stay_what_they_are() -> None:
    for text in ("Москва утвердила план", "5 °C · 3 × 4", "Ελλάδα", "α粒子与β粒子"):
        assert decode(text.encode(), "a.txt") == text


def test_official_documents_come_back_from_every_encoding() -> None:
    if not DATA.is_dir():
        pytest.skip("the official documents are not on this machine")
    files = [path for path in DATA.joinpath("official").rglob("*") if path.is_file()]
    texts = [path.read_text("utf-8-sig") for path in sorted(files)]
    with lzma.open(DATA / "statutes.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line)["text"] for line in lines]
    for text in texts + random.Random(1).sample(rows, 100):
        assert encoding_of(text.encode("gb18030")) in ("gb18030", "utf-8" if text.isascii() else "")
        assert encoding_of(text.encode("utf-16-le")) == "utf-16-le"
        line = next(one for one in sorted(text.split("\n"), key=len) if len(one) >= 10)
        assert decode(line.encode("gb18030"), "a.txt") == decode(line.encode(), "a.txt")


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], min_codepoint=0x800)
MIXED = st.text(CHARACTERS | st.characters(max_codepoint=0x7E, min_codepoint=0x20), min_size=1)


@given(MIXED.filter(lambda text: text[0] != "\ufeff" and "\u2028" not in text))
def test_any_text_in_utf8_comes_back(text: str) -> None:
    assert decode(text.encode(), "x.txt") in (text, text.replace("\u2029", "\n"))


COMMON = {
    "gb18030": bytes(byte for lead in range(0xB0, 0xD7) for t in range(0xA1, 0xFF) for byte in (lead, t)),
    "big5hkscs": bytes(
        byte for lead in range(0xA5, 0xC6) for t in range(0x40, 0x7F) for byte in (lead, t)
    ),
}  # fmt: skip


@pytest.mark.parametrize("encoding", COMMON)
@given(data=st.data())
def test_common_characters_come_back(encoding: str, data: st.DataObject) -> None:
    letters = COMMON[encoding].decode(encoding)
    text = "".join(data.draw(st.lists(st.sampled_from(letters), min_size=8, unique=True)))
    assert decode(text.encode(encoding), "x.txt") == text


@given(st.binary())
def test_any_bytes_are_text_or_told(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read(data, "x.txt"), Source)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(range(256)) * 8,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(255, 0, -1)) * 4,
        TEXT.encode() + b"\x00",
        b"\xff\xfe\x00",
        random.Random(3).randbytes(5000),
    ],
    ids=["zip", "pdf", "a null at the end", "half a utf-16 character", "noise"],
)
def test_what_is_no_text_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"方案\.txt：不是文本文件"):
        decode(data, "方案.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_damage_is_told_with_its_line(encoding: str) -> None:
    lines = [
        f"第{number}条 支持企业发展，由区商务委牵头。\n".encode(encoding) for number in range(9)
    ]
    lines[3] = lines[3][:7] + b"\xff" + lines[3][8:]
    with pytest.raises(UnreadableFile, match=rf"第 4 行有读不通的字节（按 {encoding.upper()} 读）"):
        decode(b"".join(lines), "a.txt")


def test_a_text_cut_inside_a_character_is_not_guessed() -> None:
    with pytest.raises(UnreadableFile, match="第 5 行有读不通的字节"):
        decode((TEXT + "三、保障措施").encode()[:-1], "a.txt")


def test_what_nobody_sees_is_not_read() -> None:
    source = read(("\ufeff一、总\u200b则\xa0（一）\x02" + "甲" * 99).encode(), "a.md")
    assert source.text == "一、总则 （一）" + "甲" * 99


def test_front_matter_is_residue_and_the_card() -> None:
    text = '---\ntitle: 某区方案\ndoc_no: "闵府发〔2024〕1号"\ntags:\n  - 产业\n---\n# 某区方案\n一、总则\n'
    source = read(text.encode(), "方案.md")
    assert source.card == {"title": "某区方案", "doc_no": "闵府发〔2024〕1号"}
    settled = settle(source)
    assert settled.text == "# 某区方案\n一、总则\n"
    assert [piece.kind for piece in settled.residue] == [ResidueKind.FRONT_MATTER]
    assert restore(settled.text, settled.residue) == text
    assert [(heading.start, heading.level) for heading in settled.headings] == [(0, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "---\n第一段，没有条目。\n---\n第二段\n",
        "---\n通知如下：\n---\n正文\n",
        "---\n\n---\n正文\n",
    ],
)
def test_prose_between_rules_is_no_front_matter(text: str) -> None:
    source = read(text.encode(), "a.md")
    assert (source.text, source.cuts, source.card) == (text, (), {})


def cells(text: str) -> list[list[list[str]]]:
    return [
        [[text[start:end] for start, end in row.cells] for row in table.rows]
        for table in read_tables(text)
    ]


def test_a_pipe_table_is_read(sample: str) -> None:
    """
    下表列出任务。
    | 序号 | 任务 | 牵头单位 |
    |---|:--:|---|
    | 1 | 甲 \\| 乙 | 区商务委 |
    | 2 | | 区财政局
    3 | 丙
    完
    | 没有 | 分隔行 |
    """
    assert cells(sample) == [
        [
            ["序号", "任务", "牵头单位"],
            ["1", "甲 \\| 乙", "区商务委"],
            ["2", "", "区财政局"],
            ["3", "丙", ""],
        ]
    ]
    [table] = read_tables(sample)
    assert sample[table.rows[1].start : table.rows[1].end] == "| 1 | 甲 \\| 乙 | 区商务委 |"


def test_a_tab_table_is_read() -> None:
    text = "任务分解表\n序号\t任务\t单位\n1\t甲\t区商务委\n\t乙\t区财政局\n完\n指标\t数值\n产值\t5\n税收\t6\n"
    assert cells(text) == [
        [["序号", "任务", "单位"], ["1", "甲", "区商务委"], ["", "乙", "区财政局"]],
        [["指标", "数值"], ["产值", "5"], ["税收", "6"]],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一、\t总体要求\n二、\t主要任务\n三、\t保障措施\n",
        "1.\t甲\n2.\t乙\n3.\t丙\n",
        "第一条\t甲\n第二条\t乙\n第三条\t丙\n",
        "一、\t总则\t1\n二、\t附则\t5\n",
        "\t\t缩进的一行\n\t\t缩进的又一行\n",
        "甲\t乙\n丙\t丁\n",
        "甲\t乙\t丙\n只有一行\n",
        "联系人：张三\t\t电话：1\n地址：甲路\t\t邮编：2\n",
        "一段话\t\t\n又一段话\t\t\n",
        "甲\t乙\t丙\n甲\t乙\n",
    ],
)
def test_tabs_of_lists_and_indents_make_no_table(text: str) -> None:
    assert cells(text) == []


WORD = st.text(st.sampled_from("区商务委牵头企业ABC123，。"), min_size=1, max_size=6)
GRID = st.integers(3, 5).flatmap(
    lambda width: st.lists(st.lists(WORD, min_size=width, max_size=width), min_size=2, max_size=6)
)
PROSE = st.lists(st.sampled_from(["", "支持企业发展。", "（一）总体要求", "# 标题"]), max_size=3)


@pytest.mark.parametrize("style", ["pipes", "tabs"])
@given(before=PROSE, grids=st.lists(GRID, max_size=3))
def test_printed_tables_are_read_back(
    style: str, before: list[str], grids: list[list[list[str]]]
) -> None:
    lines = list(before)
    for grid in grids:
        if style == "tabs":
            lines += ["\t".join(row) for row in grid]
        else:
            head, *body = [f"| {' | '.join(row)} |" for row in grid]
            lines += [head, "|" + "---|" * len(grid[0]), *body]
        lines.append("正文。")
    text = "\n".join(lines)
    assert cells(text) == grids
    assert read(text.encode(), "a.md").text == text
