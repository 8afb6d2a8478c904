"""The report page: every character of a file once, all that was read in it to be seen."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import browser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import (
    Assignment,
    Clause,
    ClauseKind,
    Figure,
    FigureKind,
    Policy,
    PolicyContent,
    Repeal,
    Role,
)
from errors import UserError
from highlight import Span, styled
from ingest.checks import Issue
from ingest.document import Cut, Residue, ResidueKind, Source, restore
from ingest.parse import Parsed, understand
from ingest.pipeline import Ingested, ingest
from ingest.report import write_report
from settings import ROOT

OFFICIAL = ROOT.parent / "shared" / "data" / "official"
VOID = {"meta", "input", "br", "link", "img"}
ATTACK = "<script>alert(1)</script>\"'&<b>"

NAVIGATION = "首页\n" + "".join(f"栏目{number}\n" for number in range(60))
TEXT = """关于推进某项工作的方案
某府发〔2024〕7号
一、总体要求
到2025年底建成基地5个，投资200万元，增长30%。
二、重点任务
1.建设平台。推进平台建设。（牵头单位：区发展改革委；配合单位：区财政局、各街镇）
2.优化服务。由区科委负责。
附件1
序号\t任务\t责任单位
1\t建设平台\t区经委
"""


class Element:
    """An element of a page: its attributes, the elements inside it, and all their characters."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.inside: list[Element] = []
        self.text = ""

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self, *classes: str) -> list[Element]:
        found = [self] if self.classes.issuperset(classes) and classes else []
        return found + [one for child in self.inside for one in child.all(*classes)]

    def every(self) -> list[Element]:
        return [self, *(one for child in self.inside for one in child.every())]

    def one(self, *classes: str) -> Element:
        [found] = self.all(*classes)
        return found


