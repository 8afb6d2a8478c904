"""What the documents hold, as the question chain sees it: policies, clauses and the ledger."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain, takewhile

from domain import (
    Assignment,
    Clause,
    ClauseKind,
    Figure,
    FigureKind,
    Policy,
    PolicyContent,
    PolicyState,
    Role,
    parts_of,
)
from errors import BadQuestion
from index.tokens import normalise
from ingest.catalog import Catalog
from ingest.state import Relation, Standing, relations, state_on
from ingest.units import alias_table, canonical, departments
from numerals import CHINESE_DIGITS
from qa.checking.claims import Names, plain
from qa.places import regions_of
from qa.text import choices
from qa.topic import telling_words
from qa.typed.vocabulary import Vocabulary, first_words
from qa.understanding.headings import Headings
from qa.understanding.titled import Titles
from qa.understanding.titles import own_words

_BOUNDS_KEPT = 8  # selections of documents whose whole text is held
_COINED = re.compile(r"“([\u4e00-\u9fff]{3,8})”")
_ATTACHED = re.compile(r"附[件录表]")


class Knowledge:
    """A snapshot of the catalog, indexed for questions; it never changes.

    A unit goes by the name under which the documents print it first; `printed` maps the one name of
    the catalog (`ingest.units.canonical`) to it.
    """

    def __init__(
        self,
        policies: Iterable[Policy],
        clauses: Iterable[Clause],
        assignments: Iterable[Assignment],
        figures: Iterable[Figure] = (),
        region: str = "",
    ) -> None:
        self.policies = {policy.id: policy for policy in policies}
        self.region = region.strip()
        self.clauses = {clause.id: clause for clause in clauses}
        self._by_policy: dict[str, list[Clause]] = {}
        self._place: dict[str, int] = {}
        for clause in self.clauses.values():
            clauses_of = self._by_policy.setdefault(clause.policy_id, [])
            self._place[clause.id] = len(clauses_of)
            clauses_of.append(clause)
        self._main: dict[str, list[Clause]] = {}  # these four are filled as they are asked for
        self._parts: dict[str, list[Clause]] = {}
        self._units_of: dict[tuple[str | Role, ...], tuple[str, ...]] = {}
        self._searched: dict[str, str] = {}
        self._said_in: dict[frozenset[str], str] = {}
        self._forms_in: dict[frozenset[str], Mapping[str, tuple[str, ...]]] = {}
        self._states = date.min, dict[str, PolicyState]()  # of the day that was last asked for
        self._figures: dict[str, list[Figure]] = {}
        for figure in figures:
            self._figures.setdefault(figure.clause_id, []).append(figure)
        self._rows: dict[str, list[Assignment]] = {}
        printed: dict[str, str] = {}
        for row in assignments:
            name = printed.setdefault(row.unit, "".join(row.as_printed.split()))
            self._rows.setdefault(row.clause_id, []).append(replace(row, unit=name))
        self.printed = printed

    @classmethod
    def of(cls, catalog: Catalog, region: str = "") -> Knowledge:
        """Read everything that a catalog holds, for who asks from a region."""
        return cls(
            catalog.policies(), catalog.clauses(), catalog.assignments(), catalog.figures(), region
        )

    @classmethod
    def of_one(cls, content: PolicyContent) -> Knowledge:
        """What one policy holds, such as an older version, apart from all others."""
        return cls([content.policy], content.clauses, content.assignments, content.figures)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit of the ledger, each once, in the order of the documents."""
        return tuple(dict.fromkeys(row.unit for rows in self._rows.values() for row in rows))

    @cached_property
    def unit_forms(self) -> dict[str, tuple[str, ...]]:
        """Every form in which a unit of the ledger may be named, to the units it may mean."""
        return _forms(self.units)

    def forms_in(self, policies: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The same, where a form means a unit of some documents before one of all the others."""
        key = frozenset(policies)
        if not key or key >= self.policies.keys():
            return self.unit_forms
        if key not in self._forms_in:
            if len(self._forms_in) >= _BOUNDS_KEPT:
                self._forms_in.clear()
            own = [unit for unit in self.units if self.naming[unit] & key]
            self._forms_in[key] = {**self.unit_forms, **_forms(own)}
        return self._forms_in[key]

    @cached_property
    def unit_names(self) -> Names:
        """The units and their longer forms, to be found in a plain text."""
        forms = (form for form in self.unit_forms if len(form) > 2)
        kinds = (form for name, forms in departments().items() for form in (name, *forms))
        return Names(
            {plain(unit) for unit in self.units}
            | {plain(form) for form in (*forms, *(kind for kind in kinds if len(kind) > 2))}
        )

    @cached_property
    def plain_titles(self) -> frozenset[str]:
        """The titles of all policies, as `qa.checking.claims.plain` gives them."""
        return frozenset(plain(policy.title) for policy in self.policies.values())

    @cached_property
    def stating(self) -> frozenset[str]:
        """Ids of the policies that name units at all; the others are silent on who does what."""
        return frozenset(self.clauses[clause_id].policy_id for clause_id in self._rows)

    @cached_property
    def own_words(self) -> dict[str, set[str]]:
        """What people call each document by; see `qa.understanding.titles.own_words`."""
        return own_words(self.policies.values())

    @cached_property
    def words_at_home(self) -> dict[str, set[str]]:
        """The same among the documents at home."""
        return own_words(self.policies[policy_id] for policy_id in sorted(self.home))

    @cached_property
    def headlines(self) -> Headings:
        """The titles of all documents."""
        return Headings((p.id, p.id, p.title) for p in self.policies.values())

    @cached_property
    def titles(self) -> Titles:
        """The titles of the items of all documents."""
        return Titles.of(self.tasks(self.policies))

    @cached_property
    def home(self) -> frozenset[str]:
        """Ids of the documents of the asker's region and of the places in it."""
        known = {policy.region for policy in self.policies.values() if policy.region}
        own = set(regions_of(self.region, known)) if self.region else set()
        return frozenset(i for i, policy in self.policies.items() if policy.region in own)

    @cached_property
    def headings(self) -> Headings:
        """The headings of all documents."""
        kinds = (ClauseKind.HEADING, ClauseKind.PARAGRAPH)
        parts = (c for c in self.clauses.values() if c.kind in kinds and c.title)
        return Headings((part.id, part.policy_id, part.title) for part in parts)

    @cached_property
    def naming(self) -> Mapping[str, frozenset[str]]:
        """Ids of the policies in which each unit of the ledger has a role."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for clause_id, rows in self._rows.items():
            for row in rows:
                found[row.unit].add(self.clauses[clause_id].policy_id)
        return {unit: frozenset(ids) for unit, ids in found.items()}

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The places that the documents are of, long forms first: 闵行区, 闵行."""
        names = {policy.region for policy in self.policies.values() if policy.region}
        short = {name[:-1] for name in names if len(name) > 2}
        return tuple(sorted(names | short, key=len, reverse=True))

    @cached_property
    def ground(self) -> str:
        """Where a place, a year or a number must stand that a question on these documents names.

        All of the documents at home, and the cards of the others: that 静安区 stands somewhere in a
        report from elsewhere does not make it a place that the documents are about.
        """
        if not self.home:
            return self.whole_text
        texts = (
            f"{_card(policy)}\n{policy.text if policy.id in self.home else ''}"
            for policy in self.policies.values()
        )
        return "\n".join(texts)

    def ground_of(self, policies: Iterable[str]) -> str:
        """The same of documents that a question names."""
        named = [self.policies[policy_id] for policy_id in policies]
        return "\n".join(f"{_card(policy)}\n{policy.text}" for policy in named)

    @cached_property
    def home_text(self) -> str:
        """The texts of the documents at home."""
        return "\n".join(policy.text for policy in self.policies.values() if policy.id in self.home)

    @cached_property
    def whole_text(self) -> str:
        """Titles, regions and texts of all policies, to see whether a word stands anywhere."""
        parts = ((p.title, p.region or "", p.text) for p in self.policies.values())
        return "\n".join("\n".join(part) for part in parts)

    @cached_property
    def coined(self) -> tuple[str, ...]:
        """Terms that the documents put in quotes and that no dictionary has a word of: 即买即退."""
        quoted = {term for one in self.clauses.values() for term in _COINED.findall(one.text)}
        return tuple(sorted(term for term in quoted if not telling_words(term)))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the documents call things, to see which word of a question is a slip."""
        titles = [policy.title for policy in self.policies.values()]
        heads = [clause.title or first_words(clause.text) for clause in self.clauses.values()]
        names = (*self.unit_forms, *self.coined)
        return Vocabulary(names, dict.fromkeys(titles + heads), self.whole_text)

    @cached_property
    def normal_text(self) -> str:
        """`whole_text` in the form in which words are compared."""
        return normalise(self.whole_text)

    def said_in(self, policies: frozenset[str]) -> str:
        """The titles and texts of some policies in the form in which words are compared."""
        if policies >= self.policies.keys():
            return self.normal_text
        if policies not in self._said_in:
            if len(self._said_in) >= _BOUNDS_KEPT:
                self._said_in.clear()
            parts = (
                (p.title, p.region or "", p.text) for p in map(self.policies.get, policies) if p
            )
            self._said_in[policies] = normalise("\n".join("\n".join(part) for part in parts))
        return self._said_in[policies]

    def rows(self, clause_id: str, *roles: Role) -> list[Assignment]:
        """The ledger rows of a clause and its parts, of the roles named or of all."""
        ids = [clause_id, *(part.id for part in self.parts(self.clauses[clause_id]))]
        return [row for one in ids for row in self.own_rows(one) if not roles or row.role in roles]

    def own_rows(self, clause_id: str) -> list[Assignment]:
        """The ledger rows that stand in a clause itself."""
        return self._rows.get(clause_id, [])

    def units_of(self, clause_id: str, *roles: Role) -> tuple[str, ...]:
        """The units of a clause in those roles, as the text orders them."""
        key = (clause_id, *roles)
        if key not in self._units_of:
            rows = self.rows(clause_id, *roles)
            self._units_of[key] = tuple(dict.fromkeys(row.unit for row in rows))
        return self._units_of[key]

    def filling(self, clause_id: str, role: Role | None) -> tuple[str, ...]:
        """The units of a clause in one role, or in any."""
        return self.units_of(clause_id, *((role,) if role else ()))

    def deadlines(self, clause_id: str) -> list[Figure]:
        """The deadlines of a clause and its parts, in the order of the text."""
        ids = [clause_id, *(part.id for part in self.parts(self.clauses[clause_id]))]
        figures = chain.from_iterable(self._figures.get(one, ()) for one in ids)
        return [figure for figure in figures if figure.kind is FigureKind.DEADLINE]

    def held(self, unit: str, role: Role) -> frozenset[str]:
        """The ids of all clauses in which, or in a part of which, a unit has a role."""
        return self._held.get((unit, role), frozenset())

    @cached_property
    def _held(self) -> dict[tuple[str, Role], frozenset[str]]:
        held: dict[tuple[str, Role], set[str]] = {}
        for policy_id in self.stating:
            for clause in self._by_policy[policy_id]:
                for row in self.rows(clause.id):
                    held.setdefault((row.unit, row.role), set()).add(clause.id)
        return {key: frozenset(ids) for key, ids in held.items()}

    def searched(self, clause: Clause) -> str:
        """A clause's text in the form in which words are looked for in it."""
        text = self._searched.get(clause.id)
        return (
            self._searched.setdefault(clause.id, normalise(clause.text)) if text is None else text
        )

    @cached_property
    def amounts(self) -> tuple[tuple[Clause, Figure], ...]:
        """The amounts in yuan of all clauses, in the order of the documents."""
        return tuple(
            (clause, figure)
            for clause in self.clauses.values()
            for figure in self._figures.get(clause.id, ())
            if figure.kind is FigureKind.AMOUNT and figure.unit.startswith("元")
        )

    def parts(self, clause: Clause) -> list[Clause]:
        """The numbered parts of an item; see `domain.parts_of`."""
        if clause.id not in self._parts:
            clauses, place = self._by_policy[clause.policy_id], self._place[clause.id]
            self._parts[clause.id] = list(parts_of(clauses, place))
        return self._parts[clause.id]

    def announced(self, clause: Clause) -> list[Clause]:
        """What a clause that ends in a colon lists: its parts, else the numbered clauses right below it."""
        if parts := self.parts(clause):
            return parts
        clauses, depth = self._by_policy[clause.policy_id], len(clause.section)
        after = clauses[self._place[clause.id] + 1 :]
        below = takewhile(lambda other: len(other.section) > depth, after)
        return [one for one in below if one.number and len(one.section) == depth + 1]

    def item_of(self, clause: Clause) -> Clause:
        """The item that a clause is a part of; the clause itself where it is of none."""
        item, depth = clause, len(clause.section)
        clauses = self._by_policy[clause.policy_id]
        for place in range(self._place[clause.id] - 1, -1, -1):
            above = clauses[place]
            if len(above.section) < depth:
                if clause not in self.parts(above):
                    break
                item, depth = above, len(above.section)
        return item

    def items(
        self, policies: Collection[str] | None = None, kind: ClauseKind | None = ClauseKind.TASK
    ) -> Iterator[Clause]:
        """Clauses of a kind (or of every kind) in the order of the documents.

        Of tasks: those of the ledger. A document without tasks whose articles or measures name
        units has these in it.
        """
        for policy_id, clauses in self._by_policy.items():
            if policies is not None and policy_id not in policies:
                continue
            if kind is ClauseKind.TASK:
                tasks = self._main_items(policy_id)
                yield from (tasks if _are_tasks(tasks) or policy_id in self.stating else ())
            else:
                yield from (c for c in clauses if kind is None or c.kind is kind)

    def tasks(self, policies: Collection[str]) -> Iterator[Clause]:
        """What each document counts as its items: tasks, else articles, else measures."""
        for policy_id in self.policies:
            if policy_id in policies:
                yield from self._main_items(policy_id)

    def _main_items(self, policy_id: str) -> list[Clause]:
        """Numbered tasks, else rows of tables, else tasks of attachments; those that name units
        first. Else articles, before all the others where they are more than the tasks; else
        measures, else parts (一、二、) that name units. What stands below an article is a part of it.
        """
        if policy_id in self._main:
            return self._main[policy_id]
        clauses = [c for c in self._by_policy.get(policy_id, []) if not c.below_article]
        tasks = [c for c in clauses if c.kind is ClauseKind.TASK]
        rows = [c for c in clauses if c.kind is ClauseKind.TABLE_ROW]
        articles = [c for c in clauses if c.is_article]
        measures = [c for c in clauses if c.kind is ClauseKind.MEASURE]
        parts = [c for c in clauses if _is_part(c)]
        work = (_own(tasks), rows, tasks)
        rules = _own(articles) if len(_own(articles)) > len(tasks) else []
        lists = (
            *(found for found in work if self._name_units(found)),
            rules,
            *work,
            _own(articles),
            *(found for found in (measures,) if self._name_units(found)),
            articles,
            measures,
            *(found for found in (parts,) if self._name_units(found)),
        )
        return self._main.setdefault(policy_id, next(filter(None, lists), []))

    def _name_units(self, clauses: Iterable[Clause]) -> bool:
        return any(self.rows(clause.id) for clause in clauses)

    def state(self, policy_id: str, day: date) -> Standing:
        """Whether a policy holds on a day, with the reason."""
        return state_on(day, self.policies[policy_id], self.relations(policy_id))

    def states(self, day: date) -> Mapping[str, PolicyState]:
        """The state of every policy on a day, by its id."""
        if self._states[0] != day:
            self._states = day, {one: self.state(one, day).state for one in self.policies}
        return self._states[1]

    def relations(self, policy_id: str) -> tuple[Relation, ...]:
        """What other policies do to one, in order of time."""
        return self._relations.get(policy_id, ())

    @cached_property
    def _relations(self) -> dict[str, tuple[Relation, ...]]:
        return relations(self.policies.values())

    def units_meant(self, name: str) -> tuple[str, ...]:
        """The units of the ledger behind a name. Raises `BadQuestion` where there is none."""
        name = name.strip()
        form = unicodedata.normalize("NFKC", name)
        printed = self.printed.get(canonical(name))
        meant = self.unit_forms.get(form) or ((printed,) if printed else ())
        if not meant:
            raise BadQuestion(f"台账里没有单位“{name}”；{choices(name, self.unit_forms)}")
        return meant

    def of_units(self, names: Collection[str]) -> Knowledge:
        """The part of the documents in which one of the units has a role; all of it for no name.

        Raises `BadQuestion` for a name that the ledger does not hold.
        """
        if not names:
            return self
        meant = {unit for name in names for unit in self.units_meant(name)}
        named = [c for c in self.clauses.values() if meant & set(self.units_of(c.id))]
        kept = {one.id for clause in named for one in (clause, *self.parts(clause))}
        clauses = [clause for clause in self.clauses.values() if clause.id in kept]
        rows = [row for clause in clauses for row in self.own_rows(clause.id)]
        figures = [figure for clause in clauses for figure in self._figures.get(clause.id, ())]
        return Knowledge(self.policies.values(), clauses, rows, figures, self.region)

    def beside(self, versions: Collection[PolicyContent]) -> Knowledge:
        """These documents with older versions beside them; they themselves where there are none."""
        if not versions:
            return self
        rows = chain.from_iterable(self._rows.values())
        figures = chain.from_iterable(self._figures.values())
        return Knowledge(
            [*self.policies.values(), *(one.policy for one in versions)],
            [*self.clauses.values(), *chain.from_iterable(one.clauses for one in versions)],
            [*rows, *chain.from_iterable(one.assignments for one in versions)],
            [*figures, *chain.from_iterable(one.figures for one in versions)],
        )

    def title(self, policy_id: str) -> str:
        """A policy's title in book-title marks."""
        return f"《{self.policies[policy_id].title}》"


def _is_part(clause: Clause) -> bool:
    alone = not clause.section and clause.kind is ClauseKind.PARAGRAPH
    return alone and bool(re.fullmatch(f"[{CHINESE_DIGITS}]+", clause.number))


def _own(clauses: Iterable[Clause]) -> list[Clause]:
    """Those that stand in no attachment."""
    return [c for c in clauses if not (c.section and _ATTACHED.match(c.section[0]))]


def _are_tasks(items: list[Clause]) -> bool:
    return bool(items) and items[0].kind in (ClauseKind.TASK, ClauseKind.TABLE_ROW)


def _card(policy: Policy) -> str:
    """What a document is called, and when and where it is of."""
    years = f"{policy.year or ''} {policy.issued or ''}"
    return "\n".join((policy.title, policy.region or "", policy.doc_no or "", years))


def _forms(units: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every form of some units, to those that it may mean."""
    table = alias_table(units)
    return {unicodedata.normalize("NFKC", form): named for form, named in table.items()}
