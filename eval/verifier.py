"""How well verification tells true sentences from wrong ones, measured on the catalog at hand.

True sentences come from three sources: lines of the built-in composer, sentences of clauses told in
prose, rows of the ledger told in prose. `eval.mutations` makes wrong ones of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from domain import Clause, Role
from eval.mutations import MUTATIONS, Wrong, mutated
from qa.checking.verify import check, supported
from qa.composers.facts import fact
from qa.composers.items import item
from qa.composers.ledger import select
from qa.composers.outlines import sections
from qa.composers.rosters import units
from qa.composers.who import who
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.reading import Kind, Reading
from qa.text import sentences
from qa.understanding.understand import understand
from qa.wording import body_span, marker_spans, number_of

CAUGHT = 0.99  # the goal: the share of wrong sentences that must fall
REJECTED = 0.01  # and the share of true ones that may
ENOUGH = 500  # true sentences
MOST_ASKED = 120  # items and units asked about
MOST_TOLD = 600  # sentences of each source
SHOWN = 5  # wrong sentences of a kind that got through, or true ones that did not
_SHORTEST = 10  # characters of a sentence of a clause

_COMPOSERS: dict[Kind, Callable[[Reading, Context], Draft]] = {
    Kind.WHO: who,
    Kind.SELECT: select,
    Kind.UNITS: units,
    Kind.SECTIONS: sections,
    Kind.ITEM: item,
    Kind.FACT: fact,
}
_AS_PROSE = ("{0}", "文件提出，{0}", "{1}写明：{0}", "《{2}》规定，{0}", "按照文件要求，{0}")
_LED = (
    "由{lead}牵头。",
    "牵头单位是{lead}。",
    "《{title}》{number}由{lead}牵头推进。",
    "{lead}是牵头单位。",
    "这项工作由{lead}负责牵头。",
)
_SHARED = (
    "由{lead}牵头，{cooperate}配合。",
    "{number}的牵头单位为{lead}，配合单位为{cooperate}。",
    "牵头单位：{lead}；配合单位：{cooperate}。",
    "{lead}牵头落实，{cooperate}做好配合。",
    "{lead}是牵头单位，{cooperate}是配合单位。",
)
_BORNE = ("责任单位是{responsible}。", "{number}由{responsible}负责。", "由{responsible}负责落实。")


@dataclass(frozen=True, slots=True)
class Row:
    """How one kind of wrong sentence did; `missed` are examples that got through."""

    kind: str
    made: int
    caught: int
    missed: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Caught of made, 1 where none could be made."""
        return self.caught / self.made if self.made else 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. `rejected` are the true sentences that were not let through."""

    true: int
    by_source: dict[str, int]
    rejected: int
    rejected_shown: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """All wrong sentences together."""
        made, caught = sum(r.made for r in self.rows), sum(r.caught for r in self.rows)
        return Row("total", made, caught)

    @property
    def rejected_share(self) -> float:
        """Rejected of true."""
        return self.rejected / self.true if self.true else 0.0

    @property
    def holds(self) -> bool:
        """Whether the goals are met: `CAUGHT` of the wrong, at most `REJECTED` of the true."""
        return self.total.share >= CAUGHT and self.rejected_share <= REJECTED


def measure(engine: Engine, seed: int = 0) -> Figures:
    """Make true sentences and wrong ones from the catalog and have each verified."""
    knowledge, chance = engine.knowledge, Random(seed)
    sources = {
        "composed": _sampled(_composed(engine, chance), chance),
        "clause": _sampled(_clauses(knowledge), chance),
        "ledger": _sampled(_ledger(knowledge), chance),
    }
    composed = set(sources["composed"])
    true = [statement for statements in sources.values() for statement in statements]

    def holds(source: Statement, told: Statement) -> bool:
        """As composed lines are verified, or as prose from elsewhere is."""
        if source in composed:
            return supported(told, knowledge)
        return not check(told.text, told.spans, knowledge)

    rejected = [one for one in true if not holds(one, one)]
    held = set(true) - set(rejected)
    wrong = [w for one in true if one in held for w in mutated(one, knowledge, chance)]
    passed = [w for w in wrong if holds(w.true, w.statement)]
    return Figures(
        len(true),
        {name: len(statements) for name, statements in sources.items()},
        len(rejected),
        tuple(one.text for one in rejected[:SHOWN]),
        tuple(_row(kind, wrong, passed) for kind in MUTATIONS),
    )


def _row(kind: str, wrong: Sequence[Wrong], passed: Sequence[Wrong]) -> Row:
    made = sum(one.kind == kind for one in wrong)
    missed = [one for one in passed if one.kind == kind]
    shown = tuple(f"{one.true.text} → {one.statement.text}" for one in missed[:SHOWN])
    return Row(kind, made, made - len(missed), shown)


def _sampled(statements: Iterator[Statement], chance: Random) -> list[Statement]:
    all_of_them = list(dict.fromkeys(statements))
    return chance.sample(all_of_them, min(MOST_TOLD, len(all_of_them)))


def _composed(engine: Engine, chance: Random) -> Iterator[Statement]:
    """Lines with spans that the composer gives to questions made from ledger and outline."""
    knowledge = engine.knowledge
    policies = frozenset(knowledge.policies)
    context = Context(knowledge, engine.search, policies, 10, {})
    for question in _questions(knowledge, chance):
        reading = understand(question, knowledge, policies)
        if reading.kind not in _COMPOSERS:
            continue
        if reading.policies is not None:
            within = policies & frozenset(reading.policies)
            draft = _COMPOSERS[reading.kind](reading, _bounded(context, within))
        else:
            draft = _COMPOSERS[reading.kind](reading, context)
        yield from (statement for statement in draft.statements if statement.spans)


def _bounded(context: Context, policies: frozenset[str]) -> Context:
    return Context(context.knowledge, context.search, policies, context.k, context.where)


def _questions(knowledge: Knowledge, chance: Random) -> Iterator[str]:
    items = list(knowledge.tasks(knowledge.policies))
    for clause in chance.sample(items, min(MOST_ASKED, len(items))):
        name = f"{knowledge.title(clause.policy_id)}{number_of(clause)}"
        yield from (f"{name}由谁牵头？", f"{name}是什么？")
        if clause.title:
            yield f"{clause.title}由谁负责？"
    names = list(knowledge.units)
    for unit in chance.sample(names, min(MOST_ASKED, len(names))):
        yield from (f"{unit}牵头哪些任务？", f"{unit}配合哪些任务？")
    yield from ("有哪些牵头单位？", "哪些任务没有配合单位？", "哪个单位牵头的任务最多？")
    yield from (f"{knowledge.title(policy_id)}有哪几个部分？" for policy_id in knowledge.policies)


def _clauses(knowledge: Knowledge) -> Iterator[Statement]:
    """Each sentence of each clause without quote marks, in several wordings, citing its clause."""
    count = 0
    for clause in knowledge.items(None, None):
        start, end = body_span(clause)
        for at, stop in sentences(clause.words(start, end), start):
            words = clause.words(at, stop)
            if len(words) < _SHORTEST or words.count("“") != words.count("”"):
                continue
            wording = _AS_PROSE[count % len(_AS_PROSE)]
            title = knowledge.policies[clause.policy_id].title
            text = wording.format(words, number_of(clause) or "该段", title)
            whole = count % 2 and end - start < 1000
            yield Statement(text, (Span(clause.id, *((start, end) if whole else (at, stop))),))
            count += 1


def _ledger(knowledge: Knowledge) -> Iterator[Statement]:
    """The units of each clause told in prose, in several wordings, citing what names them."""
    for clause in knowledge.items(None, None):
        rows = knowledge.own_rows(clause.id)
        if rows:
            yield from _told(clause, knowledge)


def _told(clause: Clause, knowledge: Knowledge) -> Iterator[Statement]:
    rows = knowledge.own_rows(clause.id)
    spans = marker_spans(rows)
    names = {
        role.value: "、".join(dict.fromkeys(row.unit for row in rows if row.role is role))
        for role in Role
    }
    title = knowledge.policies[clause.policy_id].title
    wordings = (
        *(_SHARED if names["lead"] and names["cooperate"] else ()),
        *(_LED if names["lead"] else ()),
        *(_BORNE if names["responsible"] else ()),
    )
    for wording in wordings:
        number = number_of(clause) or "该项"
        yield Statement(wording.format(title=title, number=number, **names), spans)
