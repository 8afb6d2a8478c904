"""OFD: whatever a producer writes, the printed lines come back."""

import io
import random
import re
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ofd_files import NAMESPACE, STYLES, Ofd, document, grid, picture, rule, text, zipped
from PIL import Image

from errors import UnreadableFile
from ingest.document import ResidueKind, Source, settle
from ingest.formats.ofd import read

LINES = (
    "关于印发《实施方案》的通知",
    "一、总体要求",
    "（一）到2025年，R&D 经费占 GDP 比重达到3.5%左右。",
    "1.完善机制。（责任单位：区发展改革委、区财政局）",
)


def page(lines: tuple[str, ...] = LINES, style: str = "list", top: float = 40) -> str:
    return "".join(text(28, top + 10 * at, line, style=style) for at, line in enumerate(lines))


def source(data: bytes) -> Source:
    return read(data, "a.ofd")


def printed(data: bytes) -> list[str]:
    return settle(source(data)).text.splitlines()


def png(color: str = "black", size: tuple[int, int] = (40, 40)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("prefix", ["ofd:", "", "o:"])
def test_every_way_to_place_characters_gives_the_lines(style: str, prefix: str) -> None:
    assert printed(Ofd([page(style=style)], prefix=prefix, style=style).data()) == list(LINES)


WORDS = st.text("的一区国发展委（）、，。：《》〔〕0123456789aBcRx%.-", min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=9),
    style=st.sampled_from(STYLES),
    seed=st.integers(0, 99),
)
def test_lines_come_back_in_whatever_order_they_are_drawn(
    lines: list[list[str]], style: str, seed: int
) -> None:
    wanted = [" ".join(words) for words in lines]
    drawn = [text(28, 40 + 10 * at, line, style=style) for at, line in enumerate(wanted)]
    random.Random(seed).shuffle(drawn)
    read_back = source(Ofd(["".join(drawn)]).data()).text
    assert [line.rstrip() for line in read_back.splitlines()] == wanted


def test_figures_set_as_wide_as_characters_have_no_blanks() -> None:
    line = "到2025年，GDP增长5.5%"
    item = (
        f'<TextObject Boundary="20 50 100 6" Size="5"><TextCode X="0" Y="5" DeltaX="g 99 5">{line}'
        "</TextCode></TextObject>"
    )
    apart = "".join(text(20 + 5 * at, 80, char, size=5) for at, char in enumerate(line))
    assert source(Ofd([item + apart]).data()).text == f"{line}\n{line}\n"


def test_runs_that_lie_over_each_other_are_read_one_after_the_other() -> None:
    runs = ("闵府发〔", "2024", "〕", "17", "号")
    spread = "".join(
        f'<TextObject Boundary="20 50 60 6" size="5"><TextCode X="0" Y="5" DeltaX="g {len(run) - 1}'
        f' {60 / len(run)}">{run}</TextCode></TextObject>'
        for run in runs
    )
    assert source(Ofd([spread]).data()).text == "闵府发〔2024〕17号\n"


def test_bold_text_drawn_twice_is_read_once() -> None:
    twice = text(28, 50, "一、总体要求") + text(28.2, 50, "一、总体要求")
    assert source(Ofd([twice + page(top=60)]).data()).text.splitlines() == ["一、总体要求", *LINES]


def test_pages_follow_the_list_of_pages() -> None:
    found = source(Ofd([page(("第一章 总则",)), "", page(("第二章 职责",))]).data())
    assert found.text == "第一章 总则\n第二章 职责\n"
    assert found.pages == (0, 7, 7)


def test_a_template_is_printed_on_each_page_that_uses_it() -> None:
    head = text(28, 20, "某某市人民政府公报", size=4)
    pages = [
        page((f"第{number}条 各部门应当在十个工作日内办理完毕，并将结果告知申请人。",) * 8)
        + text(100, 285, f"— {number} —", size=4)
        for number in range(1, 5)
    ]
    found = settle(source(Ofd(pages, templates={7: head}).data()))
    assert "公报" not in found.text
    assert "—" not in found.text
    assert sum(piece.kind is ResidueKind.PAGE_NUMBER for piece in found.residue) == 4
    assert sum(piece.kind is ResidueKind.RUNNING_HEAD for piece in found.residue) == 4


