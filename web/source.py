"""The source page: a policy's whole text, clause by clause, with cited words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from domain import Citation, Clause, ClauseKind, Policy
from errors import UnknownPolicy
from highlight import Span, styled
from ingest.state import Standing
from numerals import CHINESE_DIGITS
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.states import ENDED, STATE_NAMES, replaced_by
from qa.wording import ROLE_NAMES
from web.templates import render

_STATIC = Path(__file__).parent / "static"
_SERVED = frozenset({"source.css", "source.js", "icon.png"})
_NUMBERED = frozenset({ClauseKind.TASK, ClauseKind.MEASURE, ClauseKind.TABLE_ROW})
_LONGEST_LABEL = 28
_DEEPEST = 6  # steps of indentation
_SURE = 0.9  # confidence of character recognition below which a person should look
_CELL = re.compile(r"(?<=[^\t\n])\t+(?=[^\t\n])")  # between two cells of a table's row
_GUARD = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'"


def quote_url(citation: Citation) -> str:
    """The address of a citation's clause with the cited words marked on the page."""
    page, _, anchor = citation.url.partition("#")
    mark = "&" if "?" in page else "?"
    return f"{page}{mark}start={citation.start}&end={citation.end}#{anchor}"


def router(engine: Engine) -> APIRouter:
    """`GET /policies/{id}` and the few static files of that page, under `/static/wence/`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/policies/{policy_id}", response_class=HTMLResponse)
    def policy_page(
        request: Request, policy_id: str, start: str = "", end: str = "", version: str = ""
    ) -> HTMLResponse:
        try:
            page = _page(engine, policy_id, version, start, end)
        except UnknownPolicy:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            known = engine.knowledge.policies
            missing = render(
                "missing", policy_id=policy_id, policy=known.get(policy_id), policies=known.values()
            )
            return HTMLResponse(missing, 404, headers={"Content-Security-Policy": _GUARD})
        return HTMLResponse(page, headers={"Content-Security-Policy": _GUARD})

    @routes.get("/static/wence/{name}")
    def static_file(name: str) -> FileResponse:
        if name not in _SERVED:
            raise HTTPException(404)
        return FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})

    return routes


def _page(engine: Engine, policy_id: str, version: str, start: str, end: str) -> str:
    """The page of a document as it is now, or as it was in a version. Raises `UnknownPolicy`."""
    knowledge, day = engine.knowledge, engine.today()
    policy = knowledge.policies.get(policy_id) or engine.catalog.policy(policy_id)
    if policy_id not in knowledge.policies:  # stored a moment ago
        knowledge = Knowledge.of_one(engine.catalog.content(policy_id))
    numbers = [one.version for one in engine.catalog.versions(policy_id)]
    versions = _Versions(policy.version, (*numbers, policy.version))
    standing = knowledge.state(policy_id, day)
    if version and version != str(policy.version):
        number = int(version) if re.fullmatch(r"[0-9]{1,9}", version) else 0
        content = engine.catalog.version(policy_id, number)
        policy, knowledge = content.policy, Knowledge.of_one(content)
        standing = replaced_by(versions.now)
    marked = _range(start, end, len(policy.text))
    return source_page(policy, knowledge, standing, versions, marked)


@dataclass(frozen=True, slots=True)
class _Versions:
    """The numbers of a document's versions, and which of them counts."""

    now: int
    all: Sequence[int]


