"""The chat page and the source page, as a visitor meets them."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import browser
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from domain import Answer, AnswerStatus, Citation, Question
from errors import UnknownPolicy
from qa.engine import Engine
from qa.examples import example_questions
from web.chat import turn_html
from web.source import quote_url, router

chromium, site, visitor = browser.chromium, browser.site, browser.visitor  # the fixtures

LOW_ALTITUDE = "低空经济由谁牵头?"
ATTACK = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> **粗** ${1}{{2}}"
)


class _Clauses(HTMLParser):
    """The text of each clause element of a page, and of its marks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.clauses: dict[str, str] = {}
        self.marked = ""
        self._open: list[str] = []
        self._clause = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag in ("div", "mark"):
            self._open.append(tag)
        attributes = dict(attrs)
        if attributes.get("class", "").startswith("clause "):
            self._clause = attributes["id"]
            self.clauses[self._clause] = ""
            self._open = [tag]

    def handle_endtag(self, tag):
        if self._open and tag == self._open[-1]:
            self._open.pop()
        if not self._open:
            self._clause = ""

    def handle_data(self, data):
        if self._clause:
            self.clauses[self._clause] += data
            self.marked += data if "mark" in self._open else ""


@pytest.fixture(scope="module")
def sources(engine: Engine) -> TestClient:
    app = FastAPI()
    app.include_router(router(engine))
    return TestClient(app)


@pytest.fixture
def low_altitude(engine: Engine) -> Answer:
    return engine.answer(Question(LOW_ALTITUDE))


def test_source_page_holds_the_whole_text(engine, sources):
    for policy in engine.knowledge.policies.values():
        page = _Clauses(sources.get(f"/policies/{policy.id}").text)
        assert "".join(page.clauses.values()) == policy.text
        ids = [clause.id for clause in engine.knowledge.items([policy.id], kind=None)]
        assert [f"{policy.id}#{anchor}" for anchor in page.clauses] == ids


def test_any_range_is_marked_exactly(engine, sources):
    policy = engine.knowledge.policies["ftz-2024"]
    for start, end in ((0, 1), (1377, 1399), (1390, 1500), (0, len(policy.text))):
        page = _Clauses(sources.get(f"/policies/{policy.id}?start={start}&end={end}").text)
        assert page.marked == policy.text[start:end]
        assert "".join(page.clauses.values()) == policy.text


@pytest.mark.parametrize("query", ["start=5&end=5", "start=-1&end=4", "start=x&end=9", "end=10",
                                   "start=0&end=99999999", "start=9&end=2"])  # fmt: skip
def test_a_bad_range_marks_nothing(sources, query):
    reply = sources.get(f"/policies/ftz-2024?{query}")
    assert reply.status_code == 200
    assert "<mark>" not in reply.text


def test_units_are_shown_with_their_role(engine, sources):
    page = sources.get("/policies/ftz-2024").text
    assert '<span class="unit lead" title="牵头单位：区经委">区经委</span>' in page
    assert '<span class="unit cooperate" title="配合单位：大零号湾集团">大零号湾集团</span>' in page
    assert "图例" not in sources.get("/policies/hongqiao-2021").text


def test_an_unknown_policy_is_a_page_for_people_and_an_error_for_programs(sources):
    reply = sources.get("/policies/no<b>", headers={"accept": "text/html"})
    assert reply.status_code == 404
    assert "no&lt;b&gt;" in reply.text
    with pytest.raises(UnknownPolicy):
        sources.get("/policies/no", headers={"accept": "application/json"})


def test_static_files_are_only_those_of_the_page(sources):
    assert sources.get("/static/wence/source.css").status_code == 200
    assert sources.get("/static/wence/chat.py").status_code == 404
    assert sources.get("/static/wence/..%2fchat.py").status_code == 404


def test_quote_url_keeps_the_anchor_of_the_citation(low_altitude):
    [citation] = low_altitude.citations
    assert quote_url(citation) == "/policies/ftz-2024?start=1377&end=1399#8"


def test_a_turn_escapes_everything():
    quote = Citation(1, "p", "<b>题</b>", None, "p#x", "", (), "<i>文</i>", 0, 8)
    html = turn_html(
        ATTACK, Answer(f"{ATTACK}[1]", AnswerStatus.ANSWERED, "e", "c", (quote,), (ATTACK,))
    )
    for tag in ("<script", "<img", "<b>", "<i>"):
        assert tag not in html


def test_a_marker_is_never_cut_in_two(low_altitude):
    for pieces in range(1, 25):
        part = turn_html("问", low_altitude, pieces)
        assert part.count(">[1]</a>") == part.count("[1")
        assert "aria-busy" in part


def test_an_example_is_answered_at_one_click(visitor, engine):
    visitor.open_chat()
    examples = example_questions(engine.knowledge)
    assert visitor.page.locator(".chips button").all_inner_texts() == list(examples)
    assert visitor.pick(examples[0]).locator(".badge").inner_text() == "已回答"


