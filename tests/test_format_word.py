"""Word files: every visible character once, tables, notes, what pages repeat, and clear errors."""

import re
from collections import Counter
from pathlib import Path

import docx as python_docx
import pytest
from docx_files import cell, converted, item, level, lists, paragraph, read, row, run, table
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from ingest.document import ResidueKind, Source, restore, settle
from ingest.formats import word

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "official" / "state-council"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(instruction: str, result: str | None = None) -> str:
    shown = "" if result is None else FIELD.format("separate") + run(result)
    words = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return FIELD.format("begin") + words + shown + FIELD.format("end")


def box(text: str) -> str:
    """A text box as Word writes it: twice, for new and for old programs."""
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{inner}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def style(style_id: str, name: str, more: str = "") -> str:
    return f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{more}</w:style>'


def cuts(source: Source) -> list[tuple[str, ResidueKind]]:
    return [(source.text[cut.start : cut.end].strip(), cut.kind) for cut in source.cuts]


def cells(source: Source) -> list[list[list[str]]]:
    return [
        [[source.text[start:end] for start, end in line.cells] for line in one.rows]
        for one in source.tables
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (run("甲") + "<w:r><w:tab/></w:r>" + run("乙"), "甲 乙"),
        (run("甲") + "<w:r><w:br/></w:r>" + run("乙"), "甲\n乙"),
        ('<w:r><w:br w:type="page"/></w:r>' + run("甲"), "甲"),
        ("<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t><w:softHyphen/></w:r>", "甲-乙"),
        ("<w:r><w:t> 甲 </w:t></w:r>" + run(" 乙"), "甲 乙"),
        (run("甲\u200b\ufeff\xa0乙"), "甲 乙"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("5万元"), "≥5万元"),
        (run("\uf0fc", '<w:rFonts w:ascii="Wingdings"/>'), "✓"),
        (run("10") + run("4", '<w:vertAlign w:val="superscript"/>') + run("千瓦"), "10⁴千瓦"),
        ('<w:hyperlink r:id="x">' + run("链接") + "</w:hyperlink>", "链接"),
        (f"<w:ins>{run('增')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>", "增"),
        (f"<w:moveTo>{run('移')}</w:moveTo><w:moveFrom>{run('移')}</w:moveFrom>", "移"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>", "控件"),
        (f"<w:smartTag><w:smartTagPr/>{run('标签')}</w:smartTag>", "标签"),
        (run("见") + run("隐", "<w:vanish/>") + run("也见", '<w:vanish w:val="0"/>'), "见也见"),
        (field("REF 第三条", "第三条"), "第三条"),
        (field("IF " + field("PAGE", "7"), "甲"), "甲"),
        (field(r"EQ \o\ac(○,11)") + run("推进"), "⑪推进"),
        (field("PAGE") + run("后"), "后"),
        (FIELD.format("begin") + run("没有结束的域"), "没有结束的域"),
        (run("多余") + FIELD.format("end"), "多余"),
        (f'<w:fldSimple w:instr="DATE">{run("5月")}</w:fldSimple>', "5月"),
        (
            "<w:r><w:ruby><w:rubyPr/><w:rt>" + run("chóng") + "</w:rt><w:rubyBase>"
            f"{run('重')}</w:rubyBase></w:ruby></w:r>{run('庆')}",
            "重（chóng）庆",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/>'
            f"</w:checkBox></w:ffData></w:fldChar></w:r>{FIELD.format('end')}{run('是')}",
            "☑是",
        ),
        (
            "<m:oMath><m:r><m:t>补贴=</m:t></m:r><m:f><m:num><m:r><m:t>甲+乙</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
            "补贴=(甲+乙)/2",
        ),
        (run("前") + box("框内") + run("后"), "前后\n框内"),
        ('<w:r><w:pict><v:shape><v:textpath string="文件头"/></v:shape></w:pict></w:r>', "\n文件头"),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows(content: str, expected: str) -> None:
    assert read(paragraph(content) + paragraph("完")).text == f"{expected}\n完\n"


def test_a_number_in_a_text_box_counts_for_itself() -> None:
    inner = item("框", 1)
    anchored = paragraph(box("空").replace(paragraph("空"), inner))
    source = read(
        item("一", 1) + anchored + item("二", 1), {"numbering": lists(level(0, "decimal", "%1."))}
    )
    assert source.text == "1.一\n\n1.框\n2.二\n"


def test_paragraphs_whose_end_is_gone_run_on() -> None:
    body = (
        paragraph("删去段落标记", "<w:rPr><w:del/></w:rPr>")
        + paragraph("的两段")
        + paragraph("插入标题。", "<w:rPr><w:vanish/><w:specVanish/></w:rPr>")
        + paragraph("正文")
        + paragraph("首", '<w:framePr w:dropCap="drop"/>')
        + paragraph("字下沉")
    )
    assert read(body).text == "删去段落标记的两段\n插入标题。正文\n首字下沉\n"


def test_merged_cells_stand_in_each_row() -> None:
    whole = cell("牵头", '<w:gridSpan w:val="2"/>')
    down = cell("区财政局", '<w:vMerge w:val="restart"/>')
    below = cell("", "<w:vMerge/>")
    source = read(
        paragraph("前")
        + table(
            row("序号", whole, "时限"), row("1", "甲", down, "6月"), row("2", "乙", below, "7月")
        )
        + paragraph("后")
    )
    assert cells(source) == [
        [
            ["序号", "牵头", "", "时限"],
            ["1", "甲", "区财政局", "6月"],
            ["2", "乙", "区财政局", "7月"],
        ]
    ]
    assert source.text == "前\n序号\t牵头\t\t时限\n1\t甲\t区财政局\t6月\n2\t乙\t区财政局\t7月\n后\n"
    assert source.text[source.tables[0].start : source.tables[0].end].count("\n") == 2


def test_rows_that_are_short_deleted_or_shifted() -> None:
    source = read(
        table(
            row("甲", "乙", "丙"),
            row("删", "删", "删", properties="<w:del/>"),
            row("右", properties='<w:gridBefore w:val="2"/>'),
            row("左"),
        )
    )
    assert cells(source) == [[["甲", "乙", "丙"], ["", "", "右"], ["左", "", ""]]]


def test_the_lines_of_a_cell_become_one() -> None:
    units = cell(paragraph("区发展改革委") + paragraph("区财政局"))
    words = cell(paragraph("1.任务；") + paragraph("2.任务"))
    nested = cell(table(row("内一", "内二")) + paragraph())
    source = read(table(row(units, words, nested)))
    assert cells(source) == [[["区发展改革委 区财政局", "1.任务；2.任务", "内一 内二"]]]


def test_a_frame_is_no_table() -> None:
    inner = table(row("序号", "任务"), row("1", "甲"))
    source = read(
        table(row(cell(paragraph("一、总则") + inner + paragraph("二、附则"))), row("落款"))
    )
    assert source.text == "一、总则\n序号\t任务\n1\t甲\n二、附则\n落款\n"
    assert cells(source) == [[["序号", "任务"], ["1", "甲"]]]


def test_notes_stand_at_the_end() -> None:
    def refer(kind: str, note: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{note}"/></w:r>'

    def note(kind: str, number: int, text: str) -> str:
        return f'<w:{kind} w:id="{number}">{paragraph(f"<w:r><w:{kind}Ref/></w:r>" + run(text))}</w:{kind}>'

    body = paragraph(run("补助50万元") + refer("footnote", 3) + run("。") + refer("endnote", 2))
    footnotes = '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>' + "".join(
        note("footnote", place, text)
        for place, text in ((2, "乙注"), (3, " 甲注"), (4, "没有引用"))
    )
    parts = {"footnotes": footnotes, "endnotes": note("endnote", 2, "尾")}
    source = read(body + paragraph(run("再次") + refer("footnote", 2)), parts)
    assert source.text.splitlines() == [
        *(
            "补助50万元〔注1〕。〔尾注1〕",
            "再次〔注2〕",
            "〔注1〕甲注",
            "〔尾注1〕尾",
            "〔注2〕乙注",
        )
    ]


def test_comments_are_no_part_of_the_document() -> None:
    content = '<w:commentRangeStart w:id="0"/>' + run("正文") + '<w:commentRangeEnd w:id="0"/>'
    assert read(paragraph(content + '<w:r><w:commentReference w:id="0"/></w:r>')).text == "正文\n"


def test_what_pages_repeat_is_residue() -> None:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId-header1"/>'
        '<w:headerReference w:type="first" r:id="rId-header2"/>'
        '<w:footerReference w:type="default" r:id="rId-footer1"/></w:sectPr>'
    )
    parts = {
        "header1": paragraph("某某区文件"),
        "header2": paragraph("首页"),
        "footer1": paragraph(run("— ") + field("PAGE", "1") + run(" —")),
    }
    source = read(paragraph("正文") + paragraph("次节", section) + section, parts)
    assert cuts(source) == [
        ("某某区文件", ResidueKind.RUNNING_HEAD),
        ("— 1 —", ResidueKind.PAGE_NUMBER),
    ]
    settled = settle(source)
    assert settled.text == "正文\n次节\n"
    assert restore(settled.text, settled.residue) == source.text
    shown = read(
        paragraph("正文") + section.replace("</w:sectPr>", "<w:titlePg/></w:sectPr>"), parts
    )
    assert "首页" in shown.text


def test_headings_come_from_styles_and_outline_levels() -> None:
    styles = (
        style("1", "heading 1")
        + style("a", "小节", '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + style("b", "正文", '<w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    )
    body = "".join(
        paragraph(text, properties)
        for text, properties in [
            ("第一章", '<w:pStyle w:val="1"/>'),
            ("第一节", '<w:pStyle w:val="a"/>'),
            ("正文", '<w:pStyle w:val="b"/>'),
            ("条", '<w:outlineLvl w:val="3"/>'),
            ("不是", '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>'),
            ("", '<w:pStyle w:val="1"/>'),
        ]
    )
    source = read(body, {"styles": styles})
    found = [(source.text[one.start :].split("\n")[0], one.level) for one in source.headings]
    assert found == [("第一章", 1), ("第一节", 3), ("条", 4)]


@pytest.mark.parametrize("kind", ["style", "field", "control"])
def test_a_table_of_contents_is_residue(kind: str) -> None:
    entry = paragraph("一、总则 1", '<w:pStyle w:val="T"/>' if kind == "style" else "")
    if kind == "field":
        opened = FIELD.format("begin") + "<w:r><w:instrText>TOC \\o</w:instrText></w:r>"
        entry = paragraph(opened + FIELD.format("separate") + run("一、总则 1"))
        entry += paragraph(FIELD.format("end"))
    elif kind == "control":
        gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        entry = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{entry}</w:sdtContent></w:sdt>"
    body = paragraph("标题") + paragraph("目  录") + entry + paragraph("一、总则")
    source = read(body, {"styles": style("T", "toc 1")})
    assert cuts(source) == [
        ("目  录", ResidueKind.CONTENTS),
        ("一、总则 1", ResidueKind.CONTENTS),
    ]
    assert settle(source).text.split() == ["标题", "一、总则"]


def test_what_was_not_read_is_told() -> None:
    picture = '<w:r><w:drawing><wp:inline><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r>'
    chart = '<w:r><w:drawing><wp:inline><c:chart r:id="rId9"/></wp:inline></w:drawing></w:r>'
    preview = '<v:shape><v:imagedata r:id="x"/></v:shape><o:OLEObject ProgID="Excel.Sheet"/>'
    embedded = f"<w:r><w:object>{preview}</w:object></w:r>"
    source = read(
        paragraph("甲") + paragraph(picture * 2) + paragraph(run("乙") + chart + embedded)
    )
    assert [note.message.partition("没有")[0] for note in source.notes] == [
        *("第1段后有2个图片", "第2段后有1个图表", "第2段后有1个嵌入对象")
    ]
    assert [source.text[: note.at].count("\n") for note in source.notes] == [1, 2, 2]
    numbered = read(paragraph(field("AUTONUM") + run("条")))
    assert "编号域" in numbered.notes[0].message
    revised = read(paragraph(run("甲") + "<w:del><w:r><w:delText>乙</w:delText></w:r></w:del>"))
    assert "修订" in revised.notes[0].message


def test_a_diagram_is_read_from_its_part() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    words = '<d xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:t>受理</a:t></a:p></d>'
    relation = f'<Relationship Id="d" Type="{kind}" Target="diagrams/data1.xml"/>'
    files = {
        "word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>",
        "word/diagrams/data1.xml": words,
    }
    shape = paragraph('<w:r><w:drawing><dgm:relIds r:dm="d"/></w:drawing></w:r>')
    assert read(shape, files=files).text.split() == ["受理"]


def test_a_file_of_python_docx(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.add_heading("青山县养老服务方案", 0)
    made.add_heading("总体要求", 1)
    made.add_paragraph("到2025年底。", style="List Number")
    made.add_paragraph("建设食堂。", style="List Number")
    grid = made.add_table(rows=3, cols=2)
    for place, text in enumerate(["任务", "单位", "甲", "县民政局", "乙", ""]):
        grid.cell(place // 2, place % 2).text = text
    grid.cell(1, 1).merge(grid.cell(2, 1))
    made.sections[0].footer.paragraphs[0].text = "第 1 页 共 2 页"
    made.save(str(tmp_path / "made.docx"))
    source = word.read((tmp_path / "made.docx").read_bytes(), "made.docx")
    assert settle(source).text.splitlines() == [
        *("青山县养老服务方案", "总体要求", "1.到2025年底。", "2.建设食堂。"),
        *("任务\t单位", "甲\t县民政局", "乙\t县民政局"),
    ]
    assert [one.level for one in source.headings] == [1, 1]
    assert cuts(source) == [("第 1 页 共 2 页", ResidueKind.PAGE_NUMBER)]


Words = st.text("一二三（）、。；甲乙1 2.Aa", min_size=1, max_size=12)
Cells = Words.map(str.strip).filter(bool)
Wraps = st.sampled_from(
    [
        "{}",
        "<w:ins>{}</w:ins>",
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        '<w:fldSimple w:instr="REF a">{}</w:fldSimple>',
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(Words, Wraps), max_size=4), min_size=1, max_size=6))
def test_the_characters_of_any_runs_stay_in_order(lines: list[list[tuple[str, str]]]) -> None:
    body = "".join(
        paragraph("".join(wrap.format(run(text)) for text, wrap in line)) for line in lines
    )
    expected = ["".join(text for text, _ in line) for line in lines]
    assert read(body + paragraph("完")).text.split("\n") == [*expected, "完", ""]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(Cells, min_size=n, max_size=n), min_size=1)
    )
)
def test_a_table_holds_every_cell_once(grid: list[list[str]]) -> None:
    source = read(paragraph("前") + table(*(row(*line) for line in grid)))
    assert cells(source) == [grid]
    assert source.text == "\n".join(["前", *("\t".join(line) for line in grid), ""])


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason=f"{OFFICIAL} is not there")
def test_real_documents_lose_no_character(tmp_path: Path) -> None:
    files = []
    for place, page in enumerate(sorted(OFFICIAL.glob("*.html"))):
        files.append((page, tmp_path / f"{place}.html"))
        head = '<html><head><meta charset="utf-8"></head><body><table>'
        files[-1][1].write_text(f"{head}{page.read_text('utf-8')}</table></body></html>", "utf-8")
    made = converted(
        tmp_path, "docx", *(file for _, file in files), source_filter="HTML (StarWriter)"
    )
    tables = 0
    for (page, _), file in zip(files, made, strict=True):
        source = word.read(file.read_bytes(), file.name)
        theirs = re.sub(r"\s", "", html.fromstring(page.read_text("utf-8")).text_content())
        ours = re.sub(r"\s", "", source.text)
        assert not Counter(theirs) - Counter(ours), page
        assert ours == theirs or source.tables, page  # merged cells are repeated
        tables += len(source.tables)
    assert len(files) > 20
    assert tables >= 2
