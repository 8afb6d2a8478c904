"""Printed lines as paragraphs: page numbers, running heads, contents, tables over pages, wraps."""

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Document, ResidueKind, Source, restore, settle
from ingest.layout.pages import Cell, Line, Page, TableBlock, compose
from ingest.layout.wrapped import cuts

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
EM = 16.0
LEFT, RIGHT, TOP, BOTTOM = 80.0, 80.0 + 28 * EM, 100.0, 100.0 + 22 * 28
WIDTH, HEIGHT = 595.0, 842.0
FIRST = "为了进一步优化营商环境，提高政务服务水平，根据有关法律法规，结合本市实际，制定本办法。"
SECOND = "各区人民政府应当加强组织领导，细化工作措施，确保各项任务落到实处，取得实效。"


def line(text: str, x0: float, top: float, size: float = EM) -> Line:
    return Line(text, x0, top, x0 + wide(text) * size, top + size, size)


def wide(text: str) -> float:
    return sum(1 if ord(char) > 255 else 0.5 for char in text)


def centred(text: str, top: float, size: float = EM) -> Line:
    return line(text, (LEFT + RIGHT - wide(text) * size) / 2, top, size)


def broken(text: str, characters: int = 28, indent: int = 2) -> list[str]:
    """A paragraph as it is set: no line begins with a closing mark, no number is parted."""
    lines, rest, room = [], text, characters - indent
    while wide(rest) > room:
        end = next(end for end in range(len(rest)) if wide(rest[: end + 1]) > room)
        while rest[end] in "，。、；：）" or rest[end - 1 : end + 1].isascii():
            end -= 1
        lines.append(rest[:end])
        rest, room = rest[end:], characters
    return [*lines, rest]


def printed(paragraphs: Sequence[str], head: str = "", number: str = "— {} —") -> list[Page]:
    """Paragraphs with an indent of two characters, 22 lines a page (GB/T 9704)."""
    lines = [
        (text, LEFT + (2 * EM if first else 0))
        for paragraph in paragraphs
        for first, text in zip([True] + [False] * 99, broken(paragraph), strict=False)
    ]
    pages = []
    for start in range(0, len(lines), 22):
        body = [
            line(text, x0, TOP + 28 * n) for n, (text, x0) in enumerate(lines[start : start + 22])
        ]
        if head:
            body = [line(head.format(len(pages) + 1), LEFT, 50, 10.5), *body]
        if number:
            body.append(centred(number.format(len(pages) + 1), 760, 14))
        pages.append(Page(WIDTH, HEIGHT, tuple(body)))
    return pages


def read(pages: Sequence[Page]) -> Document:
    source = compose(pages)
    document = settle(source)
    assert restore(document.text, document.residue) == source.text
    return document


def paragraphs(document: Document) -> list[str]:
    return document.text.splitlines()


def residue(document: Document, kind: ResidueKind) -> list[str]:
    return [piece.text.strip() for piece in document.residue if piece.kind is kind]


def test_lines_of_a_paragraph_are_one_across_pages() -> None:
    texts = [
        f"{number}.{FIRST * 3}（牵头单位：市发展改革委；配合单位：市财政局、市商务局）"
        for number in range(1, 9)
    ]
    document = read(printed(texts))
    assert paragraphs(document) == texts
    assert residue(document, ResidueKind.PAGE_NUMBER) == ["— 1 —", "— 2 —", "— 3 —"]
    assert document.page(document.text.index("8.")) == 2


@pytest.mark.parametrize(
    "number",
    ["- {} -", "{}", "第{}页", "第 {} 页 共 10 页", "{}/10", "· {} ·", "Page {} of 10", "－{}－"],
)
def test_page_numbers_as_they_are_printed(number: str) -> None:
    texts = [FIRST * 4, SECOND * 6, FIRST * 5, SECOND * 7]
    document = read(printed(texts, number=number))
    assert paragraphs(document) == texts
    assert residue(document, ResidueKind.PAGE_NUMBER) == [number.format(1), number.format(2)]


def test_roman_page_numbers_count_by_their_order() -> None:
    pages = [
        replace(page, blocks=(*page.blocks, centred(number, 760, 14)))
        for page, number in zip(
            printed([FIRST * 20, SECOND * 16], number=""), ["i", "ii"], strict=False
        )
    ]
    assert residue(read(pages), ResidueKind.PAGE_NUMBER) == ["i", "ii"]


def test_running_heads_are_cut_whatever_page_they_count() -> None:
    texts = [FIRST * 7, SECOND * 13, FIRST * 12, SECOND * 16]
    document = read(printed(texts, head="某市人民政府公报 2024年第3期 {}", number=""))
    assert paragraphs(document) == texts
    heads = residue(document, ResidueKind.RUNNING_HEAD)
    assert heads == [f"某市人民政府公报 2024年第3期 {n}" for n in range(1, len(heads) + 1)]
    assert len(heads) == 4


