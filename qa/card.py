"""Title, number, date and issuer of a document, each with the words that say so."""

from __future__ import annotations

from domain import AnswerStatus, Policy
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.reading import Reading
from qa.wording import whole_span

_LABELS = {"title": "标题", "doc_no": "文号", "issued": "成文日期", "issuer": "印发单位"}


def card(reading: Reading, context: Context) -> Draft:
    """The asked line of each document's card; unsaid where the text does not print it."""
    lines = []
    said = 0
    for policy_id in sorted(context.policies):
        policy = context.knowledge.policies[policy_id]
        value, printed = _value(policy, reading.attribute)
        title = context.knowledge.title(policy_id)
        name = _LABELS[reading.attribute]
        if value and printed:
            said += 1
            lines.append(
                Statement(f"{title}的{name}是{value}。", (_span(policy, printed, context),))
            )
        else:
            first = next(context.knowledge.items({policy_id}, None))
            kept = f"；登记的{name}是{value}" if value else ""
            text = f"{title}的原文没有写明{name}{kept}。"
            lines.append(Statement(text, (whole_span(first),), echoed=(value,)))
    if said == len(lines):
        status = AnswerStatus.ANSWERED
    else:
        status = AnswerStatus.PARTIAL if said else AnswerStatus.NOT_STATED
    return Draft(status, tuple(lines))


def _value(policy: Policy, name: str) -> tuple[str, str]:
    """A line of the card as told, and as the text prints it; empty where it does not."""
    if name == "issued" and policy.issued:
        day = policy.issued
        told = f"{day.year}年{day.month}月{day.day}日"
        forms = (told, day.isoformat(), f"{day.year}年{day.month:02}月{day.day:02}日")
        return told, next((form for form in forms if form in policy.text), "")
    value = {"title": policy.title, "doc_no": policy.doc_no, "issuer": policy.issuer}.get(name)
    return (value or "", value if value and value in policy.text else "")


def _span(policy: Policy, printed: str, context: Context) -> Span:
    start = policy.text.index(printed)
    clause = next(
        clause
        for clause in context.knowledge.items({policy.id}, None)
        if clause.start <= start < clause.end
    )
    return Span(clause.id, start, start + len(printed))
