"""A small notation for cues: alternatives one a line, in which `@name` stands for a set of words."""

from __future__ import annotations

import re

from numerals import CHINESE_DIGITS

_NO_WORK = (
    "日|专班|组|小组|人员|机制|站|室|者|经验|单位|证|许可|签证"  # 工作日, 工作专班 are no items
)

WORDS = {
    "n": rf"(?:\d{{1,3}}|[{CHINESE_DIGITS}]{{1,5}})",  # 8, 八, 二十一
    "item": f"(?:重点)?(?:工作(?!{_NO_WORK}))?(?:任务|工作(?!{_NO_WORK})|事项|措施|举措|条款)",
    "unit": "(?:单位|部门|委办局)",
    "role": "(?:牵头|配合|责任|参与)",
    "each": "(?:项|条|件)",
    "end": "(?=$|[,、;?!吗呢啊呀])",
    "many": "(?:多少|(?<![哪好那这])几)",
    "which": "(?:哪些|哪几项|哪几个|哪几条|什么|啥|所有|全部|列出|列举)",
}
_NAME = re.compile(r"@([a-z]+)")


def cue(*alternatives: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that matches any of the alternatives, the first that fits."""
    return re.compile("|".join(map(expand, alternatives)), flags)


def expand(pattern: str) -> str:
    """A pattern with its `@names` spelled out."""
    return _NAME.sub(lambda found: WORDS[found[1]], pattern)


def one_of(words: str) -> str:
    """Blank-separated words as alternatives, longer ones first."""
    return "|".join(sorted(words.split(), key=len, reverse=True))