def test_numbered_attachments_at_the_top_of_pages_are_no_heads() -> None:
    pages = [
        Page(WIDTH, HEIGHT, (line(f"附件{n}", LEFT, 60), line(f"{n}号清单如下。", LEFT + 32, 110)))
        for n in range(1, 5)
    ]
    document = read(pages)
    assert [text for text in paragraphs(document) if text.startswith("附件")] == [
        "附件1",
        "附件2",
        "附件3",
        "附件4",
    ]


def test_a_table_of_contents_is_cut_and_the_text_stays() -> None:
    entries = ["第一章 总则", "第二章 职责"]
    page = Page(
        WIDTH,
        HEIGHT,
        (
            centred("目  录", 100, 22),
            line("第一章 总则" + "." * 30 + "1", LEFT, 150),
            line("第二章 职责" + "……………………" + "- 2 -", LEFT, 180),
            centred("第一章 总则", 300),
            line("第一条 为了规范，制定本办法。", LEFT + 32, 330),
            centred("第二章 职责", 360),
        ),
    )
    document = read([page])
    assert paragraphs(document) == [entries[0], "第一条 为了规范，制定本办法。", entries[1]]
    assert len(residue(document, ResidueKind.CONTENTS)) == 3


def test_a_title_over_two_centred_lines_is_one() -> None:
    page = Page(
        WIDTH,
        HEIGHT,
        (
            centred("某市人民政府办公厅关于印发加强", 100, 22),
            centred("市场监管若干措施的通知", 136, 22),
            centred("某府办〔2024〕3号", 180),
            *(line(text, x0, top) for text, x0, top in _body()),
        ),
    )
    assert paragraphs(read([page]))[:2] == [
        "某市人民政府办公厅关于印发加强市场监管若干措施的通知",
        "某府办〔2024〕3号",
    ]


def _body() -> Iterator[tuple[str, float, float]]:
    for place, text in enumerate([*broken(FIRST * 3), *broken(SECOND * 3)]):
        yield text, LEFT + (2 * EM if text[:2] in (FIRST[:2], SECOND[:2]) else 0), 250 + 28 * place


def test_a_line_that_begins_like_an_item_by_chance_runs_on() -> None:
    text = (
        "工" * 25
        + "按照第二条、" * 1
        + "办" * 20
        + "第三条规定执行，并于2024.11报送有关材料，"
        + "做" * 9
        + "好各项工作。"
    )
    pages = printed([text, FIRST * 2, SECOND * 2])
    assert paragraphs(read(pages))[0] == text


def test_paragraphs_without_indent_are_parted_by_their_distance() -> None:
    blocks, top = [], TOP
    for text in [FIRST * 2, SECOND * 2, FIRST * 2, SECOND * 3]:
        for piece in broken(text, indent=0):
            blocks.append(line(piece, LEFT, top))
            top += 24
        top += 12
    assert paragraphs(read([Page(WIDTH, HEIGHT, tuple(blocks))])) == [
        FIRST * 2,
        SECOND * 2,
        FIRST * 2,
        SECOND * 3,
    ]


def test_latin_words_keep_a_blank_at_a_line_end() -> None:
    first = Line("本办法所称应用是指 application programming" + "一" * 8, LEFT, 100, RIGHT, 116, EM)
    start = replace(
        first, text="本办法所称应用包括按照国际通行标准开发的 open source", x0=LEFT + 32
    )
    rest = line("software 以及其他软件，由市人民政府有关部门分别管理。", LEFT, 128)
    more = [
        line(text, LEFT + (32 if n == 0 else 0), 156 + 28 * n)
        for n, text in enumerate(broken(FIRST * 3))
    ]
    text = paragraphs(read([Page(WIDTH, HEIGHT, (start, rest, *more))]))[0]
    assert "open source software 以及" in text


def table(rows: Sequence[Sequence[str]], top: float) -> TableBlock:
    seen: list[tuple[Cell, ...]] = [
        tuple(Cell(text.removeprefix("^"), text.startswith("^")) for text in row) for row in rows
    ]
    return TableBlock(LEFT, top, RIGHT, top + 20 * len(rows), tuple(seen))


def cells(document: Document) -> list[list[list[str]]]:
    return [
        [[document.text[start:end] for start, end in row.cells] for row in one.rows]
        for one in document.tables
    ]


HEADER = ["序号", "任务", "单位"]