class Page(HTMLParser):
    """A page as a tree."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root], "an element is not closed"

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop().tag == tag

    def handle_data(self, data):
        for element in self._open:
            element.text += data


def page_of(folder: Path, *outcomes: Ingested) -> Element:
    return Page(write_report(outcomes, folder / "out.html").read_text("utf-8")).root


def texts(page: Element) -> list[str]:
    return [article.one("text").text for article in page.all("file") if article.tag == "article"]


def whole(parsed: Parsed) -> str:
    return restore(parsed.policy.text, parsed.residue)


def found(text: str, words: str, start: int = 0) -> tuple[int, int]:
    at = text.index(words, start)
    return at, at + len(words)


def clauses_of(text: str, *starts: tuple[str, ClauseKind, str, tuple[str, ...]]) -> list[Clause]:
    """The clauses that begin with the given words."""
    places = [text.index(words) for words, *_ in starts]
    return [
        Clause(f"p#{n}", "p", kind, number, None, section, "", text[start:end], start, end)
        for n, ((_, kind, number, section), (start, end)) in enumerate(
            zip(starts, pairwise([*places, len(text)]), strict=True)
        )
    ]


def row_of(text: str, role: Role, name: str, marker: str, *, group: bool = False) -> Assignment:
    return Assignment(
        "p#4", role, f"某{name}", name, *found(text, name), *found(text, marker), group=group
    )


@pytest.fixture
def parsed() -> Parsed:
    """A file in which everything occurs that the page shows."""
    clauses = clauses_of(
        TEXT,
        ("关于", ClauseKind.PREAMBLE, "", ()),
        ("一、", ClauseKind.PARAGRAPH, "一", ()),
        ("二、", ClauseKind.HEADING, "二", ()),
        ("1.建设", ClauseKind.TASK, "1", ("二、重点任务",)),
        ("2.优化", ClauseKind.TASK, "2", ("二、重点任务",)),
        ("附件1", ClauseKind.ATTACHMENT, "附件1", ()),
        ("1\t建", ClauseKind.TABLE_ROW, "1", ("附件1",)),
    )
    clauses[3] = replace(clauses[3], page=2, confidence=0.8123)
    clauses[4] = replace(clauses[4], page=2, confidence=0.97)
    marker = "（牵头单位：区发展改革委；配合单位：区财政局、各街镇）"
    rows = (
        row_of(TEXT, Role.LEAD, "区发展改革委", marker),
        row_of(TEXT, Role.COOPERATE, "区财政局", marker),
        row_of(TEXT, Role.COOPERATE, "各街镇", marker, group=True),
        row_of(TEXT, Role.RESPONSIBLE, "区科委", "由区科委负责"),
    )
    figures = (
        Figure(
            "p#1", FigureKind.DEADLINE, "到2025年底", "2025-12-31", "", *found(TEXT, "到2025年底")
        ),
        Figure("p#1", FigureKind.COUNT, "5个", "5", "个", *found(TEXT, "5个")),
        Figure("p#1", FigureKind.AMOUNT, "200万元", "2000000", "元", *found(TEXT, "200万元")),
        Figure("p#1", FigureKind.PERCENTAGE, "30%", "30", "%", *found(TEXT, "30%")),
    )
    policy = Policy(
        "p",
        "关于推进某项工作的方案",
        TEXT,
        "0" * 64,
        doc_no="某府发〔2024〕7号",
        issued=date(2024, 5, 6),
        repeals=(Repeal("replaces", "旧方案", None, *found(TEXT, "总体要求")),),
    )
    broken = TEXT.index("财政局")
    residue = (
        Residue(0, NAVIGATION, ResidueKind.NAVIGATION),
        Residue(clauses[1].start, "— 1 —\n", ResidueKind.PAGE_NUMBER),
        Residue(clauses[1].start, "某府公报\n", ResidueKind.RUNNING_HEAD),
        Residue(broken, "\n", ResidueKind.LINE_BREAK),
        Residue(len(TEXT), "版权所有\n联系我们\n", ResidueKind.NAVIGATION),
    )
    before = restore(TEXT, residue).partition("2.优化")[0].count("\n")
    issues = (
        Issue(NAVIGATION.count("\n") + 1, 3, "标题太短"),
        Issue(before + 1, 1, "编号跳号：1 之后是 2"),
    )
    content = PolicyContent(policy, tuple(clauses), rows, figures)
    return Parsed(content, residue, issues)


def test_the_text_is_that_of_the_file(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed))
    assert texts(page) == [whole(parsed)]


def test_a_clause_is_a_block_with_its_tags(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed))
    blocks = page.all("clause")
    assert [block.one("words").text for block in blocks][3].startswith("1.建设平台。")
    assert [sorted(block.classes - {"clause"}) for block in blocks] == [
        [clause.kind.value] for clause in parsed.content.clauses
    ]
    assert blocks[3].attributes["style"] == "--depth:1"
    tags = [tag.attributes["data-t"] for tag in blocks[3].one("tags").inside]
    assert tags == ["任务", "1", "第2页", "识别把握 0.81"]
    assert len(blocks[4].one("tags").inside) == 3  # sure enough
    numbers = [number.text for block in blocks for number in block.all("number")]
    assert numbers == ["一", "二", "1", "2", "附件1", "1"]


def test_units_markers_and_figures_are_coloured(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed)).one("text")
    [lead] = page.all("unit", "lead")
    assert (lead.text, lead.attributes["title"]) == ("区发展改革委", "牵头单位：某区发展改革委")
    assert "".join(one.text for one in page.all("unit", "cooperate")) == "区\n财政局各街镇"
    [group] = page.all("unit", "group")
    assert group.attributes["title"] == "配合单位：某各街镇（一类单位）"
    marked = "".join(one.text for one in page.all("marker"))
    assert marked == "（牵头单位：区发展改革委；配合单位：区\n财政局、各街镇）由区科委负责"
    told = {one.text: one.attributes["title"] for one in page.all("figure")}
    assert told == {
        "到2025年底": "期限：2025-12-31",
        "5个": "数量：5个",
        "200万元": "金额：2000000元",
        "30%": "百分比：30%",
    }
    [repeal] = page.all("repeal")
    assert repeal.attributes["title"] == "取代：旧方案"
    assert [one.text for one in page.all("cell")] == ["\t"] * 4


def test_residue_stands_at_its_place_and_long_residue_is_folded(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed)).one("text")
    kinds = [one.classes & {*ResidueKind} for one in page.all("residue")]
    assert kinds == [{piece.kind} for piece in parsed.residue]
    [folded] = [one for one in page.every() if one.tag == "details"]
    assert folded.text == NAVIGATION
    assert [one.one("tags").inside[0].attributes["data-t"] for one in page.all("apart")] == [
        "网页导航", "页码", "页眉页脚", "网页导航",
    ]  # fmt: skip
    assert page.one("line_break").attributes["title"].endswith("断行")


def test_an_issue_leads_to_its_clause_and_back(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed))
    ids = [one.attributes["id"] for one in page.every() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    links = {one.attributes["href"] for one in page.every() if "href" in one.attributes}
    assert {link.removeprefix("#") for link in links} <= set(ids)
    listed = page.one("problems").all("in")
    assert [one.text for one in listed] == ["开头", "任务 2"]
    flags = page.all("flag")
    assert [flag.attributes["title"] for flag in flags] == ["标题太短", "编号跳号：1 之后是 2"]
    [task] = [block for block in page.all("clause") if flags[1] in block.every()]
    assert f"#{task.attributes['id']}" == listed[1].attributes["href"]
    assert task.one("words").inside[0] is flags[1]


PAGES = (
    ("某报头\n", "某方案\n", "一、要求\n", "第一段。\n", "— 1 —\n"),
    ("某报头\n", "第二段。\n", "看第三段。\n", "— 2 —\n"),
    ("某报头\n", "二、任务\n", "写完。\n", "— 3 —\n"),
)
FURNITURE = {"某": ResidueKind.RUNNING_HEAD, "—": ResidueKind.PAGE_NUMBER}


@pytest.mark.parametrize("printed", ["某—", "某", "—"])
def test_an_issue_on_a_page_is_found_by_what_the_pages_print(tmp_path, printed):
    text, cuts, tops = "", [], []
    for page in PAGES:
        tops.append(len(text))
        for line in page:
            mark = line[0] if line in ("某报头\n", page[-1]) and line[0] in FURNITURE else ""
            if mark and mark in printed:
                cuts.append(Cut(len(text), len(text) + len(line), FURNITURE[mark]))
            text += "" if mark and mark not in printed else line
    source = Source(text, pages=tuple(tops), cuts=tuple(cuts))
    line = text[tops[1] : text.index("看")].count("\n") + 1
    parsed = replace(
        understand(source, stem="p", name="p.pdf"), issues=(Issue(line, 1, "这里", page=2),)
    )
    page = page_of(tmp_path, Ingested("p.pdf", "new", parsed))
    assert page.one("place").text == f"第2页第{line}行第1字"
    html = (tmp_path / "out.html").read_text("utf-8")
    assert re.search('class="flag"[^>]*></a>(<[^>]*>)*看第三段', html)


def test_the_table_at_the_top_sums_up(parsed, tmp_path):
    page = page_of(
        tmp_path,
        Ingested("a.html", "new", parsed),
        Ingested("b.pdf", "failed", error="b.pdf：打开需要密码，请去掉密码后再导入"),
        Ingested("c.docx", "duplicate", parsed, "c.docx：与已收录的是同一份文件"),
    )
    first, failed, second = [one for one in page.every() if one.tag == "tr"][1:]
    assert [one.text for one in first.all("num")] == ["7", "4", "4", "2", f"{len(whole(parsed)):,}"]
    assert [one.text for one in first.all("share")] == [
        f"归入条款 {len(TEXT)}", f"网页导航 {len(NAVIGATION) + 10}", "页码 6", "页眉页脚 5", "断行 1",
    ]  # fmt: skip
    assert failed.one("error").text == "b.pdf：打开需要密码，请去掉密码后再导入"
    assert [one.one("state").text for one in (first, failed, second)] == [
        "新文件",
        "读不出",
        "重复",
    ]
    articles = [one for one in page.every() if one.tag == "article"]
    assert [one.attributes["id"] for one in articles] == ["f1", "f3"]
    assert articles[1].one("error").text == "c.docx：与已收录的是同一份文件"
    assert {one.text for one in articles[0].every() if one.tag == "dd"} >= {
        "某府发〔2024〕7号", "2024-05-06", "取代旧方案",
    }  # fmt: skip
    assert articles[0].one("unsaid").text.startswith("未读到：发文机关、主送、")


def test_the_legend_counts_what_stands_in_the_file(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed))
    counted = [one.text for one in page.one("legend").all("entry")]
    assert counted == [
        "任务2", "段落1", "标题1", "开头1", "附件1", "表格行1", "牵头1", "配合2", "责任1", "一类单位1",
        "分工标注2", "期限1", "金额1", "百分比1", "数量1", "废止或替代1",
        "网页导航2", "页码1", "页眉页脚1", "断行1",
    ]  # fmt: skip


def test_what_no_clause_holds_is_told(parsed, tmp_path):
    content = replace(
        parsed.content, clauses=parsed.content.clauses[:3] + parsed.content.clauses[4:]
    )
    page = page_of(tmp_path, Ingested("a.html", "new", replace(parsed, content=content)))
    assert texts(page) == [whole(parsed)]
    loose = "".join(one.one("words").text for one in page.all("apart", "loose"))
    assert loose == parsed.content.clauses[3].text
    assert page.all("share", "loose")


def test_nothing_of_a_file_is_markup(parsed, tmp_path):
    policy = replace(parsed.policy, title=ATTACK, issuer=ATTACK, text=TEXT.replace("平台", "<b>"))
    clauses = tuple(
        replace(one, number=ATTACK, text=policy.text[one.start : one.end], id=ATTACK)
        for one in parsed.content.clauses
    )
    content = replace(parsed.content, policy=policy, clauses=clauses)
    attacked = replace(parsed, content=content, issues=(Issue(1, 1, ATTACK),))
    page = page_of(tmp_path, Ingested(ATTACK, "duplicate", attacked, ATTACK))
    assert texts(page) == [whole(attacked)]
    assert not [one for one in page.every() if one.tag == "script"]
    assert page.one("flag").attributes["title"] == ATTACK


def test_the_page_needs_nothing_but_itself(parsed, tmp_path):
    page = page_of(tmp_path, Ingested("a.html", "new", parsed))
    for one in page.every():
        assert one.tag not in ("script", "link", "img", "iframe")
        assert "src" not in one.attributes
    assert "url(" not in (tmp_path / "out.html").read_text("utf-8")


@pytest.mark.parametrize("place", ["missing/out.html", "."])
def test_a_path_that_cannot_be_written_is_told(parsed, tmp_path, place):
    with pytest.raises(UserError, match=r"写不进去.*--report"):
        write_report([Ingested("a.html", "new", parsed)], tmp_path / place)


def test_characters_that_utf_8_has_not_are_written(parsed, tmp_path):
    policy = replace(parsed.policy, title="坏\ud800字")
    content = replace(parsed.content, policy=policy)
    write_report([Ingested("a", "new", replace(parsed, content=content))], tmp_path / "out.html")
    assert "坏&#55296;字" in (tmp_path / "out.html").read_text("utf-8")


@st.composite
def outcomes(draw: st.DrawFn) -> Parsed:
    """A text with residue, clauses, ledger rows, figures and issues at any places."""
    letters = st.text(st.sampled_from("一二甲乙 <&\"'\t\n　（）1.é𠀀"), max_size=60)
    text = draw(letters) + "完"
    place = st.integers(0, len(text))
    span = st.lists(place, min_size=2, max_size=2).map(sorted)
    pieces = draw(st.lists(st.tuples(place, letters, st.sampled_from(ResidueKind)), max_size=6))
    edges = sorted(draw(st.sets(place, max_size=5)))
    clauses = [
        Clause(
            f"p#{start}",
            "p",
            draw(st.sampled_from(ClauseKind)),
            draw(st.sampled_from(["", "1", "一"])),
            None,
            tuple(draw(st.lists(st.just("上"), max_size=9))),
            draw(st.sampled_from(["", "甲"])),
            text[start:end],
            start,
            end,
            draw(st.none() | st.just(1)),
            draw(st.none() | st.floats(0, 1)),
        )
        for start, end in pairwise(edges)
    ]
    rows = [
        Assignment("p#0", role, "区", text[slice(*unit)], *unit, *marker, group)
        for role, unit, marker, group in draw(
            st.lists(st.tuples(st.sampled_from(Role), span, span, st.booleans()), max_size=4)
        )
    ]
    figures = [
        Figure("p#0", kind, text[slice(*at)], "1", "元", *at)
        for kind, at in draw(st.lists(st.tuples(st.sampled_from(FigureKind), span), max_size=4))
    ]
    count = st.integers(1, 9)
    issues = [
        Issue(line, column, "问", page)
        for line, column, page in draw(
            st.lists(st.tuples(count, count, st.none() | count), max_size=4)
        )
    ]
    return Parsed(
        PolicyContent(Policy("p", "题", text, ""), tuple(clauses), tuple(rows), tuple(figures)),
        tuple(Residue(*one) for one in sorted(pieces, key=lambda piece: piece[0]) if one[1]),
        tuple(issues),
    )


@given(st.lists(outcomes(), max_size=3))
@settings(max_examples=50, deadline=None)
def test_any_text_is_drawn_once(tmp_path_factory, found):
    path = tmp_path_factory.getbasetemp() / "any.html"
    write_report([Ingested(str(n), "new", one) for n, one in enumerate(found)], path)
    page = Page(path.read_bytes().decode()).root
    assert texts(page) == [whole(one) for one in found]
    ids = [one.attributes["id"] for one in page.every() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {one.attributes["href"][1:] for one in page.every() if "href" in one.attributes} <= set(
        ids
    )


def read(html: str) -> str:
    return Page(str(html)).root.text


@given(st.text(max_size=40).filter(lambda text: "\r" not in text), st.data())
def test_any_spans_leave_the_characters_as_they_are(text, data):
    place = st.integers(0, len(text))
    spans = [
        Span(start, end, "a")
        for start, end in data.draw(st.lists(st.tuples(place, place), max_size=6))
    ]
    start, end = sorted([data.draw(place), data.draw(place)])
    assert read(styled(text, start, end, spans)) == text[start:end]


def test_real_files_are_drawn_whole(tmp_path):
    if not OFFICIAL.is_dir():
        pytest.skip(f"no documents at {OFFICIAL}")
    files = [*sorted(OFFICIAL.rglob("*.html"))[:3], *sorted(OFFICIAL.rglob("*.txt"))[:3]]
    found = list(ingest(files, None))
    assert texts(page_of(tmp_path, *found)) == [whole(one.parsed) for one in found if one.parsed]


def test_the_bundled_policies_are_drawn_whole(tmp_path):
    found = list(ingest([ROOT / "data" / "policies"], None))
    page = page_of(tmp_path, *found)
    assert texts(page) == [whole(one.parsed) for one in found]
    assert len(page.all("unit", "lead")) > 20


def test_a_browser_shows_it_without_scrolling_sideways(parsed, tmp_path):
    if not browser.CHROMIUM.exists():
        pytest.skip(f"no Chromium at {browser.CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    policy = replace(parsed.policy, title="长" * 200, source="https://" + "x" * 300)
    content = replace(parsed.content, policy=policy)
    outcomes = [
        Ingested("深/" * 60 + "a.html", "new", replace(parsed, content=content)),
        Ingested("b.pdf", "failed", error="错" * 300),
    ]
    path = write_report(outcomes, tmp_path / "out.html")

    def visit() -> None:
        with playwright.sync_playwright() as driver:
            chromium = driver.chromium.launch(
                executable_path=str(browser.CHROMIUM), args=list(browser.FLAGS)
            )
            for size in (browser.PHONE, browser.DESKTOP):
                for scheme in ("light", "dark"):
                    _look(chromium.new_page(viewport=size, color_scheme=scheme), path, parsed)
            chromium.close()

    with ThreadPoolExecutor(1) as apart:  # the driver takes one thread for itself: others have one
        apart.submit(visit).result()


def _look(page, path: Path, parsed: Parsed) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator(".text").text_content() == whole(parsed)
    number = page.locator(".text .page_number .residue")
    assert number.is_visible()
    page.locator("#show-rest").uncheck()
    assert not number.is_visible()
    page.locator("#only-failed").check()
    assert page.locator("tbody tr:visible").count() == 1
    page.close()