def test_a_foreground_template_and_an_unused_one() -> None:
    parts = Ofd([page()], templates={7: text(28, 20, "页眉")}).parts_of()
    content = str(parts["Doc_0/Pages/Page_0/Content.xml"])
    front = content.replace('TemplateID="7"', 'TemplateID="7" ZOrder="Foreground"')
    parts["Doc_0/Pages/Page_0/Content.xml"] = front
    assert "页眉" in source(zipped(parts)).text
    parts["Doc_0/Pages/Page_0/Content.xml"] = re.sub("<ofd:Template [^>]*/>", "", content)
    assert "页眉" not in source(zipped(parts)).text


def test_a_table_drawn_with_rules() -> None:
    xs, ys = (25, 40, 110, 150, 185), (50, 60, 70, 80)
    cells = (
        ("序号", "任务", "牵头单位", "时限"),
        ("1", "推进国际贸易“单一窗口”建设", "区商务委", "年内"),
        ("2", "开展“一件事一次办”改革", "区政务服务办", "长期"),
    )
    words = [
        text(x + 2, y + 7, cell, size=4)
        for y, row in zip(ys, cells, strict=False)
        for x, cell in zip(xs, row, strict=False)
    ]
    found = source(Ofd([grid(xs, ys) + "".join(words[::-1]) + page(top=100)]).data())
    [table] = found.tables
    read_back = [[found.text[slice(*cell)] for cell in row.cells] for row in table.rows]
    assert read_back == [list(row) for row in cells]
    assert found.text[table.end :].strip().splitlines() == list(LINES)


def test_cells_merged_downward_and_words_set_upright() -> None:
    level = [rule(25, y, 185, y) for y in (50, 80)] + [rule(40, 65, 185, 65)]
    upright = [rule(x, 50, x, 80) for x in (25, 40, 110, 185)]
    down = (
        '<TextObject Boundary="30 55 5 25" Size="4"><TextCode X="0" Y="4" DeltaY="g 3 5">重点任务'
        "</TextCode></TextObject>"
    )
    words = [
        text(42, 58, "保税物流", size=4),
        text(112, 58, "区商务委", size=4),
        text(42, 73, "单一窗口", size=4),
        text(112, 73, "莘庄海关", size=4),
    ]
    found = source(Ofd(["".join([*level, *upright, down, *words])]).data())
    assert found.text == "重点任务\t保税物流\t区商务委\n重点任务\t单一窗口\t莘庄海关\n"


def test_a_page_on_its_side_is_turned() -> None:
    lying = "".join(
        f'<TextObject Boundary="{180 - 10 * at} 30 10 200" CTM="0 1 -1 0 8 0" Size="5">'
        f'<TextCode X="0" Y="5" DeltaX="g {len(line)} 5">{line}</TextCode></TextObject>'
        for at, line in enumerate(("附件1", "重点任务分工表", "（共60项）"))
    )
    found = source(Ofd([lying]).data())
    assert found.text == "附件1\n重点任务分工表\n（共60项）\n"


def test_a_watermark_across_the_pages_is_no_part_of_the_text() -> None:
    mark = (
        '<TextObject Boundary="0 0 210 297" CTM="0.7071 -0.7071 0.7071 0.7071 0 0" Size="12">'
        '<TextCode X="-60" Y="190" DeltaX="g 4 14">内部资料</TextCode></TextObject>'
    )
    pages = [mark + page((f"{number}。各部门应当及时办理。", *LINES)) for number in "一二三"]
    found = settle(source(Ofd(pages).data()))
    assert "内部资料" not in found.text
    assert sum("内部资料" in piece.text for piece in found.residue) == 3


