"""What is told of whether a document holds: the name of its state, and a notice where it does not.

Also the way back: which state a word means.
"""

from __future__ import annotations

from domain import PolicyState
from errors import BadQuestion
from ingest.state import Standing

STATE_NAMES = {
    PolicyState.IN_FORCE: "有效",
    PolicyState.EXPIRED: "已失效",
    PolicyState.REPEALED: "已废止",
    PolicyState.SUPERSEDED: "已被取代",
    PolicyState.UNKNOWN: "不明",
}
_WORDS = {  # as web pages print them, beside the names above
    "现行有效": PolicyState.IN_FORCE,
    "现行": PolicyState.IN_FORCE,
    "失效": PolicyState.EXPIRED,
    "废止": PolicyState.REPEALED,
    "被取代": PolicyState.SUPERSEDED,
}
ENDED = frozenset({PolicyState.EXPIRED, PolicyState.REPEALED, PolicyState.SUPERSEDED})
NOTICE = "注意："  # how the line of an answer begins that tells of a document's end


def state_meant(word: str) -> PolicyState:
    """The state behind a word: 有效, 现行有效, 废止, in_force. Raises `BadQuestion` for another."""
    named = {name: state for state, name in STATE_NAMES.items()}
    known = named | _WORDS | {state.value: state for state in PolicyState}
    if word not in known:
        raise BadQuestion(f"没有“{word}”这种状态；可用的有：{'、'.join(named)}")
    return known[word]


def notice(title: str, standing: Standing) -> str:
    """`注意：《某办法》有效期至2023年12月31日，已失效。` for a document that has ended, else nothing.

    `title` stands in book-title marks.
    """
    if standing.state not in ENDED:
        return ""
    after = "，已失效" if standing.state is PolicyState.EXPIRED else ""
    return f"{NOTICE}{title}{standing.reason}{after}。"


def replaced_by(version: int) -> Standing:
    """The state of a version of a document that a later one stands in place of."""
    return Standing(PolicyState.SUPERSEDED, f"旧版本，已被第{version}版替换")
