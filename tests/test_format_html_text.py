"""Saved web pages: their lines, numbers, encodings and pictures, and files that are damaged."""

from __future__ import annotations

import contextlib
import random
import re
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_pages import (
    BODY,
    FOOT,
    NAV,
    NEWS,
    PRINTED,
    TITLE,
    assert_well_formed,
    kept,
    menu_in_one_block,
    paragraphs,
    source,
    split_text,
)

from errors import UnreadableFile
from ingest.document import restore, settle
from ingest.formats.html import read


def test_lines_are_set_as_a_browser_sets_them() -> None:
    page = """<body><p>&nbsp;　　国<b>务</b>院<!-- x -->办公
      厅 <i>ABC</i>
      DEF\u200b</p>一<br>二<div>三</div>四<pre>五
    六</pre><span style="display: none">不见</span><p hidden>不见</p><noscript>不见</noscript></body>"""
    assert source(page).text == "国务院办公厅 ABC DEF\n一\n二\n三\n四\n五\n六"


@pytest.mark.parametrize(
    ("opening", "numbers"),
    [
        ("<ol>", ["1. ", "2. "]),
        ("<ol start=3 type=A>", ["C. ", "D. "]),
        ("<ol class='custom_cn list-paddingleft-1'>", ["一、", "二、"]),
        ("<ol style='list-style-type: lower-roman'>", ["i. ", "ii. "]),
        ("<ol style='list-style: none'>", ["", ""]),
        ("<ul>", ["", ""]),
    ],
)
def test_numbers_that_a_browser_draws_are_read(opening: str, numbers: list[str]) -> None:
    items = "<li><p>供水。</p></li><li>排水。</li>"
    text = source(f"<body>{opening}{items}</ol></body>").text
    assert text == f"{numbers[0]}供水。\n{numbers[1]}排水。"


def test_typed_numbers_are_not_drawn_again() -> None:
    assert (
        source("<ol><li>（一）供水。</li><li>（二）排水。</li></ol>").text
        == "（一）供水。\n（二）排水。"
    )


def test_pictures_frames_and_hidden_text_of_the_document_are_told() -> None:
    page = (
        f"<body><img src=logo.png><ul>{NAV}</ul><div><h1>{TITLE}</h1>{paragraphs(BODY[:4])}"
        "<p><img src='/a/1.jpg' alt='房源情况表'><img src=/icon/pdf.gif><img src=x.png width=16></p>"
        f"<iframe src=viewer.html></iframe><div style='display:none'>{'隐藏。' * 30}</div>"
        f"{paragraphs(BODY[4:])}</div><img src=/big.jpg>{FOOT}</body>"
    )
    notes = source(page).notes
    assert [note.message.split("：")[0] for note in notes] == [
        "图片未读取（房源情况表）",
        "内嵌页面未读取（viewer.html）",
        f"网页隐藏的文字未读取（{('隐藏。' * 30)[:20]}…）",
    ]
    assert {source(page).text[note.at :].split("\n")[0] for note in notes} == {BODY[4]}


def test_a_text_that_waits_for_a_script_is_shown() -> None:
    page = f"<ul>{NAV}</ul><div style='display:none'><h1>{TITLE}</h1>{paragraphs()}</div>"
    assert kept(page) == [TITLE, *BODY]


def test_a_list_of_links_is_readable_and_told() -> None:
    page = f"<title>通知公告</title><ul class=nav>{NAV}</ul><div><ul>{NEWS}</ul></div><footer>{FOOT}</footer>"
    document = settle(source(page))
    assert document.text.count("某某市召开") == 5
    assert "首页" not in document.text
    assert "没有找到正文" in document.notes[0].message


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("gb18030", "gb2312"),
        ("utf-8", "gbk"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("big5", "big5"),
        ("gb18030", ""),
        ("gb18030", "iso-8859-1"),
    ],
)
def test_encodings(encoding: str, declared: str) -> None:
    head = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>"
    text = "關於供水的通知，現公布如下。" if encoding == "big5" else BODY[1]
    assert source(f"{head}<p>{text}</p>".encode(encoding)).text == text