def test_escaped_blanks_entities_and_indented_text() -> None:
    item = (
        '<TextObject Boundary="20 50 100 6" Size="5"><TextCode X="0" Y="5" DeltaX="g 4 3">A\\0020'
        "&amp;\\0020B</TextCode></TextObject>"
        '<TextObject Boundary="20 70 100 6" Size="5">\n<TextCode X="0" Y="5" DeltaX="5 5 5 0">\n'
        "   特此通\u200b知\n  </TextCode>\n</TextObject>"
    )
    assert printed(Ofd([item]).data()) == ["A & B", "特此通知"]


def test_a_text_code_without_a_place_stands_where_the_one_before_does() -> None:
    item = (
        '<TextObject Boundary="20 50 100 20" Size="5"><TextCode X="3" Y="5" DeltaX="5">区府'
        '</TextCode><TextCode Y="15" DeltaX="5">办文</TextCode></TextObject>'
    )
    assert source(Ofd([item]).data()).text == "区府\n办文\n"


def test_composite_drawings_are_opened() -> None:
    unit = (
        '<CompositeGraphicUnit ID="9" Width="100" Height="20"><Content>'
        f"{text(0, 10, '海关总署', size=10)}</Content></CompositeGraphicUnit>"
    )
    used = '<CompositeObject ResourceID="9" Boundary="30 30 80 20" CTM="0.5 0 0 0.5 0 0"/>'
    lost = '<CompositeObject ResourceID="404" Boundary="30 30 80 20"/>'
    found = source(Ofd([used + lost + page()], units=unit).data())
    assert found.text.splitlines()[0] == "海关总署"
    assert [note.message for note in found.notes] == ["第1页有1处图形在文件里找不到，请对照原件"]


def test_a_unit_that_holds_itself_ends() -> None:
    inner = '<CompositeObject ResourceID="9" Boundary="1 1 80 20"/>'
    unit = f'<CompositeGraphicUnit ID="9"><Content>{inner}</Content></CompositeGraphicUnit>'
    assert printed(Ofd([inner + page()], units=unit).data()) == list(LINES)


@pytest.mark.parametrize(
    "hidden", ['Visible="false"', 'Alpha="0"', 'Fill="false"', 'Fill="false" Stroke="false"']
)
def test_what_is_not_drawn_is_not_read(hidden: str) -> None:
    unseen = text(28, 100, "草稿").replace("<TextObject ", f"<TextObject {hidden} ")
    assert printed(Ofd([page() + unseen]).data()) == list(LINES)


def test_the_text_under_a_scan_is_read_with_a_warning() -> None:
    lines = tuple(f"第{number}条 各部门应当及时办理。" for number in "一二三四五")
    under = page(lines).replace("<TextObject ", '<TextObject Alpha="0" ')
    found = source(Ofd([picture(3, 0, 0, 210, 297) + under], pictures={3: png()}).data())
    assert found.text.splitlines() == list(lines)
    assert "可能有错字" in found.notes[0].message


def test_glyphs_without_characters_are_told() -> None:
    item = text(28, 60, "¤¤改委") + page()
    [note] = source(Ofd([item]).data()).notes
    assert note.message == "第1页有2个字只有字形，文件没有写明是什么字，请对照原件"


def test_a_picture_beside_text_is_told_and_a_letterhead_is_not() -> None:
    pictures = {3: png(), 4: png("red")}
    head = picture(4, 20, 250, 60, 40)
    pages = [picture(3, 30, 120, 100, 80) + head + page(), head + page(), head + page()]
    found = source(Ofd(pages, pictures=pictures).data())
    assert [note.message for note in found.notes] == ["第1页有1张图片未读取，请对照原件"]


