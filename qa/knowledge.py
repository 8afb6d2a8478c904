"""What the documents hold, as the question chain sees it: policies, clauses and the ledger."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from domain import Assignment, Clause, ClauseKind, Filters, Policy, Role
from errors import BadQuestion, UnknownPolicy
from ingest.catalog import Catalog
from ingest.units import alias_table, canonical
from qa.titles import own_words


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
    ) -> None:
        self.policies = {policy.id: policy for policy in policies}
        self.clauses = {clause.id: clause for clause in clauses}
        self._by_policy: dict[str, list[Clause]] = {}
        for clause in self.clauses.values():
            self._by_policy.setdefault(clause.policy_id, []).append(clause)
        self._rows: dict[str, list[Assignment]] = {}
        printed: dict[str, str] = {}
        for row in assignments:
            name = printed.setdefault(row.unit, "".join(row.as_printed.split()))
            self._rows.setdefault(row.clause_id, []).append(replace(row, unit=name))
        self.printed = printed

    @classmethod
    def of(cls, catalog: Catalog) -> Knowledge:
        """Read everything that a catalog holds."""
        return cls(catalog.policies(), catalog.clauses(), catalog.assignments())

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit of the ledger, each once, in the order of the documents."""
        return tuple(dict.fromkeys(row.unit for rows in self._rows.values() for row in rows))

    @cached_property
    def unit_forms(self) -> dict[str, tuple[str, ...]]:
        """Every form in which a unit of the ledger may be named, to the units it may mean."""
        table = alias_table(self.units)
        return {unicodedata.normalize("NFKC", form): units for form, units in table.items()}

    @cached_property
    def stating(self) -> frozenset[str]:
        """Ids of the policies that name units at all; the others are silent on who does what."""
        return frozenset(self.clauses[clause_id].policy_id for clause_id in self._rows)

    @cached_property
    def own_words(self) -> dict[str, set[str]]:
        """What people call each document by; see `qa.titles.own_words`."""
        return own_words(self.policies.values())

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The places that the documents are of, long forms first: 闵行区, 闵行."""
        names = {policy.region for policy in self.policies.values() if policy.region}
        short = {name[:-1] for name in names if len(name) > 2}
        return tuple(sorted(names | short, key=len, reverse=True))

    @cached_property
    def whole_text(self) -> str:
        """Titles, regions and texts of all policies, to see whether a word stands anywhere."""
        parts = ((p.title, p.region or "", p.text) for p in self.policies.values())
        return "\n".join("\n".join(part) for part in parts)

    def rows(self, clause_id: str, *roles: Role) -> list[Assignment]:
        """The ledger rows of a clause, of the roles named or of all."""
        rows = self._rows.get(clause_id, [])
        return [row for row in rows if not roles or row.role in roles]

    def units_of(self, clause_id: str, *roles: Role) -> tuple[str, ...]:
        """The units of a clause in those roles, as the text orders them."""
        return tuple(dict.fromkeys(row.unit for row in self.rows(clause_id, *roles)))

    def filling(self, clause_id: str, role: Role | None) -> tuple[str, ...]:
        """The units of a clause in one role, or in any."""
        return self.units_of(clause_id, *((role,) if role else ()))

    def items(
        self, policies: Collection[str] | None = None, kind: ClauseKind | None = ClauseKind.TASK
    ) -> Iterator[Clause]:
        """Clauses of a kind (or of every kind) in the order of the documents."""
        for policy_id, clauses in self._by_policy.items():
            if policies is None or policy_id in policies:
                yield from (c for c in clauses if kind is None or c.kind is kind)

    def tasks(self, policies: Collection[str]) -> Iterator[Clause]:
        """What each document counts as its items: tasks, else articles, else measures."""
        for policy_id in self.policies:
            if policy_id in policies:
                yield from self._main_items(policy_id)

    def _main_items(self, policy_id: str) -> list[Clause]:
        clauses = list(self.items({policy_id}, None))
        tasks = [clause for clause in clauses if clause.kind is ClauseKind.TASK]
        articles = [clause for clause in clauses if clause.number.endswith("条")]
        return tasks or articles or [c for c in clauses if c.kind is ClauseKind.MEASURE]

    def allowed(self, filters: Filters) -> frozenset[str]:
        """Ids of the policies that the filters leave. Raises `UnknownPolicy`."""
        for policy_id in filters.policies:
            if policy_id not in self.policies:
                known = "、".join(self.policies) or "无"
                raise UnknownPolicy(f"没有编号为“{policy_id}”的文件；现有：{known}")
        return frozenset(
            policy.id
            for policy in self.policies.values()
            if (not filters.policies or policy.id in filters.policies)
            and (filters.year is None or policy.year == filters.year)
        )

    def units_meant(self, name: str) -> tuple[str, ...]:
        """The units of the ledger behind a name. Raises `BadQuestion` where there is none."""
        name = name.strip()
        plain = unicodedata.normalize("NFKC", name)
        printed = self.printed.get(canonical(name))
        meant = self.unit_forms.get(plain) or ((printed,) if printed else ())
        if not meant:
            known = "、".join(self.units) or "无"
            raise BadQuestion(f"台账里没有单位“{name}”；现有：{known}")
        return meant

    def of_units(self, names: Collection[str]) -> Knowledge:
        """The part of the documents in which one of the units has a role; all of it for no name.

        Raises `BadQuestion` for a name that the ledger does not hold.
        """
        if not names:
            return self
        meant = {unit for name in names for unit in self.units_meant(name)}
        clauses = [c for c in self.clauses.values() if meant & set(self.units_of(c.id))]
        rows = [row for clause in clauses for row in self.rows(clause.id)]
        return Knowledge(self.policies.values(), clauses, rows)

    def title(self, policy_id: str) -> str:
        """A policy's title in book-title marks."""
        return f"《{self.policies[policy_id].title}》"
