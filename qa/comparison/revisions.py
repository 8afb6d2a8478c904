"""What changed between two versions of a document, clause by clause, in its own words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain import Clause, PolicyContent, version_id
from qa.comparison.aligning import Item, Pair, Verdict, align, bare, edits
from qa.draft import Span
from qa.text import sentences
from qa.wording import body_span

WHOLE = 160  # characters; of a longer clause the sentences that differ are told


@dataclass(frozen=True, slots=True)
class Change:
    """A clause of the old version beside that of the new; one of them is None where it lacks.

    `edits` are the stretches that differ, (old, new); empty where the words are the same.
    """

    old: Clause | None
    new: Clause | None
    verdict: Verdict
    edits: tuple[tuple[str, str], ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the clause goes by another number now."""
        return bool(self.old and self.new) and self.old.number != self.new.number  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Revision:
    """All clauses of two versions, in the order of the new one where they stand in both."""

    old: PolicyContent
    new: PolicyContent
    changes: tuple[Change, ...]

    def of(self, verdict: Verdict) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.verdict is verdict]

    @property
    def differing(self) -> list[Change]:
        """The clauses that changed, came or went."""
        return [change for change in self.changes if change.verdict is not Verdict.SAME]


def revise(old: PolicyContent, new: PolicyContent) -> Revision:
    """Every clause of both versions, once."""
    before, after = _items(old.clauses), _items(new.clauses)
    left = {clause.id: clause for clause in old.clauses}
    right = {clause.id: clause for clause in new.clauses}
    pairs = align(list(before), list(after), versions=True)
    return Revision(old, new, tuple(_change(pair, left, right) for pair in pairs))


def _items(clauses: Sequence[Clause]) -> Iterator[Item]:
    for clause in clauses:
        words = clause.words(*body_span(clause))
        if bare(words):
            yield Item(clause.id, clause.number, clause.title, words)


def _change(pair: Pair, left: dict[str, Clause], right: dict[str, Clause]) -> Change:
    old = left[pair.left.key] if pair.left else None
    new = right[pair.right.key] if pair.right else None
    changed = pair.left and pair.right and pair.verdict is Verdict.CHANGED
    found = edits(pair.left.text, pair.right.text) if changed and pair.left and pair.right else []
    return Change(old, new, pair.verdict, tuple(found))


def told_span(clause: Clause, other: Clause | None) -> Span:
    """The words that tell a change: a short clause whole, of a long one what the other lacks."""
    start, end = body_span(clause)
    text = clause.words(start, end)
    if len(text) <= WHOLE and "\n" not in text:
        return Span(clause.id, start, end)
    spans = list(sentences(text, start)) or [(start, end)]
    there = bare(other.text) if other else ""
    return Span(
        clause.id, *next((s for s in spans if bare(clause.words(*s)) not in there), spans[0])
    )


def as_version(content: PolicyContent) -> PolicyContent:
    """An older version under an id and a title of its own, so that it may stand beside the new one."""
    policy = content.policy
    own = version_id(policy.id, policy.version)

    def moved(clause_id: str) -> str:
        return own + clause_id.removeprefix(policy.id)

    return PolicyContent(
        replace(policy, id=own, title=f"{policy.title}（第{policy.version}版）"),
        tuple(replace(c, id=moved(c.id), policy_id=own) for c in content.clauses),
        tuple(replace(row, clause_id=moved(row.clause_id)) for row in content.assignments),
        tuple(replace(one, clause_id=moved(one.clause_id)) for one in content.figures),
    )


def as_json(revision: Revision) -> dict[str, Any]:
    """A revision as JSON values: how many clauses of each kind, and those that differ."""
    kinds = {Verdict.CHANGED: "changed", Verdict.ONLY_RIGHT: "added", Verdict.ONLY_LEFT: "removed"}
    return {
        "policy_id": revision.new.policy.id,
        "title": revision.new.policy.title,
        "old_version": revision.old.policy.version,
        "new_version": revision.new.policy.version,
        "same": len(revision.of(Verdict.SAME)),
        **{name: len(revision.of(verdict)) for verdict, name in kinds.items()},
        "changes": [
            {
                "kind": kinds[change.verdict],
                "old": _clause_json(change.old),
                "new": _clause_json(change.new),
                "edits": [{"old": old, "new": new} for old, new in change.edits],
            }
            for change in revision.differing
        ],
    }


def _clause_json(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    start, end = body_span(clause)
    return {
        "clause_id": clause.id, "number": clause.number, "title": clause.title,
        "text": clause.words(start, end), "start": start, "end": end,
    }  # fmt: skip
