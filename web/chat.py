"""The chat page, and the one door to Gradio."""

from __future__ import annotations

import asyncio
import logging
import math
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
from fastapi import FastAPI
from markupsafe import Markup, escape

from domain import Answer, AnswerStatus, Citation, Question
from errors import WenceError
from qa.applicability.matching import VERDICT_NAMES
from qa.comparison.tables import blocks
from qa.engine import Engine
from qa.examples import example_questions
from qa.states import ENDED, NOTICE, STATE_NAMES
from qa.wording import STATUS_NAMES
from web.source import quote_url
from web.templates import render

_LEAD_INS = {
    AnswerStatus.CLARIFY: "您问的是哪一个？",
    AnswerStatus.NOT_FOUND: "相近的内容",
    AnswerStatus.DECLINED: "可以这样问",
}
_STATIC = Path(__file__).parent / "static"
_FONTS = ("-apple-system", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_HEAD = '<script>document.documentElement.lang = "zh-CN"</script>'
_LARGEST_UPLOAD = 1  # byte: the page takes no files
_PIECES = 24  # of an answer on its way to the page
_PAUSE = 0.02  # seconds between two pieces
_KEPT_TURNS = 50  # of one visitor, in memory
_SHOWN_SOURCES = 5  # the rest unfold
_VERDICTS = tuple(f"{name}：" for name in VERDICT_NAMES.values())
_MARKER = re.compile(r"\[(\d+)\]")
_TOKEN = re.compile(r"\[\d+\]|.", re.DOTALL)

_log = logging.getLogger("wence")


def mount_chat(app: FastAPI, engine: Engine) -> FastAPI:
    """The app with the chat page at `/`; routes that were added before keep their addresses."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        _page(engine),
        path="/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=_LARGEST_UPLOAD,
        favicon_path=str(_STATIC / "icon.png"),
        theme=gr.themes.Base(font=_FONTS, font_mono=("monospace",)),
        css_paths=[_STATIC / "chat.css"],
        head=_HEAD,
    )
    return mounted


def turn_html(question: str, answer: Answer, pieces: int | None = None) -> str:
    """A question and its answer as HTML. A count of pieces shows the answer still on its way."""
    busy = pieces is not None
    text = _beginning(answer.text, pieces) if pieces is not None else answer.text
    milliseconds = sum(answer.timings_ms.values())
    return render(
        "turn",
        question=question,
        busy=busy,
        outcome={"kind": answer.status.value, "label": STATUS_NAMES[answer.status]},
        took=f"{milliseconds:.0f}毫秒" if milliseconds >= 1 else "",
        lines=list(_lines(text, answer.citations)),
        sources=[] if busy else _sources(answer.citations),
        suggestions=() if busy else answer.suggestions,
        lead_in=_LEAD_INS.get(answer.status, "接着问"),
    )


def note_html(question: str, kind: str, label: str, text: str) -> str:
    """A question that has no answer yet, or none at all, as HTML."""
    return render(
        "turn",
        question=question,
        busy=kind == "waiting",
        outcome={"kind": kind, "label": label},
        took="",
        lines=[_Line(escape(text), "")] if text else [],
        sources=[],
        suggestions=(),
        lead_in="",
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of an answer; `kind` is `item` in a list, `notice` of a document that has ended, `table`."""

    html: Markup
    kind: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A citation as its entry under an answer."""

    marker: int
    href: str
    title: str
    place: str
    quote: str
    spoken: str


@dataclass(frozen=True, slots=True)
class _Sources:
    """Entries that stand open, or that unfold."""

    entries: Sequence[_Source]
    folded: bool


def _beginning(text: str, pieces: int) -> str:
    """The first pieces of a text; a marker is never cut in two."""
    tokens = _TOKEN.findall(text)
    return "".join(tokens[: math.ceil(len(tokens) * pieces / _PIECES)])


def _lines(text: str, citations: Sequence[Citation]) -> Iterator[_Line]:
    links = {str(citation.marker): citation for citation in citations}
    titles = {f"《{citation.policy_title}》" for citation in citations}
    for index, line in enumerate(blocks(text)):
        if not isinstance(line, str):
            yield _Line(_table(line, titles, links), "table")
            continue
        kind = "item" if index and line.startswith(("第", "《", *_VERDICTS)) else ""
        kind = "notice" if index and line.startswith(NOTICE) else kind
        yield _Line(_linked(line, titles, links), kind)


def _linked(line: str, titles: set[str], links: Mapping[str, Citation]) -> Markup:
    """Words with their markers as links."""
    parts = _MARKER.split(line)  # text, number, text, number, …, text
    html = Markup("")
    for prose, number in zip(parts[::2], [*parts[1::2], ""], strict=True):
        html += _prose(prose, titles)
        html += _marker(number, links.get(number)) if number else ""
    return html


def _table(
    rows: Sequence[Sequence[str]], titles: set[str], links: Mapping[str, Citation]
) -> Markup:
    """A table of an answer, its first row the head, the first cell of each row its name."""
    html = Markup("<table>")
    for place, cells in enumerate(rows):
        html += Markup("<tr>")
        for column, cell in enumerate(cells):
            kind = "td" if place and column else "th"
            html += Markup(f"<{kind}>{{}}</{kind}>").format(_linked(cell, titles, links))
        html += Markup("</tr>")
    return html + Markup("</table>")


def _prose(text: str, titles: set[str]) -> Markup:
    html = escape(text)
    for title in titles:
        html = html.replace(escape(title), Markup("<cite>{}</cite>").format(title))
    return html


def _marker(number: str, citation: Citation | None) -> Markup:
    if citation is None:
        return escape(f"[{number}]")
    return Markup(
        '<a class="marker" href="{}" target="_blank" rel="noopener" aria-label="{}">[{}]</a>'
    ).format(quote_url(citation), f"原文依据{number}：{_place(citation)}", number)


def _sources(citations: Sequence[Citation]) -> list[_Sources]:
    entries = [
        _Source(
            marker=citation.marker,
            href=quote_url(citation),
            title=citation.policy_title,
            place=_place(citation),
            quote=citation.quote,
            spoken=f"在新窗口看原文{citation.marker}：{citation.policy_title}，{_place(citation)}",
        )
        for citation in citations
    ]
    groups = _Sources(entries[:_SHOWN_SOURCES], False), _Sources(entries[_SHOWN_SOURCES:], True)
    return [group for group in groups if group.entries]


def _place(citation: Citation) -> str:
    """Where a citation stands in its document: `第8项`, `(一)`, else its section; and the page."""
    number = citation.number
    if number.isdecimal():
        number = f"第{number}项"
    place = number or (citation.section[-1] if citation.section else "前言")
    return f"{place}，第{citation.page}页" if citation.page is not None else place


_Shown = tuple[Any, Any, Any]  # the HTML of earlier turns, of the turn on its way; the box


@dataclass(slots=True)
class _Memory:
    """What the server keeps of one visitor.

    `asked` tells a question from those after it; `blank` says that the page should show none.
    """

    conversation_id: str = ""
    turns: list[str] = field(default_factory=list)
    asked: int = 0
    blank: bool = True


def _welcome(engine: Engine) -> str:
    """What to ask, and the documents that there are, with those marked that have ended."""
    knowledge, day = engine.knowledge, engine.today()
    return render(
        "welcome",
        examples=example_questions(knowledge),
        documents=[(one, knowledge.state(one.id, day)) for one in knowledge.policies.values()],
        ended={state: STATE_NAMES[state] for state in ENDED},
    )


class _Talk:
    """The handlers of the page's events."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.welcome = _welcome(engine)
        self._blank: _Shown = (self.welcome, "", "")

    async def typed(self, text: str, memory: _Memory) -> AsyncIterator[_Shown]:
        """Ask what was typed, and show the answer piece by piece until a new talk begins."""
        if not text.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        memory.asked += 1
        memory.blank = False
        asked = memory.asked
        yield "".join(memory.turns), note_html(text, "waiting", "正在查阅", ""), ""
        question = Question(text, memory.conversation_id)
        last = ""
        async for last in self._told(question, memory):
            if memory.asked != asked:
                yield self._blank if memory.blank else (gr.skip(), gr.skip(), gr.skip())
                return
            yield gr.skip(), last, gr.skip()
        memory.turns = [*memory.turns, last][-_KEPT_TURNS:]

    async def picked(self, memory: _Memory, event: gr.EventData) -> AsyncIterator[_Shown]:
        """Ask what stands on the button that was pressed."""
        async for shown in self.typed(str(event.question), memory):
            yield shown

    async def restart(self, memory: _Memory) -> _Shown:
        """An empty page, and a conversation that remembers nothing."""
        memory.conversation_id = ""
        memory.turns = []
        memory.asked += 1
        memory.blank = True
        return self._blank

    async def _told(self, question: Question, memory: _Memory) -> AsyncIterator[str]:
        """The turn of a question as it grows; the last one is whole."""
        asked, gone, shown = memory.asked, Event(), False
        try:
            answers = self._engine.tell(question, gone)
            while (grown := await _next(answers, gone, lambda: memory.asked == asked)) is not None:
                answer = grown
                if answer.text and not answer.timings_ms:  # on its way, written by a model
                    shown = True
                    yield turn_html(question.text, answer, _PIECES)
        except WenceError as error:
            yield note_html(question.text, "failed", "未能回答", str(error))
            return
        except Exception:
            _log.exception("unforeseen error in the chat page")
            yield note_html(question.text, "failed", "未能回答", "服务出错了，请稍后再试。")
            return
        finally:
            gone.set()
        if memory.asked == asked:
            memory.conversation_id = answer.conversation_id
        for piece in range(1, 1 if shown else _PIECES + 1):
            yield turn_html(question.text, answer, piece)
            await asyncio.sleep(_PAUSE)
        yield turn_html(question.text, answer)


async def _next(answers: Iterator[Answer], gone: Event, waits: Callable[[], bool]) -> Answer | None:
    """The next of the answers; `gone` is set as soon as nobody waits for it."""
    step = asyncio.ensure_future(asyncio.to_thread(next, answers, None))
    while not step.done():
        await asyncio.wait({step}, timeout=_PAUSE)
        if not waits():
            gone.set()
    return await step


def _page(engine: Engine) -> gr.Blocks:
    talk = _Talk(engine)
    script = (_STATIC / "chat.js").read_text("utf-8")
    page = gr.Blocks(title="问策 · 政策问答", analytics_enabled=False)
    with page:
        memory = gr.State(_Memory())
        with gr.Row(elem_id="top"):
            gr.HTML(render("masthead"), apply_default_css=False)
            again = gr.Button("新对话", elem_id="again", size="sm", scale=0, min_width=88)
        with gr.Column(elem_id="talk"):
            past = gr.HTML(talk.welcome, apply_default_css=False, js_on_load=script)
            current = gr.HTML("", elem_id="current", apply_default_css=False, js_on_load=script)
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                label="您的问题", placeholder="请输入问题，按回车提问", max_lines=5,
                container=False, autofocus=True, elem_id="box", scale=1,
            )  # fmt: skip
            send = gr.Button("提问", variant="primary", elem_id="send", scale=0, min_width=88)
        quiet: dict[str, Any] = {
            "outputs": [past, current, box],
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        gr.on([box.submit, send.click], talk.typed, [box, memory], **quiet)
        for part in (past, current):
            part.ask(talk.picked, memory, **quiet)
        again.click(talk.restart, memory, **quiet)
    page.queue(api_open=False, default_concurrency_limit=None)
    return page
