"""The documents that a comparison puts side by side, and their items."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from domain import AnswerStatus, Clause, ClauseKind, Policy
from qa.comparison.aligning import Item
from qa.comparison.tables import header
from qa.context import Context
from qa.draft import Draft, Statement
from qa.reading import Comparison
from qa.relevance import find
from qa.topic import Topic
from qa.wording import body_span

LETTERS = "甲乙丙丁"
MOST_SIDES = len(LETTERS)
PAIR = 2
MOST_ITEMS = 400  # of one document, put side by side
MOST_SEARCHED = 24  # items of the shorter document whose sense is compared as well
MOST_ALIKE = 5
SEARCHED = 240  # characters of an item that tell its sense
FEW = 3  # items below which a document is compared by its headings or paragraphs


@dataclass(frozen=True, slots=True)
class Side:
    """A document of a comparison, and the letter by which the table calls it."""

    letter: str
    policy: Policy
    dated: bool = False  # whether its year must tell it from another of the same title

    @property
    def title(self) -> str:
        """The title in its marks, with the year where another document has the same."""
        year = f"（{self.policy.year}年）" if self.dated and self.policy.year else ""
        return f"《{self.policy.title}》{year}"

    @property
    def counts(self) -> tuple[int, ...]:
        """The figure that is in its name and in no text."""
        return (self.policy.year,) if self.dated and self.policy.year else ()

    def __str__(self) -> str:
        return f"{self.letter}{self.title}"


def sides_of(asked: Comparison, topic: Topic, context: Context) -> tuple[Side, ...]:
    """The documents to put side by side, in the order of the question, else of their years.

    A name of several documents means the one that bears best on the matter. Where none is named:
    all of a few, of many those that bear best. Fewer than two where nothing says which.
    """
    named = [set(side) & context.policies for side in asked.sides]
    if named:
        ids = [_meant(group, topic, context) for group in named]
    elif asked.pair and len(context.knowledge.home & context.policies) == PAIR:
        ids = _by_year(context.knowledge.home & context.policies, context)
    elif len(context.policies) <= (PAIR if asked.pair else MOST_SIDES):
        ids = _by_year(context.policies, context)
    else:
        ids = _by_year(_best(context.policies, topic, context, PAIR if asked.pair else 4), context)
    kept = list(dict.fromkeys(one for one in ids if one))[:MOST_SIDES]
    chosen = [context.knowledge.policies[one] for one in kept]
    alike = len({policy.title for policy in chosen}) < len(chosen)
    return tuple(Side(letter, one, alike) for letter, one in zip(LETTERS, chosen, strict=False))


def _meant(group: Collection[str], topic: Topic, context: Context) -> str:
    if len(group) < 2:
        return next(iter(group), "")
    best = _best(group, topic, context, 1)
    return best[0] if best else ""


def _best(group: Collection[str], topic: Topic, context: Context, most: int) -> list[str]:
    """The documents whose clauses bear on a matter best, best first."""
    matches = find(topic, replace(context, policies=frozenset(group)), context.k)
    bearing = dict.fromkeys(match.clause.policy_id for match in matches if match.bears)
    return list(bearing)[:most]


def _by_year(ids: Collection[str], context: Context) -> list[str]:
    policies = context.knowledge.policies
    return sorted(ids, key=lambda one: (policies[one].year or 0, one))


def items_of(policy_id: str, context: Context) -> list[Clause]:
    """What a document is compared by: its items, else its headings, else its paragraphs."""
    knowledge = context.knowledge
    tasks = list(knowledge.tasks({policy_id}))
    if len(tasks) >= FEW:
        return tasks[:MOST_ITEMS]
    clauses = list(knowledge.items({policy_id}, None))
    headings = [c for c in clauses if c.kind is ClauseKind.HEADING or c.title]
    paragraphs = [c for c in clauses if c.kind is not ClauseKind.HEADING]
    return (headings if len(headings) >= FEW else paragraphs or clauses)[:MOST_ITEMS]


def head_row(name: str, sides: Sequence[Side]) -> Statement:
    """The head of a table with a column a document."""
    years = [year for side in sides for year in side.counts]
    return header(name, *map(str, sides), counts=years)


def body_item(clause: Clause, context: Context) -> Item:
    """A clause to align: its words without the printed statement of who does it."""
    start, end = body_span(clause)
    markers = [row.marker_start for row in context.knowledge.own_rows(clause.id)]
    stop = min([end, *(at for at in markers if at > start)])
    return Item(clause.id, clause.number, clause.title, clause.words(start, stop).rstrip())


def sense_of(lists: Sequence[Sequence[Item]], context: Context) -> dict[tuple[str, str], float]:
    """Cosines of the items of the shorter of two documents with those most like them in the other.

    None for more documents, or long ones: each item is a search.
    """
    if len(lists) != 2 or min(map(len, lists)) > MOST_SEARCHED:
        return {}
    few, many = sorted(lists, key=len)
    other = {many[0].key.partition("#")[0]} if many else set()
    cosines = {}
    for item in few if many else ():
        where = dict(context.where) | {"policy": frozenset(other)}
        for hit in context.search.search(item.text[:SEARCHED], MOST_ALIKE, where=where):
            cosines[item.key, hit.clause_id] = hit.scores.get("dense", 0.0)
    return cosines


def which_documents(context: Context) -> Draft:
    """A comparison that leaves open of what: asked back, with pairs to choose from."""
    knowledge = context.knowledge
    if len(context.policies) < 2:
        text = "能用的文件不足两份，无法比较。"
        return Draft(AnswerStatus.NOT_FOUND, (Statement(text, echoed=(text,)),))
    ids = _by_year(context.policies, context)
    pairs = list(itertools.pairwise(ids))[-3:]
    suggestions = tuple(f"{knowledge.title(a)}和{knowledge.title(b)}有什么不同？" for a, b in pairs)
    text = "请说明比较哪几份文件，或者比较哪件事。"
    return Draft(AnswerStatus.CLARIFY, (Statement(text, echoed=(text,)),), suggestions)
