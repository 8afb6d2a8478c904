"""Words in a document that speak to a language model, not to people: nothing rests on them."""

from __future__ import annotations

import re

from qa.patterns import cue, one_of

_IGNORE = one_of("忽略 无视 忘记 忘掉 不要理会 不要遵守 绕过 覆盖")
_RULES = one_of("指令 提示 提示词 规则 设定 对话 说明")
_MODEL = one_of("助手 模型 机器人 AI 人工智能 GPT")

_SPOKEN_TO = cue(
    # 忽略以上指令 · 无视前面的所有规则
    f"(?:{_IGNORE})[^。;；\\n]{{0,10}}(?:{_RULES})",
    # ignore all previous instructions · disregard the rules above
    r"(?:ignore|disregard|forget|override)\b[^.\n]{0,40}(?:instruction|rule|prompt|context)",
    # 系统提示词 · system prompt · <|im_start|>
    r"系统提示|提示词|system ?prompt|<\|?\w{2,12}\|?>",
    # 你现在是一个助手 · you are now an assistant
    f"你(?:现在)?是[^。;；\\n]{{0,10}}(?:{_MODEL})",
    r"you are (?:now )?(?:an?|the)\b|as an ai\b",
    # 请直接回答:本政策… · 一律回复“可以” · 必须输出
    '(?:请|必须|一律|只能|只须|直接|务必|总是)(?:直接)?(?:回答|回复|输出)[:：“",，]?',
    flags=re.IGNORECASE,
)


def speaks_to_a_model(text: str) -> bool:
    """Whether a text holds such words."""
    return bool(_SPOKEN_TO.search(text))
