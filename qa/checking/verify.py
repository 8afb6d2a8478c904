"""The last step: every claim of a line stands in what the line cites, or the line goes.

Whether it does is for `qa.checking.bearing.check` to say, the same for the built-in composer and for prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain import AnswerStatus, Citation
from qa.checking.bearing import Unsupported, check, is_short, quote
from qa.draft import MARK, Draft, Span, Statement
from qa.knowledge import Knowledge

__all__ = ["Checked", "Unsupported", "check", "quote", "supported", "unsupported", "verify"]

UNSUPPORTED = Statement("没有找到能由原文证实的回答。")

_HEADING = re.compile("[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章节部]")  # 三、重点任务

# What the composer itself says of the documents; no claim of theirs.
_FRAMES = tuple(
    re.compile(pattern)
    for pattern in (
        "^(?:不是|与原文不符|请对照原文)[。:：]?",  # 与原文不符。《…》第3项：“…”
        "不是(?:牵头|配合|责任|列名)单位",  # 区科委不是牵头单位, the name echoed
        "(?:没有|未)写明(?!(?:牵头|配合|责任)单位)",  # 没有写明金额
        "没有(?:写明任何单位的分工|逐条列出牵头、配合单位)",
        "(?:开头|结尾)部分讲到这件事，但(?:该条|这份文件)",
        "不(?:在统计之内|计在内)",
        "的(?:成文日期|施行日期|印发单位|文号|标题)是",
        "(?:任务|工作)最[多少](?=的(?:部分|单位|任务)?[是为])",  # 牵头任务最多的是区经委
        "是否有效不能断定",
        "(?:^|(?<=[，。：；、（(【|]))(?:不适用|需补充|不同|不符)(?=[：:，。；、）)】|（(])",  # 不适用：“…”
    )
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a draft: its text with markers, the citations behind them, the outcome."""

    status: AnswerStatus
    text: str
    citations: tuple[Citation, ...]
    dropped: tuple[str, ...]


def verify(draft: Draft, knowledge: Knowledge) -> Checked:
    """Keep the lines that their spans bear, and bind markers [1], [2] … in order of appearance.

    Where every line with a fact falls, the outcome is `not_found`; where some do, `partial`.
    """
    kept = [s for s in draft.statements if supported(s, knowledge)]
    if (not any(s.spans for s in kept) and any(s.spans for s in draft.statements)) or not kept:
        kept = [UNSUPPORTED]
    dropped = tuple(s.text for s in draft.statements if s not in kept)
    markers: dict[Span, int] = {}
    lines = []
    for statement in kept:
        for span in statement.spans:
            markers.setdefault(span, len(markers) + 1)
        lines.append(_marked(statement.text, [f"[{markers[span]}]" for span in statement.spans]))
    return Checked(
        _status(draft, kept, bool(dropped)),
        "\n".join(lines),
        tuple(_citation(span, marker, knowledge) for span, marker in markers.items()),
        dropped,
    )


def supported(statement: Statement, knowledge: Knowledge) -> bool:
    """Whether the cited spans bear a line: its figures, units, roles, negations and quotes."""
    return not unsupported(statement, knowledge)


def unsupported(statement: Statement, knowledge: Knowledge) -> tuple[Unsupported, ...]:
    """What of a composed line its spans do not bear.

    A line without spans may deny and compare; the matter of a short one is the composer's to know,
    unless it is a printed heading.
    """
    text = statement.text.replace(MARK, "")
    for words in statement.echoed:  # before the frames, which may be a part of them
        text = text.replace(words, "")
    for frame in _FRAMES:
        text = frame.sub("", text)
    found = check(
        text, statement.spans, knowledge, counts=statement.counts, echoed=statement.echoed
    )
    if not statement.spans:
        return tuple(one for one in found if one.kind not in ("negation", "comparison"))
    printed = bool(_HEADING.match(text))
    return tuple(one for one in found if one.kind != "matter" or printed or not is_short(one.words))


def _marked(text: str, markers: list[str]) -> str:
    """A line with its markers: each where `MARK` keeps a place for it, the rest at the end."""
    for marker in markers[:]:
        if MARK in text:
            text = text.replace(MARK, marker, 1)
            markers.remove(marker)
    return text.replace(MARK, "") + "".join(markers)


def _status(draft: Draft, kept: list[Statement], dropped: bool) -> AnswerStatus:
    if kept == [UNSUPPORTED]:
        return AnswerStatus.NOT_FOUND
    if not dropped:
        return draft.status
    return AnswerStatus.PARTIAL if draft.status is AnswerStatus.ANSWERED else draft.status


def _citation(span: Span, marker: int, knowledge: Knowledge) -> Citation:
    clause = knowledge.clauses[span.clause_id]
    policy = knowledge.policies[clause.policy_id]
    return Citation(
        marker=marker,
        policy_id=policy.id,
        policy_title=policy.title,
        doc_no=policy.doc_no,
        clause_id=clause.id,
        number=clause.number,
        section=clause.section,
        quote=quote(span, knowledge),
        start=span.start,
        end=span.end,
        page=clause.page,
    )
