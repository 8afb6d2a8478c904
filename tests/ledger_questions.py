"""Questions made from a ledger, each with what must be answered: every unit and every item of it.

What must be answered is read from the catalog's own rows, not from what the question chain makes
of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain import Answer, AnswerStatus, Assignment, Clause, ClauseKind, Role, parts_of
from ingest.catalog import Catalog

NAMES = {Role.LEAD: "牵头", Role.COOPERATE: "配合", Role.RESPONSIBLE: "责任"}
LISTS = {
    Role.LEAD: "{unit}牵头哪些任务？",
    Role.COOPERATE: "{unit}配合哪些任务？",
    Role.RESPONSIBLE: "{unit}是哪些任务的责任单位？",
}
COUNTS = {
    Role.LEAD: "{unit}牵头多少项任务？",
    Role.COOPERATE: "{unit}配合几项任务？",
    Role.RESPONSIBLE: "{unit}是几项任务的责任单位？",
}
WHO = {
    Role.LEAD: "{item}由谁牵头？",
    Role.COOPERATE: "{item}的配合单位有哪些？",
    Role.RESPONSIBLE: "{item}的责任单位是谁？",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A question, words that its answer must hold, and the items that it must cite, no others."""

    text: str
    says: tuple[str, ...]
    items: frozenset[str]


class Ledger:
    """The items of one document with their rows, as the catalog holds them."""

    def __init__(self, catalog: Catalog, policy_id: str, items: Iterable[Clause]) -> None:
        """`items` are the numbered tasks, articles or measures that the document counts."""
        self.title = catalog.policy(policy_id).title
        clauses = catalog.clauses(policy_id)
        place = {clause.id: at for at, clause in enumerate(clauses)}
        self.items = list(items)
        rows: dict[str, list[Assignment]] = {}
        for row in catalog.assignments(policy_id):
            rows.setdefault(row.clause_id, []).append(row)
        self._home: dict[str, str] = {}
        self._rows: dict[str, list[Assignment]] = {}
        for item in self.items:
            for one in (item, *parts_of(clauses, place[item.id])):
                self._home[one.id] = item.id
                self._rows.setdefault(item.id, []).extend(rows.get(one.id, ()))
        self._outside = [row for id_ in rows if id_ not in self._home for row in rows[id_]]
        self._printed: dict[str, str] = {}
        for row in catalog.assignments():
            self._printed.setdefault(row.unit, "".join(row.as_printed.split()))

    def units_of(self, item: Clause, role: Role) -> tuple[str, ...]:
        """The units of an item in a role, in the order of the text, each once."""
        rows = (row for row in self._rows[item.id] if row.role is role)
        return tuple(dict.fromkeys(self._printed[row.unit] for row in rows))

    def cited(self, answer: Answer) -> frozenset[str]:
        """The items that an answer cites; a citation outside of them by its clause."""
        return frozenset(self._home.get(c.clause_id, c.clause_id) for c in answer.citations)

    def questions(self, head: str = "") -> Iterator[Made]:
        """Every unit by role, listed and counted; every item by number and by title.

        `head` names the document where others stand beside it.
        """
        yield from self._of_units(head)
        yield from self._of_both_roles(head)
        yield from self._of_items(head)

    def _of_units(self, head: str) -> Iterator[Made]:
        for role in Role:
            units = dict.fromkeys(u for item in self.items for u in self.units_of(item, role))
            for unit in units:
                mine = [item.id for item in self.items if unit in self.units_of(item, role)]
                beside = [
                    row.clause_id
                    for row in self._outside
                    if row.role is role and self._printed[row.unit] == unit
                ]
                told = f"{unit}{NAMES[role]}{len(mine)}项"
                for form in (LISTS[role], COUNTS[role]):
                    text = head + form.format(unit=unit)
                    yield Made(text, (told,), frozenset([*mine, *beside]))

    def _of_both_roles(self, head: str) -> Iterator[Made]:
        """The units that lead one item and support another: one citation for each role at least."""
        first: dict[tuple[str, Role], str] = {}
        for item in self.items:
            for row in self._rows[item.id]:
                if not row.group:
                    first.setdefault((self._printed[row.unit], row.role), item.id)
        units = dict.fromkeys(unit for unit, _ in first)
        roles = {unit: {role for other, role in first if other == unit} for unit in units}
        both = [unit for unit in units if roles[unit] == {Role.LEAD, Role.COOPERATE}]
        if both:
            told = f"既牵头又配合的单位共{len(both)}个"
            mine = (first[unit, role] for unit in both for role in roles[unit])
            yield Made(f"{head}既牵头又配合的单位有几个？", (told, *both), frozenset(mine))

    def _of_items(self, head: str) -> Iterator[Made]:
        numbers = [item.number for item in self.items]
        titles = [item.title for item in self.items]
        for item in self.items:
            names = []
            if numbers.count(item.number) == 1:
                names.append(_numbered(item))
            if len(item.title) > 3 and sum(item.title in title for title in titles) == 1:
                names.append(f"“{item.title}”")
            for role in Role:
                units = self.units_of(item, role)
                if units:
                    told = f"{NAMES[role]}单位是{'、'.join(units)}"
                    for name in names:
                        text = head + WHO[role].format(item=name)
                        yield Made(text, (told,), frozenset([item.id]))


def _numbered(item: Clause) -> str:
    if item.is_article:
        return item.number
    noun = "任务" if item.kind in (ClauseKind.TASK, ClauseKind.TABLE_ROW) else "措施"
    return f"第{item.ordinal}{'项' if noun == '任务' else '条'}{noun}"


def holds(made: Made, answer: Answer, ledger: Ledger) -> bool:
    """Whether an answer says what it must, and cites exactly what it must."""
    if answer.status is not AnswerStatus.ANSWERED:
        return False
    return all(_said(words, answer.text) for words in made.says) and made.items == ledger.cited(
        answer
    )


_ENDS = ("", "，", "。", "：", "；", "（", "[", "、", "\n")


def _said(words: str, text: str) -> bool:
    """Whether words stand in a text and end there: 牵头3项 is not 牵头3项多."""
    places = (at + len(words) for at in range(len(text)) if text.startswith(words, at))
    return any(text[end : end + 1] in _ENDS for end in places)
