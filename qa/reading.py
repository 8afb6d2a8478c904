"""What a question asks, once understood: the one object between understanding and gathering."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain import Role
from qa.understanding.due import Due
from qa.understanding.worth import Worth


class Kind(StrEnum):
    """What is asked; each has its own composer."""

    WHO = "who"  # which units have a role in a matter
    DUE = "due"  # which items are due by a day
    AMOUNT = "amount"  # which clauses print an amount above or below a figure
    RANK = "rank"  # the item or the part with the most, or which of two units has more
    ABOUT = "about"  # what a document is about, which documents there are
    SELECT = "select"  # which items, or how many, meet conditions of the ledger
    UNITS = "units"  # which units, or how many, have a role at all, or the most items
    SECTIONS = "sections"  # which parts a document has
    ITEM = "item"  # what item N says
    CARD = "card"  # title, number, date, issuer of a document
    FACT = "fact"  # anything that a sentence of the documents may say
    APPLY = "apply"  # which items bear on a described enterprise or person
    COMPARE = "compare"  # documents, years or versions side by side
    UNCLEAR = "unclear"  # leans on something that was not said
    DECLINE = "decline"  # small talk, other work, attempts to change the rules


class Numbered(StrEnum):
    """Which series of numbers an item number counts in."""

    TASK = "task"  # 第8项任务
    MEASURE = "measure"  # 措施(二)
    ARTICLE = "article"  # 第三条
    PART = "part"  # 第二部分
    LISTED = "listed"  # 第二个: of what the answer before listed


@dataclass(frozen=True, slots=True)
class ItemNumber:
    """An item asked for by its number."""

    series: Numbered
    value: int


@dataclass(frozen=True, slots=True)
class UnitAsk:
    """A unit that a question names: the form used, the units it may mean, the role tied to it."""

    name: str
    units: tuple[str, ...]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Conditions on the roles of an item, or on all that a unit does.

    `lacking` are roles that an item must not have, `several` a role that so many units must share,
    or more, `exact` one that just so many do, `sole` asks for exactly one lead unit. `only_role`
    and `both_roles` are of units, and so is `tasks`: a role in which a unit has so many items, from
    the least to the most.
    """

    lacking: tuple[Role, ...] = ()
    several: tuple[Role, int] | None = None
    sole: bool = False
    exact: tuple[Role, int] | None = None
    only_role: Role | None = None
    both_roles: bool = False
    tasks: tuple[Role | None, int, int] | None = None

    @property
    def on_items(self) -> bool:
        """Whether items are bounded."""
        return bool(self.lacking or self.several or self.sole or self.exact)

    @property
    def on_units(self) -> bool:
        """Whether units are bounded."""
        return bool(self.only_role or self.both_roles or self.tasks)


class Aspect(StrEnum):
    """What is put side by side."""

    MATTER = "matter"  # what the documents say, on a matter or as a whole
    COUNT = "count"  # how many items, units … each has
    UNITS = "units"  # what a unit does in each
    WHICH = "which"  # which of them speak of a matter
    VERSIONS = "versions"  # a document and the version before it


class Shown(StrEnum):
    """Which rows of a comparison are asked for."""

    ALL = "all"
    SAME = "same"
    DIFFERENT = "different"
    FIRST = "first"  # what only the first document has
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a question puts side by side.

    `sides` are the documents that each name in it may mean, in its order; empty where it names none.
    `pair` says that it speaks of two.
    """

    aspect: Aspect
    sides: tuple[tuple[str, ...], ...] = ()
    shown: Shown = Shown.ALL
    pair: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One question, understood.

    `topic` holds the words of the matter. `policies` are those that the question names, None for
    none; `section` are headings that it names, `focus` clauses that the conversation points at.
    `unknown_units` are units that the ledger does not hold, `elsewhere` a place or year of which no
    document speaks, `anchors` those that a text must name to answer. `claim` marks a statement put
    up for a yes or no, `claimed` its number of items. `place` is asked for in an order from the
    most. `literal` are words to look for as they stand, all of them, or one of them where it is
    `either`. `quantity` is the measure word of an asked figure, `due` the days in which items must
    be due, `worth` bounds on amounts, `attribute` a row of the table in `qa/attributes.py` or a line
    of a document's card. `complete` says that the question needs nothing from the one before it.
    `behind` is the matter of the question before, of which it asks another side. `comparison` is
    what is put side by side, for that kind alone.
    """

    kind: Kind
    text: str
    topic: str = ""
    policies: tuple[str, ...] | None = None
    numbers: tuple[ItemNumber, ...] = ()
    units: tuple[UnitAsk, ...] = ()
    unknown_units: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    bounds: Bounds = Bounds()
    section: tuple[str, ...] = ()
    count: bool = False
    most: bool = False
    place: int = 1
    claim: bool = False
    claimed: int | None = None
    literal: tuple[str, ...] = ()
    either: bool = False
    attribute: str = ""
    quantity: str = ""
    elsewhere: str = ""
    anchors: tuple[str, ...] = ()
    behind: str = ""
    focus: tuple[str, ...] = ()
    due: Due | None = None
    worth: Worth | None = None
    leans: bool = False
    complete: bool = False
    comparison: Comparison | None = None
