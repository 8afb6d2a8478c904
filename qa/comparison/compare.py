"""Documents side by side: a table of what is the same, what differs, what only one of them has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain import AnswerStatus, Clause, Policy, PolicyContent, Role
from qa.comparison.aligning import ALIKE_ON_MATTER, Item, columns, differences, shared_words
from qa.comparison.aligning import bare as bare_text
from qa.comparison.revised import revised
from qa.comparison.sides import (
    Side,
    body_item,
    head_row,
    items_of,
    sense_of,
    sides_of,
    which_documents,
)
from qa.comparison.tables import Cell, row
from qa.comparison.tallies import counts, roles_in_each, which
from qa.composers.card import printed_line
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import nothing_found
from qa.reading import Aspect, Comparison, Reading, Shown
from qa.relevance import find
from qa.text import sentences
from qa.topic import Topic, core_phrase
from qa.wording import (
    body_span,
    label,
    marker_spans,
    next_statement,
    number_of,
    units_by_role,
    whole_span,
)

MOST_PASSAGES = 6  # of one document, on a matter
MOST_SENTENCES = 2  # of one long clause
SENTENCE_SHARE = 0.8  # of the best sentence's coverage, from which another is told as well
MOST_ROWS = 10  # of a table
MOST_LISTED = 6  # of what only one document has, compared as wholes
WHOLE = 200  # characters; of a longer clause the sentences on the matter are told
NEAR_BEST = 0.65  # of the best score in a document, from which a clause is put side by side
SHARED = 4  # words that two clauses share, told at most
UNSAID = "没有写明"
_CARD_NAMES = {
    "doc_no": "文号", "issued": "成文日期", "issuer": "印发单位", "effective": "施行日期",
    "expires": "有效期",
}  # fmt: skip

_Older = Callable[[str], PolicyContent | None]
_Row = tuple[Item | None, ...]


def compare(reading: Reading, context: Context, older: _Older) -> Draft:
    """Documents, years or versions side by side.

    `older` gives the version of a document before the one that counts, None where there is none.
    """
    asked = reading.comparison or Comparison(Aspect.MATTER)
    if asked.aspect is Aspect.VERSIONS:
        return revised(reading, context, older)
    topic = Topic.of(reading.topic)
    if asked.aspect is Aspect.WHICH:
        return which(reading, topic, context)
    sides = sides_of(asked, topic, context)
    if len(sides) < 2:
        return nothing_found(reading, context) if topic.tells else which_documents(context)
    if asked.aspect is Aspect.COUNT:
        return counts(reading, sides, context)
    if asked.aspect is Aspect.UNITS:
        return roles_in_each(reading, sides, context)
    if topic.tells:
        return _on_matter(reading, topic, sides, asked, context)
    if reading.attribute:
        return Draft(AnswerStatus.ANSWERED, tuple(_cards(sides, [], context, reading.attribute)))
    return _whole(sides, asked, context)


@dataclass(frozen=True, slots=True)
class _Told:
    """A clause of a document with the place in it that is told."""

    clause: Clause
    span: Span

    @property
    def key(self) -> str:
        """What tells it from other places, of its clause too."""
        return f"{self.clause.id}@{self.span.start}"

    @property
    def words(self) -> str:
        """The words that are told."""
        return self.clause.words(self.span.start, self.span.end)

    def as_item(self, context: Context) -> Item:
        """What is aligned: the clause without its units where it is told whole, else the words."""
        item = body_item(self.clause, context)
        words = item.text if self.words.startswith(item.text) else self.words
        return replace(item, key=self.key, title="", text=words)


def _on_matter(
    reading: Reading, topic: Topic, sides: Sequence[Side], asked: Comparison, context: Context
) -> Draft:
    """What each document says on a matter, clause by clause, those on one thing in one row."""
    found = [_bearing(topic, side, context) for side in sides]
    if not any(found):
        return nothing_found(reading, context)
    told = {one.key: one for passages in found for one in passages}
    lists = [[one.as_item(context) for one in passages] for passages in found]
    rows = _ordered(columns(lists, ALIKE_ON_MATTER))
    what = core_phrase(topic.said) or "、".join(topic.weights)
    heads = [_summary(what, sides, found, rows)]
    heads += [
        Statement(f"{side}没有提到“{what}”。", counts=side.counts, echoed=(what,))
        for side, passages in zip(sides, found, strict=True)
        if not passages
    ]
    lines = _table(rows, sides, asked, told, context)
    focus = tuple(dict.fromkeys(one.clause.id for passages in found for one in passages))
    return Draft(AnswerStatus.ANSWERED, (*heads, *lines), _next(sides, found), focus)


def _bearing(topic: Topic, side: Side, context: Context) -> list[_Told]:
    """What one document says on a matter, in its order: short clauses, sentences of long ones."""
    within = replace(context, policies=frozenset([side.policy.id]))
    matches = [match for match in find(topic, within, context.k) if match.bears]
    best = max((match.score for match in matches), default=0.0)
    near = [match for match in matches if match.score >= NEAR_BEST * best]
    told = [one for match in near for one in _passages(match.clause, topic)][:MOST_PASSAGES]
    return sorted(told, key=lambda one: one.span.start)


def _passages(clause: Clause, topic: Topic) -> list[_Told]:
    """A short clause whole, of a long one the sentences that cover most of the matter."""
    start, end = body_span(clause)
    text = clause.words(start, end)
    if len(text) <= WHOLE and "\n" not in text:
        return [_Told(clause, Span(clause.id, start, end))]
    spans = list(sentences(text, start)) or [(start, end)]
    shares = {span: topic.coverage(clause.words(*span)) for span in spans}
    best = max(shares.values())
    near = [span for span in spans if shares[span] >= SENTENCE_SHARE * best]
    return [_Told(clause, Span(clause.id, *span)) for span in near[:MOST_SENTENCES]]


def _ordered(rows: Sequence[_Row]) -> list[_Row]:
    """Rows that most documents share first."""
    return sorted(rows, key=lambda cells: -sum(cell is not None for cell in cells))


def _summary(
    what: str,
    sides: Sequence[Side],
    found: Sequence[Sequence[_Told]],
    rows: Sequence[_Row],
) -> Statement:
    """How many clauses each document has, and how they stand to each other."""
    speaking = [(s, len(m)) for s, m in zip(sides, found, strict=True) if m]
    if len(speaking) == 1:
        side, number = speaking[0]
        text = f"关于“{what}”，只有{side}写到，有{number}条。"
        return Statement(text, counts=(number, *side.counts), echoed=(what,))
    each = "，".join(f"{s}有{len(m)}条" for s, m in zip(sides, found, strict=True))
    numbers = [len(matches) for matches in found]
    tallies = _tallied(rows, sides)
    text = f"关于“{what}”，{each}：{'，'.join(f'{name}{n}处' for name, n in tallies)}。"
    years = [year for side in sides for year in side.counts]
    return Statement(text, counts=(*numbers, *years, *(n for _, n in tallies)), echoed=(what,))


def _tallied(rows: Sequence[_Row], sides: Sequence[Side]) -> list[tuple[str, int]]:
    shared = [cells for cells in rows if sum(cell is not None for cell in cells) > 1]
    same = sum(_all_same(cells) for cells in shared)
    tallies = [("相同", same), ("都有而写法不同", len(shared) - same)]
    for place, side in enumerate(sides):
        alone = sum(cells[place] is not None for cells in rows if cells not in shared)
        tallies.append((f"仅见于{side.letter}", alone))
    return tallies


def _all_same(cells: _Row) -> bool:
    present = [cell for cell in cells if cell is not None]
    return len({bare_text(cell.text) for cell in present}) == 1 and len(present) == len(cells)


def _wanted(rows: Sequence[_Row], shown: Shown) -> list[_Row]:
    if shown is Shown.SAME:
        return [cells for cells in rows if sum(cell is not None for cell in cells) > 1]
    if shown in (Shown.FIRST, Shown.SECOND):
        place = 0 if shown is Shown.FIRST else 1
        return [cells for cells in rows if [i for i, c in enumerate(cells) if c] == [place]]
    return list(rows)


def _table(
    rows: Sequence[_Row],
    sides: Sequence[Side],
    asked: Comparison,
    told: dict[str, _Told],
    context: Context,
) -> list[Statement]:
    """The rows that are asked for, the most telling first, with what was left out."""
    wanted = _wanted(rows, asked.shown)
    lines = []
    if not wanted:
        lines.append(Statement("没有这样的条款，下面是各自的原文："))
        wanted = list(rows)
    lines.append(head_row("异同", sides))
    for cells in wanted[:MOST_ROWS]:
        quoted = [_quoted(told[c.key], context) if c else Cell() for c in cells]
        lines.append(row(Cell(_verdict(cells, sides, told)), *quoted))
    more = len(wanted) - MOST_ROWS
    if more > 0:
        lines.append(Statement(f"另有{more}处没有列出。", counts=(more,)))
    return lines


def _quoted(told: _Told, context: Context) -> Cell:
    """A clause in its own words, with its lead units where they stand elsewhere in it."""
    clause, span = told.clause, told.span
    words = told.words.strip()
    rows = next_statement(context.knowledge.rows(clause.id, Role.LEAD), span.end)
    units = f"（{units_by_role(rows)}）" if rows else ""
    return Cell(f"{number_of(clause)}：“{words}”{units}", (span, *marker_spans(rows)))


def _verdict(cells: _Row, sides: Sequence[Side], told: dict[str, _Told]) -> str:
    """What the documents are to each other on one thing; figures are those of the words told."""
    present = [(side, cell) for side, cell in zip(sides, cells, strict=True) if cell is not None]
    if len(present) == 1:
        return f"仅见于{present[0][0].letter}"
    if _all_same(cells):
        return "相同"
    (one, left), (other, right) = present[:2]
    parts = []
    both = shared_words(left.text, right.text, SHARED)
    if both:
        parts.append(f"都讲：{'、'.join(both)}")
    for found in differences(told[left.key].words, told[right.key].words):
        mine, others = "、".join(found.left) or "—", "、".join(found.right) or "—"
        parts.append(f"{found.kind}：{one.letter} {mine}，{other.letter} {others}")
    where = "" if len(present) == len(sides) else "、".join(side.letter for side, _ in present)
    return f"{where}都有，写法不同（{'；'.join(parts)}）" if parts else f"{where}都有，写法不同"


def _next(sides: Sequence[Side], found: Sequence[Sequence[_Told]]) -> tuple[str, ...]:
    """What may be asked after it: the first clause of each document that speaks of the matter."""
    first = [(side, passages[0]) for side, passages in zip(sides, found, strict=True) if passages]
    return tuple(
        f"《{side.policy.title}》{number_of(one.clause)}是什么？"
        for side, one in first
        if one.clause.number and not side.dated
    )


def _whole(sides: Sequence[Side], asked: Comparison, context: Context) -> Draft:
    """Documents as wholes: their figures and cards, then their items, those on one thing in one row."""
    clauses = [items_of(side.policy.id, context) for side in sides]
    told = {c.id: _Told(c, _opening(c)) for own in clauses for c in own}
    lists = [[body_item(clause, context) for clause in own] for own in clauses]
    rows = columns(lists, sense=sense_of(lists, context))
    tallies = _tallied(rows, sides)
    text = f"逐条对照：{'，'.join(f'{name}{n}处' for name, n in tallies)}。"
    lines = [
        *(_cards(sides, clauses, context) if asked.shown is Shown.ALL else ()),
        Statement(text, counts=tuple(n for _, n in tallies)),
        head_row("异同", sides),
    ]
    wanted = _wanted(rows, asked.shown)
    shared = [cells for cells in wanted if sum(c is not None for c in cells) > 1]
    chosen = shared[:MOST_ROWS]
    for place in range(len(sides)):
        alone = [c for c in wanted if c not in shared and c[place] is not None]
        chosen += alone[: MOST_LISTED if asked.shown is Shown.ALL else 2 * MOST_ROWS]
    for cells in chosen:
        named = [_named(told[c.key]) if c else Cell() for c in cells]
        lines.append(row(Cell(_verdict(cells, sides, told)), *named))
    if len(chosen) < len(wanted):
        more = len(wanted) - len(chosen)
        lines.append(Statement(f"另有{more}处没有列出，可按事项再问。", counts=(more,)))
    focus = tuple(c.key for cells in chosen for c in cells if c)
    return Draft(AnswerStatus.ANSWERED, tuple(lines), focus=focus)


def _opening(clause: Clause) -> Span:
    """The first sentence of a clause after its number."""
    start, end = body_span(clause)
    spans = list(sentences(clause.words(start, end), start))
    return Span(clause.id, *spans[0]) if spans else whole_span(clause)


def _named(told: _Told) -> Cell:
    return Cell(label(told.clause), (told.span,))


def _cards(
    sides: Sequence[Side], clauses: Sequence[Sequence[Clause]], context: Context, only: str = ""
) -> list[Statement]:
    """How much each document holds, and what it says of itself; or one line of its card alone."""
    lines = [head_row("项目", sides)]
    if not only:
        numbers = [len(own) for own in clauses]
        units = [_units_in(side.policy, context) for side in sides]
        lines.append(row(Cell("条目数"), *(Cell(f"{n}条", counts=(n,)) for n in numbers)))
        stated = [Cell(f"{n}个", counts=(n,)) if n else Cell(UNSAID) for n in units]
        lines.append(row(Cell("写明分工的单位"), *stated))
    for name in (only,) if only else _CARD_NAMES:
        printed = [printed_line(name, side.policy.id, context.knowledge) for side in sides]
        if only or any(words for words, _ in printed):
            cells = [Cell(words, spans[:1]) if words else Cell(UNSAID) for words, spans in printed]
            echoed = [words for words, _ in printed if words and name not in ("doc_no", "issuer")]
            lines.append(row(Cell(_CARD_NAMES[name]), *cells, echoed=echoed))
    return lines


def _units_in(policy: Policy, context: Context) -> int:
    knowledge = context.knowledge
    clauses = knowledge.items({policy.id}, None)
    return len({r.unit for c in clauses for r in knowledge.own_rows(c.id) if not r.group})