def source_page(
    policy: Policy,
    knowledge: Knowledge,
    standing: Standing,
    versions: _Versions,
    marked: range = range(0),
) -> str:
    """The page of one policy; `marked` counts characters of its text."""
    clauses = list(knowledge.items([policy.id], kind=None))
    roles = {row.role for clause in clauses for row in knowledge.own_rows(clause.id)}
    inner = {part.id for clause in clauses for part in knowledge.parts(clause)}
    return render(
        "source",
        policy=policy,
        banner=standing.reason if standing.state in ENDED else "",
        state=standing.state.value,
        state_name=STATE_NAMES[standing.state],
        versions=versions,
        facts=[*_facts(policy, standing), *_recognised(clauses)],
        contents=[_entry(clause) for clause in clauses if clause.id not in inner],
        legend=[(role.value, label) for role, label in ROLE_NAMES.items() if role in roles],
        clauses=Markup("").join(_body(policy, clauses, knowledge, marked)),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the table of contents."""

    anchor: str
    kind: str
    depth: int
    number: str
    label: str


def _range(start: str, end: str, length: int) -> range:
    """The characters to mark; none where the two figures are no range of the text."""
    try:
        first, after = int(start), int(end)
    except ValueError:
        return range(0)
    return range(first, after) if 0 <= first < after <= length else range(0)


def _facts(policy: Policy, standing: Standing) -> list[tuple[str, str]]:
    """The lines of the card: those that every document should have, then those that it has."""
    known = [
        ("主送", "、".join(policy.addressees)),
        ("发布日期", _day(policy.published) if policy.published != policy.issued else ""),
        ("施行日期", _day(policy.effective)),
        ("有效期至", _day(policy.expires)),
        ("附件", "；".join(policy.attachments)),
    ]
    return [
        ("文号", policy.doc_no or ""),
        ("印发单位", policy.issuer or ""),
        ("日期", _day(policy.issued)),
        *((name, value) for name, value in known if value),
        ("状态", f"{STATE_NAMES[standing.state]}（{standing.reason}）"),
        ("来源", policy.source or ""),
    ]


def _recognised(clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
    """That the text was recognised in pictures, and how surely at the least."""
    scores = [clause.confidence for clause in clauses if clause.confidence is not None]
    if scores:
        yield "文字识别", f"由图片识别，把握最低 {min(scores):.2f}，请以原件为准"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _entry(clause: Clause) -> _Entry:
    """A clause in the contents: numbered items step in under their section."""
    first_line = clause.text.strip().partition("\n")[0]
    label = clause.title or first_line.removeprefix(clause.number).lstrip(".．、 \t\u3000")
    if clause.kind is ClauseKind.PREAMBLE:
        label = "前言"
    if len(label) > _LONGEST_LABEL:
        label = f"{label[:_LONGEST_LABEL]}…"
    kind = "item" if clause.kind in _NUMBERED else "part"
    part = re.fullmatch(f"[{CHINESE_DIGITS}]+", clause.number)
    number = f"{clause.number}、" if part else clause.number
    return _Entry(_anchor(clause), kind, _depth(clause), number, label)


def _depth(clause: Clause) -> int:
    return min(len(clause.section), _DEEPEST)


def _anchor(clause: Clause) -> str:
    return clause.id.partition("#")[2]


def _body(
    policy: Policy, clauses: Sequence[Clause], knowledge: Knowledge, marked: range
) -> Iterator[Markup]:
    """The clauses in order, a mark before the first of each page, and one after doubtful words."""
    page = None
    for clause in clauses:
        if clause.page is not None and clause.page != page:
            page = clause.page
            yield Markup('<p class="page-mark">第{}页</p>').format(page)
        yield _clause(policy, clause, knowledge, marked)
        if clause.confidence is not None and clause.confidence < _SURE:
            doubt = f"识别把握 {clause.confidence:.2f}，请核对原件"
            yield Markup('<p class="doubt depth-{}">{}</p>').format(_depth(clause), doubt)


def _clause(policy: Policy, clause: Clause, knowledge: Knowledge, marked: range) -> Markup:
    """One clause as an element that holds exactly its characters."""
    tail = clause.start + len(policy.text[clause.start : clause.end].rstrip())
    spans = [*_opening(policy, clause), Span(tail, clause.end, "tail")]
    for row in knowledge.own_rows(clause.id):
        hint = f"{ROLE_NAMES[row.role]}单位：{row.unit}"
        spans.append(Span(row.start, row.end, f"unit {row.role.value}", hint))
    first = min(max(clause.start, marked.start), clause.end)
    after = max(first, min(clause.end, marked.stop))
    cells = _cells(clause)
    body = Markup("").join(
        (
            styled(policy.text, clause.start, first, spans, cells),
            _mark(styled(policy.text, first, after, spans, cells)),
            styled(policy.text, after, clause.end, spans, cells),
        )
    )
    return Markup('<div class="clause {} depth-{}" id="{}">{}</div>').format(
        clause.kind.value, _depth(clause), _anchor(clause), body
    )


def _cells(clause: Clause) -> Mapping[int, Markup]:
    """A line before each tab between two cells of a table's row."""
    line = Markup('<span class="cell"></span>')
    return {clause.start + found.start(): line for found in _CELL.finditer(clause.text)}


def _opening(policy: Policy, clause: Clause) -> Iterator[Span]:
    """The printed number and title of a clause, where it opens with them."""
    start = clause.end - len(policy.text[clause.start : clause.end].lstrip())
    if clause.kind is ClauseKind.PREAMBLE:
        return
    line = policy.text[start : clause.end].partition("\n")[0]
    if clause.kind is ClauseKind.HEADING:
        yield Span(start, start + len(line), "opening")
    elif clause.title and clause.title in line:
        yield Span(start, start + line.index(clause.title) + len(clause.title), "opening")
    elif clause.number and line.startswith(clause.number):
        yield Span(start, start + len(clause.number), "opening")


def _mark(html: Markup) -> Markup:
    return Markup("<mark>{}</mark>").format(html) if html else html


__all__ = ["quote_url", "router", "source_page"]
