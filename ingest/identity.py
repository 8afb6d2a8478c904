"""Which policy a file is: a new one, another version of a stored one, or a second file of one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from domain import Policy, PolicyContent

LONGEST_ID = 100  # characters
ALIKE = 0.8  # share of a file's longer sentences that stand in another file of the same policy
_LONG = 12  # characters; shorter sentences stand in many documents
_UNFIT = re.compile(r"[\s/\\#?%&\"'<>|*:~]+")


def fit_id(name: str) -> str:
    """A name as it can stand in an address: no blanks, none of / \\ # ? % &, not too long."""
    fit = _UNFIT.sub("-", name.strip()).strip("-.") or "policy"
    return fit[:LONGEST_ID]


def with_folder(stem: str, origin: str) -> str:
    """An id that tells apart two files of the same name: with the folder in front."""
    folder = PurePath(origin).parent.name
    return fit_id(f"{folder}-{stem}" if folder else stem)


def renamed(content: PolicyContent, policy_id: str) -> PolicyContent:
    """The same content under another policy id."""
    old = content.policy.id
    if old == policy_id:
        return content

    def moved(clause_id: str) -> str:
        return policy_id + clause_id.removeprefix(old)

    return PolicyContent(
        replace(content.policy, id=policy_id),
        tuple(replace(c, id=moved(c.id), policy_id=policy_id) for c in content.clauses),
        tuple(replace(row, clause_id=moved(row.clause_id)) for row in content.assignments),
        tuple(replace(one, clause_id=moved(one.clause_id)) for one in content.figures),
    )


def names_of(policy: Policy) -> frozenset[str]:
    """What another file of the same policy shares with it: its document number, its title."""
    return frozenset(_plain(name) for name in (policy.doc_no, policy.title) if name)


def is_same_policy(one: Policy, other: Policy) -> bool:
    """Whether two files are of one policy: a number or title in common, one date, one text.

    A later version of a law has the same title, and its own date.
    """
    if not names_of(one) & names_of(other):
        return False
    dated = one.issued and other.issued and one.issued != other.issued
    return not dated and is_same_text(one, other)


def is_same_text(one: Policy, other: Policy, least: float = ALIKE) -> bool:
    """Whether that share of the longer sentences of the shorter text stand in the other one."""
    first, second = _sentences(one.text), _sentences(other.text)
    fewer = min(len(first), len(second))
    if not fewer:
        return _plain(one.text) == _plain(other.text)
    return len(first & second) / fewer >= least


def _plain(name: str) -> str:
    return re.sub(r"[\s〔〕\[\]（）()【】《》]", "", name)


def _sentences(text: str) -> set[str]:
    """The longer sentences of a text, without their blanks: line ends differ between formats."""
    pieces = re.split(r"[。；;！？\n]", re.sub(r"[ \t\u3000\xa0]", "", text))
    return {piece for piece in pieces if len(piece) >= _LONG}
