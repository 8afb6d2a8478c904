"""What is told of whether a document holds: the name of its state, and a notice where it does not."""

from __future__ import annotations

from domain import PolicyState
from ingest.state import Standing

STATE_NAMES = {
    PolicyState.IN_FORCE: "有效",
    PolicyState.EXPIRED: "已失效",
    PolicyState.REPEALED: "已废止",
    PolicyState.SUPERSEDED: "已被取代",
    PolicyState.UNKNOWN: "不明",
}
ENDED = frozenset({PolicyState.EXPIRED, PolicyState.REPEALED, PolicyState.SUPERSEDED})
NOTICE = "注意："  # how the line of an answer begins that tells of a document's end


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