def test_remarks_and_attachments_are_told() -> None:
    remark = (
        '<Annot Type="Watermark" ID="1"><Appearance Boundary="10 10 100 20">'
        f"{text(10, 10, '{会签}意见')}</Appearance></Annot>"
        f'<Annot Type="Stamp" ID="2"><Appearance Boundary="0 0 9 9">{picture(3, 0, 0, 9, 9)}'
        "</Appearance></Annot>"
    )
    parts = {
        "Doc_0/Annots/Annotations.xml": document(
            "Annotations", '<Page PageID="101"><FileLoc>Page_1.xml</FileLoc></Page>'
        ),
        "Doc_0/Annots/Page_1.xml": document("PageAnnot", remark),
        "Doc_0/Attachs/Attachments.xml": document(
            "Attachments",
            '<Attachment ID="1" Name="分工表.xlsx"><FileLoc>a.xlsx</FileLoc></Attachment>',
        ),
    }
    common = (
        "<Annotations>Annots/Annotations.xml</Annotations>"
        "<Attachments>Attachs/Attachments.xml</Attachments>"
    )
    found = source(Ofd([page(), page(("附则",))], parts=parts, common=common).data())
    assert [note.message for note in found.notes] == [
        "附件“分工表.xlsx”没有读取，请从 OFD 里另存出来，单独导入",
        "第2页有批注或水印“{会签}意见”，没有计入正文",
    ]
    assert "会签" not in found.text


def test_the_card_says_only_what_the_pages_say() -> None:
    custom = {"发文字号": "某府办〔2024〕1号", "发文机关": "别的机关", "份号": "000001"}
    head = ("某府办〔2024〕 1号", *LINES)
    found = source(Ofd([page(head)], title=LINES[0], custom=custom).data())
    assert found.card == {"title": LINES[0], "doc_no": "某府办〔2024〕1号"}
    assert source(Ofd([page()], title="Microsoft Word - 新建.doc").data()).card == {}


def test_several_documents_in_one_package() -> None:
    parts = Ofd([page()]).parts_of()
    other = Ofd([page(("附件", "分工表"))], prefix="").parts_of()
    parts |= {path.replace("Doc_0", "Doc_1"): data for path, data in other.items() if "/" in path}
    body = "<DocBody><DocRoot>Doc_{}/Document.xml</DocRoot></DocBody>"
    parts["OFD.xml"] = document("OFD", body.format(0) + body.format(1))
    assert source(zipped(parts)).text.splitlines() == [*LINES, "附件", "分工表"]
    assert len(source(zipped(parts)).pages) == 2


@pytest.mark.parametrize("change", ["absolute", "capitals", "backslash", "root", "gbk"])
def test_locations_as_they_are_written_in_practice(change: str) -> None:
    parts = Ofd([page()], absolute=change == "absolute").parts_of()
    if change == "capitals":
        parts = {path.upper(): data for path, data in parts.items()}
    if change == "backslash":
        parts = {path.replace("/", "\\"): data for path, data in parts.items()}
    if change == "root":
        listed = str(parts["Doc_0/Document.xml"]).replace('BaseLoc="', 'BaseLoc="Doc_0/')
        parts["Doc_0/Document.xml"] = listed
    if change == "gbk":
        parts = {path.replace("Pages", "WXYZ"): data for path, data in parts.items()}
        listed = str(parts["Doc_0/Document.xml"]).replace("Pages/Page_0", "正文/Page_0")
        parts["Doc_0/Document.xml"] = listed
    data = zipped(parts).replace(b"WXYZ", "正文".encode("gbk"))  # as old programs name parts
    assert printed(data) == list(LINES)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("OFD.xml", "不是 OFD 文件"),
        ("Doc_0/Document.xml", "缺少正文的目录"),
        ("Doc_0/Pages/Page_0/Content.xml", "缺少第1页的内容"),
        ("Doc_0/Tpls/Tpl_7/Content.xml", "缺少第1页的模板"),
    ],
)
def test_a_missing_part_is_told(part: str, said: str) -> None:
    parts = Ofd([page()], templates={7: text(28, 20, "页眉")}).parts_of()
    del parts[part]
    with pytest.raises(UnreadableFile, match=said):
        source(zipped(parts))