def test_a_table_over_two_pages_is_one_and_its_second_header_is_cut() -> None:
    pages = [
        Page(
            WIDTH,
            HEIGHT,
            (table([HEADER, ["1", "甲任务。", "区发改委"]], 600), centred("— 1 —", 780)),
        ),
        Page(
            WIDTH,
            HEIGHT,
            (table([HEADER, ["2", "乙任务。", "区财政局"]], 80), centred("— 2 —", 780)),
        ),
    ]
    document = read(pages)
    assert cells(document) == [
        [HEADER, ["1", "甲任务。", "区发改委"], ["2", "乙任务。", "区财政局"]]
    ]
    assert residue(document, ResidueKind.RUNNING_HEAD) == ["\t".join(HEADER)]
    assert document.page(document.tables[0].rows[2].start) == 2


def test_a_row_broken_by_a_page_is_put_together() -> None:
    upper = [
        HEADER,
        ["1", "甲任务。", "区发改委"],
        ["2", "乙任务。", "区商务局"],
        ["3", "丙任务要做", "区财政局、区"],
    ]
    pages = [
        Page(WIDTH, HEIGHT, (table(upper, 600),)),
        Page(
            WIDTH, HEIGHT, (table([["", "好收尾。", "商务局"], ["4", "丁任务。", "区民政局"]], 80),)
        ),
    ]
    [rows] = cells(read(pages))
    assert rows[3:] == [
        ["3", "丙任务要做好收尾。", "区财政局、区商务局"],
        ["4", "丁任务。", "区民政局"],
    ]


def test_a_merged_cell_goes_on_over_a_page() -> None:
    upper = [HEADER, ["一、总体", "甲任务。", "区发改委"], ["^一、总体", "乙任务。", "区商务局"]]
    lower = [
        ["", "丙任务。", "区财政局"],
        ["^", "丁任务。", "区民政局"],
        ["二、保障", "戊任务。", "区府办"],
    ]
    pages = [Page(WIDTH, HEIGHT, (table(upper, 600),)), Page(WIDTH, HEIGHT, (table(lower, 80),))]
    [rows] = cells(read(pages))
    assert [row[0] for row in rows] == ["序号", *["一、总体"] * 4, "二、保障"]


def test_two_tables_with_a_line_between_stay_two() -> None:
    pages = [
        Page(WIDTH, HEIGHT, (table([HEADER, ["1", "甲", "乙"]], 600),)),
        Page(
            WIDTH, HEIGHT, (line("表2 其他任务", LEFT, 60), table([HEADER, ["1", "丙", "丁"]], 80))
        ),
    ]
    assert len(read(pages).tables) == 2


def test_the_notice_of_a_continued_table_is_cut() -> None:
    pages = [
        Page(WIDTH, HEIGHT, (table([HEADER, ["1", "甲", "乙"]], 600),)),
        Page(WIDTH, HEIGHT, (line("（续表）", LEFT, 60), table([HEADER, ["2", "丙", "丁"]], 80))),
    ]
    document = read(pages)
    assert len(document.tables) == 1
    assert "续表" not in document.text


def test_scores_and_notes_keep_their_places() -> None:
    sure = replace(line("市人民政府办公室", LEFT, 100), score=0.5)
    source = compose([Page(WIDTH, HEIGHT), Page(WIDTH, HEIGHT, (sure,), ("第2页有图片未读取",))])
    assert [(one.start, one.end, one.score) for one in source.confidences] == [(0, 8, 0.5)]
    assert [(note.at, note.message) for note in source.notes] == [(0, "第2页有图片未读取")]
    assert source.pages == (0, 0)


def test_a_watermark_on_several_pages_is_cut() -> None:
    mark = Line("内部资料", 200, 300, 400, 500, 40)
    pages = [replace(page, asides=(mark,)) for page in printed([FIRST * 20, SECOND * 20])]
    assert paragraphs(read(pages)) == [FIRST * 20, SECOND * 20]


WORDS = st.text("市区县政府部门工作任务措施服务企业", min_size=5, max_size=40)
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(lambda words: "，".join(words) + "。")
NUMBER = st.sampled_from(
    ["", "", "一、", "（一）", "1.", "第三条　", "（2）", "①", "附件：", "2024.11"]
)
PARAGRAPH = st.builds("{}{}".format, NUMBER, SENTENCE)
LONG = "市政府" * 40 + "。"


@given(
    st.lists(PARAGRAPH, min_size=4, max_size=30), st.sampled_from(["— {} —", "{}", "第{}页", ""])
)
@settings(max_examples=60, deadline=None)
def test_what_is_printed_is_read_back(texts: list[str], number: str) -> None:
    pages = printed([LONG, *texts], number=number)
    assert paragraphs(read(pages))[1:] == texts


