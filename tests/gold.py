"""Scores against marks that people made: items with their sections, and unit-role pairs."""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain import Assignment, Clause, Role
from ingest.document import Document
from ingest.outline.numbering import find_marker

MARKS = Path(__file__).parent / "golden" / "marks"
EXAM = Path(__file__).parent / "golden" / "exam"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
OPENS = 8  # characters of an item's words that are compared


@dataclass
class Score:
    """What was found, what should have been, and where the two differ."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + len(self.missed), 1)

    def add(self, other: "Score") -> None:
        self.right += other.right
        self.missed += other.missed
        self.wrong += other.wrong


def compare(expected: list[str], found: list[str], optional: list[str]) -> Score:
    """Each key as often as it stands in both; an optional one is neither asked for nor wrong."""
    want, have = Counter(expected), Counter(found)
    right = want & have
    extra = (have - want) - Counter(optional)
    return Score(right.total(), sorted((want - right).elements()), sorted(extra.elements()))


def bare(text: str) -> str:
    """Without blanks and the marks of Markdown."""
    return re.sub(r"[\s*#_\ufeff\ufffd]", "", text)


def number(printed: str) -> str:
    """A number whatever its width: (一) is （一）."""
    return bare(printed).replace("(", "\uff08").replace(")", "\uff09").rstrip(".．、")


def opens(clause: Clause) -> str:
    """The first characters behind the number, to the end of the line on which they stand."""
    lines = [line for line in clause.text.split("\n") if bare(line)]
    if not lines:
        return ""
    marker = find_marker(lines[0])
    first = bare(lines[0][marker.end :] if marker else lines[0])
    words = first if marker else first.removeprefix(bare(clause.number)).lstrip(".．、：:")
    return words or (bare(lines[1]) if len(lines) > 1 and clause.number else "")


def section(clause: Clause, *, numbers: bool) -> list[str]:
    """What it stands under: the numbers, or the first characters of the headings."""
    if not numbers:
        return [bare(label)[:10] for label in clause.section]
    markers = (find_marker(label) for label in clause.section)
    return [number(marker.number) for marker in markers if marker]


def item_keys(clauses: list[Clause], length: int = OPENS) -> list[str]:
    return [f"{number(c.number)}|{opens(c)[:length]}" for c in clauses if c.number]


def pair_keys(clauses: list[Clause], rows: list[Assignment], length: int = OPENS) -> list[str]:
    by_id = {clause.id: clause for clause in clauses}
    keys = []
    for row in rows:
        clause = by_id[row.clause_id]
        keys.append(
            f"{number(clause.number)}|{opens(clause)[:length]}|{row.role}|{bare(row.as_printed)}"
        )
    return keys


def load(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def marks(
    document: Document, clauses: list[Clause], rows: list[Assignment], gold: dict[str, Any]
) -> tuple[Score, Score]:
    """Items (number, words and section together) and pairs of a document that was marked."""
    items = gold["items"]

    def expected(item: dict[str, Any]) -> str:
        return f"{number(item['number'])}|{item['opens'][:OPENS]}"

    ignored = [
        tuple(span) if isinstance(span, list) else (span["from"], span["to"])
        for span in gold.get("ignored", [])
    ]
    kept = []
    for clause in clauses:
        origin = document.origin(clause.start + len(clause.text) - len(clause.text.lstrip()))
        line = document.source.text.count("\n", 0, origin) + 1
        if not any(a <= line <= b for a, b in ignored):
            kept.append(clause)
    if "to_line" in gold:
        keys = [k[0] if (k := item_keys([clause])) else "" for clause in kept]
        kept = kept[: keys.index(expected(items[-1])) + 1] if expected(items[-1]) in keys else kept
    asked = [item for item in items if not item.get("optional")]
    free = [expected(item) for item in items if item.get("optional")]
    found = compare([expected(item) for item in asked], item_keys(kept), free)
    ids = {clause.id for clause in kept}
    keys = set(item_keys(kept))
    lost = [
        a
        for a in gold["assignments"]
        if items[a["item"]].get("optional") and expected(items[a["item"]]) not in keys
    ]
    pairs = [a for a in gold["assignments"] if not a.get("optional") and a not in lost]

    def pair(one: dict[str, Any], role: str) -> str:
        return f"{expected(items[one['item']])}|{role}|{bare(one['as_printed'])}"

    either = [
        pair(one, role)
        for one in gold["assignments"]
        if one.get("optional")
        for role in ("lead", "cooperate", "responsible")
    ]
    have = pair_keys(clauses, [row for row in rows if row.clause_id in ids])
    want = []
    for one in pairs:
        other = one.get("or_role")
        want.append(pair(one, other if other and pair(one, other) in have else one["role"]))
    units = compare(want, have, either)
    spare = Counter(
        f"{one['role']}|{bare(one['as_printed'])}" for one in lost
    )  # of an item not asked for
    for key in list(units.wrong):
        tail = key.split("|", 2)[2]
        if spare[tail]:
            spare[tail] -= 1
            units.wrong.remove(key)
    return found, units


def plain(text: str) -> str:
    """A string as the exam compares it: NFKC, no blanks, no marks of Markdown."""
    return bare(unicodedata.normalize("NFKC", text))


def exam(clauses: list[Clause], rows: list[Assignment], gold: dict[str, Any]) -> dict[str, Score]:
    """Items with their section and kind, and unit-role pairs, of an exam document."""
    items = gold["items"]
    length = 4  # a row of a table may open with few characters

    def known(item: dict[str, Any], *, kind: bool) -> str:
        section = "/".join(plain(one) for one in item["section"])
        shown = item["kind"] if kind and "kind" not in item.get("unsure", ()) else ""
        return f"{section}|{plain(item['number']).rstrip('.、')}|{plain(item['opens'])[:length]}|{shown}"

    def words(clause: Clause) -> str:
        return (
            plain(clause.title or opens(clause))
            if clause.kind == "table_row"
            else plain(opens(clause))
        )

    def number_of(label: str) -> str:
        opens_with = (
            c.number for c in clauses if c.number and plain(c.text).startswith(plain(label))
        )
        marker = find_marker(label)
        return marker.number if marker else next(opens_with, "")

    def found(clause: Clause, *, kind: bool) -> str:
        section = "/".join(
            plain(one).rstrip(".、") for one in map(number_of, clause.section) if one
        )
        shown = clause.kind if kind else ""
        return f"{section}|{plain(clause.number).rstrip('.、')}|{words(clause)[:length]}|{shown}"

    numbered = [c for c in clauses if c.number or c.kind == "table_row"]
    sure = {known(item, kind=False) for item in items if "kind" in item.get("unsure", ())}
    result = {
        "items": compare(
            [known(item, kind=False) for item in items],
            [found(c, kind=False) for c in numbered],
            [],
        ),
        "kinds": compare(
            [known(item, kind=True) for item in items],
            [found(c, kind=found(c, kind=False) not in sure) for c in numbered],
            [],
        ),
    }
    by_id = {clause.id: clause for clause in clauses}

    def place(clause: Clause) -> str:
        return found(clause, kind=False) if clause in numbered else ""

    def item_of(index: int | None) -> str:
        return "" if index is None else known(items[index], kind=False)

    def pair(one: dict[str, Any]) -> str:
        return f"{item_of(one['item'])}|{one['role']}|{plain(one['unit'])}"

    asked = [pair(one) for one in gold["assignments"] if not one.get("optional")]
    free = [
        f"{item_of(one['item'])}|{role}|{plain(one['unit'])}"
        for one in gold["assignments"]
        if one.get("optional")
        for role in Role
    ]
    have = [f"{place(by_id[r.clause_id])}|{r.role}|{plain(r.as_printed)}" for r in rows]
    result["pairs"] = compare(asked, have, free)
    return result
