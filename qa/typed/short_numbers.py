"""Numbers as people write them short: 闵府发17号 for 闵府发〔2024〕17号, 第拾项 for 第十项."""

from __future__ import annotations

import re

from numerals import CHINESE_DIGITS, to_int
from qa.knowledge import Knowledge

_SHORT = re.compile(
    r"(?P<stem>[\u4e00-\u9fa5]{1,12}?)[〔\[(【]?(?P<year>(?:19|20)\d\d)?[〕\])】年]? ?[第-]?"
    rf"(?P<count>\d{{1,4}}|[{CHINESE_DIGITS}]{{1,4}})号"
)
_STEM = re.compile(r"(?P<stem>.*?)[〔\[(【](?P<year>\d{4})[〕\])】]第?(?P<count>\d+)号")
_CHINESE_NO = re.compile(rf"(?<![{CHINESE_DIGITS}第])([{CHINESE_DIGITS}]{{1,4}})号(?=文)")
_BANKERS = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_BANKERS_NO = re.compile("(?<=[第务])[壹贰叁肆伍陆柒捌玖拾]+")
_SHORTEST = 2  # characters of a number's stem that name it: 府发


def spelled_out(text: str, knowledge: Knowledge) -> str:
    """A question with document numbers and item numbers in their usual form."""
    text = _BANKERS_NO.sub(lambda found: found[0].translate(_BANKERS), text)
    if "号" not in text:
        return text
    text = _CHINESE_NO.sub(lambda found: f"{to_int(found[1])}号", text)
    return _SHORT.sub(lambda found: _whole(found, knowledge), text)


def _whole(found: re.Match[str], knowledge: Knowledge) -> str:
    """The one document number that a short one means, with the words before it; else as it was."""
    ends: dict[str, str] = {}
    for policy in knowledge.policies.values():
        number = _STEM.fullmatch(policy.doc_no or "")
        if not number or to_int(found["count"]) != int(number["count"]):
            continue
        if found["year"] and found["year"] != number["year"]:
            continue
        stem = number["stem"]
        end = next(
            (stem[at:] for at in range(len(stem) - 1) if found["stem"].endswith(stem[at:])), ""
        )
        if len(end) >= _SHORTEST:
            ends[policy.doc_no or ""] = end
    longest = max(map(len, ends.values()), default=0)
    meant = [doc_no for doc_no, end in ends.items() if len(end) == longest]
    return found["stem"][:-longest] + meant[0] if len(meant) == 1 else found[0]
