"""What changed in a document since the version before it, as an answer with both versions cited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from domain import AnswerStatus, Clause, PolicyContent
from qa.comparison.aligning import Verdict
from qa.comparison.revisions import Change, Revision, as_version, revise, told_span
from qa.comparison.tables import Cell, header, row
from qa.context import Context
from qa.draft import Draft, Statement
from qa.reading import Reading, Shown
from qa.wording import label, number_of

MOST_ROWS = 12
MOST_ASKED = 4  # documents with older versions that are looked at
MOST_EDITS = 3  # of one clause, told
_NAMES = {
    Verdict.CHANGED: "有改动", Verdict.ONLY_RIGHT: "新增", Verdict.ONLY_LEFT: "删去", Verdict.SAME: "未变",
}  # fmt: skip
_ASKED = {
    Shown.SAME: (Verdict.SAME,), Shown.FIRST: (Verdict.ONLY_RIGHT,),
    Shown.SECOND: (Verdict.ONLY_LEFT,),
}  # fmt: skip


def revised(
    reading: Reading, context: Context, older: Callable[[str], PolicyContent | None]
) -> Draft:
    """The clauses that changed, came and went, with the differing words."""
    knowledge = context.knowledge
    several = [one for one in sorted(context.policies) if knowledge.policies[one].version > 1]
    before = {one: older(one) for one in several[:MOST_ASKED]}
    kept = {one: content for one, content in before.items() if content is not None}
    if not kept:
        return _no_older(context)
    if len(kept) > 1:
        text = "请说明问的是哪一份文件的新旧版本。"
        choices = tuple(f"{knowledge.title(one)}新版和旧版相比改了什么？" for one in kept)
        return Draft(AnswerStatus.CLARIFY, (Statement(text, echoed=(text,)),), choices[:3])
    ((policy_id, content),) = kept.items()
    return _told(policy_id, as_version(content), content.policy.version, reading, context)


def _no_older(context: Context) -> Draft:
    names = "、".join(context.knowledge.title(one) for one in sorted(context.policies)[:5])
    text = f"{names}没有收录过旧版，无法比较改动。"
    return Draft(AnswerStatus.NOT_FOUND, (Statement(text),))


def _told(
    policy_id: str, old: PolicyContent, number: int, reading: Reading, context: Context
) -> Draft:
    knowledge = context.knowledge
    policy = knowledge.policies[policy_id]
    new = PolicyContent(policy, tuple(knowledge.items({policy_id}, None)))
    revision = revise(old, new)
    text = (
        f"{knowledge.title(policy_id)}第{policy.version}版与第{number}版相比：{counted(revision)}。"
    )
    numbers = [len(revision.of(verdict)) for verdict in _NAMES]
    head = Statement(text, counts=(policy.version, number, *numbers))
    shown = reading.comparison.shown if reading.comparison else Shown.ALL
    wanted = [c for c in revision.changes if c.verdict in _ASKED.get(shown, tuple(_NAMES)[:3])]
    lines = [head]
    if wanted:
        titles = "改动", f"第{number}版", f"第{policy.version}版"
        lines.append(header(*titles, counts=(number, policy.version)))
    lines += [_row(change) for change in wanted[:MOST_ROWS]]
    more = len(wanted) - MOST_ROWS
    if more > 0:
        rest = f"另有{more}条没有列出，可用 wence versions {policy_id} --diff 看全部。"
        lines.append(Statement(rest, counts=(more,), echoed=(policy_id,)))
    focus = tuple(change.new.id for change in wanted if change.new)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=focus, versions=(old,))


def _row(change: Change) -> Statement:
    cells = _cell(change.old, change.new), _cell(change.new, change.old)
    told = edits_told(change, MOST_EDITS)  # words cut out of the cells beside it
    return replace(row(Cell(told), *cells), echoed=(told,))


def counted(revision: Revision) -> str:
    """How many clauses changed, came, went and stayed: `有改动2条，新增1条，删去0条，未变9条`."""
    return "，".join(f"{name}{len(revision.of(verdict))}条" for verdict, name in _NAMES.items())


def edits_told(change: Change, most: int | None) -> str:
    """What became of a clause, with its differing words, at most so many of them."""
    name = _NAMES[change.verdict]
    if change.moved and change.old and change.new:
        name += f"，{number_of(change.old)}改为{number_of(change.new)}"
    told = "；".join(_edit(old, new) for old, new in change.edits[:most])
    return f"{name}：{told}" if told else name


def _edit(old: str, new: str) -> str:
    """One edit: the words before it, the words after it."""
    if not old:
        return f"加“{new}”"
    return f"“{old}”改为“{new}”" if new else f"删“{old}”"


def _cell(clause: Clause | None, other: Clause | None) -> Cell:
    if clause is None:
        return Cell()
    span = told_span(clause, other)
    words = clause.words(span.start, span.end).strip()
    name = number_of(clause) or label(clause)
    return Cell(f"{name}：“{words}”" if name else f"“{words}”", (span,))
