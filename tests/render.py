"""Documents of the exam as real files of every format: what a word processor or a site would save."""

import html
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ofd_files
import openpyxl
import pypdfium2
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_临江市人民政府</title></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>
<li><a href="/fw">办事服务</a></li><li><a href="/hd">互动交流</a></li></ul></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 正文</div>
<div class="main"><h1>{title}</h1><div class="share">分享到：<a>微信</a><a>微博</a> <a>打印本页</a></div>
<div class="article-content">{body}</div></div>
<div class="related"><h3>相关文件</h3><ul><li><a href="/a">关于印发某方案的通知</a></li>
<li><a href="/b">2. 关于公布名单的公告</a></li></ul></div>
<div class="footer">主办单位：临江市人民政府办公室 版权所有 备案号：江ICP备05000001号</div></body></html>"""


@dataclass(frozen=True)
class Block:
    """A paragraph, or a table as a grid of cells with merged areas (top, left, bottom, right)."""

    text: str = ""
    style: str = "body"
    grid: tuple[tuple[str, ...], ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()


def blocks(file: Path) -> list[Block]:
    """What a document of the exam is made of; a text has a paragraph a line."""
    if file.suffix != ".json":
        lines = file.read_text("utf-8").split("\n")
        return [Block(line) for line in lines if line.strip()]
    return [
        _table(block["table"]) if "table" in block else Block(block["p"], block["style"])
        for block in json.loads(file.read_text("utf-8"))["blocks"]
    ]


def _table(table: dict[str, Any]) -> Block:
    grid = (tuple(table["header"]), *(tuple(row) for row in table["rows"]))
    merged = tuple(
        (top + 1, left, bottom + 1, right) for top, left, bottom, right in table.get("merged", [])
    )
    return Block(grid=grid, merged=merged)


def to_docx(found: Sequence[Block], file: Path) -> Path:
    """A Word document."""
    document = Document()
    for block in found:
        if block.grid:
            _word_table(document, block)
            continue
        paragraph = document.add_paragraph(block.text)
        if block.style == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = Pt(24)
    document.save(str(file))
    return file


def _word_table(document: Any, block: Block) -> None:
    table = document.add_table(len(block.grid), len(block.grid[0]), style="Table Grid")
    for top, left, bottom, right in block.merged:
        table.cell(top, left).merge(table.cell(bottom, right))
    for row, cells in enumerate(block.grid):
        for column, text in enumerate(cells):
            if text:
                first, *more = text.split("\n")
                cell = table.cell(row, column)
                cell.paragraphs[0].text = first
                for line in more:
                    cell.add_paragraph(line)


def to_html(found: Sequence[Block], file: Path) -> Path:
    """A page of a government site, with its navigation."""
    parts = []
    for block in found:
        if block.grid:
            parts.append(_html_table(block))
        else:
            parts.append(f"<p>{html.escape(block.text)}</p>")
    title = next(block.text for block in found if block.text)
    file.write_text(PAGE.format(title=html.escape(title), body="\n".join(parts)), "utf-8")
    return file


def _html_table(block: Block) -> str:
    spans = {
        (top, left): (bottom - top + 1, right - left + 1)
        for top, left, bottom, right in block.merged
    }
    hidden = {
        (row, column)
        for top, left, bottom, right in block.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    rows = []
    for row, cells in enumerate(block.grid):
        shown = []
        for column, text in enumerate(cells):
            if (row, column) in hidden:
                continue
            down, across = spans.get((row, column), (1, 1))
            words = html.escape(text).replace("\n", "<br>")
            shown.append(f'<td rowspan="{down}" colspan="{across}">{words}</td>')
        rows.append(f"<tr>{''.join(shown)}</tr>")
    return f'<table border="1">{"".join(rows)}</table>'


def to_xlsx(found: Sequence[Block], file: Path) -> Path:
    """A workbook of one sheet, a paragraph a row."""
    book = openpyxl.Workbook()
    sheet = book.active
    row = 1
    for block in found:
        if not block.grid:
            sheet.cell(row, 1, block.text)
            row += 1
            continue
        for place, cells in enumerate(block.grid):
            for column, text in enumerate(cells, 1):
                if text:
                    sheet.cell(row + place, column, text)
        for top, left, bottom, right in block.merged:
            sheet.merge_cells(
                start_row=row + top,
                end_row=row + bottom,
                start_column=left + 1,
                end_column=right + 1,
            )
        row += len(block.grid)
    book.save(file)
    return file


def office() -> str | None:
    """LibreOffice, where it is installed."""
    return shutil.which("soffice")


def convert(files: Iterable[Path], suffix: str, folder: Path) -> Iterator[Path]:
    """Files in another format, by LibreOffice, all in one go."""
    named = [str(file) for file in files]
    profile = folder / "profile"
    subprocess.run(
        [str(office()), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
         suffix, "--outdir", str(folder), *named],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for name in named:
        yield folder / f"{Path(name).stem}.{suffix}"


def to_ofd(found: Sequence[Block], file: Path) -> Path:
    """An OFD file set as GB/T 9704-2012 has it: 28 characters a line, 22 lines and a number a page."""
    size, left, top, step = 5.6, 26.5, 42.0, 10.0  # millimetres
    lines = [line for block in found for line in _set(block)]
    pages = []
    for first in range(0, len(lines), 22):
        shown = [
            ofd_files.text(left + indent * size, top + row * step, words, size)
            for row, (indent, words) in enumerate(lines[first : first + 22])
        ]
        number = ofd_files.text(95, 277, f"— {len(pages) + 1} —", 4.9)
        pages.append("".join([*shown, number]))
    file.write_bytes(ofd_files.Ofd(pages).data())
    return file


def _set(block: Block) -> Iterator[tuple[float, str]]:
    """The printed lines of a paragraph with their indents, in characters."""
    rest, indent = block.text.strip(), 2.0
    while rest:
        taken, room = 0, 28 - indent
        while taken < len(rest) and (room := room - ofd_files.width(rest[taken])) >= -0.01:
            taken += 1
        while 0 < taken < len(rest) and rest[taken] in "，。；：、！？）》”":
            taken -= 1
        yield indent, rest[:taken]
        rest, indent = rest[taken:], 0.0


def to_scan(file: Path, folder: Path) -> Path:
    """The pages of a PDF as pictures, in a PDF: what a scanner makes."""
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in document]
    first, *others = pages
    scan = folder / f"{file.stem}-scan.pdf"
    first.save(scan, save_all=True, append_images=others, resolution=200)
    return scan
