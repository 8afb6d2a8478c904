"""Saved web pages: the document is kept, the site around it is cut, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from web_pages import (
    BODY,
    CRUMBS,
    FOOT,
    NAV,
    NEWS,
    PRINTED,
    SHAPES,
    TITLE,
    TOOLS,
    kept,
    paragraphs,
    source,
    split_text,
)

from ingest.document import settle

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "official"
PAGES = sorted((OFFICIAL / "guangzhou-web-pages").glob("*.html"))
FRAGMENTS = sorted((OFFICIAL / "state-council").glob("*.html"))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize(
    "title", ["", f"{TITLE}-某某市人民政府", "某某市水务局网站"], ids=["none", "full", "site"]
)
def test_the_document_is_found_on_sites_of_every_shape(
    shape: Callable[[], str], title: str
) -> None:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{shape()}</body></html>"
    assert kept(page) == [TITLE, PRINTED, *BODY]
    assert source(page).card["published"] == "2024-05-06"


def test_a_page_says_what_it_is_called_and_where_it_stood() -> None:
    metas = {
        "ArticleTitle": TITLE,
        "PubDate": "2024-05-06 09:22",
        "ContentSource": "本网 市水务局",
        "Url": "https://www.example.gov.cn/a/1.html",
    }
    tags = "".join(f"<meta name='{name}' content='{value}'>" for name, value in metas.items())
    page = f"<head>{tags}<title>通知公告</title></head><body>{split_text()}</body>"
    assert source(page).card == {
        "title": TITLE,
        "published": "2024-05-06",
        "issuer": "市水务局",
        "source": "https://www.example.gov.cn/a/1.html",
    }


METADATA = {
    "索 引 号": "11440/2024-0001",
    "发文机关": "某某市水务局",
    "发文字号": "某水〔2024〕5号",
    "成文日期": "2024年5月6日",
    "实施日期": "2024年6月1日",
    "废止日期": "",
    "有效性": "有效",
}


def metadata_page(metadata: str) -> str:
    return f"<body><ul>{NAV}</ul>{CRUMBS}<div>{metadata}<h1>{TITLE}</h1>{paragraphs()}</div>{FOOT}</body>"


@pytest.mark.parametrize(
    ("row", "around"),
    [
        ("<dt>{}：</dt><dd>{}</dd>", "<dl>{}</dl>"),
        ("<li><span>{}：</span> {}</li>", "<ul>{}</ul>"),
        ("<div><div>[ {} ]：</div><div><p>{}</p></div></div>", "<div>{}</div>"),
        ("<tr><td>{}：</td><td>{}</td></tr>", "<table>{}</table>"),
    ],
    ids=["dl", "list", "blocks", "table"],
)
def test_metadata_above_the_text_is_kept_and_stands_on_the_card(row: str, around: str) -> None:
    rows = "".join(row.format(label, value) for label, value in METADATA.items())
    page = metadata_page(around.format(rows))
    lines = kept(page)
    assert lines[-len(BODY) - 1 :] == [TITLE, *BODY]
    assert len(lines) == len(METADATA) + len(BODY) + 1
    assert source(page).card == {
        "title": TITLE,
        "issuer": "某某市水务局",
        "doc_no": "某水〔2024〕5号",
        "written": "2024年5月6日",
        "effective": "2024年6月1日",
        "validity": "有效",
    }


def test_attachments_stay_and_related_links_go() -> None:
    files = "<p>附件：</p><ul><li><a href=a.pdf>1.分工表.pdf</a></li><li><a href=b.doc>2.申请表</a></li></ul>"
    page = (
        f"<ul>{NAV}</ul><div><h1>{TITLE}</h1><div class=x>{paragraphs()}</div><div>{TOOLS}</div>"
        f"<div>{files}</div><div><h3>相关解读</h3><ul>{NEWS}</ul></div></div>{FOOT}"
    )
    assert kept(page) == [TITLE, *BODY, "附件：", "1.分工表.pdf", "2.申请表"]


def test_links_and_hosts_amid_the_text_stay() -> None:
    links = "".join(f"<li><a href=/{at}>某水〔20{at}〕1号</a></li>" for at in range(10, 14))
    text = f"<p>现行政策如下，请查阅。</p><ul>{links}</ul><p>由市水务局解释。</p><p>主办单位：市水务局</p>"
    page = f"<body><ul>{NAV}</ul><div><h1>{TITLE}</h1>{text}</div><div>{FOOT}</div></body>"
    assert kept(page)[1:] == [
        "现行政策如下，请查阅。",
        *(f"某水〔20{at}〕1号" for at in range(10, 14)),
        "由市水务局解释。",
        "主办单位：市水务局",
    ]


def test_a_short_notice_without_a_sentence_is_found_below_its_title() -> None:
    page = (
        f"<title>任免通知</title><body><ul>{NAV}</ul><div><h2>任免通知</h2><div>任命张三为某某市水务局局长</div>"
        f"<div>2024年5月6日</div></div><div><ul>{NEWS}</ul></div><div>{FOOT}</div></body>"
    )
    assert kept(page) == ["任免通知", "任命张三为某某市水务局局长", "2024年5月6日"]


def test_merged_cells_are_repeated_down_and_left_empty_across() -> None:
    page = f"""<h1>{TITLE}</h1><table><tr><td>{paragraphs()}
    <table border=1><tr><th rowspan=2>任务</th><th colspan=2>单位</th></tr><tr><th>牵头</th><th>配合</th></tr>
    <tr><td rowspan=2><p>供水</p><p>保障</p></td><td>市水务局</td><td>A1<br>B2</td></tr>
    <tr><td colspan=2>各区</td></tr></table></td></tr></table>"""
    document = settle(source(page))
    [table] = document.tables
    rows = [[document.text[a:b] for a, b in row.cells] for row in table.rows]
    assert rows == [
        ["任务", "单位", ""],
        ["任务", "牵头", "配合"],
        ["供水 保障", "市水务局", "A1 B2"],
        ["供水 保障", "各区", ""],
    ]
    assert document.text.split("\n")[: len(BODY) + 1] == [TITLE, *BODY]


def test_a_page_that_is_a_table_keeps_its_rows() -> None:
    rows = "".join(f"<tr><td>{at}</td><td>供水{at}厂</td><td>合格</td></tr>" for at in range(9))
    page = f"<ul>{NAV}</ul><div><h3>名录</h3><table>{rows}</table></div><ul>{NEWS}</ul>{FOOT}"
    document = settle(source(page))
    assert document.text.strip().split("\n") == [
        "名录",
        *(f"{i}\t供水{i}厂\t合格" for i in range(9)),
    ]
    assert len(document.tables[0].rows) == 9


def test_questions_and_long_answers_keep_their_paragraphs() -> None:
    answer = paragraphs(BODY * 5)
    page = (
        f"<ul>{NAV}</ul><table><tr><td>来信标题</td><td>水压</td></tr>"
        f"<tr><td>回复内容</td><td>{answer}</td></tr></table>"
    )
    assert kept(page)[-len(BODY) * 5 :] == list(BODY * 5)


def bare(text: str) -> str:
    return re.sub(r"[\s\u3000\xa0\u200b-\u200f\ufeff\xad]", "", text)


@pytest.mark.skipif(not FRAGMENTS, reason="the shared documents are not here")
def test_no_character_of_the_state_councils_documents_is_lost() -> None:
    for path in FRAGMENTS:
        found = source(path.read_bytes(), path.name)
        repeated = sum(len(row.cells) for table in found.tables for row in table.rows)
        twin = bare(path.with_suffix(".txt").read_text("utf-8"))
        assert not found.cuts, path.name
        assert bare(found.text) == twin or (repeated and len(bare(found.text)) > len(twin))


@pytest.mark.skipif(not PAGES, reason="the shared documents are not here")
def test_no_site_is_kept_with_the_documents_of_its_pages() -> None:
    site = re.compile(
        r"当前位置|所在的?位置[:：>]|^【?打印|关闭窗口|返回顶部|扫一扫在手机|ICP备|公网安备|网站标识码|版权所有"
        r"|浏览[次量]|分享到|无障碍阅读|^上一篇"
    )
    for path in PAGES:
        document = settle(source(path.read_bytes(), path.name))
        assert not [line for line in document.text.split("\n") if site.search(line)], path.name
        text = "\n".join(residue.text for residue in document.residue)
        assert not re.search(r"第[一二三]条|^附件\d?[:：]", text, re.MULTILINE), path.name


@pytest.mark.skipif(not PAGES, reason="the shared documents are not here")
def test_the_pages_are_read_without_the_names_of_their_blocks() -> None:
    for path in PAGES:
        page = path.read_bytes()
        nameless = re.sub(rb"(?i)\s(?:class|id)\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", page)
        assert settle(source(nameless)).text == settle(source(page)).text or "目录" in path.name