@pytest.mark.parametrize(
    "part", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"]
)
@pytest.mark.parametrize("content", ["", "<a", "\x00\x01", "<a><b></a>"])
def test_a_broken_part_is_told(part: str, content: str) -> None:
    with pytest.raises(UnreadableFile, match="损坏"):
        source(Ofd([page()], parts={part: content}).data())


def test_a_file_without_pages_or_text_is_told() -> None:
    with pytest.raises(UnreadableFile, match="没有页"):
        source(Ofd([]).data())
    with pytest.raises(UnreadableFile, match="没有文字"):
        source(Ofd(["", rule(20, 20, 100, 20)]).data())


def test_an_encrypted_file_is_told() -> None:
    with pytest.raises(UnreadableFile, match="已加密"):
        source(Ofd([page()], parts={"Encryptions.xml": document("Encryptions", "")}).data())
    data = bytearray(Ofd([page()]).data())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="已加密"):
        source(bytes(data))


def test_entities_are_refused() -> None:
    bomb = (
        '<!DOCTYPE p [<!ENTITY a "字字字字"><!ENTITY b "&a;&a;&a;&a;">]>'
        f'<Page xmlns="{NAMESPACE}"><Content><Layer><TextObject Boundary="0 0 9 9" Size="4">'
        '<TextCode X="0" Y="0">&b;</TextCode></TextObject></Layer></Content></Page>'
    )
    with pytest.raises(UnreadableFile, match="实体"):
        source(Ofd([""], parts={"Doc_0/Pages/Page_0/Content.xml": bomb}).data())


def test_a_bomb_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="大得不正常"):
        source(Ofd([page()], parts={"Doc_0/Res/zeros.bin": bytes(120_000_000)}).data())


def test_repeats_without_end_are_not_written_out() -> None:
    item = (
        '<TextObject Boundary="20 50 100 6" Size="5"><TextCode X="0" Y="5" DeltaX="g 1e300 5 g x y">'
        "区政府</TextCode></TextObject>"
        '<TextObject Boundary="nan 70 x" CTM="1 2" Size="-"><TextCode X="inf" Y="5">办公室</TextCode>'
        "</TextObject>"
    )
    assert sorted("".join(printed(Ofd([item]).data()))) == sorted("区政府办公室")


SAMPLE = Ofd([page()], templates={7: text(28, 20, "页眉")}, pictures={3: png()}).data()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for at in data.draw(st.lists(st.integers(0, len(SAMPLE) - 1), min_size=1, max_size=9)):
        damaged[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(SAMPLE)) | st.just(len(SAMPLE)))
    with suppress(UnreadableFile):
        source(bytes(damaged[:end]))


@settings(max_examples=60, deadline=None)
@given(st.text("<>/=\"'&; ABCxyz0123456789-.eg", max_size=60), st.sampled_from("abcdef"))
def test_strange_values_are_read_or_refused(value: str, place: str) -> None:
    values = dict.fromkeys("abcdef", "1 0 0 1 5 5") | {
        place: value.replace('"', "").replace("<", "")
    }
    item = (
        '<TextObject Boundary="{a}" CTM="{b}" Size="{c}"><TextCode X="{d}" DeltaX="{e}">区政府'
        '</TextCode></TextObject><PathObject Boundary="{a}" CTM="{b}"><AbbreviatedData>{f}'
        "</AbbreviatedData></PathObject>"
    ).format_map(values)
    with suppress(UnreadableFile):
        source(Ofd([item + page()]).data())


def test_other_bytes_are_refused() -> None:
    for data in (b"", b"PK\x03\x04", random.Random(0).randbytes(999), zipped({"a.txt": "a"})):
        with pytest.raises(UnreadableFile):
            source(data)


def test_a_scanned_page_needs_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # as where it is not installed
    scan = picture(3, 0, 0, 210, 297)
    with pytest.raises(UnreadableFile, match="pip install"):
        source(Ofd([scan], pictures={3: png("white")}).data())
    found = source(Ofd([page(), scan], pictures={3: png("white")}).data())
    assert [note.message for note in found.notes] == ["第2页是图片，没有读出文字，请对照原件"]