@given(
    st.lists(
        st.builds(
            line,
            st.text("一二。、 a1—第条", min_size=1, max_size=9),
            st.floats(0, 500),
            st.floats(0, 800),
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_no_line_is_lost(lines: list[Line]) -> None:
    source = compose([Page(WIDTH, HEIGHT, tuple(lines)), Page(WIDTH, HEIGHT)])
    assert restore(settle(source).text, settle(source).residue) == source.text
    written = [text.rstrip() for text in source.text.split("\n")[:-1]]
    assert written == [one.text.rstrip() for one in lines]


def prose(count: int) -> list[str]:
    """Paragraphs of some lines, no two alike."""
    chance = random.Random(count)
    signs = "市区县政府部门工作任务措施服务企业规划建设项目资金管理监督检查考核评价"
    return [
        "各"
        + "，".join(
            "".join(chance.choices(signs, k=chance.randint(5, 22)))
            for _ in range(chance.randint(3, 9))
        )
        + "。"
        for _ in range(count)
    ]


def settled(text: str) -> Document:
    document = settle(Source(text, cuts=cuts(text)))
    assert restore(document.text, document.residue) == text
    return document


def exported(texts: Sequence[str], *, indent: str = "  ", tail: str = " ", number: str = "") -> str:
    """Paragraphs as programs export them from pages: one line a printed line, 22 to a page."""
    lines = [
        (indent if first else "") + piece + (tail if last else "")
        for text in texts
        for pieces in [broken(text)]
        for first, last, piece in [
            (at == 0, at == len(pieces) - 1, piece) for at, piece in enumerate(pieces)
        ]
    ]
    pages = [lines[start : start + 22] for start in range(0, len(lines), 22)]
    return "".join(
        (number.format(at) + "\n" if number else "") + "\n".join(page) + "\n"
        for at, page in enumerate(pages, 1)
    )


@pytest.mark.parametrize("number", ["", "- {} -", " {} / 9 ", "\n {}", "\f— {} —"])
@pytest.mark.parametrize(("indent", "tail"), [("  ", ""), ("", "  "), ("　　", " "), ("", "")])
def test_broken_lines_of_a_text_are_one(number: str, indent: str, tail: str) -> None:
    texts = [
        f"第{n}条 {text}" for n, text in zip("一二三四五六七八九十" * 2, prose(20), strict=True)
    ]
    document = settled(exported(texts, indent=indent, tail=tail, number=number))
    assert [line.strip() for line in document.text.splitlines() if line.strip()] == texts
    assert bool(residue(document, ResidueKind.PAGE_NUMBER)) is bool(number)


def test_a_number_stuck_to_the_first_line_of_a_page_is_cut() -> None:
    lines = exported(prose(30), indent="", tail="").splitlines()
    pages = [lines[at : at + 20] for at in range(0, len(lines), 20)]
    text = "\n".join(f"{n}" + "\n".join(page) + "\n" for n, page in enumerate(pages, 1))
    document = settled(text)
    assert document.text.split() == prose(30)
    assert residue(document, ResidueKind.PAGE_NUMBER) == [str(n + 1) for n in range(len(pages))]


def test_heads_of_exported_pages_are_cut() -> None:
    lines = exported(prose(30), tail="").splitlines()
    pages = [lines[at : at + 20] for at in range(0, len(lines), 20)]
    text = "".join("\f某市人民政府公报\n" + "\n".join(page) + "\n" for page in pages)
    document = settled(text)
    assert document.text.split() == prose(30)
    assert len(residue(document, ResidueKind.RUNNING_HEAD)) == len(pages)


@given(st.text("一二三。；\n\n \f0123-—第页目录.#|"))
@settings(max_examples=200, deadline=None)
def test_any_text_is_laid_back(text: str) -> None:
    found = cuts(text)
    assert all(0 <= cut.start < cut.end <= len(text) for cut in found)
    assert all(cut.end <= other.start for cut, other in pairwise(found))
    settled(text)


def official(pattern: str) -> list[Path]:
    files = sorted((SHARED / "official").glob(pattern))
    return files or pytest.skip("no shared documents here")


def breaks(file: Path) -> int:
    found = cuts(file.read_text("utf-8"))
    return sum(1 for cut in found if cut.kind is ResidueKind.LINE_BREAK)


@pytest.mark.parametrize(
    "folder", ["guangzhou-web-pages", "state-council", "provincial-reports", "work-reports"]
)
def test_texts_of_one_paragraph_a_line_have_no_breaks(folder: str) -> None:
    assert [file.name for file in official(f"{folder}/*.txt") if breaks(file)] == []


def test_texts_exported_from_pages_have_breaks() -> None:
    assert sum(1 for file in official("central-bank/*.txt") if breaks(file)) == 11


def test_statutes_have_no_breaks() -> None:
    file = SHARED / "statutes.jsonl.xz"
    if not file.exists():
        pytest.skip("no shared documents here")
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, 200)]
    assert not any(cut.kind is ResidueKind.LINE_BREAK for text in texts for cut in cuts(text))