def test_an_answer_shows_its_source(visitor):
    visitor.open_chat()
    turn = visitor.ask(LOW_ALTITUDE)
    assert "区经委" in turn.locator(".answer").inner_text()
    assert turn.locator(".badge").inner_text() == "已回答"
    assert "第8项" in turn.locator(".sources li").first.inner_text()
    assert turn.locator(".quote").first.inner_text() == "(牵头单位:区经委;配合单位:大零号湾集团)"
    for link in turn.locator(".sources a, a.marker").all():
        assert link.get_attribute("href") == "/policies/ftz-2024?start=1377&end=1399#8"


def test_a_conversation_goes_on_until_a_new_one_begins(visitor):
    visitor.open_chat()
    visitor.ask(LOW_ALTITUDE)
    turn = visitor.ask("那配合单位呢?")
    assert "配合单位是大零号湾集团" in turn.locator(".answer").inner_text()
    visitor.page.get_by_role("button", name="新对话").click()
    visitor.page.wait_for_selector(".chips")
    assert visitor.page.locator(".turn").count() == 0
    visitor.turns = 0
    assert "大零号湾集团" not in visitor.ask("那配合单位呢?").locator(".answer").inner_text()


def test_a_new_conversation_stops_the_answer_on_its_way(visitor, monkeypatch):
    monkeypatch.setattr("web.chat._PAUSE", 0.1)
    visitor.open_chat()
    visitor.page.locator(".chips button", has_text="没有配合单位").click()
    visitor.page.wait_for_selector(".turn[aria-busy] .answer p")
    visitor.page.get_by_role("button", name="新对话").click()
    visitor.page.wait_for_selector(".chips")
    visitor.page.wait_for_timeout(500)
    assert visitor.page.locator(".turn").count() == 0


def test_a_choice_is_answered_by_one_click(visitor):
    visitor.open_chat()
    turn = visitor.ask("任务5由谁牵头?")
    assert turn.locator(".badge").inner_text() == "请选择"
    turn = visitor.pick("联动创新区")
    assert turn.locator(".badge").inner_text() == "已回答"
    assert "新虹桥国际医学中心" in turn.locator(".answer").inner_text()


def test_a_citation_opens_on_its_marked_words(visitor):
    visitor.open_chat()
    turn = visitor.ask("药品临床试验审批时限压缩到多少日？")
    quote = turn.locator(".quote").first.inner_text()
    page = visitor.follow(turn.locator(".sources a").first)
    mark = page.locator("mark")
    assert mark.text_content() == quote
    page.wait_for_function(
        "() => { const box = document.querySelector('mark').getBoundingClientRect();"
        " return box.top > 56 && box.bottom < innerHeight; }"
    )
    assert page.evaluate("document.querySelector(':target').id") == "10"


def test_a_browser_reads_the_text_as_it_is(visitor, engine):
    for policy in engine.knowledge.policies.values():
        visitor.page.goto(f"{visitor.site}/policies/{policy.id}")
        texts = visitor.page.locator(".clause").all_text_contents()
        assert "".join(texts) == policy.text


def test_nothing_but_loopback_is_asked(visitor):
    visitor.open_chat()
    turn = visitor.ask(LOW_ALTITUDE)
    visitor.follow(turn.locator(".sources a").first)
    web = [urlsplit(url) for url in visitor.requests if url.startswith(("http", "ws"))]
    assert len(web) > 10
    assert {url.hostname for url in web} == {"127.0.0.1"}


def test_a_phone_never_scrolls_sideways(visitor):
    visitor.page.set_viewport_size(browser.PHONE)
    visitor.open_chat()
    for question in ("没有配合单位", "区市场监管局"):
        if question != "没有配合单位":
            visitor.open_chat()
            visitor.turns = 0
        visitor.pick(question)
        assert _overflow(visitor.page) <= 0
    visitor.ask("长" * 600)
    assert _overflow(visitor.page) <= 0
    for path in ("/policies/ftz-2024", "/policies/hongqiao-2021?start=0&end=900", "/policies/none"):
        visitor.page.goto(visitor.site + path)
        assert _overflow(visitor.page) <= 0


def test_a_question_is_shown_and_never_run(visitor):
    visitor.open_chat()
    turn = visitor.ask(ATTACK)
    assert turn.locator(".asked span").last.inner_text() == ATTACK
    assert visitor.page.evaluate("window.hacked") is None
    assert turn.locator("img, script, strong").count() == 0


def test_a_question_that_cannot_be_taken_gets_one_sentence(visitor):
    visitor.open_chat()
    turn = visitor.ask("问" * 2001)
    assert turn.locator(".badge").inner_text() == "未能回答"
    assert "上限是2000个字" in turn.locator(".answer").inner_text()
    assert "区经委" in visitor.ask(LOW_ALTITUDE).locator(".answer").inner_text()


def test_the_keyboard_is_enough(visitor):
    visitor.open_chat()
    button = visitor.page.locator(".chips button").first
    button.focus()
    assert button.evaluate("e => e.matches(':focus-visible')")
    assert button.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".turn .sources")


def _overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
