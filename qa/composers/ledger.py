"""Questions on the items of the ledger: what a unit does, which items meet conditions, how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain import AnswerStatus, Clause
from qa.composers.chosen import (
    bounded_items,
    condition,
    items_asked,
    names_asked,
    number_and_title,
    sought,
)
from qa.composers.duties import by_unit
from qa.composers.items import find_items, item, missing_item, which_document, within
from qa.composers.outlines import whole_documents
from qa.context import Context
from qa.draft import Draft, Statement
from qa.messages import no_units_stated, nothing_found, titled
from qa.reading import Numbered, Reading
from qa.text import sentences
from qa.topic import Topic
from qa.wording import (
    ROLE_NAMES,
    body_span,
    label,
    marker_spans,
    number_of,
    units_by_role,
    whole_span,
)

MOST_TOLD = 240  # characters of an item that is told whole where it alone is listed
MOST_LISTED = 200  # items of whole documents; of more, the counts are told


def select(reading: Reading, context: Context) -> Draft:
    """Items that meet conditions, complete and in order, with their count first."""
    draft = _selected(reading, context)
    if reading.claimed is None or draft.status is not AnswerStatus.ANSWERED:
        return draft
    counted = next((line.counts[0] for line in draft.statements if line.counts), None)
    verdict = Statement("是的。" if counted == reading.claimed else f"不是{reading.claimed}项。",
                        counts=(reading.claimed,))  # fmt: skip
    return replace(draft, statements=(verdict, *draft.statements))


def _selected(reading: Reading, context: Context) -> Draft:
    parts = [context.knowledge.clauses[clause_id] for clause_id in reading.section]
    if parts and not any(within(context.knowledge, part) for part in parts):
        return item(replace(reading, focus=reading.section), context)
    if any(number.series is Numbered.PART for number in reading.numbers):
        sections = find_items(reading, context)
        if not sections:
            return missing_item(reading, context)
        if len({clause.policy_id for clause in sections}) > 1:
            return which_document(reading, sections, context)
        ids = tuple(clause.id for clause in sections)
        return _selected(replace(reading, numbers=(), section=ids), context)
    if reading.unknown_units and not reading.units:
        return _in_prose(reading, context)
    if _names_nobody(reading):
        return nothing_found(reading, context)
    asks_roles = bool(reading.units or reading.roles or reading.bounds.on_items)
    if asks_roles and not context.policies & context.knowledge.stating:
        return no_units_stated(reading, context)
    if reading.units and not reading.bounds.on_items:
        return _together(reading, context) if _joint(reading) else by_unit(reading, context)
    return _listed(reading, context)


def _in_prose(reading: Reading, context: Context) -> Draft:
    """Clauses that name a unit which the ledger does not hold: all that the text says of it."""
    names = reading.unknown_units
    clauses = [
        clause
        for clause in context.knowledge.items(context.policies, None)
        if clause.number and any(name in clause.text for name in names)
    ]
    if not clauses:
        return nothing_found(reading, context)
    return _list_draft(
        f"台账里没有{'、'.join(names)}；原文提到它的条款", clauses, context, bounded=False
    )


def _names_nobody(reading: Reading) -> bool:
    """A role is asked of somebody whom the ledger does not know: never answered for everyone."""
    asks_roles = reading.roles and not (reading.units or reading.bounds.on_items or reading.section)
    return bool(asks_roles and not reading.literal and Topic.of(reading.topic).tells)


def _joint(reading: Reading) -> bool:
    """`A牵头、B配合的任务`: several units, each tied to a role, of the same items."""
    roles = [ask.role for ask in reading.units]
    apart = len(set(roles)) == len(roles) and all(roles)
    return (len(reading.units) > 1 and apart and not reading.count) or _says_both(reading)


def _says_both(reading: Reading) -> bool:
    words = ("都参与", "同时", "都配合", "都牵头", "一起", "共同", "都涉及", "都有份")
    return len(reading.units) > 1 and any(word in reading.text for word in words)


def _together(reading: Reading, context: Context) -> Draft:
    clauses = [
        clause
        for clause in items_asked(reading, context)
        if all(
            set(a.units) & set(context.knowledge.filling(clause.id, a.role)) for a in reading.units
        )
    ]
    condition = "、".join(
        f"{names_asked(ask)}{ROLE_NAMES[ask.role] if ask.role else '参与'}" for ask in reading.units
    )
    return _list_draft(f"{condition}的任务", clauses, context)


def _listed(reading: Reading, context: Context) -> Draft:
    """Items by conditions that name no unit to look for, or by a unit with conditions."""
    bounded = bool(reading.bounds.on_items or reading.roles)
    clauses = bounded_items(reading, context)
    if (
        not bounded
        and not (reading.section or reading.focus)
        and not sought(reading, clauses, context.knowledge)
    ):
        told = whole_documents(clauses, context)
        return told if reading.count or len(clauses) > MOST_LISTED else _all(told, clauses, context)
    what = condition(reading, context)
    if not clauses and not reading.bounds.on_items:
        return nothing_found(reading, context)
    words = [] if bounded else sought(reading, clauses, context.knowledge)
    return _list_draft(what, clauses, context, bounded=bounded, words=words)


def _all(told: Draft, clauses: list[Clause], context: Context) -> Draft:
    """Every item of the documents, after their count."""
    lines = [
        Statement(_with_document(clause, context), (whole_span(clause),)) for clause in clauses
    ]
    heads = [line for line in told.statements if not line.text.startswith("“")]
    return replace(told, statements=(*heads, *lines))


def _list_draft(
    what: str,
    clauses: list[Clause],
    context: Context,
    *,
    bounded: bool = True,
    words: Sequence[str] = (),
) -> Draft:
    """The count, then each item with what proves it: its unit statement, or its own words.

    An item whose title lacks the `words` that were looked for shows the sentence that has them.
    """
    knowledge = context.knowledge
    lines = [Statement(f"{what}共{len(clauses)}项：", counts=(len(clauses),), echoed=(what,))]
    for clause in clauses:
        rows = knowledge.rows(clause.id) if bounded else []
        units = f"（{units_by_role(rows)}）" if rows else ""
        name = number_and_title(clause, context) if bounded else _with_document(clause, context)
        body = "" if bounded else _saying(clause, words)
        if 0 < len(body) <= MOST_TOLD:
            name = _with_document(clause, context, number_of(clause))
        elif len(clauses) == 1 and not bounded:
            body = clause.words(*body_span(clause))
        said = f"：“{body}”" if 0 < len(body) <= MOST_TOLD else ""
        spans = marker_spans(rows) or (whole_span(clause),)
        lines.append(Statement(f"{name}{units}{said}", spans))
    silent = [p for p in sorted(context.policies) if p not in knowledge.stating]
    if bounded and silent:
        text = f"{titled(silent, knowledge)}没有写明各项任务的单位，不在统计之内。"
        lines.append(Statement(text, counts=(len(silent),)))
    if not clauses:
        lines[0] = Statement(f"{what}共0项，没有这样的任务。", counts=(0,), echoed=(what,))
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=tuple(clause.id for clause in clauses))


def _saying(clause: Clause, words: Sequence[str]) -> str:
    """The first sentence of a clause with one of the words; empty where its title has one."""
    if any(word in clause.title for word in words):
        return ""
    start, end = body_span(clause)
    told = (clause.words(*span).strip() for span in sentences(clause.words(start, end), start))
    return next((text for text in told if any(word in text for word in words)), "")


def _with_document(clause: Clause, context: Context, named: str = "") -> str:
    """How a clause is named, after its document where there are several; by its label at first."""
    several = len(context.policies) > 1
    title = context.knowledge.title(clause.policy_id) if several else ""
    return f"{title}{named or label(clause)}"