def test_a_damaged_character_is_told_and_the_rest_is_read() -> None:
    data = f"<meta charset=utf-8><p>{BODY[1] * 20}</p>".encode()
    damaged = source(data[:60] + b"\xff" + data[60:])
    assert damaged.text.replace("\ufffd", "").endswith(BODY[1])
    assert "读不通" in damaged.notes[-1].message


def test_a_web_archive_holds_its_page() -> None:
    archive = EmailMessage()
    archive["Subject"] = TITLE
    archive.set_content(split_text(), subtype="html", charset="gb18030")
    archive.add_related(b"\x89PNG", "image", "png", cid="<a@b>")
    document = settle(read(bytes(archive), "存档.mht"))
    assert document.text.strip().split("\n") == [TITLE, PRINTED, *BODY]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "没有网页标记"),
        (b"\xd5\xfd\xce\xc4", "没有网页标记"),
        (b"PK\x03\x04" + bytes(range(256)) * 9, "不是网页"),
        ("<html><body><div id=app></div><script>load()</script></body></html>", "靠脚本载入"),
        ("<noscript>请启用</noscript><p>Loading...</p>", "靠脚本载入"),
        ("<frameset><frame src=main.html></frameset>", "内嵌页面 main.html"),
        ("<ul><li><a href=/>首页</a></ul><iframe src=/c/1.html></iframe>", "内嵌页面 /c/1.html"),
        ("<div>" * 100_000 + BODY[1], "嵌套过深"),
        ("<!-- -->", "是空的"),
    ],
)
def test_what_holds_no_text_is_told_with_what_to_do(data: bytes | str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^通知\.html：.*{re.escape(told)}.*请|{told}"):
        source(data)


@pytest.mark.parametrize("name", ["坏.mht", "坏.html"])
def test_damaged_files_are_read_or_refused(name: str) -> None:
    dice = random.Random(3)
    page = menu_in_one_block().encode("gb18030")
    damaged = [bytes(dice.randrange(256) for _ in range(2000)) for _ in range(20)]
    damaged += [page[: len(page) * part // 20] for part in range(20)]
    damaged += [
        page[:at] + bytes([dice.randrange(256)]) + page[at + 1 :] for at in range(0, 2000, 90)
    ]
    for data in damaged:
        with contextlib.suppress(UnreadableFile):
            found = read(data, name)
            document = settle(found)
            assert restore(document.text, document.residue) == found.text


def test_bombs_stay_small() -> None:
    spans = f"<td rowspan=65000 colspan=1000>{BODY[1]}</td>" * 50
    rows = f"<table border=1><tr>{spans}</tr>{'<tr><td>a</td><td>b</td></tr>' * 2000}</table>"
    assert len(source(rows).text) < 20_000
    assert source("<table><tr><td>" * 600 + BODY[1]).text == BODY[1]
    assert source(f"<p>{BODY[1]}{'　' * 50_000}文号{'　' * 50_000}：</p>").text


WORDS = st.text("供水保障，。；abc 1<&>\u3000\xa0", min_size=1, max_size=12)
INLINE = st.sampled_from(("span", "b", "a href=/x", "font", "o:p", "unknown"))
BLOCK = st.sampled_from(("div", "p", "h2", "li", "td", "section", "table", "tr", "ul", "dd"))


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> str:
    """Markup as careless as that of real pages: wrongly nested, with ends left out."""
    pieces = []
    for _ in range(draw(st.integers(0, 4))):
        text = draw(WORDS).replace("&", "&amp;").replace("<", "&lt;")
        inner = draw(trees(depth - 1)) if depth and draw(st.booleans()) else text
        tag = draw(BLOCK | INLINE)
        end = f"</{tag.split()[0]}>" if draw(st.booleans()) else ""
        pieces.append(f"<{tag}>{inner}{end}")
    return "".join(pieces)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_every_character_is_read_once_and_laid_back(markup: str) -> None:
    page = f"<body>{markup}</body>"
    printed = re.sub(r"<[^>]*>", "", markup).replace("&lt;", "<").replace("&amp;", "&")
    try:
        found = source(page)
    except UnreadableFile:
        assert not re.sub(r"[\s　]", "", printed) or len(printed) < 100
        return
    document = settle(found)
    assert restore(document.text, document.residue) == found.text
    assert_well_formed(document)
    assert re.sub(r"[\s　]", "", found.text) == re.sub(r"[\s　]", "", printed)
