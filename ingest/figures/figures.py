"""The figures of a clause: deadlines, amounts, percentages and counts, each with its span.

Values are exact: 3,000 and 1.2亿 and 一百五十万 are decimals without exponent, days are ISO dates,
lengths of time ISO 8601 durations. What cannot be told for sure is left out: 数百家, 三项制度.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from domain import Clause, ClauseKind, Figure, FigureKind
from ingest.figures.deadlines import read_deadlines
from ingest.figures.limits import Deadline
from ingest.figures.quantities import Quantity, read_quantities

_WIDE = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C
}  # full-width forms
_BLANKS = dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\u2009\u202f"), " ")
_DASHES = dict.fromkeys(map(ord, "—–－−‐‑‒―─∼～〜"), "-")
_FOLD = _WIDE | _BLANKS | _DASHES | str.maketrans("○Ｏ﹪萬億餘兩個點圓", "〇〇%万亿余两个点元")
_WIDE_COMMA = re.compile(r"，(?<=\d，)(?=\d{3}(?!\d))")  # 3，000元
_MIDDLE_DOT = re.compile(r"·(?<=\d·)(?=\d)")  # 5·8%
_NAME = re.compile(r"[《«][^《》«»\n]{1,120}[》»]")
_GAPS = re.compile(r" {0,2}\n{1,2} ?(?=\w)| (?=\d(?!\d)|\.\d)")
_FULL_LINE = 12  # characters; a shorter one does not run on
_HIDDEN = "\ue000"  # a character that no pattern knows
_LEAD = re.compile(r"[\s#*>_+-]*")


def read_figures(clause: Clause, year: int | None = None) -> list[Figure]:
    """The figures that a clause prints, in its order, without overlaps.

    A deadline's value is the last day that keeps it, or a duration: `2025-06-30`, `P30D`, `PT24H`.
    `year`, the policy's, completes dates without a year and tells past ones, which are no
    deadlines; a day without any year is `--06-30`. One of every year has the unit 每年 (`--03-31`),
    one of every month 每月 (`---25`), a length its own (工作日, 个月).

    The value of a range is `low/high` (`10—20万元` → `100000/200000`). `unit` of an amount is its
    currency with what it is counted by (元, 美元, 元/月), of a percentage %, ‰, ‱ or 个百分点, of a count
    its measure word. Words of comparison (以上, 不超过) are no part of what is printed, save inside a
    range (5万元以上20万元以下). Numbers in names of documents (《…》) are none.
    """
    text = _Text(_fold(clause.text))
    words = _hide(text.joined, _apart(text.joined, clause.number))
    row = clause.kind is ClauseKind.TABLE_ROW
    found: list[tuple[FigureKind, Deadline | Quantity]] = [
        (FigureKind.DEADLINE, one) for one in read_deadlines(words, year, row=row)
    ]
    rest = _hide(words, ((one.start, one.end) for _, one in found))
    found += [(one.kind, one) for one in read_quantities(rest)]
    figures = []
    for kind, one in sorted(found, key=lambda pair: pair[1].start):
        start, end = text.place(one.start), text.place(one.end - 1) + 1
        figures.append(
            Figure(
                clause_id=clause.id,
                kind=kind,
                as_printed=clause.text[start:end],
                value=one.value,
                unit=one.unit,
                start=clause.start + start,
                end=clause.start + end,
            )
        )
    return figures


class _Text:
    """A text whose broken sentences and spaced out digits are joined, with the way back."""

    def __init__(self, text: str) -> None:
        gaps = [found.span() for found in _GAPS.finditer(text) if _is_joined(text, *found.span())]
        self.joined = "".join(_between(text, gaps))
        breaks = [at for gap in gaps for at in range(*gap)]
        self._breaks = [at - count for count, at in enumerate(breaks)]

    def place(self, at: int) -> int:
        """Where a character of `joined` stands in the text."""
        return at + bisect_right(self._breaks, at)


def _is_joined(text: str, start: int, end: int) -> bool:
    """2026年/底前 and 600亿/元 run on over the line; 3 5 0 is one number."""
    before = text[max(start - _FULL_LINE, 0) : start]
    if "\n" in text[start:end]:
        full = len(before) == _FULL_LINE and "\n" not in before and before[-1].isalnum()
        return full and not (before[-1].isdigit() and text[end].isdigit())
    return before[-1:].isdigit() and (text[end] == "." or not before[-2:-1].isdigit())


def _between(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        yield text[done:start]
        done = end
    yield text[done:]


def _fold(text: str) -> str:
    """Half-width forms, plain blanks and dashes, one character for one."""
    return _MIDDLE_DOT.sub(".", _WIDE_COMMA.sub(",", text)).translate(_FOLD)


def _apart(text: str, number: str) -> Iterator[tuple[int, int]]:
    """What a clause prints that is no figure of it: its own number, the names of documents."""
    lead = _LEAD.match(text)
    at = lead.end() if lead else 0
    if number and text.startswith(_fold(number), at):
        yield at, at + len(number)
    for name in _NAME.finditer(text, at + len(number)):
        yield name.span()


def _hide(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], _HIDDEN * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])
