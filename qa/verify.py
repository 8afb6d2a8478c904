"""The last step: every figure, unit and quote of a line stands in what the line cites, or it goes.

Compared is text after NFKC, without blanks; nothing by similarity.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from domain import AnswerStatus, Citation
from numerals import CHINESE_DIGITS, to_int
from qa.attributes import MEASURES
from qa.draft import Draft, Span, Statement
from qa.knowledge import Knowledge

_FIGURE = re.compile(
    rf"\d[\d,]*(?:\.\d+)?|[{CHINESE_DIGITS}]*[一二三四五六七八九十两百千][{CHINESE_DIGITS}]*(?=(?:余|多)?个?(?:{MEASURES}))"
)
_QUOTE = re.compile(r"“([^“”]+)”")


UNSUPPORTED = Statement("没有找到能由原文证实的回答。")


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
        lines.append(statement.text + "".join(f"[{markers[span]}]" for span in statement.spans))
    return Checked(
        _status(draft, kept, bool(dropped)),
        "\n".join(lines),
        tuple(_citation(span, marker, knowledge) for span, marker in markers.items()),
        dropped,
    )


def supported(statement: Statement, knowledge: Knowledge) -> bool:
    """Whether the cited spans bear a line: its figures, its units, and its quotes."""
    cited = _plain("\n".join(quote(span, knowledge) for span in statement.spans))
    named = _plain("\n".join(_names(statement.spans, knowledge)))
    told = _plain(statement.text)
    for value in statement.echoed:
        told = told.replace(_plain(value), "")
    bare = told
    titles = knowledge.plain_titles
    for title in titles:  # longest first: one title may hold another
        bare = bare.replace(title, "")
    quotes = _QUOTE.findall(_untitled(told, titles))
    borne = f"{cited}\n{named}"
    return (
        _figures_stand(bare, borne, statement.counts)
        and all(unit in borne for unit in knowledge.units if unit in bare)
        and all(part in _untitled(borne, titles) for part in quotes)
    )


def _untitled(text: str, titles: Iterable[str]) -> str:
    """A text without the titles that hold quotes of their own: 《“无废城市”建设试点工作方案》."""
    for title in titles:
        if "“" in title:
            text = text.replace(title, "")
    return text


def quote(span: Span, knowledge: Knowledge) -> str:
    """The characters of a span."""
    policy = knowledge.policies[knowledge.clauses[span.clause_id].policy_id]
    return policy.text[span.start : span.end]


def _names(spans: Iterable[Span], knowledge: Knowledge) -> Iterable[str]:
    """What the cited clauses are called: number, title, opening words and headings above."""
    for span in spans:
        clause = knowledge.clauses[span.clause_id]
        opening = clause.text.strip().partition("。")[0]
        yield from (clause.number, clause.title, opening, *clause.section)
        yield from (row.unit for row in knowledge.rows(clause.id) if row.as_printed != row.unit
                    and row.as_printed in quote(span, knowledge))  # fmt: skip


def _figures_stand(told: str, cited: str, counts: tuple[int, ...]) -> bool:
    printed = {_value(figure) for figure in _FIGURE.findall(cited)}
    counted = {str(count) for count in counts}
    return {_value(figure) for figure in _FIGURE.findall(told)} <= printed | counted


def _value(figure: str) -> str:
    value = to_int(figure)
    return figure if value is None else str(value)


def _plain(text: str) -> str:
    return re.sub(r"[^\S\n]", "", unicodedata.normalize("NFKC", text))


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
