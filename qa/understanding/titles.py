"""What people call a document by: the words of its title that no other title has. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from domain import Policy
from index.tokens import search_words
from qa.text import plain

_TITLE_STOP = frozenset(
    [
        "关于",
        "的",
        "推进",
        "推动",
        "建设",
        "工作",
        "实施",
        "加快",
        "进一步",
        "印发",
        "通知",
        "年",
        "区",
        "市",
        "县",
        "重点",
        "和",
        "与",
        "国家",
        "全国",
        "我国",
    ]
)


def own_words(policies: Iterable[Policy]) -> dict[str, set[str]]:
    """Words and character pairs of each title that no other title has: what people call it by."""
    titles = {p.id: _without_place(p) for p in policies}
    return {
        policy_id: {
            word
            for word in _words_and_pairs(title)
            if not any(word in other for key, other in titles.items() if key != policy_id)
        }
        for policy_id, title in titles.items()
    }


def _without_place(policy: Policy) -> str:
    title, region = plain(policy.title), policy.region or ""
    return title.replace(region, " ").replace(region[:-1], " ") if len(region) > 2 else title


def _words_and_pairs(title: str) -> set[str]:
    pairs = {title[i : i + 2] for i in range(len(title) - 1) if " " not in title[i : i + 2]}
    return {
        word
        for word in pairs | set(search_words(title))
        if len(word) > 1 and word not in _TITLE_STOP and not set(word) & set("的和与于0123456789")
    }
