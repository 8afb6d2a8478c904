"""The source page: a policy's whole text, clause by clause, with cited words marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from domain import Citation, Clause, ClauseKind, Policy, Role
from errors import UnknownPolicy
from highlight import Span, styled
from qa.engine import Engine
from qa.knowledge import Knowledge
from web.templates import render

_STATIC = Path(__file__).parent / "static"
_SERVED = frozenset({"source.css", "source.js", "icon.png"})
_ROLES = {Role.LEAD: "牵头", Role.COOPERATE: "配合", Role.RESPONSIBLE: "责任"}
_NUMBERED = frozenset({ClauseKind.TASK, ClauseKind.MEASURE, ClauseKind.TABLE_ROW})
_LONGEST_LABEL = 28
_GUARD = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'"


def quote_url(citation: Citation) -> str:
    """The address of a citation's clause with the cited words marked on the page."""
    page, _, anchor = citation.url.partition("#")
    return f"{page}?start={citation.start}&end={citation.end}#{anchor}"


def router(engine: Engine) -> APIRouter:
    """`GET /policies/{id}` and the few static files of that page, under `/static/wence/`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/policies/{policy_id}", response_class=HTMLResponse)
    def policy_page(
        request: Request, policy_id: str, start: str = "", end: str = ""
    ) -> HTMLResponse:
        knowledge = engine.knowledge
        policy = knowledge.policies.get(policy_id)
        if policy is not None:
            page = source_page(policy, knowledge, _range(start, end, len(policy.text)))
            return HTMLResponse(page, headers={"Content-Security-Policy": _GUARD})
        if "text/html" not in request.headers.get("accept", ""):
            raise UnknownPolicy(f"没有编号为“{policy_id}”的文件")
        page = render("missing", policy_id=policy_id, policies=knowledge.policies.values())
        return HTMLResponse(page, 404, headers={"Content-Security-Policy": _GUARD})

    @routes.get("/static/wence/{name}")
    def static_file(name: str) -> FileResponse:
        if name not in _SERVED:
            raise HTTPException(404)
        return FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})

    return routes


def source_page(policy: Policy, knowledge: Knowledge, marked: range = range(0)) -> str:
    """The page of one policy; `marked` counts characters of its text."""
    clauses = list(knowledge.items([policy.id], kind=None))
    roles = {row.role for clause in clauses for row in knowledge.rows(clause.id)}
    return render(
        "source",
        policy=policy,
        facts=_facts(policy),
        contents=[_entry(clause) for clause in clauses],
        legend=[(role.value, label) for role, label in _ROLES.items() if role in roles],
        clauses=Markup("").join(_clause(policy, clause, knowledge, marked) for clause in clauses),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the table of contents."""

    anchor: str
    kind: str
    number: str
    label: str


def _range(start: str, end: str, length: int) -> range:
    """The characters to mark; none where the two figures are no range of the text."""
    try:
        first, after = int(start), int(end)
    except ValueError:
        return range(0)
    return range(first, after) if 0 <= first < after <= length else range(0)


def _facts(policy: Policy) -> list[tuple[str, str]]:
    issued = policy.issued
    return [
        ("文号", policy.doc_no or ""),
        ("印发单位", policy.issuer or ""),
        ("日期", f"{issued.year}年{issued.month}月{issued.day}日" if issued else ""),
        ("来源", policy.source or ""),
    ]


def _entry(clause: Clause) -> _Entry:
    """A clause in the contents: numbered items step in under their section."""
    first_line = clause.text.strip().partition("\n")[0]
    label = clause.title or first_line.removeprefix(clause.number).lstrip(".．、 ")
    if clause.kind is ClauseKind.PREAMBLE:
        label = "前言"
    if len(label) > _LONGEST_LABEL:
        label = f"{label[:_LONGEST_LABEL]}…"
    kind = "item" if clause.kind in _NUMBERED else "part"
    return _Entry(_anchor(clause), kind, clause.number, label)


def _anchor(clause: Clause) -> str:
    return clause.id.partition("#")[2]


def _clause(policy: Policy, clause: Clause, knowledge: Knowledge, marked: range) -> Markup:
    """One clause as an element that holds exactly its characters."""
    tail = clause.start + len(policy.text[clause.start : clause.end].rstrip())
    spans = [*_opening(policy, clause), Span(tail, clause.end, "tail")]
    for row in knowledge.rows(clause.id):
        hint = f"{_ROLES[row.role]}单位：{row.unit}"
        spans.append(Span(row.start, row.end, f"unit {row.role.value}", hint))
    first = min(max(clause.start, marked.start), clause.end)
    after = max(first, min(clause.end, marked.stop))
    body = Markup("").join(
        (
            styled(policy.text, clause.start, first, spans),
            _mark(styled(policy.text, first, after, spans)),
            styled(policy.text, after, clause.end, spans),
        )
    )
    return Markup('<div class="clause {}" id="{}">{}</div>').format(
        clause.kind.value, _anchor(clause), body
    )


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
