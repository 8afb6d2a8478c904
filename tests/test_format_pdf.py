"""PDF files as the tests print them: text, pages, tables, and everything that is wrong with files."""

import base64
import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from errors import UnreadableFile
from ingest.document import Document, ResidueKind, restore, settle
from ingest.formats import images, pdf

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "official"
SONG = "STSong-Light"
EM, LEFT, LINE = 16.0, 79.0, 28.0
ROOM = 28  # characters in a line, 22 lines a page (GB/T 9704-2012)
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

FIRST = (
    "为进一步优化营商环境，提高政务服务水平，根据有关法律法规，结合本市实际，现就有关事项通知如下。"
)
SECOND = "各区人民政府应当加强组织领导，细化工作措施，确保各项任务落到实处，取得实效。"


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    """A file with what `draw` prints on a canvas."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=A4, **options)
    canvas.setFont(SONG, EM)
    draw(canvas)
    canvas.save()
    return data.getvalue()


def broken(text: str, room: float, size: float = EM) -> list[str]:
    """A paragraph as it is set, with an indent of two characters."""
    lines, start = [], 0
    while start < len(text):
        end, left = start, (room - (0 if lines else 2)) * size
        while end < len(text) and stringWidth(text[start : end + 1], SONG, size) <= left + 0.01:
            end += 1
        while end < len(text) and text[end] in "，。、；：）":
            end -= 1
        lines.append(text[start:end])
        start = end
    return lines


def official(canvas: Canvas, title: Sequence[str], texts: Sequence[str], head: str = "") -> None:
    """A document as GB/T 9704-2012 has it: centred title, indents, page numbers, a running head."""
    y, page = 700.0, 1
    canvas.setFont(SONG, 22)
    for line in title:
        canvas.drawCentredString(LEFT + ROOM * EM / 2, y + LINE * 2, line)
        y -= 36
    for text in texts:
        for number, line in enumerate(broken(text, ROOM)):
            if y < 110:
                _foot(canvas, page, head)
                y, page = 737.0, page + 1
            canvas.setFont(SONG, EM)
            canvas.drawString(LEFT + (0 if number else 2 * EM), y, line)
            y -= LINE
    _foot(canvas, page, head)


def _foot(canvas: Canvas, page: int, head: str) -> None:
    canvas.setFont(SONG, 14)
    canvas.drawCentredString(297, 60, f"— {page} —")
    canvas.setFont(SONG, 10.5)
    canvas.drawString(LEFT, 800, head)
    canvas.showPage()


def read(data: bytes) -> Document:
    source = pdf.read(data, "通知.pdf")
    document = settle(source)
    assert restore(document.text, document.residue) == source.text
    return document


def lines(document: Document) -> list[str]:
    return document.text.splitlines()


def notes(document: Document) -> list[str]:
    return [note.message for note in document.notes]


def cells(document: Document) -> list[list[list[str]]]:
    return [
        [[document.text[start:end] for start, end in row.cells] for row in table.rows]
        for table in document.tables
    ]


def residue(document: Document, kind: ResidueKind) -> list[str]:
    return [piece.text.strip() for piece in document.residue if piece.kind is kind]


def test_an_official_document_reads_as_it_was_written() -> None:
    title = ["某市人民政府办公厅关于印发进一步", "优化营商环境若干措施的通知"]
    units = "（牵头单位：市发展改革委；配合单位：市财政局、市商务局）"
    addressees = "各区人民政府，市政府各部门、各直属机构："
    texts = [addressees, *(f"{n}.{FIRST}{SECOND}{units}" for n in range(1, 15))]
    head = "某市人民政府公报"
    document = read(drawn(lambda canvas: official(canvas, title, texts, head)))
    assert lines(document) == ["".join(title), *texts]
    assert residue(document, ResidueKind.PAGE_NUMBER) == ["— 1 —", "— 2 —", "— 3 —", "— 4 —"]
    assert residue(document, ResidueKind.RUNNING_HEAD) == [head] * 4
    assert document.page(document.text.index("14.")) == 4


def test_characters_that_are_drawn_twice_count_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.6):
            canvas.drawString(100 + shift, 700, "第一条 人人为我 Hello all")
        for at, char in enumerate("好好学习"):
            canvas.drawString(100 + EM * at, 650, char)
            canvas.drawString(100.3 + EM * at, 650, char)

    assert lines(read(drawn(draw))) == ["第一条 人人为我 Hello all", "好好学习"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("sideways", [False, True])
def test_turned_pages_read_in_the_direction_of_their_lines(turn: int, sideways: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        if sideways:
            canvas.translate(595, 0)
            canvas.rotate(90)
        canvas.setFont(SONG, EM)
        canvas.drawString(100, 500, "一、第一行")
        canvas.drawString(100, 470, "二、第二行")

    assert lines(read(drawn(draw))) == ["一、第一行", "二、第二行"]


def test_what_nobody_sees_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((0, 100, 595, 842))
        canvas.drawString(100, 700, "看得见的文字")
        canvas.drawString(100, 50, "裁切线外的文字")
        unseen = canvas.beginText(100, 600)
        unseen.setTextRenderMode(3)
        unseen.textLine("没有画出的文字")
        canvas.drawText(unseen)

    assert lines(read(drawn(draw))) == ["看得见的文字"]


def test_two_columns_are_read_one_after_the_other() -> None:
    texts = [f"{n}.{FIRST}" for n in range(1, 13)]

    def draw(canvas: Canvas) -> None:
        for column in (0, 1):
            y = 740.0
            canvas.setFont(SONG, 10.5)
            for text in texts[6 * column : 6 * column + 6]:
                for number, line in enumerate(broken(text, 20, 10.5)):
                    canvas.drawString(60 + 245 * column + (0 if number else 21), y, line)
                    y -= 18

    assert lines(read(drawn(draw))) == texts


def test_blanks_between_words_and_marks_stay() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "第一章　总　则")
        canvas.drawString(100, 650, "使用 open source 软件")
        canvas.setFont("Vera", 12)
        for at, word in zip((100, 150, 230), ("Draft", "Version", "two"), strict=True):
            canvas.drawString(at, 600, word)  # no blank is stored

    assert lines(read(drawn(draw))) == [
        "第一章　总　则",
        "使用 open source 软件",
        "Draft Version two",
    ]


def test_exponents_stay_on_their_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "建筑面积300m")
        canvas.setFont(SONG, 9)
        canvas.drawString(100 + stringWidth("建筑面积300m", SONG, EM), 708, "2")

    assert lines(read(drawn(draw))) == ["建筑面积300m2"]


def test_a_watermark_is_cut() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(2):
            canvas.setFont(SONG, EM)
            canvas.drawString(100, 700, f"第{page}部分的内容。")
            canvas.saveState()
            canvas.translate(200, 300)
            canvas.rotate(45)
            canvas.setFont(SONG, 40)
            canvas.drawString(0, 0, "内部资料")
            canvas.restoreState()
            canvas.showPage()

    document = read(drawn(draw))
    assert lines(document) == ["第0部分的内容。", "第1部分的内容。"]
    assert residue(document, ResidueKind.RUNNING_HEAD) == ["内部资料"] * 2


HEADER = ["序号", "任务", "责任单位"]


def task_table(
    rows: Sequence[Sequence[str]], spans: Sequence[tuple[int, int]] = (), **options: int
) -> bytes:
    """A ruled table of tasks that repeats its header; `spans` merge cells of the first column."""
    style = ParagraphStyle("cell", fontName=SONG, fontSize=12, leading=16, wordWrap="CJK")
    data = [[Paragraph(text, style) for text in row] for row in [HEADER, *rows]]
    table = Table(data, colWidths=[60, 260, 130], repeatRows=1, **options)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
                *(("SPAN", (0, start), (0, end)) for start, end in spans),
            ]
        )
    )
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([table])
    return out.getvalue()


def test_a_table_over_pages_is_one_with_its_cells_whole() -> None:
    rows = [
        [str(n), f"{n}号任务：{SECOND}", "市发展改革委、市财政局、市商务局"] for n in range(1, 31)
    ]
    document = read(task_table(rows))
    assert cells(document) == [[HEADER, *rows]]
    assert len(document.source.pages) == 3
    assert residue(document, ResidueKind.RUNNING_HEAD) == ["\t".join(HEADER)] * 2


def test_a_merged_cell_is_in_every_row() -> None:
    rows = [["一", SECOND, "市财政局"], ["", FIRST, "市商务局"], ["二", SECOND, "市民政局"]]
    [table] = cells(read(task_table(rows, spans=[(1, 2)])))
    assert [row[0] for row in table] == ["序号", "一", "一", "二"]


def test_a_row_broken_over_pages_is_one() -> None:
    rows = [
        [
            ("序号", "任务", "责任单位"),
            ("1", "第一项任务。", "市财政局"),
            ("2", "第二项任务要在", "市商务局、"),
        ],
        [("", "年底前完成。", "市民政局"), ("3", "第三项任务。", "市教育局")],
    ]

    def draw(canvas: Canvas) -> None:
        for page in rows:
            canvas.setFont(SONG, 12)
            top = 700
            canvas.grid([60, 110, 330, 480], [top - 30 * n for n in range(len(page) + 1)])
            for number, row in enumerate(page):
                for x, text in zip((65, 115, 335), row, strict=True):
                    canvas.drawString(x, top - 20 - 30 * number, text)
            canvas.showPage()

    assert cells(read(drawn(draw))) == [
        [
            HEADER,
            ["1", "第一项任务。", "市财政局"],
            ["2", "第二项任务要在年底前完成。", "市商务局、市民政局"],
            ["3", "第三项任务。", "市教育局"],
        ]
    ]


def picture(size: tuple[int, int], text: str = "") -> ImageReader:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black")
    return ImageReader(image)


def test_a_picture_that_may_hold_text_is_told() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 800, FIRST)
        canvas.drawImage(picture((300, 200)), 100, 300, 300, 200)
        canvas.showPage()
        canvas.setFont(SONG, EM)
        canvas.drawString(100, 700, "某市人民政府")
        canvas.drawImage(picture((100, 100)), 90, 640, 120, 120)  # a seal
        canvas.drawImage(picture((20, 20)), 400, 640, 20, 20)

    assert notes(read(drawn(draw))) == ["第1页有1张图片未读取，请对照原件"]


def test_the_text_layer_of_a_scan_is_read_and_told() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture((300, 400)), 0, 0, *A4)
        unseen = canvas.beginText(100, 700)
        unseen.setFont(SONG, 12)
        unseen.setTextRenderMode(3)
        unseen.textLines([FIRST[:30], FIRST[30:], SECOND])
        canvas.drawText(unseen)

    document = read(drawn(draw))
    assert FIRST[:30] in document.text
    assert notes(document) == ["第1页的文字是扫描件自带的识别结果，可能有错字"]


def test_form_fields_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "申请人：")
        canvas.acroForm.textfield(value="Li Ming", x=180, y=690, width=200, height=24)

    assert "Li Ming" in read(drawn(draw)).text


def test_a_password_must_be_taken_off() -> None:
    locked = StandardEncryption("open", "owner", strength=128)
    with pytest.raises(UnreadableFile, match=r"通知\.pdf：打开需要密码，请去掉密码"):
        read(drawn(lambda canvas: canvas.drawString(100, 700, FIRST), encrypt=locked))


def test_a_file_that_only_may_not_be_changed_is_read() -> None:
    guarded = StandardEncryption("", "owner", canModify=0, canCopy=0, strength=128)
    data = drawn(lambda canvas: canvas.drawString(100, 700, SECOND[:20]), encrypt=guarded)
    assert lines(read(data)) == [SECOND[:20]]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"not a pdf at all", b"%PDF-1.4\n1 0 obj\n<<>>"]
)
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"通知.pdf：不是完整的 PDF 文件"):
        read(data)


SAMPLE = drawn(lambda canvas: official(canvas, ["某市通知"], [FIRST * 2, SECOND * 2]))


@given(st.integers(0, len(SAMPLE)))
@settings(max_examples=40, deadline=None)
def test_a_truncated_file_is_read_or_told(length: int) -> None:
    _read_or_told(SAMPLE[:length])


@given(
    st.lists(
        st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=60
    )
)
@settings(max_examples=15, deadline=None)
def test_a_damaged_file_is_read_or_told(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for at, value in changes:
        data[at] = value
    _read_or_told(bytes(data))


def _read_or_told(data: bytes) -> None:
    with suppress(UnreadableFile):
        read(data)


def blank_pages(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(100, 100).close()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_too_many_pages_are_told() -> None:
    with pytest.raises(UnreadableFile, match="5,001 页，上限 5,000 页"):
        read(blank_pages(pdf.MAX_PAGES + 1))


@pytest.mark.parametrize("count", [0, 2])
def test_a_file_without_text_is_told(count: int) -> None:
    with pytest.raises(UnreadableFile, match=r"不是完整|没有文字"):
        read(blank_pages(count))


@pytest.mark.parametrize("filters", ["/Fl", "[/FlateDecode /FlateDecode]", "[/ASCII85Decode /Fl]"])
def test_a_stream_that_unpacks_without_end_is_told(filters: str) -> None:
    packed = zlib.compress(bytes(150_000_000))
    if filters.count("Flate") == 2:
        packed = zlib.compress(packed)
    if "85" in filters:
        packed = base64.a85encode(packed) + b"~>"
    head = f"<< /Length {len(packed)} /Filter {filters} >>\nstream\n".encode()
    stream = re.compile(rb"<<\s*/Filter.*?endstream", re.DOTALL)
    data = stream.sub(lambda _: head + packed + b"\nendstream", SAMPLE, count=1)
    with pytest.raises(UnreadableFile, match="解压后超过"):
        read(data)


def test_files_inside_the_file_are_told() -> None:
    document = pypdfium2.PdfDocument(SAMPLE)
    document.new_attachment("附件1.docx").set_data(b"content")
    out = io.BytesIO()
    document.save(out)
    assert notes(read(out.getvalue())) == ["文件里另附有1个文件，没有读取，请取出后单独导入"]


@pytest.mark.skipif(not images.is_available(), reason="character recognition is not installed")
def test_a_page_without_stored_text_is_recognised() -> None:
    [page] = pypdfium2.PdfDocument(SAMPLE)
    scan = page.render(scale=3).to_pil()

    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "附：扫描件一份。")
        canvas.showPage()
        canvas.drawImage(ImageReader(scan), 0, 0, *A4)

    document = read(drawn(draw))
    assert SECOND[:20] in document.text
    assert document.page(document.text.index(SECOND[:20])) == 2
    assert document.confidences


def test_text_in_codes_that_nobody_knows_counts_as_none() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Vera", 14)
        canvas.drawString(100, 700, "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ")
        canvas.showPage()
        canvas.setFont(SONG, EM)
        canvas.drawString(100, 700, SECOND[:25])

    data = re.sub(rb"/ToUnicode \d+ 0 R", lambda found: b" " * len(found[0]), drawn(draw))
    document = read(data)
    assert SECOND[:25] in document.text
    assert (
        any(note.startswith("第1页的文字编码不明") for note in notes(document))
        or document.confidences
    )


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_published_document_reads_as_its_page_does(tmp_path: Path) -> None:
    found = sorted(SHARED.glob("state-council/*科技节水*.html"))
    if not found:
        pytest.skip("no shared documents here")
    page = tmp_path / "page.html"
    body = found[0].read_text("utf-8")
    page.write_text(
        f'<html><meta charset="utf-8"><body><table>{body}</table></body></html>', "utf-8"
    )
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "pdf:writer_web_pdf_Export", "--outdir", str(tmp_path), str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    expected = re.sub(r"\s", "", found[0].with_suffix(".txt").read_text("utf-8"))
    text = read(page.with_suffix(".pdf").read_bytes()).text
    assert re.sub(r"\s", "", text) in expected or expected in re.sub(r"\s", "", text)
