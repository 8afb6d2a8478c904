"""How clauses, units and documents are named in an answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from domain import AnswerStatus, Assignment, Clause, ClauseKind, Role
from qa.draft import Span
from qa.knowledge import Knowledge
from qa.text import phrases, sentences

LABEL_LENGTH = 32  # characters of a clause's own words in its label
STATUS_NAMES = {
    AnswerStatus.ANSWERED: "已回答",
    AnswerStatus.PARTIAL: "部分回答",
    AnswerStatus.NOT_STATED: "文件未写明",
    AnswerStatus.NOT_FOUND: "未找到",
    AnswerStatus.CLARIFY: "请选择",
    AnswerStatus.DECLINED: "不在范围",
}
ROLE_NAMES = {Role.LEAD: "牵头", Role.COOPERATE: "配合", Role.RESPONSIBLE: "责任"}


def number_of(clause: Clause) -> str:
    """`第8项`, `(一)`, `第三条`, `一、`; a part or preamble without a number by its kind."""
    if clause.kind is ClauseKind.TASK or (clause.kind is ClauseKind.TABLE_ROW and clause.number):
        return f"第{clause.number}项"
    if clause.kind is ClauseKind.PREAMBLE:
        return "开头部分"
    return clause.number


def place_of(clause: Clause, knowledge: Knowledge) -> str:
    """The document and the number of a clause, of a part behind that of its item: 《…》第五条（四）."""
    item = knowledge.item_of(clause)
    above = number_of(item) if item is not clause else ""
    return f"{knowledge.title(clause.policy_id)}{above}{number_of(clause)}"


def label(clause: Clause) -> str:
    """A clause in a few words of its own: `第8项“促进低空经济产业联动发展”`."""
    words = clause.title or _opening_words(clause)
    return f"{number_of(clause)}“{words}”" if words else number_of(clause)


def _opening_words(clause: Clause) -> str:
    """The first phrases of an untitled clause, as many whole ones as fit the label."""
    if clause.kind is ClauseKind.PREAMBLE:
        return ""
    start, _ = body_span(clause)
    body = clause.text[start - clause.start :]
    spans = list(phrases(body.partition("。")[0]))
    if not spans:
        return ""
    end = next((end for _, end in reversed(spans) if end <= LABEL_LENGTH), spans[0][1])
    return body[:end].strip()


def body_span(clause: Clause) -> tuple[int, int]:
    """The clause's words without its number and outer blanks, as a span of the policy's text."""
    printed = re.match(
        rf"\s*[#*>\-\s]*{re.escape(clause.number)}[.．、)]?\s*(?:\*\*)?\s*", clause.text
    )
    lead = printed.end() if printed and clause.number else 0
    text = clause.text[lead:]
    start = clause.start + lead + len(text) - len(text.lstrip())
    return start, clause.start + len(clause.text.rstrip())


def whole_span(clause: Clause) -> Span:
    """The clause without its outer blanks."""
    start = clause.start + len(clause.text) - len(clause.text.lstrip())
    return Span(clause.id, start, clause.start + len(clause.text.rstrip()))


def marker_spans(rows: Iterable[Assignment]) -> tuple[Span, ...]:
    """The printed statements behind ledger rows, each once."""
    return tuple(
        dict.fromkeys(Span(row.clause_id, row.marker_start, row.marker_end) for row in rows)
    )


def units_by_role(rows: Iterable[Assignment]) -> str:
    """`牵头单位：区经委；配合单位：大零号湾集团` for the roles that ledger rows fill."""
    units: dict[Role, dict[str, None]] = {}
    for row in rows:
        units.setdefault(row.role, {})[row.unit] = None
    parts = (f"{ROLE_NAMES[role]}单位：{'、'.join(units[role])}" for role in Role if role in units)
    return "；".join(parts)


def next_statement(rows: Iterable[Assignment], end: int) -> list[Assignment]:
    """The rows of the first statement of units behind a place; later ones are of other paragraphs."""
    behind = [row for row in rows if row.marker_end > end]
    first = min((row.marker_start for row in behind), default=0)
    return [row for row in behind if row.marker_start == first]


def sentences_of(policy_id: str, knowledge: Knowledge) -> Iterator[tuple[str, Span]]:
    """Each sentence of a document in order, and where it stands."""
    for clause in knowledge.items({policy_id}, None):
        for start, end in sentences(clause.text, clause.start):
            yield clause.words(start, end), Span(clause.id, start, end)
